/* SPDX-License-Identifier: BSD-3-Clause */

/* Every public call, used wrongly: a status and a sentence, or nothing; never a crash. */

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <gait/gait.h>

#include "near.h"

enum { MOST_CALLS = 256, NAME_ROOM = 64, FRAMES = 3000 };

static char tried[MOST_CALLS][NAME_ROOM];
static size_t n_tried;

/* The name before the first parenthesis of a call. */
static void note_call(const char *call)
{
    size_t n = strcspn(call, "(");
    for (size_t i = 0; i < n_tried; i++)
        if (strlen(tried[i]) == n && strncmp(tried[i], call, n) == 0) return;
    assert_true(n_tried < MOST_CALLS && n < NAME_ROOM);
    memcpy(tried[n_tried++], call, n);
}

static void check_refusal(gait_status got, gait_status want, const char *call,
                          const gait_error *err)
{
    note_call(call);
    size_t n = strlen(err->text);
    int sentence = n > 10 && !strchr(err->text, '\n') && err->status == got;
    if (got == want && sentence) return;
    print_error("%s\n  gave \"%s\" (%s), expected \"%s\" and a sentence\n", call, err->text,
                gait_status_name(got), gait_status_name(want));
    fail();
}

/* The call is refused, with the sentence and without anybody to take it. */
#define REFUSED(want, call, ...) \
    do { \
        gait_error said = {0}; \
        check_refusal(call(__VA_ARGS__, &said), (want), #call "(" #__VA_ARGS__ ")", &said); \
        assert_int_equal(call(__VA_ARGS__, NULL), (want)); \
    } while (0)

/* The call has nothing to tell and does nothing. */
#define NOTHING(call, ...) \
    do { \
        note_call(#call "("); \
        assert_false(call(__VA_ARGS__)); \
    } while (0)

#define DOES_NOTHING(call, ...) \
    do { \
        note_call(#call "("); \
        call(__VA_ARGS__); \
    } while (0)

static float samples[3 * FRAMES];

static void shake(void)
{
    for (size_t i = 0; i < FRAMES; i++) {
        double t = (double)i / 100, w = 2 * 3.14159265358979323846 * 1.4;
        samples[3 * i] = (float)(0.4 * sin(w * t));
        samples[3 * i + 1] = (float)(1 + 0.5 * cos(2 * w * t));
        samples[3 * i + 2] = (float)(0.2 * sin(3 * w * t));
    }
}

static gait_recording_options shank_options(void)
{
    gait_recording_options options;
    gait_recording_options_init(&options);
    options.placement = GAIT_SHANK;
    options.rate_hz = 100;
    return options;
}

static const gait_arrays good_arrays = {.n_frames = FRAMES,
                                        .accel_g = {.data = samples, .type = GAIT_FLOAT32}};

static gait_recording *good_recording(void)
{
    gait_recording *recording = NULL;
    gait_recording_options options = shank_options();
    gait_error err;
    assert_ok(gait_recording_open_arrays(&recording, &good_arrays, &options, &err), err);
    return recording;
}

static gait_session *judged_session(void)
{
    gait_session *session = NULL;
    gait_recording *recording = good_recording();
    gait_error err;
    assert_ok(gait_session_new(&session, NULL, &err), err);
    assert_ok(gait_session_add(session, recording, &err), err);
    assert_ok(gait_session_judge(session, &err), err);
    gait_recording_close(&recording);
    return session;
}

static gait_summary *good_summary(void)
{
    gait_summary *summary = NULL;
    gait_recording_options options = shank_options();
    gait_error err;
    assert_ok(gait_summary_from_arrays(&summary, &good_arrays, &options, NULL, &err), err);
    return summary;
}

static void recordings(void **state)
{
    (void)state;
    gait_recording *r = NULL;
    gait_recording_options options = shank_options(), bad;
    REFUSED(GAIT_INVALID, gait_recording_open, NULL, "x.csv", NULL);
    REFUSED(GAIT_INVALID, gait_recording_open, &r, NULL, NULL);
    REFUSED(GAIT_NOT_FOUND, gait_recording_open, &r, "no such file.csv", NULL);
    REFUSED(GAIT_FORMAT, gait_recording_open, &r, "/", NULL);
    REFUSED(GAIT_INVALID, gait_recording_open_memory, NULL, "x.csv", "1", 1, NULL);
    REFUSED(GAIT_INVALID, gait_recording_open_memory, &r, NULL, "1", 1, NULL);
    REFUSED(GAIT_INVALID, gait_recording_open_memory, &r, "x.csv", NULL, 1, NULL);
    REFUSED(GAIT_FORMAT, gait_recording_open_memory, &r, "x.csv", "", 0, NULL);
    REFUSED(GAIT_INVALID, gait_recording_open_arrays, NULL, &good_arrays, &options);
    REFUSED(GAIT_INVALID, gait_recording_open_arrays, &r, NULL, &options);
    REFUSED(GAIT_INVALID, gait_recording_open_arrays, &r, &good_arrays, NULL);
    gait_arrays none = {0}, empty = good_arrays, odd = good_arrays;
    empty.n_frames = 0;
    odd.accel_g.type = (gait_number_type)7;
    REFUSED(GAIT_INVALID, gait_recording_open_arrays, &r, &none, &options);
    REFUSED(GAIT_INVALID, gait_recording_open_arrays, &r, &empty, &options);
    REFUSED(GAIT_INVALID, gait_recording_open_arrays, &r, &odd, &options);
    static const double bad_rates[] = {0, -1, 0.5, 20001, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad_rates / sizeof *bad_rates; i++) {
        bad = options;
        bad.rate_hz = bad_rates[i];
        REFUSED(GAIT_INVALID, gait_recording_open_arrays, &r, &good_arrays, &bad);
    }
    bad = options;
    bad.placement = (gait_placement)99;
    REFUSED(GAIT_INVALID, gait_recording_open_arrays, &r, &good_arrays, &bad);
    bad = options;
    bad.side = (gait_side)-3;
    REFUSED(GAIT_INVALID, gait_recording_open_arrays, &r, &good_arrays, &bad);
    bad = options;
    bad.unit = "furlong";
    REFUSED(GAIT_INVALID, gait_recording_open_arrays, &r, &good_arrays, &bad);
    static float not_numbers[3 * FRAMES], still[3 * FRAMES];
    for (size_t i = 0; i < 3 * FRAMES; i++) not_numbers[i] = i % 2 ? NAN : INFINITY;
    gait_arrays lost = good_arrays, dead = good_arrays;
    lost.accel_g.data = not_numbers;
    dead.accel_g.data = still;
    REFUSED(GAIT_FORMAT, gait_recording_open_arrays, &r, &lost, &options);
    REFUSED(GAIT_FORMAT, gait_recording_open_arrays, &r, &dead, &options);
    assert_null(r);
}

static void reading(void **state)
{
    (void)state;
    gait_recording *r = NULL, *open = good_recording();
    gait_block block;
    REFUSED(GAIT_INVALID, gait_recording_read, NULL, &block);
    REFUSED(GAIT_INVALID, gait_recording_read, open, NULL);
    NOTHING(gait_recording_get_info, NULL);
    NOTHING(gait_recording_get_quality, NULL);
    note_call("gait_recording_progress(");
    assert_near(gait_recording_progress(NULL), 0, 0, "nothing is read of nothing");
    NOTHING(gait_recording_sensor_at, NULL, 0);
    NOTHING(gait_recording_sensor_at, open, 0);
    REFUSED(GAIT_INVALID, gait_recording_check_sensor, NULL);
    NOTHING(gait_format_at, 9999);
    DOES_NOTHING(gait_recording_options_init, NULL);
    DOES_NOTHING(gait_recording_close, NULL);
    DOES_NOTHING(gait_recording_close, &r);
    gait_recording_close(&open);
}

static void names(void **state)
{
    (void)state;
    DOES_NOTHING(gait_event_type_name, (gait_event_type)99);
    NOTHING(gait_placement_from_name, NULL);
    NOTHING(gait_side_from_name, NULL);
    note_call("gait_placement_name(");
    note_call("gait_side_name(");
    note_call("gait_activity_name(");
    note_call("gait_event_type_name(");
    note_call("gait_severity_name(");
    note_call("gait_status_name(");
    note_call("gait_version(");
    for (int i = -2; i < 100; i++) {
        assert_non_null(gait_placement_name((gait_placement)i));
        assert_non_null(gait_side_name((gait_side)i));
        assert_non_null(gait_activity_name((gait_activity)i));
        assert_non_null(gait_event_type_name((gait_event_type)i));
        assert_non_null(gait_severity_name((gait_severity)i));
        assert_non_null(gait_status_name((gait_status)i));
    }
    assert_non_null(gait_version());
    NOTHING(gait_flag_name, 3);
    NOTHING(gait_flag_name, 0);
    NOTHING(gait_detector_at, 9999);
    NOTHING(gait_detector_find, NULL);
    NOTHING(gait_metric_at, 9999);
    NOTHING(gait_rule_at, 9999);
    NOTHING(gait_setting_at, 9999);
    NOTHING(gait_simulation_key_at, 9999);
    NOTHING(1 + gait_metric_index, NULL);
    note_call("gait_metric_index(");
    gait_settings settings;
    gait_settings_init(&settings);
    REFUSED(GAIT_INVALID, gait_settings_set, NULL, "spike_z", 3);
    REFUSED(GAIT_INVALID, gait_settings_set, &settings, NULL, 3);
    REFUSED(GAIT_NOT_FOUND, gait_settings_set, &settings, "spikes", 3);
    REFUSED(GAIT_INVALID, gait_settings_set, &settings, "spike_z", NAN);
    REFUSED(GAIT_INVALID, gait_settings_set, &settings, "spike_z", 1e9);
    DOES_NOTHING(gait_settings_init, NULL);
}

static void new_analyses(void)
{
    gait_analysis *a = NULL;
    gait_options options, bad;
    gait_options_init(&options);
    options.placement = GAIT_SHANK;
    REFUSED(GAIT_INVALID, gait_analysis_new, NULL, &options);
    REFUSED(GAIT_INVALID, gait_analysis_new, &a, NULL);
    bad = options;
    bad.placement = (gait_placement)99;
    REFUSED(GAIT_INVALID, gait_analysis_new, &a, &bad);
    bad.placement = GAIT_PLACEMENT_UNKNOWN;
    REFUSED(GAIT_INVALID, gait_analysis_new, &a, &bad);
    bad = options;
    bad.detector = "nobody-1999";
    REFUSED(GAIT_NOT_FOUND, gait_analysis_new, &a, &bad);
    bad.detector = "lee-2010";
    REFUSED(GAIT_INVALID, gait_analysis_new, &a, &bad);
    gait_options forgotten = {.placement = GAIT_SHANK};
    REFUSED(GAIT_INVALID, gait_analysis_new, &a, &forgotten);
    bad = options;
    bad.settings.value[0] = NAN;
    REFUSED(GAIT_INVALID, gait_analysis_new, &a, &bad);
    assert_null(a);
}

static void bad_blocks(gait_analysis *a)
{
    const gait_block good = {.n_frames = 200, .accel_g = samples, .rate_hz = 100};
    gait_block bad = good;
    REFUSED(GAIT_INVALID, gait_analysis_feed, NULL, &good);
    REFUSED(GAIT_INVALID, gait_analysis_feed, a, NULL);
    bad.accel_g = NULL;
    REFUSED(GAIT_INVALID, gait_analysis_feed, a, &bad);
    static const double bad_rates[] = {0, -5, NAN, INFINITY, 30000};
    for (size_t i = 0; i < sizeof bad_rates / sizeof *bad_rates; i++) {
        bad = good;
        bad.rate_hz = bad_rates[i];
        REFUSED(GAIT_INVALID, gait_analysis_feed, a, &bad);
    }
    bad = good;
    bad.rate_hz = 10;
    REFUSED(GAIT_UNSUPPORTED, gait_analysis_feed, a, &bad);
    bad = good;
    bad.start_s = NAN;
    REFUSED(GAIT_INVALID, gait_analysis_feed, a, &bad);
    static float holed[3 * FRAMES];
    memcpy(holed, samples, sizeof samples);
    holed[17] = NAN;
    bad = good;
    bad.accel_g = holed;
    REFUSED(GAIT_INVALID, gait_analysis_feed, a, &bad);
    bad = good;
    bad.gyro_dps = holed;
    REFUSED(GAIT_INVALID, gait_analysis_feed, a, &bad);
}

static void analyses(void **state)
{
    (void)state;
    new_analyses();
    gait_analysis *a = NULL;
    gait_options options;
    gait_bout bout;
    gait_error err;
    gait_options_init(&options);
    options.placement = GAIT_SHANK;
    assert_ok(gait_analysis_new(&a, &options, &err), err);
    bad_blocks(a);
    const gait_block good = {.n_frames = FRAMES, .accel_g = samples, .rate_hz = 100};
    assert_ok(gait_analysis_feed(a, &good, &err), err);
    REFUSED(GAIT_INVALID, gait_analysis_finish, NULL);
    assert_ok(gait_analysis_finish(a, &err), err);
    REFUSED(GAIT_INVALID, gait_analysis_finish, a);
    REFUSED(GAIT_INVALID, gait_analysis_feed, a, &good);
    NOTHING(gait_analysis_next_bout, NULL, &bout);
    NOTHING(gait_analysis_next_bout, a, NULL);
    NOTHING(gait_analysis_alignment, NULL);
    assert_true(gait_analysis_next_bout(a, &bout));
    NOTHING(gait_bout_metric, NULL, "stride_time_s");
    NOTHING(gait_bout_metric, &bout, NULL);
    NOTHING(gait_bout_metric, &bout, "shoe_size");
    while (gait_analysis_next_bout(a, &bout)) continue;
    NOTHING(gait_analysis_next_bout, a, &bout);
    DOES_NOTHING(gait_options_init, NULL);
    DOES_NOTHING(gait_options_from_recording, NULL, NULL);
    DOES_NOTHING(gait_options_from_recording, &options, NULL);
    gait_analysis_free(&a);
    DOES_NOTHING(gait_analysis_free, &a);
    DOES_NOTHING(gait_analysis_free, NULL);
}

static void sessions(void **state)
{
    (void)state;
    gait_session *s = NULL, *empty = NULL, *judged = judged_session();
    gait_recording *recording = good_recording(), *unknown = NULL;
    gait_recording_options nowhere = shank_options();
    gait_session_options options;
    gait_error err;
    size_t n = 7;
    nowhere.placement = GAIT_PLACEMENT_UNKNOWN;
    assert_ok(gait_recording_open_arrays(&unknown, &good_arrays, &nowhere, &err), err);
    assert_ok(gait_session_new(&empty, NULL, &err), err);
    REFUSED(GAIT_INVALID, gait_session_new, NULL, NULL);
    gait_session_options forgotten = {0};
    REFUSED(GAIT_INVALID, gait_session_new, &s, &forgotten);
    gait_session_options_init(&options);
    options.detector = "nobody-1999";
    REFUSED(GAIT_NOT_FOUND, gait_session_new, &s, &options);
    REFUSED(GAIT_INVALID, gait_session_add, NULL, recording);
    REFUSED(GAIT_INVALID, gait_session_add, empty, NULL);
    REFUSED(GAIT_INVALID, gait_session_add, empty, unknown);
    REFUSED(GAIT_INVALID, gait_session_add, judged, recording);
    assert_ok(gait_session_new(&s, NULL, &err), err);
    assert_ok(gait_session_add(s, recording, &err), err);
    REFUSED(GAIT_INVALID, gait_session_add, s, recording);
    REFUSED(GAIT_INVALID, gait_session_add, empty, recording);
    gait_session_free(&s);
    REFUSED(GAIT_INVALID, gait_session_judge, NULL);
    REFUSED(GAIT_INVALID, gait_session_judge, empty);
    REFUSED(GAIT_INVALID, gait_session_judge, judged);
    NOTHING(gait_session_findings, NULL, &n);
    assert_int_equal(n, 0);
    gait_session_findings(judged, NULL);
    DOES_NOTHING(gait_session_options_init, NULL);
    gait_session_free(&empty);
    gait_session_free(&judged);
    gait_recording_close(&recording);
    gait_recording_close(&unknown);
    DOES_NOTHING(gait_session_free, &s);
    DOES_NOTHING(gait_session_free, NULL);
}

static int refuse(void *context, const char *text, size_t length)
{
    (void)context;
    (void)text;
    (void)length;
    return -1;
}

static void pages(void **state)
{
    (void)state;
    gait_summary *good = good_summary();
    gait_report_options options, odd;
    DOES_NOTHING(gait_report_options_init, NULL);
    gait_report_options_init(&options);
    NOTHING(gait_report_language, 9999);
    note_call("gait_report_has_pdf(");
    assert_int_equal(gait_report_has_pdf() & ~1, 0);
    gait_summary *read = NULL;
    REFUSED(GAIT_INVALID, gait_report_read, NULL, "x.h5");
    REFUSED(GAIT_INVALID, gait_report_read, &read, NULL);
    REFUSED(GAIT_NOT_FOUND, gait_report_read, &read, "/no such folder/x.h5");
    REFUSED(GAIT_INVALID, gait_report_write, NULL, &options, "x.html");
    REFUSED(GAIT_INVALID, gait_report_write, good, &options, NULL);
    REFUSED(GAIT_INVALID, gait_report_write, good, NULL, "x.txt");
    REFUSED(GAIT_CANNOT_CREATE, gait_report_write, good, &options, "/no such folder/x.html");
    odd = options;
    odd.language = "xx";
    REFUSED(GAIT_NOT_FOUND, gait_report_write, good, &odd, "x.html");
    odd = options;
    odd.session_id = "no such session";
    REFUSED(GAIT_NOT_FOUND, gait_report_write, good, &odd, "x.html");
    odd = options;
    odd.paper = (gait_paper)99;
    REFUSED(GAIT_INVALID, gait_report_write, good, &odd, "x.html");
    gait_summary_free(&good);
}

static void summaries(void **state)
{
    (void)state;
    gait_summary *s = NULL, *good = good_summary();
    gait_session *fresh = NULL, *judged = judged_session();
    gait_recording_options options = shank_options(), nowhere = options;
    gait_error err;
    const gait_table *table = gait_summary_table(good, "strides");
    nowhere.placement = GAIT_PLACEMENT_UNKNOWN;
    assert_ok(gait_session_new(&fresh, NULL, &err), err);
    REFUSED(GAIT_INVALID, gait_summary_from_session, NULL, judged);
    REFUSED(GAIT_INVALID, gait_summary_from_session, &s, NULL);
    REFUSED(GAIT_INVALID, gait_summary_from_session, &s, fresh);
    REFUSED(GAIT_INVALID, gait_summary_from_arrays, NULL, &good_arrays, &options, NULL);
    REFUSED(GAIT_INVALID, gait_summary_from_arrays, &s, NULL, &options, NULL);
    REFUSED(GAIT_INVALID, gait_summary_from_arrays, &s, &good_arrays, NULL, NULL);
    REFUSED(GAIT_INVALID, gait_summary_from_arrays, &s, &good_arrays, &nowhere, NULL);
    REFUSED(GAIT_INVALID, gait_summary_read, NULL, "x.h5");
    REFUSED(GAIT_INVALID, gait_summary_read, &s, NULL);
    REFUSED(GAIT_NOT_FOUND, gait_summary_read, &s, "no such file.h5");
    REFUSED(GAIT_INVALID, gait_summary_write, NULL, "x.h5");
    REFUSED(GAIT_INVALID, gait_summary_write, good, NULL);
    REFUSED(GAIT_CANNOT_CREATE, gait_summary_write, good, "/no such folder/x.h5");
    NOTHING(gait_summary_table_at, NULL, 0);
    NOTHING(gait_summary_table_at, good, 9999);
    NOTHING(gait_summary_table, NULL, "strides");
    NOTHING(gait_summary_table, good, NULL);
    NOTHING(gait_summary_table, good, "shoes");
    NOTHING(gait_table_column, NULL, "side");
    NOTHING(gait_table_column, table, NULL);
    NOTHING(gait_table_column, table, "shoe");
    NOTHING(gait_summary_attribute, NULL, "creator");
    NOTHING(gait_summary_attribute, good, NULL);
    REFUSED(GAIT_INVALID, gait_table_export, NULL, GAIT_EXPORT_CSV, refuse, NULL);
    REFUSED(GAIT_INVALID, gait_table_export, table, GAIT_EXPORT_CSV, NULL, NULL);
    REFUSED(GAIT_INVALID, gait_table_export, table, (gait_export_format)99, refuse, NULL);
    REFUSED(GAIT_IO, gait_table_export, table, GAIT_EXPORT_JSON, refuse, NULL);
    REFUSED(GAIT_INVALID, gait_summary_export, NULL, "fhir", refuse, NULL);
    REFUSED(GAIT_INVALID, gait_summary_export, good, NULL, refuse, NULL);
    REFUSED(GAIT_INVALID, gait_summary_export, good, "fhir", NULL, NULL);
    REFUSED(GAIT_NOT_FOUND, gait_summary_export, good, "papyrus", refuse, NULL);
    REFUSED(GAIT_IO, gait_summary_export, good, "fhir", refuse, NULL);
    NOTHING(gait_document_at, 9999);
    assert_null(s);
    DOES_NOTHING(gait_summary_free, &s);
    DOES_NOTHING(gait_summary_free, NULL);
    gait_summary_free(&good);
    gait_session_free(&fresh);
    gait_session_free(&judged);
}

static void studies(void **state)
{
    (void)state;
    gait_study *study = NULL;
    gait_summary *summary = NULL, *good = good_summary();
    gait_error err;
    const char *path = "test_misuse.gait.h5";
    assert_ok(gait_summary_write(good, path, &err), err);
    assert_ok(gait_study_new(&study, 0, &err), err);
    REFUSED(GAIT_INVALID, gait_study_new, NULL, 0);
    REFUSED(GAIT_INVALID, gait_study_use_folder, NULL, ".");
    REFUSED(GAIT_INVALID, gait_study_use_folder, study, NULL);
    REFUSED(GAIT_INVALID, gait_study_add, NULL, path, 0);
    REFUSED(GAIT_INVALID, gait_study_add, study, NULL, 0);
    REFUSED(GAIT_NOT_FOUND, gait_study_add, study, "no such file.h5", 0);
    REFUSED(GAIT_INVALID, gait_study_finish, NULL, &summary);
    REFUSED(GAIT_INVALID, gait_study_finish, study, &summary);
    assert_ok(gait_study_add(study, path, 0, &err), err);
    REFUSED(GAIT_INVALID, gait_study_use_folder, study, ".");
    REFUSED(GAIT_INVALID, gait_study_finish, study, NULL);
    REFUSED(GAIT_INVALID, gait_study_write, NULL, path);
    REFUSED(GAIT_INVALID, gait_study_write, study, NULL);
    REFUSED(GAIT_INVALID, gait_summary_cohort, NULL, good);
    REFUSED(GAIT_INVALID, gait_summary_cohort, &summary, NULL);
    assert_ok(gait_study_finish(study, &summary, &err), err);
    gait_summary_free(&summary);
    REFUSED(GAIT_INVALID, gait_study_add, study, path, 1);
    REFUSED(GAIT_INVALID, gait_study_finish, study, &summary);
    gait_study_free(&study);
    DOES_NOTHING(gait_study_free, &study);
    DOES_NOTHING(gait_study_free, NULL);
    gait_summary_free(&good);
    remove(path);
}

static void batches(void **state)
{
    (void)state;
    gait_plan *plan = NULL;
    gait_batch_status *status = NULL;
    gait_batch_options options;
    static const char *const worker[] = {"no such program", NULL};
    const char *path = "test_misuse.tsv";
    FILE *manifest = fopen(path, "w");
    gait_error err;
    assert_non_null(manifest);
    fputs(
        "subject_id\tsession_id\tstart_time\tfile\tplacement\tside\na\tb\t\tno.csv\tshank\tleft\n",
        manifest);
    fclose(manifest);
    REFUSED(GAIT_INVALID, gait_plan_new, NULL, path, NULL);
    REFUSED(GAIT_INVALID, gait_plan_new, &plan, NULL, NULL);
    REFUSED(GAIT_NOT_FOUND, gait_plan_new, &plan, "no such folder", NULL);
    assert_ok(gait_plan_new(&plan, path, NULL, &err), err);
    NOTHING(gait_plan_session_at, plan, 1);
    NOTHING(gait_plan_session_at, NULL, 0);
    NOTHING(gait_plan_left_out_at, plan, 1);
    NOTHING(gait_plan_left_out_at, NULL, 0);
    NOTHING(gait_plan_size, NULL);
    DOES_NOTHING(gait_batch_options_init, NULL);
    gait_batch_options_init(&options);
    REFUSED(GAIT_INVALID, gait_batch_run, NULL, &options, NULL);
    REFUSED(GAIT_INVALID, gait_batch_run, plan, NULL, NULL);
    REFUSED(GAIT_INVALID, gait_batch_run, plan, &options, NULL);
    options.folder = "test_misuse";
    options.worker = worker;
    options.shard = 3;
    options.n_shards = 2;
    REFUSED(GAIT_INVALID, gait_batch_run, plan, &options, NULL);
    REFUSED(GAIT_INVALID, gait_batch_look, NULL, "test_misuse", 0);
    REFUSED(GAIT_INVALID, gait_batch_look, &status, NULL, 0);
    REFUSED(GAIT_NOT_FOUND, gait_batch_look, &status, "no such folder", 0);
    REFUSED(GAIT_INVALID, gait_batch_merge, NULL, NULL, 0);
    REFUSED(GAIT_NOT_FOUND, gait_batch_merge, "no such folder", NULL, 0);
    NOTHING(gait_batch_row_at, NULL, 0);
    DOES_NOTHING(gait_batch_caveat, NULL);
    DOES_NOTHING(gait_batch_state_name, (gait_batch_state)99);
    note_call("gait_batch_work(");
    assert_int_equal(gait_batch_work(-1, NULL, NULL, NULL), GAIT_IO);
    DOES_NOTHING(gait_batch_status_free, &status);
    DOES_NOTHING(gait_batch_status_free, NULL);
    gait_plan_free(&plan);
    DOES_NOTHING(gait_plan_free, &plan);
    DOES_NOTHING(gait_plan_free, NULL);
    remove(path);
}

static void comparisons(void **state)
{
    (void)state;
    gait_comparison *c = NULL;
    gait_summary *good = good_summary();
    REFUSED(GAIT_INVALID, gait_compare, NULL, good, NULL, "x.csv", 0.05);
    REFUSED(GAIT_INVALID, gait_compare, &c, NULL, NULL, "x.csv", 0.05);
    REFUSED(GAIT_INVALID, gait_compare, &c, good, NULL, NULL, 0.05);
    REFUSED(GAIT_NOT_FOUND, gait_compare, &c, good, NULL, "no such file.csv", 0.05);
    REFUSED(GAIT_INVALID, gait_compare, &c, good, NULL, "x.csv", NAN);
    REFUSED(GAIT_INVALID, gait_compare, &c, good, NULL, "x.csv", -1);
    REFUSED(GAIT_NOT_FOUND, gait_compare, &c, good, "left_ear", "x.csv", 0.05);
    NOTHING(gait_comparison_at, NULL, 0);
    NOTHING(gait_comparison_ignored, NULL);
    DOES_NOTHING(gait_comparison_free, &c);
    DOES_NOTHING(gait_comparison_free, NULL);
    gait_summary_free(&good);
}

static void writers(void **state)
{
    (void)state;
    gait_writer *w = NULL;
    gait_writer_options options;
    gait_error err;
    const double stamp_s[2] = {0, 0.01}, lost_s[2] = {0, NAN};
    const float lost_g[6] = {0, 1, 0, NAN, 1, 0};
    gait_writer_options_init(&options);
    options.rate_hz = 100;
    REFUSED(GAIT_INVALID, gait_writer_open, NULL, "x.csv", &options);
    REFUSED(GAIT_INVALID, gait_writer_open, &w, NULL, &options);
    REFUSED(GAIT_INVALID, gait_writer_open, &w, "x.csv", NULL);
    REFUSED(GAIT_INVALID, gait_writer_open, &w, "x.docx", &options);
    REFUSED(GAIT_CANNOT_CREATE, gait_writer_open, &w, "/no such folder/x.csv", &options);
    assert_ok(gait_writer_open(&w, "test_misuse.csv", &options, &err), err);
    REFUSED(GAIT_INVALID, gait_writer_write, NULL, 2, stamp_s, samples, NULL);
    REFUSED(GAIT_INVALID, gait_writer_write, w, 2, NULL, samples, NULL);
    REFUSED(GAIT_INVALID, gait_writer_write, w, 2, stamp_s, NULL, NULL);
    REFUSED(GAIT_INVALID, gait_writer_write, w, 2, lost_s, samples, NULL);
    REFUSED(GAIT_INVALID, gait_writer_write, w, 2, stamp_s, lost_g, NULL);
    assert_ok(gait_writer_close(&w, 0, &err), err);
    note_call("gait_writer_close(");
    assert_int_equal(gait_writer_close(&w, 0, NULL), GAIT_OK);
    assert_int_equal(gait_writer_close(NULL, 0, NULL), GAIT_OK);
    DOES_NOTHING(gait_writer_options_init, NULL);
}

static void simulations(void **state)
{
    (void)state;
    gait_simulation *s = NULL;
    gait_simulated sensor;
    gait_error err;
    assert_ok(gait_simulation_new(&s, &err), err);
    REFUSED(GAIT_INVALID, gait_simulation_new, NULL);
    REFUSED(GAIT_INVALID, gait_simulation_set, NULL, "activity", "run");
    REFUSED(GAIT_INVALID, gait_simulation_set, s, NULL, "run");
    REFUSED(GAIT_INVALID, gait_simulation_set, s, "activity", NULL);
    REFUSED(GAIT_INVALID, gait_simulation_set, s, "activity", "fly");
    REFUSED(GAIT_NOT_FOUND, gait_simulation_set, s, "wings", "2");
    REFUSED(GAIT_INVALID, gait_simulation_run, NULL, GAIT_SHANK, GAIT_LEFT, &sensor);
    REFUSED(GAIT_INVALID, gait_simulation_run, s, GAIT_SHANK, GAIT_LEFT, NULL);
    REFUSED(GAIT_INVALID, gait_simulation_run, s, (gait_placement)99, GAIT_LEFT, &sensor);
    REFUSED(GAIT_INVALID, gait_simulation_run, s, GAIT_SHANK, GAIT_SIDE_NONE, &sensor);
    assert_ok(gait_simulation_set(s, "duration_s", "10", &err), err);
    assert_ok(gait_simulation_run(s, GAIT_SHANK, GAIT_LEFT, &sensor, &err), err);
    REFUSED(GAIT_INVALID, gait_simulation_set, s, "activity", "walk");
    REFUSED(GAIT_INVALID, gait_simulation_write, NULL, &sensor, "x.csv");
    REFUSED(GAIT_INVALID, gait_simulation_write, s, NULL, "x.csv");
    REFUSED(GAIT_INVALID, gait_simulation_write, s, &sensor, NULL);
    REFUSED(GAIT_INVALID, gait_simulation_write, s, &sensor, "x.docx");
    NOTHING(gait_simulation_get, NULL, "activity");
    NOTHING(gait_simulation_get, s, NULL);
    NOTHING(gait_simulation_get, s, "wings");
    gait_simulation_free(&s);
    DOES_NOTHING(gait_simulation_free, &s);
    DOES_NOTHING(gait_simulation_free, NULL);
}

static void signals(void **state)
{
    (void)state;
    static double x[FRAMES], out[2 * FRAMES], holed[FRAMES];
    holed[5] = NAN;
    const gait_signal good = {x, FRAMES, 1, 100};
    const gait_signal bad[] = {{NULL, FRAMES, 1, 100}, {x, 0, 1, 100},         {x, FRAMES, 0, 100},
                               {x, 100, 7, 100},       {x, FRAMES, 1, 0},      {x, FRAMES, 1, NAN},
                               {x, FRAMES, 1, -1},     {holed, FRAMES, 1, 100}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        REFUSED(GAIT_INVALID, gait_signal_filter, &bad[i], 0, 10, 2, out);
        REFUSED(GAIT_INVALID, gait_signal_resample, &bad[i], 50, out);
        REFUSED(GAIT_INVALID, gait_signal_spectrum, &bad[i], out);
    }
    REFUSED(GAIT_INVALID, gait_signal_filter, NULL, 0, 10, 2, out);
    REFUSED(GAIT_INVALID, gait_signal_filter, &good, 0, 10, 2, NULL);
    REFUSED(GAIT_INVALID, gait_signal_filter, &good, 0, 10, 3, out);
    REFUSED(GAIT_INVALID, gait_signal_filter, &good, 20, 10, 2, out);
    REFUSED(GAIT_INVALID, gait_signal_filter, &good, NAN, 10, 2, out);
    REFUSED(GAIT_INVALID, gait_signal_filter, &good, 0, NAN, 2, out);
    REFUSED(GAIT_INVALID, gait_signal_filter, &good, 50, 0, 2, out);
    REFUSED(GAIT_INVALID, gait_signal_resample, NULL, 50, out);
    REFUSED(GAIT_INVALID, gait_signal_resample, &good, 50, NULL);
    REFUSED(GAIT_INVALID, gait_signal_resample, &good, 0, out);
    REFUSED(GAIT_INVALID, gait_signal_resample, &good, NAN, out);
    REFUSED(GAIT_INVALID, gait_signal_resample, &good, INFINITY, out);
    REFUSED(GAIT_INVALID, gait_signal_spectrum, NULL, out);
    REFUSED(GAIT_INVALID, gait_signal_spectrum, &good, NULL);
    NOTHING(gait_signal_resampled_length, NULL, 50);
    NOTHING(gait_signal_resampled_length, &good, NAN);
    NOTHING(gait_signal_n_bins, NULL);
    note_call("gait_signal_bin_hz(");
    assert_true(isnan(gait_signal_bin_hz(NULL)));
}

static void stretches(void **state)
{
    (void)state;
    static double x[3 * FRAMES], value;
    for (size_t i = 0; i < 3 * FRAMES; i++) x[i] = (double)samples[i];
    gait_stretch good = {.accel_g = x, .n_frames = FRAMES, .rate_hz = 100, .activity = GAIT_RUN};
    gait_stretch bad[7] = {good, good, good, good, good, good, good};
    gait_options options, nowhere;
    gait_event events[4] = {{.time_s = 1}, {.time_s = 2}};
    gait_stride strides[4];
    gait_alignment alignment = {.forward = {1, 0, 0}};
    size_t n;
    gait_options_init(&options);
    gait_options_init(&nowhere);
    options.placement = GAIT_SHANK;
    bad[0].accel_g = NULL;
    bad[1].rate_hz = NAN;
    bad[2].rate_hz = 0;
    bad[3].activity = GAIT_REST;
    bad[4].activity = (gait_activity)99;
    bad[5].n_frames = SIZE_MAX / 64;
    bad[6].rate_hz = 1e9;
    for (size_t i = 0; i < 7; i++) {
        REFUSED(GAIT_INVALID, gait_stretch_cadence, &bad[i], &options, &value);
        REFUSED(GAIT_INVALID, gait_stretch_events, &bad[i], &options, events, 4, &n);
        REFUSED(GAIT_INVALID, gait_stretch_strides, &bad[i], &options, events, 2, strides, NULL, 4,
                &n);
        REFUSED(GAIT_INVALID, gait_stretch_align, &bad[i], &options, events, 2, &alignment);
    }
    bad[0] = good;
    bad[0].n_frames = 0;
    REFUSED(GAIT_TOO_SHORT, gait_stretch_cadence, &bad[0], &options, &value);
    REFUSED(GAIT_INVALID, gait_stretch_cadence, NULL, &options, &value);
    REFUSED(GAIT_INVALID, gait_stretch_cadence, &good, NULL, &value);
    REFUSED(GAIT_INVALID, gait_stretch_cadence, &good, &nowhere, &value);
    REFUSED(GAIT_INVALID, gait_stretch_cadence, &good, &options, NULL);
    REFUSED(GAIT_INVALID, gait_stretch_events, &good, &options, NULL, 4, &n);
    REFUSED(GAIT_INVALID, gait_stretch_events, &good, &options, events, 4, NULL);
    REFUSED(GAIT_INVALID, gait_stretch_strides, &good, &options, NULL, 2, strides, NULL, 4, &n);
    REFUSED(GAIT_INVALID, gait_stretch_strides, &good, &options, events, 2, NULL, NULL, 4, &n);
    REFUSED(GAIT_INVALID, gait_stretch_strides, &good, &options, events, 2, strides, NULL, 4, NULL);
    REFUSED(GAIT_INVALID, gait_stretch_align, &good, &options, events, 2, NULL);
    events[1].time_s = 0.5;
    REFUSED(GAIT_INVALID, gait_stretch_align, &good, &options, events, 2, &alignment);
    events[1].time_s = NAN;
    REFUSED(GAIT_INVALID, gait_stretch_align, &good, &options, events, 2, &alignment);
    REFUSED(GAIT_INVALID, gait_alignment_turn, NULL, x, 1, x);
    REFUSED(GAIT_INVALID, gait_alignment_turn, &alignment, NULL, 1, x);
    REFUSED(GAIT_INVALID, gait_alignment_turn, &alignment, x, 1, NULL);
}

/* Last: names that follow GAIT_API in the headers, each of which was tried above. */
static void no_call_is_left_out(void **state)
{
    (void)state;
    const char *folder = getenv("GAIT_HEADERS");
    if (!folder) skip_because("GAIT_HEADERS does not say where the public headers are");
    DIR *headers = opendir(folder);
    assert_non_null(headers);
    size_t n_calls = 0, missing = 0;
    for (struct dirent *entry; (entry = readdir(headers));) {
        char path[1024], word[NAME_ROOM];
        static char text[1 << 18];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = strstr(entry->d_name, ".h") ? fopen(path, "r") : NULL;
        if (!file) continue;
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
        for (const char *at = text; (at = strstr(at, "\nGAIT_API"));) {
            const char *open = strchr(++at, '('), *name = open;
            while (name[-1] == '_' || (name[-1] >= 'a' && name[-1] <= 'z')) name--;
            snprintf(word, sizeof word, "%.*s", (int)(open - name), name);
            int found = 0;
            for (size_t i = 0; i < n_tried; i++) found |= strcmp(tried[i], word) == 0;
            if (!found) print_error("%s: %s is never misused here\n", entry->d_name, word);
            missing += !found;
            n_calls++;
        }
    }
    closedir(headers);
    assert_true(n_calls > 80);
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recordings),
        cmocka_unit_test(reading),
        cmocka_unit_test(names),
        cmocka_unit_test(analyses),
        cmocka_unit_test(sessions),
        cmocka_unit_test(summaries),
        cmocka_unit_test(pages),
        cmocka_unit_test(studies),
        cmocka_unit_test(comparisons),
        cmocka_unit_test(writers),
        cmocka_unit_test(simulations),
        cmocka_unit_test(signals),
        cmocka_unit_test(stretches),
        cmocka_unit_test(batches),
        cmocka_unit_test(no_call_is_left_out),
    };
    shake();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
