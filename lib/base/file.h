/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include <gait/error.h>

/* Whole files in and out. */

/* Reads a regular file of at most `most` bytes; the bytes are malloc'd and the caller's.
 * GAIT_NOT_FOUND, GAIT_IO, GAIT_FORMAT when too long, GAIT_NOMEM. */
gait_status file_load(const char *path, size_t most, void **bytes, size_t *size, gait_error *err);

/* The first bytes of a file, at most so many, without waiting for anybody: how many were read. */
size_t file_head(const char *path, void *head, size_t most);

/* file_load in steps, for many files one after the other: opens a regular file, not waiting for
 * anybody if it is none. The descriptor is the caller's. GAIT_NOT_FOUND, GAIT_IO, GAIT_FORMAT. */
gait_status file_open(const char *path, int *fd, gait_error *err);

/* Room for one file at a time. Zero it; free bytes in the end. */
struct file_buffer {
    void *bytes;
    size_t size, room;
};

/* Reads the open file whole; path is for messages. */
gait_status file_read(int fd, const char *path, size_t most, struct file_buffer *to,
                      gait_error *err);

/* Writes a file whole or not at all: to .NAME.tmp beside it, synced, renamed. What a link points
 * to is replaced, not the link. GAIT_CANNOT_CREATE, GAIT_IO, GAIT_NOMEM; then nothing is left
 * behind and an older file is as it was. */
gait_status file_store(const char *path, const void *bytes, size_t size, gait_error *err);

/* True if both names lead to one file or folder that is there. */
int file_is_same(const char *one, const char *other);

/* Removes a temporary that nobody is writing; 1 if it is gone. */
int file_sweep(const char *temporary);

/* The same in steps, for files that do not fit into memory. */
struct file_draft {
    char *name;      /* as given, for messages */
    char *path;      /* links followed */
    char *folder;    /* "." if the path has none */
    char *temporary; /* .NAME.tmp beside it */
    int fd;          /* of the temporary, open for reading and writing; -1: none */
    uint64_t size;   /* written */
    uint64_t behind; /* of it, on its way to the disk */
};

gait_status file_draft_begin(struct file_draft *draft, const char *path, gait_error *err);
gait_status file_draft_write(struct file_draft *draft, const void *bytes, size_t size,
                             gait_error *err);

/* Synced, but not yet under its name. */
gait_status file_draft_seal(struct file_draft *draft, gait_error *err);

/* A sealed draft gets its name. */
gait_status file_draft_publish(struct file_draft *draft, gait_error *err);

/* Takes back what was not published, frees the rest; a zeroed draft is accepted. */
void file_draft_end(struct file_draft *draft);

#endif
