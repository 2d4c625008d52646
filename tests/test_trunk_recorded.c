/* SPDX-License-Identifier: BSD-3-Clause */

/* The whole library on real trunks and phones: force plates, hand-checked events, insoles, foot
 * switches, protocols. Needs the folder GAIT_DATA_DIR; without it everything here is left out. */

#include "recorded.h"
#include "signal/stats.h"

static struct detected detected;
static struct reference reference;

/* The next recording of a folder whose name contains both parts, and the path of its reference. */
static int next_recording(DIR *entries, const char *folder, const char *part, char *path,
                          char *truth)
{
    for (struct dirent *entry; (entry = readdir(entries));) {
        if (!strstr(entry->d_name, part) || !text_ends_with(entry->d_name, ".csv.gz")) continue;
        assert_true(text_print(path, RECORDED_PATH, "%s/%s", folder, entry->d_name));
        size_t stem = strlen(path) - strlen(".csv.gz");
        assert_true(text_print(truth, RECORDED_PATH, "%.*s.truth.csv", (int)stem, path));
        return 1;
    }
    return 0;
}

static void score_recording(const char *path, const char *truth, gait_activity activity,
                            struct score *strike, struct score *toe_off)
{
    reference.n_strikes = reference_events(truth, "foot_strike", reference.strike_s);
    reference.n_toe_offs = reference_events(truth, "toe_off", reference.toe_off_s);
    detect_recording(path, activity, NULL, &detected);
    score_add(strike, detected.event, detected.n, GAIT_FOOT_STRIKE, reference.strike_s,
              reference.n_strikes);
    score_add(toe_off, detected.event, detected.n, GAIT_TOE_OFF, reference.toe_off_s,
              reference.n_toe_offs);
}

static DIR *open_set(const char *set, char *folder)
{
    if (!recorded_folder("GAIT_DATA_DIR", set, folder)) return NULL;
    return opendir(folder);
}

static void running_at_the_sacrum_agrees_with_the_force_plate(void **state)
{
    (void)state;
    char folder[RECORDED_PATH], path[RECORDED_PATH], truth[RECORDED_PATH];
    DIR *entries = open_set("alcantara_run", folder);
    if (!entries) skip_because("GAIT_DATA_DIR names no such recordings");
    struct score strike = {0}, toe_off = {0};
    while (next_recording(entries, folder, "_sacrum.", path, truth))
        score_recording(path, truth, GAIT_RUN, &strike, &toe_off);
    closedir(entries);
    score_print("sacrum, running, foot strike", &strike);
    score_print("sacrum, running, toe-off", &toe_off);
    assert_true(score_f1(&strike) >= 0.99 && score_rmse(&strike) <= 5.5);
    assert_true(score_f1(&toe_off) >= 0.99 && score_rmse(&toe_off) <= 8);
}

/* From 2.5 to 4.2 m/s the contact of this runner shortens by 60 ms. */
static void contact_time_at_the_sacrum_follows_the_speed(void **state)
{
    (void)state;
    char folder[RECORDED_PATH], path[RECORDED_PATH], truth[RECORDED_PATH];
    DIR *entries = open_set("alcantara_run", folder);
    if (!entries) skip_because("GAIT_DATA_DIR names no such recordings");
    while (next_recording(entries, folder, "_sacrum.", path, truth)) {
        struct score strike = {0}, toe_off = {0};
        score_recording(path, truth, GAIT_RUN, &strike, &toe_off);
        double off_ms =
            toe_off.sum_ms / (double)toe_off.n_matched - strike.sum_ms / (double)strike.n_matched;
        assert_near(off_ms, 0, 12, "contact time is right to a fifth of what the speed does");
    }
    closedir(entries);
}

static void walking_at_the_lower_back_agrees_with_hand_checked_events(void **state)
{
    (void)state;
    char folder[RECORDED_PATH], path[RECORDED_PATH], truth[RECORDED_PATH];
    DIR *entries = open_set("voisard_walk", folder);
    if (!entries) skip_because("GAIT_DATA_DIR names no such recordings");
    struct score strike = {.tolerance_s = 0.1}, toe_off = {.tolerance_s = 0.1};
    while (next_recording(entries, folder, "_lowback.", path, truth))
        score_recording(path, truth, GAIT_WALK, &strike, &toe_off);
    closedir(entries);
    score_print("lower back, walking, foot strike", &strike);
    score_print("lower back, walking, toe-off", &toe_off);
    assert_true(score_f1(&strike) >= 0.94 && score_f1(&toe_off) >= 0.91);
    assert_true(score_coverage(&strike) >= 0.9 && score_coverage(&toe_off) >= 0.9);
}

static void walking_with_insoles_is_found_and_never_wrong_with_confidence(void **state)
{
    (void)state;
    char folder[RECORDED_PATH], path[RECORDED_PATH], truth[RECORDED_PATH];
    DIR *entries = open_set("mobgap_walk", folder);
    if (!entries) skip_because("GAIT_DATA_DIR names no such recordings");
    struct score strike = {.tolerance_s = 0.1}, toe_off = {.tolerance_s = 0.1};
    while (next_recording(entries, folder, "_lowback.", path, truth))
        score_recording(path, truth, GAIT_WALK, &strike, &toe_off);
    closedir(entries);
    score_print("insoles, foot strike", &strike);
    score_print("insoles, toe-off", &toe_off);
    assert_true(score_f1(&strike) >= 0.7);
}

static double reference_value(const char *truth, const char *event)
{
    char line[256];
    double value = NAN;
    FILE *file = fopen(truth, "r");
    assert_non_null(file);
    while (isnan(value) && fgets(line, sizeof line, file)) {
        const char *at = line;
        if (strncmp(line, event, strlen(event)) != 0 || line[strlen(event)] != ',') continue;
        for (int comma = 0; comma < 3; comma++) at += strcspn(at, ",") + 1;
        (void)number_parse(at, strlen(at), '.', &value);
    }
    fclose(file);
    return value;
}

static int is_good(const char *truth)
{
    char path[RECORDED_PATH], text[4096] = {0};
    size_t stem = strlen(truth) - strlen(".truth.csv");
    assert_true(text_print(path, sizeof path, "%.*s.json", (int)stem, truth));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = 0;
    return strstr(text, "\"truth_quality\": \"good") != NULL;
}

static void phones_count_steps(void **state)
{
    (void)state;
    char folder[RECORDED_PATH], path[RECORDED_PATH], truth[RECORDED_PATH];
    DIR *entries = open_set("oxford_steps", folder);
    if (!entries) skip_because("GAIT_DATA_DIR names no such recordings");
    double error_percent[256];
    size_t n = 0, n_close = 0;
    while (next_recording(entries, folder, "_", path, truth) && n < 256) {
        if (!is_good(truth)) continue;
        static double step_s[RECORDED_MOST];
        size_t n_steps = reference_events(truth, "step", step_s), n_found = 0;
        detect_recording(path, GAIT_WALK, NULL, &detected);
        for (size_t i = 0; i < detected.n; i++)
            n_found += detected.event[i].time_s >= step_s[0] - 0.5 &&
                       detected.event[i].time_s <= step_s[n_steps - 1] + 0.5;
        double steps = reference_value(truth, "steps");
        error_percent[n] = 100 * fabs((double)n_found / steps - 1);
        n_close += error_percent[n++] <= 2;
    }
    closedir(entries);
    double middle = median_inplace(error_percent, n);
    print_message("# phones: %zu recordings, median error %.2f %%, %zu within 2 %%\n", n, middle,
                  n_close);
    assert_true(middle <= 0.4 && (double)n_close >= 0.9 * (double)n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(running_at_the_sacrum_agrees_with_the_force_plate),
        cmocka_unit_test(contact_time_at_the_sacrum_follows_the_speed),
        cmocka_unit_test(walking_at_the_lower_back_agrees_with_hand_checked_events),
        cmocka_unit_test(walking_with_insoles_is_found_and_never_wrong_with_confidence),
        cmocka_unit_test(phones_count_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
