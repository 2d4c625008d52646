/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SETTING_H
#define GAIT_SETTING_H

#include <stddef.h>

#include <gait/error.h>

/**
 * @file
 * Every limit and constant that a user may change, by name.
 */

#ifdef __cplusplus
extern "C" {
#endif

enum {
    GAIT_MAX_SETTINGS = 96 /**< Room in gait_settings; not all of it is used. */
};

/** One setting. Constant, lives as long as the library. */
typedef struct gait_setting {
    const char *key;   /**< Ends in its unit: "overpronation_note_deg". */
    const char *unit;  /**< UCUM: "deg", "s", "%", "1". */
    double standard;   /**< Value when nobody says otherwise. */
    double low;        /**< Smallest value accepted. */
    double high;       /**< Largest value accepted. */
    const char *about; /**< One sentence. */
} gait_setting;

/** The value of every setting, in the order of the table. Plain; copy it freely. */
typedef struct gait_settings {
    double value[GAIT_MAX_SETTINGS]; /**< value[i] belongs to gait_setting_at(i). */
} gait_settings;

/** Row @p index of the setting table, NULL behind the last. Thread-safe: yes. */
GAIT_API const gait_setting *gait_setting_at(size_t index);

/** Set every setting to its standard value. Thread-safe: yes. */
GAIT_API void gait_settings_init(gait_settings *settings);

/**
 * Change one setting.
 *
 * @param[in,out] settings not NULL
 * @param[in]     key      from the table
 * @param[in]     value    within the limits of its row
 * @param[out]    err      may be NULL
 * @return GAIT_OK; GAIT_NOT_FOUND no such key; GAIT_INVALID outside its limits (nothing changed)
 *
 * Thread-safe: yes, for different settings.
 */
GAIT_API GAIT_MUST_USE gait_status gait_settings_set(gait_settings *settings, const char *key,
                                                     double value, gait_error *err);

#ifdef __cplusplus
}
#endif

#endif
