/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_METRIC_H
#define GAIT_METRIC_H

#include <stddef.h>

#include <gait/version.h>

/**
 * @file
 * The table of metrics: what is measured on every stride.
 */

#ifdef __cplusplus
extern "C" {
#endif

enum {
    GAIT_MAX_METRICS = 96 /**< Room for per-stride metrics; not all of it is used. */
};

/** One number per stride. Constant, lives as long as the library. */
typedef struct gait_metric {
    const char *key;               /**< Column name; ends in its unit: "contact_time_s". */
    const char *unit;              /**< UCUM-like: "s", "g", "deg/s", "1/min", "%", "1". */
    const char *label;             /**< For people: "Contact time". */
    const char *definition;        /**< One sentence: what it is and over which window. */
    const char *source;            /**< Paper or reason. */
    unsigned placements;           /**< Bit 1 << gait_placement for each placement it exists at. */
    unsigned activities;           /**< Bit 1 << gait_activity for each activity it exists in. */
    int needs_gyro;                /**< 1: only with angular rates. */
    double min_rate_hz;            /**< Native sampling rate below which it is not computed. */
    double resolution;             /**< Differences below this mean nothing. */
    double low;                    /**< Smallest value that a living runner or walker can give. */
    double high;                   /**< Largest such value. */
    double minimal_change_percent; /**< Smallest change or side difference that counts; 0: none. */
    int of_session; /**< 1: the session measures it, with a second sensor on the same clock or with
                       what is known about the person. */
} gait_metric;

/** Row @p index of the metric table, NULL behind the last. Thread-safe: yes. */
GAIT_API const gait_metric *gait_metric_at(size_t index);

/** Position of the metric called @p key in the table, -1 if there is none. Thread-safe: yes. */
GAIT_API int gait_metric_index(const char *key);

#ifdef __cplusplus
}
#endif

#endif
