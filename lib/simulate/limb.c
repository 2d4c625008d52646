/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

#include "base/fail.h"
#include "signal/filter.h"
#include "simulate/turn.h"

static const double standard_gravity = 9.80665; /* m/s^2 */
enum { EDGE_S = 4 }; /* knots this far outside the grid still shape what is inside */

struct ring ring_make(double hz, double damping)
{
    double omega0 = 2 * acos(-1.0) * hz;
    struct ring ring = {.decay = damping * omega0, .omega = omega0 * sqrt(1 - damping * damping)};
    ring.peak_s = atan2(ring.omega, ring.decay) / ring.omega;
    ring.scale = 1 / (exp(-ring.decay * ring.peak_s) * sin(ring.omega * ring.peak_s));
    return ring;
}

double ring_at(const struct ring *ring, double t_s)
{
    return t_s <= 0 ? 0 : ring->scale * exp(-ring->decay * t_s) * sin(ring->omega * t_s);
}

double ring_area(const struct ring *ring)
{
    return ring->scale * ring->omega / (ring->decay * ring->decay + ring->omega * ring->omega);
}

size_t grid_index(const struct grid *grid, double t_s)
{
    double i = ceil((t_s - grid->start_s) / grid->step_s);
    return i <= 0 ? 0 : i >= (double)grid->n ? grid->n : (size_t)i;
}

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
static double jolt(struct prng *prng, double sd)
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
    struct stance flat = {start_s + shape->flat_u * c, 0, 0, .6 * shape->compression_m, toe};
    struct stance middle = {start_s + .40 * c, 0, 0, shape->compression_m, toe};
    if (step->lands) {
        stance_knot(tracks, body, step->place_m - shape->brake_m, &strike);
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

static const struct step *next_of_foot(const struct timeline *line, const struct scene *scene,
                                       size_t k)
{
    size_t end = scene->first_step + scene->n_steps;
    for (size_t j = k + 1; j < end; j++)
        if (line->steps[j].left == line->steps[k].left) return &line->steps[j];
    return NULL;
}

static void gait_knots(struct tracks *tracks, const struct world *world, const struct scene *scene,
                       bool left, double from_s, double to_s)
{
    const struct timeline *line = world->timeline;
    size_t end = scene->first_step + scene->n_steps;
    size_t k = first_step_after(line, from_s - 2);
    if (k < scene->first_step) k = scene->first_step;
    for (; k < end && line->steps[k].strike_s < to_s; k++) {
        if (line->steps[k].left != left) continue;
        struct prng prng;
        stream_seed(&prng, world->person->seed, STREAM_LIMB, k);
        const struct step *next = next_of_foot(line, scene, k);
        if (scene->kind == SCENE_RUN)
            runner_knots(tracks, world->person, &line->steps[k], next, &prng);
        else
            walker_knots(tracks, world->person, &line->steps[k], next, &prng);
    }
}

static gait_status limb_knots(struct tracks *tracks, const struct world *world, bool left,
                              const struct grid *grid)
{
    double from_s = grid->start_s - EDGE_S;
    double to_s = grid->start_s + (double)grid->n * grid->step_s + EDGE_S;
    for (size_t i = 0; i < world->timeline->n_scenes; i++) {
        const struct scene *scene = &world->timeline->scenes[i];
        if (scene->end_s < from_s || scene->start_s > to_s) continue;
        if (scene->n_steps)
            gait_knots(tracks, world, scene, left, from_s, to_s);
        else
            still_knots(tracks, world, scene, left, from_s, to_s);
    }
    return tracks->no_memory ? GAIT_NOMEM : GAIT_OK;
}

/* Angles of the sensor's segment (yaw, pitch, roll) and where the sensor is, from one sample of the
 * smoothed curves. */
struct pose {
    double angle_deg[3], place_m[3];
    struct turn turn;
};

static void foot_pose(const struct body *body, const double *x, struct pose *pose)
{
    for (int k = 0; k < 3; k++) pose->angle_deg[k] = x[FOOT_YAW + k];
    pose->turn = turn_make(pose->angle_deg);
    struct turn sole = pose->turn;
    sole.cr = 1;
    sole.sr = 0;
    double hinge[3] = {0, body->pivot_up_m, 0},
           sensor[3] = {0, body->foot_up_m, body->foot_right_m};
    double a[3], b[3];
    to_world(&sole, hinge, a);
    to_world(&pose->turn, sensor, b);
    for (int k = 0; k < 3; k++) pose->place_m[k] = x[FOOT_FORWARD + k] + a[k] + b[k];
}

static void shank_pose(const struct body *body, const double *x, const double *y, struct pose *pose)
{
    const double ankle_m[3] = {-.055, .075, 0}, sole_deg[3] = {x[FOOT_YAW], x[FOOT_PITCH], 0};
    struct turn sole = turn_make(sole_deg);
    pose->angle_deg[0] = .5 * x[FOOT_YAW] + body->shank_rotation_share * x[FOOT_ROLL];
    pose->angle_deg[1] = -y[SHANK_LEAN - N_FOOT_CHANNELS];
    pose->angle_deg[2] =
        body->shank_frontal_share * x[FOOT_ROLL] + y[SHANK_VARUS - N_FOOT_CHANNELS];
    pose->turn = turn_make(pose->angle_deg);
    double sensor[3] = {0, body->shank_up_m, 0}, a[3], b[3];
    to_world(&sole, ankle_m, a);
    to_world(&pose->turn, sensor, b);
    for (int k = 0; k < 3; k++) pose->place_m[k] = x[FOOT_FORWARD + k] + a[k] + b[k];
    pose->place_m[1] += y[ANKLE_UP - N_FOOT_CHANNELS];
}

static void pose_at(const struct body *body, const double *x, const double *y, size_t i,
                    struct pose *pose)
{
    if (y)
        shank_pose(body, x + N_FOOT_CHANNELS * i, y + N_SHANK_CHANNELS * i, pose);
    else
        foot_pose(body, x + N_FOOT_CHANNELS * i, pose);
}

/* Second differences of the place, first of the angles; the outermost samples repeat their
 * neighbours. */
static void differentiate(const struct body *body, const double *x, const double *y,
                          struct motion *motion)
{
    double step_s = motion->grid.step_s, per_g = 1 / (step_s * step_s * standard_gravity);
    struct pose pose[3];
    for (size_t i = 0; i < 2; i++) pose_at(body, x, y, i, &pose[i]);
    for (size_t i = 1; i + 1 < motion->grid.n; i++) {
        const struct pose *before = &pose[(i - 1) % 3], *now = &pose[i % 3];
        struct pose *after = &pose[(i + 1) % 3];
        pose_at(body, x, y, i + 1, after);
        double felt[3], rate[3];
        for (int k = 0; k < 3; k++) {
            felt[k] =
                per_g * (before->place_m[k] - 2 * now->place_m[k] + after->place_m[k]) + (k == 1);
            rate[k] = (after->angle_deg[k] - before->angle_deg[k]) / (2 * step_s);
        }
        from_world(&now->turn, felt, motion->force_g + 3 * i);
        turning(&now->turn, rate, motion->rate_dps + 3 * i);
    }
    size_t last = motion->grid.n - 1;
    for (int k = 0; k < 3; k++) {
        motion->force_g[k] = motion->force_g[3 + k];
        motion->rate_dps[k] = motion->rate_dps[3 + k];
        motion->force_g[3 * last + (size_t)k] = motion->force_g[3 * (last - 1) + (size_t)k];
        motion->rate_dps[3 * last + (size_t)k] = motion->rate_dps[3 * (last - 1) + (size_t)k];
    }
}

struct blow {
    double start_s, size_g, share[3];
    struct ring ring;
};

static void add_blow(struct motion *motion, const struct blow *blow)
{
    const double length_s = .3;
    size_t from = grid_index(&motion->grid, blow->start_s);
    size_t to = grid_index(&motion->grid, blow->start_s + length_s);
    for (size_t i = from; i < to; i++) {
        double t_s = motion->grid.start_s + (double)i * motion->grid.step_s - blow->start_s;
        double b = blow->size_g * ring_at(&blow->ring, t_s);
        for (size_t k = 0; k < 3; k++) motion->force_g[3 * i + k] += blow->share[k] * b;
    }
}

/* The shoe is struck at once and in all directions. */
static void foot_blow(const struct body *body, double impact_g, const struct step *step,
                      struct prng *prng, struct blow *blow)
{
    blow->start_s = step->strike_s;
    blow->ring = ring_make(body->foot_hz * (1 + jolt(prng, .05)), body->foot_damping);
    blow->size_g = body->foot_share * impact_g;
    blow->share[0] = body->foot_forward_share;
    blow->share[1] = 1;
    blow->share[2] = body->foot_right_share + jolt(prng, .06);
}

/* The shank is struck a little later and softer: as much as lifts the acceleration along it to the
 * peak that was asked for. */
static void shank_blow(const struct motion *motion, const struct limb_shape *shape,
                       const struct body *body, double impact_g, const struct step *step,
                       struct prng *prng, struct blow *blow)
{
    blow->start_s = step->strike_s + shape->shank_delay_s;
    blow->ring = ring_make(shape->shank_hz * (1 + jolt(prng, .04)), shape->shank_damping);
    size_t peak = grid_index(&motion->grid, blow->start_s + blow->ring.peak_s);
    double along_g = motion->force_g[3 * (peak < motion->grid.n ? peak : 0) + 1];
    blow->size_g = fmax(impact_g - along_g, .1 * impact_g);
    blow->share[0] = body->shank_forward_share;
    blow->share[1] = 1;
    blow->share[2] = body->shank_right_share + jolt(prng, .05);
}

static void add_blows(struct motion *motion, const struct world *world, bool shank, bool left)
{
    const struct timeline *line = world->timeline;
    double end_s = motion->grid.start_s + (double)motion->grid.n * motion->grid.step_s;
    for (size_t i = 0; i < line->n_scenes; i++) {
        const struct scene *scene = &line->scenes[i];
        bool running = scene->kind == SCENE_RUN;
        const struct pace *pace = running ? &world->person->run : &world->person->walk;
        const struct limb_shape *shape =
            running ? &world->person->run_shape : &world->person->walk_shape;
        size_t k = first_step_after(line, motion->grid.start_s - .3),
               end = scene->first_step + scene->n_steps;
        if (k < scene->first_step) k = scene->first_step;
        for (; k < end && line->steps[k].strike_s < end_s; k++) {
            const struct step *step = &line->steps[k];
            if (step->left != left || !step->lands) continue;
            struct prng prng;
            struct blow blow;
            double impact_g = pace->impact_g * step->impact * (.5 + .5 * step->vigour);
            stream_seed(&prng, world->person->seed, STREAM_IMPACT, k);
            if (shank)
                shank_blow(motion, shape, &world->person->body, impact_g, step, &prng, &blow);
            else
                foot_blow(&world->person->body, impact_g, step, &prng, &blow);
            add_blow(motion, &blow);
        }
    }
}

/* A left limb is a right one in a mirror; turns, being axial, change the other way. */
static void mirror(struct motion *motion)
{
    for (size_t i = 0; i < motion->grid.n; i++) {
        motion->force_g[3 * i + 2] *= -1;
        motion->rate_dps[3 * i] *= -1;
        motion->rate_dps[3 * i + 1] *= -1;
    }
}

static gait_status smooth(double *x, size_t channels, double smooth_hz, const struct grid *grid,
                          struct arena *arena)
{
    struct filter filter = lowpass(smooth_hz, 1 / grid->step_s, 2);
    return filtfilt(&filter, x, x, grid->n, channels, arena);
}

gait_status limb_motion(const struct world *world, gait_placement placement, bool left,
                        struct grid grid, struct motion *motion, struct arena *arena)
{
    bool shank = placement == GAIT_SHANK;
    size_t n = grid.n;
    motion->grid = grid;
    motion->force_g = ARENA_NEW(arena, 3 * n, double);
    motion->rate_dps = ARENA_NEW(arena, 3 * n, double);
    motion->roll_deg = ARENA_NEW(arena, n, double);
    double *foot = ARENA_NEW(arena, N_FOOT_CHANNELS * n, double);
    double *leg = ARENA_NEW(arena, shank ? N_SHANK_CHANNELS * n : 1, double);
    struct sampling sampling = {grid.start_s, grid.step_s, n, ARENA_NEW(arena, n, double),
                                ARENA_NEW(arena, n, double)};
    if (!motion->force_g || !motion->rate_dps || !motion->roll_deg || !foot || !leg ||
        !sampling.at || !sampling.column)
        return GAIT_NOMEM;

    struct tracks tracks = {.arena = arena};
    const struct body *body = &world->person->body;
    TRY(limb_knots(&tracks, world, left, &grid));
    tracks_sample(&tracks, 0, N_FOOT_CHANNELS, &sampling, foot);
    for (size_t i = n; i-- > 0;) foot[N_FOOT_CHANNELS * i] -= foot[0];
    TRY(smooth(foot, N_FOOT_CHANNELS, shank ? body->ankle_smooth_hz : body->smooth_hz, &grid,
               arena));
    if (shank) {
        tracks_sample(&tracks, N_FOOT_CHANNELS, N_SHANK_CHANNELS, &sampling, leg);
        TRY(smooth(leg, N_SHANK_CHANNELS, body->shank_smooth_hz, &grid, arena));
    }
    for (size_t i = 0; i < n; i++) motion->roll_deg[i] = foot[N_FOOT_CHANNELS * i + FOOT_ROLL];
    differentiate(body, foot, shank ? leg : NULL, motion);
    add_blows(motion, world, shank, left);
    if (left) mirror(motion);
    return GAIT_OK;
}
