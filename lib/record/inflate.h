/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_INFLATE_H
#define RECORD_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

/* Decompresses deflate data piece by piece: with ISA-L where the build found it, which is three
 * times as fast, else with zlib. */

enum inflate_wrapping { INFLATE_GZIP, INFLATE_BARE };

struct inflater {
    enum inflate_wrapping wrapping;
    const unsigned char *in; /* set by the caller, moved on by inflate_some() */
    size_t n_in;
    unsigned char *out;
    size_t n_out;   /* room */
    bool is_broken; /* damage was met */
    void *state;    /* the library's */
};

/* False when memory is out. A zeroed inflater may be closed. */
bool inflater_open(struct inflater *inflater, enum inflate_wrapping wrapping);
void inflater_close(struct inflater *inflater);

/* At a new beginning; in and out stay. */
void inflater_restart(struct inflater *inflater);

enum inflated { INFLATED_SOME, INFLATED_END, INFLATED_BAD };

/* As much as in and out allow. The checksum of a gzip member is checked, bare data have none. */
enum inflated inflate_some(struct inflater *inflater);

#endif
