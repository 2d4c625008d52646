/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_HDF5_FILE_H
#define RECORD_HDF5_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gait/error.h>

/* Reading HDF5 files that strangers made. By itself HDF5 follows a file into other files (external
 * links, external storage, virtual datasets) and into plugins; here nothing but the file's own
 * groups and datasets is reached:
 *   - every component of a path must be a hard link, and every object be in the file's own number;
 *   - a dataset is numbers of at most 8 bytes, 1 or 2 dimensions, compact, contiguous or chunked,
 *     without external storage, filters at most deflate, shuffle and fletcher32, chunks of at most
 *     32 MiB;
 *   - rows come by hyperslab into memory of ours; nothing is allocated by a length the file claims.
 * HDF5 is entered by one thread at a time, and its global state is left as it is. */
struct hdf5_file;

/* Either path or bytes. */
gait_status hdf5_file_open(struct hdf5_file **out, const char *name, const char *path,
                           const void *bytes, size_t size, gait_error *err);
void hdf5_file_close(struct hdf5_file **file);

bool hdf5_has_dataset(struct hdf5_file *file, const char *path);

/* Names of the hard links in a group in the order of their names, at most most of them, each cut to
 * HDF5_NAME bytes; longer names are left out. Returns how many. */
enum { HDF5_NAME = 64, HDF5_PATH = 256, HDF5_COLUMNS = 64 };
size_t hdf5_children(struct hdf5_file *file, const char *path, char names[][HDF5_NAME],
                     size_t most);

/* A text attribute of a group or dataset, or item `index` of a list of texts, without padding:
 * false, and out "", if there is none. */
bool hdf5_text(struct hdf5_file *file, const char *path, const char *attribute, size_t index,
               char *out, size_t room);

/* A number, or a list of one number: false if there is none. */
bool hdf5_number(struct hdf5_file *file, const char *path, const char *attribute, double *value);

struct hdf5_dataset;

/* path is for messages too. */
gait_status hdf5_dataset_open(struct hdf5_dataset **out, struct hdf5_file *file, const char *path,
                              gait_error *err);
void hdf5_dataset_close(struct hdf5_dataset **dataset);

/* One dimension is one column. */
uint64_t hdf5_rows(const struct hdf5_dataset *dataset);
size_t hdf5_columns(const struct hdf5_dataset *dataset);
bool hdf5_is_integer(const struct hdf5_dataset *dataset);

/* Rows first to first + n, all columns, converted. Rows behind the last are an error. */
gait_status hdf5_read_floats(struct hdf5_dataset *dataset, uint64_t first, size_t n, float *out,
                             gait_error *err);
gait_status hdf5_read_doubles(struct hdf5_dataset *dataset, uint64_t first, size_t n, double *out,
                              gait_error *err);
gait_status hdf5_read_integers(struct hdf5_dataset *dataset, uint64_t first, size_t n, int64_t *out,
                               gait_error *err);

#endif
