/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_RECORDED_H
#define TESTS_RECORDED_H

/* Real recordings of a folder that the environment names, their reference events, and the score of
 * what was detected against them. */

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <gait/analysis.h>

#include "base/text.h"
#include "near.h"

enum { RECORDED_MOST = 4096, RECORDED_PATH = 512 };

/* The folder of a set, or NULL if the environment does not name it or it is not there. */
static inline const char *recorded_folder(const char *variable, const char *set, char *path)
{
    const char *root = getenv(variable);
    if (!root || !*root) return NULL;
    assert_true(text_print(path, RECORDED_PATH, "%s/%s", root, set));
    DIR *folder = opendir(path);
    if (!folder) return NULL;
    closedir(folder);
    return path;
}

struct reference {
    size_t n_strikes, n_toe_offs;
    double strike_s[RECORDED_MOST], toe_off_s[RECORDED_MOST];
};

/* The events called so, of rows "event,side,time_s[,value]". */
static inline size_t reference_events(const char *path, const char *event, double *time_s)
{
    char line[256];
    size_t n = 0;
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    while (fgets(line, sizeof line, file) && n < RECORDED_MOST) {
        size_t length = strcspn(line, ",");
        if (length != strlen(event) || strncmp(line, event, length) != 0) continue;
        const char *time = line + length + 1;
        time += strcspn(time, ",") + 1;
        if (number_parse(time, strlen(time), '.', &time_s[n])) n++;
    }
    fclose(file);
    return n;
}

struct score {
    double tolerance_s; /* 0: 50 ms */
    size_t n_matched, n_missed, n_false, n_covered;
    double sum_ms, squares_ms, absolute_ms;
};

static inline double score_f1(const struct score *score)
{
    double hits = 2 * (double)score->n_matched;
    return hits / (hits + (double)(score->n_missed + score->n_false));
}

static inline double score_rmse(const struct score *score)
{
    return sqrt(score->squares_ms / (double)score->n_matched);
}

static inline double score_mae(const struct score *score)
{
    return score->absolute_ms / (double)score->n_matched;
}

static inline double score_coverage(const struct score *score)
{
    return (double)score->n_covered / (double)score->n_matched;
}

static inline void score_print(const char *what, const struct score *score)
{
    print_message("# %s: F1 %.4f of %zu, bias %+.1f, RMSE %.1f, MAE %.1f ms, coverage %.3f\n", what,
                  score_f1(score), score->n_matched + score->n_missed,
                  score->sum_ms / (double)score->n_matched, score_rmse(score), score_mae(score),
                  score_coverage(score));
}

/* One to one, nearest first, within the tolerance; a detection outside the reference's span by more
 * than that does not count. reference_s is rising. */
static inline void score_add(struct score *score, const gait_event *found, size_t n_found,
                             gait_event_type type, const double *reference_s, size_t n_reference)
{
    double tolerance_s = score->tolerance_s > 0 ? score->tolerance_s : 0.05;
    static unsigned char used[RECORDED_MOST], taken[RECORDED_MOST];
    assert_true(n_found < RECORDED_MOST && n_reference > 0);
    memset(used, 0, sizeof used);
    memset(taken, 0, sizeof taken);
    size_t n_matched = 0;
    for (;;) {
        double best = tolerance_s;
        size_t best_i = 0, best_j = RECORDED_MOST;
        for (size_t i = 0; i < n_found; i++)
            for (size_t j = 0; j < n_reference && !used[i] && found[i].type == type; j++) {
                double d = fabs(found[i].time_s - reference_s[j]);
                if (taken[j] || d > best) continue;
                best = d;
                best_i = i;
                best_j = j;
            }
        if (best_j == RECORDED_MOST) break;
        used[best_i] = taken[best_j] = 1;
        double error_s = found[best_i].time_s - reference_s[best_j];
        score->sum_ms += 1e3 * error_s;
        score->squares_ms += 1e6 * error_s * error_s;
        score->absolute_ms += 1e3 * fabs(error_s);
        score->n_covered += fabs(error_s) <= 1.96 * found[best_i].uncertainty_s;
        n_matched++;
    }
    size_t n_inside = 0;
    for (size_t i = 0; i < n_found; i++)
        n_inside += found[i].type == type && found[i].time_s >= reference_s[0] - tolerance_s &&
                    found[i].time_s <= reference_s[n_reference - 1] + tolerance_s;
    score->n_matched += n_matched;
    score->n_missed += n_reference - n_matched;
    score->n_false += n_inside > n_matched ? n_inside - n_matched : 0;
}

/* All events of the bouts of one activity in a recording, as the whole library finds them. */
struct detected {
    size_t n;
    gait_event event[RECORDED_MOST];
};

static inline void detected_take(struct detected *detected, gait_analysis *analysis,
                                 gait_activity activity)
{
    gait_bout bout;
    while (gait_analysis_next_bout(analysis, &bout)) {
        if (bout.activity != activity) continue;
        for (size_t i = 0; i < bout.n_events && detected->n < RECORDED_MOST; i++)
            detected->event[detected->n++] = bout.events[i];
    }
}

static inline void detect_recording(const char *path, gait_activity activity, const char *detector,
                                    struct detected *detected)
{
    gait_recording *recording = NULL;
    gait_analysis *analysis = NULL;
    gait_options options;
    gait_error err = {0};
    gait_block block;
    detected->n = 0;
    assert_ok(gait_recording_open(&recording, path, NULL, &err), err);
    gait_options_init(&options);
    gait_options_from_recording(&options, gait_recording_get_info(recording));
    options.detector = detector;
    assert_ok(gait_analysis_new(&analysis, &options, &err), err);
    for (;;) {
        assert_ok(gait_recording_read(recording, &block, &err), err);
        if (!block.n_frames) break;
        assert_ok(gait_analysis_feed(analysis, &block, &err), err);
        detected_take(detected, analysis, activity);
    }
    assert_ok(gait_analysis_finish(analysis, &err), err);
    detected_take(detected, analysis, activity);
    gait_analysis_free(&analysis);
    gait_recording_close(&recording);
}

#endif
