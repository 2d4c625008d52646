/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"

struct clock {
    double nominal_rate_hz, rate_hz;
    int has_stamps, has_gyro, ended;
    size_t n, at, room;
    double *stamp_s;
    float *accel, *gyro;
    uint64_t n_told;
};

gait_status clock_new(struct clock **out, double nominal_rate_hz, int has_stamps, int has_gyro,
                      gait_error *err)
{
    struct clock *c = calloc(1, sizeof *c);
    if (!c) return gait_fail(err, GAIT_NOMEM, "no memory for a clock");
    c->nominal_rate_hz = c->rate_hz = nominal_rate_hz;
    c->has_stamps = has_stamps;
    c->has_gyro = has_gyro;
    *out = c;
    return GAIT_OK;
}

static gait_status reserve(struct clock *c, size_t n, gait_error *err)
{
    if (n <= c->room) return GAIT_OK;
    double *stamp_s = realloc(c->stamp_s, n * sizeof *stamp_s);
    if (stamp_s) c->stamp_s = stamp_s;
    float *accel = realloc(c->accel, 3 * n * sizeof *accel);
    if (accel) c->accel = accel;
    float *gyro = realloc(c->gyro, 3 * n * sizeof *gyro);
    if (gyro) c->gyro = gyro;
    if (!stamp_s || !accel || !gyro) return gait_fail(err, GAIT_NOMEM, "no memory for a clock");
    c->room = n;
    return GAIT_OK;
}

gait_status clock_push(struct clock *c, const struct frames *f, gait_error *err)
{
    TRY(reserve(c, c->n + f->n, err));
    for (size_t i = 0; i < f->n; i++, c->n_told++) {
        c->stamp_s[c->n + i] = f->stamp_s ? f->stamp_s[i] : (double)c->n_told / c->nominal_rate_hz;
    }
    memcpy(c->accel + 3 * c->n, f->accel, 3 * f->n * sizeof(float));
    if (f->gyro) memcpy(c->gyro + 3 * c->n, f->gyro, 3 * f->n * sizeof(float));
    c->n += f->n;
    return GAIT_OK;
}

gait_status clock_finish(struct clock *c, gait_error *err)
{
    (void)err;
    c->ended = 1;
    return GAIT_OK;
}

gait_status clock_pull(struct clock *c, gait_block *block, gait_error *err)
{
    (void)err;
    memset(block, 0, sizeof *block);
    size_t n = c->n - c->at;
    if (!n) c->n = c->at = 0;
    if (!n || (n < 1024 && !c->ended)) return GAIT_OK;
    const double *t = c->stamp_s + c->at;
    double span = t[n - 1] - t[0];
    if (span > 0) c->rate_hz = (double)(n - 1) / span;
    block->n_frames = n;
    block->accel_g = c->accel + 3 * c->at;
    block->gyro_dps = c->has_gyro ? c->gyro + 3 * c->at : NULL;
    block->start_s = t[0];
    block->rate_hz = c->rate_hz;
    block->starts_segment = !c->at;
    c->at = c->n;
    return GAIT_OK;
}

double clock_rate_hz(const struct clock *clock)
{
    return clock->rate_hz;
}

const char *clock_evidence(const struct clock *clock)
{
    return clock->has_stamps ? "measured from the stamps" : "no stamps, declared rate";
}

void clock_report(const struct clock *clock, gait_recording_quality *quality)
{
    quality->effective_rate_hz = clock->rate_hz;
}

void clock_free(struct clock **clock)
{
    struct clock *c = *clock;
    if (!c) return;
    free(c->stamp_s);
    free(c->accel);
    free(c->gyro);
    free(c);
    *clock = NULL;
}
