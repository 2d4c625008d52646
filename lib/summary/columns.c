/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/columns.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <hdf5.h>

#include "base/fail.h"
#include "base/lock.h"
#include "base/text.h"
#include "summary/seal.h"

/* The one place that maps tables to HDF5: a group per table, a 1-D dataset per column. */

enum {
    MOST_CHUNK_ROWS = 16384,
    MOST_CHUNK_BYTES = 1 << 24,
    MOST_TEXT_BYTES = 1 << 20,
    MOST_FLAGS = 63,
    LONGEST_COMMON_TEXT = 512,
    CHECKSUM_BYTES = 4,
    IMAGE_STEP_BYTES = 1 << 20,
    COMPACT = 65535 /* links and attributes stay in their object's header, which is checksummed */
};

/* HDF5 prints its errors unless told not to; the host's own choice is put back. */
struct hush {
    H5E_auto2_t print;
    void *context;
};

static struct hush hush_begin(void)
{
    struct hush host = {NULL, NULL};
    H5Eget_auto2(H5E_DEFAULT, &host.print, &host.context);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return host;
}

static void hush_end(struct hush host)
{
    H5Eset_auto2(H5E_DEFAULT, host.print, host.context);
}

static hid_t text_type(size_t width)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 && H5Tset_size(type, width) < 0) {
        H5Tclose(type);
        return -1;
    }
    return type;
}

/* For a dataset that is written or read once and whole: no chunk cache. */
static hid_t lean_access(void)
{
    hid_t lean = H5Pcreate(H5P_DATASET_ACCESS);
    if (lean >= 0) H5Pset_chunk_cache(lean, 1, 0, 0);
    return lean;
}

/* HDF5 objects that every table of a file needs again and again. */
struct kit {
    hid_t scalar;
    hid_t texts[LONGEST_COMMON_TEXT + 1]; /* types by width; 0: not made yet */
    hid_t reference_list;
    hid_t one;
    hid_t lean;
    hid_t plan; /* of datasets with chunks of plan_rows; 0: none yet */
    hsize_t plan_rows;
};

static bool kit_open(struct kit *kit)
{
    const hsize_t one = 1;
    memset(kit, 0, sizeof *kit);
    kit->scalar = H5Screate(H5S_SCALAR);
    kit->reference_list = H5Tvlen_create(H5T_STD_REF_OBJ);
    kit->one = H5Screate_simple(1, &one, NULL);
    kit->lean = lean_access();
    return kit->scalar >= 0 && kit->reference_list >= 0 && kit->one >= 0 && kit->lean >= 0;
}

static void kit_close(const struct kit *kit)
{
    for (size_t i = 0; i <= LONGEST_COMMON_TEXT; i++)
        if (kit->texts[i] > 0) H5Tclose(kit->texts[i]);
    if (kit->plan > 0) H5Pclose(kit->plan);
    H5Pclose(kit->lean);
    H5Sclose(kit->one);
    H5Tclose(kit->reference_list);
    H5Sclose(kit->scalar);
}

static bool put(hid_t at, const char *name, hid_t type, hid_t space, const void *value)
{
    hid_t attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0) return false;
    bool written = H5Awrite(attribute, type, value) >= 0;
    return H5Aclose(attribute) >= 0 && written;
}

static bool put_text(struct kit *kit, hid_t at, const char *name, const char *text)
{
    size_t width = strlen(text) + 1;
    if (width > LONGEST_COMMON_TEXT) {
        hid_t type = text_type(width);
        bool ok = type >= 0 && put(at, name, type, kit->scalar, text);
        H5Tclose(type);
        return ok;
    }
    if (kit->texts[width] == 0) kit->texts[width] = text_type(width);
    return kit->texts[width] > 0 && put(at, name, kit->texts[width], kit->scalar, text);
}

/* The CF conventions' way to say what bits mean: a word and a mask for each. */
static bool put_flags(struct kit *kit, hid_t at, const char *meanings)
{
    int64_t masks[MOST_FLAGS];
    hsize_t n = 1;
    for (const char *c = meanings; *c; c++) n += *c == ' ';
    if (n > MOST_FLAGS) return false;
    for (size_t i = 0; i < n; i++) masks[i] = INT64_C(1) << i;
    hid_t space = H5Screate_simple(1, &n, NULL);
    bool ok = space >= 0 && put(at, "flag_masks", H5T_NATIVE_INT64, space, masks) &&
              put_text(kit, at, "flag_meanings", meanings);
    H5Sclose(space);
    return ok;
}

static bool put_about(struct kit *kit, hid_t dataset, const struct column_about *about)
{
    return put_text(kit, dataset, "units", about->units) &&
           put_text(kit, dataset, "long_name", about->long_name) &&
           put_text(kit, dataset, "description", about->description) &&
           (!about->source || put_text(kit, dataset, "source", about->source)) &&
           (!(about->min_rate_hz > 0) ||
            put(dataset, "min_rate_hz", H5T_NATIVE_DOUBLE, kit->scalar, &about->min_rate_hz)) &&
           (!about->flag_meanings || put_flags(kit, dataset, about->flag_meanings));
}

/* How one column lies in the file. */
struct layout {
    hid_t file_type;
    hid_t memory_type;
    size_t width; /* bytes of a cell */
};

static struct layout layout_of(const gait_column *column, size_t n_rows)
{
    struct layout layout = {H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, sizeof(double)};
    if (column->type == GAIT_INTEGERS) {
        layout.file_type = H5T_STD_I64LE;
        layout.memory_type = H5T_NATIVE_INT64;
    }
    if (column->type == GAIT_TEXTS) {
        size_t longest = 0;
        for (size_t i = 0; i < n_rows; i++) {
            size_t length = strlen(column->texts[i]);
            if (length > longest) longest = length;
        }
        layout.width = longest + 1;
        layout.file_type = layout.memory_type = text_type(layout.width);
    }
    return layout;
}

static void layout_close(const gait_column *column, struct layout layout)
{
    if (column->type == GAIT_TEXTS) H5Tclose(layout.file_type);
}

/* Equal chunks, as few as the limits allow: a half-empty last one costs its full size. */
static hsize_t chunk_rows(size_t n_rows, size_t width)
{
    size_t most = MOST_CHUNK_BYTES / width;
    if (most > MOST_CHUNK_ROWS) most = MOST_CHUNK_ROWS;
    if (most < 1) most = 1;
    size_t n_chunks = n_rows ? (n_rows + most - 1) / most : 1;
    size_t rows = (n_rows + n_chunks - 1) / n_chunks;
    return rows ? rows : 1;
}

static hid_t dataset_plan(hsize_t chunk)
{
    hid_t plan = H5Pcreate(H5P_DATASET_CREATE);
    if (plan < 0) return -1;
    if (H5Pset_chunk(plan, 1, &chunk) < 0 || H5Pset_fletcher32(plan) < 0 ||
        H5Pset_fill_time(plan, H5D_FILL_TIME_ALLOC) < 0 || H5Pset_obj_track_times(plan, 0) < 0 ||
        H5Pset_attr_phase_change(plan, COMPACT, 0) < 0) {
        H5Pclose(plan);
        return -1;
    }
    return plan;
}

/* Columns of one table have the same chunks, unless a text is very wide. */
static hid_t shared_plan(struct kit *kit, hsize_t chunk)
{
    if (kit->plan > 0 && kit->plan_rows == chunk) return kit->plan;
    if (kit->plan > 0) H5Pclose(kit->plan);
    kit->plan = dataset_plan(chunk);
    kit->plan_rows = chunk;
    return kit->plan;
}

static bool write_texts(hid_t dataset, const gait_column *column, size_t n, struct layout layout)
{
    char *cells = calloc(n, layout.width);
    if (!cells) return false;
    for (size_t i = 0; i < n; i++)
        memcpy(cells + i * layout.width, column->texts[i], strlen(column->texts[i]));
    bool ok = H5Dwrite(dataset, layout.memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, cells) >= 0;
    free(cells);
    return ok;
}

static bool write_cells(hid_t dataset, const gait_column *column, size_t n, struct layout layout)
{
    if (n == 0) return true;
    if (column->type == GAIT_TEXTS) return write_texts(dataset, column, n, layout);
    const void *cells = column->type == GAIT_DOUBLES ? (const void *)column->doubles
                                                     : (const void *)column->integers;
    return H5Dwrite(dataset, layout.memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, cells) >= 0;
}

/* One entry of a scale's list of who uses it, as the HDF5 dimension scale specification has it. */
struct scale_user {
    hobj_ref_t dataset;
    uint32_t dimension;
};

static hid_t scale_user_type(void)
{
    hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(struct scale_user));
    if (type < 0) return -1;
    if (H5Tinsert(type, "dataset", HOFFSET(struct scale_user, dataset), H5T_STD_REF_OBJ) < 0 ||
        H5Tinsert(type, "dimension", HOFFSET(struct scale_user, dimension), H5T_NATIVE_UINT32) <
            0) {
        H5Tclose(type);
        return -1;
    }
    return type;
}

static bool put_scale_users(hid_t scale, const struct scale_user *users, hsize_t n)
{
    if (n == 0) return true;
    hid_t type = scale_user_type();
    hid_t space = H5Screate_simple(1, &n, NULL);
    bool ok = type >= 0 && space >= 0 && put(scale, "REFERENCE_LIST", type, space, users);
    H5Sclose(space);
    H5Tclose(type);
    return ok;
}

static bool put_scale(const struct kit *kit, hid_t dataset, hobj_ref_t *scale)
{
    hvl_t list = {1, scale};
    return put(dataset, "DIMENSION_LIST", kit->reference_list, kit->one, &list);
}

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

static bool put_table_about(struct kit *kit, hid_t group, const struct table *table)
{
    char hash[33];
    table_hash(table, hash);
    char *order = column_order(table);
    bool ok = order && put_text(kit, group, "NX_class", "NXdata") &&
              put_text(kit, group, "signal", table->signal) &&
              put_text(kit, group, "axes", table->columns[table_axis(table)].name) &&
              put_text(kit, group, "description", table->pub.description) &&
              put_text(kit, group, "column_order", order) &&
              put_text(kit, group, "content_hash", hash);
    free(order);
    return ok;
}

/* One table being written. The axis is made first, without a name, so that every other column can
 * refer to it at once: what goes into an object's header before its values, and is then closed,
 * costs HDF5 two thirds of the time. */
struct sheet {
    struct kit *kit;
    const struct table *table;
    hid_t group;
    hid_t axis;
    hobj_ref_t scale;
    struct scale_user *users; /* of the axis; padding is written too */
    size_t n_users;
};

/* An open dataset without a name, -1 if it cannot be had. */
static hid_t new_dataset(const struct sheet *sheet, struct layout layout)
{
    hsize_t extent = sheet->table->pub.n_rows;
    hid_t space = H5Screate_simple(1, &extent, NULL);
    hid_t plan = shared_plan(sheet->kit, chunk_rows(extent, layout.width));
    hid_t dataset = H5Dcreate_anon(sheet->group, layout.file_type, space, plan, sheet->kit->lean);
    H5Sclose(space);
    return dataset;
}

static bool refer_to_axis(struct sheet *sheet, hid_t dataset)
{
    struct scale_user *user = &sheet->users[sheet->n_users++];
    return put_scale(sheet->kit, dataset, &sheet->scale) &&
           H5Rcreate(&user->dataset, dataset, ".", H5R_OBJECT, -1) >= 0;
}

static bool mark_as_axis(const struct sheet *sheet, const char *name)
{
    return put_text(sheet->kit, sheet->axis, "CLASS", "DIMENSION_SCALE") &&
           put_text(sheet->kit, sheet->axis, "NAME", name);
}

static bool write_column(struct sheet *sheet, size_t k)
{
    const gait_column *column = &sheet->table->columns[k];
    bool is_axis = k == table_axis(sheet->table);
    struct layout layout = layout_of(column, sheet->table->pub.n_rows);
    hid_t dataset = is_axis ? sheet->axis : new_dataset(sheet, layout);
    bool ok = dataset >= 0 &&
              H5Olink(dataset, sheet->group, column->name, H5P_DEFAULT, H5P_DEFAULT) >= 0 &&
              put_about(sheet->kit, dataset, &sheet->table->about[k]) &&
              (is_axis ? mark_as_axis(sheet, column->name) : refer_to_axis(sheet, dataset)) &&
              write_cells(dataset, column, sheet->table->pub.n_rows, layout);
    layout_close(column, layout);
    return (is_axis || H5Dclose(dataset) >= 0) && ok;
}

static bool begin_axis(struct sheet *sheet)
{
    const gait_column *column = &sheet->table->columns[table_axis(sheet->table)];
    struct layout layout = layout_of(column, sheet->table->pub.n_rows);
    sheet->axis = new_dataset(sheet, layout);
    layout_close(column, layout);
    return sheet->axis >= 0 && H5Rcreate(&sheet->scale, sheet->axis, ".", H5R_OBJECT, -1) >= 0;
}

static bool write_columns(struct kit *kit, hid_t group, const struct table *table)
{
    size_t n = table->pub.n_columns;
    struct sheet sheet = {.kit = kit, .table = table, .group = group, .axis = -1};
    sheet.users = calloc(n, sizeof *sheet.users);
    bool ok = sheet.users && begin_axis(&sheet);
    for (size_t i = 0; ok && i < n; i++) ok = write_column(&sheet, i);
    ok = ok && put_scale_users(sheet.axis, sheet.users, sheet.n_users);
    free(sheet.users);
    return H5Dclose(sheet.axis) >= 0 && ok;
}

/* For groups, and for the file, which is one: members in order of creation, no times. */
static bool plan_group(hid_t plan)
{
    return H5Pset_link_creation_order(plan, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
           H5Pset_attr_creation_order(plan, H5P_CRT_ORDER_TRACKED) >= 0 &&
           H5Pset_attr_phase_change(plan, COMPACT, 0) >= 0 && H5Pset_obj_track_times(plan, 0) >= 0;
}

static bool write_table(struct kit *kit, hid_t file, const struct table *table)
{
    if (table->pub.n_columns == 0) return false;
    hid_t plan = H5Pcreate(H5P_GROUP_CREATE);
    hid_t group = -1;
    if (plan >= 0 && plan_group(plan))
        group = H5Gcreate2(file, table->pub.name, H5P_DEFAULT, plan, H5P_DEFAULT);
    bool ok = group >= 0 && put_table_about(kit, group, table) && write_columns(kit, group, table);
    H5Pclose(plan);
    return group >= 0 && H5Gclose(group) >= 0 && ok;
}

static bool put_root(struct kit *kit, hid_t file, const gait_summary *summary)
{
    bool ok = put_text(kit, file, "NX_class", "NXroot");
    for (size_t i = 0; ok && i < summary->n_attributes; i++)
        ok = put_text(kit, file, summary->attributes[i].name, summary->attributes[i].text);
    return ok;
}

/* The memory that HDF5's core driver makes a file in. H5Fget_file_image() of 1.10 gives a
 * superblock whose checksum is wrong; the memory itself, taken over when the file closes, is right.
 */
struct making {
    unsigned char *bytes;
    size_t size;
};

/* Grown memory is cleared, so that bytes nobody writes are the same each time. */
static void *making_resize(void *bytes, size_t size, H5FD_file_image_op_t why, void *context)
{
    (void)why;
    struct making *making = context;
    unsigned char *moved = realloc(bytes, size);
    if (!moved) return NULL;
    if (size > making->size) memset(moved + making->size, 0, size - making->size);
    making->bytes = moved;
    making->size = size;
    return moved;
}

static void *making_begin(size_t size, H5FD_file_image_op_t why, void *context)
{
    return making_resize(NULL, size, why, context);
}

static void *making_copy(void *to, const void *from, size_t size, H5FD_file_image_op_t why,
                         void *context)
{
    (void)why;
    (void)context;
    return memcpy(to, from, size);
}

/* The bytes stay when the file closes. */
static herr_t keep_bytes(void *bytes, H5FD_file_image_op_t why, void *context)
{
    (void)bytes;
    (void)why;
    (void)context;
    return 0;
}

static void *same_context(void *context)
{
    return context;
}

static herr_t keep_context(void *context)
{
    (void)context;
    return 0;
}

/* Nothing that the superblock has no room for may be asked of the file: HDF5 puts it into an object
 * that bears the time of day. */
static hid_t new_file(struct making *making)
{
    H5FD_file_image_callbacks_t calls = {making_begin, making_copy,  making_resize, keep_bytes,
                                         same_context, keep_context, making};
    hid_t create = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS), file = -1;
    if (create >= 0 && access >= 0 && plan_group(create) &&
        H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 &&
        H5Pset_fapl_core(access, IMAGE_STEP_BYTES, 0) >= 0 &&
        H5Pset_file_image_callbacks(access, &calls) >= 0)
        file = H5Fcreate("gait summary being written", H5F_ACC_TRUNC, create, access);
    H5Pclose(create);
    H5Pclose(access);
    return file;
}

/* The memory is longer than the file; the superblock says where the file ends. */
static bool cut_to_size(const struct making *making, size_t *size)
{
    enum { VERSION_AT = 8, END_AT = 28 };
    uint64_t end = 0;
    if (making->size < END_AT + 8 || making->bytes[VERSION_AT] != 2) return false;
    for (int i = 7; i >= 0; i--) end = end << 8 | making->bytes[END_AT + i];
    *size = (size_t)end;
    return end <= making->size;
}

gait_status columns_to_image(const gait_summary *summary, void **image, size_t *size,
                             gait_error *err)
{
    static const int64_t complete = 1;
    struct making making = {NULL, 0};
    hdf5_lock();
    struct hush host = hush_begin();
    struct kit kit;
    hid_t file = new_file(&making);
    bool ok = kit_open(&kit) && file >= 0 && put_root(&kit, file, summary);
    for (size_t i = 0; ok && i < summary->n_tables; i++)
        ok = write_table(&kit, file, summary->tables[i]);
    ok = ok && put(file, "complete", H5T_NATIVE_INT64, kit.scalar, &complete);
    kit_close(&kit);
    ok = H5Fclose(file) >= 0 && ok && cut_to_size(&making, size);
    hush_end(host);
    hdf5_unlock();
    if (!ok) {
        free(making.bytes);
        return gait_fail(err, GAIT_NOMEM, "no memory for the summary's file image");
    }
    unsigned char *sealed = realloc(making.bytes, *size + SEAL_BYTES);
    if (!sealed) {
        free(making.bytes);
        return gait_fail(err, GAIT_NOMEM, "no memory for the summary's file image");
    }
    seal_put(sealed, *size);
    *size += SEAL_BYTES;
    *image = sealed;
    return GAIT_OK;
}

/* A summary being read. Nothing in a file can be larger than the file: left counts down from its
 * size. */
struct reader {
    const char *name;
    const struct columns_wanted *wanted;
    gait_summary *summary;
    gait_error *err;
    size_t size; /* of the file */
    size_t left;
    hid_t lean;
};

static gait_status no_memory(const struct reader *r)
{
    return gait_fail(r->err, GAIT_NOMEM, "%s: no memory to read it", r->name);
}

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (*text < 0x20 || *text > 0x7e) return false;
    return true;
}

/* Names of tables and columns go into messages, headings and other people's code. */
static bool is_name(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return n > 0 && n < 100 && text[n] == '\0';
}

static size_t text_width(hid_t type)
{
    if (type < 0 || H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0) return 0;
    size_t width = H5Tget_size(type);
    return width <= MOST_TEXT_BYTES ? width : 0;
}

/* An attribute of one fixed-length text, in the summary's arena; NULL if it is not there or not
 * such a text. */
static const char *get_text(const struct reader *r, hid_t at, const char *name)
{
    hid_t attribute = H5Aopen(at, name, H5P_DEFAULT);
    if (attribute < 0) return NULL;
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    size_t width = text_width(type);
    char *text = NULL;
    if (width && H5Sget_simple_extent_npoints(space) == 1)
        text = ARENA_ZNEW(&r->summary->arena, width + 1, char);
    if (text && (H5Aread(attribute, type, text) < 0 || !is_plain(text))) text = NULL;
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(attribute);
    return text;
}

/* A number of one point; missing if there is none. */
static double get_number(hid_t at, const char *name, double missing)
{
    double number = missing;
    hid_t attribute = H5Aopen(at, name, H5P_DEFAULT);
    if (attribute < 0) return missing;
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    H5T_class_t kind = H5Tget_class(type);
    if ((kind != H5T_INTEGER && kind != H5T_FLOAT) || H5Sget_simple_extent_npoints(space) != 1 ||
        H5Aread(attribute, H5T_NATIVE_DOUBLE, &number) < 0)
        number = missing;
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(attribute);
    return number;
}

/* The names of a group's members, in order of creation. */
struct members {
    struct arena *arena;
    size_t room;
    size_t n;
    const char **name;
    const char *strange; /* a member that is not a hard link, or has no proper name */
};

/* External and soft links lead out of the file or astray: with hard links on both levels nothing
 * is read that is not in these bytes. */
static herr_t note_member(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    (void)group;
    struct members *members = context;
    if (info->type != H5L_TYPE_HARD || !is_name(name)) members->strange = "a link that leads away";
    if (members->n == members->room) members->strange = "too many members";
    if (members->strange) return -1;
    size_t length = strlen(name);
    char *copy = ARENA_NEW(members->arena, length + 1, char);
    if (!copy) return -1;
    memcpy(copy, name, length + 1);
    members->name[members->n++] = copy;
    return 0;
}

static bool list_members(hid_t group, size_t room, struct arena *arena, struct members *out)
{
    hsize_t from = 0;
    out->arena = arena;
    out->room = room;
    out->n = 0;
    out->strange = NULL;
    out->name = ARENA_NEW(arena, room, const char *);
    return out->name &&
           H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, &from, note_member, out) >= 0;
}

static gait_status spoiled(const struct reader *r, const struct table *table, const char *column,
                           const char *why)
{
    return gait_fail(r->err, GAIT_FORMAT, "%s: table %s, column %s: %s", r->name, table->pub.name,
                     column, why);
}

static bool column_type(hid_t type, struct column_about *about, struct layout *layout)
{
    H5T_class_t kind = H5Tget_class(type);
    layout->file_type = type;
    layout->width = H5Tget_size(type);
    if (kind == H5T_STRING) {
        about->type = GAIT_TEXTS;
        layout->memory_type = type;
        return text_width(type) > 0;
    }
    about->type = kind == H5T_INTEGER ? GAIT_INTEGERS : GAIT_DOUBLES;
    layout->memory_type = kind == H5T_INTEGER ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE;
    if (kind == H5T_INTEGER && H5Tget_sign(type) != H5T_SGN_2) return false;
    return layout->width == 8 && (kind == H5T_INTEGER || kind == H5T_FLOAT);
}

/* Chunked, checksummed and nothing else: no external, virtual or compressed storage. Rows of a
 * chunk; 0 if it is stored in any other way. */
static hsize_t chunk_of_ours(hid_t dataset, size_t n_rows)
{
    hsize_t chunk = 0;
    unsigned flags;
    size_t n_values = 0;
    hid_t plan = H5Dget_create_plist(dataset);
    bool ours =
        plan >= 0 && H5Pget_layout(plan) == H5D_CHUNKED && H5Pget_chunk(plan, 1, &chunk) == 1 &&
        chunk > 0 && chunk <= MOST_CHUNK_ROWS && chunk <= (n_rows ? n_rows : 1) &&
        H5Pget_nfilters(plan) == 1 &&
        H5Pget_filter2(plan, 0, &flags, &n_values, NULL, 0, NULL, NULL) == H5Z_FILTER_FLETCHER32;
    H5Pclose(plan);
    return ours ? chunk : 0;
}

/* The index of chunks has no checksum, and HDF5 trusts the sizes in it: one below 4 sends its own
 * checksum filter out of bounds. */
static bool chunks_are_whole(const struct reader *r, hid_t dataset, size_t n_rows, hsize_t chunk,
                             size_t width)
{
    for (hsize_t row = 0; row < n_rows; row += chunk) {
        unsigned skipped_filters = 1;
        haddr_t address = HADDR_UNDEF;
        hsize_t size = 0;
        if (H5Dget_chunk_info_by_coord(dataset, &row, &skipped_filters, &address, &size) < 0)
            return false;
        if (skipped_filters || size != chunk * width + CHECKSUM_BYTES || size > r->size ||
            address > r->size - size)
            return false;
    }
    return true;
}

static bool count_rows(hid_t dataset, size_t *n_rows)
{
    hsize_t extent = 0;
    hid_t space = H5Dget_space(dataset);
    bool plain = space >= 0 && H5Sget_simple_extent_ndims(space) == 1 &&
                 H5Sget_simple_extent_dims(space, &extent, NULL) == 1 && extent < SIZE_MAX;
    H5Sclose(space);
    *n_rows = (size_t)extent;
    return plain;
}

static gait_status split_texts(const struct reader *r, struct table *table, size_t k,
                               const char *cells, size_t width)
{
    const char **texts = table->cells[k];
    for (size_t i = 0; i < table->pub.n_rows; i++) {
        const char *cell = cells + i * width;
        const char *end = memchr(cell, '\0', width);
        texts[i] = summary_copy(r->summary, cell, end ? (size_t)(end - cell) : width);
        if (!texts[i]) return no_memory(r);
        if (!is_plain(texts[i]))
            return spoiled(r, table, table->columns[k].name, "text that is not printable ASCII");
    }
    return GAIT_OK;
}

static gait_status read_cells(const struct reader *r, hid_t dataset, struct table *table, size_t k,
                              struct layout layout)
{
    static const char why[] = "its values are damaged (checksum)";
    const char *name = table->columns[k].name;
    size_t n = table->pub.n_rows;
    if (n == 0) return GAIT_OK;
    if (table->columns[k].type != GAIT_TEXTS) {
        if (H5Dread(dataset, layout.memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, table->cells[k]) <
            0)
            return spoiled(r, table, name, why);
        return GAIT_OK;
    }
    char *cells = calloc(n, layout.width);
    if (!cells) return no_memory(r);
    gait_status st;
    if (H5Dread(dataset, layout.memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, cells) < 0)
        st = spoiled(r, table, name, why);
    else
        st = split_texts(r, table, k, cells, layout.width);
    free(cells);
    return st;
}

static gait_status read_about(const struct reader *r, hid_t dataset, const struct table *table,
                              struct column_about *about)
{
    if (r->wanted && r->wanted->values_only) {
        about->units = about->long_name = about->description = "";
        return GAIT_OK;
    }
    about->units = get_text(r, dataset, "units");
    about->long_name = get_text(r, dataset, "long_name");
    about->description = get_text(r, dataset, "description");
    about->source = get_text(r, dataset, "source");
    about->min_rate_hz = get_number(dataset, "min_rate_hz", 0);
    about->flag_meanings = get_text(r, dataset, "flag_meanings");
    if (!about->units || (about->type != GAIT_TEXTS && !about->units[0]))
        return spoiled(r, table, about->name, "no units");
    if (!about->long_name || !about->description)
        return spoiled(r, table, about->name, "no long_name or no description");
    return GAIT_OK;
}

/* Checks how the column is stored before a byte of it is believed, then reads it. */
static gait_status read_column(struct reader *r, hid_t dataset, hid_t type, struct table *table,
                               const char *name)
{
    struct column_about about = {.name = name};
    struct layout layout;
    size_t n_rows;
    if (dataset < 0 || type < 0) return spoiled(r, table, name, "not a dataset, or damaged");
    if (!column_type(type, &about, &layout))
        return spoiled(r, table, name, "neither 64-bit numbers nor fixed-length text");
    hsize_t chunk = count_rows(dataset, &n_rows) ? chunk_of_ours(dataset, n_rows) : 0;
    if (chunk == 0) return spoiled(r, table, name, "not one row of checksummed chunks");
    if (table->pub.n_columns == 0) table->pub.n_rows = n_rows;
    if (table->pub.n_rows != n_rows)
        return spoiled(r, table, name, "not as long as the first column");
    if (n_rows > r->left / layout.width)
        return spoiled(r, table, name, "longer than the file has room for");
    r->left -= n_rows * layout.width;
    if (!chunks_are_whole(r, dataset, n_rows, chunk, layout.width))
        return spoiled(r, table, name, "its index of chunks is damaged");
    TRY(read_about(r, dataset, table, &about));
    if (!table_add_column(r->summary, table, &about)) return no_memory(r);
    return read_cells(r, dataset, table, table->pub.n_columns - 1, layout);
}

static gait_status read_columns(struct reader *r, hid_t group, struct table *table,
                                const struct members *columns)
{
    gait_status st = GAIT_OK;
    for (size_t i = 0; st == GAIT_OK && i < columns->n; i++) {
        hid_t dataset = H5Dopen2(group, columns->name[i], r->lean);
        hid_t type = dataset < 0 ? -1 : H5Dget_type(dataset);
        st = read_column(r, dataset, type, table, columns->name[i]);
        H5Tclose(type);
        H5Dclose(dataset);
    }
    return st;
}

/* What the group says of itself must be what was read from it. */
static gait_status check_table(const struct reader *r, hid_t group, const struct table *table)
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
    table_hash(table, hash);
    said = get_text(r, group, "content_hash");
    if (!said || strcmp(said, hash) != 0)
        return gait_fail(r->err, GAIT_FORMAT, "%s: table %s: content differs from its content_hash",
                         r->name, table->pub.name);
    return GAIT_OK;
}

static gait_status read_table(struct reader *r, hid_t group, const char *name)
{
    struct members columns;
    if (group < 0)
        return gait_fail(r->err, GAIT_FORMAT, "%s: %s is not a table, or damaged", r->name, name);
    if (!list_members(group, MOST_COLUMNS, &r->summary->arena, &columns))
        return gait_fail(r->err, GAIT_FORMAT, "%s: table %s: %s", r->name, name,
                         columns.strange ? columns.strange : "its list of columns is damaged");
    struct table_about about = {name, get_text(r, group, "description"),
                                get_text(r, group, "signal")};
    if (columns.n == 0 || !about.description || !about.signal)
        return gait_fail(r->err, GAIT_FORMAT, "%s: table %s: no columns, description or signal",
                         r->name, name);
    struct table *table = summary_add_table(r->summary, &about, 0, columns.n);
    if (!table) return no_memory(r);
    TRY(read_columns(r, group, table, &columns));
    return check_table(r, group, table);
}

static bool is_wanted(const struct reader *r, const char *name)
{
    if (!r->wanted || !r->wanted->tables) return true;
    for (const char *const *want = r->wanted->tables; *want; want++)
        if (strcmp(*want, name) == 0) return true;
    return false;
}

static gait_status read_tables(struct reader *r, hid_t file)
{
    struct members tables;
    if (!list_members(file, MOST_TABLES, &r->summary->arena, &tables))
        return gait_fail(r->err, GAIT_FORMAT, "%s: %s", r->name,
                         tables.strange ? tables.strange : "its list of tables is damaged");
    gait_status st = GAIT_OK;
    for (size_t i = 0; st == GAIT_OK && i < tables.n; i++) {
        if (!is_wanted(r, tables.name[i])) continue;
        hid_t group = H5Gopen2(file, tables.name[i], H5P_DEFAULT);
        st = read_table(r, group, tables.name[i]);
        H5Gclose(group);
    }
    return st;
}

/* Root attributes are few and small; numbers among them are marks, not contents. */
static herr_t note_attribute(hid_t file, const char *name, const H5A_info_t *info, void *context)
{
    (void)info;
    struct reader *r = context;
    if (strcmp(name, "NX_class") == 0 || !is_plain(name)) return 0;
    const char *text = get_text(r, file, name);
    if (text && summary_set(r->summary, name, text, r->err)) return -1;
    return 0;
}

static gait_status read_root(struct reader *r, hid_t file)
{
    const char *format = get_text(r, file, "format");
    const char *version = get_text(r, file, "format_version");
    if (!format || strcmp(format, FORMAT_NAME) != 0)
        return gait_fail(r->err, GAIT_FORMAT, "%s: an HDF5 file, but not a gait summary", r->name);
    if (!version || strncmp(version, "1.", 2) != 0)
        return gait_fail(r->err, GAIT_UNSUPPORTED, "%s: format_version %s, this library reads %s",
                         r->name, version ? version : "missing", FORMAT_VERSION);
    double complete = get_number(file, "complete", 0);
    if (!(complete > 0))
        return gait_fail(r->err, GAIT_FORMAT, "%s: its writing was never completed", r->name);
    hsize_t from = 0;
    if (H5Aiterate2(file, H5_INDEX_CRT_ORDER, H5_ITER_INC, &from, note_attribute, r) < 0)
        return gait_fail(r->err, GAIT_FORMAT, "%s: its attributes are damaged or too many",
                         r->name);
    return GAIT_OK;
}

/* The core driver works on our bytes instead of copying them twice: it only reads. */
static void *image_bytes(size_t size, H5FD_file_image_op_t why, void *context)
{
    (void)size;
    (void)why;
    return context;
}

static void *image_copy(void *to, const void *from, size_t size, H5FD_file_image_op_t why,
                        void *context)
{
    (void)from;
    (void)size;
    (void)why;
    (void)context;
    return to;
}

static void *image_resize(void *bytes, size_t size, H5FD_file_image_op_t why, void *context)
{
    (void)bytes;
    (void)size;
    (void)why;
    (void)context;
    return NULL;
}

/* The name tells one image from another that HDF5 may still hold. */
static hid_t open_image(const struct image *image, size_t size)
{
    H5FD_file_image_callbacks_t calls = {image_bytes,  image_copy,   image_resize, keep_bytes,
                                         same_context, keep_context, image->bytes};
    char name[64];
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), file = -1;
    text_print(name, sizeof name, "gait summary at %p", image->bytes);
    if (access >= 0 && H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 &&
        H5Pset_fapl_core(access, IMAGE_STEP_BYTES, 0) >= 0 &&
        H5Pset_file_image_callbacks(access, &calls) >= 0 &&
        H5Pset_file_image(access, image->bytes, size) >= 0)
        file = H5Fopen(name, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return file;
}

static gait_status read_file(struct reader *r, hid_t file)
{
    if (file < 0)
        return gait_fail(r->err, GAIT_FORMAT, "%s: not an HDF5 file, or damaged", r->name);
    TRY(read_root(r, file));
    r->lean = lean_access();
    if (r->lean < 0) return no_memory(r);
    gait_status st = read_tables(r, file);
    H5Pclose(r->lean);
    return st;
}

gait_status columns_from_image(gait_summary **out, const struct image *image,
                               const struct columns_wanted *wanted, gait_error *err)
{
    struct reader r = {image->name, wanted, NULL, err, image->size, image->size, H5P_DEFAULT};
    enum seal seal = seal_check(image->bytes, image->size);
    if (seal == SEAL_BROKEN)
        return gait_fail(err, GAIT_FORMAT, "%s: damaged: its bytes differ from its checksum",
                         image->name);
    TRY(summary_new(&r.summary, err));
    hdf5_lock();
    struct hush host = hush_begin();
    hid_t file = open_image(image, image->size - (seal == SEAL_WHOLE ? SEAL_BYTES : 0));
    gait_status st = read_file(&r, file);
    H5Fclose(file);
    hush_end(host);
    hdf5_unlock();
    if (st)
        gait_summary_free(&r.summary);
    else
        *out = r.summary;
    return st;
}
