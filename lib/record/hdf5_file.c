/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/hdf5_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/libhdf5.h"

enum { LARGEST_CHUNK = 32 << 20, LONGEST_TEXT = 4096, MOST_TEXTS = 4096 };

struct hdf5_file {
    hid_t id;
    unsigned long number; /* of the file, as objects report it */
    char name[96];
};

struct hdf5_dataset {
    struct hdf5_file *file;
    hid_t id;
    hid_t space;
    hsize_t rows;
    hsize_t columns;
    int rank;
    bool is_integer;
    char path[HDF5_PATH];
};

static hid_t access_list(const void *bytes, size_t size)
{
    hid_t list = libhdf5.Pcreate(*libhdf5.P_CLS_FILE_ACCESS_ID_g);
    if (list < 0) return list;
    /* A lock would fail on read-only and network file systems, and nothing is written here. */
    bool failed = libhdf5.Pset_file_locking(list, 0, 1) < 0 ||
                  libhdf5.Pset_fclose_degree(list, H5F_CLOSE_STRONG) < 0;
    if (bytes) {
        union {
            const void *given;
            void *taken;
        } image = {bytes}; /* copied, not changed */
        failed |= libhdf5.Pset_fapl_core(list, 1 << 16, 0) < 0 ||
                  libhdf5.Pset_file_image(list, image.taken, size) < 0;
    }
    if (!failed) return list;
    libhdf5.Pclose(list);
    return H5I_INVALID_HID;
}

static gait_status open_file(struct hdf5_file *file, const char *path, const void *bytes,
                             size_t size, gait_error *err)
{
    H5O_info_t root;
    hid_t list = access_list(bytes, size);
    if (list < 0) return gait_fail(err, GAIT_NOMEM, "%s", file->name);
    /* HDF5 takes two images of one name for one file, and refuses the name of a file on disk. */
    char nowhere[64];
    text_print(nowhere, sizeof nowhere, "/dev/null/%p", (void *)file);
    file->id = libhdf5.Fopen(path ? path : nowhere, H5F_ACC_RDONLY, list);
    libhdf5.Pclose(list);
    if (file->id < 0 || libhdf5.Oget_info1(file->id, &root) < 0)
        return gait_fail(err, GAIT_FORMAT, "%s: not a readable HDF5 file, or a damaged one",
                         file->name);
    file->number = root.fileno;
    return GAIT_OK;
}

gait_status hdf5_file_open(struct hdf5_file **out, const char *name, const char *path,
                           const void *bytes, size_t size, gait_error *err)
{
    TRY(libhdf5_load(err));
    struct hdf5_file *file = calloc(1, sizeof *file);
    if (!file) return gait_fail(err, GAIT_NOMEM, "%s", name);
    file->id = H5I_INVALID_HID;
    text_print(file->name, sizeof file->name, "%s", name);
    struct hdf5_reports reports = hdf5_enter();
    gait_status st = open_file(file, path, bytes, size, err);
    hdf5_leave(reports);
    if (st) hdf5_file_close(&file);
    if (!st) *out = file;
    return st;
}

void hdf5_file_close(struct hdf5_file **file)
{
    if (!*file) return;
    struct hdf5_reports reports = hdf5_enter();
    if ((*file)->id >= 0) libhdf5.Fclose((*file)->id);
    hdf5_leave(reports);
    free(*file);
    *file = NULL;
}

/* Opens one component below its parent: a hard link to an object of this very file, or nothing. */
static hid_t open_component(const struct hdf5_file *file, hid_t parent, const char *name)
{
    H5L_info_t link;
    H5O_info_t object;
    if (libhdf5.Lget_info(parent, name, &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD)
        return H5I_INVALID_HID;
    hid_t found = libhdf5.Oopen(parent, name, H5P_DEFAULT);
    if (found < 0) return found;
    if (libhdf5.Oget_info1(found, &object) >= 0 && object.fileno == file->number) return found;
    libhdf5.Oclose(found);
    return H5I_INVALID_HID;
}

/* "/a/b/c" component by component: a check of the last link alone is fooled by an external group
 * before it. */
static hid_t open_path(const struct hdf5_file *file, const char *path)
{
    hid_t at = libhdf5.Oopen(file->id, "/", H5P_DEFAULT);
    while (at >= 0) {
        char name[HDF5_PATH];
        path += strspn(path, "/");
        size_t length = strcspn(path, "/");
        if (!length) return at;
        hid_t next = H5I_INVALID_HID;
        if (length < sizeof name) {
            memcpy(name, path, length);
            name[length] = '\0';
            next = open_component(file, at, name);
        }
        libhdf5.Oclose(at);
        at = next;
        path += length;
    }
    return at;
}

bool hdf5_has_dataset(struct hdf5_file *file, const char *path)
{
    struct hdf5_reports reports = hdf5_enter();
    hid_t object = open_path(file, path);
    bool found = object >= 0 && libhdf5.Iget_type(object) == H5I_DATASET;
    if (object >= 0) libhdf5.Oclose(object);
    hdf5_leave(reports);
    return found;
}

struct listing {
    char (*names)[HDF5_NAME];
    size_t n;
    size_t most;
};

static herr_t list_link(hid_t group, const char *name, const H5L_info_t *link, void *user)
{
    struct listing *listing = user;
    (void)group;
    if (link->type != H5L_TYPE_HARD || strlen(name) >= HDF5_NAME) return 0;
    memcpy(listing->names[listing->n++], name, strlen(name) + 1);
    return listing->n == listing->most;
}

size_t hdf5_children(struct hdf5_file *file, const char *path, char names[][HDF5_NAME], size_t most)
{
    struct listing listing = {names, 0, most};
    struct hdf5_reports reports = hdf5_enter();
    hid_t group = open_path(file, path);
    if (group >= 0 && libhdf5.Iget_type(group) == H5I_GROUP && most)
        libhdf5.Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, list_link, &listing);
    if (group >= 0) libhdf5.Oclose(group);
    hdf5_leave(reports);
    return listing.n;
}

static hid_t open_attribute(const struct hdf5_file *file, const char *path, const char *name)
{
    hid_t object = open_path(file, path);
    if (object < 0) return object;
    hid_t found = libhdf5.Aexists(object, name) > 0 ? libhdf5.Aopen(object, name, H5P_DEFAULT)
                                                    : H5I_INVALID_HID;
    libhdf5.Oclose(object);
    return found;
}

/* Elements of an attribute, 0 if they cannot be told. */
static size_t attribute_length(hid_t attribute)
{
    hid_t space = libhdf5.Aget_space(attribute);
    if (space < 0) return 0;
    hssize_t n = libhdf5.Sget_simple_extent_npoints(space);
    libhdf5.Sclose(space);
    return n > 0 ? (size_t)n : 0;
}

static void copy_unpadded(const char *text, size_t n, char *out, size_t room)
{
    n = strnlen(text, n);
    while (n && text[n - 1] == ' ') n--;
    if (n >= room) n = room - 1;
    memcpy(out, text, n);
    out[n] = '\0';
}

static bool fixed_text(hid_t attribute, hid_t type, size_t n, size_t index, char *out, size_t room)
{
    size_t length = libhdf5.Tget_size(type);
    if (!length || length > LONGEST_TEXT) return false;
    char *texts = malloc(n * length);
    if (!texts) return false;
    bool ok = libhdf5.Aread(attribute, type, texts) >= 0;
    if (ok) copy_unpadded(texts + index * length, length, out, room);
    free(texts);
    return ok;
}

static bool variable_text(hid_t attribute, size_t n, size_t index, char *out, size_t room)
{
    char **texts = calloc(n, sizeof *texts);
    hid_t space = libhdf5.Aget_space(attribute), type = libhdf5.Aget_type(attribute);
    bool ok = texts && space >= 0 && type >= 0 && libhdf5.Aread(attribute, type, texts) >= 0;
    if (ok && texts[index]) copy_unpadded(texts[index], LONGEST_TEXT, out, room);
    if (ok) ok = texts[index] != NULL;
    if (texts && space >= 0 && type >= 0) libhdf5.Dvlen_reclaim(type, space, H5P_DEFAULT, texts);
    if (space >= 0) libhdf5.Sclose(space);
    if (type >= 0) libhdf5.Tclose(type);
    free(texts);
    return ok;
}

static bool attribute_text(hid_t attribute, size_t index, char *out, size_t room)
{
    size_t n = attribute_length(attribute);
    hid_t type = libhdf5.Aget_type(attribute);
    bool ok = type >= 0 && index < n && n <= MOST_TEXTS && libhdf5.Tget_class(type) == H5T_STRING;
    if (ok)
        ok = libhdf5.Tis_variable_str(type) > 0 ? variable_text(attribute, n, index, out, room)
                                                : fixed_text(attribute, type, n, index, out, room);
    if (type >= 0) libhdf5.Tclose(type);
    return ok;
}

bool hdf5_text(struct hdf5_file *file, const char *path, const char *attribute, size_t index,
               char *out, size_t room)
{
    out[0] = '\0';
    struct hdf5_reports reports = hdf5_enter();
    hid_t found = open_attribute(file, path, attribute);
    bool ok = found >= 0 && attribute_text(found, index, out, room);
    if (found >= 0) libhdf5.Aclose(found);
    hdf5_leave(reports);
    return ok;
}

static bool is_number(hid_t type)
{
    H5T_class_t kind = libhdf5.Tget_class(type);
    return (kind == H5T_INTEGER || kind == H5T_FLOAT) && libhdf5.Tget_size(type) <= 8;
}

bool hdf5_number(struct hdf5_file *file, const char *path, const char *attribute, double *value)
{
    double number;
    struct hdf5_reports reports = hdf5_enter();
    hid_t found = open_attribute(file, path, attribute);
    hid_t type = found >= 0 ? libhdf5.Aget_type(found) : H5I_INVALID_HID;
    bool ok = type >= 0 && is_number(type) && attribute_length(found) == 1 &&
              libhdf5.Aread(found, *libhdf5.T_NATIVE_DOUBLE_g, &number) >= 0;
    if (type >= 0) libhdf5.Tclose(type);
    if (found >= 0) libhdf5.Aclose(found);
    hdf5_leave(reports);
    if (ok) *value = number;
    return ok;
}

static gait_status refuse(const struct hdf5_dataset *dataset, const char *found, gait_error *err)
{
    return gait_fail(err, GAIT_FORMAT, "%s: dataset %s %s", dataset->file->name, dataset->path,
                     found);
}

static gait_status check_shape(struct hdf5_dataset *dataset, gait_error *err)
{
    hsize_t size[2] = {0, 1};
    hid_t type = libhdf5.Dget_type(dataset->id);
    bool numbers = type >= 0 && is_number(type);
    dataset->is_integer = numbers && libhdf5.Tget_class(type) == H5T_INTEGER;
    if (type >= 0) libhdf5.Tclose(type);
    if (!numbers) return refuse(dataset, "does not hold numbers of at most 8 bytes", err);
    dataset->space = libhdf5.Dget_space(dataset->id);
    dataset->rank = dataset->space < 0 ? 0 : libhdf5.Sget_simple_extent_ndims(dataset->space);
    if (dataset->rank != 1 && dataset->rank != 2)
        return refuse(dataset, "has neither one nor two dimensions", err);
    if (libhdf5.Sget_simple_extent_dims(dataset->space, size, NULL) < 0)
        return refuse(dataset, "has no size", err);
    if (size[0] > UINT64_C(1) << 48 || size[1] < 1 || size[1] > HDF5_COLUMNS)
        return refuse(dataset, "has a size that no recording has", err);
    dataset->rows = size[0];
    dataset->columns = size[1];
    return GAIT_OK;
}

static gait_status check_filters(const struct hdf5_dataset *dataset, hid_t list, gait_error *err)
{
    int n = libhdf5.Pget_nfilters(list);
    for (int i = 0; i < n; i++) {
        unsigned flags = 0, config = 0;
        size_t n_values = 0;
        H5Z_filter_t filter =
            libhdf5.Pget_filter2(list, (unsigned)i, &flags, &n_values, NULL, 0, NULL, &config);
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE &&
            filter != H5Z_FILTER_FLETCHER32)
            return refuse(dataset, "is packed by another filter than deflate, shuffle, fletcher32",
                          err);
    }
    return n < 0 ? refuse(dataset, "has filters that cannot be listed", err) : GAIT_OK;
}

static gait_status check_chunks(const struct hdf5_dataset *dataset, hid_t list, gait_error *err)
{
    hsize_t size[2] = {1, 1};
    if (libhdf5.Pget_chunk(list, 2, size) != dataset->rank)
        return refuse(dataset, "has chunks of another shape", err);
    if (size[0] > LARGEST_CHUNK || size[1] > LARGEST_CHUNK || size[0] * size[1] * 8 > LARGEST_CHUNK)
        return refuse(dataset, "has chunks above 32 MiB", err);
    return GAIT_OK;
}

/* HDF5 1.10 reads behind the end of samples in the dataset's own header that are fewer than it
 * says. */
static gait_status check_compact(const struct hdf5_dataset *dataset, gait_error *err)
{
    hid_t type = libhdf5.Dget_type(dataset->id);
    size_t bytes = type < 0 ? 0 : libhdf5.Tget_size(type);
    if (type >= 0) libhdf5.Tclose(type);
    hsize_t needed = dataset->rows * dataset->columns * bytes;
    if (bytes && libhdf5.Dget_storage_size(dataset->id) >= needed) return GAIT_OK;
    return refuse(dataset, "holds fewer bytes than its size needs", err);
}

static gait_status check_storage(const struct hdf5_dataset *dataset, hid_t list, gait_error *err)
{
    H5D_layout_t layout = libhdf5.Pget_layout(list);
    if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
        return refuse(dataset, "is virtual: its values would come from other files", err);
    if (libhdf5.Pget_external_count(list) != 0)
        return refuse(dataset, "is stored outside the file", err);
    if (layout == H5D_COMPACT) TRY(check_compact(dataset, err));
    if (layout == H5D_CHUNKED) TRY(check_chunks(dataset, list, err));
    return check_filters(dataset, list, err);
}

static gait_status open_dataset(struct hdf5_dataset *dataset, gait_error *err)
{
    dataset->id = open_path(dataset->file, dataset->path);
    if (dataset->id < 0 || libhdf5.Iget_type(dataset->id) != H5I_DATASET)
        return gait_fail(err, GAIT_NOT_FOUND, "%s: no dataset %s in the file itself",
                         dataset->file->name, dataset->path);
    TRY(check_shape(dataset, err));
    hid_t list = libhdf5.Dget_create_plist(dataset->id);
    if (list < 0) return refuse(dataset, "cannot be examined", err);
    gait_status st = check_storage(dataset, list, err);
    libhdf5.Pclose(list);
    return st;
}

gait_status hdf5_dataset_open(struct hdf5_dataset **out, struct hdf5_file *file, const char *path,
                              gait_error *err)
{
    struct hdf5_dataset *dataset = calloc(1, sizeof *dataset);
    if (!dataset) return gait_fail(err, GAIT_NOMEM, "%s", file->name);
    dataset->file = file;
    dataset->id = dataset->space = H5I_INVALID_HID;
    text_print(dataset->path, sizeof dataset->path, "%s", path);
    struct hdf5_reports reports = hdf5_enter();
    gait_status st = open_dataset(dataset, err);
    hdf5_leave(reports);
    if (st) hdf5_dataset_close(&dataset);
    if (!st) *out = dataset;
    return st;
}

void hdf5_dataset_close(struct hdf5_dataset **dataset)
{
    if (!*dataset) return;
    struct hdf5_reports reports = hdf5_enter();
    if ((*dataset)->space >= 0) libhdf5.Sclose((*dataset)->space);
    if ((*dataset)->id >= 0) libhdf5.Oclose((*dataset)->id);
    hdf5_leave(reports);
    free(*dataset);
    *dataset = NULL;
}

uint64_t hdf5_rows(const struct hdf5_dataset *dataset)
{
    return dataset->rows;
}

size_t hdf5_columns(const struct hdf5_dataset *dataset)
{
    return (size_t)dataset->columns;
}

bool hdf5_is_integer(const struct hdf5_dataset *dataset)
{
    return dataset->is_integer;
}

static herr_t read_slab(const struct hdf5_dataset *dataset, hsize_t first, hsize_t n, hid_t type,
                        void *out)
{
    const hsize_t start[2] = {first, 0}, count[2] = {n, dataset->columns};
    if (libhdf5.Sselect_hyperslab(dataset->space, H5S_SELECT_SET, start, NULL, count, NULL) < 0)
        return -1;
    hid_t memory = libhdf5.Screate_simple(dataset->rank, count, NULL);
    if (memory < 0) return -1;
    herr_t read = libhdf5.Dread(dataset->id, type, memory, dataset->space, H5P_DEFAULT, out);
    libhdf5.Sclose(memory);
    return read;
}

enum as { AS_FLOAT, AS_DOUBLE, AS_INTEGER };

static gait_status read_rows(struct hdf5_dataset *dataset, uint64_t first, size_t n, enum as as,
                             void *out, gait_error *err)
{
    if (first > dataset->rows || n > dataset->rows - first)
        return gait_fail(err, GAIT_INVALID, "%s: rows behind the end of %s", dataset->file->name,
                         dataset->path);
    if (!n) return GAIT_OK;
    struct hdf5_reports reports = hdf5_enter();
    hid_t type = as == AS_FLOAT    ? *libhdf5.T_NATIVE_FLOAT_g
                 : as == AS_DOUBLE ? *libhdf5.T_NATIVE_DOUBLE_g
                                   : *libhdf5.T_NATIVE_INT64_g;
    herr_t read = read_slab(dataset, first, n, type, out);
    hdf5_leave(reports);
    if (read >= 0) return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT, "%s: rows %llu to %llu of %s cannot be read",
                     dataset->file->name, (unsigned long long)first,
                     (unsigned long long)(first + n - 1), dataset->path);
}

gait_status hdf5_read_floats(struct hdf5_dataset *dataset, uint64_t first, size_t n, float *out,
                             gait_error *err)
{
    return read_rows(dataset, first, n, AS_FLOAT, out, err);
}

gait_status hdf5_read_doubles(struct hdf5_dataset *dataset, uint64_t first, size_t n, double *out,
                              gait_error *err)
{
    return read_rows(dataset, first, n, AS_DOUBLE, out, err);
}

gait_status hdf5_read_integers(struct hdf5_dataset *dataset, uint64_t first, size_t n, int64_t *out,
                               gait_error *err)
{
    return read_rows(dataset, first, n, AS_INTEGER, out, err);
}
