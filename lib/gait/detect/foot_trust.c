/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/foot_trust.h"

#include <math.h>

#include "gait/detect/fitted.h"

double foot_log_odds(const struct foot_trust *trust, const struct foot_event *event)
{
    double likeness = isnan(event->likeness) ? foot_unknown_likeness : event->likeness;
    double doubt = fmax(1 - event->chance, 0) + foot_least_doubt;
    return trust->even + trust->per_score * event->score + trust->per_likeness * likeness -
           trust->per_log_doubt * log(doubt);
}

double foot_sd_s(const struct foot_spread *spread, double log_odds)
{
    double share =
        (spread->sure_log_odds - log_odds) / (spread->sure_log_odds - spread->unsure_log_odds);
    share = fmin(fmax(share, 0), 1);
    return spread->best_sd_s + share * (spread->worst_sd_s - spread->best_sd_s);
}

static int is_there(const struct foot_event *event)
{
    return event->at != HSMM_OUTSIDE;
}

void foot_take_chances(struct foot_events *events, const double *const probability[2], size_t n,
                       double rate_hz)
{
    size_t near = (size_t)(rate_hz / 20);
    for (int kind = 0; kind < 2; kind++)
        for (size_t i = 0; i < events->n_swings; i++) {
            struct foot_event *event = &events->of[kind][i];
            event->chance = 0;
            if (!is_there(event)) continue;
            size_t from = event->at > near ? event->at - near : 0;
            for (size_t k = from; k <= event->at + near && k < n; k++)
                event->chance += probability[kind][k];
        }
}

/* Expected events of a kind that were decoded and are not there, or are there and were not decoded,
 * per decoded one. */
static double expected_wrong(const struct foot_event *event, size_t n_events,
                             const double *probability, size_t n)
{
    double all = 0, real = 0, found = 0;
    for (size_t i = 0; i < n; i++) all += probability[i];
    for (size_t k = 0; k < n_events; k++)
        if (is_there(&event[k])) {
            real += event[k].chance;
            found++;
        }
    return found > 0 ? (found - real + fmax(all - real, 0)) / found : 1;
}

static double mean_unlikeness(const struct foot_event *event, size_t n_events)
{
    double sum = 0, found = 0;
    for (size_t k = 0; k < n_events; k++)
        if (is_there(&event[k])) {
            sum += 1 - (isnan(event[k].likeness) ? foot_unknown_likeness : event[k].likeness);
            found++;
        }
    return found > 0 ? sum / found : 1;
}

gait_status foot_weigh_walk(struct foot_events *events, const double *const probability[2],
                            size_t n, struct arena *tmp)
{
    struct walk_evidence *out = &events->evidence;
    struct arena_mark mark = arena_mark(tmp);
    size_t n_swings = events->n_swings, n_whole = 0;
    const struct foot_event *strike = events->of[GAIT_FOOT_STRIKE];
    const struct foot_event *toe_off = events->of[GAIT_TOE_OFF];
    double *duration = ARENA_NEW(tmp, n_swings, double);
    if (!duration) return GAIT_NOMEM;
    for (size_t i = 0; i < n_swings; i++)
        if (is_there(&strike[i]) && is_there(&toe_off[i]))
            duration[n_whole++] = (double)(strike[i].at - toe_off[i].at);
    *out = (struct walk_evidence){.is_known = 1,
                                  .odd = share_unlike(duration, n_whole, foot_odd_swing)};
    for (int kind = 0; kind < 2; kind++) {
        out->wrong += expected_wrong(events->of[kind], n_swings, probability[kind], n);
        out->unlike[kind] = mean_unlikeness(events->of[kind], n_swings);
    }
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
