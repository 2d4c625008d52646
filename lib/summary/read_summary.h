/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_READ_SUMMARY_H
#define SUMMARY_READ_SUMMARY_H

#include "base/file.h"
#include "summary/columns.h"

/* gait_summary_read() for some of the tables. */
gait_status summary_load(gait_summary **summary, const char *path,
                         const struct columns_wanted *wanted, gait_error *err);

/* The same of an open file, into a buffer that is used again for the next. */
gait_status summary_load_open(gait_summary **summary, int fd, const char *path,
                              const struct columns_wanted *wanted, struct file_buffer *buffer,
                              gait_error *err);

#endif
