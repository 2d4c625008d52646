/* SPDX-License-Identifier: BSD-3-Clause */

/* The whole library on real feet, walking with a turn and running outdoors. Needs the folder
 * GAIT_DATA_DIR; without it everything here is left out. */

#include "recorded.h"

static struct detected detected;
static struct reference reference;

static void reference_path(const char *recording, char *path)
{
    size_t stem = strlen(recording) - strlen(".csv.gz");
    assert_true(text_print(path, RECORDED_PATH, "%.*s.truth.csv", (int)stem, recording));
}

static void score_walks(const char *folder, const char *detector, struct score *strike,
                        struct score *toe_off)
{
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries));) {
        char path[RECORDED_PATH], truth[RECORDED_PATH];
        if (!text_ends_with(entry->d_name, "foot.csv.gz")) continue;
        assert_true(text_print(path, sizeof path, "%s/%s", folder, entry->d_name));
        reference_path(path, truth);
        reference.n_strikes = reference_events(truth, "foot_strike", reference.strike_s);
        reference.n_toe_offs = reference_events(truth, "toe_off", reference.toe_off_s);
        detect_recording(path, GAIT_WALK, detector, &detected);
        score_add(strike, detected.event, detected.n, GAIT_FOOT_STRIKE, reference.strike_s,
                  reference.n_strikes);
        score_add(toe_off, detected.event, detected.n, GAIT_TOE_OFF, reference.toe_off_s,
                  reference.n_toe_offs);
    }
    closedir(entries);
    score_print("foot strike", strike);
    score_print("toe-off", toe_off);
}

/* Events marked by two algorithms and checked by hand, with standing, a half turn and lost packets.
 * About 1 in 20 is a step in the turn or after the halt that is counted differently. */
static void walks_with_a_turn_agree_with_hand_marked_events(void **state)
{
    (void)state;
    char path[RECORDED_PATH];
    const char *folder = recorded_folder("GAIT_DATA_DIR", "voisard_walk", path);
    if (!folder) skip_because("GAIT_DATA_DIR names no such recordings");
    static const struct {
        const char *detector;
        double most_rmse_ms;
    } cases[] = {{"foot-gyro", 13}, {"foot", 17}};
    for (size_t k = 0; k < 2; k++) {
        struct score strike = {0}, toe_off = {0};
        score_walks(folder, cases[k].detector, &strike, &toe_off);
        assert_true(score_f1(&strike) >= 0.95 && score_f1(&toe_off) >= 0.95);
        assert_true(score_rmse(&strike) <= cases[k].most_rmse_ms);
        assert_true(score_rmse(&toe_off) <= cases[k].most_rmse_ms);
        assert_true(score_coverage(&strike) >= 0.9 && score_coverage(&toe_off) >= 0.9);
    }
}

/* Motion capture calls a strike 25 ms earlier than observers do. */
static void walks_agree_with_motion_capture(void **state)
{
    (void)state;
    char path[RECORDED_PATH];
    const char *folder = recorded_folder("GAIT_DATA_DIR", "gaitmap_walk", path);
    if (!folder) skip_because("GAIT_DATA_DIR names no such recordings");
    struct score strike = {0}, toe_off = {0};
    score_walks(folder, "foot-gyro", &strike, &toe_off);
    assert_true(score_f1(&strike) >= 0.93 && score_f1(&toe_off) >= 0.95);
    assert_true(score_rmse(&toe_off) <= 13);
    assert_near(strike.sum_ms / (double)strike.n_matched, 25, 15, "the known difference");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_with_a_turn_agree_with_hand_marked_events),
        cmocka_unit_test(walks_agree_with_motion_capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
