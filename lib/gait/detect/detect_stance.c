/* SPDX-License-Identifier: BSD-3-Clause */

/* Standing still in one posture, as on one leg: stretches in which the specific force neither
 * changes much within half a second nor turns away from where it has pointed so far. A hop, a step
 * or a foot put down ends them. */

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/detect.h"
#include "gait/detect/strides.h"
#include "gait/measure/coarse.h"

static const double to_deg = 180 / 3.14159265358979323846;
static const double least_rate_hz = 50;
static const double block_s = 0.5;
static const double most_spread_g = 0.08; /* twice what standing on one leg with closed eyes does */
static const double least_spread_g = 1e-4; /* less is a sensor that measures nothing */
static const double most_turn_deg = 12;
static const double shortest_s = 5;
static const double confidence = 0.9;

/* Half a second: its mean, and how far frames are from it. */
struct block {
    double mean[3], spread_g;
};

/* Blocks in one posture; the sum of their directions. */
struct stand {
    size_t n;
    double sum[3];
};

static struct block take_block(const double *accel_g, size_t n)
{
    struct block block = {{0, 0, 0}, 0};
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < 3; c++) block.mean[c] += accel_g[3 * i + c] / (double)n;
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < 3; c++) {
            double off = accel_g[3 * i + c] - block.mean[c];
            block.spread_g += off * off / (double)n;
        }
    block.spread_g = sqrt(block.spread_g);
    return block;
}

static int goes_on(const struct stand *stand, const double direction[3])
{
    double across[3];
    if (!stand->n) return 1;
    vec_cross(stand->sum, direction, across);
    return atan2(vec_norm(across), vec_dot(stand->sum, direction)) * to_deg <= most_turn_deg;
}

static gait_status push_stand(const struct bout_signal *signal, double start_s, double end_s,
                              struct event_list *found, struct arena *keep)
{
    int limb = placement_is_limb(signal->options->placement);
    gait_event event = {.type = GAIT_STANCE_START,
                        .side = limb ? signal->options->side : GAIT_SIDE_NONE,
                        .time_s = start_s,
                        .uncertainty_s = block_s / 2,
                        .confidence = confidence};
    TRY(event_push(found, &event, keep));
    event.type = GAIT_STANCE_END;
    event.time_s = end_s;
    return event_push(found, &event, keep);
}

/* Ends the stand before the block of that index, and begins anew. */
static gait_status close_stand(const struct bout_signal *signal, struct stand *stand, size_t block,
                               double length_s, struct event_list *found, struct arena *keep)
{
    double end_s = (double)block * length_s, start_s = end_s - (double)stand->n * length_s;
    *stand = (struct stand){0};
    if (end_s - start_s < shortest_s) return GAIT_OK;
    return push_stand(signal, start_s, end_s, found, keep);
}

static gait_status find(const struct bout_signal *signal, struct event_list *found,
                        struct arena *keep, struct arena *tmp)
{
    struct coarse coarse;
    struct stand stand = {0};
    TRY(coarse_make(signal, least_rate_hz, &coarse, tmp));
    size_t n = (size_t)(block_s * coarse.rate_hz), count = n ? coarse.n / n : 0;
    double length_s = (double)n / coarse.rate_hz;
    for (size_t b = 0; b < count; b++) {
        struct block block = take_block(coarse.accel_g + 3 * n * b, n);
        int is_still = vec_unit(block.mean) && block.spread_g < most_spread_g &&
                       block.spread_g > least_spread_g;
        if (!is_still || !goes_on(&stand, block.mean))
            TRY(close_stand(signal, &stand, b, length_s, found, keep));
        if (!is_still) continue;
        for (size_t c = 0; c < 3; c++) stand.sum[c] += block.mean[c];
        stand.n++;
    }
    return close_stand(signal, &stand, count, length_s, found, keep);
}

const struct detector detect_stance = {
    .pub = {.name = "stance",
            .about = "Standing still in one posture for 5 s or more, as on one leg; a step or a "
                     "foot put down ends it.",
            .source = "own; how much standing sways: Neville et al. 2015, doi 10.2147/MDER.S91719",
            .placements = AT(GAIT_SHANK) | AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_STANCE),
            .is_default = 1},
    .detect = find,
};
