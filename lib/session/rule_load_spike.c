/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/settings.h"
#include "session/rules.h"
#include "session/series.h"
#include "signal/stats.h"

/* Both rules work on the logarithm of one limb's impact, so that a change is a ratio whatever the
 * level. */

enum {
    FEWEST_STRIDES = 60,
    FEWEST_BLOCKS = 8,
    FEWEST_SHIFT_BLOCKS = 3,
    MOST_CONFIRMING_BLOCKS = 25,
    MOST_TOLD = 20,
    CLUSTER_WINDOW = 5
};

static const double least_scale = 0.04;       /* of single strides, natural logarithm */
static const double least_block_scale = 0.02; /* of block medians */
static const double long_run_s = 720;
static const double around_s = 60; /* that a cluster is compared with */
static const double median_efficiency =
    1.2533; /* a median's standard error over a mean's, square root of pi / 2 */

static const char stride_caveat[] = "Kerbs, steps, downhill and a loose sensor do the same.";
static const char shift_caveat[] = "Surface, slope, speed and shoe also change it.";

struct limb {
    struct sensor_result *sensor;
    gait_side side; /* GAIT_SIDE_UNKNOWN: every stride of the sensor */
    const char *key;
    struct series series;
    double *log_impact;
};

typedef gait_status limb_fn(gait_session *session, const struct limb *limb, struct arena *tmp,
                            gait_error *err);

static gait_status take_limb(struct limb *limb, struct arena *tmp)
{
    struct series *series = &limb->series;
    TRY(series_take(limb->sensor, limb->key, limb->side, GAIT_RUN, series, tmp));
    size_t n = 0;
    for (size_t i = 0; i < series->n; i++) {
        if (series->value[i] <= 0) continue;
        series->value[n] = series->value[i];
        series->start_s[n] = series->start_s[i];
        series->end_s[n] = series->end_s[i];
        series->stride[n++] = series->stride[i];
    }
    series->n = n;
    limb->log_impact = ARENA_NEW(tmp, n, double);
    if (!limb->log_impact) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) limb->log_impact[i] = log(series->value[i]);
    return GAIT_OK;
}

/* Every sensor with an impact measure; a trunk sensor counts once, for both limbs. */
static gait_status for_each_limb(gait_session *session, limb_fn *visit, struct arena *tmp,
                                 gait_error *err)
{
    for (size_t i = 0; i < session->n_sensors; i++) {
        struct limb limb = {.sensor = &session->sensors[i], .side = GAIT_SIDE_UNKNOWN};
        limb.key = impact_key(limb.sensor->info.placement);
        if (!limb.key) continue;
        struct arena_mark mark = arena_mark(tmp);
        if (take_limb(&limb, tmp) != GAIT_OK)
            return gait_fail(err, GAIT_NOMEM, "no memory to look for load spikes");
        TRY(visit(session, &limb, tmp, err));
        arena_rewind(tmp, mark);
    }
    return GAIT_OK;
}

static gait_finding *begin(gait_session *session, const struct rule *rule, const struct limb *limb)
{
    gait_finding *finding = session_add_finding(session, &rule->pub);
    if (!finding) return NULL;
    finding->side = limb->sensor->info.side;
    text_print(finding->sensor, sizeof finding->sensor, "%s", limb->sensor->name);
    return finding;
}

static int is_hard_landing(const gait_settings *settings, double z, double ratio)
{
    if (z <= setting(settings, spike_z)) return 0;
    return z >= setting(settings, hard_landing_z) || ratio > setting(settings, hard_landing_ratio);
}

static gait_status tell_hard_landings(gait_session *session, const struct limb *limb,
                                      const size_t *hard, size_t n_hard, double level,
                                      gait_error *err)
{
    const struct series *series = &limb->series;
    size_t worst = hard[0];
    for (size_t k = 1; k < n_hard; k++)
        if (series->value[hard[k]] > series->value[worst]) worst = hard[k];
    gait_finding *finding = begin(session, &rule_load_spike_stride, limb);
    if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
    finding->severity = GAIT_NOTE;
    finding->n = series->n;
    finding->start_s = series->start_s[hard[0]];
    finding->end_s = series->end_s[hard[n_hard - 1]];
    finding->value = series->value[worst];
    finding->reference = level;
    finding->limit = level * setting(&session->options.settings, hard_landing_ratio);
    finding->confidence = 0.7;
    const gait_metric *metric = gait_metric_at((size_t)gait_metric_index(limb->key));
    text_print(finding->units, sizeof finding->units, "%s", metric->unit);
    text_print(finding->message, sizeof finding->message,
               "%zu of %zu landings stood out from those around them; the hardest, at %.1f s, "
               "reached %.1f %s against %.1f %s nearby. %s",
               n_hard, series->n, series->start_s[worst], finding->value, metric->unit, level,
               metric->unit, stride_caveat);
    return GAIT_OK;
}

/* How far each stride is above those around it. */
struct local {
    double *level; /* median around, in the metric's unit */
    double *z;     /* robust standard deviations */
};

static gait_status find_local(const struct limb *limb, size_t half, struct local *out,
                              struct arena *tmp)
{
    size_t n = limb->series.n;
    double *spread = ARENA_NEW(tmp, n, double);
    out->level = ARENA_NEW(tmp, n, double);
    out->z = ARENA_NEW(tmp, n, double);
    if (!spread || !out->level || !out->z) return GAIT_NOMEM;
    running_spread(limb->log_impact, n, half, out->level, spread, tmp);
    for (size_t i = 0; i < n; i++) {
        out->z[i] = (limb->log_impact[i] - out->level[i]) / fmax(spread[i], least_scale);
        out->level[i] = exp(out->level[i]);
    }
    return GAIT_OK;
}

/* Strides of one stretch in which hard ones crowd. */
struct cluster {
    size_t from, to, n_hard;
};

/* Hard strides among five from one on, the last of them in *last. */
static size_t hard_from(const struct local *local, double limit, size_t n, size_t from,
                        size_t *last)
{
    size_t count = 0;
    for (size_t i = from; i < n && i < from + CLUSTER_WINDOW; i++) {
        if (local->z[i] <= limit) continue;
        count++;
        *last = i;
    }
    return count;
}

/* The next cluster from stride `at` on; 0 if there is none. */
static int next_cluster(const gait_settings *settings, const struct local *local, size_t n,
                        size_t at, struct cluster *out)
{
    double limit = setting(settings, cluster_z);
    size_t enough = (size_t)setting(settings, cluster_strides), last = 0;
    while (at < n && !(local->z[at] > limit && hard_from(local, limit, n, at, &last) >= enough))
        at++;
    if (at >= n) return 0;
    *out = (struct cluster){at, last, 0};
    for (size_t i = at; i <= out->to; i++) {
        if (local->z[i] <= limit) continue;
        out->n_hard++;
        if (hard_from(local, limit, n, i, &last) >= enough) out->to = last;
    }
    return 1;
}

/* Cadence of a stretch against that around it, per cent. */
static double cadence_step(const struct limb *limb, double before_s, double from_s, double to_s,
                           struct arena *tmp)
{
    double around = cadence_between(limb->sensor, before_s, from_s, tmp);
    return 100 * (cadence_between(limb->sensor, from_s, to_s, tmp) / around - 1);
}

/* Said where it is worth saying. */
static void say_cadence(gait_finding *finding, const gait_settings *settings, char *text,
                        size_t room)
{
    text[0] = '\0';
    if (!(fabs(finding->cadence_change_percent) > setting(settings, flag_cadence_percent))) return;
    text_print(text, room, " Cadence %s %.0f %% at the same time.",
               finding->cadence_change_percent > 0 ? "rose" : "fell",
               fabs(finding->cadence_change_percent));
}

static gait_status tell_cluster(gait_session *session, const struct limb *limb,
                                const struct local *local, const struct cluster *cluster,
                                struct arena *tmp, gait_error *err)
{
    const struct series *series = &limb->series;
    const gait_settings *settings = &session->options.settings;
    size_t worst = cluster->from;
    for (size_t i = cluster->from; i <= cluster->to; i++)
        if (series->value[i] > series->value[worst]) worst = i;
    gait_finding *finding = begin(session, &rule_load_spike_stride, limb);
    if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
    char cadence[64];
    finding->severity = GAIT_NOTE;
    finding->n = series->n;
    finding->start_s = series->start_s[cluster->from];
    finding->end_s = series->end_s[cluster->to];
    finding->value = series->value[worst];
    finding->reference = local->level[worst];
    finding->confidence = 0.7;
    finding->cadence_change_percent =
        cadence_step(limb, finding->start_s - around_s, finding->start_s, finding->end_s, tmp);
    const gait_metric *metric = gait_metric_at((size_t)gait_metric_index(limb->key));
    text_print(finding->title, sizeof finding->title, "Hard landings in a row");
    text_print(finding->units, sizeof finding->units, "%s", metric->unit);
    say_cadence(finding, settings, cadence, sizeof cadence);
    text_print(finding->message, sizeof finding->message,
               "%zu hard landings from %.1f to %.1f s, up to %.1f %s against %.1f %s nearby.%s %s",
               cluster->n_hard, finding->start_s, finding->end_s, finding->value, metric->unit,
               finding->reference, metric->unit, cadence, stride_caveat);
    return GAIT_OK;
}

static gait_status judge_clusters(gait_session *session, const struct limb *limb,
                                  const struct local *local, struct arena *tmp, gait_error *err)
{
    struct cluster cluster;
    size_t at = 0, told = 0;
    while (told++ < MOST_TOLD &&
           next_cluster(&session->options.settings, local, limb->series.n, at, &cluster)) {
        TRY(tell_cluster(session, limb, local, &cluster, tmp, err));
        at = cluster.to + 1;
    }
    return GAIT_OK;
}

static gait_status judge_strides(gait_session *session, const struct limb *limb, struct arena *tmp,
                                 gait_error *err)
{
    const gait_settings *settings = &session->options.settings;
    const struct series *series = &limb->series;
    size_t half = (size_t)setting(settings, spike_half_window_strides), n_hard = 0;
    if (series->n < FEWEST_STRIDES) return GAIT_OK;
    size_t *hard = ARENA_NEW(tmp, series->n, size_t);
    struct local local;
    if (!hard || find_local(limb, half, &local, tmp))
        return gait_fail(err, GAIT_NOMEM, "no memory to look for load spikes");
    double worst_level = NAN, worst = 0;
    for (size_t i = 0; i < series->n; i++) {
        double level = local.level[i];
        if (!is_hard_landing(settings, local.z[i], series->value[i] / level)) continue;
        hard[n_hard++] = i;
        limb->sensor->strides[series->stride[i]].flags |= GAIT_FLAG_HARD_LANDING;
        if (series->value[i] > worst) {
            worst = series->value[i];
            worst_level = level;
        }
    }
    if (n_hard) TRY(tell_hard_landings(session, limb, hard, n_hard, worst_level, err));
    return judge_clusters(session, limb, &local, tmp, err);
}

static gait_status judge_stride(gait_session *session, struct arena *tmp, gait_error *err)
{
    return for_each_limb(session, judge_strides, tmp, err);
}

const struct rule rule_load_spike_stride = {
    .pub =
        {.code = "load_spike_stride",
         .title = "Hard landings",
         .rule =
             "A stride's impact is more than spike_z robust standard deviations above the "
             "spike_half_window_strides strides on each side of it, and at least hard_landing_z or "
             "hard_landing_ratio times their median; or cluster_strides of five in a row are more "
             "than cluster_z above.",
         .settings =
             "spike_half_window_strides spike_z hard_landing_z hard_landing_ratio cluster_z "
             "cluster_strides",
         .evidence = "D",
         .source = "robust outlier rule on log impact; limits chosen for 0.1 false alarms per 2600 "
                   "strides",
         .caveat = stride_caveat},
    .judge = judge_stride,
};

/* Medians of blocks of strides, and where each block is. */
struct blocks {
    size_t n;
    size_t strides;
    double *log_impact;
    double *start_s, *end_s;
};

static gait_status make_blocks(const struct limb *limb, size_t strides, size_t skip,
                               struct blocks *out, struct arena *tmp)
{
    const struct series *series = &limb->series;
    out->strides = strides;
    out->n = series->n > skip ? (series->n - skip) / strides : 0;
    out->log_impact = ARENA_NEW(tmp, out->n, double);
    out->start_s = ARENA_NEW(tmp, out->n, double);
    out->end_s = ARENA_NEW(tmp, out->n, double);
    if (!out->log_impact || !out->start_s || !out->end_s) return GAIT_NOMEM;
    for (size_t b = 0; b < out->n; b++) {
        size_t first = skip + b * strides;
        out->log_impact[b] = median(limb->log_impact + first, strides, tmp);
        out->start_s[b] = series->start_s[first];
        out->end_s[b] = series->end_s[first + strides - 1];
    }
    return GAIT_OK;
}

/* Scale of block medians from their differences, so that a shift does not widen it. */
static double block_scale(const struct blocks *blocks, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *difference = ARENA_NEW(tmp, blocks->n, double), scale = least_block_scale;
    for (size_t b = 1; difference && b < blocks->n; b++)
        difference[b - 1] = blocks->log_impact[b] - blocks->log_impact[b - 1];
    if (difference) scale = fmax(mad_sigma(difference, blocks->n - 1, tmp) / sqrt(2), scale);
    arena_rewind(tmp, mark);
    return scale;
}

struct shift {
    size_t old_from;      /* first block of the regime before */
    size_t from, to;      /* first and last block of the new one */
    double before, after; /* log impact */
};

static gait_status tell_shift(gait_session *session, const struct limb *limb,
                              const struct blocks *blocks, const struct shift *shift,
                              struct arena *tmp, gait_error *err)
{
    gait_finding *finding = begin(session, &rule_load_spike_sustained, limb);
    if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
    double percent = 100 * (exp(shift->after - shift->before) - 1);
    finding->severity = percent > 0 ? GAIT_NOTE : GAIT_INFO;
    finding->n = (shift->to + 1 - shift->from) * blocks->strides;
    finding->start_s = blocks->start_s[shift->from];
    finding->end_s = blocks->end_s[shift->to];
    finding->value = percent;
    finding->reference = 0;
    finding->limit = setting(&session->options.settings, shift_gate_percent);
    finding->confidence = 0.7;
    finding->cadence_change_percent =
        cadence_step(limb, blocks->start_s[shift->old_from], finding->start_s, finding->end_s, tmp);
    char cadence[64];
    say_cadence(finding, &session->options.settings, cadence, sizeof cadence);
    text_print(finding->units, sizeof finding->units, "%%");
    text_print(
        finding->message, sizeof finding->message,
        "Impact intensity %s %.0f %% from minute %.1f to %.1f (%.1f to %.1f on average).%s %s",
        percent > 0 ? "rose" : "fell", fabs(percent), finding->start_s / 60, finding->end_s / 60,
        exp(shift->before), exp(shift->after), cadence, shift_caveat);
    return GAIT_OK;
}

/* Page's cumulative sum (1954, Biometrika 41:100) of block medians above the baseline, both ways,
 * with a gate on size. */
struct cusum {
    double centre, scale;
    double sum[2];
    size_t since[2]; /* block at which the sum left zero */
};

/* Which way the alarm goes off at block b (1 up, -1 down), 0 if it does not. */
static int cusum_step(struct cusum *cusum, const gait_settings *settings, double value, size_t b)
{
    for (int way = 0; way < 2; way++) {
        double z = (way ? -1 : 1) * (value - cusum->centre) / cusum->scale;
        if (cusum->sum[way] <= 0) cusum->since[way] = b;
        cusum->sum[way] = fmax(0, cusum->sum[way] + z - setting(settings, shift_slack));
        if (cusum->sum[way] > setting(settings, shift_alarm) &&
            b + 1 - cusum->since[way] >= FEWEST_SHIFT_BLOCKS)
            return way ? -1 : 1;
    }
    return 0;
}

/* The regime goes on while blocks stay closer to it than to the old level. */
static size_t regime_end(const struct blocks *blocks, size_t from, double before, double after)
{
    double middle = 0.5 * (before + after);
    size_t last = from;
    for (size_t b = from; b < blocks->n; b++) {
        if ((blocks->log_impact[b] > middle) == (after > before)) last = b;
        if (b - last >= FEWEST_SHIFT_BLOCKS) break;
    }
    return last;
}

/* The sum may have left zero by chance before the change: the change is where the blocks' sum
 * beyond the middle of the two levels begins to rise for good. */
static size_t change_point(const struct blocks *blocks, const struct shift *shift)
{
    double middle = 0.5 * (shift->before + shift->after), sum = 0, least = 0;
    double sign = shift->after > shift->before ? 1 : -1;
    size_t from = shift->from;
    for (size_t b = shift->from; b < shift->to; b++) {
        sum += sign * (blocks->log_impact[b] - middle);
        if (sum >= least) continue;
        least = sum;
        from = b + 1;
    }
    return from;
}

static size_t regime_blocks(const struct shift *shift)
{
    size_t n = shift->to + 1 - shift->from;
    return n > MOST_CONFIRMING_BLOCKS ? MOST_CONFIRMING_BLOCKS : n;
}

/* Where the new regime begins and how high it is depend on each other. */
static void settle(const struct blocks *blocks, struct shift *shift, struct arena *tmp)
{
    for (int turn = 0; turn < 3; turn++) {
        shift->from = change_point(blocks, shift);
        shift->before =
            median(blocks->log_impact + shift->old_from, shift->from - shift->old_from, tmp);
        shift->after = median(blocks->log_impact + shift->from, regime_blocks(shift), tmp);
        shift->to = regime_end(blocks, shift->from, shift->before, shift->after);
    }
}

/* The alarm alone is easily raised by a baseline that happened to be low: the whole regime, not
 * only the blocks that raised it, must differ by more than chance between two medians allows, and
 * by enough to matter. */
static int is_confirmed(const struct cusum *cusum, const gait_settings *settings,
                        const struct shift *shift)
{
    size_t n_after = regime_blocks(shift), n_before = shift->from - shift->old_from;
    double change = fabs(shift->after - shift->before);
    double chance =
        median_efficiency * cusum->scale * sqrt(1 / (double)n_before + 1 / (double)n_after);
    double gate = log(1 + setting(settings, shift_gate_percent) / 100);
    return n_after >= FEWEST_SHIFT_BLOCKS && change >= gate &&
           change >= setting(settings, shift_certainty) * chance;
}

static gait_status find_shifts(gait_session *session, const struct limb *limb,
                               const struct blocks *blocks, size_t baseline, struct arena *tmp,
                               gait_error *err)
{
    const gait_settings *settings = &session->options.settings;
    struct cusum cusum = {.centre = median(blocks->log_impact, baseline, tmp),
                          .scale = block_scale(blocks, tmp)};
    size_t told = 0, regime_from = 0;
    for (size_t b = baseline; b < blocks->n && told < MOST_TOLD; b++) {
        int way = cusum_step(&cusum, settings, blocks->log_impact[b], b);
        if (!way) continue;
        size_t recent = b + 1 - FEWEST_SHIFT_BLOCKS;
        struct shift shift = {regime_from, cusum.since[way < 0], b, cusum.centre,
                              median(blocks->log_impact + recent, FEWEST_SHIFT_BLOCKS, tmp)};
        settle(blocks, &shift, tmp);
        if (!is_confirmed(&cusum, settings, &shift)) continue;
        TRY(tell_shift(session, limb, blocks, &shift, tmp, err));
        told++;
        regime_from = shift.from;
        cusum.centre = shift.after;
        cusum.sum[0] = cusum.sum[1] = 0;
    }
    return GAIT_OK;
}

static size_t warm_up_strides(const gait_settings *settings, const struct series *series)
{
    double run_s = series->end_s[series->n - 1] - series->start_s[0];
    size_t skip = 0;
    if (run_s <= long_run_s) return 0;
    while (skip < series->n &&
           series->start_s[skip] < series->start_s[0] + setting(settings, shift_warmup_s))
        skip++;
    return skip;
}

static gait_status judge_shifts(gait_session *session, const struct limb *limb, struct arena *tmp,
                                gait_error *err)
{
    const gait_settings *settings = &session->options.settings;
    if (limb->series.n < FEWEST_STRIDES) return GAIT_OK;
    struct blocks blocks;
    size_t skip = warm_up_strides(settings, &limb->series);
    if (make_blocks(limb, (size_t)setting(settings, shift_block_strides), skip, &blocks, tmp) !=
        GAIT_OK)
        return gait_fail(err, GAIT_NOMEM, "no memory to look for load shifts");
    if (blocks.n < FEWEST_BLOCKS) return GAIT_OK;
    size_t baseline = (size_t)setting(settings, shift_baseline_blocks);
    if (baseline > blocks.n / 3) baseline = blocks.n / 3 < 4 ? 4 : blocks.n / 3;
    return find_shifts(session, limb, &blocks, baseline, tmp, err);
}

static gait_status judge_sustained(gait_session *session, struct arena *tmp, gait_error *err)
{
    return for_each_limb(session, judge_shifts, tmp, err);
}

const struct rule rule_load_spike_sustained = {
    .pub =
        {.code = "load_spike_sustained",
         .title = "Sustained change of impact",
         .rule =
             "The cumulative sum of block medians (shift_block_strides strides each) of log impact "
             "against the first shift_baseline_blocks blocks, less shift_slack standard deviations "
             "a block, passes shift_alarm, and the medians of the two regimes differ by "
             "shift_gate_percent and by "
             "shift_certainty standard errors.",
         .settings = "shift_block_strides shift_baseline_blocks shift_slack shift_alarm "
                     "shift_certainty shift_gate_percent shift_warmup_s",
         .evidence = "D",
         .source = "Page 1954, Biometrika 41:100, on block medians of log impact",
         .caveat = shift_caveat},
    .judge = judge_sustained,
};
