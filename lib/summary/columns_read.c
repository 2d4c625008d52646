/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "summary/column_hash.h"
#include "summary/hdf5_decode.h"
#include "summary/hdf5_layout.h"
#include "summary/seal.h"

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
    char *order = table_column_order(table);
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
