/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_HDF5_DECODE_H
#define SUMMARY_HDF5_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads what hdf5_encode.h writes, and nothing else that HDF5 can hold. Every address, length and
 * count is held against the size of the file before it is followed. Texts and cells point into the
 * bytes. False: not such a thing, or damaged. */

struct hdf5_bytes {
    const unsigned char *at;
    size_t n;
};

/* A header and how far it was read. */
struct hdf5_object {
    struct hdf5_bytes file;
    const unsigned char *next;
    size_t left;
};

struct hdf5_part {
    unsigned type; /* enum hdf5_message */
    struct hdf5_bytes body;
};

enum hdf5_kind { HDF5_OTHER, HDF5_DOUBLES, HDF5_INTEGERS, HDF5_TEXTS };

/* Cells of a dataset or of an attribute. */
struct hdf5_cells {
    enum hdf5_kind kind;
    size_t n, width;
    const unsigned char *cells; /* n * width bytes */
};

struct hdf5_link {
    const char *name; /* length bytes */
    size_t length;
    uint64_t to;
};

/* The root group. */
bool hdf5_open(struct hdf5_bytes file, struct hdf5_object *root);

bool hdf5_object_at(struct hdf5_bytes file, uint64_t address, struct hdf5_object *out);

/* The next part; its type is 0 at the end. */
bool hdf5_next(struct hdf5_object *object, struct hdf5_part *out);

bool hdf5_link_of(struct hdf5_part part, struct hdf5_link *out);

/* An attribute's NUL-terminated name and its value. */
bool hdf5_attribute_of(struct hdf5_part part, const char **name, struct hdf5_cells *out);

/* The values of a dataset; the object is read to its end. */
bool hdf5_dataset_of(struct hdf5_object object, struct hdf5_cells *out);

#endif
