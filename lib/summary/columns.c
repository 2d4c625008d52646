/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "summary/column_hash.h"
#include "summary/hdf5_decode.h"
#include "summary/hdf5_encode.h"
#include "summary/hdf5_layout.h"
#include "summary/seal.h"

/* The one place that maps tables to HDF5: a group per table, a 1-D dataset per column. */

enum { MOST_FLAGS = 63 };

/* Column names separated by commas; malloc'd, NULL when memory is out. */
static char *column_order(const struct table *table)
{
    size_t room = 1;
    for (size_t i = 0; i < table->pub.n_columns; i++) room += strlen(table->columns[i].name) + 1;
    char *order = malloc(room), *end = order;
    for (size_t i = 0; order && i < table->pub.n_columns; i++) {
        size_t length = strlen(table->columns[i].name);
        if (i) *end++ = ',';
        memcpy(end, table->columns[i].name, length);
        end += length;
    }
    if (order) *end = '\0';
    return order;
}

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
    char *order = column_order(table);
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

/* A summary being read. Nothing in a file can be larger than the file: left counts down from its
 * size. */
struct reader {
    const char *name;
    const struct columns_wanted *wanted;
    gait_summary *summary;
    gait_error *err;
    struct hdf5_bytes file;
    size_t left;
    struct digest128 digest[MOST_COLUMNS]; /* of the columns of the table that is read */
};

static gait_status no_memory(const struct reader *r)
{
    return gait_fail(r->err, GAIT_NOMEM, "%s: no memory to read it", r->name);
}

static bool is_plain(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] < 0x20 || text[i] > 0x7e) return false;
    return true;
}

/* Names of tables and columns go into messages, headings and other people's code. */
static bool is_name(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return n > 0 && n < 100 && text[n] == '\0';
}

/* A cell's text in the summary's arena; NULL if memory is out or it is not printable ASCII. */
static const char *copy_text(const struct reader *r, const unsigned char *cell, size_t width)
{
    size_t n = strnlen((const char *)cell, width);
    return is_plain((const char *)cell, n) ? summary_copy(r->summary, (const char *)cell, n) : NULL;
}

/* The attribute of that name of an object; a kind of HDF5_OTHER: there is none. */
static struct hdf5_cells find_attribute(struct hdf5_object object, const char *name)
{
    const char *found;
    struct hdf5_cells value;
    for (struct hdf5_part part; hdf5_next(&object, &part) && part.type;)
        if (part.type == HDF5_ATTRIBUTE && hdf5_attribute_of(part, &found, &value) &&
            strcmp(found, name) == 0 && value.n == 1)
            return value;
    return (struct hdf5_cells){.kind = HDF5_OTHER};
}

/* NULL if it is not there or not one text. */
static const char *get_text(const struct reader *r, struct hdf5_object object, const char *name)
{
    struct hdf5_cells value = find_attribute(object, name);
    return value.kind == HDF5_TEXTS ? copy_text(r, value.cells, value.width) : NULL;
}

static gait_status spoiled(const struct reader *r, const struct table *table, const char *column,
                           const char *why)
{
    return gait_fail(r->err, GAIT_FORMAT, "%s: table %s, column %s: %s", r->name, table->pub.name,
                     column, why);
}

/* What a column says of itself, in one go over its header. */
static gait_status read_about(const struct reader *r, struct hdf5_object object,
                              const struct table *table, struct column_about *about)
{
    const struct {
        const char *name, **text;
    } texts[] = {{"units", &about->units},
                 {"long_name", &about->long_name},
                 {"description", &about->description},
                 {"source", &about->source},
                 {"flag_meanings", &about->flag_meanings}};
    about->units = about->long_name = about->description =
        r->wanted && r->wanted->values_only ? "" : NULL;
    if (about->units) return GAIT_OK;
    for (struct hdf5_part part; hdf5_next(&object, &part) && part.type;) {
        const char *name;
        struct hdf5_cells value;
        if (part.type != HDF5_ATTRIBUTE || !hdf5_attribute_of(part, &name, &value) || value.n != 1)
            continue;
        for (size_t i = 0; value.kind == HDF5_TEXTS && i < sizeof texts / sizeof *texts; i++)
            if (strcmp(name, texts[i].name) == 0)
                *texts[i].text = copy_text(r, value.cells, value.width);
        if (value.kind == HDF5_DOUBLES && strcmp(name, "min_rate_hz") == 0)
            memcpy(&about->min_rate_hz, value.cells, sizeof about->min_rate_hz);
    }
    if (!about->units || (about->type != GAIT_TEXTS && !about->units[0]))
        return spoiled(r, table, about->name, "no units");
    if (!about->long_name || !about->description)
        return spoiled(r, table, about->name, "no long_name or no description");
    return GAIT_OK;
}

static gait_status split_texts(const struct reader *r, struct table *table, size_t k,
                               const struct hdf5_cells *values)
{
    const char **texts = table->cells[k];
    size_t width = values->width;
    const unsigned char *cell = values->cells;
    for (size_t i = 0; i < values->n; i++, cell += width) {
        bool again = i && memcmp(cell, cell - width, width) == 0;
        texts[i] = again ? texts[i - 1] : copy_text(r, cell, width);
        if (!texts[i])
            return spoiled(r, table, table->columns[k].name,
                           "text that is not printable ASCII, or no memory for it");
    }
    return GAIT_OK;
}

/* Texts that stay where they are. */
static gait_status check_texts(const struct reader *r, const struct table *table, size_t k,
                               const struct hdf5_cells *values)
{
    const char *cell = (const char *)values->cells;
    for (size_t i = 0; i < values->n; i++, cell += values->width)
        if (!is_plain(cell, strnlen(cell, values->width)))
            return spoiled(r, table, table->columns[k].name, "text that is not printable ASCII");
    return GAIT_OK;
}

static bool is_copied(const struct reader *r, const char *name)
{
    if (!r->wanted || !r->wanted->copied) return true;
    for (const char *const *want = r->wanted->copied; *want; want++)
        if (strcmp(*want, name) == 0) return true;
    return false;
}

static struct digest128 digest_of(const gait_column *column, const struct hdf5_cells *values)
{
    struct column_hash hash;
    column_hash_begin(&hash, column);
    column_hash_add(&hash, values->cells, values->n, values->width);
    return column_hash_end(&hash);
}

static gait_status take_cells(struct reader *r, struct table *table,
                              const struct column_about *about, const struct hdf5_cells *values)
{
    bool copied = is_copied(r, about->name);
    size_t k = table->pub.n_columns;
    if (copied ? !table_add_column(r->summary, table, about) : !table_add_bare_column(table, about))
        return no_memory(r);
    r->digest[k] = digest_of(&table->columns[k], values);
    if (table->hollow) {
        table->hollow->at[k] = (uint64_t)(values->cells - r->file.at);
        table->hollow->width[k] = values->width;
        table->hollow->digest[k] = r->digest[k];
    }
    if (about->type == GAIT_TEXTS)
        return copied ? split_texts(r, table, k, values) : check_texts(r, table, k, values);
    if (copied && values->n) memcpy(table->cells[k], values->cells, values->n * values->width);
    return GAIT_OK;
}

/* Checks how the column is stored before a byte of it is believed, then reads it. */
static gait_status read_column(struct reader *r, struct table *table, const char *name,
                               uint64_t address)
{
    struct column_about about = {.name = name};
    struct hdf5_object object;
    struct hdf5_cells values = {.kind = HDF5_OTHER};
    if (!hdf5_object_at(r->file, address, &object) || !hdf5_dataset_of(object, &values))
        return spoiled(r, table, name, "not a row of values, or damaged");
    if (values.kind == HDF5_OTHER)
        return spoiled(r, table, name, "neither 64-bit numbers nor fixed-length text");
    about.type = values.kind == HDF5_DOUBLES    ? GAIT_DOUBLES
                 : values.kind == HDF5_INTEGERS ? GAIT_INTEGERS
                                                : GAIT_TEXTS;
    if (table->pub.n_columns == 0) table->pub.n_rows = values.n;
    if (table->pub.n_rows != values.n)
        return spoiled(r, table, name, "not as long as the first column");
    if (values.n * values.width > r->left)
        return spoiled(r, table, name, "longer than the file has room for");
    r->left -= values.n * values.width;
    TRY(read_about(r, object, table, &about));
    return take_cells(r, table, &about, &values);
}

/* What the group says of itself must be what was read from it. */
static gait_status check_table(const struct reader *r, struct hdf5_object group,
                               const struct table *table)
{
    char hash[33];
    const char *said = get_text(r, group, "column_order");
    char *order = column_order(table);
    if (!order) return no_memory(r);
    bool same = said && strcmp(said, order) == 0;
    free(order);
    if (!same)
        return gait_fail(r->err, GAIT_FORMAT, "%s: table %s: columns differ from its column_order",
                         r->name, table->pub.name);
    digests_hash(r->digest, table->pub.n_columns, hash);
    said = get_text(r, group, "content_hash");
    if (!said || strcmp(said, hash) != 0)
        return gait_fail(r->err, GAIT_FORMAT, "%s: table %s: content differs from its content_hash",
                         r->name, table->pub.name);
    return GAIT_OK;
}

/* A member's name in the summary's arena; NULL if it may not be called so, or is nothing of ours.
 */
static const char *member_name(const struct reader *r, struct hdf5_part part,
                               struct hdf5_link *link)
{
    if (!hdf5_link_of(part, link)) return NULL;
    const char *name = summary_copy(r->summary, link->name, link->length);
    return name && is_name(name) ? name : NULL;
}

static size_t count_members(struct hdf5_object group)
{
    size_t n = 0;
    for (struct hdf5_part part; hdf5_next(&group, &part) && part.type;) n += part.type == HDF5_LINK;
    return n;
}

static gait_status read_columns(struct reader *r, struct hdf5_object group, struct table *table)
{
    for (struct hdf5_part part;;) {
        struct hdf5_link link;
        if (!hdf5_next(&group, &part))
            return gait_fail(r->err, GAIT_FORMAT, "%s: table %s: its list of columns is damaged",
                             r->name, table->pub.name);
        if (!part.type) return GAIT_OK;
        if (part.type != HDF5_LINK) continue;
        const char *name = member_name(r, part, &link);
        if (!name)
            return gait_fail(r->err, GAIT_FORMAT, "%s: table %s: a column without a proper name",
                             r->name, table->pub.name);
        TRY(read_column(r, table, name, link.to));
    }
}

static gait_status read_table(struct reader *r, const char *name, uint64_t address)
{
    struct hdf5_object group;
    if (!hdf5_object_at(r->file, address, &group))
        return gait_fail(r->err, GAIT_FORMAT, "%s: %s is not a table, or damaged", r->name, name);
    size_t n = count_members(group);
    struct table_about about = {name, get_text(r, group, "description"),
                                get_text(r, group, "signal")};
    if (!n || n > MOST_COLUMNS || !about.description || !about.signal)
        return gait_fail(r->err, GAIT_FORMAT, "%s: table %s: no columns, description or signal",
                         r->name, name);
    struct table *table = summary_add_table(r->summary, &about, 0, n);
    if (!table) return no_memory(r);
    if (r->wanted && r->wanted->copied && !(table->hollow = summary_new_hollow(r->summary, n)))
        return no_memory(r);
    TRY(read_columns(r, group, table));
    return check_table(r, group, table);
}

static bool is_wanted(const struct reader *r, const char *name)
{
    if (!r->wanted || !r->wanted->tables) return true;
    for (const char *const *want = r->wanted->tables; *want; want++)
        if (strcmp(*want, name) == 0) return true;
    return false;
}

static gait_status keep_attribute(struct reader *r, struct hdf5_part part)
{
    const char *name;
    struct hdf5_cells value;
    if (!hdf5_attribute_of(part, &name, &value) || value.kind != HDF5_TEXTS || value.n != 1 ||
        strcmp(name, "NX_class") == 0)
        return GAIT_OK; /* numbers among them are marks, not contents */
    const char *text = copy_text(r, value.cells, value.width);
    return text && is_plain(name, strlen(name)) ? summary_set(r->summary, name, text, r->err)
                                                : GAIT_OK;
}

static gait_status read_members(struct reader *r, struct hdf5_object root)
{
    for (struct hdf5_part part;;) {
        struct hdf5_link link;
        if (!hdf5_next(&root, &part))
            return gait_fail(r->err, GAIT_FORMAT, "%s: its list of tables is damaged", r->name);
        if (!part.type) return GAIT_OK;
        if (part.type == HDF5_ATTRIBUTE) TRY(keep_attribute(r, part));
        if (part.type != HDF5_LINK) continue;
        const char *name = member_name(r, part, &link);
        if (!name || r->summary->n_tables == MOST_TABLES)
            return gait_fail(r->err, GAIT_FORMAT, "%s: a table without a proper name, or too many",
                             r->name);
        if (is_wanted(r, name)) TRY(read_table(r, name, link.to));
    }
}

static gait_status check_root(const struct reader *r, struct hdf5_object root)
{
    const char *format = get_text(r, root, "format");
    const char *version = get_text(r, root, "format_version");
    if (!format || strcmp(format, FORMAT_NAME) != 0)
        return gait_fail(r->err, GAIT_FORMAT, "%s: an HDF5 file, but not a gait summary", r->name);
    if (!version || strncmp(version, "1.", 2) != 0)
        return gait_fail(r->err, GAIT_UNSUPPORTED, "%s: format_version %s, this library reads %s",
                         r->name, version ? version : "missing", FORMAT_VERSION);
    if (find_attribute(root, "complete").kind != HDF5_INTEGERS)
        return gait_fail(r->err, GAIT_FORMAT, "%s: its writing was never completed", r->name);
    return GAIT_OK;
}

static gait_status read_file(struct reader *r)
{
    struct hdf5_object root;
    if (!hdf5_open(r->file, &root))
        return gait_fail(r->err, GAIT_FORMAT, "%s: not an HDF5 file, or damaged", r->name);
    TRY(check_root(r, root));
    return read_members(r, root);
}

static gait_status check_seal(const struct image *image, gait_error *err)
{
    switch (seal_check(image->bytes, image->size)) {
    case SEAL_WHOLE: return GAIT_OK;
    case SEAL_BROKEN:
        return gait_fail(err, GAIT_FORMAT, "%s: damaged: its bytes differ from its checksum",
                         image->name);
    case SEAL_MISSING: break;
    }
    if (image->size < 8 || memcmp(image->bytes, HDF5_SIGNATURE, 8) != 0)
        return gait_fail(err, GAIT_FORMAT, "%s: not an HDF5 file, or damaged", image->name);
    return gait_fail(err, GAIT_FORMAT,
                     "%s: an HDF5 file without the checksum that ends a gait summary: another "
                     "file, changed by another program, or cut short",
                     image->name);
}

gait_status columns_from_image(gait_summary **out, const struct image *image,
                               const struct columns_wanted *wanted, gait_error *err)
{
    TRY(check_seal(image, err));
    struct reader r = {.name = image->name, .wanted = wanted, .err = err};
    r.file = (struct hdf5_bytes){image->bytes, image->size - SEAL_BYTES};
    r.left = r.file.n;
    TRY(summary_new(&r.summary, err));
    gait_status st = read_file(&r);
    if (st)
        gait_summary_free(&r.summary);
    else
        *out = r.summary;
    return st;
}
