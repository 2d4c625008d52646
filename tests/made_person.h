/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MADE_PERSON_H
#define TESTS_MADE_PERSON_H

/* One person's sessions made by hand, as the rules that compare sessions see them. */

#include <stdlib.h>
#include <string.h>

#include "near.h"
#include "session/past.h"

enum { MADE_SESSIONS = 400 };

static const double made_day_s = 86400;

struct made {
    gait_settings settings;
    struct history history;
    struct past_session sessions[MADE_SESSIONS];
    struct side_difference difference[MADE_SESSIONS];
    struct exposure exposure[MADE_SESSIONS];
    struct standing standing[MADE_SESSIONS];
};

static inline struct made *make_person(int in_metres)
{
    struct made *made = calloc(1, sizeof *made);
    assert_non_null(made);
    gait_settings_init(&made->settings);
    made->history.settings = &made->settings;
    made->history.in_metres = in_metres;
    made->history.sessions = made->sessions;
    return made;
}

/* An ordinary session of two shanks; the caller may change it before the person is done. */
static inline struct past_session *add_session(struct made *made, double day, double amount)
{
    size_t i = made->history.n++;
    assert_true(i < MADE_SESSIONS);
    struct past_session *session = &made->sessions[i];
    made->exposure[i] = (struct exposure){day * made_day_s, amount};
    made->difference[i] = (struct side_difference){"contact_time_s", 1, 4};
    session->cadence_steps_per_min = 170;
    session->speed_mps = 3;
    session->n_strides = 3000;
    session->differences = &made->difference[i];
    session->n_differences = 1;
    for (int side = 0; side < 2; side++)
        session->limb[side] = (struct limb_load){
            amount * 80 * 8, amount * 80 * 4096, 8, 3000, "g", GAIT_SHANK, "maker", 200, 16};
    return session;
}

static inline void finish(struct made *made)
{
    history_of(made->exposure, made->history.n, made->standing);
    for (size_t i = 0; i < made->history.n; i++) {
        made->sessions[i].exposure = made->exposure[i];
        made->sessions[i].standing = made->standing[i];
    }
}

/* How many findings of that code session i has; the first is copied. */
static inline size_t count(const struct made *made, size_t i, const char *code, gait_finding *first)
{
    struct finding_list list = {0};
    struct arena tmp = {0};
    size_t n = 0;
    assert_int_equal(judge_history(&made->history, i, &list, &tmp), GAIT_OK);
    for (size_t k = 0; k < list.n; k++) {
        if (strcmp(list.at[k].rule->code, code) != 0) continue;
        assert_true(strlen(list.at[k].message) > 60 && list.at[k].units[0]);
        if (!n++ && first) *first = list.at[k];
    }
    free(list.at);
    arena_free(&tmp);
    return n;
}

#endif
