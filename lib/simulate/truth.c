/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/truth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"

static const char *const activity_word[] = {"rest", "walk", "run", "other", "knee-bend", "squat"};

static gait_status add(struct truth *truth, const char *event, gait_side side, double time_s,
                       double value, gait_error *err)
{
    if (truth->n == truth->room) {
        size_t room = truth->room ? 2 * truth->room : 256;
        gait_truth *rows = realloc(truth->rows, room * sizeof *rows);
        if (!rows) return gait_fail(err, GAIT_NOMEM, "no memory for %zu rows of truth", room);
        truth->rows = rows;
        truth->room = room;
    }
    gait_truth *row = &truth->rows[truth->n++];
    memset(row, 0, sizeof *row);
    text_print(row->event, sizeof row->event, "%s", event);
    row->side = side;
    row->time_s = time_s;
    row->value = value;
    return GAIT_OK;
}

static gait_side side_of(const struct step *step)
{
    return step->left ? GAIT_LEFT : GAIT_RIGHT;
}

static bool belongs(const struct step *step, gait_side side)
{
    return side == GAIT_SIDE_NONE || side_of(step) == side;
}

/* Largest along the segment and in any direction, around the impact. */
static gait_status add_peaks(struct truth *truth, const struct motion *motion,
                             const struct step *step, gait_error *err)
{
    const double before_s = .010, after_s = .080;
    size_t from = grid_index(&motion->grid, step->strike_s - before_s);
    size_t to = grid_index(&motion->grid, step->strike_s + after_s);
    double along = -HUGE_VAL, any = 0;
    for (size_t i = from; i < to; i++) {
        const double *f = motion->force_g + 3 * i;
        along = fmax(along, f[1]);
        any = fmax(any, f[0] * f[0] + f[1] * f[1] + f[2] * f[2]);
    }
    gait_side side = side_of(step);
    TRY(add(truth, "peak_accel_axial_g", side, step->strike_s, along, err));
    return add(truth, "peak_accel_resultant_g", side, step->strike_s, sqrt(any), err);
}

gait_status truth_add_motion(struct truth *truth, const struct world *world,
                             const struct motion *motion, gait_side side, double from_s,
                             double to_s, gait_error *err)
{
    const struct timeline *line = world->timeline;
    size_t k = first_step_after(line, from_s);
    for (; k < line->n_steps && line->steps[k].strike_s < to_s; k++) {
        const struct step *step = &line->steps[k];
        if (!belongs(step, side) || !step->lands) continue;
        if (step->off_s > line->duration_s) continue;
        TRY(add_peaks(truth, motion, step, err));
        if (!motion->roll_deg) continue;
        double excursion = eversion_excursion(motion->roll_deg, &motion->grid, step);
        truth->eversion_sum += excursion;
        truth->n_eversion++;
        TRY(add(truth, "eversion_excursion_deg", side_of(step), step->strike_s, excursion, err));
    }
    return GAIT_OK;
}

static gait_status add_steps(struct truth *truth, const struct world *world, gait_side side,
                             gait_error *err)
{
    const struct timeline *line = world->timeline;
    size_t all = 0;
    for (size_t k = 0; k < line->n_steps; k++) {
        const struct step *step = &line->steps[k];
        bool strike = step->lands && step->strike_s >= 0 && step->strike_s < line->duration_s;
        bool off = step->leaves && step->off_s >= 0 && step->off_s < line->duration_s;
        all += strike;
        if (!belongs(step, side)) continue;
        gait_side foot = side_of(step);
        if (strike) TRY(add(truth, "foot_strike", foot, step->strike_s, (double)NAN, err));
        if (off) TRY(add(truth, "toe_off", foot, step->off_s, (double)NAN, err));
        if (!strike || !off) continue;
        TRY(add(truth, "contact_time_s", foot, step->strike_s, step->contact_s, err));
        if (step->hard) TRY(add(truth, "hard_landing", foot, step->strike_s, step->impact, err));
    }
    return add(truth, "steps", GAIT_SIDE_UNKNOWN, 0, (double)all, err);
}

/* Steps done until t_s, with the fraction of the one under way; NaN outside the scene. */
static double steps_until(const struct timeline *line, const struct scene *scene, double t_s)
{
    size_t k = first_step_after(line, t_s), end = scene->first_step + scene->n_steps;
    if (k <= scene->first_step || k >= end) return (double)NAN;
    const struct step *next = &line->steps[k];
    if (!next[-1].lands) return (double)NAN;
    return (double)k - (next->strike_s - t_s) / (next->strike_s - next[-1].strike_s);
}

static gait_status add_cadence(struct truth *truth, const struct world *world, gait_error *err)
{
    const double window_s = 10;
    const struct timeline *line = world->timeline;
    for (size_t i = 0; i < line->n_scenes; i++) {
        const struct scene *scene = &line->scenes[i];
        if (!scene->n_steps) continue;
        double from_s = window_s * ceil(fmax(scene->start_s, 0) / window_s);
        double end_s = fmin(scene->end_s, line->duration_s);
        for (; from_s + window_s <= end_s; from_s += window_s) {
            double steps =
                steps_until(line, scene, from_s + window_s) - steps_until(line, scene, from_s);
            if (isnan(steps)) continue;
            TRY(add(truth, "cadence_spm", GAIT_SIDE_UNKNOWN, from_s + window_s / 2,
                    60 / window_s * steps, err));
        }
    }
    return GAIT_OK;
}

/* Gait begins when the first foot leaves the ground and ends when the last one is put down. */
static void bout_of(const struct timeline *line, const struct scene *scene, double *start_s,
                    double *end_s)
{
    const struct step *step = line->steps + scene->first_step;
    *start_s = scene->start_s;
    *end_s = scene->end_s;
    if (scene->n_steps && scene->from_standing) *start_s = step[0].off_s;
    if (scene->n_steps && scene->to_standing) *end_s = step[scene->n_steps - 1].strike_s;
    *start_s = fmax(*start_s, 0);
    *end_s = fmin(*end_s, line->duration_s);
}

/* Neighbouring scenes of rest are one bout. */
static gait_status add_bouts(struct truth *truth, const struct world *world, gait_error *err)
{
    const struct timeline *line = world->timeline;
    for (size_t i = 0; i < line->n_scenes;) {
        gait_activity activity = scene_activity(line->scenes[i].kind);
        double start_s, end_s, ignored;
        bout_of(line, &line->scenes[i], &start_s, &end_s);
        size_t last = i;
        if (activity == GAIT_REST)
            while (last + 1 < line->n_scenes &&
                   scene_activity(line->scenes[last + 1].kind) == activity)
                last++;
        if (last > i) bout_of(line, &line->scenes[last], &ignored, &end_s);
        const char *word = activity_word[activity];
        TRY(add(truth, "bout_start", GAIT_SIDE_UNKNOWN, start_s, (double)NAN, err));
        text_print(truth->rows[truth->n - 1].text, sizeof truth->rows->text, "%s", word);
        TRY(add(truth, "bout_end", GAIT_SIDE_UNKNOWN, end_s, (double)NAN, err));
        text_print(truth->rows[truth->n - 1].text, sizeof truth->rows->text, "%s", word);
        i = last + 1;
    }
    return GAIT_OK;
}

static gait_status add_bend(struct truth *truth, const struct bend *bend, gait_side leg,
                            double medial_lean_deg, gait_error *err)
{
    double at_s = bend->start_s;
    if (bend->aborted) return add(truth, "bend_aborted", leg, bend->lowest_s, (double)NAN, err);
    TRY(add(truth, "bend_start", leg, at_s, (double)NAN, err));
    TRY(add(truth, "bend_end", leg, bend->end_s, (double)NAN, err));
    TRY(add(truth, "bend_down_s", leg, at_s, bend->lowest_s - at_s, err));
    TRY(add(truth, "bend_up_s", leg, at_s, bend->end_s - bend->lowest_s, err));
    return add(truth, "bend_medial_lean_deg", leg, at_s, bend->depth * medial_lean_deg, err);
}

static gait_status add_bends(struct truth *truth, const struct world *world, gait_side side,
                             gait_error *err)
{
    for (size_t k = 0; k < world->timeline->n_bends; k++) {
        const struct bend *bend = &world->timeline->bends[k];
        for (int left = 1; left >= 0; left--) {
            gait_side leg = left ? GAIT_LEFT : GAIT_RIGHT;
            if (left ? !bend->left : !bend->right) continue;
            if (side != GAIT_SIDE_NONE && side != leg) continue;
            TRY(add_bend(truth, bend, leg, world->person->medial_lean_deg[left], err));
        }
    }
    return GAIT_OK;
}

static int by_time(const void *a, const void *b)
{
    const gait_truth *x = a, *y = b;
    if (x->time_s < y->time_s) return -1;
    if (x->time_s > y->time_s) return 1;
    int order = strcmp(x->event, y->event);
    return order ? order : (int)x->side - (int)y->side;
}

gait_status truth_finish(struct truth *truth, const struct world *world,
                         const struct key_values *keys, gait_side side, gait_error *err)
{
    TRY(add_steps(truth, world, side, err));
    TRY(add_cadence(truth, world, err));
    TRY(add_bouts(truth, world, err));
    TRY(add_bends(truth, world, side, err));
    if (truth->n_eversion)
        TRY(add(truth, "eversion_mean_deg", side, 0,
                truth->eversion_sum / (double)truth->n_eversion, err));
    if (keys->set[KEY_SHIFT_AT] && keys->number[KEY_SHIFT_AT] < world->timeline->duration_s)
        TRY(add(truth, "load_shift_percent", GAIT_SIDE_UNKNOWN, keys->number[KEY_SHIFT_AT],
                keys->number[KEY_SHIFT], err));
    qsort(truth->rows, truth->n, sizeof *truth->rows, by_time);
    return GAIT_OK;
}

void truth_free(struct truth *truth)
{
    free(truth->rows);
    memset(truth, 0, sizeof *truth);
}
