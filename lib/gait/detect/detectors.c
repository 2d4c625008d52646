/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/detect.h"

#include <string.h>

#include "base/fail.h"

/* To add a detector: write lib/gait/detect/detect_NAME.c with a const struct detector, then name it
 * here twice. Of several defaults that fit, the first wins. */
extern const struct detector detect_aubol;
extern const struct detector detect_auvinet;
extern const struct detector detect_back_walk;
extern const struct detector detect_bend;
extern const struct detector detect_benson;
extern const struct detector detect_fadillioglu;
extern const struct detector detect_falbriard;
extern const struct detector detect_foot;
extern const struct detector detect_foot_gyro;
extern const struct detector detect_lee;
extern const struct detector detect_mccamley;
extern const struct detector detect_rampp;
extern const struct detector detect_mercer;
extern const struct detector detect_purcell;
extern const struct detector detect_reenalda;
extern const struct detector detect_sacrum_run;
extern const struct detector detect_shank;
extern const struct detector detect_shin;
extern const struct detector detect_sinclair;
extern const struct detector detect_stance;
extern const struct detector detect_steps;
extern const struct detector detect_wixted;

/* clang-format off */
static const struct detector *const rows[] = {
    /* our own, the defaults; foot_gyro before foot: it needs more and wins where it can be had */
    &detect_back_walk,
    &detect_foot_gyro,
    &detect_foot,
    &detect_falbriard,
    &detect_rampp,
    &detect_sacrum_run,
    &detect_shank,
    &detect_steps,
    &detect_bend,
    &detect_stance,
    /* published ones */
    &detect_aubol,
    &detect_auvinet,
    &detect_benson,
    &detect_fadillioglu,
    &detect_lee,
    &detect_mccamley,
    &detect_mercer,
    &detect_purcell,
    &detect_reenalda,
    &detect_shin,
    &detect_sinclair,
    &detect_wixted,
    NULL,
};
/* clang-format on */

const struct detector *detector_row(size_t index)
{
    return index < sizeof rows / sizeof *rows ? rows[index] : NULL;
}

const gait_detector *gait_detector_at(size_t index)
{
    const struct detector *row = detector_row(index);
    return row ? &row->pub : NULL;
}

const gait_detector *gait_detector_find(const char *name)
{
    if (!name) return NULL;
    for (size_t i = 0; detector_row(i); i++)
        if (strcmp(rows[i]->pub.name, name) == 0) return &rows[i]->pub;
    return NULL;
}

static int fits(const gait_detector *row, gait_placement placement, gait_activity activity,
                int has_gyro)
{
    return (row->placements & AT(placement)) && (row->activities & DURING(activity)) &&
           (has_gyro || !row->needs_gyro);
}

const struct detector *detector_choose(const char *name, gait_placement placement,
                                       gait_activity activity, int has_gyro)
{
    for (size_t i = 0; detector_row(i); i++) {
        const gait_detector *row = &rows[i]->pub;
        int wanted = name ? strcmp(row->name, name) == 0 : row->is_default;
        if (wanted && fits(row, placement, activity, has_gyro)) return rows[i];
    }
    return NULL;
}

static void weigh_confidence(const struct detector *detector, struct event_list *found)
{
    size_t n = 0;
    for (size_t i = 0; i < found->n; i++) n += found->at[i].type == GAIT_FOOT_STRIKE;
    found->evidence.n_strikes = n;
    for (size_t i = 0; i < found->n; i++)
        found->at[i].confidence *=
            reliability_of(detector->walk_reliability, &found->evidence, found->at[i].type);
}

gait_status detector_run(const struct detector *detector, const struct bout_signal *signal,
                         struct event_list *found, struct arena *keep, struct arena *tmp,
                         gait_error *err)
{
    struct arena_mark mark = arena_mark(tmp);
    gait_status status = detector->detect(signal, found, keep, tmp);
    arena_rewind(tmp, mark);
    if (status == GAIT_OK && signal->activity == GAIT_WALK && detector->walk_reliability)
        weigh_confidence(detector, found);
    if (status == GAIT_OK) return GAIT_OK;
    return gait_fail(err, status, "%s: %zu frames", detector->pub.name, signal->n);
}

/* Events come by the dozen; doubling leaves the old room in the arena, at most as much again. */
gait_status event_push(struct event_list *list, const gait_event *event, struct arena *keep)
{
    if (list->n == list->room) {
        size_t room = list->room ? 2 * list->room : 128;
        gait_event *at = ARENA_NEW(keep, room, gait_event);
        if (!at) return GAIT_NOMEM;
        if (list->n) memcpy(at, list->at, list->n * sizeof *at);
        list->at = at;
        list->room = room;
    }
    list->at[list->n++] = *event;
    return GAIT_OK;
}
