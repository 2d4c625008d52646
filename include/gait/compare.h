/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_COMPARE_H
#define GAIT_COMPARE_H

#include <stddef.h>

#include <gait/error.h>
#include <gait/summary.h>

/**
 * @file
 * Score detected events and values against a reference.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** One scored quantity. Plain. */
typedef struct gait_score {
    char what[32];      /**< "foot_strike", "toe_off", "contact_time_s", ... */
    char sensor[48];    /**< Sensor of the summary. */
    size_t n_reference; /**< Reference rows. */
    size_t n_detected;  /**< Detections inside the reference's span. */
    size_t n_matched;   /**< Pairs. */
    double precision;   /**< Matched / detected; NaN for values. */
    double recall;      /**< Matched / reference; NaN for values. */
    double f1;          /**< Harmonic mean of the two; NaN for values. */
    double bias; /**< Mean of detected - reference: ms for events, the value's own unit else. */
    double sd;   /**< Standard deviation of it. */
    double rmse; /**< Root mean square of it. */
    double mae;  /**< Mean absolute value of it. */
    double limit_low;       /**< Lower 95 % limit of agreement. */
    double limit_high;      /**< Upper 95 % limit of agreement. */
    double coverage;        /**< Share of pairs within 1.96 x the stated uncertainty; NaN if none is
                               stated. */
    double mean_confidence; /**< Of the detections inside the span; NaN for values. */
    char units[16];         /**< Of bias ... limit_high. */
} gait_score;

/** The scores of one summary against one reference. Opaque. */
typedef struct gait_comparison gait_comparison;

/**
 * Score a summary against a reference file (event,side,time_s,value). Events are matched one to
 * one, nearest first; a detection outside the reference's span by more than the tolerance does not
 * count.
 *
 * @param[out] comparison   set on success; free it with gait_comparison_free()
 * @param[in]  summary      of a session with one sensor, or choose one
 * @param[in]  sensor       NULL: every sensor
 * @param[in]  reference    path of the reference
 * @param[in]  tolerance_s  above 0
 * @param[out] err          may be NULL
 * @return GAIT_OK; GAIT_NOT_FOUND file or sensor; GAIT_FORMAT a row that is not understood;
 * GAIT_INVALID; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_compare(gait_comparison **comparison,
                                                const gait_summary *summary, const char *sensor,
                                                const char *reference, double tolerance_s,
                                                gait_error *err);

/** Score @p index, NULL behind the last. Lives as long as the comparison. Thread-safe: yes. */
GAIT_API const gait_score *gait_comparison_at(const gait_comparison *comparison, size_t index);

/** How many rows of the reference were ignored because their event is not one that is scored.
 * Thread-safe: yes. */
GAIT_API size_t gait_comparison_ignored(const gait_comparison *comparison);

/** Free and set to NULL; accepts NULL. Thread-safe: yes, for different comparisons. */
GAIT_API void gait_comparison_free(gait_comparison **comparison);

#ifdef __cplusplus
}
#endif

#endif
