/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/recording_state.h"

#include <math.h>
#include <stdlib.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/calibrate.h"

static int is_neutral(const double scale[3], const double offset_g[3])
{
    for (int k = 0; k < 3; k++)
        if (fabs(scale[k] - 1) > 0 || fabs(offset_g[k]) > 0) return 0;
    return 1;
}

/* Puts a calibration behind the unit's factor. */
static void calibrate_by(gait_recording *r, const double scale[3], const double offset_g[3])
{
    for (int k = 0; k < 3; k++) {
        r->scale[k] *= scale[k];
        r->offset_g[k] = offset_g[k] + scale[k] * r->offset_g[k];
    }
    r->as_read = is_neutral(r->scale, r->offset_g);
}

static gait_status grow_converted(gait_recording *r, size_t n, gait_error *err)
{
    if (n <= r->room) return GAIT_OK;
    free(r->accel_g);
    free(r->gyro_dps);
    r->accel_g = malloc(3 * n * sizeof(float));
    r->gyro_dps = malloc(3 * n * sizeof(float));
    r->room = r->accel_g && r->gyro_dps ? n : 0;
    return r->room ? GAIT_OK : recording_no_memory(r, err);
}

/* In double: a stored float in m/s2 becomes the float next to its value in g. */
gait_status recording_convert(gait_recording *r, struct frames *f, gait_error *err)
{
    if (!r->as_read || f->gyro) TRY(grow_converted(r, f->n, err));
    if (!r->as_read) {
        for (size_t i = 0; i < f->n; i++)
            for (size_t k = 0; k < 3; k++)
                r->accel_g[3 * i + k] =
                    (float)(r->offset_g[k] + r->scale[k] * (double)f->accel[3 * i + k]);
        f->accel = r->accel_g;
    }
    if (f->gyro) {
        for (size_t i = 0; i < 3 * f->n; i++) r->gyro_dps[i] = r->gyro_scale * f->gyro[i];
        f->gyro = r->gyro_dps;
    }
    return GAIT_OK;
}

/* Only a day of wear sees all sides of the sphere; three days tell all there is to know. */
static const double worth_calibrating_s = 12 * 3600, longest_look_s = 72 * 3600;

/* By what the prefix takes of the file. */
static double estimated_duration_s(const gait_recording *r)
{
    double share = source_progress(r->source);
    bool declared = isfinite(r->info.nominal_rate_hz); /* gaps are no samples */
    double rate_hz = declared ? r->info.nominal_rate_hz : recording_rate_of_prefix(r);
    double prefix_s = (double)r->prefix.n / rate_hz;
    return r->reader_ended || !(share > 0) ? prefix_s : prefix_s / share;
}

static gait_status collect_still_points(gait_recording *r, struct still *still, gait_error *err)
{
    double rate_hz = recording_rate_of_prefix(r), n = 0;
    for (;;) {
        struct frames f;
        TRY(recording_next_frames(r, &f, err));
        if (!f.n || n > longest_look_s * rate_hz) return GAIT_OK;
        if (f.new_segment) still_break(still);
        TRY(recording_convert(r, &f, err));
        still_add(still, f.accel, f.n);
        n += (double)f.n;
    }
}

static void say_calibration(gait_recording *r, const struct calibration *found)
{
    if (found->why_not)
        text_print(r->calibration, sizeof r->calibration, "none: %s", found->why_not);
    else
        text_print(r->calibration, sizeof r->calibration,
                   "by still moments: x %.4f %+.4f g, y %.4f %+.4f g, z %.4f %+.4f g",
                   found->scale[0], found->offset_g[0], found->scale[1], found->offset_g[1],
                   found->scale[2], found->offset_g[2]);
}

static gait_status autocalibrate(gait_recording *r, gait_error *err)
{
    struct still still;
    struct calibration found;
    still_init(&still, recording_rate_of_prefix(r));
    gait_status st = collect_still_points(r, &still, err);
    if (!st) {
        int use = calibrate(&still, &r->arena, &found);
        r->quality.calibration_error_before_g = found.error_before_g;
        r->quality.calibration_error_after_g = use ? found.error_after_g : (double)NAN;
        if (use) calibrate_by(r, found.scale, found.offset_g);
        r->is_calibrated = use;
        say_calibration(r, &found);
    }
    still_free(&still);
    return st ? st : recording_start_over(r, err);
}

gait_status recording_calibrate(gait_recording *r, gait_error *err)
{
    const char *words = NULL;
    r->as_read = is_neutral(r->scale, r->offset_g);
    r->info.calibration = r->calibration;
    if (r->sidecar.has_calibration) {
        calibrate_by(r, r->sidecar.scale, r->sidecar.offset_g);
        r->is_calibrated = !is_neutral(r->sidecar.scale, r->sidecar.offset_g);
        words = r->is_calibrated ? "by scale and offset of the sidecar"
                                 : "none: the sidecar has scale 1 and offset 0";
    } else if (r->options.no_autocalibration)
        words = "none: by option";
    else if (estimated_duration_s(r) < worth_calibrating_s)
        words = "none: less than 12 hours of samples";
    if (!words) return autocalibrate(r, err);
    text_print(r->calibration, sizeof r->calibration, "%s", words);
    return GAIT_OK;
}
