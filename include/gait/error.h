/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_ERROR_H
#define GAIT_ERROR_H

#include <gait/version.h>

/**
 * @file
 * What went wrong: a status for programs, one sentence for people.
 *
 * Every call that can fail returns a gait_status and takes, as its last argument, a gait_error that
 * the caller owns (usually on the stack) and that may be NULL. The sentence names the file, the
 * place in it, what was found and what was expected. The library never prints, logs, aborts or
 * exits, and it allocates nothing on the error path.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** Outcome of a call; GAIT_OK is 0, everything else is a failure. */
typedef enum gait_status {
    GAIT_OK = 0,        /**< Done. */
    GAIT_NOMEM,         /**< Memory could not be had. */
    GAIT_INVALID,       /**< An argument or option makes no sense. */
    GAIT_NOT_FOUND,     /**< No such file, sensor, table or name. */
    GAIT_IO,            /**< The system failed to read or write. */
    GAIT_CANNOT_CREATE, /**< The output may not be made or replaced. */
    GAIT_FORMAT,        /**< The bytes are not what their format says. */
    GAIT_UNSUPPORTED,   /**< Understood, but not something this library reads or does. */
    GAIT_TOO_SHORT,     /**< Too little data for the question. */
    GAIT_INTERRUPTED    /**< Stopped on request; run it again. */
} gait_status;

/** The sentence that belongs to a failure. Plain; no clean-up. */
typedef struct gait_error {
    gait_status status; /**< The status that was returned; GAIT_OK while nothing failed. */
    char text[252]; /**< One sentence, NUL-terminated, no newline; cut with "..." if too long. */
} gait_error;

/**
 * Name of a status, for logs: "ok", "out of memory", ...
 *
 * @param[in] status any value
 * @return constant text, never NULL
 *
 * Thread-safe: yes.
 */
GAIT_API const char *gait_status_name(gait_status status);

#ifdef __cplusplus
}
#endif

#endif
