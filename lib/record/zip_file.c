/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/zip_file.h"

#include <stdbool.h>
#include <stdlib.h>

#include <zlib.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/inflate.h"
#include "record/libzip.h"

LIBRARY_DEFINE(libzip, zip_, ZIP_SYMBOLS, LIBZIP_FILE);

enum { MOST_RATIO = 1000, PACKED_SIZE = 1 << 16 };

static const uint64_t trusted_bytes = UINT64_C(64) << 20; /* below it no ratio is suspicious */

struct zip_file {
    zip_t *archive;
    const char *name;
};

struct zip_member {
    const struct zip_file *file;
    zip_file_t *stream;
    const char *name;
    uint64_t packed, read; /* bytes */
    int ended;
    struct inflater inflater; /* closed if libzip itself gives the bytes as they are */
    enum inflated last;
    uint32_t crc, expected_crc;
    unsigned char waiting[PACKED_SIZE];
};

static zip_t *open_memory(const void *bytes, size_t size, zip_error_t *why)
{
    zip_source_t *memory = libzip.source_buffer_create(bytes, size, 0, why);
    if (!memory) return NULL;
    zip_t *archive = libzip.open_from_source(memory, ZIP_RDONLY, why);
    if (!archive) libzip.source_free(memory);
    return archive;
}

static zip_t *open_path(const char *path, zip_error_t *why)
{
    int code = 0;
    zip_t *archive = libzip.open(path, ZIP_RDONLY, &code);
    if (!archive) libzip.error_init_with_code(why, code);
    return archive;
}

gait_status zip_file_open(struct zip_file **out, struct source *source, gait_error *err)
{
    const char *path = NULL, *name = source_name(source);
    const void *bytes = NULL;
    size_t size = 0;
    zip_error_t why;
    TRY(libzip_load(err));
    TRY(source_random_access(source, &path, &bytes, &size, err));
    struct zip_file *file = calloc(1, sizeof *file);
    if (!file) return gait_fail(err, GAIT_NOMEM, "%s", name);
    libzip.error_init(&why);
    file->name = name;
    file->archive = path ? open_path(path, &why) : open_memory(bytes, size, &why);
    gait_status st = file->archive
                         ? GAIT_OK
                         : gait_fail(err, GAIT_FORMAT, "%s: not a readable ZIP archive: %s", name,
                                     libzip.error_strerror(&why));
    libzip.error_fini(&why);
    if (st) zip_file_close(&file);
    if (!st) *out = file;
    return st;
}

void zip_file_close(struct zip_file **file)
{
    if (!*file) return;
    if ((*file)->archive) libzip.discard((*file)->archive);
    free(*file);
    *file = NULL;
}

const char *zip_file_name(const struct zip_file *file, size_t index)
{
    zip_int64_t n = libzip.get_num_entries(file->archive, 0);
    if (n < 0 || index >= (size_t)n) return NULL;
    const char *name = libzip.get_name(file->archive, index, 0);
    return name ? name : "";
}

bool zip_file_find(const struct zip_file *file, const char *name, size_t *index)
{
    const char *found;
    for (size_t i = 0; (found = zip_file_name(file, i)); i++) {
        if (!text_equal(text_base_name(found), name)) continue;
        *index = i;
        return true;
    }
    return false;
}

/* What is deflated is inflated here, which can be faster than libzip. */
static bool open_stream(struct zip_member *member, const struct zip_file *file, size_t index)
{
    zip_stat_t about;
    const unsigned known =
        ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_CRC | ZIP_STAT_ENCRYPTION_METHOD;
    if (libzip.stat_index(file->archive, index, 0, &about) != 0) return false;
    if (about.valid & ZIP_STAT_COMP_SIZE) member->packed = about.comp_size;
    bool ours = (about.valid & known) == known && about.comp_method == ZIP_CM_DEFLATE &&
                about.encryption_method == ZIP_EM_NONE;
    if (ours && !inflater_open(&member->inflater, INFLATE_BARE)) return false;
    member->expected_crc = about.crc;
    member->stream = libzip.fopen_index(file->archive, index, ours ? ZIP_FL_COMPRESSED : 0);
    return member->stream != NULL;
}

gait_status zip_member_open(struct zip_member **out, struct zip_file *file, size_t index,
                            gait_error *err)
{
    struct zip_member *member = calloc(1, sizeof *member);
    if (!member) return gait_fail(err, GAIT_NOMEM, "%s", file->name);
    member->file = file;
    member->name = zip_file_name(file, index);
    if (!open_stream(member, file, index)) {
        inflater_close(&member->inflater);
        free(member);
        return gait_fail(err, GAIT_FORMAT, "%s: member %s cannot be opened: %s", file->name,
                         zip_file_name(file, index), libzip.strerror(file->archive));
    }
    *out = member;
    return GAIT_OK;
}

void zip_member_close(struct zip_member **member)
{
    if (!*member) return;
    libzip.fclose((*member)->stream);
    inflater_close(&(*member)->inflater);
    free(*member);
    *member = NULL;
}

/* The next packed bytes; false at their end. */
static bool refill(struct zip_member *member)
{
    zip_int64_t got = libzip.fread(member->stream, member->waiting, sizeof member->waiting);
    member->inflater.in = member->waiting;
    member->inflater.n_in = got > 0 ? (size_t)got : 0;
    return got > 0;
}

/* Bytes of the member, 0 at its end; negative if it is damaged or cut. */
static zip_int64_t read_some(struct zip_member *member, unsigned char *out, size_t room)
{
    struct inflater *z = &member->inflater;
    if (!z->state) return libzip.fread(member->stream, out, room);
    z->out = out;
    z->n_out = room;
    while (member->last == INFLATED_SOME && z->n_out == room) {
        member->last = inflate_some(z); /* it may owe bytes of what it has taken in already */
        bool is_hungry = member->last == INFLATED_SOME && z->n_out == room && !z->n_in;
        if (is_hungry && !refill(member)) member->last = INFLATED_BAD;
    }
    size_t n = room - z->n_out;
    member->crc = (uint32_t)crc32_z(member->crc, out, n);
    if (n) return (zip_int64_t)n;
    return member->last == INFLATED_END && member->crc == member->expected_crc ? 0 : -1;
}

gait_status zip_member_read(struct zip_member *member, void *buffer, size_t room, size_t *n,
                            int *cut, gait_error *err)
{
    unsigned char *out = buffer;
    *n = 0;
    while (*n < room && !member->ended) {
        zip_int64_t got = read_some(member, out + *n, room - *n);
        if (got < 0) *cut = 1;
        if (got <= 0) member->ended = 1;
        if (got > 0) *n += (size_t)got;
    }
    member->read += *n;
    if (member->read <= trusted_bytes || member->read / MOST_RATIO <= member->packed)
        return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT, "%s: member %s swells more than %d times; not a recording",
                     member->file->name, member->name, (int)MOST_RATIO);
}

gait_status zip_file_load(struct zip_file *file, size_t index, void *buffer, size_t room, size_t *n,
                          gait_error *err)
{
    struct zip_member *member = NULL;
    unsigned char more;
    size_t n_more = 0;
    int cut = 0;
    TRY(zip_member_open(&member, file, index, err));
    gait_status st = zip_member_read(member, buffer, room, n, &cut, err);
    if (!st) st = zip_member_read(member, &more, 1, &n_more, &cut, err);
    if (!st && n_more)
        st = gait_fail(err, GAIT_FORMAT, "%s: member %s is longer than %zu bytes", file->name,
                       member->name, room);
    zip_member_close(&member);
    return st;
}
