/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_VERSION_H
#define GAIT_VERSION_H

/**
 * @file
 * The version of the headers, the version of the library, and how symbols are marked.
 */

#define GAIT_VERSION_MAJOR  0 /**< Changes when a program must be changed to compile or link. */
#define GAIT_VERSION_MINOR  1 /**< Changes when something is added. */
#define GAIT_VERSION_PATCH  0 /**< Changes when something is mended. */
#define GAIT_VERSION_STRING "0.1.0" /**< The three numbers as text. */

#if defined(__GNUC__) || defined(__clang__)
#define GAIT_API      __attribute__((visibility("default"))) /**< Exported from the shared library. */
#define GAIT_MUST_USE __attribute__((warn_unused_result))    /**< Ignoring the result is a bug. */
#define GAIT_PRINTF(fmt, args) \
    __attribute__((format(printf, fmt, args))) /**< Checked like printf. */
#else
#define GAIT_API               /**< Exported from the shared library. */
#define GAIT_MUST_USE          /**< Ignoring the result is a bug. */
#define GAIT_PRINTF(fmt, args) /**< Checked like printf. */
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Version of the library that is linked, as "MAJOR.MINOR.PATCH".
 *
 * @return text that lives as long as the library
 *
 * Thread-safe: yes.
 */
GAIT_API const char *gait_version(void);

#ifdef __cplusplus
}
#endif

#endif
