/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SETTINGS_H
#define GAIT_SETTINGS_H

#include <gait/setting.h>

/* key, unit, standard, low, high, about. A new setting is one line here. */
#define SETTING_ROWS(ROW) \
    ROW(min_walk_bout_s, "s", 5, 1, 600, "shortest walking bout inside a longer recording") \
    ROW(min_run_bout_s, "s", 10, 1, 600, "shortest running bout inside a longer recording") \
    ROW(merge_pause_s, "s", 3, 0, 60, "pauses up to this long do not end a bout") \
    ROW(min_event_confidence, "1", 0.5, 0, 1, "events below this suppress what depends on them") \
    ROW(mount_turn_deg, "deg", 10, 1, 180, \
        "a sensor whose vertical has turned by more has come loose") \
    ROW(impact_lowpass_hz, "Hz", 60, 20, 400, "low-pass before peak acceleration") \
    ROW(jerk_lowpass_hz, "Hz", 50, 20, 400, "low-pass before impact jerk") \
    ROW(shock_highpass_hz, "Hz", 25, 10, 50, \
        "high-pass before impact shock: the limb moves below") \
    ROW(impact_before_s, "s", 0.010, 0, 0.1, "impact window begins this long before foot strike") \
    ROW(impact_after_s, "s", 0.080, 0.01, 0.3, "impact window ends this long after foot strike") \
    ROW(overpronation_note_deg, "deg", 12, 0, 60, \
        "pronation excursion (gyroscope) above which a note is given") \
    ROW(overpronation_flag_deg, "deg", 14, 0, 60, \
        "pronation excursion (gyroscope) above which a flag is given") \
    ROW(pronation_index_note, "1", 11.5, 0, 60, \
        "pronation index (accelerometer) above which a note is given") \
    ROW(pronation_min_strides, "1", 40, 10, 10000, \
        "running strides per limb needed for a pronation note") \
    ROW(pronation_flag_strides, "1", 100, 10, 10000, \
        "running strides per limb needed for a pronation flag") \
    ROW(pronation_asymmetry_deg, "deg", 4, 0, 60, \
        "difference of the feet's pronation excursion above which a note is given") \
    ROW(pronation_asymmetry_index, "1", 6.5, 0, 60, \
        "difference of the feet's pronation index above which a note is given") \
    ROW(pronation_drift_deg, "deg", 2, 0, 60, \
        "rise of the pronation excursion along the run above which a note is given") \
    ROW(pronation_drift_percent, "%", 15, 0, 200, \
        "rise of the pronation index along the run above which a note is given") \
    ROW(ml_rise_percent, "%", 15, 0, 200, \
        "rise of the sideways share along the run above which a note is given") \
    ROW(test_difference_deg, "deg", 3, 0, 60, \
        "difference of the sides in a functional test above which a note is given") \
    ROW(test_difference_percent, "%", 30, 0, 200, "the same in percent of the larger side") \
    ROW(spike_half_window_strides, "1", 100, 10, 1000, \
        "strides on each side for the local impact level") \
    ROW(spike_z, "1", 4.5, 2, 20, "robust z above which one stride stands out") \
    ROW(hard_landing_z, "1", 6, 2, 30, "robust z of a hard landing") \
    ROW(hard_landing_ratio, "1", 1.5, 1.05, 10, \
        "multiple of the local level that is a hard landing") \
    ROW(cluster_z, "1", 3, 1, 20, "robust z of the strides of a cluster of hard landings") \
    ROW(cluster_strides, "1", 3, 2, 5, "so many of five strides in a row are a cluster") \
    ROW(shift_block_strides, "1", 20, 5, 200, "strides per block of the sustained-shift test") \
    ROW(shift_baseline_blocks, "1", 15, 5, 100, "blocks that set the baseline") \
    ROW(shift_slack, "1", 0.5, 0, 5, "cumulative-sum slack in standard deviations") \
    ROW(shift_alarm, "1", 8, 1, 50, "cumulative sum that raises the alarm") \
    ROW(shift_certainty, "1", 4, 0, 20, "standard errors by which two regimes must differ") \
    ROW(shift_gate_percent, "%", 8, 1, 100, "smallest sustained change that is told") \
    ROW(shift_warmup_s, "s", 180, 0, 1800, "skipped at the start of runs longer than 12 minutes") \
    ROW(drift_gate_share, "1", 0.75, 0.1, 10, \
        "share of a metric's smallest change that a drift along the run must exceed") \
    ROW(sensor_gain_percent, "%", 1, 0, 20, \
        "standard deviation of a sensor's scale, by which two sensors differ") \
    ROW(sensor_mount_share, "1", 1.2, 0, 10, \
        "standard deviation by which two sensors' fit shifts a side difference, over what four " \
        "measures of the impact differ by about it") \
    ROW(session_small_percent, "%", 10, 0, 1000, \
        "above the longest run of 30 days: a note from here") \
    ROW(session_moderate_percent, "%", 30, 0, 1000, \
        "above the longest run of 30 days: a flag from here") \
    ROW(session_large_percent, "%", 100, 0, 1000, \
        "above the longest run of 30 days: called far longer from here") \
    ROW(break_days, "d", 14, 2, 365, "days without a recorded run that are a break") \
    ROW(break_share_percent, "%", 50, 0, 1000, \
        "share of the longest run before a break that is long for the first one after it") \
    ROW(baseline_sessions, "1", 6, 3, 32, "earlier sessions that say what is usual") \
    ROW(baseline_z, "1", 2.5, 0, 20, "robust standard deviations above usual") \
    ROW(baseline_percent, "%", 10, 0, 1000, "smallest rise of impact above usual that is told") \
    ROW(asymmetry_sd, "1", 2, 0, 20, \
        "robust standard deviations by which a side difference leaves the usual") \
    ROW(low_cadence_note_steps_per_min, "1/min", 165, 100, 250, "cadence that is called low") \
    ROW(low_cadence_steps_per_min, "1/min", 160, 100, 250, "cadence below which it is a note") \
    ROW(low_cadence_speed_mps, "m/s", 2.8, 0, 10, "slower running may have a low cadence") \
    ROW(cadence_drop_percent, "%", 5, 0, 50, "below the usual cadence from which it is told") \
    ROW(intensity_medium_g, "g", 6, 0, 200, \
        "landings of a limb from here on are of medium intensity") \
    ROW(intensity_high_g, "g", 12, 0, 200, \
        "landings of a limb from here on are of high intensity") \
    ROW(intensity_medium_bw, "bw", 2.2, 0, 10, \
        "landings at the trunk from here on are of medium intensity") \
    ROW(intensity_high_bw, "bw", 2.8, 0, 10, \
        "landings at the trunk from here on are of high intensity") \
    ROW(flag_min_strides, "1", 100, 0, 10000, "strides below which a finding is a note at most") \
    ROW(flag_min_confidence, "1", 0.5, 0, 1, "confidence below which a finding is a note at most") \
    ROW(flag_cadence_percent, "%", 3, 0, 100, \
        "change of cadence at unknown speed above which a finding is a note at most") \
    ROW(flag_min_sessions, "1", 3, 0, 100, \
        "earlier sessions below which what is compared with them is a note at most") \
    ROW(quality_clipped_percent, "%", 5, 0, 100, \
        "clipped strides above which quality is questioned") \
    ROW(quality_yield_percent, "%", 80, 0, 100, \
        "accepted strides below which quality is questioned")

enum setting_index {
#define ROW(key, unit, standard, low, high, about) SETTING_##key,
    SETTING_ROWS(ROW)
#undef ROW
        N_SETTINGS
};

/* setting(&options->settings, spike_z) */
#define setting(settings, key) ((settings)->value[SETTING_##key])

/* GAIT_INVALID a value outside the limits of its row, as in settings that nobody initialised. */
gait_status settings_check(const gait_settings *settings, gait_error *err);

#endif
