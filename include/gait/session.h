/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SESSION_H
#define GAIT_SESSION_H

#include <stddef.h>

#include <gait/analysis.h>
#include <gait/error.h>
#include <gait/finding.h>
#include <gait/recording.h>

/**
 * @file
 * One person's run: one or several sensors, their results, and what is worth telling.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** What holds for the whole session. Plain; initialise it. */
typedef struct gait_session_options {
    const char *subject_id; /**< NULL: from the recordings. */
    const char *session_id; /**< NULL: from the recordings. */
    const char *detector;   /**< NULL: the default of each sensor. */
    gait_settings settings; /**< Limits and constants. */
    double mass_kg;         /**< NaN: from the recordings. */
    double height_m;        /**< NaN: from the recordings. */
    double speed_mps;       /**< NaN: from the recordings. */
    double distance_m;      /**< NaN: from the recordings. */
    void (*progress)(void *context,
                     double share);    /**< Called now and then with 0 to 1; may be NULL. */
    int (*interrupted)(void *context); /**< Not 0: stop with GAIT_INTERRUPTED; may be NULL. */
    void *context;                     /**< For the two calls above. */
} gait_session_options;

/** Set every field to "unknown" and every setting to its standard value. Thread-safe: yes. */
GAIT_API void gait_session_options_init(gait_session_options *options);

/** One session. Opaque; one thread at a time. */
typedef struct gait_session gait_session;

/**
 * Begin a session.
 *
 * @param[out] session set on success; free it with gait_session_free()
 * @param[in]  options NULL: defaults; copied
 * @param[out] err     may be NULL
 * @return GAIT_OK; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_session_new(gait_session **session,
                                                    const gait_session_options *options,
                                                    gait_error *err);

/**
 * Read a whole recording, analyse it and keep its results.
 *
 * @param[in]     session   not judged yet
 * @param[in,out] recording freshly opened; read to its end, still the caller's to close
 * @param[out]    err       may be NULL
 * @return GAIT_OK; GAIT_INVALID placement unknown, another subject, or a recording that was read
 *         already; whatever reading returns; GAIT_INTERRUPTED; GAIT_NOMEM
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_session_add(gait_session *session,
                                                    gait_recording *recording, gait_error *err);

/**
 * Put the sensors on one clock, compare the sides and apply the rules; once, after the last
 * recording.
 *
 * @return GAIT_OK; GAIT_INVALID no recording, or judged already; GAIT_NOMEM
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_session_judge(gait_session *session, gait_error *err);

/**
 * What is worth telling, most severe first.
 *
 * @param[in]  session judged
 * @param[out] n       how many
 * @return n findings that live as long as the session
 *
 * Thread-safe: yes, after judging.
 */
GAIT_API const gait_finding *gait_session_findings(const gait_session *session, size_t *n);

/** Free and set to NULL; accepts NULL. Thread-safe: yes, for different sessions. */
GAIT_API void gait_session_free(gait_session **session);

#ifdef __cplusplus
}
#endif

#endif
