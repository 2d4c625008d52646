/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_HDF5_LAYOUT_H
#define SUMMARY_HDF5_LAYOUT_H

#include <stdint.h>

#include "base/bytes.h"

/* Numbers of the HDF5 File Format Specification 3.0 that writing and reading a summary share. */

#define HDF5_SIGNATURE        "\x89HDF\r\n\x1a\n"
#define HDF5_OBJECT_SIGNATURE "OHDR"
#define HDF5_HEAP_SIGNATURE   "GCOL"
#define HDF5_NOWHERE          UINT64_MAX /* an address */

enum {
    HDF5_SUPERBLOCK_VERSION = 2,
    HDF5_SUPERBLOCK_BYTES = 48,
    HDF5_END_AT = 28, /* in the superblock: where the file ends, and its root group */
    HDF5_ROOT_AT = 36,

    HDF5_HEAP_AT = HDF5_SUPERBLOCK_BYTES,
    HDF5_HEAP_BYTES = 4096, /* the library takes no smaller one */

    HDF5_OBJECT_VERSION = 2,
    HDF5_OBJECT_FLAGS = 0x12, /* four bytes of size, limits of attributes stated, no times */
    HDF5_OBJECT_SIZE_AT = 10,
    HDF5_OBJECT_HEAD = 14,
    HDF5_MESSAGE_HEAD = 4,
    HDF5_LONGEST_MESSAGE = 65535,
    HDF5_ALL_COMPACT = 65535,

    HDF5_LINK_FLAGS = 0x05, /* two bytes of length, order stated */
    HDF5_ORDER_TRACKED = 1,
    HDF5_ORDER_INDEXED = 2,

    HDF5_SIGNED = 8,
    HDF5_IEEE_DOUBLE = 0x3f20, /* the sign is bit 63, the leading bit is left out */
    HDF5_FILL_LATE_IF_SET = 0x0a,
    HDF5_CONTIGUOUS = 1,
    HDF5_USER_BYTES = 16
};

enum hdf5_message {
    HDF5_SPACE = 1,
    HDF5_LINK_INFO = 2,
    HDF5_TYPE = 3,
    HDF5_FILL = 5,
    HDF5_LINK = 6,
    HDF5_LAYOUT = 8,
    HDF5_GROUP_INFO = 10,
    HDF5_ATTRIBUTE = 12
};

enum hdf5_class {
    HDF5_INTEGER = 0,
    HDF5_FLOAT = 1,
    HDF5_STRING = 3,
    HDF5_COMPOUND = 6,
    HDF5_REFERENCE = 7,
    HDF5_SEQUENCE = 9
};

#endif
