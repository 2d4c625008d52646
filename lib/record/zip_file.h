/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_ZIP_FILE_H
#define RECORD_ZIP_FILE_H

#include <stdbool.h>

#include "record/source.h"

/* Reading members of a ZIP archive, forward, into memory of ours. */
struct zip_file;
struct zip_member;

gait_status zip_file_open(struct zip_file **out, struct source *source, gait_error *err);
void zip_file_close(struct zip_file **file);

/* Name of a member with its folders, as long as the file lives; NULL behind the last. */
const char *zip_file_name(const struct zip_file *file, size_t index);

/* Member of that name, in any case and in any folder: true if there is one. */
bool zip_file_find(const struct zip_file *file, const char *name, size_t *index);

/* A whole member of at most room bytes; more are an error. */
gait_status zip_file_load(struct zip_file *file, size_t index, void *buffer, size_t room, size_t *n,
                          gait_error *err);

/* Several members may be open at a time. */
gait_status zip_member_open(struct zip_member **out, struct zip_file *file, size_t index,
                            gait_error *err);
void zip_member_close(struct zip_member **member);

/* Fills room bytes unless the member ends before; *n is 0 only at its end. A member that swells
 * beyond any recording's compression is an error; one that is cut or damaged just ends, and *cut is
 * set. */
gait_status zip_member_read(struct zip_member *member, void *buffer, size_t room, size_t *n,
                            int *cut, gait_error *err);

#endif
