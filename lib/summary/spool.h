/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_SPOOL_H
#define SUMMARY_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include <gait/error.h>

/* A file without a name for what does not fit into memory; it is gone when it is closed. Or any
 * other file that is open for reading. */
struct spool {
    int fd; /* -1: none */
    uint64_t size;
};

/* In that folder, so that a full disk is found out where the result is to go. */
gait_status spool_open(struct spool *spool, const char *folder, gait_error *err);
gait_status spool_add(struct spool *spool, const void *bytes, size_t n, gait_error *err);
gait_status spool_read(const struct spool *spool, uint64_t at, void *bytes, size_t n,
                       gait_error *err);
void spool_close(struct spool *spool);

#endif
