/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"

enum {
    STEPS_BEYOND = 6
}; /* a recording that begins or ends in mid-stride sees these at its edge */

/* Room for one more element behind n; n doubles at every power of two. */
static void *grown(void *array, size_t n, size_t size)
{
    if (n && (n & (n - 1))) return array;
    size_t room = n ? 2 * n : 1;
    return room > SIZE_MAX / size ? NULL : realloc(array, room * size);
}

static gait_status push_scene(struct timeline *line, const struct scene *scene, gait_error *err)
{
    struct scene *more = grown(line->scenes, line->n_scenes, sizeof *more);
    if (!more) return gait_fail(err, GAIT_NOMEM, "no memory for %zu scenes", line->n_scenes);
    line->scenes = more;
    more[line->n_scenes] = *scene;
    size_t last = scene->n_steps ? scene->first_step : line->n_steps;
    more[line->n_scenes++].place_m = last ? line->steps[last - 1].place_m : 0;
    return GAIT_OK;
}

static gait_status push_step(struct timeline *line, const struct step *step, gait_error *err)
{
    struct step *more = grown(line->steps, line->n_steps, sizeof *more);
    if (!more) return gait_fail(err, GAIT_NOMEM, "no memory for %zu steps", line->n_steps);
    line->steps = more;
    more[line->n_steps++] = *step;
    return GAIT_OK;
}

static gait_status push_bend(struct timeline *line, const struct bend *bend, gait_error *err)
{
    struct bend *more = grown(line->bends, line->n_bends, sizeof *more);
    if (!more) return gait_fail(err, GAIT_NOMEM, "no memory for %zu repetitions", line->n_bends);
    line->bends = more;
    more[line->n_bends++] = *bend;
    return GAIT_OK;
}

void timeline_free(struct timeline *line)
{
    free(line->scenes);
    free(line->steps);
    free(line->bends);
    memset(line, 0, sizeof *line);
}

gait_activity scene_activity(enum scene_kind kind)
{
    switch (kind) {
    case SCENE_WALK: return GAIT_WALK;
    case SCENE_RUN: return GAIT_RUN;
    case SCENE_RIDE:
    case SCENE_CYCLE: return GAIT_OTHER_ACTIVITY;
    case SCENE_KNEE_BEND: return GAIT_KNEE_BEND;
    case SCENE_SQUAT: return GAIT_SQUAT;
    case SCENE_STAND:
    case SCENE_SIT:
    case SCENE_LIE:
    case SCENE_OFF: return GAIT_REST;
    }
    return GAIT_REST;
}

size_t first_step_after(const struct timeline *line, double t_s)
{
    size_t low = 0, high = line->n_steps;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (line->steps[middle].strike_s < t_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* One stretch of walking or running while its steps are made. */
struct stretch {
    struct timeline *line;
    const struct person *person;
    const struct key_values *keys;
    const struct pace *pace;
    struct scene *scene;
    struct prng prng;
    bool running;
    double error;   /* of the last step time, in parts of it */
    double along_m; /* where the body is */
};

static double progress(const struct stretch *s, double t_s)
{
    double length_s = s->scene->end_s - s->scene->start_s;
    return fmin(fmax((t_s - s->scene->start_s) / length_s, 0), 1);
}

/* Factor of a key given as percent over the whole run. */
static double ramp(const struct stretch *s, enum key key, double t_s)
{
    return s->running ? 1 + s->keys->number[key] / 100 * progress(s, t_s) : 1;
}

/* Step times wander: each remembers 0.3 of the one before, so that strides vary as was asked. */
static double next_step_s(struct stretch *s, double t_s, bool left)
{
    const double memory = .3;
    double sd = s->pace->stride_time_cv / sqrt((1 + memory) / 2);
    s->error = memory * s->error + prng_normal(&s->prng, 0, sd * sqrt(1 - memory * memory));
    double mean_s = 60 / (s->pace->cadence_steps_per_min * ramp(s, KEY_FATIGUE_CADENCE, t_s));
    double half = (left ? .5 : -.5) * s->pace->step_asymmetry;
    return mean_s * (1 + half + fmax(s->error, -.3));
}

static double impact_at(struct stretch *s, double t_s, bool left)
{
    double factor = fmax(1 + prng_normal(&s->prng, 0, s->pace->impact_cv), .2);
    factor *= 1 + (left ? .5 : -.5) * s->pace->impact_asymmetry;
    factor *= ramp(s, KEY_FATIGUE_IMPACT, t_s);
    double shift_at_s = s->keys->number[KEY_SHIFT_AT];
    if (s->running && t_s >= shift_at_s) factor *= 1 + s->keys->number[KEY_SHIFT] / 100;
    return factor;
}

static double eversion_at(struct stretch *s, double t_s)
{
    const struct limb_shape *shape = s->running ? &s->person->run_shape : &s->person->walk_shape;
    double mean = s->pace->eversion_deg;
    if (s->running) mean += s->keys->number[KEY_FATIGUE_EVERSION] * progress(s, t_s);
    mean *= 1 + prng_normal(&s->prng, 0, shape->eversion_cv);
    return fmax(mean + prng_normal(&s->prng, 0, shape->eversion_sd_deg), 0);
}

/* The foot stays down for a part of the step that keeps running a run and walking a walk. */
static double contact_at(struct stretch *s, double t_s, double step_s)
{
    double contact_s = s->pace->contact_s * ramp(s, KEY_FATIGUE_CONTACT, t_s);
    contact_s *= 1 + prng_normal(&s->prng, 0, s->running ? .025 : .012);
    if (s->running) return fmin(fmax(contact_s, .3 * step_s), .985 * step_s);
    return fmin(fmax(contact_s, 1.02 * step_s), 1.85 * step_s);
}

/* The first and the last steps are shorter and softer. */
static double vigour_at(const struct scene *scene, size_t k, size_t n)
{
    static const double ease[] = {.5, .8, .95};
    double v = 1;
    if (scene->from_standing && k < 5) v = k < 2 ? 0 : ease[k - 2];
    size_t left = n - 1 - k;
    if (scene->to_standing && left < 3) v = fmin(v, ease[left]);
    return v;
}

/* Strike times first: the number of steps follows from them. */
static gait_status lay_strikes(struct stretch *s, gait_error *err)
{
    struct scene *scene = s->scene;
    double step_s = 60 / s->pace->cadence_steps_per_min;
    double t_s = scene->from_standing ? scene->start_s : scene->start_s - STEPS_BEYOND * step_s;
    double last_s = scene->to_standing ? scene->end_s - s->pace->contact_s - .2
                                       : scene->end_s + STEPS_BEYOND * step_s;
    bool left = prng_below(&s->prng, 2);
    scene->first_step = s->line->n_steps;
    for (; t_s <= last_s; left = !left) {
        struct step step = {.left = left, .lands = true, .leaves = true, .strike_s = t_s};
        TRY(push_step(s->line, &step, err));
        t_s += next_step_s(s, t_s, !left);
    }
    scene->n_steps = s->line->n_steps - scene->first_step;
    if (scene->n_steps < 6)
        return gait_fail(err, GAIT_INVALID, "%.3g s is too short for walking or running",
                         scene->end_s - scene->start_s);
    struct step *step = s->line->steps + scene->first_step;
    for (size_t k = 0; k < 2; k++) {
        if (scene->from_standing) step[k].lands = false;
        if (scene->to_standing) step[scene->n_steps - 1 - k].leaves = false;
    }
    return GAIT_OK;
}

static void fill_steps(struct stretch *s)
{
    struct step *step = s->line->steps + s->scene->first_step;
    size_t n = s->scene->n_steps;
    for (size_t k = 0; k < n; k++) {
        double t_s = step[k].strike_s;
        double before_s = t_s - (k ? step[k - 1].strike_s : t_s);
        double after_s = k + 1 < n ? step[k + 1].strike_s - t_s : before_s;
        step[k].contact_s = contact_at(s, t_s, after_s);
        step[k].off_s = t_s + step[k].contact_s;
        step[k].impact = impact_at(s, t_s, step[k].left);
        step[k].eversion_deg = eversion_at(s, t_s);
        step[k].sway = ramp(s, KEY_FATIGUE_SWAY, t_s);
        step[k].vigour = vigour_at(s->scene, k, n);
        bool closing = s->scene->to_standing && k + 1 == n; /* both feet end side by side */
        if (!closing) s->along_m += s->pace->speed_mps * before_s * step[k].vigour;
        step[k].place_m = s->along_m;
    }
    for (size_t k = 0; k + 1 < n; k++) {
        double flight_s = step[k + 1].strike_s - step[k].off_s;
        step[k].flight_after_s = flight_s;
        step[k + 1].flight_before_s = flight_s;
    }
}

/* Hard landings are spread over each foot: one in every equal part of its steps. */
static gait_status add_hard_landings(struct stretch *s, gait_error *err)
{
    size_t count = (size_t)s->keys->number[KEY_HARD_LANDINGS];
    struct step *step = s->line->steps + s->scene->first_step;
    size_t n = s->scene->n_steps, margin = STEPS_BEYOND + 6;
    size_t usable = n > 2 * margin ? (n - 2 * margin) / 2 : 0; /* of one foot */
    if (count && usable / count < 4)
        return gait_fail(err, GAIT_INVALID, "hard_landings=%zu is too many for %zu strides", count,
                         usable);
    struct prng prng;
    stream_seed(&prng, s->person->seed, STREAM_HARD, 0);
    for (size_t foot = 0; foot < 2; foot++)
        for (size_t i = 0; i < count; i++) {
            size_t from = usable * i / count, to = usable * (i + 1) / count;
            size_t k = margin + foot + 2 * (from + (size_t)prng_below(&prng, to - from - 2) + 1);
            step[k].impact = prng_uniform(&prng, 1.8, 2.4) * step[k].impact;
            step[k].hard = true;
        }
    return GAIT_OK;
}

static gait_status add_gait(struct timeline *line, const struct person *person,
                            const struct key_values *keys, struct scene *scene, gait_error *err)
{
    struct stretch s = {.line = line, .person = person, .keys = keys, .scene = scene};
    s.running = scene->kind == SCENE_RUN;
    s.pace = s.running ? &person->run : &person->walk;
    stream_seed(&s.prng, person->seed, STREAM_STEPS, line->n_scenes);
    if (line->n_steps) s.along_m = line->steps[line->n_steps - 1].place_m;
    TRY(lay_strikes(&s, err));
    fill_steps(&s);
    if (s.running) TRY(add_hard_landings(&s, err));
    return push_scene(line, scene, err);
}

static gait_status add_still(struct timeline *line, enum scene_kind kind, double start_s,
                             double end_s, gait_error *err)
{
    struct scene scene = {.kind = kind, .start_s = start_s, .end_s = end_s};
    return push_scene(line, &scene, err);
}

static gait_status make_stretch(struct timeline *line, const struct person *person,
                                const struct key_values *keys, enum scene_kind kind,
                                gait_error *err)
{
    double standing_s = keys->number[KEY_STANDING];
    struct scene scene = {.kind = kind, .start_s = standing_s, .end_s = line->duration_s};
    scene.from_standing = standing_s > 0;
    if (standing_s > line->duration_s)
        return gait_fail(err, GAIT_INVALID, "standing_s=%g is longer than duration_s=%g",
                         standing_s, line->duration_s);
    if (scene.from_standing) TRY(add_still(line, SCENE_STAND, -10, standing_s, err));
    return add_gait(line, person, keys, &scene, err);
}

/* A day in small: every kind of thing a sensor that is worn all day sees. */
static const struct {
    enum scene_kind kind;
    double share;
    double most_s;
} day[] = {
    {SCENE_SIT, .10, HUGE_VAL}, {SCENE_STAND, .03, HUGE_VAL}, {SCENE_WALK, .08, 3600},
    {SCENE_SIT, .08, HUGE_VAL}, {SCENE_WALK, .04, 1800},      {SCENE_STAND, .02, HUGE_VAL},
    {SCENE_RUN, .20, 3600},     {SCENE_STAND, .02, HUGE_VAL}, {SCENE_WALK, .06, 1800},
    {SCENE_LIE, .08, HUGE_VAL}, {SCENE_RIDE, .07, 5400},      {SCENE_WALK, .04, 1800},
    {SCENE_CYCLE, .08, 5400},   {SCENE_STAND, .02, HUGE_VAL}, {SCENE_OFF, .08, HUGE_VAL},
};
enum { DAY_SCENES = sizeof day / sizeof *day };

/* Lengths in seconds that add up to the duration; what is over the most a scene may last goes to
 * the others. */
static void share_day(double duration_s, struct prng *prng, bool vary, double length_s[DAY_SCENES])
{
    double open = 0, closed_s = 0;
    for (size_t i = 0; i < DAY_SCENES; i++) {
        length_s[i] = day[i].share * (vary ? prng_uniform(prng, .8, 1.2) : 1);
        if (length_s[i] * duration_s > day[i].most_s)
            closed_s += day[i].most_s;
        else
            open += length_s[i];
    }
    for (size_t i = 0; i < DAY_SCENES; i++) {
        bool closed = length_s[i] * duration_s > day[i].most_s;
        length_s[i] = closed ? day[i].most_s : length_s[i] / open * (duration_s - closed_s);
    }
}

static gait_status make_day(struct timeline *line, const struct person *person,
                            const struct key_values *keys, gait_error *err)
{
    const double shortest_s = 300;
    if (line->duration_s < shortest_s)
        return gait_fail(err, GAIT_INVALID, "activity=day needs duration_s of at least %g",
                         shortest_s);
    struct prng prng;
    stream_seed(&prng, person->seed, STREAM_DAY, 0);
    double length_s[DAY_SCENES], at_s = 0;
    share_day(line->duration_s, &prng, person->vary > 0, length_s);
    for (size_t i = 0; i < DAY_SCENES; i++) {
        double end_s = i + 1 < DAY_SCENES ? at_s + length_s[i] : line->duration_s + 10;
        struct scene scene = {.kind = day[i].kind,
                              .start_s = at_s,
                              .end_s = end_s,
                              .from_standing = true,
                              .to_standing = true};
        if (scene.kind == SCENE_WALK || scene.kind == SCENE_RUN)
            TRY(add_gait(line, person, keys, &scene, err));
        else
            TRY(add_still(line, scene.kind, i ? at_s : -10, end_s, err));
        at_s = end_s;
    }
    return GAIT_OK;
}

static gait_status add_bend(struct timeline *line, const struct key_values *keys, double part,
                            struct prng *prng, struct bend leg, double *at_s, gait_error *err)
{
    const double pause_s = .6;
    leg.start_s = *at_s;
    leg.lowest_s =
        leg.start_s + part * keys->number[KEY_TEMPO_DOWN] * prng_uniform(prng, .93, 1.07);
    leg.end_s = leg.lowest_s + part * keys->number[KEY_TEMPO_UP] * prng_uniform(prng, .93, 1.07);
    leg.depth = part * prng_uniform(prng, .92, 1.08);
    *at_s = leg.end_s + pause_s;
    return push_bend(line, &leg, err);
}

static gait_status add_bends(struct timeline *line, const struct key_values *keys,
                             struct prng *prng, struct bend leg, double *at_s, gait_error *err)
{
    const double half_way = .48;
    size_t reps = (size_t)keys->number[KEY_REPS], aborted = (size_t)keys->number[KEY_ABORTED_REPS];
    for (size_t k = 0; k < reps || k < aborted; k++) {
        leg.aborted = false;
        if (k < reps) TRY(add_bend(line, keys, 1, prng, leg, at_s, err));
        leg.aborted = true;
        if (k < aborted) TRY(add_bend(line, keys, half_way, prng, leg, at_s, err));
    }
    return GAIT_OK;
}

/* A knee bend on the left leg, then on the right; a squat on both at once. */
static gait_status make_test(struct timeline *line, const struct person *person,
                             const struct key_values *keys, enum scene_kind kind, gait_error *err)
{
    const double rest_s = 3;
    struct prng prng;
    stream_seed(&prng, person->seed, STREAM_STEPS, 0);
    double at_s = fmax(keys->number[KEY_STANDING], rest_s), start_s = at_s;
    struct bend both = {.left = true, .right = true}, left = {.left = true},
                right = {.right = true};
    if (kind == SCENE_SQUAT) {
        TRY(add_bends(line, keys, &prng, both, &at_s, err));
    } else {
        TRY(add_bends(line, keys, &prng, left, &at_s, err));
        at_s += rest_s;
        TRY(add_bends(line, keys, &prng, right, &at_s, err));
    }
    if (at_s + 1 > line->duration_s)
        return gait_fail(err, GAIT_INVALID,
                         "the repetitions take %.1f s: duration_s=%g is too short", at_s + 1,
                         line->duration_s);
    TRY(add_still(line, SCENE_STAND, -10, start_s - .5, err));
    struct scene scene = {.kind = kind, .start_s = start_s - .5, .end_s = at_s};
    scene.n_bends = line->n_bends;
    TRY(push_scene(line, &scene, err));
    return add_still(line, SCENE_STAND, at_s, line->duration_s + 10, err);
}

gait_status timeline_make(struct timeline *line, const struct person *person,
                          const struct key_values *keys, gait_error *err)
{
    line->duration_s = keys->number[KEY_DURATION];
    switch ((enum task_word)keys->number[KEY_TASK]) {
    case TASK_KNEE_BEND: return make_test(line, person, keys, SCENE_KNEE_BEND, err);
    case TASK_SQUAT: return make_test(line, person, keys, SCENE_SQUAT, err);
    case TASK_NONE: break;
    }
    switch ((enum activity_word)keys->number[KEY_ACTIVITY]) {
    case ACTIVITY_RUN: return make_stretch(line, person, keys, SCENE_RUN, err);
    case ACTIVITY_WALK: return make_stretch(line, person, keys, SCENE_WALK, err);
    case ACTIVITY_DAY: return make_day(line, person, keys, err);
    }
    return GAIT_OK;
}
