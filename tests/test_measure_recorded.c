/* SPDX-License-Identifier: BSD-3-Clause */

/* Metrics and body axes on real recordings, against force plates and against how the sensors were
 * worn. Needs the folder GAIT_DATA_DIR; without it everything here is left out. */

#include "base/vec.h"
#include "recorded.h"

enum { MOST_FILES = 64 };

struct measured_run {
    size_t n;
    double start_s[RECORDED_MOST], value[RECORDED_MOST];
    gait_alignment alignment;
};

static void take_bouts(gait_analysis *analysis, const char *key, struct measured_run *out)
{
    gait_bout bout;
    while (gait_analysis_next_bout(analysis, &bout)) {
        const double *value = gait_bout_metric(&bout, key);
        for (size_t i = 0; i < bout.n_strides && out->n < RECORDED_MOST; i++) {
            out->start_s[out->n] = bout.strides[i].start_s;
            out->value[out->n++] = value[i];
        }
    }
}

/* 0 if the recording is refused. */
static int measure_recording(const char *path, const char *key, struct measured_run *out)
{
    gait_recording *recording = NULL;
    gait_analysis *analysis = NULL;
    gait_options options;
    gait_block block;
    gait_error err = {0};
    out->n = 0;
    if (gait_recording_open(&recording, path, NULL, &err)) return 0;
    gait_options_init(&options);
    gait_options_from_recording(&options, gait_recording_get_info(recording));
    assert_ok(gait_analysis_new(&analysis, &options, &err), err);
    for (;;) {
        assert_ok(gait_recording_read(recording, &block, &err), err);
        if (!block.n_frames) break;
        assert_ok(gait_analysis_feed(analysis, &block, &err), err);
        take_bouts(analysis, key, out);
    }
    assert_ok(gait_analysis_finish(analysis, &err), err);
    take_bouts(analysis, key, out);
    out->alignment = *gait_analysis_alignment(analysis);
    gait_analysis_free(&analysis);
    gait_recording_close(&recording);
    return 1;
}

/* The recordings of a folder whose name holds a part; how many. */
static size_t list_recordings(const char *folder, const char *part, char (*paths)[RECORDED_PATH])
{
    size_t n = 0;
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries)) && n < MOST_FILES;)
        if (strstr(entry->d_name, part) && text_ends_with(entry->d_name, ".csv.gz"))
            assert_true(text_print(paths[n++], RECORDED_PATH, "%s/%s", folder, entry->d_name));
    closedir(entries);
    return n;
}

/* Values of the rows of a reference with that event. */
static size_t reference_values(const char *recording, const char *event, double *time_s,
                               double *value)
{
    char path[RECORDED_PATH], line[256];
    size_t stem = strlen(recording) - strlen(".csv.gz"), n = 0;
    assert_true(text_print(path, sizeof path, "%.*s.truth.csv", (int)stem, recording));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) && n < RECORDED_MOST) {
        char *field[4] = {line, NULL, NULL, NULL};
        for (int k = 1; k < 4 && field[k - 1]; k++) {
            field[k] = strchr(field[k - 1], ',');
            if (field[k]) *field[k]++ = '\0';
        }
        if (!field[3] || strcmp(field[0], event) != 0) continue;
        field[3][strcspn(field[3], "\r\n")] = '\0';
        n += number_from_text(field[2], &time_s[n]) && number_from_text(field[3], &value[n]);
    }
    fclose(file);
    return n;
}

static char paths[MOST_FILES][RECORDED_PATH];
static struct measured_run run;

/* Patoz et al. 2022 found a bias of 0.07 and a root mean square error of 0.15 body weights in 100
 * runners; this runner's source has cut the vertical off at 0, so that twice that is allowed. */
static void the_trunks_peak_force_agrees_with_the_force_plate(void **state)
{
    (void)state;
    static double time_s[RECORDED_MOST], force_bw[RECORDED_MOST];
    char path[RECORDED_PATH];
    const char *folder = recorded_folder("GAIT_DATA_DIR", "alcantara_run", path);
    if (!folder) skip_because("GAIT_DATA_DIR names no such recordings");
    double sum = 0, squares = 0, n = 0;
    for (size_t f = 0, n_files = list_recordings(folder, "S02_", paths); f < n_files; f++) {
        assert_true(measure_recording(paths[f], "peak_vertical_force_bw", &run));
        size_t n_true = reference_values(paths[f], "peak_vgrf_bw", time_s, force_bw);
        for (size_t i = 0; i < run.n; i++)
            for (size_t k = 0; k < n_true; k++) {
                if (fabs(time_s[k] - run.start_s[i]) > 0.1 || isnan(run.value[i])) continue;
                double error = run.value[i] - force_bw[k];
                sum += error;
                squares += error * error;
                n++;
            }
    }
    assert_true(n > 50);
    print_message("# %.0f contacts: bias %+.2f, RMSE %.2f body weights\n", n, sum / n,
                  sqrt(squares / n));
    assert_near(sum / n, 0, 0.2, "bias");
    assert_true(sqrt(squares / n) < 0.3);
}

/* All runners of this set wore the same sensors in the same way on both shins. */
static void every_shin_of_a_set_points_the_same_way(void **state)
{
    (void)state;
    char path[RECORDED_PATH];
    const char *folder = recorded_folder("GAIT_DATA_DIR", "dragon_fatigue", path);
    if (!folder) skip_because("GAIT_DATA_DIR names no such recordings");
    double forward[MOST_FILES][3], common[3] = {0, 0, 0};
    size_t n = 0;
    for (size_t f = 0, n_files = list_recordings(folder, "tibia", paths); f < n_files; f++) {
        if (!measure_recording(paths[f], "stride_time_s", &run) || run.n < 10) continue;
        memcpy(forward[n], run.alignment.forward, sizeof *forward);
        for (int k = 0; k < 3; k++) common[k] += forward[n][k];
        n++;
    }
    assert_true(n >= 10 && vec_unit(common));
    for (size_t i = 0; i < n; i++) assert_true(vec_dot(forward[i], common) > 0.7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_trunks_peak_force_agrees_with_the_force_plate),
        cmocka_unit_test(every_shin_of_a_set_points_the_same_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
