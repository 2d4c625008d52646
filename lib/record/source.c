/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/inflate.h"

enum { HEAD_SIZE = 1 << 16, PACKED_SIZE = 1 << 16, EXTENSION_ROOM = 16 };

static const uint64_t most_in_memory = UINT64_C(1) << 31;
static const uint64_t trusted_size = UINT64_C(64) << 20; /* below it no ratio is suspicious */
static const uint64_t most_ratio = 1000;                 /* deflate itself stops at 1032 */

struct source {
    char *name;
    char extension[EXTENSION_ROOM];
    int fd;                      /* -1: in memory */
    int can_seek;                /* a regular file or memory */
    const unsigned char *memory; /* the caller's */
    source_stream *stream;       /* NULL: a file or memory */
    void *stream_user;
    const void *origin; /* what is read past us; NULL: nothing */
    uint64_t size;      /* of the file itself; 0 for a pipe */
    uint64_t raw_at;    /* bytes of the file itself read so far */
    uint64_t hashed_to; /* bytes of the file itself hashed so far */
    XXH3_state_t *hash;
    int gzip;
    struct inflater inflater;
    unsigned char *packed; /* PACKED_SIZE bytes on their way into it */
    int plain_ended;
    char broken_off[64]; /* where and why, if not at the end */
    uint64_t plain_out;  /* decompressed bytes so far */
    unsigned char head[HEAD_SIZE];
    size_t n_head, head_at; /* bytes kept from the start; how many of them were read */
    int past_head;          /* something behind them was read, too */
    unsigned char *whole;   /* decompressed, for random access */
};

static gait_status read_failed(const struct source *s, gait_error *err)
{
    return gait_fail(err, GAIT_IO, "%s: byte %llu: cannot read: %s", s->name,
                     (unsigned long long)s->raw_at, strerror(errno));
}

/* Each byte is hashed once, however often the file is read. */
static void note_raw(struct source *s, const void *bytes, size_t n)
{
    uint64_t end = s->raw_at + n;
    if (end > s->hashed_to) {
        size_t old = s->hashed_to > s->raw_at ? (size_t)(s->hashed_to - s->raw_at) : 0;
        XXH3_128bits_update(s->hash, (const unsigned char *)bytes + old, n - old);
        s->hashed_to = end;
    }
    s->raw_at = end;
}

/* Bytes of the file itself. */
static gait_status read_raw(struct source *s, void *buffer, size_t room, size_t *n, gait_error *err)
{
    size_t got;
    if (s->stream) {
        TRY(s->stream(s->stream_user, buffer, room, &got, err));
    } else if (s->origin) {
        got = 0;
    } else if (s->fd < 0) {
        got = s->size - s->raw_at < room ? (size_t)(s->size - s->raw_at) : room;
        if (got) memcpy(buffer, s->memory + s->raw_at, got);
    } else {
        ssize_t bytes;
        do bytes = read(s->fd, buffer, room);
        while (bytes < 0 && errno == EINTR);
        if (bytes < 0) return read_failed(s, err);
        got = (size_t)bytes;
    }
    note_raw(s, buffer, got);
    *n = got;
    return GAIT_OK;
}

static gait_status no_memory(const struct source *s, gait_error *err)
{
    return gait_fail(err, GAIT_NOMEM, "%s: no memory to decompress", s->name);
}

static gait_status start_inflating(struct source *s, gait_error *err)
{
    if (!s->packed) s->packed = malloc(PACKED_SIZE);
    if (!s->packed) return no_memory(s, err);
    if (s->inflater.state)
        inflater_restart(&s->inflater);
    else if (!inflater_open(&s->inflater, INFLATE_GZIP))
        return no_memory(s, err);
    s->inflater.n_in = 0;
    return GAIT_OK;
}

static gait_status refill(struct source *s, gait_error *err)
{
    size_t n;
    TRY(read_raw(s, s->packed, PACKED_SIZE, &n, err));
    s->inflater.in = s->packed;
    s->inflater.n_in = n;
    return GAIT_OK;
}

/* A gzip file may be several, one behind the other; anything else behind the end is padding. */
static gait_status next_member(struct source *s, gait_error *err)
{
    if (!s->inflater.n_in) TRY(refill(s, err));
    if (!s->inflater.n_in || s->inflater.in[0] != 0x1f)
        s->plain_ended = 1;
    else
        inflater_restart(&s->inflater);
    return GAIT_OK;
}

/* What came before damage is worth having. */
static void break_off(struct source *s, const char *why)
{
    s->plain_ended = 1;
    text_print(s->broken_off, sizeof s->broken_off, "byte %llu: the compressed data %s",
               (unsigned long long)(s->raw_at - s->inflater.n_in), why);
}

static gait_status check_ratio(const struct source *s, gait_error *err)
{
    if (s->plain_out <= trusted_size || s->plain_out / most_ratio <= s->raw_at) return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT,
                     "%s: byte %llu: the compressed data swell more than %llu times; not a "
                     "recording",
                     s->name, (unsigned long long)s->raw_at, (unsigned long long)most_ratio);
}

static gait_status read_inflated(struct source *s, void *buffer, size_t room, size_t *n,
                                 gait_error *err)
{
    struct inflater *z = &s->inflater;
    z->out = buffer;
    z->n_out = room;
    while (z->n_out == room && !s->plain_ended) {
        enum inflated done = inflate_some(z); /* it may owe bytes of what it has taken in already */
        if (done == INFLATED_END) TRY(next_member(s, err));
        if (done == INFLATED_BAD) break_off(s, "are damaged");
        if (done == INFLATED_SOME && z->n_out == room && !z->n_in) {
            TRY(refill(s, err));
            if (!z->n_in) break_off(s, "end early");
        }
    }
    *n = room - z->n_out;
    s->plain_out += *n;
    return check_ratio(s, err);
}

static gait_status read_plain(struct source *s, void *buffer, size_t room, size_t *n,
                              gait_error *err)
{
    return s->gzip ? read_inflated(s, buffer, room, n, err) : read_raw(s, buffer, room, n, err);
}

/* The first two bytes of the file itself decide, whatever it is called. */
static gait_status fill_head(struct source *s, gait_error *err)
{
    size_t n;
    do {
        TRY(read_raw(s, s->head + s->n_head, HEAD_SIZE - s->n_head, &n, err));
        s->n_head += n;
    } while (n && s->n_head < HEAD_SIZE);
    s->gzip = s->n_head >= 3 && s->head[0] == 0x1f && s->head[1] == 0x8b && s->head[2] == 8;
    if (!s->gzip) return GAIT_OK;

    TRY(start_inflating(s, err));
    memcpy(s->packed, s->head, s->n_head);
    s->inflater.in = s->packed;
    s->inflater.n_in = s->n_head;
    s->n_head = 0;
    do {
        TRY(read_inflated(s, s->head + s->n_head, HEAD_SIZE - s->n_head, &n, err));
        s->n_head += n;
    } while (n && s->n_head < HEAD_SIZE);
    if (!s->n_head && *s->broken_off)
        return gait_fail(err, GAIT_FORMAT, "%s: %s", s->name, s->broken_off);
    return GAIT_OK;
}

static void take_extension(struct source *s)
{
    char base[256];
    text_print(base, sizeof base, "%s", text_base_name(s->name));
    size_t n = strlen(base);
    if (text_ends_with(base, ".gz")) base[n - 3] = '\0';
    const char *dot = strrchr(base, '.');
    text_print(s->extension, sizeof s->extension, "%s", dot ? dot + 1 : "");
    for (char *c = s->extension; *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
}

static gait_status new_source(struct source **out, const char *name, gait_error *err)
{
    struct source *s = calloc(1, sizeof *s);
    size_t room = strlen(name) + 1;
    if (!s) return gait_fail(err, GAIT_NOMEM, "%s: no memory to open it", name);
    s->fd = -1;
    s->name = malloc(room);
    s->hash = XXH3_createState();
    if (!s->name || !s->hash) {
        source_close(&s);
        return gait_fail(err, GAIT_NOMEM, "%s: no memory to open it", name);
    }
    memcpy(s->name, name, room);
    take_extension(s);
    XXH3_128bits_reset(s->hash);
    *out = s;
    return GAIT_OK;
}

static gait_status open_file(struct source *s, gait_error *err)
{
    struct stat about;
    s->fd = open(s->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (s->fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return gait_fail(err, GAIT_NOT_FOUND, "%s: no such file", s->name);
    if (s->fd < 0 || fstat(s->fd, &about) != 0)
        return gait_fail(err, GAIT_IO, "%s: cannot open: %s", s->name, strerror(errno));
    if (S_ISDIR(about.st_mode))
        return gait_fail(err, GAIT_FORMAT, "%s: is a folder; expected a recording", s->name);
    s->can_seek = S_ISREG(about.st_mode);
    s->size = s->can_seek && about.st_size > 0 ? (uint64_t)about.st_size : 0;
    return GAIT_OK;
}

gait_status source_open(struct source **out, const char *path, gait_error *err)
{
    struct source *s;
    TRY(new_source(&s, path, err));
    gait_status st = open_file(s, err);
    if (!st) st = fill_head(s, err);
    if (st)
        source_close(&s);
    else
        *out = s;
    return st;
}

gait_status source_open_memory(struct source **out, const char *name, const void *bytes,
                               size_t size, gait_error *err)
{
    struct source *s;
    TRY(new_source(&s, name, err));
    s->memory = bytes;
    s->size = size;
    s->can_seek = 1;
    gait_status st = fill_head(s, err);
    if (st)
        source_close(&s);
    else
        *out = s;
    return st;
}

gait_status source_open_stream(struct source **out, const char *name, source_stream *read,
                               void *user, gait_error *err)
{
    struct source *s;
    TRY(new_source(&s, name, err));
    s->stream = read;
    s->stream_user = user;
    gait_status st = fill_head(s, err);
    if (st)
        source_close(&s);
    else
        *out = s;
    return st;
}

gait_status source_open_noted(struct source **out, const char *name, const void *origin,
                              uint64_t size, gait_error *err)
{
    struct source *s;
    TRY(new_source(&s, name, err));
    s->origin = origin;
    s->size = size;
    s->can_seek = 1;
    *out = s;
    return GAIT_OK;
}

const void *source_origin(const struct source *source)
{
    return source->origin;
}

void source_note(struct source *source, const void *bytes, size_t n)
{
    note_raw(source, bytes, n);
    source->past_head = 1;
}

void source_close(struct source **source)
{
    struct source *s = *source;
    if (!s) return;
    inflater_close(&s->inflater);
    if (s->fd >= 0) close(s->fd);
    XXH3_freeState(s->hash);
    free(s->whole);
    free(s->packed);
    free(s->name);
    free(s);
    *source = NULL;
}

const char *source_name(const struct source *source)
{
    return source->name;
}

const char *source_extension(const struct source *source)
{
    return source->extension;
}

gait_status source_peek(struct source *source, const unsigned char **head, size_t *n,
                        gait_error *err)
{
    (void)err;
    *head = source->head;
    *n = source->n_head;
    return GAIT_OK;
}

gait_status source_read(struct source *source, void *buffer, size_t room, size_t *n,
                        gait_error *err)
{
    size_t kept = source->n_head - source->head_at;
    if (!kept) {
        TRY(read_plain(source, buffer, room, n, err));
        source->past_head |= *n > 0;
        return GAIT_OK;
    }
    *n = kept < room ? kept : room;
    memcpy(buffer, source->head + source->head_at, *n);
    source->head_at += *n;
    return GAIT_OK;
}

/* As long as nothing behind the head was read, going back needs no seek: a pipe can do that. */
gait_status source_rewind(struct source *source, gait_error *err)
{
    struct source *s = source;
    if (!s->past_head) {
        s->head_at = 0;
        return GAIT_OK;
    }
    if (!s->can_seek)
        return gait_fail(err, GAIT_UNSUPPORTED, "%s: cannot be read twice; save it to a file first",
                         s->name);
    if (s->fd >= 0 && lseek(s->fd, 0, SEEK_SET) < 0) return read_failed(s, err);
    s->raw_at = s->plain_out = 0;
    s->n_head = s->head_at = 0;
    s->plain_ended = s->past_head = 0;
    s->broken_off[0] = '\0';
    return fill_head(s, err);
}

static gait_status read_whole(struct source *s, gait_error *err)
{
    size_t room = 1u << 20, used = 0, n;
    TRY(source_rewind(s, err));
    s->whole = malloc(room);
    while (s->whole) {
        TRY(source_read(s, s->whole + used, room - used, &n, err));
        used += n;
        if (!n) break;
        if (used < room) continue;
        if (room >= most_in_memory)
            return gait_fail(err, GAIT_UNSUPPORTED, "%s: more than 2 GiB when decompressed",
                             s->name);
        unsigned char *bigger = realloc(s->whole, 2 * room);
        if (!bigger) free(s->whole);
        s->whole = bigger;
        room *= 2;
    }
    if (!s->whole) return gait_fail(err, GAIT_NOMEM, "%s: no memory to decompress", s->name);
    s->plain_out = used;
    return GAIT_OK;
}

gait_status source_random_access(struct source *source, const char **path, const void **bytes,
                                 size_t *size, gait_error *err)
{
    struct source *s = source;
    *path = NULL;
    *bytes = NULL;
    *size = 0;
    if (s->fd >= 0 && s->can_seek && !s->gzip) {
        *path = s->name;
        *size = (size_t)s->size;
        return GAIT_OK;
    }
    if (s->fd < 0 && !s->gzip && !s->stream) {
        *bytes = s->memory;
        *size = (size_t)s->size;
        return GAIT_OK;
    }
    if (!s->whole) TRY(read_whole(s, err));
    *bytes = s->whole;
    *size = (size_t)s->plain_out;
    return GAIT_OK;
}

double source_progress(const struct source *source)
{
    const struct source *s = source;
    if (!s->size) return 0;
    uint64_t waiting = s->n_head - s->head_at; /* read, but nobody has seen them yet */
    if (s->gzip) waiting = waiting ? s->raw_at : 0;
    return (double)(s->raw_at - waiting) / (double)s->size;
}

const char *source_broken_off(const struct source *source)
{
    return source->broken_off;
}

gait_status source_hash(struct source *source, char out[33], gait_error *err)
{
    struct source *s = source;
    unsigned char *buffer = malloc(PACKED_SIZE);
    if (!buffer) return gait_fail(err, GAIT_NOMEM, "%s: no memory to read on", s->name);
    gait_status st = GAIT_OK;
    for (size_t n = 1; n && !st;) st = read_raw(s, buffer, PACKED_SIZE, &n, err);
    free(buffer);
    if (st) return st;
    XXH128_hash_t hash = XXH3_128bits_digest(s->hash);
    text_print(out, 33, "%016llx%016llx", (unsigned long long)hash.high64,
               (unsigned long long)hash.low64);
    return GAIT_OK;
}
