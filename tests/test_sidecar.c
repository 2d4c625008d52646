/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes_out.h"
#include "near.h"
#include "read_all.h"
#include "record/sidecar.h"

static gait_status parse(struct sidecar *s, const char *text, gait_error *err)
{
    sidecar_init(s);
    return sidecar_parse(s, text, strlen(text), "run.json", err);
}

static void every_key_arrives(void **state)
{
    (void)state;
    struct sidecar s;
    gait_error err = {0};
    assert_ok(parse(&s,
                    "{\"subject_id\": \"R07\", \"session_id\": \"2026-05-04\", \"start_time\": "
                    "\"2026-05-04T07:08:09.5+02:00\", \"placement\": \"tibia\", \"side\": "
                    "\"right\", \"sample_rate_hz\": 148.148, \"accel_range_g\": 16, \"axes\": "
                    "{\"x\": \"up\", \"z\": \"back\"}, \"mass_kg\": 61.5, \"height_m\": 1.7, "
                    "\"speed_mps\": 3.2, \"slope_deg\": -1, \"distance_m\": 5000, "
                    "\"affected_side\": \"left\", \"task\": \"run\", \"channels\": [\"az\", "
                    "\"ay\", \"ax\"], \"unit\": \"m/s^2\", \"full_scale\": 78.4, \"gyro_unit\": "
                    "\"dps\", \"calibration\": {\"scale\": [1.01, 0.99, 1], \"offset_g\": [0, "
                    "0.02, -0.01]}, \"surface\": \"track\", \"notes\": {\"any\": [1, 2]}}",
                    &err),
              err);
    assert_string_equal(s.subject_id, "R07");
    assert_string_equal(s.session_id, "2026-05-04");
    assert_near(s.start_unix_s, 1777871289.5, 1e-6, "GNU date of 05:08:09.5 UTC");
    assert_near(s.utc_offset_s, 7200, 0, "two hours east");
    assert_int_equal(s.time_kind, GAIT_TIME_LOCAL_WITH_OFFSET);
    assert_int_equal(s.placement, GAIT_SHANK);
    assert_int_equal(s.side, GAIT_RIGHT);
    assert_int_equal(s.affected_side, GAIT_LEFT);
    assert_string_equal(s.task, "run");
    assert_near(s.sample_rate_hz, 148.148, 0, "as written");
    assert_near(s.accel_range_g, 16, 0, "as written");
    assert_near(s.mass_kg + s.height_m + s.speed_mps + s.slope_deg + s.distance_m, 5065.4, 1e-9,
                "all five");
    assert_int_equal(s.axes_known, 3);
    assert_int_equal(s.axes[1][0], 1);
    assert_int_equal(s.axes[0][2], -1);
    assert_int_equal(s.n_channels, 3);
    assert_string_equal(s.channels[0], "az");
    assert_string_equal(s.unit, "m/s2");
    assert_string_equal(s.gyro_unit, "deg/s");
    assert_near(s.full_scale, 78.4, 0, "as written");
    assert_int_equal(s.has_calibration, 1);
    assert_near(s.scale[1], 0.99, 0, "as written");
    assert_near(s.offset_g[2], -0.01, 0, "as written");
    assert_non_null(strstr(s.json, "\"surface\":\"track\""));
    assert_null(strchr(s.json, '\n'));
    sidecar_free(&s);
}

static void what_is_left_out_stays_unknown(void **state)
{
    (void)state;
    struct sidecar s;
    gait_error err = {0};
    assert_ok(parse(&s, "{\"side\": \"unknown\", \"mass_kg\": null}", &err), err);
    assert_int_equal(s.side, GAIT_SIDE_UNKNOWN);
    assert_int_equal(s.placement, GAIT_PLACEMENT_UNKNOWN);
    assert_true(isnan(s.mass_kg) && isnan(s.start_unix_s) && isnan(s.sample_rate_hz));
    assert_int_equal(s.axes_known | s.has_calibration | (int)s.n_channels, 0);
    sidecar_free(&s);
}

static void mistakes_are_named_with_what_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"{\"placement\": \"knee\"}", "known: foot, shank, sacrum, waist, wrist, other"},
        {"{\"side\": \"both\"}", "known: left, right, none, unknown"},
        {"{\"side\": \"a\"}", "known: left"},
        {"{\"task\": \"swim\"}", "known: run, walk, knee-bend, squat, stance"},
        {"{\"mass_kg\": \"61\"}", "mass_kg is a text; expected a number"},
        {"{\"mass_kg\": 61000}", "expected 1 to 500"},
        {"{\"sample_rate_hz\": 0}", "expected 1 to 20000"},
        {"{\"subject_id\": 7}", "subject_id is a number; expected a text"},
        {"{\"start_time\": \"yesterday\"}", "expected as 2026-"},
        {"{\"axes\": \"x up\"}", "axes is a text"},
        {"{\"axes\": {\"x\": \"sky\"}}", "known: up, down, left, right, forward, back"},
        {"{\"axes\": {\"x\": \"up\", \"y\": \"down\"}}", "two axes"},
        {"{\"unit\": \"ft/s2\"}", "known: g, m/s2, mg"},
        {"{\"channels\": \"ax\"}", "expected an array"},
        {"{\"calibration\": {\"scale\": [1, 1]}}", "three numbers"},
        {"{\"calibration\": {\"scale\": [1, 1, 0], \"offset_g\": [0, 0, 0]}}", "out of reason"},
        {"{\"calibration\": {\"scale\": [1, -1, 1], \"offset_g\": [0, 0, 0]}}", "axis y"},
        {"[1, 2]", "expected an object"},
        {"{\"side\": \"left\", \"side\": \"right\"}", "line 1"},
        {"{\"side\": ", "line 1"},
        {"", "line 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sidecar s;
        gait_error err = {0};
        assert_int_equal(parse(&s, cases[i].text, &err), GAIT_INVALID);
        if (!strstr(err.text, cases[i].says)) print_error("%s\n", err.text);
        assert_non_null(strstr(err.text, cases[i].says));
        assert_non_null(strstr(err.text, "run.json"));
        sidecar_free(&s);
    }
}

static void it_stands_beside_the_recording_under_its_name(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"run.csv", "run.json"},         {"a/run.csv.gz", "a/run.json"},
        {"a.b/run.wav", "a.b/run.json"}, {"a.b/run", "a.b/run.json"},
        {"a/.run", "a/.run.json"},       {"x.y.cwa", "x.y.json"},
    };
    char path[64], small[8];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(sidecar_path(names[i][0], path, sizeof path));
        assert_string_equal(path, names[i][1]);
    }
    assert_false(sidecar_path("longer.csv", small, sizeof small));
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* In a folder of its own: a recording at rest with 1.02 g along z, and a sidecar. */
static void make_recording(char *folder, const char *sidecar)
{
    memcpy(folder, "/tmp/gait_sidecar_XXXXXX", 25);
    assert_non_null(mkdtemp(folder));
    char rows[8192] = "time_s,ax_g,ay_g,az_g\n";
    for (size_t i = 0, n = strlen(rows); i < 200; i++)
        n += (size_t)snprintf(rows + n, sizeof rows - n, "%.2f,0.0%d,0.0%d,1.02%d\n",
                              0.01 * (double)i, (int)(i % 2), (int)(i % 3), (int)(i % 2));
    write_file(folder, "run.csv", rows);
    write_file(folder, "run.json", sidecar);
}

static void remove_recording(const char *folder)
{
    char path[300];
    static const char *const names[] = {"run.csv", "run.json", ""};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert_int_equal(i < 2 ? unlink(path) : rmdir(path), 0);
    }
}

static void options_win_over_the_sidecar_and_it_over_the_file(void **state)
{
    (void)state;
    char folder[64], path[300];
    make_recording(folder, "{\"placement\": \"shank\", \"side\": \"left\", \"mass_kg\": 60, "
                           "\"accel_range_g\": 8, \"start_time\": \"2026-05-04T07:08:09Z\", "
                           "\"calibration\": {\"scale\": [1, 1, 0.98], \"offset_g\": [0, 0, 0]}}");
    snprintf(path, sizeof path, "%s/run.csv", folder);
    gait_recording_options options;
    gait_recording_options_init(&options);
    options.side = GAIT_RIGHT;
    options.mass_kg = 70;
    options.mounting = "z=up";
    struct whole w;
    gait_recording *recording = NULL;
    gait_error err = {0};
    assert_ok(gait_recording_open(&recording, path, &options, &err), err);
    const gait_recording_info *info = gait_recording_get_info(recording);
    assert_int_equal(info->placement, GAIT_SHANK);
    assert_string_equal(info->placement_source, "sidecar");
    assert_int_equal(info->side, GAIT_RIGHT);
    assert_string_equal(info->side_source, "option");
    assert_string_equal(info->range_source, "sidecar");
    assert_string_equal(info->unit_source, "file");
    assert_near(info->mass_kg, 70, 0, "the option's");
    assert_near(info->start_unix_s, 1777878489, 1e-6, "the sidecar's");
    assert_int_equal(info->axes_known, 2);
    assert_int_equal(info->axes[1][2], 1);
    gait_recording_close(&recording);
    assert_ok(read_path(&w, path, &options, &err), err);
    assert_near((double)w.accel_g[2], 0.98 * 1.02, 1e-6, "calibrated = offset + scale * read");
    whole_free(&w);

    options.ignore_sidecar = 1;
    options.placement = GAIT_FOOT;
    assert_ok(read_path(&w, path, &options, &err), err);
    assert_near((double)w.accel_g[2], 1.02, 1e-6, "without the sidecar as in the file");
    assert_true(isnan(w.info.range_g));
    whole_free(&w);
    remove_recording(folder);
}

static void a_bad_sidecar_stops_the_recording(void **state)
{
    (void)state;
    char folder[64], path[300];
    make_recording(folder, "{\"placement\": \"knee\"}");
    snprintf(path, sizeof path, "%s/run.csv", folder);
    struct whole w;
    gait_error err = {0};
    assert_int_equal(read_path(&w, path, NULL, &err), GAIT_INVALID);
    assert_non_null(strstr(err.text, "run.json"));
    remove_recording(folder);
}

static void raw_steps_come_to_g_by_a_calibration(void **state)
{
    (void)state;
    static const struct {
        int steps;
        const char *sidecar;
    } rows[] = {
        {256,
         "{\"unit\": \"g\", \"calibration\": {\"scale\": [0.00390625, 0.00390625, 0.00390625], "
         "\"offset_g\": [0, 0, 0]}}"},
        /* a broken sensor, whose recording was converted */
        {0, "{\"unit\": \"g\", \"calibration\": {\"scale\": [1, 1, 1], \"offset_g\": [0, 0, 0]}}"}};
    for (size_t k = 0; k < 2; k++) {
        struct bytes_out file = {0};
        char row[64];
        out_text(&file, "t,x,y,z\n");
        for (int i = 0; i < 900; i++) {
            snprintf(row, sizeof row, "%d.%02d,0.0%d,0.0%d,%d\n", i / 100, i % 100, i % 7, i % 9,
                     rows[k].steps);
            out_text(&file, row);
        }
        gait_recording_options options;
        gait_recording *recording = NULL;
        gait_block block;
        gait_error err = {0};
        gait_recording_options_init(&options);
        options.sidecar_json = rows[k].sidecar;
        assert_ok(
            gait_recording_open_memory(&recording, "raw.csv", file.bytes, file.n, &options, &err),
            err);
        assert_ok(gait_recording_read(recording, &block, &err), err);
        assert_near((double)block.accel_g[2], rows[k].steps / 256.0, 1e-6, "steps times scale");
        gait_recording_close(&recording);
        out_free(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_arrives),
        cmocka_unit_test(what_is_left_out_stays_unknown),
        cmocka_unit_test(mistakes_are_named_with_what_is_known),
        cmocka_unit_test(it_stands_beside_the_recording_under_its_name),
        cmocka_unit_test(options_win_over_the_sidecar_and_it_over_the_file),
        cmocka_unit_test(raw_steps_come_to_g_by_a_calibration),
        cmocka_unit_test(a_bad_sidecar_stops_the_recording),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
