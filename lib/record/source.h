/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_SOURCE_H
#define RECORD_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include <gait/error.h>

/* The bytes of a recording: a file, a file behind gzip, or memory; read forward, hashed while read.
 * Formats whose library wants to seek (sound, HDF5, zip) ask for the path or the bytes instead. */
struct source;

gait_status source_open(struct source **out, const char *path, gait_error *err);
gait_status source_open_memory(struct source **out, const char *name, const void *bytes,
                               size_t size, gait_error *err);
/* Bytes that somebody else yields, such as the member of an archive: fills *n, 0 at the end; like a
 * pipe, read once. */
typedef gait_status source_stream(void *user, void *buffer, size_t room, size_t *n,
                                  gait_error *err);
gait_status source_open_stream(struct source **out, const char *name, source_stream *read,
                               void *user, gait_error *err);

/* Bytes that nobody reads through here: whoever reads the origin notes what it took, for progress
 * and hash. The origin is the caller's. */
gait_status source_open_noted(struct source **out, const char *name, const void *origin,
                              uint64_t size, gait_error *err);
const void *source_origin(const struct source *source);
void source_note(struct source *source, const void *bytes, size_t n);

void source_close(struct source **source);

/* Name for messages; base name; extension in lower case, without a final ".gz". */
const char *source_name(const struct source *source);
const char *source_extension(const struct source *source);

/* The first bytes (at least 64 KiB if there are as many), without moving on; fewer at the end of a
 * short file. */
gait_status source_peek(struct source *source, const unsigned char **head, size_t *n,
                        gait_error *err);

/* Up to room bytes; *n is 0 only at the end. */
gait_status source_read(struct source *source, void *buffer, size_t room, size_t *n,
                        gait_error *err);

/* Back to the first byte; a pipe can only while its head has not been read. */
gait_status source_rewind(struct source *source, gait_error *err);

/* For libraries that seek: a path that is not compressed, or NULL; else the bytes in memory (a
 * compressed or memory source is read whole, at most 2 GiB). Exactly one of path and bytes is set.
 */
gait_status source_random_access(struct source *source, const char **path, const void **bytes,
                                 size_t *size, gait_error *err);

/* Share of the file consumed, 0 to 1. */
double source_progress(const struct source *source);

/* Where and why compressed data ended before their time ("byte 90: the compressed data are
 * damaged"), once all that was there has been delivered; else "". */
const char *source_broken_off(const struct source *source);

/* XXH3-128 of the file's own bytes as 32 hexadecimal digits; reads the rest of the file if need be.
 */
gait_status source_hash(struct source *source, char out[33], gait_error *err);

#endif
