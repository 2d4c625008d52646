/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_FILE_H
#define SUMMARY_FILE_H

#include <stddef.h>

#include <gait/error.h>

/* Whole files in and out. */

/* Reads a regular file of at most `most` bytes; the bytes are malloc'd and the caller's.
 * GAIT_NOT_FOUND, GAIT_IO, GAIT_FORMAT when too long, GAIT_NOMEM. */
gait_status file_load(const char *path, size_t most, void **bytes, size_t *size, gait_error *err);

/* Writes a file whole or not at all: to .NAME.tmp beside it, synced, renamed. What a link points
 * to is replaced, not the link. GAIT_CANNOT_CREATE, GAIT_IO, GAIT_NOMEM; then nothing is left
 * behind and an older file is as it was. */
gait_status file_store(const char *path, const void *bytes, size_t size, gait_error *err);

#endif
