/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/hdf5_encode.h"

#include <stdlib.h>
#include <string.h>

#include "summary/hdf5_layout.h"

static bool make_room(struct encoder *e, size_t n)
{
    if (e->failed) return false;
    if (n <= e->room - e->n) return true;
    size_t room = e->room ? e->room : 1 << 16;
    while (room - e->n < n && room < SIZE_MAX / 2) room += room / 2;
    unsigned char *bytes = room - e->n < n ? NULL : realloc(e->bytes, room);
    e->failed = !bytes;
    if (!bytes) return false;
    e->bytes = bytes;
    e->room = room;
    return true;
}

static void put(struct encoder *e, const void *bytes, size_t n)
{
    if (!n || !make_room(e, n)) return;
    memcpy(e->bytes + e->n, bytes, n);
    e->n += n;
}

static void put_zeros(struct encoder *e, size_t n)
{
    if (!make_room(e, n)) return;
    memset(e->bytes + e->n, 0, n);
    e->n += n;
}

/* Whole numbers of 1 to 8 bytes, the least significant first. */
static void set_number(unsigned char *at, size_t width, uint64_t number)
{
    for (size_t i = 0; i < width; i++) at[i] = (unsigned char)(number >> 8 * i);
}

static void put_number(struct encoder *e, size_t width, uint64_t number)
{
    if (!make_room(e, width)) return;
    set_number(e->bytes + e->n, width, number);
    e->n += width;
}

static void put_byte(struct encoder *e, unsigned byte)
{
    put_number(e, 1, byte);
}

static void align(struct encoder *e)
{
    put_zeros(e, (8 - e->n % 8) % 8);
}

static uint32_t turn(uint32_t x, unsigned bits)
{
    return x << bits | x >> (32 - bits);
}

/* "lookup3" of Bob Jenkins (2006, public domain), by which HDF5 checks its metadata. */
static uint32_t checksum(const unsigned char *bytes, size_t n)
{
    uint32_t a, b, c;
    a = b = c = 0xdeadbeefu + (uint32_t)n;
    for (; n > 12; bytes += 12, n -= 12) {
        a += le32(bytes);
        b += le32(bytes + 4);
        c += le32(bytes + 8);
        a = (a - c) ^ turn(c, 4), c += b;
        b = (b - a) ^ turn(a, 6), a += c;
        c = (c - b) ^ turn(b, 8), b += a;
        a = (a - c) ^ turn(c, 16), c += b;
        b = (b - a) ^ turn(a, 19), a += c;
        c = (c - b) ^ turn(b, 4), b += a;
    }
    if (n == 0) return c;
    unsigned char last[12] = {0};
    memcpy(last, bytes, n);
    a += le32(last);
    b += le32(last + 4);
    c += le32(last + 8);
    c = (c ^ b) - turn(b, 14);
    a = (a ^ c) - turn(c, 11);
    b = (b ^ a) - turn(a, 25);
    c = (c ^ b) - turn(b, 16);
    a = (a ^ c) - turn(c, 4);
    b = (b ^ a) - turn(a, 14);
    return (c ^ b) - turn(b, 24);
}

static hdf5_address object_begin(struct encoder *e)
{
    align(e);
    hdf5_address object = e->n;
    put(e, HDF5_OBJECT_SIGNATURE, 4);
    put_byte(e, HDF5_OBJECT_VERSION);
    put_byte(e, HDF5_OBJECT_FLAGS);
    put_number(e, 2, HDF5_ALL_COMPACT); /* attributes stay in the header */
    put_number(e, 2, 0);
    put_number(e, 4, 0); /* the size, once it is known */
    return object;
}

void encode_end(struct encoder *e, hdf5_address object)
{
    if (e->failed) return;
    unsigned char *header = e->bytes + object;
    set_number(header + HDF5_OBJECT_SIZE_AT, 4, e->n - object - HDF5_OBJECT_HEAD);
    put_number(e, 4, checksum(header, e->n - object));
}

static size_t message_begin(struct encoder *e, enum hdf5_message type)
{
    put_byte(e, type);
    put_number(e, 2, 0); /* the size, once it is known */
    put_byte(e, 0);
    return e->n;
}

static void message_end(struct encoder *e, size_t body)
{
    if (e->failed) return;
    size_t size = e->n - body;
    e->failed = size > HDF5_LONGEST_MESSAGE;
    set_number(e->bytes + body - 3, 2, size);
}

static void put_type_head(struct encoder *e, unsigned version, enum hdf5_class class, uint32_t bits,
                          size_t width)
{
    put_byte(e, version << 4 | (unsigned)class);
    put_number(e, 3, bits);
    put_number(e, 4, width);
}

static void put_integer_type(struct encoder *e, size_t width, int is_signed)
{
    put_type_head(e, 1, HDF5_INTEGER, is_signed ? HDF5_SIGNED : 0, width);
    put_number(e, 2, 0);         /* first bit */
    put_number(e, 2, 8 * width); /* bits */
}

static void put_double_type(struct encoder *e)
{
    static const unsigned char ieee[] = {0, 0, 64, 0, 52, 11, 0, 52, 0xff, 3, 0, 0};
    put_type_head(e, 1, HDF5_FLOAT, HDF5_IEEE_DOUBLE, 8);
    put(e, ieee, sizeof ieee);
}

static void put_type(struct encoder *e, enum encoded_kind kind, size_t width)
{
    switch (kind) {
    case ENCODED_DOUBLES: put_double_type(e); return;
    case ENCODED_INTEGERS: put_integer_type(e, 8, 1); return;
    case ENCODED_TEXTS: put_type_head(e, 1, HDF5_STRING, 0, width); return;
    }
}

static void put_reference_type(struct encoder *e)
{
    put_type_head(e, 1, HDF5_REFERENCE, 0, 8);
}

static void put_scalar(struct encoder *e)
{
    put_number(e, 4, 2); /* version 2, no dimensions */
}

static void put_row(struct encoder *e, uint64_t n)
{
    put_number(e, 4, 2 | 1 << 8 | 1 << 24); /* version 2, one dimension, simple */
    put_number(e, 8, n);
}

hdf5_address encode_values(struct encoder *e, const struct encoded_cells *values)
{
    align(e);
    hdf5_address where = e->n;
    if (values->cells)
        put(e, values->cells, values->n * values->width);
    else if (make_room(e, values->n * values->width))
        e->n += values->n * values->width;
    return values->n ? where : HDF5_NOWHERE;
}

hdf5_address encode_dataset_begin(struct encoder *e, const struct encoded_cells *values,
                                  hdf5_address where)
{
    hdf5_address object = object_begin(e);
    size_t body = message_begin(e, HDF5_SPACE);
    put_row(e, values->n);
    message_end(e, body);
    body = message_begin(e, HDF5_TYPE);
    put_type(e, values->kind, values->width);
    message_end(e, body);
    body = message_begin(e, HDF5_FILL);
    put_byte(e, 3);
    put_byte(e, HDF5_FILL_LATE_IF_SET);
    message_end(e, body);
    body = message_begin(e, HDF5_LAYOUT);
    put_byte(e, 3);
    put_byte(e, HDF5_CONTIGUOUS);
    put_number(e, 8, where);
    put_number(e, 8, values->n * values->width);
    message_end(e, body);
    return object;
}

hdf5_address encode_group_begin(struct encoder *e, size_t n_links)
{
    hdf5_address object = object_begin(e);
    size_t body = message_begin(e, HDF5_LINK_INFO);
    put_byte(e, 0);
    put_byte(e, HDF5_ORDER_TRACKED | HDF5_ORDER_INDEXED);
    put_number(e, 8, n_links);
    for (int i = 0; i < 3; i++) put_number(e, 8, HDF5_NOWHERE); /* no heap, no indexes */
    message_end(e, body);
    body = message_begin(e, HDF5_GROUP_INFO);
    put_byte(e, 0);
    put_byte(e, 1);
    put_number(e, 2, HDF5_ALL_COMPACT);
    put_number(e, 2, 0);
    message_end(e, body);
    return object;
}

void encode_link(struct encoder *e, const char *name, hdf5_address to, size_t position)
{
    size_t body = message_begin(e, HDF5_LINK);
    put_byte(e, 1);
    put_byte(e, HDF5_LINK_FLAGS);
    put_number(e, 8, position);
    put_number(e, 2, strlen(name));
    put(e, name, strlen(name));
    put_number(e, 8, to);
    message_end(e, body);
}

/* The parts of one, each between two calls: type, space, value. */
struct parts {
    size_t body, type, space;
};

static struct parts attribute_begin(struct encoder *e, const char *name)
{
    struct parts at = {.body = message_begin(e, HDF5_ATTRIBUTE)};
    put_byte(e, 3);
    put_byte(e, 0);
    put_number(e, 2, strlen(name) + 1);
    put_number(e, 4, 0); /* sizes of type and space, once they are known */
    put_byte(e, 0);      /* ASCII */
    put(e, name, strlen(name) + 1);
    at.type = e->n;
    return at;
}

static void attribute_value(struct encoder *e, struct parts *at)
{
    if (e->failed) return;
    set_number(e->bytes + at->body + 4, 2, at->space - at->type);
    set_number(e->bytes + at->body + 6, 2, e->n - at->space);
}

static void put_attribute(struct encoder *e, const char *name, const struct encoded_cells *value,
                          bool is_scalar)
{
    struct parts at = attribute_begin(e, name);
    put_type(e, value->kind, value->width);
    at.space = e->n;
    if (is_scalar)
        put_scalar(e);
    else
        put_row(e, value->n);
    attribute_value(e, &at);
    put(e, value->cells, value->n * value->width);
    message_end(e, at.body);
}

void encode_text(struct encoder *e, const char *name, const char *text)
{
    struct encoded_cells value = {ENCODED_TEXTS, 1, strlen(text) + 1, text};
    put_attribute(e, name, &value, true);
}

void encode_number(struct encoder *e, const char *name, double number)
{
    struct encoded_cells value = {ENCODED_DOUBLES, 1, sizeof number, &number};
    put_attribute(e, name, &value, true);
}

void encode_integer(struct encoder *e, const char *name, int64_t integer)
{
    struct encoded_cells value = {ENCODED_INTEGERS, 1, sizeof integer, &integer};
    put_attribute(e, name, &value, true);
}

void encode_integers(struct encoder *e, const char *name, const int64_t *integers, size_t n)
{
    struct encoded_cells value = {ENCODED_INTEGERS, n, sizeof *integers, integers};
    put_attribute(e, name, &value, false);
}

/* A list of one reference, which lies in the heap. */
void encode_dimension(struct encoder *e, size_t k)
{
    struct parts at = attribute_begin(e, "DIMENSION_LIST");
    put_type_head(e, 1, HDF5_SEQUENCE, 0, 16);
    put_reference_type(e);
    at.space = e->n;
    put_row(e, 1);
    attribute_value(e, &at);
    put_number(e, 4, 1);
    put_number(e, 8, HDF5_HEAP_AT);
    put_number(e, 4, k + 1);
    message_end(e, at.body);
}

static void put_user_type(struct encoder *e)
{
    put_type_head(e, 3, HDF5_COMPOUND, 2, HDF5_USER_BYTES);
    put(e, "dataset", 8);
    put_byte(e, 0);
    put_reference_type(e);
    put(e, "dimension", 10);
    put_byte(e, 8);
    put_integer_type(e, 4, 0);
}

void encode_scale(struct encoder *e, const char *name, const hdf5_address *users, size_t n)
{
    encode_text(e, "CLASS", "DIMENSION_SCALE");
    encode_text(e, "NAME", name);
    if (!n) return;
    struct parts at = attribute_begin(e, "REFERENCE_LIST");
    put_user_type(e);
    at.space = e->n;
    put_row(e, n);
    attribute_value(e, &at);
    for (size_t i = 0; i < n; i++) {
        put_number(e, 8, users[i]);
        put_zeros(e, HDF5_USER_BYTES - 8); /* its first dimension, and padding */
    }
    message_end(e, at.body);
}

void encode_begin(struct encoder *e, size_t n_bytes)
{
    *e = (struct encoder){NULL, 0, 0, false};
    make_room(e, n_bytes);
    put_zeros(e, HDF5_HEAP_AT + HDF5_HEAP_BYTES);
}

/* A global heap of references; object k + 1 is scale k. */
static void put_heap(struct encoder *e, const hdf5_address *scales, size_t n)
{
    put(e, HDF5_HEAP_SIGNATURE, 4);
    put_number(e, 4, 1);
    put_number(e, 8, HDF5_HEAP_BYTES);
    for (size_t k = 0; k < n; k++) {
        put_number(e, 8, k + 1); /* and nothing counts who uses it */
        put_number(e, 8, 8);
        put_number(e, 8, scales[k]);
    }
    put_number(e, 8, 0); /* the rest is free */
    put_number(e, 8, HDF5_HEAP_AT + HDF5_HEAP_BYTES - (e->n - 8));
}

static void put_superblock(struct encoder *e, hdf5_address root, hdf5_address end)
{
    put(e, HDF5_SIGNATURE, 8);
    put_byte(e, HDF5_SUPERBLOCK_VERSION);
    put_byte(e, 8); /* bytes of an address */
    put_byte(e, 8); /* and of a length */
    put_byte(e, 0);
    put_number(e, 8, 0);            /* the file begins here */
    put_number(e, 8, HDF5_NOWHERE); /* and has no more to say of itself */
    put_number(e, 8, end);
    put_number(e, 8, root);
    if (!e->failed) put_number(e, 4, checksum(e->bytes, e->n));
}

void encode_finish(struct encoder *e, hdf5_address root, const hdf5_address *scales, size_t n)
{
    align(e);
    if (e->failed) return;
    size_t end = e->n;
    e->failed = n > HDF5_MOST_SCALES;
    e->n = 0;
    put_superblock(e, root, end);
    put_heap(e, scales, n);
    e->n = end;
}
