/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <zlib.h>

#include <gait/analysis.h>

#include "base/text.h"
#include "near.h"
#include "read_all.h"

/* Original device files against decodings by other programs: the devices' own software, GGIRread,
 * read.gt3x, scikit-digital-health and omconvert. GAIT_FORMATS_DIR is the folder that holds them.
 */

static const char *folder;

#define NEED_FILES() \
    do { \
        if (!folder) skip_because("GAIT_FORMATS_DIR is not set"); \
    } while (0)

static const char *path_of(const char *name)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static struct whole read_file(const char *name)
{
    struct whole w;
    gait_error err = {0};
    assert_ok(read_path(&w, path_of(name), NULL, &err), err);
    return w;
}

static unsigned char *load(const char *name, size_t *n)
{
    FILE *file = fopen(path_of(name), "rb");
    struct stat about;
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &about), 0);
    unsigned char *bytes = malloc((size_t)about.st_size + 1);
    assert_non_null(bytes);
    *n = fread(bytes, 1, (size_t)about.st_size, file);
    fclose(file);
    return bytes;
}

/* Rows of three numbers of a text file, perhaps compressed, behind its preamble. */
static double *load_csv(const char *name, size_t skip, size_t first_column, size_t *n)
{
    char line[1024];
    size_t room = 1 << 12, used = 0;
    double *xyz = malloc(3 * room * sizeof *xyz);
    gzFile file = gzopen(path_of(name), "rb");
    assert_non_null(file);
    for (size_t row = 0; gzgets(file, line, sizeof line); row++) {
        if (row < skip) continue;
        if (used == room) xyz = realloc(xyz, 3 * (room *= 2) * sizeof *xyz);
        const char *at = line;
        for (size_t c = 0; c < first_column; c++) at += strcspn(at, ",") + 1;
        for (size_t k = 0; k < 3; k++) {
            size_t taken = number_parse(at, strlen(at), '.', &xyz[3 * used + k]);
            assert_true(taken > 0);
            at += taken + 1;
        }
        used++;
    }
    gzclose(file);
    *n = used;
    return xyz;
}

/* The doubles of one array of a NumPy archive that is not compressed. */
static double *load_npz(const char *name, const char *array, size_t *n)
{
    size_t size, k = strlen(array), at = 0;
    unsigned char *bytes = load(name, &size);
    while (at + k < size && memcmp(bytes + at, array, k) != 0) at++;
    while (at + 6 < size && memcmp(bytes + at, "\x93NUMPY", 6) != 0) at++;
    at += 10 + (size_t)(bytes[at + 8] | bytes[at + 9] << 8);
    size_t end = at;
    while (end + 4 < size && memcmp(bytes + end, "PK\3\4", 4) != 0 &&
           memcmp(bytes + end, "PK\1\2", 4) != 0)
        end += 8;
    *n = (end - at) / 8;
    double *values = malloc(*n * sizeof *values);
    memcpy(values, bytes + at, *n * sizeof *values);
    free(bytes);
    return values;
}

static void assert_frames(const struct whole *w, const double *xyz, size_t n, double tolerance,
                          const char *rule)
{
    assert_true(w->n >= n);
    for (size_t i = 0; i < 3 * n; i++) assert_near((double)w->accel_g[i], xyz[i], tolerance, rule);
}

static size_t count_filler(const struct whole *w, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++) n += (w->marks[i] & GAIT_FRAME_FILLER) != 0;
    return n;
}

static void every_sample_of_a_gt3x_is_that_of_the_makers_csv(void **state)
{
    (void)state;
    NEED_FILES();
    static const double gaps_s[] = {4, 105, 554, 1126, 33, 7};
    struct whole w = read_file("gt3x/TAS1H30182785_2019-09-17.gt3x");
    size_t n_rows, n_gaps = 0;
    double *rows = load_csv("gt3x/TAS1H30182785_2019-09-17.csv.gz", 11, 0, &n_rows);
    assert_int_equal(w.n, 33000);
    assert_int_equal(n_rows, 240500);
    for (size_t i = 0; i < w.n; i++) {
        size_t row = (size_t)(100 * (w.time_s[i] - w.time_s[0]) + 0.5);
        for (size_t k = 0; k < 3; k++)
            assert_near((double)w.accel_g[3 * i + k], rows[3 * row + k], 0.0005001,
                        "ActiLife rounds to 3 digits");
        double step_s = i ? w.time_s[i] - w.time_s[i - 1] : 0;
        if (step_s < 0.5) continue;
        assert_true(n_gaps < 6);
        assert_near(step_s, gaps_s[n_gaps++] + 0.01, 0.001, "the device slept so long");
    }
    assert_int_equal(n_gaps, 6);
    assert_int_equal(w.n_segments, 7);
    free(rows);
    whole_free(&w);
}

static void the_old_layout_is_that_of_the_makers_csv(void **state)
{
    (void)state;
    NEED_FILES();
    struct whole w = read_file("gt3x/neo.gt3x");
    size_t n;
    double *rows = load_csv("gt3x/neo.csv", 11, 0, &n);
    assert_int_equal(n, 18004);
    assert_int_equal(w.n, 18004);
    assert_frames(&w, rows, n, 0.0005001, "ActiLife rounds to 3 digits");
    free(rows);
    whole_free(&w);
}

/* What is left after 84.5 s are zeros: a sensor that feels gravity never writes them. Before, one
 * sample stands unchanged for exactly 30 and 390 frames, which are 1 s and 13 s at 30 Hz: the
 * device was asleep. */
static void a_tail_of_zeros_and_sleep_are_marked_as_filler(void **state)
{
    (void)state;
    NEED_FILES();
    struct whole w = read_file("gt3x-old/sample.gt3x");
    assert_int_equal(w.n, 10467);
    assert_int_equal(count_filler(&w, 2536, w.n), 10467 - 2536);
    assert_int_equal(count_filler(&w, 0, 1000), 30);
    assert_int_equal(count_filler(&w, 1000, 2536), 390);
    assert_near(w.quality.filler_s, (10467 - 2536 + 30 + 390) / 30.0, 0.01, "all of it");
    assert_near((double)w.accel_g[0], -0.754, 0.0005, "x of the first row");
    assert_near((double)w.accel_g[1], 0.680, 0.0005, "y");
    assert_near((double)w.accel_g[2], 0.038, 0.0005, "z");
    whole_free(&w);
}

static void a_decimal_comma_in_the_header_is_read(void **state)
{
    (void)state;
    NEED_FILES();
    struct whole w = read_file("gt3x/actigraph_testfile.gt3x");
    assert_int_equal(w.n_segments, 24);
    assert_near(w.info.utc_offset_s, 7200, 0, "TimeZone: 02:00:00");
    assert_near((double)w.accel_g[0], 0.004, 0.0005, "x of the first row");
    assert_near((double)w.accel_g[2], -0.957, 0.0005, "z");
    whole_free(&w);
}

static void hundreds_of_sleeps_are_hundreds_of_gaps(void **state)
{
    (void)state;
    NEED_FILES();
    struct whole w = read_file("gt3x/small.gt3x");
    assert_int_equal(w.n, 810270);
    assert_int_equal(w.n_segments, 493);
    whole_free(&w);
}

static void a_cwa_is_what_another_reader_makes_of_it(void **state)
{
    (void)state;
    NEED_FILES();
    static const struct {
        const char *cwa, *npz;
        size_t n;
        int has_gyro;
    } pairs[] = {{"cwa/ax3_sample.cwa", "cwa/ax3_data.npz", 58800, 0},
                 {"cwa/ax6_sample.cwa", "cwa/ax6_data.npz", 10360, 1}};
    for (size_t p = 0; p < 2; p++) {
        struct whole w = read_file(pairs[p].cwa);
        size_t n;
        double *accel = load_npz(pairs[p].npz, "accel.npy", &n);
        assert_int_equal(w.n, pairs[p].n);
        assert_int_equal(n, 3 * pairs[p].n);
        assert_frames(&w, accel, pairs[p].n, 5e-5, "given with 4 to 6 digits");
        free(accel);
        if (pairs[p].has_gyro) {
            double *gyro = load_npz(pairs[p].npz, "gyro.npy", &n);
            for (size_t i = 0; i < 3 * pairs[p].n; i++)
                assert_near((double)w.gyro_dps[i], gyro[i], 5e-4, "deg/s");
            free(gyro);
        }
        whole_free(&w);
    }
}

static void damaged_blocks_are_left_out_and_counted(void **state)
{
    (void)state;
    NEED_FILES();
    struct whole good = read_file("cwa/ax3_testfile.cwa");
    struct whole w = read_file("cwa/ax3_testfile_corrupt_blocks_0_13_14_142_143_144.cwa");
    assert_int_equal(w.quality.n_bad_blocks, 6);
    assert_int_equal(w.n, 139 * 120);
    assert_int_equal(w.n_segments, 2);
    assert_near(w.info.start_unix_s - good.info.start_unix_s, 120 / 98.86, 0.01, "block 0");
    assert_near(w.time_s[12 * 120] - w.time_s[12 * 120 - 1], 241 / 98.86, 0.02, "blocks 13, 14");
    for (size_t i = 0; i < w.n; i++) {
        size_t from = i + 120 + (i >= 12 * 120 ? 240 : 0);
        for (size_t k = 0; k < 3; k++)
            assert_near((double)w.accel_g[3 * i + k], (double)good.accel_g[3 * from + k], 0,
                        "the same samples as in the whole file");
    }
    whole_free(&good);
    whole_free(&w);
}

static void a_restart_in_mid_file_begins_a_segment(void **state)
{
    (void)state;
    NEED_FILES();
    struct whole w = read_file("cwa/tiny-sample.cwa.gz");
    assert_int_equal(w.n, 8515 * 120);
    assert_int_equal(w.n_segments, 2);
    whole_free(&w);
}

/* Straight lines through the blocks' clocks, fitted by an own program. */
static void the_rate_is_the_one_the_clock_measured(void **state)
{
    (void)state;
    NEED_FILES();
    static const struct {
        const char *name;
        double rate_hz;
    } rates[] = {{"cwa/ax3_testfile.cwa", 98.860},
                 {"cwa/ax3_sample.cwa", 197.236},
                 {"cwa/ax6_sample.cwa", 98.406},
                 {"cwa/ax6_testfile.cwa", 99.038},
                 {"cwa/example-610-steps.cwa", 98.518}};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct whole w = read_file(rates[i].name);
        assert_near(w.quality.effective_rate_hz, rates[i].rate_hz, 0.01, rates[i].name);
        assert_near((double)(w.n - 1) / (w.time_s[w.n - 1] - w.time_s[0]), rates[i].rate_hz, 0.01,
                    "and the time from end to end");
        whole_free(&w);
    }
}

static void a_cut_wav_of_omconvert_gives_what_is_there(void **state)
{
    (void)state;
    NEED_FILES();
    struct whole w = read_file("wav-omconvert/ax3test.wav");
    static const double first[3] = {0.71851, 0.25732, -0.56763};
    assert_int_equal(w.n, 32640);
    assert_frames(&w, first, 1, 5e-6, "2943 1054 -2325 of 4096 per g");
    assert_near(w.info.start_unix_s, 1521393887.536, 1e-3, "2018-03-18 17:24:47.536");
    assert_int_equal(w.info.placement, GAIT_WRIST);
    assert_int_equal(w.info.side, GAIT_LEFT);
    whole_free(&w);
}

static void frames_that_omconvert_invented_are_marked(void **state)
{
    (void)state;
    NEED_FILES();
    static const struct {
        const char *name;
        size_t head, tail;
    } files[] = {{"wav-omconvert/ax3_testfile.omconvert-nocal.wav", 601, SIZE_MAX},
                 {"wav-omconvert/ax6_testfile.omconvert-nocal.wav", 670, SIZE_MAX},
                 {"wav-omconvert/ax6_sample.omconvert-nocal.wav", 31, SIZE_MAX},
                 {"wav-omconvert/example-610-steps.omconvert-nocal.wav", 0, 97}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct whole w = read_file(files[i].name);
        if (files[i].head) assert_int_equal(count_filler(&w, 0, w.n / 2), files[i].head);
        if (files[i].tail != SIZE_MAX)
            assert_int_equal(count_filler(&w, w.n / 2, w.n), files[i].tail);
        whole_free(&w);
    }
}

static void a_wav_has_the_values_of_the_csv_made_with_it(void **state)
{
    (void)state;
    NEED_FILES();
    static const char *const names[] = {"ax3_sample", "ax3_testfile", "ax6_sample", "ax6_testfile",
                                        "example-610-steps"};
    for (size_t f = 0; f < sizeof names / sizeof *names; f++) {
        char wav[128], csv[128];
        size_t n;
        snprintf(wav, sizeof wav, "wav-omconvert/%s.omconvert-nocal.wav", names[f]);
        snprintf(csv, sizeof csv, "wav-omconvert/%s.omconvert-nocal.first2000.csv", names[f]);
        struct whole w = read_file(wav);
        double *rows = load_csv(csv, 1, 1, &n);
        /* The WAV ends at its full scale, and is truncated to whole steps of 1/4096 or 1/2048 g. */
        double range_g = w.info.range_g;
        for (size_t i = 0; i < 3 * n; i++) rows[i] = fmin(fmax(rows[i], -range_g), range_g);
        assert_frames(&w, rows, n, 1 / 2048.0 + 1e-4, "the same run of omconvert");
        free(rows);
        whole_free(&w);
    }
}

/* The file's name says 610 steps; where the sensor was nobody wrote down. */
static void the_steps_in_the_name_of_a_file_are_found(void **state)
{
    (void)state;
    NEED_FILES();
    gait_error err = {0};
    gait_recording *recording = NULL;
    gait_analysis *analysis = NULL;
    gait_options options;
    gait_block block;
    gait_bout bout;
    double n_steps = 0;
    assert_ok(gait_recording_open(&recording, path_of("cwa/example-610-steps.cwa"), NULL, &err),
              err);
    gait_options_init(&options);
    gait_options_from_recording(&options, gait_recording_get_info(recording));
    options.placement = GAIT_OTHER;
    assert_ok(gait_analysis_new(&analysis, &options, &err), err);
    for (block.n_frames = 1; block.n_frames;) {
        assert_ok(gait_recording_read(recording, &block, &err), err);
        if (block.n_frames) assert_ok(gait_analysis_feed(analysis, &block, &err), err);
    }
    assert_ok(gait_analysis_finish(analysis, &err), err);
    while (gait_analysis_next_bout(analysis, &bout)) n_steps += bout.n_steps;
    assert_near(n_steps, 610, 0.03 * 610, "within 3 %: the label is of unknown quality");
    gait_analysis_free(&analysis);
    gait_recording_close(&recording);
}

static void a_geneactiv_file_is_what_another_reader_makes_of_it(void **state)
{
    (void)state;
    NEED_FILES();
    static const struct {
        const char *bin, *csv;
        size_t n;
    } files[] = {
        {"geneactiv/GENEActiv_testfile.bin", "geneactiv/GENEActiv_testfile.ggirread-first600.csv",
         16 * 300 + 231},
        {"geneactiv/geneactiv.bin", "geneactiv/geneactiv.ggirread-first600.csv", 6000},
        {"geneactiv/gnactv_sample.bin", "geneactiv/gnactv_sample.ggirread-first600.csv", 900}};
    for (size_t i = 0; i < 3; i++) {
        size_t n;
        struct whole w = read_file(files[i].bin);
        double *rows = load_csv(files[i].csv, 1, 1, &n);
        assert_int_equal(w.n, files[i].n);
        assert_int_equal(n, 600);
        assert_frames(&w, rows, n, 1e-6, "GGIRread");
        free(rows);
        whole_free(&w);
    }
    size_t n;
    struct whole w = read_file("geneactiv/gnactv_sample.bin");
    double *accel = load_npz("geneactiv/gnactv_data.npz", "accel.npy", &n);
    assert_frames(&w, accel, n / 3, 5.1e-5, "scikit-digital-health, to 4 digits");
    free(accel);
    whole_free(&w);
}

static void what_is_not_read_is_refused_with_advice(void **state)
{
    (void)state;
    NEED_FILES();
    static const char *const names[] = {
        "genea/genea_testfile.bin",        "parmay-matrix/mtx_12.5Hz_acc.BIN",
        "parmay-matrix/mtx_corrupted.bin", "parmay-matrix/mtx_corrupted_full.bin",
        "shimmer/triaxcal_sample.bin",     "shimmer/pair_raw.bin",
        "shimmer/sdlog_sync_slave.bin"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct whole w;
        gait_error err = {0};
        assert_int_equal(read_path(&w, path_of(names[i]), NULL, &err), GAIT_UNSUPPORTED);
        assert_non_null(strstr(err.text, "which is not read"));
    }
}

static const char *const device_folders[] = {
    "cwa",  "gt3x",  "gt3x-old",      "geneactiv", "wav-omconvert", "apdm-h5-synthetic",
    "mvnx", "genea", "parmay-matrix", "shimmer",   "motion-bids"};

/* The first so many percent of a file. */
static void cut_file(const char *name)
{
    size_t n;
    unsigned char *bytes = load(name, &n);
    for (size_t percent = 0; percent < 100; percent++) {
        struct whole w;
        gait_error err = {0};
        gait_status st = read_memory(&w, name, bytes, n / 100 * percent, &err);
        if (st) {
            assert_true(strlen(err.text) > 0);
            assert_int_equal(err.status, st);
        }
        whole_free(&w);
    }
    free(bytes);
}

static void no_cut_of_any_file_does_harm(void **state)
{
    (void)state;
    NEED_FILES();
    for (size_t f = 0; f < sizeof device_folders / sizeof *device_folders; f++) {
        DIR *listing = opendir(path_of(device_folders[f]));
        assert_non_null(listing);
        for (const struct dirent *e; (e = readdir(listing));) {
            char name[512];
            bool text = text_ends_with(e->d_name, ".txt") || text_ends_with(e->d_name, ".npz") ||
                        text_ends_with(e->d_name, ".csv") || text_ends_with(e->d_name, ".csv.gz");
            bool large = text_ends_with(e->d_name, "small.gt3x") ||
                         text_ends_with(e->d_name, "tiny-sample.cwa.gz");
            if (e->d_name[0] == '.' || text || large) continue;
            snprintf(name, sizeof name, "%s/%s", device_folders[f], e->d_name);
            cut_file(name);
        }
        closedir(listing);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_of_a_gt3x_is_that_of_the_makers_csv),
        cmocka_unit_test(the_old_layout_is_that_of_the_makers_csv),
        cmocka_unit_test(a_tail_of_zeros_and_sleep_are_marked_as_filler),
        cmocka_unit_test(a_decimal_comma_in_the_header_is_read),
        cmocka_unit_test(hundreds_of_sleeps_are_hundreds_of_gaps),
        cmocka_unit_test(a_cwa_is_what_another_reader_makes_of_it),
        cmocka_unit_test(damaged_blocks_are_left_out_and_counted),
        cmocka_unit_test(a_restart_in_mid_file_begins_a_segment),
        cmocka_unit_test(the_rate_is_the_one_the_clock_measured),
        cmocka_unit_test(a_cut_wav_of_omconvert_gives_what_is_there),
        cmocka_unit_test(frames_that_omconvert_invented_are_marked),
        cmocka_unit_test(a_wav_has_the_values_of_the_csv_made_with_it),
        cmocka_unit_test(the_steps_in_the_name_of_a_file_are_found),
        cmocka_unit_test(a_geneactiv_file_is_what_another_reader_makes_of_it),
        cmocka_unit_test(what_is_not_read_is_refused_with_advice),
        cmocka_unit_test(no_cut_of_any_file_does_harm),
    };
    folder = getenv("GAIT_FORMATS_DIR");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
