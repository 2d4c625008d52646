/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/hdf5_decode.h"

#include <string.h>

#include "summary/hdf5_layout.h"

static uint64_t number_at(const unsigned char *at)
{
    return le32(at) | (uint64_t)le32(at + 4) << 32;
}

bool hdf5_open(struct hdf5_bytes file, struct hdf5_object *root)
{
    if (file.n < HDF5_SUPERBLOCK_BYTES || memcmp(file.at, HDF5_SIGNATURE, 8) != 0) return false;
    if (file.at[8] != HDF5_SUPERBLOCK_VERSION || file.at[9] != 8 || file.at[10] != 8) return false;
    if (number_at(file.at + HDF5_END_AT) != file.n) return false;
    return hdf5_object_at(file, number_at(file.at + HDF5_ROOT_AT), root);
}

bool hdf5_object_at(struct hdf5_bytes file, uint64_t address, struct hdf5_object *out)
{
    if (file.n < HDF5_OBJECT_HEAD || address > file.n - HDF5_OBJECT_HEAD) return false;
    const unsigned char *head = file.at + address;
    size_t size = le32(head + HDF5_OBJECT_SIZE_AT);
    if (memcmp(head, HDF5_OBJECT_SIGNATURE, 4) != 0 || head[4] != HDF5_OBJECT_VERSION ||
        head[5] != HDF5_OBJECT_FLAGS || size > file.n - HDF5_OBJECT_HEAD - address)
        return false;
    *out = (struct hdf5_object){file, head + HDF5_OBJECT_HEAD, size};
    return true;
}

bool hdf5_next(struct hdf5_object *object, struct hdf5_part *out)
{
    *out = (struct hdf5_part){0, {NULL, 0}};
    if (!object->left) return true;
    if (object->left < HDF5_MESSAGE_HEAD) return false;
    size_t size = le16(object->next + 1);
    if (size > object->left - HDF5_MESSAGE_HEAD) return false;
    *out = (struct hdf5_part){object->next[0], {object->next + HDF5_MESSAGE_HEAD, size}};
    object->next += HDF5_MESSAGE_HEAD + size;
    object->left -= HDF5_MESSAGE_HEAD + size;
    return out->type != 0;
}

bool hdf5_link_of(struct hdf5_part part, struct hdf5_link *out)
{
    enum { NAME_AT = 12 };
    const unsigned char *b = part.body.at;
    if (part.body.n < NAME_AT || b[0] != 1 || b[1] != HDF5_LINK_FLAGS) return false;
    out->length = le16(b + NAME_AT - 2);
    if (part.body.n != NAME_AT + out->length + 8) return false;
    out->name = (const char *)b + NAME_AT;
    out->to = number_at(b + NAME_AT + out->length);
    return true;
}

/* Types that a summary holds; anything else is told apart and left alone. */
static bool read_type(struct hdf5_bytes type, struct hdf5_cells *out)
{
    if (type.n < 8) return false;
    enum hdf5_class class = type.at[0] & 15;
    uint32_t bits = le32(type.at) >> 8;
    out->width = le32(type.at + 4);
    out->kind = HDF5_OTHER;
    if (class == HDF5_STRING && bits == 0) out->kind = HDF5_TEXTS;
    if (class == HDF5_INTEGER && bits == HDF5_SIGNED && out->width == 8) out->kind = HDF5_INTEGERS;
    if (class == HDF5_FLOAT && bits == HDF5_IEEE_DOUBLE && out->width == 8)
        out->kind = HDF5_DOUBLES;
    return out->width > 0;
}

static bool read_space(struct hdf5_bytes space, struct hdf5_cells *out)
{
    if (space.n < 4 || space.at[0] != 2 || space.at[1] > 1 || space.at[2] != 0) return false;
    if (space.n != (size_t)4 + 8 * space.at[1]) return false;
    uint64_t n = space.at[1] ? number_at(space.at + 4) : 1;
    out->n = (size_t)n;
    return n < SIZE_MAX;
}

bool hdf5_attribute_of(struct hdf5_part part, const char **name, struct hdf5_cells *out)
{
    enum { NAME_AT = 9 };
    const unsigned char *b = part.body.at;
    if (part.body.n < NAME_AT || b[0] != 3 || b[1] != 0) return false;
    size_t name_size = le16(b + 2), type_size = le16(b + 4), space_size = le16(b + 6);
    size_t value_at = NAME_AT + name_size + type_size + space_size;
    if (value_at > part.body.n || !name_size || b[NAME_AT + name_size - 1] != '\0') return false;
    *name = (const char *)b + NAME_AT;
    struct hdf5_bytes type = {b + NAME_AT + name_size, type_size};
    struct hdf5_bytes space = {type.at + type_size, space_size};
    out->cells = b + value_at;
    return read_type(type, out) && read_space(space, out) &&
           out->n <= (part.body.n - value_at) / out->width;
}

static bool read_layout(struct hdf5_bytes file, struct hdf5_bytes layout, struct hdf5_cells *out,
                        uint64_t *size)
{
    if (layout.n != 18 || layout.at[0] != 3 || layout.at[1] != HDF5_CONTIGUOUS) return false;
    uint64_t where = number_at(layout.at + 2);
    *size = number_at(layout.at + 10);
    out->cells = file.at;
    if (!*size) return true;
    if (*size > file.n || where > file.n - *size) return false;
    out->cells = file.at + where;
    return true;
}

bool hdf5_dataset_of(struct hdf5_object object, struct hdf5_cells *out)
{
    bool has_space = false, has_type = false, has_layout = false;
    uint64_t size = 0;
    for (struct hdf5_part part;;) {
        if (!hdf5_next(&object, &part)) return false;
        if (!part.type) break;
        if (part.type == HDF5_SPACE) has_space = read_space(part.body, out);
        if (part.type == HDF5_TYPE) has_type = read_type(part.body, out);
        if (part.type == HDF5_LAYOUT) has_layout = read_layout(object.file, part.body, out, &size);
    }
    return has_space && has_type && has_layout && size % out->width == 0 &&
           size / out->width == out->n;
}
