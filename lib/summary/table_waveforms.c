/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/tables.h"

#include <math.h>

#include "base/text.h"
#include "gait/measure/mean_stride.h"

/* The mean stride of each limb, running, or walking where nobody ran. */

static const struct column_about first_columns[] = {
    WORDS("side", "Side", "Which limb's strides, as far as told apart"),
    WORDS("activity", "Activity", "walk or run"),
    NUMBER("phase", "%", "Phase", "Time since foot strike over the time to the next one"),
    COUNT("n", "Strides", "Strides that the mean is of"),
};

static const char axis_source[] = "mean and standard deviation over strides of equal phase";

static const struct {
    const char *name, *sd_name, *long_name, *sd_long_name, *description;
} axes[STRIDE_AXES] = {
    [STRIDE_FORWARD] = {"forward_g", "forward_sd_g", "Forward", "Forward, standard deviation",
                        "Specific force forward"},
    [STRIDE_UP] = {"up_g", "up_sd_g", "Up", "Up, standard deviation",
                   "Specific force up, along the limb"},
    [STRIDE_RIGHT] = {"right_g", "right_sd_g", "Right", "Right, standard deviation",
                      "Specific force to the right"},
    [STRIDE_RESULTANT] = {"resultant_g", "resultant_sd_g", "Resultant",
                          "Resultant, standard deviation", "Length of the specific force"},
};

/* The run, or the walk of a sensor that nobody ran with; NULL: neither on that side. */
static const struct mean_stride *mean_of(const struct sensor_result *sensor, int side,
                                         gait_activity *activity)
{
    *activity = GAIT_WALK;
    for (int s = 0; s < GAIT_N_SIDES; s++)
        if (sensor->mean_stride[GAIT_RUN][s]) *activity = GAIT_RUN;
    const struct mean_stride *mean = sensor->mean_stride[*activity][side];
    return mean && mean->n[STRIDE_RESULTANT] ? mean : NULL;
}

static size_t count_means(const gait_session *session)
{
    size_t n = 0;
    gait_activity activity;
    for (size_t i = 0; i < session->n_sensors; i++)
        for (int side = 0; side < GAIT_N_SIDES; side++)
            n += mean_of(&session->sensors[i], side, &activity) != NULL;
    return n;
}

static gait_status add_columns(gait_summary *summary, struct table *table)
{
    if (table_add_columns(summary, table, first_columns, N_ROWS_OF(first_columns)))
        return GAIT_NOMEM;
    for (size_t k = 0; k < STRIDE_AXES; k++) {
        struct column_about mean =
            NUMBER(axes[k].name, "g", axes[k].long_name, axes[k].description);
        struct column_about sd =
            NUMBER(axes[k].sd_name, "g", axes[k].sd_long_name, axes[k].description);
        mean.source = sd.source = axis_source;
        if (!table_add_column(summary, table, &mean) || !table_add_column(summary, table, &sd))
            return GAIT_NOMEM;
    }
    return GAIT_OK;
}

static void fill(struct table *table, size_t first, const struct mean_stride *mean, int side,
                 gait_activity activity)
{
    for (size_t p = 0; p < STRIDE_PHASES; p++) {
        texts_of(table, "side")[first + p] = gait_side_name((gait_side)side);
        texts_of(table, "activity")[first + p] = gait_activity_name(activity);
        doubles_of(table, "phase")[first + p] = 100.0 * (double)p / (STRIDE_PHASES - 1);
        integers_of(table, "n")[first + p] = (int64_t)mean->n[STRIDE_RESULTANT];
        for (size_t k = 0; k < STRIDE_AXES; k++) {
            doubles_of(table, axes[k].name)[first + p] = mean_stride_g(mean, p, k);
            doubles_of(table, axes[k].sd_name)[first + p] = mean_stride_sd_g(mean, p, k);
        }
    }
}

gait_status add_waveforms(gait_summary *summary, const gait_session *session, struct arena *tmp)
{
    static const struct table_about about = {
        "waveforms", "One row per phase of the mean stride, sensor and side", "resultant_g"};
    (void)tmp;
    struct table *table =
        begin_table(summary, session, &about, STRIDE_PHASES * count_means(session),
                    1 + N_ROWS_OF(first_columns) + 2 * (size_t)STRIDE_AXES);
    if (!table || add_sensor_key(summary, table) || add_columns(summary, table)) return GAIT_NOMEM;
    size_t row = 0;
    for (size_t i = 0; i < session->n_sensors; i++)
        for (int side = 0; side < GAIT_N_SIDES; side++) {
            gait_activity activity;
            const struct mean_stride *mean = mean_of(&session->sensors[i], side, &activity);
            if (!mean) continue;
            if (set_sensor(summary, table, row, STRIDE_PHASES, &session->sensors[i]))
                return GAIT_NOMEM;
            fill(table, row, mean, side, activity);
            row += STRIDE_PHASES;
        }
    return GAIT_OK;
}
