/* SPDX-License-Identifier: BSD-3-Clause */

/* The whole library on real shanks, against force plates and against another group's strides. Needs
 * the folder GAIT_DATA_DIR; without it everything here is left out. */

#include "recorded.h"
#include "signal/stats.h"

static struct detected detected;
static struct reference reference;

/* Path of the reference beside a recording. */
static void reference_path(const char *recording, char *path)
{
    size_t stem = strlen(recording) - strlen(".csv.gz");
    assert_true(text_print(path, RECORDED_PATH, "%.*s.truth.csv", (int)stem, recording));
}

static int has_parts(const char *name, const char *part, const char *ending)
{
    return strstr(name, part) && text_ends_with(name, ending);
}

static void score_folder(const char *folder, const char *part, gait_activity activity,
                         struct score *strike, struct score *toe_off)
{
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries));) {
        char path[RECORDED_PATH], truth[RECORDED_PATH];
        if (!has_parts(entry->d_name, part, "_shank.csv.gz")) continue;
        assert_true(text_print(path, sizeof path, "%s/%s", folder, entry->d_name));
        reference_path(path, truth);
        reference.n_strikes = reference_events(truth, "foot_strike", reference.strike_s);
        reference.n_toe_offs = reference_events(truth, "toe_off", reference.toe_off_s);
        detect_recording(path, activity, NULL, &detected);
        score_add(strike, detected.event, detected.n, GAIT_FOOT_STRIKE, reference.strike_s,
                  reference.n_strikes);
        score_add(toe_off, detected.event, detected.n, GAIT_TOE_OFF, reference.toe_off_s,
                  reference.n_toe_offs);
    }
    closedir(entries);
}

static void running_events_agree_with_the_force_plate(void **state)
{
    (void)state;
    char path[RECORDED_PATH];
    const char *folder = recorded_folder("GAIT_DATA_DIR", "bach_shank", path);
    if (!folder) skip_because("GAIT_DATA_DIR names no such recordings");
    struct score strike = {0}, toe_off = {0};
    score_folder(folder, "running", GAIT_RUN, &strike, &toe_off);
    score_print("running, foot strike", &strike);
    score_print("running, toe-off", &toe_off);
    assert_true(score_f1(&strike) >= 0.995 && score_f1(&toe_off) >= 0.995);
    assert_true(score_rmse(&strike) <= 3.5 && score_rmse(&toe_off) <= 5.5);
    assert_true(score_coverage(&strike) >= 0.9 && score_coverage(&toe_off) >= 0.9);
}

static void walking_events_agree_with_the_force_plate(void **state)
{
    (void)state;
    char path[RECORDED_PATH];
    const char *folder = recorded_folder("GAIT_DATA_DIR", "bach_shank", path);
    if (!folder) skip_because("GAIT_DATA_DIR names no such recordings");
    struct score strike = {0}, toe_off = {0};
    score_folder(folder, "walking", GAIT_WALK, &strike, &toe_off);
    score_print("walking, foot strike", &strike);
    score_print("walking, toe-off", &toe_off);
    assert_true(score_f1(&strike) >= 0.995 && score_f1(&toe_off) >= 0.995);
    assert_true(score_rmse(&strike) <= 5 && score_mae(&toe_off) <= 9);
    assert_true(score_coverage(&strike) >= 0.9 && score_coverage(&toe_off) >= 0.9);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Foot strikes into strike_s, rising; how many. */
static size_t strikes_of(const struct detected *from, double *strike_s)
{
    size_t n = 0;
    for (size_t i = 0; i < from->n; i++)
        if (from->event[i].type == GAIT_FOOT_STRIKE) strike_s[n++] = from->event[i].time_s;
    qsort(strike_s, n, sizeof *strike_s, by_value);
    return n;
}

/* Fifty strides each, by the authors' own segmentation; the recording ends with the last of them,
 * so one strike more may be in it. */
static void fast_runners_strides_are_all_there(void **state)
{
    (void)state;
    char folder_path[RECORDED_PATH];
    const char *folder = recorded_folder("GAIT_DATA_DIR", "dragon_fatigue", folder_path);
    if (!folder) skip_because("GAIT_DATA_DIR names no such recordings");
    static double strike_s[RECORDED_MOST], off_ms[RECORDED_MOST];
    size_t n_recordings = 0, n_exact = 0;
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries));) {
        char path[RECORDED_PATH], truth[RECORDED_PATH];
        if (!has_parts(entry->d_name, "_tibia_", ".csv.gz")) continue;
        assert_true(text_print(path, sizeof path, "%s/%s", folder, entry->d_name));
        reference_path(path, truth);
        int is_left = strstr(entry->d_name, "left") != NULL;
        size_t n_reference = reference_events(
            truth, is_left ? "stride_phase_change" : "stride_start", reference.strike_s);
        detect_recording(path, GAIT_RUN, NULL, &detected);
        size_t n = strikes_of(&detected, strike_s);
        assert_true(n > 2 && n_reference > 2);
        n_exact += n + 1 >= n_reference && n <= n_reference + 1;
        off_ms[n_recordings++] =
            1e3 * fabs((strike_s[n - 1] - strike_s[0]) / (double)(n - 1) -
                       (reference.strike_s[n_reference - 1] - reference.strike_s[0]) /
                           (double)(n_reference - 1));
    }
    closedir(entries);
    print_message("# %zu of %zu recordings with every stride, stride time off by %.2f ms\n",
                  n_exact, n_recordings, median_inplace(off_ms, n_recordings));
    assert_true((double)n_exact >= 0.95 * (double)n_recordings);
    assert_true(median_inplace(off_ms, n_recordings) <= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(running_events_agree_with_the_force_plate),
        cmocka_unit_test(walking_events_agree_with_the_force_plate),
        cmocka_unit_test(fast_runners_strides_are_all_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
