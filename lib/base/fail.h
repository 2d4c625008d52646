/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

#include <gait/error.h>

/* Fills err (may be NULL) and returns status, so that `return gait_fail(...)` is one line. */
gait_status gait_fail(gait_error *err, gait_status status, const char *format, ...)
    GAIT_PRINTF(3, 4);

/* Returns at once on failure; only where nothing is owned. */
#define TRY(expr) \
    do { \
        gait_status try_status_ = (expr); \
        if (try_status_ != GAIT_OK) return try_status_; \
    } while (0)

/* What a public call cannot do without. */
#define NEED(pointer) \
    do { \
        if (!(pointer)) return gait_fail(err, GAIT_INVALID, "%s: %s is NULL", __func__, #pointer); \
    } while (0)

#endif
