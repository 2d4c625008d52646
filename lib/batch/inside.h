/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_INSIDE_H
#define BATCH_INSIDE_H

#include <stddef.h>

/* Whether something named in a source may be read: only plain files inside the source folder. */

enum { REFUSAL_ROOM = 160 };

/* True if the real path is the root or lies in it. */
int is_inside(const char *root, const char *real_path);

/* Why the file may not be read, in out; NULL if it may. root is a real path, file a path from it. A
 * file that is not there is refused, too. */
const char *refuse_file(const char *root, const char *file, char out[REFUSAL_ROOM]);

/* The same for a recording with its sidecar. */
const char *refuse_recording(const char *root, const char *file, char out[REFUSAL_ROOM]);

#endif
