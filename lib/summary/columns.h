/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_COLUMNS_H
#define SUMMARY_COLUMNS_H

#include "summary/table.h"

/* A summary as the bytes of an HDF5 file, and back; no file is touched. */

/* The image is malloc'd and the caller's. The same summary gives the same bytes. */
gait_status columns_to_image(const gait_summary *summary, void **image, size_t *size,
                             gait_error *err);

/* The same without the seal, and with the cells of hollow tables left out: nobody has touched the
 * memory where they belong, so it costs none. */
gait_status columns_to_skeleton(const gait_summary *summary, void **bytes, size_t *size,
                                gait_error *err);

struct image {
    const char *name; /* for messages */
    void *bytes;
    size_t size;
};

/* What to read. */
struct columns_wanted {
    const char *const *tables; /* only these, ended by NULL; NULL: all */
    int values_only;           /* 1: without what the columns say of themselves */
    const char *const *copied; /* cells of these columns alone, ended by NULL, and of every table
                                  where its cells are, as its hollow says; NULL: all */
};

/* Checks everything that is read: marks, checksums, lengths, names. wanted NULL: all. */
gait_status columns_from_image(gait_summary **out, const struct image *image,
                               const struct columns_wanted *wanted, gait_error *err);

#endif
