/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/measure.h"

#include <string.h>

/* To add a metric: write a measure_fn and its const struct metric in
 * lib/gait/measure/metric_NAME.c, then name it here twice. */
extern const struct metric metric_stride_time;
extern const struct metric metric_step_time;
extern const struct metric metric_contact_time;
extern const struct metric metric_flight_time;
extern const struct metric metric_duty_factor;
extern const struct metric metric_cadence;
extern const struct metric metric_peak_accel_axial;
extern const struct metric metric_peak_accel_resultant;
extern const struct metric metric_impact_shock;
extern const struct metric metric_impact_jerk;
extern const struct metric metric_impact_rise;
extern const struct metric metric_time_to_peak;
extern const struct metric metric_shock_low_band;
extern const struct metric metric_shock_high_band;
extern const struct metric metric_shock_band_ratio;
extern const struct metric metric_shock_peak_frequency;
extern const struct metric metric_shock_attenuation;
extern const struct metric metric_peak_vertical_force;
extern const struct metric metric_trunk_peak_accel;
extern const struct metric metric_vertical_oscillation;
extern const struct metric metric_vertical_stiffness;
extern const struct metric metric_leg_stiffness;
extern const struct metric metric_step_regularity;
extern const struct metric metric_stride_regularity;
extern const struct metric metric_step_symmetry;
extern const struct metric metric_step_regularity_ap;
extern const struct metric metric_stride_regularity_ap;
extern const struct metric metric_step_symmetry_ap;
extern const struct metric metric_harmonic_ratio_v;
extern const struct metric metric_harmonic_ratio_ap;
extern const struct metric metric_harmonic_ratio_ml;
extern const struct metric metric_sample_entropy_ap;
extern const struct metric metric_pronation_excursion;
extern const struct metric metric_pronation_velocity;
extern const struct metric metric_pronation_time;
extern const struct metric metric_foot_strike_angle;
extern const struct metric metric_pronation_index;
extern const struct metric metric_pronation_tilt_index;
extern const struct metric metric_walk_tilt;
extern const struct metric metric_ml_impact;
extern const struct metric metric_ml_impact_outward;
extern const struct metric metric_ml_impact_time;
extern const struct metric metric_ml_impulse;
extern const struct metric metric_ml_impulse_ratio;
extern const struct metric metric_ml_ratio;
extern const struct metric metric_ml_mean;
extern const struct metric metric_ml_roll;
extern const struct metric metric_ml_rotation;
extern const struct metric metric_roll_rotation_ratio;
extern const struct metric metric_pronation_duration;
extern const struct metric metric_pronation_tilt_time;
extern const struct metric metric_rearfoot_strike;
extern const struct metric metric_midfoot_strike;
extern const struct metric metric_forefoot_strike;
extern const struct metric metric_bend_down;
extern const struct metric metric_bend_up;
extern const struct metric metric_bend_lean;
extern const struct metric metric_bend_medial_lean;
extern const struct metric metric_bend_side_range;
extern const struct metric metric_bend_wobble;
extern const struct metric metric_bend_rotation;
extern const struct metric metric_bend_jerk;
extern const struct metric metric_bend_path;
extern const struct metric metric_bend_roll_rate;
extern const struct metric metric_stance_time;
extern const struct metric metric_stance_sway;
extern const struct metric metric_stance_ml_sway;
extern const struct metric metric_stance_path;

static const struct metric *const rows[] = {
    &metric_stride_time,
    &metric_step_time,
    &metric_contact_time,
    &metric_flight_time,
    &metric_duty_factor,
    &metric_cadence,
    &metric_peak_accel_axial,
    &metric_peak_accel_resultant,
    &metric_impact_shock,
    &metric_impact_jerk,
    &metric_impact_rise,
    &metric_time_to_peak,
    &metric_shock_low_band,
    &metric_shock_high_band,
    &metric_shock_band_ratio,
    &metric_shock_peak_frequency,
    &metric_shock_attenuation,
    &metric_peak_vertical_force,
    &metric_trunk_peak_accel,
    &metric_vertical_oscillation,
    &metric_vertical_stiffness,
    &metric_leg_stiffness,
    &metric_step_regularity,
    &metric_stride_regularity,
    &metric_step_symmetry,
    &metric_step_regularity_ap,
    &metric_stride_regularity_ap,
    &metric_step_symmetry_ap,
    &metric_harmonic_ratio_v,
    &metric_harmonic_ratio_ap,
    &metric_harmonic_ratio_ml,
    &metric_sample_entropy_ap,
    &metric_pronation_excursion,
    &metric_pronation_velocity,
    &metric_pronation_time,
    &metric_foot_strike_angle,
    &metric_pronation_index,
    &metric_pronation_tilt_index,
    &metric_walk_tilt,
    &metric_ml_impact,
    &metric_ml_impact_outward,
    &metric_ml_impact_time,
    &metric_ml_impulse,
    &metric_ml_impulse_ratio,
    &metric_ml_ratio,
    &metric_ml_mean,
    &metric_ml_roll,
    &metric_ml_rotation,
    &metric_roll_rotation_ratio,
    &metric_pronation_duration,
    &metric_pronation_tilt_time,
    &metric_rearfoot_strike,
    &metric_midfoot_strike,
    &metric_forefoot_strike,
    &metric_bend_down,
    &metric_bend_up,
    &metric_bend_lean,
    &metric_bend_medial_lean,
    &metric_bend_side_range,
    &metric_bend_wobble,
    &metric_bend_rotation,
    &metric_bend_jerk,
    &metric_bend_path,
    &metric_bend_roll_rate,
    &metric_stance_time,
    &metric_stance_sway,
    &metric_stance_ml_sway,
    &metric_stance_path,
    NULL,
};

size_t metric_count(void)
{
    return sizeof rows / sizeof *rows - 1;
}

const struct metric *metric_row(size_t index)
{
    return index < sizeof rows / sizeof *rows ? rows[index] : NULL;
}

const gait_metric *gait_metric_at(size_t index)
{
    const struct metric *row = metric_row(index);
    return row ? &row->pub : NULL;
}

int gait_metric_index(const char *key)
{
    if (!key) return -1;
    for (size_t i = 0; metric_row(i); i++)
        if (strcmp(rows[i]->pub.key, key) == 0) return (int)i;
    return -1;
}
