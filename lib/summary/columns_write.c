/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "summary/column_hash.h"
#include "summary/hdf5_encode.h"
#include "summary/hdf5_layout.h"
#include "summary/seal.h"

/* Tables become HDF5: a group per table, a 1-D dataset per column. */

enum { MOST_FLAGS = 63 };

/* The CF conventions' way to say what bits mean: a word and a mask for each. */
static void put_flags(struct encoder *e, const char *meanings)
{
    int64_t masks[MOST_FLAGS];
    size_t n = 1;
    for (const char *c = meanings; *c; c++) n += *c == ' ';
    e->failed |= n > MOST_FLAGS;
    for (size_t i = 0; i < n && i < MOST_FLAGS; i++) masks[i] = INT64_C(1) << i;
    if (!e->failed) encode_integers(e, "flag_masks", masks, n);
    encode_text(e, "flag_meanings", meanings);
}

static void put_about(struct encoder *e, const struct column_about *about)
{
    encode_text(e, "units", about->units);
    encode_text(e, "long_name", about->long_name);
    encode_text(e, "description", about->description);
    if (about->source) encode_text(e, "source", about->source);
    if (about->min_rate_hz > 0) encode_number(e, "min_rate_hz", about->min_rate_hz);
    if (about->flag_meanings) put_flags(e, about->flag_meanings);
}

/* Texts side by side, NUL-padded; the cells are malloc'd. */
static void *lay_out_texts(const char *const *texts, size_t n, size_t *width)
{
    size_t longest = 0;
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(texts[i]);
        if (length > longest) longest = length;
    }
    *width = longest + 1;
    char *cells = calloc(n + 1, *width);
    for (size_t i = 0; cells && i < n; i++) memcpy(cells + i * *width, texts[i], strlen(texts[i]));
    return cells;
}

/* A dataset with its values in front; it is left open for what only an axis or a user of it says.
 */
static hdf5_address begin_column(struct encoder *e, const struct table *table, size_t k)
{
    const gait_column *column = &table->columns[k];
    struct encoded_cells values = {ENCODED_DOUBLES, table->pub.n_rows, sizeof(double), NULL};
    void *texts = NULL;
    if (column->type == GAIT_DOUBLES) values.cells = column->doubles;
    if (column->type == GAIT_INTEGERS) {
        values.kind = ENCODED_INTEGERS;
        values.cells = column->integers;
    }
    if (column->type == GAIT_TEXTS) values.kind = ENCODED_TEXTS;
    if (table->hollow) {
        values.cells = NULL;
        values.width = table->hollow->width[k];
    } else if (column->type == GAIT_TEXTS) {
        values.cells = texts = lay_out_texts(column->texts, values.n, &values.width);
        e->failed |= !texts;
    }
    hdf5_address where = encode_values(e, &values);
    if (table->hollow) table->hollow->at[k] = where;
    free(texts);
    hdf5_address dataset = encode_dataset_begin(e, &values, where);
    put_about(e, &table->about[k]);
    return dataset;
}

static void put_table_about(struct encoder *e, const struct table *table)
{
    char hash[33];
    table_hash(table, hash);
    char *order = table_column_order(table);
    encode_text(e, "NX_class", "NXdata");
    encode_text(e, "signal", table->signal);
    encode_text(e, "axes", table->columns[table_axis(table)].name);
    encode_text(e, "description", table->pub.description);
    encode_text(e, "column_order", order ? order : "");
    encode_text(e, "content_hash", hash);
    e->failed |= !order;
    free(order);
}

/* All columns refer to the axis, which is scale `scale` of the file, and the axis to them. */
static void put_columns(struct encoder *e, const struct table *table, size_t scale,
                        hdf5_address *columns)
{
    size_t axis = table_axis(table), n = 0;
    hdf5_address *users = calloc(table->pub.n_columns, sizeof *users);
    e->failed |= !users;
    for (size_t k = 0; !e->failed && k < table->pub.n_columns; k++) {
        if (k == axis) continue;
        users[n++] = columns[k] = begin_column(e, table, k);
        encode_dimension(e, scale);
        encode_end(e, columns[k]);
    }
    if (!e->failed) {
        columns[axis] = begin_column(e, table, axis);
        encode_scale(e, table->columns[axis].name, users, n);
        encode_end(e, columns[axis]);
    }
    free(users);
}

static hdf5_address put_table(struct encoder *e, const struct table *table, size_t scale,
                              hdf5_address *axis)
{
    size_t n = table->pub.n_columns;
    hdf5_address *columns = calloc(n + 1, sizeof *columns);
    e->failed |= !columns || !n;
    if (e->failed) {
        free(columns);
        return 0;
    }
    put_columns(e, table, scale, columns);
    *axis = columns[table_axis(table)];
    hdf5_address group = encode_group_begin(e, n);
    put_table_about(e, table);
    for (size_t k = 0; k < n; k++) encode_link(e, table->columns[k].name, columns[k], k);
    encode_end(e, group);
    free(columns);
    return group;
}

/* What tells a summary from other files comes first in it. */
static hdf5_address put_root(struct encoder *e, const gait_summary *summary,
                             const hdf5_address *tables)
{
    hdf5_address root = encode_group_begin(e, summary->n_tables);
    encode_text(e, "NX_class", "NXroot");
    for (size_t i = 0; i < summary->n_attributes; i++)
        encode_text(e, summary->attributes[i].name, summary->attributes[i].text);
    encode_integer(e, "complete", 1);
    for (size_t i = 0; i < summary->n_tables; i++)
        encode_link(e, summary->tables[i]->pub.name, tables[i], i);
    encode_end(e, root);
    return root;
}

/* Bytes of the cells that are left out. */
static size_t hollow_bytes(const gait_summary *summary)
{
    size_t n_bytes = 0;
    for (size_t i = 0; i < summary->n_tables; i++) {
        const struct table *table = summary->tables[i];
        for (size_t k = 0; table->hollow && k < table->pub.n_columns; k++)
            n_bytes += table->hollow->width[k] * table->pub.n_rows;
    }
    return n_bytes;
}

static void put_file(struct encoder *e, const gait_summary *summary)
{
    enum { MOST_ABOUT = 1 << 20 }; /* what is said of the tables, as a rule */
    hdf5_address tables[MOST_TABLES] = {0}, axes[MOST_TABLES] = {0};
    encode_begin(e, hollow_bytes(summary) + MOST_ABOUT);
    hdf5_address root = put_root(e, summary, tables); /* its place */
    for (size_t i = 0; i < summary->n_tables; i++)
        tables[i] = put_table(e, summary->tables[i], i, &axes[i]);
    size_t end = e->n;
    e->n = root;
    put_root(e, summary, tables);
    e->n = end;
    encode_finish(e, root, axes, summary->n_tables);
}

gait_status columns_to_skeleton(const gait_summary *summary, void **bytes, size_t *size,
                                gait_error *err)
{
    struct encoder e;
    put_file(&e, summary);
    if (e.failed) {
        free(e.bytes);
        return gait_fail(err, GAIT_NOMEM,
                         "no memory for the summary's file image, or a text above 64 kB");
    }
    *bytes = e.bytes;
    *size = e.n;
    return GAIT_OK;
}

gait_status columns_to_image(const gait_summary *summary, void **image, size_t *size,
                             gait_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    TRY(columns_to_skeleton(summary, &bytes, &n, err));
    unsigned char *sealed = realloc(bytes, n + SEAL_BYTES);
    if (!sealed) {
        free(bytes);
        return gait_fail(err, GAIT_NOMEM, "no memory for the summary's file image");
    }
    seal_put(sealed, n);
    *image = sealed;
    *size = n + SEAL_BYTES;
    return GAIT_OK;
}
