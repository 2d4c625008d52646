/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

/* Where the point of the sole is when the foot is pitched: it rolls over the heel, or over the
 * forefoot. */
static void pivot(const struct body *body, double pitch_deg, double *forward_m, double *up_m)
{
    double a = pitch_deg * acos(-1.0) / 180;
    double arm = pitch_deg >= 0 ? body->heel_m : body->forefoot_m;
    *forward_m = (pitch_deg >= 0 ? -arm : arm) * (1 - cos(a));
    *up_m = arm * sin(fabs(a));
}

struct stance {
    double t_s, pitch_deg, slip_m, compression_m, yaw_deg;
};

static void stance_knot(struct tracks *tracks, const struct body *body, double place_m,
                        const struct stance *at)
{
    double forward_m, up_m;
    pivot(body, at->pitch_deg, &forward_m, &up_m);
    knot(tracks, FOOT_FORWARD, at->t_s, place_m + forward_m);
    knot(tracks, FOOT_UP, at->t_s, up_m - at->compression_m);
    knot(tracks, FOOT_RIGHT, at->t_s, -at->slip_m);
    knot(tracks, FOOT_PITCH, at->t_s, at->pitch_deg);
    knot(tracks, FOOT_YAW, at->t_s, at->yaw_deg);
}

/* A normal number of that spread; 0 without a generator, for an undisturbed stride. */
double jolt(struct prng *prng, double sd)
{
    return prng ? prng_normal(prng, 0, sd) : 0;
}

/* The heel rises along a power of the time since it left the ground. */
static void push_off_knots(struct tracks *tracks, const struct limb_shape *shape,
                           const struct body *body, const struct step *step, struct prng *prng)
{
    enum { PARTS = 6 };
    double start_s = step->off_s - step->contact_s,
           from_s = start_s + shape->heel_off_u * step->contact_s;
    double pitch_deg = shape->pitch_off_deg + jolt(prng, 2.5);
    double yaw_deg = .4 * shape->swing_yaw_deg + jolt(prng, 1);
    for (size_t k = 0; k <= PARTS; k++) {
        double r = (double)k / PARTS, rise = pow(r, shape->heel_off_power);
        struct stance at = {from_s + r * (step->off_s - from_s), rise * pitch_deg, 0,
                            (1 - r) * shape->compression_m, shape->toe_out_deg + rise * yaw_deg};
        stance_knot(tracks, body, step->place_m, &at);
    }
}

static void stance_knots(struct tracks *tracks, const struct limb_shape *shape,
                         const struct body *body, double strike_deg, const struct step *step,
                         struct prng *prng)
{
    double start_s = step->off_s - step->contact_s, c = step->contact_s, toe = shape->toe_out_deg;
    double pitch_deg = step->lands ? strike_deg + jolt(prng, 1.5) : 0;
    struct stance strike = {start_s, pitch_deg, shape->slip_m, -shape->sink_m,
                            toe + shape->strike_yaw_deg};
    struct stance low = {start_s + shape->flat_u * c, .15 * pitch_deg, 0, .4 * shape->compression_m,
                         toe};
    struct stance flat = {start_s + 1.7 * shape->flat_u * c, 0, 0, .8 * shape->compression_m, toe};
    struct stance middle = {start_s + .40 * c, 0, 0, shape->compression_m, toe};
    if (step->lands) {
        stance_knot(tracks, body, step->place_m - shape->brake_m, &strike);
        stance_knot(tracks, body, step->place_m, &low);
        stance_knot(tracks, body, step->place_m, &flat);
    }
    stance_knot(tracks, body, step->place_m, &middle);
    if (step->leaves) push_off_knots(tracks, shape, body, step, prng);
}

/* The way forward and the height over the swing, at even parts of it. */
static void swing_way_knots(struct tracks *tracks, const struct limb_shape *shape,
                            const struct body *body, double strike_deg, const struct step *step,
                            const struct step *next, double ease, struct prng *prng)
{
    double forward_m[2], up_m[2], swing_s = next->strike_s - step->off_s;
    pivot(body, shape->pitch_off_deg, &forward_m[0], &up_m[0]);
    pivot(body, strike_deg, &forward_m[1], &up_m[1]);
    forward_m[0] += step->place_m;
    forward_m[1] += next->place_m - shape->brake_m;
    up_m[1] += shape->sink_m;
    const double *power = shape->swing_up_power;
    double peak_w = power[0] / (power[0] + power[1]);
    double most = pow(peak_w, power[0]) * pow(1 - peak_w, power[1]);
    double early_m = jolt(prng, .01), high_m = jolt(prng, .005), out_m = jolt(prng, .003);
    for (size_t j = 1; j < SWING_PARTS; j++) {
        double w = (double)j / SWING_PARTS, t_s = step->off_s + w * swing_s;
        double way = shape->swing_way[j], arc = 16 * w * w * (1 - w) * (1 - w);
        double hump = pow(w, power[0]) * pow(1 - w, power[1]) / most;
        double up = ease * shape->swing_up_m + high_m;
        knot(tracks, FOOT_FORWARD, t_s,
             forward_m[0] + way * (forward_m[1] - forward_m[0]) + early_m * arc);
        knot(tracks, FOOT_UP, t_s, up_m[0] + w * w * (3 - 2 * w) * (up_m[1] - up_m[0]) + hump * up);
        knot(tracks, FOOT_RIGHT, t_s, arc * (shape->swing_right_m + out_m));
    }
}

static void swing_knots(struct tracks *tracks, const struct limb_shape *shape,
                        const struct body *body, double strike_deg, const struct step *step,
                        const struct step *next, struct prng *prng)
{
    static const double w[] = {.16, .52, .88}, yaw[] = {1, .8, 0};
    double swing_s = next->strike_s - step->off_s;
    double ease = .4 + .6 * fmin(step->vigour + next->vigour, 1);
    swing_way_knots(tracks, shape, body, strike_deg, step, next, ease, prng);
    for (size_t j = 0; j < 3; j++) {
        double t_s = step->off_s + w[j] * swing_s;
        double pitch = shape->swing_pitch_deg[j] + (j == 2 ? strike_deg : 0);
        double late = j == 2 ? shape->strike_yaw_deg : 0;
        knot(tracks, FOOT_PITCH, t_s, ease * pitch + jolt(prng, 2));
        knot(tracks, FOOT_YAW, t_s,
             shape->toe_out_deg + yaw[j] * shape->swing_yaw_deg + late + jolt(prng, 1));
    }
}

void roll_knots(struct tracks *tracks, const struct limb_shape *shape, const struct step *step,
                const struct step *next, struct prng *prng)
{
    double start_s = step->off_s - step->contact_s, c = step->contact_s;
    double e = shape->roll_scale * step->eversion_deg;
    double down = shape->inversion_deg + jolt(prng, 1);
    double off = down + shape->roll_off_deg + jolt(prng, 1);
    double swing[3];
    for (size_t j = 0; j < 3; j++) swing[j] = shape->swing_roll_deg[j] + jolt(prng, 1.5);
    double back_u = fmin(.72, shape->roll_peak_u + .15);
    if (step->lands) {
        knot(tracks, FOOT_ROLL, start_s, down);
        knot(tracks, FOOT_ROLL, start_s + shape->roll_u * c, down - shape->roll_share * e);
        knot(tracks, FOOT_ROLL, start_s + shape->roll_peak_u * c, down - e);
    } else {
        knot(tracks, FOOT_ROLL, start_s + .4 * c, 0);
    }
    if (!step->leaves || !next) {
        knot(tracks, FOOT_ROLL, start_s + 1.5 * c, 0);
        return;
    }
    if (step->lands)
        knot(tracks, FOOT_ROLL, start_s + back_u * c, down - e * (1 - shape->roll_relapse));
    knot(tracks, FOOT_ROLL, start_s + .8 * c, down - e * shape->roll_80_share);
    knot(tracks, FOOT_ROLL, start_s + c, off);
    double swing_s = next->strike_s - step->off_s;
    knot(tracks, FOOT_ROLL, step->off_s + .15 * swing_s, swing[0]);
    knot(tracks, FOOT_ROLL, step->off_s + .45 * swing_s, swing[1]);
    knot(tracks, FOOT_ROLL, step->off_s + .80 * swing_s, shape->inversion_deg + swing[2]);
}

void foot_knots(struct tracks *tracks, const struct limb_shape *shape, const struct body *body,
                double strike_deg, const struct step *step, const struct step *next,
                struct prng *prng)
{
    stance_knots(tracks, shape, body, strike_deg, step, prng);
    if (step->leaves && next) swing_knots(tracks, shape, body, strike_deg, step, next, prng);
    roll_knots(tracks, shape, step, next, prng);
}
