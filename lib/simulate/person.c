/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/person.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/fail.h"
#include "signal/resample.h"

enum kind { UNIFORM, NORMAL, POSITIVE_NORMAL };

/* UNIFORM: from a to b. NORMAL: mean a, standard deviation b, held between low and high.
 * POSITIVE_NORMAL: its absolute value. */
struct draw {
    size_t offset;
    enum kind kind;
    double a, b, low, high;
};

#define AT(type, field) offsetof(struct type, field)
#define ANY             -HUGE_VAL, HUGE_VAL

/* Running: ranges that hold recreational runners of 2.5 to 4.5 m/s on level ground. */
static const struct draw run_shape_draws[] = {
    {AT(limb_shape, heel_off_power), UNIFORM, 1.5, 2.0, ANY},
    {AT(limb_shape, pitch_off_deg), UNIFORM, -54, -38, ANY},
    {AT(limb_shape, swing_pitch_deg[0]), UNIFORM, -94, -68, ANY},
    {AT(limb_shape, swing_pitch_deg[1]), UNIFORM, -42, -24, ANY},
    {AT(limb_shape, swing_pitch_deg[2]), UNIFORM, 0, 6, ANY},
    {AT(limb_shape, swing_rise_w), UNIFORM, .32, .44, ANY},
    {AT(limb_shape, swing_fall_w), UNIFORM, .70, .79, ANY},
    {AT(limb_shape, swing_leave), UNIFORM, .08, .20, ANY},
    {AT(limb_shape, swing_arrive), UNIFORM, .02, .12, ANY},
    {AT(limb_shape, swing_up_m), UNIFORM, .10, .18, ANY},
    {AT(limb_shape, swing_up_power[0]), UNIFORM, .85, 1.1, ANY},
    {AT(limb_shape, swing_up_power[1]), UNIFORM, 1.15, 1.4, ANY},
    {AT(limb_shape, flat_u), UNIFORM, .10, .20, ANY},
    {AT(limb_shape, heel_off_u), UNIFORM, .42, .54, ANY},
    {AT(limb_shape, swing_right_m), NORMAL, 0, .02, -.06, .06},
    {AT(limb_shape, inversion_deg), NORMAL, 5, 3, -3, 12},
    {AT(limb_shape, roll_share), UNIFORM, .3, .7, ANY},
    {AT(limb_shape, roll_u), UNIFORM, .10, .22, ANY},
    {AT(limb_shape, roll_peak_u), UNIFORM, .30, .55, ANY},
    {AT(limb_shape, roll_relapse), UNIFORM, 0, .35, ANY},
    {AT(limb_shape, roll_80_share), UNIFORM, -.1, .6, ANY},
    {AT(limb_shape, roll_off_deg), NORMAL, 0, 4, -12, 12},
    {AT(limb_shape, swing_roll_deg[0]), NORMAL, 8, 5, -7, 23},
    {AT(limb_shape, swing_roll_deg[1]), NORMAL, 6, 5, -9, 21},
    {AT(limb_shape, swing_roll_deg[2]), NORMAL, 2, 2, -4, 8},
    {AT(limb_shape, toe_out_deg), NORMAL, 7, 5, -8, 22},
    {AT(limb_shape, swing_yaw_deg), NORMAL, 0, 6, -18, 18},
    {AT(limb_shape, strike_yaw_deg), NORMAL, 0, 2, -6, 6},
    {AT(limb_shape, eversion_cv), UNIFORM, .05, .12, ANY},
    {AT(limb_shape, eversion_sd_deg), UNIFORM, .4, 1.2, ANY},
    {AT(limb_shape, brake_m), UNIFORM, .002, .010, ANY},
    {AT(limb_shape, sink_m), UNIFORM, .004, .010, ANY},
    {AT(limb_shape, slip_m), POSITIVE_NORMAL, 0, .002, 0, .006},
    {AT(limb_shape, compression_m), UNIFORM, .002, .008, ANY},
    {AT(limb_shape, shank_deg[0]), NORMAL, -9, 2, -15, -3},
    {AT(limb_shape, shank_deg[1]), NORMAL, 20, 3, 11, 29},
    {AT(limb_shape, shank_deg[2]), NORMAL, 42, 4, 30, 54},
    {AT(limb_shape, shank_deg[3]), NORMAL, 92, 6, 74, 110},
    {AT(limb_shape, shank_deg[4]), NORMAL, 16, 4, 4, 28},
    {AT(limb_shape, shank_deg[5]), NORMAL, -14, 2, -20, -8},
    {AT(limb_shape, foot_share), UNIFORM, 1.0, 1.2, ANY},
    {AT(limb_shape, foot_delay_s), UNIFORM, 0, .002, ANY},
    {AT(limb_shape, shank_hz), UNIFORM, 12, 20, ANY},
    {AT(limb_shape, shank_damping), UNIFORM, .12, .35, ANY},
    {AT(limb_shape, shank_delay_s), UNIFORM, .021, .033, ANY},
};

/* Walking at 1.0 to 1.6 m/s. */
static const struct draw walk_shape_draws[] = {
    {AT(limb_shape, heel_off_power), UNIFORM, 2.6, 3.3, ANY},
    {AT(limb_shape, pitch_off_deg), UNIFORM, -66, -54, ANY},
    {AT(limb_shape, swing_pitch_deg[0]), UNIFORM, -76, -64, ANY},
    {AT(limb_shape, swing_pitch_deg[1]), UNIFORM, -34, -22, ANY},
    {AT(limb_shape, swing_pitch_deg[2]), UNIFORM, -8, -3, ANY},
    {AT(limb_shape, swing_rise_w), UNIFORM, .20, .30, ANY},
    {AT(limb_shape, swing_fall_w), UNIFORM, .56, .68, ANY},
    {AT(limb_shape, swing_leave), UNIFORM, .28, .45, ANY},
    {AT(limb_shape, swing_arrive), UNIFORM, .08, .22, ANY},
    {AT(limb_shape, swing_up_m), UNIFORM, .04, .07, ANY},
    {AT(limb_shape, swing_up_power[0]), UNIFORM, .8, 1.1, ANY},
    {AT(limb_shape, swing_up_power[1]), UNIFORM, 1.0, 1.4, ANY},
    {AT(limb_shape, flat_u), UNIFORM, .11, .16, ANY},
    {AT(limb_shape, heel_off_u), UNIFORM, .50, .60, ANY},
    {AT(limb_shape, swing_right_m), NORMAL, .01, .015, -.03, .05},
    {AT(limb_shape, inversion_deg), NORMAL, 3, 2, -2, 8},
    {AT(limb_shape, roll_share), UNIFORM, .5, .8, ANY},
    {AT(limb_shape, roll_u), UNIFORM, .12, .20, ANY},
    {AT(limb_shape, roll_peak_u), UNIFORM, .35, .55, ANY},
    {AT(limb_shape, roll_relapse), UNIFORM, 0, .25, ANY},
    {AT(limb_shape, roll_80_share), UNIFORM, .2, .6, ANY},
    {AT(limb_shape, roll_off_deg), NORMAL, 0, 3, -9, 9},
    {AT(limb_shape, swing_roll_deg[0]), NORMAL, 6, 3, -3, 15},
    {AT(limb_shape, swing_roll_deg[1]), NORMAL, 3, 3, -6, 12},
    {AT(limb_shape, swing_roll_deg[2]), NORMAL, 2, 2, -4, 8},
    {AT(limb_shape, toe_out_deg), NORMAL, 7, 5, -8, 22},
    {AT(limb_shape, swing_yaw_deg), NORMAL, 0, 4, -12, 12},
    {AT(limb_shape, strike_yaw_deg), NORMAL, 0, 1.5, -5, 5},
    {AT(limb_shape, eversion_cv), UNIFORM, .05, .12, ANY},
    {AT(limb_shape, eversion_sd_deg), UNIFORM, .3, .8, ANY},
    {AT(limb_shape, brake_m), UNIFORM, .006, .014, ANY},
    {AT(limb_shape, sink_m), UNIFORM, .004, .008, ANY},
    {AT(limb_shape, slip_m), POSITIVE_NORMAL, 0, .001, 0, .003},
    {AT(limb_shape, compression_m), UNIFORM, .001, .004, ANY},
    {AT(limb_shape, shank_deg[0]), NORMAL, -19, 2, -25, -13},
    {AT(limb_shape, shank_deg[1]), NORMAL, 3, 2, -3, 9},
    {AT(limb_shape, shank_deg[2]), NORMAL, 42, 3, 33, 51},
    {AT(limb_shape, shank_deg[3]), NORMAL, 52, 3, 43, 61},
    {AT(limb_shape, shank_deg[4]), NORMAL, 24, 4, 12, 36},
    {AT(limb_shape, shank_deg[5]), NORMAL, -20, 2, -26, -14},
    {AT(limb_shape, foot_share), UNIFORM, 1.1, 2.2, ANY},
    {AT(limb_shape, foot_delay_s), UNIFORM, .004, .014, ANY},
    {AT(limb_shape, shank_hz), UNIFORM, 14, 24, ANY},
    {AT(limb_shape, shank_damping), UNIFORM, .15, .35, ANY},
    {AT(limb_shape, shank_delay_s), UNIFORM, .012, .024, ANY},
};

static const struct draw body_draws[] = {
    {AT(body, smooth_hz), UNIFORM, 12, 20, ANY},
    {AT(body, heel_m), UNIFORM, .04, .16, ANY},
    {AT(body, pivot_up_m), UNIFORM, 0, .03, ANY},
    {AT(body, foot_up_m), UNIFORM, .03, .09, ANY},
    {AT(body, foot_right_m), NORMAL, 0, .02, -.05, .05},
    {AT(body, foot_hz), UNIFORM, 18, 45, ANY},
    {AT(body, foot_damping), UNIFORM, .2, .5, ANY},
    {AT(body, foot_forward_share), UNIFORM, -.7, -.2, ANY},
    {AT(body, foot_right_share), NORMAL, 0, .2, -.6, .6},
    {AT(body, shank_frontal_share), NORMAL, .30, .10, .05, .6},
    {AT(body, shank_rotation_share), NORMAL, .55, .15, .1, 1},
    {AT(body, shank_low), UNIFORM, 0, .8, ANY},
    {AT(body, varus_deg), NORMAL, 3, 2, -3, 9},
    {AT(body, shank_forward_share), UNIFORM, -.5, .1, ANY},
    {AT(body, shank_right_share), NORMAL, 0, .2, -.5, .5},
    {AT(body, trunk_lean_deg), UNIFORM, 0, 10, ANY},
    {AT(body, trunk_pitch_deg), UNIFORM, 1.5, 4.5, ANY},
    {AT(body, trunk_roll_deg), UNIFORM, 2, 6, ANY},
    {AT(body, trunk_yaw_deg), UNIFORM, 3, 7, ANY},
    {AT(body, trunk_hz), UNIFORM, 10, 15, ANY},
    {AT(body, trunk_damping), UNIFORM, .25, .45, ANY},
    {AT(body, trunk_share), UNIFORM, .20, .45, ANY},
    {AT(body, trunk_early), UNIFORM, .75, .95, ANY},
    {AT(body, trunk_blow_brake), UNIFORM, -1.4, -.6, ANY},
    {AT(body, walk_part[0]), NORMAL, 1, 0.2, .2, 1.8},
    {AT(body, walk_part[1]), NORMAL, 1, 0.35, .2, 1.8},
    {AT(body, walk_part[2]), NORMAL, 1, 0.5, .2, 1.8},
    {AT(body, walk_part[3]), NORMAL, 1, 0.2, .2, 1.8},
    {AT(body, walk_part[4]), NORMAL, 1, 0.5, .2, 1.8},
    {AT(body, walk_late_s), NORMAL, .010, .008, -.014, .034},
    {AT(body, walk_sway), UNIFORM, .05, .13, ANY},
    {AT(body, trunk_brake), UNIFORM, .18, .34, ANY},
    {AT(body, trunk_sway), UNIFORM, -.14, .14, ANY},
};

/* index is multiplied by an odd constant so that neighbouring streams share nothing. */
void stream_seed(struct prng *prng, uint64_t seed, enum stream stream, uint64_t index)
{
    prng_seed(prng, seed + (uint64_t)stream * UINT64_C(0xd1342543de82ef95) +
                        index * UINT64_C(0xaef17502108ef2d9));
}

static double clamp(double x, double low, double high)
{
    return fmin(fmax(x, low), high);
}

static double draw_one(const struct draw *d, bool vary, struct prng *prng)
{
    double x;
    switch (d->kind) {
    case UNIFORM: x = prng_uniform(prng, d->a, d->b); return vary ? x : (d->a + d->b) / 2;
    case NORMAL: x = prng_normal(prng, d->a, d->b); break;
    case POSITIVE_NORMAL: x = fabs(prng_normal(prng, d->a, d->b)); break;
    default: x = 0; break;
    }
    return vary ? clamp(x, d->low, d->high) : d->a;
}

static void draw_all(void *target, const struct draw *draws, size_t n, bool vary, struct prng *prng)
{
    for (size_t i = 0; i < n; i++) {
        double x = draw_one(&draws[i], vary, prng);
        memcpy((char *)target + draws[i].offset, &x, sizeof x);
    }
}

#define DRAW_ALL(target, table, vary, prng) \
    draw_all((target), (table), sizeof(table) / sizeof *(table), (vary), (prng))

/* The key if it was set, else the drawn value, which then shows in the key. */
static double settled(struct key_values *keys, enum key key, double drawn)
{
    if (!keys->set[key]) keys->number[key] = drawn;
    return keys->number[key];
}

static double uniform_or_middle(struct prng *prng, bool vary, double low, double high)
{
    double x = prng_uniform(prng, low, high);
    return vary ? x : (low + high) / 2;
}

/* Rear, mid or fore foot: 60, 20, 20 % of runners. The harder the heel, the larger the impact. */
enum strike { STRIKE_REAR, STRIKE_MID, STRIKE_FORE };

static enum strike strike_of_angle(double strike_deg)
{
    if (strike_deg >= 8) return STRIKE_REAR;
    return strike_deg >= -2 ? STRIKE_MID : STRIKE_FORE;
}

static void draw_run(struct pace *pace, bool vary, struct prng *prng)
{
    static const struct {
        double strike_low, strike_high, impact_low, impact_high;
    } kinds[] = {{8, 25, 3.6, 10}, {-2, 8, 2.7, 7.3}, {-12, -2, 1.8, 5.5}};
    double lot = prng_uniform(prng, 0, 1);
    enum strike kind = !vary || lot < .6 ? STRIKE_REAR : lot < .8 ? STRIKE_MID : STRIKE_FORE;
    pace->speed_mps = uniform_or_middle(prng, vary, 2.5, 4.5);
    pace->cadence_steps_per_min = uniform_or_middle(prng, vary, 150, 190);
    pace->contact_s = vary ? prng_normal(prng, 0, .018) : 0; /* completed when the speed is known */
    pace->strike_deg =
        uniform_or_middle(prng, vary, kinds[kind].strike_low, kinds[kind].strike_high);
    pace->eversion_deg = uniform_or_middle(prng, vary, 2, 18);
    pace->impact_g = prng_uniform(prng, 0, 1); /* completed when the strike is known */
    if (!vary) pace->impact_g = .4;
    pace->impact_cv = uniform_or_middle(prng, vary, .08, .16);
    pace->stride_time_cv = uniform_or_middle(prng, vary, .008, .016);
    pace->impact_asymmetry = vary ? clamp(prng_normal(prng, 0, .05), -.15, .15) : 0;
    pace->step_asymmetry = vary ? clamp(prng_normal(prng, 0, .008), -.03, .03) : 0;
}

static double impact_of(double strike_deg, double lot)
{
    static const double low[] = {3.6, 2.7, 1.8}, high[] = {10, 7.3, 5.5};
    enum strike kind = strike_of_angle(strike_deg);
    return low[kind] + lot * (high[kind] - low[kind]);
}

static void draw_walk(struct pace *pace, bool vary, struct prng *prng)
{
    pace->speed_mps = uniform_or_middle(prng, vary, 1.0, 1.6);
    pace->cadence_steps_per_min =
        112 + 28 * (pace->speed_mps - 1.3) + (vary ? prng_normal(prng, 0, 4) : 0);
    pace->contact_s = uniform_or_middle(prng, vary, .595, .625); /* of a stride, completed later */
    pace->strike_deg = uniform_or_middle(prng, vary, 14, 26);
    pace->eversion_deg = uniform_or_middle(prng, vary, 3, 12);
    pace->impact_g = uniform_or_middle(prng, vary, 1.6, 3.0);
    pace->impact_cv = uniform_or_middle(prng, vary, .06, .12);
    pace->stride_time_cv = uniform_or_middle(prng, vary, .010, .022);
    pace->impact_asymmetry = vary ? clamp(prng_normal(prng, 0, .05), -.15, .15) : 0;
    pace->step_asymmetry = vary ? clamp(prng_normal(prng, 0, .01), -.04, .04) : 0;
}

/* The keys of gait belong to the running of a run or a day, to the walking of a walk. */
static void settle_pace(struct pace *pace, struct key_values *keys, bool running)
{
    double drawn_contact = pace->contact_s, lot = pace->impact_g;
    pace->speed_mps = settled(keys, KEY_SPEED, pace->speed_mps);
    pace->cadence_steps_per_min = settled(keys, KEY_CADENCE, pace->cadence_steps_per_min);
    double contact_s = running ? clamp(.345 - .032 * pace->speed_mps + drawn_contact, .16, .31)
                               : drawn_contact * 120 / pace->cadence_steps_per_min;
    if (running) contact_s = fmin(contact_s, .93 * 60 / pace->cadence_steps_per_min);
    pace->contact_s = settled(keys, KEY_CONTACT, contact_s);
    pace->strike_deg = settled(keys, KEY_STRIKE_ANGLE, pace->strike_deg);
    pace->eversion_deg = settled(keys, KEY_EVERSION, pace->eversion_deg);
    pace->impact_g = settled(keys, KEY_IMPACT, running ? impact_of(pace->strike_deg, lot) : lot);
    pace->impact_cv = settled(keys, KEY_IMPACT_CV, pace->impact_cv);
    pace->stride_time_cv = settled(keys, KEY_STRIDE_TIME_CV, pace->stride_time_cv);
    pace->impact_asymmetry =
        settled(keys, KEY_IMPACT_ASYMMETRY, 100 * pace->impact_asymmetry) / 100;
    pace->step_asymmetry = settled(keys, KEY_STEP_TIME_ASYMMETRY, 100 * pace->step_asymmetry) / 100;
}

static void finish_walk(struct pace *pace)
{
    pace->contact_s *= 120 / pace->cadence_steps_per_min;
}

static void finish_run(struct pace *pace)
{
    pace->contact_s = clamp(.345 - .032 * pace->speed_mps + pace->contact_s, .16, .31);
    pace->contact_s = fmin(pace->contact_s, .93 * 60 / pace->cadence_steps_per_min);
    pace->impact_g = impact_of(pace->strike_deg, pace->impact_g);
}

static gait_status check_pace(const struct pace *pace, bool running, gait_error *err)
{
    double step_s = 60 / pace->cadence_steps_per_min;
    double limit_s = running ? .98 * step_s : 1.8 * step_s, least_s = running ? 0 : 1.02 * step_s;
    if (pace->contact_s > limit_s)
        return gait_fail(err, GAIT_INVALID,
                         "contact_time_s=%g is too long for %g steps/min: below %.3f s expected",
                         pace->contact_s, pace->cadence_steps_per_min, limit_s);
    if (pace->contact_s < least_s)
        return gait_fail(err, GAIT_INVALID,
                         "contact_time_s=%g is too short for walking at %g steps/min: above %.3f s "
                         "expected",
                         pace->contact_s, pace->cadence_steps_per_min, least_s);
    return GAIT_OK;
}

static void draw_odds(struct limb_shape *shape, bool vary, double sd_g, struct prng *prng)
{
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t k = 0; k < SHANK_ODDS; k++) {
            double x = clamp(prng_normal(prng, 0, sd_g), -3 * sd_g, 3 * sd_g);
            shape->shank_odd_g[axis][k] = vary ? x : 0;
        }
}

/* Speed of the foot over the swing, as runners' and walkers' shoes have it: it leaves slowly, is
 * fast in the middle and is braked late. The way that is done is its integral. */
static void lay_swing(struct limb_shape *shape, double landing_w)
{
    enum { FINE = 8 * SWING_PARTS };
    const double rise = shape->swing_rise_w, fall = shape->swing_fall_w, end = shape->swing_arrive;
    const double w[] = {0, rise, (rise + fall) / 2, fall, landing_w, 1.001};
    const double speed[] = {shape->swing_leave, .85, 1, .94, end, end};
    double at[FINE + 1], u[FINE + 1], done[FINE + 1] = {0};
    for (size_t i = 0; i <= FINE; i++) at[i] = (double)i / FINE;
    pchip(w, speed, sizeof w / sizeof *w, at, u, FINE + 1);
    for (size_t i = 1; i <= FINE; i++) done[i] = done[i - 1] + (u[i - 1] + u[i]) / 2;
    for (size_t j = 0; j <= SWING_PARTS; j++) shape->swing_way[j] = done[8 * j] / done[FINE];
}

/* From early to late: the share that is done at a part of the way to the peak is a power of it. */
static void mix_roll(struct person *person, struct prng *prng)
{
    double part = prng_uniform(prng, .2, .8), power = exp(prng_normal(prng, 0, .5));
    struct limb_shape *shape = &person->run_shape;
    if (!(person->vary > 0)) return;
    shape->roll_peak_u = prng_uniform(prng, .25, .60);
    shape->roll_u = part * shape->roll_peak_u;
    shape->roll_share = clamp(pow(part, power), .05, .95);
    person->body.smooth_hz = prng_uniform(prng, 12, 26);
}

/* Two more ways to roll, to try what was learned on the others. */
static void bend_roll(struct limb_shape *shape, enum roll_family family, bool vary,
                      struct prng *prng)
{
    double share = uniform_or_middle(prng, vary, .15, .85), u = prng_uniform(prng, .06, .30);
    double peak = uniform_or_middle(prng, vary, .25, .65);
    if (family == ROLL_SHIFTED) {
        shape->roll_share = share;
        shape->roll_u = vary ? u : .18;
        shape->roll_peak_u = peak;
    } else if (family == ROLL_FAST) {
        shape->roll_share = .8;
        shape->roll_u = .09;
    }
    shape->roll_peak_u = fmax(shape->roll_peak_u, shape->roll_u + .08);
}

/* Uniform over all turns of the sensor (Shoemake 1992): as angles about forward, up, right. */
static void any_mounting(double angle_deg[3], struct prng *prng)
{
    const double to_deg = 180 / acos(-1.0);
    angle_deg[0] = prng_uniform(prng, -180, 180);
    angle_deg[1] = asin(prng_uniform(prng, -1, 1)) * to_deg;
    angle_deg[2] = prng_uniform(prng, -180, 180);
}

void sensor_traits_make(struct sensor_traits *traits, const struct person *person,
                        const struct key_values *keys, gait_placement placement, gait_side side)
{
    struct prng prng;
    stream_seed(&prng, person->seed, STREAM_SENSOR, (uint64_t)placement * 16 + (uint64_t)side);
    bool vary = person->vary > 0;
    double noise_g = prng_uniform(&prng, .005, .03), lot = prng_uniform(&prng, 0, 1);
    double hz = prng_uniform(&prng, 25, 70), damping = prng_uniform(&prng, .2, .6);
    traits->noise_g = vary && !keys->set[KEY_NOISE] ? noise_g : keys->number[KEY_NOISE];
    traits->mount_hz =
        vary && !keys->set[KEY_MOUNT] ? (lot < .5 ? hz : 0) : keys->number[KEY_MOUNT];
    traits->mount_damping =
        vary && !keys->set[KEY_MOUNT_DAMPING] ? damping : keys->number[KEY_MOUNT_DAMPING];
    traits->gyro_noise = .1;
    for (int k = 0; k < 3; k++) {
        traits->scale[k] = 1 + (vary ? prng_normal(&prng, 0, .01) : 0);
        traits->offset_g[k] = vary ? prng_normal(&prng, 0, .02) : 0;
        traits->gyro_bias_dps[k] = vary ? prng_normal(&prng, 0, .7) : 0;
    }
    any_mounting(traits->mounting_deg, &prng);
    if (keys->set[KEY_MOUNTING] || !vary)
        memcpy(traits->mounting_deg, keys->mounting_deg, sizeof traits->mounting_deg);
}

static void settle_sensor(struct key_values *keys, struct prng *prng, bool vary)
{
    static const double rates[] = {100, 200, 400, 500};
    double rate_hz = rates[prng_below(prng, 4)];
    if (vary && !keys->set[KEY_RATE]) keys->number[KEY_RATE] = rate_hz;
}

gait_status person_make(struct person *person, struct key_values *keys, gait_error *err)
{
    memset(person, 0, sizeof *person);
    person->seed = (uint64_t)keys->number[KEY_SEED];
    person->vary = keys->number[KEY_VARY];
    person->roll_family = (enum roll_family)keys->number[KEY_ROLL_FAMILY];
    bool vary = person->vary > 0;
    struct prng prng;
    stream_seed(&prng, person->seed, STREAM_PERSON, 0);
    draw_run(&person->run, vary, &prng);
    draw_walk(&person->walk, vary, &prng);
    DRAW_ALL(&person->run_shape, run_shape_draws, vary, &prng);
    DRAW_ALL(&person->walk_shape, walk_shape_draws, vary, &prng);
    DRAW_ALL(&person->body, body_draws, vary, &prng);
    if (!vary) person->body.trunk_sway = .08;
    draw_odds(&person->run_shape, vary, .22, &prng);
    draw_odds(&person->walk_shape, vary, .10, &prng);
    lay_swing(&person->run_shape, .97);
    lay_swing(&person->walk_shape, 1);
    person->body.forefoot_m = .20 - .6 * person->body.heel_m;
    bend_roll(&person->run_shape, person->roll_family, vary, &prng);
    if (person->roll_family == ROLL_FAST) person->body.smooth_hz = 24;
    if (person->roll_family == ROLL_MIXED) mix_roll(person, &prng);
    double lean = keys->number[KEY_MEDIAL_LEAN], half = keys->number[KEY_LEAN_DIFFERENCE] / 2;
    person->medial_lean_deg[0] = lean - half;
    person->medial_lean_deg[1] = lean + half;
    settle_sensor(keys, &prng, vary);

    bool walking = (enum activity_word)keys->number[KEY_ACTIVITY] == ACTIVITY_WALK;
    settle_pace(walking ? &person->walk : &person->run, keys, !walking);
    if (walking)
        finish_run(&person->run);
    else
        finish_walk(&person->walk);
    TRY(check_pace(&person->run, true, err));
    return check_pace(&person->walk, false, err);
}
