/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_IS_SUMMARY_H
#define SUMMARY_IS_SUMMARY_H

/* True if the head of the file says so; it may be damaged all the same. */
int is_summary_file(const char *path);

#endif
