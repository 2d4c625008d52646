/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/settings.h"

#include <string.h>

#include "base/fail.h"

static const gait_setting rows[] = {
#define ROW(key, unit, standard, low, high, about) {#key, unit, standard, low, high, about},
    SETTING_ROWS(ROW)
#undef ROW
};

_Static_assert((int)N_SETTINGS <= (int)GAIT_MAX_SETTINGS, "gait_settings holds every row");

const gait_setting *gait_setting_at(size_t index)
{
    return index < N_SETTINGS ? &rows[index] : NULL;
}

void gait_settings_init(gait_settings *settings)
{
    if (!settings) return;
    memset(settings, 0, sizeof *settings);
    for (size_t i = 0; i < N_SETTINGS; i++) settings->value[i] = rows[i].standard;
}

gait_status settings_check(const gait_settings *settings, gait_error *err)
{
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (!(settings->value[i] >= rows[i].low && settings->value[i] <= rows[i].high))
            return gait_fail(
                err, GAIT_INVALID,
                "the setting %s is %g, expected %g to %g %s; gait_settings_init() sets "
                "every setting",
                rows[i].key, settings->value[i], rows[i].low, rows[i].high, rows[i].unit);
    return GAIT_OK;
}

gait_status gait_settings_set(gait_settings *settings, const char *key, double value,
                              gait_error *err)
{
    NEED(settings);
    NEED(key);
    for (size_t i = 0; i < N_SETTINGS; i++) {
        if (strcmp(rows[i].key, key) != 0) continue;
        if (!(value >= rows[i].low && value <= rows[i].high))
            return gait_fail(err, GAIT_INVALID, "%s is %g, expected %g to %g %s", key, value,
                             rows[i].low, rows[i].high, rows[i].unit);
        settings->value[i] = value;
        return GAIT_OK;
    }
    return gait_fail(err, GAIT_NOT_FOUND,
                     "no setting is called '%s'; gait list settings shows them", key);
}
