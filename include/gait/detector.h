/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_DETECTOR_H
#define GAIT_DETECTOR_H

#include <stddef.h>

#include <gait/version.h>

/**
 * @file
 * The table of event detectors.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** One way to find foot strikes and toe-offs. Constant, lives as long as the library. */
typedef struct gait_detector {
    const char *name;    /**< "shank-template", "mercer-2003". */
    const char *about;   /**< One sentence. */
    const char *source;  /**< Paper, or where its constants come from. */
    unsigned placements; /**< Bit 1 << gait_placement for each placement it works at. */
    unsigned activities; /**< Bit 1 << gait_activity for each activity it works in. */
    int needs_gyro;      /**< 1: only with angular rates. */
    int is_default;      /**< 1: chosen when nobody names a detector. */
} gait_detector;

/** Row @p index of the detector table, NULL behind the last. Thread-safe: yes. */
GAIT_API const gait_detector *gait_detector_at(size_t index);

/** The detector called @p name, NULL if there is none. Thread-safe: yes. */
GAIT_API const gait_detector *gait_detector_find(const char *name);

#ifdef __cplusplus
}
#endif

#endif
