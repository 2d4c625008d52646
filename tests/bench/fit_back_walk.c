/* SPDX-License-Identifier: BSD-3-Clause */

/* Fits the shape weights of the back-walk detector: fit_back_walk FOLDER, a folder of lower-back
 * recordings NAME_lowback.csv.gz with NAME_lowback.truth.csv beside them. Prints the weights fitted
 * to everybody, and the spread of the error when each person is left out. Deterministic. */

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "gait/detect/fitted.h"

enum { MOST_ROWS = 1 << 15, MOST_FRAMES = 1 << 16, MOST_EVENTS = 4096, UNKNOWNS = SHAPE_TERMS + 1 };

static const double reach_s = 0.12, outlier_s = 0.1;
static const double penalty = 1;

struct row {
    char person[16];
    double x[UNKNOWNS]; /* shape terms and 1 */
    double strike_s, toe_off_s;
};

static struct row rows[MOST_ROWS];
static size_t n_rows;

struct events {
    size_t n;
    double at[MOST_EVENTS];
};

static void read_events(const char *path, const char *event, struct events *out)
{
    char line[256];
    FILE *file = fopen(path, "r");
    out->n = 0;
    while (file && fgets(line, sizeof line, file) && out->n < MOST_EVENTS) {
        size_t length = strcspn(line, ",");
        if (length != strlen(event) || strncmp(line, event, length) != 0) continue;
        const char *time = line + length + 1;
        time += strcspn(time, ",") + 1;
        if (number_parse(time, strlen(time), '.', &out->at[out->n])) out->n++;
    }
    if (file) fclose(file);
}

static double first_within(const struct events *events, double from_s, double to_s)
{
    for (size_t i = 0; i < events->n; i++)
        if (events->at[i] > from_s && events->at[i] < to_s) return events->at[i];
    return NAN;
}

static double nearest(const struct events *events, double time_s)
{
    double best = NAN;
    for (size_t i = 0; i < events->n; i++)
        if (!(fabs(events->at[i] - time_s) >= fabs(best - time_s))) best = events->at[i];
    return best;
}

/* One row for each step of one stretch without a gap that has a strike near it. */
static void add_stretch(const double *accel_g, size_t n, double rate_hz, double start_s,
                        const char *person, const struct events *strikes,
                        const struct events *toe_offs)
{
    gait_options options;
    gait_options_init(&options);
    options.placement = GAIT_SACRUM;
    struct bout_signal signal = {.rate_hz = rate_hz,
                                 .n = n,
                                 .accel_g = accel_g,
                                 .bout_end_s = (double)n / rate_hz,
                                 .activity = GAIT_WALK,
                                 .options = &options};
    struct arena tmp = {0};
    struct walk walk;
    struct shape_waves waves;
    shape_waves_make(&waves);
    if (walk_prepare(&signal, &walk, &tmp) != GAIT_OK) abort();
    const double *smooth_g = smoothed(walk.trunk.norm_g, walk.signal.n, 15, STEP_RATE_HZ, &tmp);
    for (size_t k = 0; smooth_g && k < walk.n_steps && n_rows < MOST_ROWS; k++) {
        double usual_s = walk.steps[k].time_s + strike_after_bend_s;
        double period_s = step_period_around(walk.steps, walk.n_steps, k);
        double strike_s = nearest(strikes, start_s + usual_s);
        if (!(fabs(strike_s - start_s - usual_s) <= reach_s)) continue;
        struct shape shape;
        struct row *row = &rows[n_rows++];
        shape_measure(&waves, smooth_g, walk.signal.n, usual_s, period_s, &shape);
        memcpy(row->x, shape.term, sizeof shape.term);
        row->x[SHAPE_TERMS] = 1;
        row->strike_s = strike_s - start_s - usual_s;
        row->toe_off_s =
            first_within(toe_offs, strike_s, strike_s + 0.45 * period_s) - start_s - usual_s;
        (void)text_print(row->person, sizeof row->person, "%s", person);
    }
    arena_free(&tmp);
}

static void add_recording(const char *path)
{
    static double accel_g[3 * MOST_FRAMES];
    static struct events strikes, toe_offs;
    char truth[600];
    gait_error err = {0};
    gait_recording *recording = NULL;
    gait_block block = {0};
    if (gait_recording_open(&recording, path, NULL, &err) != GAIT_OK) {
        fprintf(stderr, "%s\n", err.text);
        return;
    }
    (void)text_print(truth, sizeof truth, "%.*s.truth.csv", (int)(strlen(path) - 7), path);
    read_events(truth, "foot_strike", &strikes);
    read_events(truth, "toe_off", &toe_offs);
    size_t n = 0;
    double start_s = 0, rate_hz = 0;
    const char *person = gait_recording_get_info(recording)->subject_id;
    for (;;) {
        if (gait_recording_read(recording, &block, &err) != GAIT_OK) break;
        if (n && (!block.n_frames || block.starts_segment)) {
            add_stretch(accel_g, n, rate_hz, start_s, person, &strikes, &toe_offs);
            n = 0;
        }
        if (!block.n_frames) break;
        if (!n) {
            start_s = block.start_s;
            rate_hz = block.rate_hz;
        }
        for (size_t i = 0; i < block.n_frames && n < MOST_FRAMES; i++, n++)
            for (size_t c = 0; c < 3; c++) accel_g[3 * n + c] = (double)block.accel_g[3 * i + c];
    }
    gait_recording_close(&recording);
}

/* Gauss-Jordan; the matrix is positive definite. */
static void solve(double a[UNKNOWNS][UNKNOWNS + 1], double *x)
{
    for (size_t i = 0; i < UNKNOWNS; i++)
        for (size_t r = 0; r < UNKNOWNS; r++) {
            double share = a[r][i] / a[i][i];
            for (size_t c = i; c <= UNKNOWNS && r != i; c++) a[r][c] -= share * a[i][c];
        }
    for (size_t i = 0; i < UNKNOWNS; i++) x[i] = a[i][UNKNOWNS] / a[i][i];
}

static double target(const struct row *row, int is_toe_off)
{
    return is_toe_off ? row->toe_off_s : row->strike_s;
}

/* Ridge on everybody but one person, targets within 100 ms of what is usual. */
static void fit(int is_toe_off, const char *without, double *weight)
{
    double a[UNKNOWNS][UNKNOWNS + 1] = {{0}}, usual_s = is_toe_off ? 0.18 : 0;
    for (size_t i = 0; i < n_rows; i++) {
        double y = target(&rows[i], is_toe_off);
        if (!(fabs(y - usual_s) < outlier_s) || strcmp(rows[i].person, without) == 0) continue;
        for (size_t r = 0; r < UNKNOWNS; r++) {
            for (size_t c = 0; c < UNKNOWNS; c++) a[r][c] += rows[i].x[r] * rows[i].x[c];
            a[r][UNKNOWNS] += rows[i].x[r] * y;
        }
    }
    for (size_t r = 0; r < SHAPE_TERMS; r++) a[r][r] += penalty;
    solve(a, weight);
}

static double spread_when_left_out(int is_toe_off)
{
    double sum = 0, square = 0, n = 0, weight[UNKNOWNS];
    char person[16] = "";
    for (size_t i = 0; i < n_rows; i++) {
        if (strcmp(person, rows[i].person) != 0) fit(is_toe_off, rows[i].person, weight);
        memcpy(person, rows[i].person, sizeof person);
        double error_s = target(&rows[i], is_toe_off);
        for (size_t k = 0; k < UNKNOWNS; k++) error_s -= weight[k] * rows[i].x[k];
        if (isnan(error_s)) continue;
        sum += error_s;
        square += error_s * error_s;
        n++;
    }
    return sqrt(square / n - sum / n * sum / n);
}

static void report(const char *what, int is_toe_off)
{
    double weight[UNKNOWNS];
    fit(is_toe_off, "", weight);
    printf("%s", what);
    for (size_t k = 0; k < SHAPE_TERMS; k++) printf(" %.1f", 1e3 * weight[k]);
    printf(", base %.1f ms; left out one by one: SD %.1f ms\n", 1e3 * weight[SHAPE_TERMS],
           1e3 * spread_when_left_out(is_toe_off));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
    static char *names[4096];
    size_t n = 0;
    DIR *entries = argc == 2 ? opendir(argv[1]) : NULL;
    if (!entries) {
        fprintf(stderr, "usage: fit_back_walk FOLDER\n");
        return 1;
    }
    for (struct dirent *entry; (entry = readdir(entries)) && n < 4096;)
        if (text_ends_with(entry->d_name, "_lowback.csv.gz")) names[n++] = strdup(entry->d_name);
    closedir(entries);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) {
        char path[600];
        if (text_print(path, sizeof path, "%s/%s", argv[1], names[i])) add_recording(path);
        free(names[i]);
    }
    printf("%zu steps of %zu recordings\n", n_rows, n);
    report("strike_ms", 0);
    report("toe_off_ms", 1);
    return 0;
}
