/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_HDF5_ENCODE_H
#define SUMMARY_HDF5_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The part of the HDF5 file format that a summary needs, as bytes in memory: groups with all their
 * links in order, one-dimensional datasets in one piece, attributes. Source: HDF5 File Format
 * Specification 3.0, superblock 2 and object headers 2, which HDF5 reads since 1.8.
 *
 * The HDF5 library takes 70 us for each of the hundreds of columns that a summary has, asks for the
 * time of day, and may say that all went well on a full disk; here a column is a memcpy. Numbers
 * are laid down as the host has them, which is the format's own order on all that libgait runs on.
 *
 * What an object refers to is encoded before it; only the root group has a place of its own. */

struct encoder {
    unsigned char *bytes; /* malloc'd, the caller's */
    size_t n, room;
    bool failed; /* no memory, or a text that the format has no room for; then nothing is added */
};

enum encoded_kind { ENCODED_DOUBLES, ENCODED_INTEGERS, ENCODED_TEXTS };

/* Cells of one type, one behind the other. */
struct encoded_cells {
    enum encoded_kind kind;
    size_t n, width; /* bytes of a cell; 8 for numbers */
    const void *cells;
};

/* Where an object is in the file. */
typedef uint64_t hdf5_address;

/* The superblock and the place of a heap of references; what comes next is the root group. Room for
 * so many bytes is there at once, which costs none until they are touched. */
void encode_begin(struct encoder *e, size_t n_bytes);

/* The superblock and references to n dimension scales, at most HDF5_MOST_SCALES. */
enum { HDF5_MOST_SCALES = 64 };
void encode_finish(struct encoder *e, hdf5_address root, const hdf5_address *scales, size_t n);

/* The values of a dataset, where the encoder is, or room for them that is not touched if there are
 * no cells; then the object that describes them. */
hdf5_address encode_values(struct encoder *e, const struct encoded_cells *values);

/* Objects: begin, attributes or links, end. */
hdf5_address encode_dataset_begin(struct encoder *e, const struct encoded_cells *values,
                                  hdf5_address where);
hdf5_address encode_group_begin(struct encoder *e, size_t n_links);
void encode_link(struct encoder *e, const char *name, hdf5_address to, size_t position);
void encode_end(struct encoder *e, hdf5_address object);

/* Attributes of an object that was begun. */
void encode_text(struct encoder *e, const char *name, const char *text);
void encode_number(struct encoder *e, const char *name, double number);
void encode_integers(struct encoder *e, const char *name, const int64_t *integers, size_t n);
void encode_integer(struct encoder *e, const char *name, int64_t integer);

/* The netCDF way to say that a dataset's rows are at the places of scale k. */
void encode_dimension(struct encoder *e, size_t k);

/* And that a dataset is such a scale, used by n others. */
void encode_scale(struct encoder *e, const char *name, const hdf5_address *users, size_t n);

#endif
