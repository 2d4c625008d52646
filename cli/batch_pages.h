/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_BATCH_PAGES_H
#define CLI_BATCH_PAGES_H

#include <gait/gait.h>

/* A page beside every summary of a batch folder, and study.html beside its study; the exit code,
 * after a message if it is not EXIT_DONE. */
int write_batch_pages(const gait_plan *plan, const char *folder);

#endif
