/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_IS_SUMMARY_H
#define SUMMARY_IS_SUMMARY_H

#include <gait/error.h>

/* True if the head of the file says so; it may be damaged all the same. */
int is_summary_file(const char *path);

/* A summary may be replaced by another, and nothing else: GAIT_CANNOT_CREATE. */
gait_status may_replace(const char *path, gait_error *err);

#endif
