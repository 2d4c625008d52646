/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/chain.h"

#include <math.h>
#include <stdint.h>

static const size_t NONE = SIZE_MAX;

struct link {
    double value;    /* of the best chain that ends here */
    size_t from;     /* the member before, or NONE */
    size_t best_yet; /* which of 0..i ends the best chain */
};

static double step_cost(double interval_s, double period_s, const struct chain_rules *rules)
{
    double m = fmax(1, round(interval_s / period_s));
    double off = (interval_s - m * period_s) / (rules->tolerance * period_s);
    return off * off + rules->missed_cost * (m - 1);
}

static void offer(struct link *link, double value, size_t from)
{
    if (value <= link->value) return;
    link->value = value;
    link->from = from;
}

static void join(const struct chain_candidate *candidate, size_t i, const struct chain_rules *rules,
                 struct link *link)
{
    const struct chain_candidate *to = &candidate[i];
    int restart_open = isfinite(rules->restart_cost);
    for (size_t j = i; j-- > 0;) {
        double period_s = 0.5 * (to->period_s + candidate[j].period_s);
        double interval_s = to->time_s - candidate[j].time_s;
        double periods = interval_s / period_s;
        if (restart_open && periods >= rules->restart_gap) {
            size_t k = link[j].best_yet;
            offer(&link[i], link[k].value + to->weight - rules->restart_cost, k);
            restart_open = 0;
        }
        if (periods > rules->longest && !restart_open) break;
        if (periods < rules->shortest || periods > rules->longest) continue;
        offer(&link[i], link[j].value + to->weight - step_cost(interval_s, period_s, rules), j);
    }
}

static size_t trace_back(const struct link *link, size_t last, size_t *member)
{
    size_t n = 0;
    for (size_t i = last; i != NONE; i = link[i].from) n++;
    size_t place = n;
    for (size_t i = last; i != NONE; i = link[i].from) member[--place] = i;
    return n;
}

gait_status chain_best(const struct chain_candidate *candidate, size_t n,
                       const struct chain_rules *rules, size_t *member, size_t *n_members,
                       struct arena *tmp)
{
    *n_members = 0;
    if (n == 0) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    struct link *link = ARENA_NEW(tmp, n, struct link);
    if (!link) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        link[i] = (struct link){.value = candidate[i].weight, .from = NONE};
        join(candidate, i, rules, link);
        size_t before = i ? link[i - 1].best_yet : i;
        link[i].best_yet = link[i].value > link[before].value ? i : before;
    }
    *n_members = trace_back(link, link[n - 1].best_yet, member);
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
