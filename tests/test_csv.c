/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/random.h"
#include "base/text.h"
#include "bytes_out.h"
#include "near.h"
#include "read_all.h"

/* Text files of every dialect, written here: 200 samples of a known movement at 100 Hz. */
enum { N = 200 };

static double movement_g(size_t i, int axis)
{
    static const int every[] = {7, 5, 3};
    static const double at_rest[] = {0.05, -0.25, 0.95};
    return at_rest[axis] + 0.03 * (double)(i % (size_t)every[axis]);
}

static double turning_dps(size_t i, int axis)
{
    return 90.5 * (axis - 1) + 10.25 * (double)(i % 11);
}

enum { LF, CRLF, CR };
enum { UTF8, UTF8_BOM, UTF16_LE, UTF16_BE };

/* A row is its template with {words} replaced, see put_word(). */
struct dialect {
    const char *rule, *file, *head, *row;
    int decimal_comma, line_end, encoding;
    int has_gyro;
    double start_unix_s; /* 0: not known */
    gait_time_kind kind;
};

static const struct dialect dialects[] = {
    {"names with units, as this library writes them", "a.csv",
     "time_s,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps\n", "{s},{x},{y},{z},{gx},{gy},{gz}\n",
     .has_gyro = 1},
    {"columns are found by name, not by place", "a.csv", "az_g,label,ay_g,ax_g,time_s\n",
     "{z},4,{y},{x},{s}\n", .kind = GAIT_TIME_UNKNOWN},
    {"semicolons and decimal commas", "a.csv", "time (s);x (m/s^2);y (m/s^2);z (m/s^2)\n",
     "{s};{X};{Y};{Z}\n", .decimal_comma = 1},
    {"tabs and decimal commas", "a.txt", "Time [s]\tX [g]\tY [g]\tZ [g]\n", "{s}\t{x}\t{y}\t{z}\n",
     .decimal_comma = 1},
    {"spaces, any number of them", "a.txt", "time ax ay az\n", "  {s}   {x}  {y} {z}\n",
     .kind = GAIT_TIME_UNKNOWN},
    {"quoted header and quoted numbers", "a.csv",
     "\"Time (s)\",\"Acceleration x (m/s^2)\",\"Acceleration y (m/s^2)\",\"Acceleration z "
     "(m/s^2)\"\n",
     "\"{s}\",\"{X}\",\"{Y}\",\"{Z}\"\n", .kind = GAIT_TIME_UNKNOWN},
    {"spaces behind commas, a trailing comma, CRLF", "a.csv",
     "Time, Accel-X (g), Accel-Y (g), "
     "Accel-Z (g),\n",
     "{s}, {x}, {y}, {z},\n", .line_end = CRLF},
    {"old line ends", "a.csv", "time_s,ax_g,ay_g,az_g\n", "{s},{x},{y},{z}\n", .line_end = CR},
    {"UTF-8 with a mark", "a.csv", "time_s,ax_g,ay_g,az_g\n", "{s},{x},{y},{z}\n",
     .encoding = UTF8_BOM},
    {"UTF-16 as a spreadsheet saves it", "a.csv", "time_s\tax_g\tay_g\taz_g\n",
     "{s}\t{x}\t{y}\t{z}\n", .encoding = UTF16_LE, .line_end = CRLF},
    {"UTF-16 the other way round", "a.csv", "time_s,ax_g,ay_g,az_g\n", "{s},{x},{y},{z}\n",
     .encoding = UTF16_BE},
    {"a sep= line", "a.csv", "sep=;\ntime_s;ax_g;ay_g;az_g\n", "{s};{x};{y};{z}\n",
     .kind = GAIT_TIME_UNKNOWN},
    {"a quoted sep= line with a tab", "a.csv",
     "\"sep=\t\"\nS1_Timestamp_Unix_CAL\tS1_Accel_WR_X_CAL\tS1_Accel_WR_Y_CAL\tS1_Accel_WR_Z_"
     "CAL\t\nms\tm/(s^2)\tm/(s^2)\tm/(s^2)\t\n",
     "{ms}\t{X}\t{Y}\t{Z}\t\n", .start_unix_s = 1551178506, .kind = GAIT_TIME_UTC},
    {"comments above, and a header behind a comment sign", "a.csv",
     "# made by hand\n# time_s,ax_g,ay_g,az_g\n", "{s},{x},{y},{z}\n", .kind = GAIT_TIME_UNKNOWN},
    {"units in a row of their own", "a.csv",
     "Time,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z\n"
     "s,m/s^2,m/s^2,m/s^2,rad/s,rad/s,rad/s\n",
     "{s},{X},{Y},{Z},{rx},{ry},{rz}\n", .has_gyro = 1},
    {"units by their magnitude: m/s2", "a.csv", "time,x,y,z\n", "{s},{X},{Y},{Z}\n",
     .kind = GAIT_TIME_UNKNOWN},
    {"units by their magnitude: mg", "a.csv", "time,x,y,z\n", "{s},{mx},{my},{mz}\n",
     .kind = GAIT_TIME_UNKNOWN},
    {"the mg of a heart belt, its clock in ns", "a.txt",
     "Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]\n",
     "2024-05-06T07:08:09.000;{beltns};{mx};{my};{mz}\n", .kind = GAIT_TIME_UNKNOWN},
    {"ns since 1970 need 64 bits", "Accelerometer.csv", "time,seconds_elapsed,z,y,x\n",
     "{ns},{s},{Z},{Y},{X}\n", .start_unix_s = 1551178506, .kind = GAIT_TIME_UTC},
    {"us since 1970", "a.csv", "unix_timestamp_microsec,time_s,ax_m/s/s,ay_m/s/s,az_m/s/s\n",
     "{us},{s},{X},{Y},{Z}\n", .start_unix_s = 1551178506, .kind = GAIT_TIME_UTC},
    {"s since 1970 and no names: a wall clock written as if it were UTC", "a.csv", "",
     "{epoch},{x},{y},{z}\n", .line_end = CRLF, .start_unix_s = 1551178506,
     .kind = GAIT_TIME_LOCAL_UNKNOWN},
    {"no names, seven columns: a gyroscope behind the accelerometer", "a.csv", "",
     "{iso},{x},{y},{z},{gx},{gy},{gz}\n", .has_gyro = 1, .start_unix_s = 1551178506,
     .kind = GAIT_TIME_LOCAL_UNKNOWN},
    {"an offset in the stamps", "a.csv", "timestamp,x-axis (g),y-axis (g),z-axis (g)\n",
     "{isoz},{x},{y},{z}\n", .start_unix_s = 1551178506 - 7200,
     .kind = GAIT_TIME_LOCAL_WITH_OFFSET},
    {"an offset in a name", "a.csv",
     "epoch (ms),time (01:00),elapsed (s),x-axis (g),y-axis (g),z-axis (g)\n",
     "{ms},x,{s},{x},{y},{z}\n", .start_unix_s = 1551178506, .kind = GAIT_TIME_LOCAL_WITH_OFFSET},
    {"a colon before the milliseconds", "a.csv",
     "Device Type,GENEActiv\nTime Zone,GMT "
     "+02:00\n\nRange,-8 to 8\n",
     "{isocolon},{x},{y},{z},0,0,31.6\n", .start_unix_s = 1551178506 - 7200,
     .kind = GAIT_TIME_LOCAL_WITH_OFFSET},
    {"days first", "a.csv", "date time,ax_g,ay_g,az_g\n", "{dmy},{x},{y},{z}\n",
     .start_unix_s = 1551178506, .kind = GAIT_TIME_LOCAL_UNKNOWN},
    {"a clock that passes midnight", "a.csv", "time,gFx,gFy,gFz\n", "{clock},{x},{y},{z}\n",
     .kind = GAIT_TIME_UNKNOWN},
    {"a clock that lost its hours", "a.csv", "time,ax_g,ay_g,az_g\n", "{mmss},{x},{y},{z}\n",
     .kind = GAIT_TIME_UNKNOWN},
    {"a packet counter of 16 bits and a rate above it", "a.txt",
     "// Start Time: Unknown\n// Update Rate: 100.0Hz\n// Filter Profile: human\n"
     "PacketCounter\tSampleTimeFine\tAcc_X\tAcc_Y\tAcc_Z\tMat[1][1]\n",
     "{count16}\t\t{X}\t{Y}\t{Z}\t0.5\n", .kind = GAIT_TIME_UNKNOWN},
    {"microseconds that wrap after 32 bits", "a.csv",
     "sep=,\nDeviceTag:,left\nStartTime: ,2019-02-26_12:55:06_000 GMT+2\n\n"
     "PacketCounter,SampleTimeFine,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z\n",
     "{i},{us32},{X},{Y},{Z},{gx},{gy},{gz}\n", .has_gyro = 1, .start_unix_s = 1551178506,
     .kind = GAIT_TIME_LOCAL_WITH_OFFSET},
    {"no time at all, the rate in the first line", "a.csv",
     "------------ Data File Created By ActiGraph GT3X+ ActiLife v6.13.3 date format M/d/yyyy at "
     "100 Hz  Filter Normal -----------\nSerial Number: TAS1\nStart Time 10:55:06\nStart Date "
     "2/26/2019\nEpoch Period (hh:mm:ss) 00:00:00\nAccelerometer X,Accelerometer Y,Accelerometer "
     "Z\n",
     "{x},{y},{z}\n", .start_unix_s = 1551178506, .kind = GAIT_TIME_LOCAL_UNKNOWN},
    {"the start and the rate in two rows", "ACC.csv",
     "1551178506.0, 1551178506.0, 1551178506.0\n"
     "100.000000, 100.000000, 100.000000\n",
     "{qx},{qy},{qz}\n", .start_unix_s = 1551178506, .kind = GAIT_TIME_UTC},
    {"exponents", "a.csv", "\"Time (s)\";\"X (m/s^2)\";\"Y (m/s^2)\";\"Z (m/s^2)\"\n",
     "{es};{eX};{eY};{eZ}\n", .kind = GAIT_TIME_UNKNOWN},
    {"a time column beside each channel, the first of them faster", "a.csv",
     "X[s],EMG 1 [V],X[s],Acc 1.X [g],X[s],Acc 1.Y [g],X[s],Acc 1.Z [g]\n",
     "{i},0.5,{s},{x},{s},{y},{s},{z}\n", .line_end = LF},
    {"serial days of a spreadsheet", "a.csv", "time,ax_g,ay_g,az_g\n", "{days},{x},{y},{z}\n",
     .start_unix_s = 1551178506, .kind = GAIT_TIME_LOCAL_UNKNOWN},
    {"three rows of headers", "a.csv",
     "Format=7,5718,,,Lumbar,,,\nTime,Accelerometer,,,Gyroscope,,,\n,X,Y,Z,X,Y,Z,\n",
     "{us},{X},{Y},{Z},{rx},{ry},{rz},4636858284341460992.0\n", .has_gyro = 1,
     .start_unix_s = 1551178506, .kind = GAIT_TIME_UTC},
};

static void put(struct bytes_out *out, const char *text)
{
    out_bytes(out, text, strlen(text));
}

/* In millionths of the unit, with a comma if need be, so that no float is rounded twice. */
static void put_number(struct bytes_out *out, double value, int comma)
{
    char text[64];
    assert_true(text_print(text, sizeof text, "%.7f", value));
    char *point = strchr(text, '.');
    if (comma && point) *point = ',';
    put(out, text);
}

/* One column word: time in many ways, then x y z in g, X Y Z in m/s2, mx in mg, qx in g/64, gx in
 * deg/s, rx in rad/s; e before it: with an exponent. */
static void put_word(struct bytes_out *out, const char *word, size_t i, const struct dialect *d)
{
    char text[64] = "";
    double t = 0.01 * (double)i;
    unsigned long long ms = 10 * i, start_ms = 1551178506000;
    int hundredth = (int)(i % 100), second = (int)(i / 100);
    if (!strcmp(word, "s")) {
        put_number(out, t, d->decimal_comma);
        return;
    }
    if (!strcmp(word, "i")) text_print(text, sizeof text, "%zu", i);
    if (!strcmp(word, "ms")) text_print(text, sizeof text, "%llu", start_ms + ms);
    if (!strcmp(word, "us")) text_print(text, sizeof text, "%llu000", start_ms + ms);
    if (!strcmp(word, "ns")) text_print(text, sizeof text, "%llu000000", start_ms + ms);
    if (!strcmp(word, "beltns")) text_print(text, sizeof text, "%llu000000", 599616000000 + ms);
    if (!strcmp(word, "epoch")) text_print(text, sizeof text, "%.4f", 1551178506 + t);
    if (!strcmp(word, "count16")) text_print(text, sizeof text, "%05zu", (65500 + i) % 65536);
    if (!strcmp(word, "us32"))
        text_print(text, sizeof text, "%llu", (4294900000 + 1000 * ms) % 4294967296);
    if (!strcmp(word, "days"))
        text_print(text, sizeof text, "%.12f", 25569 + (1551178506 + t) / 86400);
    if (!strcmp(word, "iso"))
        text_print(text, sizeof text, "2019-02-26 10:55:%02d.%02d0", 6 + second, hundredth);
    if (!strcmp(word, "isoz"))
        text_print(text, sizeof text, "2019-02-26T10:55:%02d.%02d+02:00", 6 + second, hundredth);
    if (!strcmp(word, "isocolon"))
        text_print(text, sizeof text, "2019-02-26 10:55:%02d:%02d0", 6 + second, hundredth);
    if (!strcmp(word, "dmy"))
        text_print(text, sizeof text, "26/02/2019 10:55:%02d.%02d", 6 + second, hundredth);
    if (!strcmp(word, "clock"))
        text_print(text, sizeof text, "%s:%02d.%02d", second ? "00:00" : "23:59",
                   second ? second - 1 : 59, hundredth);
    if (!strcmp(word, "mmss"))
        text_print(text, sizeof text, "%s:%02d.%02d", second ? "00" : "59",
                   second ? second - 1 : 59, hundredth);
    if (!strcmp(word, "es")) text_print(text, sizeof text, "%.9E", t);
    if (*text) {
        put(out, text);
        return;
    }

    int exponent = word[0] == 'e';
    const char *letter = word + exponent;
    char kind = letter[1] ? letter[0] : letter[0] < 'a' ? 'M' : 'a';
    int axis = (letter[1] ? letter[1] : letter[0]) - (kind == 'M' ? 'X' : 'x');
    double value = kind == 'g' || kind == 'r' ? turning_dps(i, axis) : movement_g(i, axis);
    if (kind == 'M') value *= 9.80665;
    if (kind == 'm') value *= 1000;
    if (kind == 'q') value = rint(value * 64);
    if (kind == 'r') value /= 57.295779513082320877;
    if (kind == 'q' || kind == 'm')
        text_print(text, sizeof text, "%.0f", value);
    else if (exponent)
        text_print(text, sizeof text, "%.9E", value);
    if (*text)
        put(out, text);
    else
        put_number(out, value, d->decimal_comma);
}

static void put_row(struct bytes_out *out, size_t i, const struct dialect *d)
{
    for (const char *at = d->row; *at; at++) {
        char word[16];
        size_t n = strcspn(at, "}");
        if (*at != '{') {
            out_bytes(out, at, 1);
            continue;
        }
        assert_true(text_print(word, sizeof word, "%.*s", (int)n - 1, at + 1));
        put_word(out, word, i, d);
        at += n;
    }
}

/* The text in the encoding and with the line ends of the dialect. */
static void encode(const struct bytes_out *text, const struct dialect *d, struct bytes_out *out)
{
    static const char *const marks[] = {"", "\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"};
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    put(out, marks[d->encoding]);
    for (size_t i = 0; i < text->n; i++) {
        char one[2] = {(char)text->bytes[i], '\0'};
        const char *c = one[0] == '\n' ? ends[d->line_end] : one;
        for (; *c; c++) {
            if (d->encoding == UTF16_BE) out_bytes(out, "", 1);
            out_bytes(out, c, 1);
            if (d->encoding == UTF16_LE) out_bytes(out, "", 1);
        }
    }
}

static struct bytes_out make_file(const struct dialect *d, size_t n)
{
    struct bytes_out text = {0}, out = {0};
    put(&text, d->head);
    for (size_t i = 0; i < n; i++) put_row(&text, i, d);
    encode(&text, d, &out);
    out_free(&text);
    return out;
}

static void check_values(const struct whole *w, const struct dialect *d)
{
    double coarse = strstr(d->row, "{q") ? 0.5 / 64 : strstr(d->row, "{m") ? 0.0006 : 1e-6;
    for (size_t i = 0; i < w->n; i++) {
        assert_near(w->time_s[i], 0.01 * (double)i, 2e-6, d->rule);
        for (int k = 0; k < 3; k++)
            assert_near((double)w->accel_g[3 * i + (size_t)k], movement_g(i, k), coarse, d->rule);
        for (int k = 0; d->has_gyro && k < 3; k++)
            assert_near((double)w->gyro_dps[3 * i + (size_t)k], turning_dps(i, k), 2e-4, d->rule);
    }
}

static void every_dialect_gives_the_same_samples(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++) {
        const struct dialect *d = &dialects[i];
        struct bytes_out file = make_file(d, N);
        struct whole w;
        gait_error err = {0};
        gait_status st = read_memory(&w, d->file, file.bytes, file.n, &err);
        if (st) print_error("%s: %s\n", d->rule, err.text);
        assert_int_equal(st, GAIT_OK);
        if (w.n != N) print_error("%s\n", d->rule);
        assert_int_equal(w.n, N);
        assert_int_equal(w.info.has_gyro, d->has_gyro);
        assert_int_equal(w.quality.n_bad_blocks, 0);
        assert_near(w.quality.effective_rate_hz, 100, 1e-3, d->rule);
        check_values(&w, d);
        if (d->start_unix_s > 0)
            assert_near(w.info.start_unix_s, d->start_unix_s, 1e-4, d->rule);
        else
            assert_true(isnan(w.info.start_unix_s));
        if (w.info.time_kind != d->kind) print_error("%s\n", d->rule);
        assert_int_equal(w.info.time_kind, d->kind);
        whole_free(&w);
        out_free(&file);
    }
}

static void a_cut_anywhere_loses_the_last_row_at_most(void **state)
{
    (void)state;
    struct bytes_out file = make_file(&dialects[0], N);
    for (size_t n = file.n / 2; n < file.n; n += 7) {
        struct whole w;
        gait_error err = {0};
        size_t whole_rows = 0;
        for (size_t i = 0; i < n; i++) whole_rows += file.bytes[i] == '\n';
        assert_ok(read_memory(&w, "a.csv", file.bytes, n, &err), err);
        assert_in_range(w.n, whole_rows - 1, whole_rows);
        check_values(&w, &dialects[0]);
        whole_free(&w);
    }
    out_free(&file);
}

/* What is wrong with a file, and what is said about it. */
static const struct {
    const char *rule, *file, *text;
    gait_status status;
    const char *says;
} refusals[] = {
    {"an empty file", "a.csv", "", GAIT_FORMAT, "a.csv: is empty"},
    {"no numbers", "a.csv", "hello\nthis is text\n", GAIT_FORMAT, "line 2"},
    {"a column too few", "a.csv", "time,ax\n0,1\n0.01,1\n0.02,1\n", GAIT_FORMAT,
     "at least three numbers"},
    {"no acceleration among the names", "a.csv",
     "time,temperature,humidity,light\n0,1,2,3\n1,1,2,3\n2,1,2,3\n", GAIT_FORMAT,
     "time,temperature,humidity,light"},
    {"an orientation", "a.csv",
     "Time (s),W,X,Y,Z\n0,0.9,0.1,0.2,0.3\n0.02,0.9,0.1,0.2,0.31\n0.04,0.9,0.1,0.2,0.3\n",
     GAIT_FORMAT, "W,X,Y,Z"},
    {"counts per epoch by their names", "a.csv",
     "TimeStamp,axis1,axis2,axis3,steps,vm\n2017-09-12T15:00:00Z,0,0,0,0,0\n"
     "2017-09-12T15:00:01Z,44,9,0,0,45\n",
     GAIT_UNSUPPORTED, "counts"},
    {"counts per epoch by the period above", "a.csv",
     "ActiLife\nEpoch Period (hh:mm:ss) 00:00:15\n0,0,0,0\n1,3,0,0\n0,0,4,0\n", GAIT_UNSUPPORTED,
     "counts"},
    {"gravity removed by its name", "a.csv",
     "time_s,FreeAcc_X,FreeAcc_Y,FreeAcc_Z\n0,0.1,0.2,0.1\n0.01,0.1,0,0\n0.02,0,0,0.1\n",
     GAIT_UNSUPPORTED, "gravity was removed"},
    {"a gyroscope alone", "Gyroscope.csv",
     "time_s,x (deg/s),y (deg/s),z (deg/s)\n0,1,2,3\n0.01,1,2,3\n0.02,1,2,3\n", GAIT_UNSUPPORTED,
     "angular rates alone"},
    {"a counter without a rate", "a.csv",
     "samples,acc_x,acc_y,acc_z\n0,0.1,0.2,1\n1,0.1,0.2,1\n"
     "2,0.1,0.2,1\n",
     GAIT_FORMAT, "--rate"},
    {"no time and no rate", "a.csv", "ax_g,ay_g,az_g\n0.1,0.2,1\n0.1,0.21,1\n0.1,0.2,1\n",
     GAIT_FORMAT, "--rate"},
    {"columns without names that could be anything", "a.csv", "3,1,4,1,5\n2,6,5,3,5\n8,9,7,9,3\n",
     GAIT_FORMAT, "--columns"},
    {"time that stands still", "a.csv",
     "time_s,ax_g,ay_g,az_g\n1,0.1,0.2,1\n1,0.1,0.21,1\n1,0.1,0.22,1\n", GAIT_FORMAT,
     "does not advance"},
};

static void what_cannot_be_read_is_refused_in_one_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct whole w;
        gait_error err = {0};
        gait_status st =
            read_memory(&w, refusals[i].file, refusals[i].text, strlen(refusals[i].text), &err);
        if (st != refusals[i].status || !strstr(err.text, refusals[i].says))
            print_error("%s: %s: %s\n", refusals[i].rule, gait_status_name(st), err.text);
        assert_int_equal(st, refusals[i].status);
        assert_non_null(strstr(err.text, refusals[i].says));
        assert_non_null(strstr(err.text, refusals[i].file));
        whole_free(&w);
    }
}

/* Like dialects[0], but in any unit and with or without gravity. */
static gait_status read_scaled(double scale, double gravity, gait_error *err)
{
    struct bytes_out file = {0};
    put(&file, "time_s,ax,ay,az\n");
    for (size_t i = 0; i < 2000; i++) {
        char row[128];
        text_print(row, sizeof row, "%.2f,%.6f,%.6f,%.6f\n", 0.01 * (double)i,
                   scale * (movement_g(i, 0) - 0.14), scale * (movement_g(i, 1) + 0.19),
                   scale * (movement_g(i, 2) - 0.98 + gravity));
        put(&file, row);
    }
    struct whole w;
    gait_status st = read_memory(&w, "a.csv", file.bytes, file.n, err);
    whole_free(&w);
    out_free(&file);
    return st;
}

static void a_unit_is_guessed_only_where_gravity_shows_it(void **state)
{
    (void)state;
    gait_error err;
    assert_int_equal(read_scaled(1, 1, &err), GAIT_OK);
    assert_int_equal(read_scaled(9.80665, 1, &err), GAIT_OK);
    assert_int_equal(read_scaled(1000, 1, &err), GAIT_OK);
    assert_int_equal(read_scaled(4096, 1, &err), GAIT_FORMAT);
    assert_non_null(strstr(err.text, "--unit"));
    assert_int_equal(read_scaled(3, 0, &err), GAIT_FORMAT);
}

static void a_wrong_unit_is_noticed(void **state)
{
    (void)state;
    struct bytes_out file = make_file(&dialects[15], N); /* m/s2 */
    gait_recording_options options;
    gait_recording *recording = NULL;
    gait_error err;
    gait_recording_options_init(&options);
    options.unit = "g";
    assert_int_equal(
        gait_recording_open_memory(&recording, "a.csv", file.bytes, file.n, &options, &err),
        GAIT_FORMAT);
    assert_non_null(strstr(err.text, "unit is wrong"));
    options.unit = "mg";
    assert_int_equal(
        gait_recording_open_memory(&recording, "a.csv", file.bytes, file.n, &options, &err),
        GAIT_UNSUPPORTED);
    assert_non_null(strstr(err.text, "gravity"));
    out_free(&file);
}

static void given_columns_win_over_names(void **state)
{
    (void)state;
    struct dialect d = dialects[0];
    d.head = "t,ax_g,ay_g,az_g,b1,b2,b3\n";
    d.row = "{s},9,9,9,{x},{y},{z}\n";
    struct bytes_out file = make_file(&d, N);
    gait_recording_options options;
    gait_recording *recording = NULL;
    gait_error err = {0};
    gait_recording_options_init(&options);
    options.unit = "g";
    const char *ways[] = {"time=t,x=b1,y=b2,z=b3", "time=1,x=5,y=6,z=7"};
    for (size_t i = 0; i < 2; i++) {
        struct whole w = {0};
        options.columns = ways[i];
        assert_ok(
            gait_recording_open_memory(&recording, "a.csv", file.bytes, file.n, &options, &err),
            err);
        assert_ok(whole_take(&w, recording, &err), err);
        d.has_gyro = 0;
        check_values(&w, &d);
        gait_recording_close(&recording);
        whole_free(&w);
    }
    options.columns = "time=t,x=b1,y=b2,z=b4";
    assert_int_equal(
        gait_recording_open_memory(&recording, "a.csv", file.bytes, file.n, &options, &err),
        GAIT_INVALID);
    assert_non_null(strstr(err.text, "\"b4\""));
    out_free(&file);
}

static void several_sensors_are_told_apart(void **state)
{
    (void)state;
    struct dialect d = {
        .rule = "the second sensor",
        .decimal_comma = 0,
        .head = "Time,Left Shank/Acceleration/X,Left Shank/Acceleration/Y,Left "
                "Shank/Acceleration/Z,Lumbar/Acceleration/X,Lumbar/Acceleration/Y,Lumbar/"
                "Acceleration/Z\ns,m/s^2,m/s^2,m/s^2,m/s^2,m/s^2,m/s^2\n",
        .row = "{s},1,2,9.7,{X},{Y},{Z}\n"};
    struct bytes_out file = make_file(&d, N);
    gait_recording_options options;
    gait_recording *recording = NULL;
    gait_error err = {0};
    struct whole w = {0};
    gait_recording_options_init(&options);
    options.sensor = "lumbar";
    assert_ok(gait_recording_open_memory(&recording, "a.csv", file.bytes, file.n, &options, &err),
              err);
    assert_string_equal(gait_recording_sensor_at(recording, 0)->name, "Left Shank");
    assert_int_equal(gait_recording_sensor_at(recording, 0)->placement, GAIT_SHANK);
    assert_int_equal(gait_recording_sensor_at(recording, 0)->side, GAIT_LEFT);
    assert_string_equal(gait_recording_sensor_at(recording, 1)->name, "Lumbar");
    assert_null(gait_recording_sensor_at(recording, 2));
    assert_string_equal(gait_recording_get_info(recording)->sensor, "Lumbar");
    assert_int_equal(gait_recording_get_info(recording)->placement, GAIT_SACRUM);
    assert_ok(whole_take(&w, recording, &err), err);
    check_values(&w, &d);
    gait_recording_close(&recording);
    whole_free(&w);

    options.sensor = "chest";
    assert_int_equal(
        gait_recording_open_memory(&recording, "a.csv", file.bytes, file.n, &options, &err),
        GAIT_NOT_FOUND);
    assert_non_null(strstr(err.text, "Left Shank, Lumbar"));
    out_free(&file);
}

static void odd_rows_are_counted_and_missing_cells_are_gaps(void **state)
{
    (void)state;
    struct bytes_out file = {0};
    const struct dialect *d = &dialects[0];
    put(&file, d->head);
    for (size_t i = 0; i < N; i++) {
        if (i == 50) put(&file, "0.5,oops,1,1,1,1,1\n0.5,1\n\n# a remark\n");
        if (i == 60)
            put(&file, "0.60,n/a,,-nan(ind),1,1,1\n");
        else
            put_row(&file, i, d);
    }
    struct whole w;
    gait_error err = {0};
    assert_ok(read_memory(&w, "a.csv", file.bytes, file.n, &err), err);
    assert_int_equal(w.n, N);
    assert_int_equal(w.quality.n_bad_blocks, 2);
    assert_string_equal(w.quality.first_bad, "line 52"); /* behind the names and 50 rows */
    assert_int_equal(w.quality.n_gaps, 1);
    assert_int_equal(w.marks[60], GAIT_FRAME_FILLED);
    assert_int_equal(w.marks[59] | w.marks[61], 0);
    whole_free(&w);
    out_free(&file);
}

static void rows_of_a_longer_channel_are_passed_over(void **state)
{
    (void)state;
    struct dialect d = {.rule = "the shorter channel is whole",
                        .decimal_comma = 0,
                        .head = "X[s],EMG [V],X[s],Acc X [g],X[s],Acc Y [g],X[s],Acc Z [g]\n",
                        .row = "{i},0.5,{s},{x},{s},{y},{s},{z}\n"};
    struct bytes_out file = make_file(&d, N);
    for (int i = 0; i < 9 * N; i++) put(&file, "99,0.5,,,,,,\n");
    struct whole w;
    gait_error err = {0};
    assert_ok(read_memory(&w, "a.csv", file.bytes, file.n, &err), err);
    assert_int_equal(w.n, N);
    assert_int_equal(w.quality.n_bad_blocks, 0);
    check_values(&w, &d);
    whole_free(&w);
    out_free(&file);
}

static void time_keeps_its_own_zero(void **state)
{
    (void)state;
    struct bytes_out file = {0};
    put(&file, "time_s,ax_g,ay_g,az_g\n");
    for (size_t i = 0; i < N; i++) {
        char row[64];
        text_print(row, sizeof row, "%.2f,0.01,0.%d,0.9%d\n", 12.3 + 0.01 * (double)i, (int)(i % 2),
                   (int)(i % 3));
        put(&file, row);
    }
    struct whole w;
    gait_error err = {0};
    assert_ok(read_memory(&w, "a.csv", file.bytes, file.n, &err), err);
    assert_near(w.info.start_s, 12.3, 1e-12, "the first stamp is the start");
    assert_near(w.time_s[N - 1], 14.29, 1e-9, "and the last one the end");
    whole_free(&w);
    out_free(&file);
}

static void a_file_larger_than_the_buffers_is_read_whole(void **state)
{
    (void)state;
    const struct dialect *d = &dialects[0];
    struct bytes_out file = make_file(d, 30000);
    struct whole w;
    gait_error err = {0};
    assert_ok(read_memory(&w, "a.csv", file.bytes, file.n, &err), err);
    assert_int_equal(w.n, 30000);
    check_values(&w, d);
    assert_int_equal(w.n_segments, 1);
    whole_free(&w);
    out_free(&file);
}

/* Numbers as programs write them: up to 3 digits before the point and up to 20 behind it, signs,
 * blanks, exponents. */
static void put_some_number(struct bytes_out *file, struct prng *prng, int is_up, float *want)
{
    static const char *const before[] = {"", "+", " ", "-", " -"}, *const after[] = {"", " "};
    char text[64];
    double size = prng_uniform(prng, 0, prng_below(prng, 2000) ? 2 : 200);
    int decimals = (int)prng_below(prng, 21);
    text_print(text, sizeof text, prng_below(prng, 8) ? "%.*f" : "%.*e", decimals, size);
    const char *sign = before[prng_below(prng, is_up ? 3 : 5)];
    *want = strchr(sign, '-') ? -strtof(text, NULL) : strtof(text, NULL);
    put(file, sign);
    put(file, text);
    put(file, after[prng_below(prng, 2)]);
}

static void numbers_of_every_length_are_read_as_strtod_reads_them(void **state)
{
    (void)state;
    enum { ROWS = 20000 };
    struct prng prng;
    prng_seed(&prng, 5);
    float *want = malloc(3 * ROWS * sizeof *want);
    struct bytes_out file = {0};
    put(&file, "x_g,y_g,z_g,note\n");
    for (size_t i = 0; i < ROWS; i++)
        for (size_t k = 0; k < 3; k++) {
            put_some_number(&file, &prng, k == 2, &want[3 * i + k]);
            put(&file, k < 2 ? "," : i % 2 ? ",\n" : ",a \"note\", or two\r\n");
        }
    struct whole w;
    gait_recording *recording = NULL;
    gait_recording_options options = {.rate_hz = 100, .unit = "g"};
    gait_error err = {0};
    memset(&w, 0, sizeof w);
    assert_ok(gait_recording_open_memory(&recording, "a.csv", file.bytes, file.n, &options, &err),
              err);
    assert_ok(whole_take(&w, recording, &err), err);
    assert_int_equal(w.n, ROWS);
    for (size_t i = 0; i < 3 * ROWS; i++)
        assert_near(w.accel_g[i], want[i], 1e-7 * fabs((double)want[i]), "the float next to it");
    gait_recording_close(&recording);
    whole_free(&w);
    out_free(&file);
    free(want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_every_length_are_read_as_strtod_reads_them),
        cmocka_unit_test(every_dialect_gives_the_same_samples),
        cmocka_unit_test(a_cut_anywhere_loses_the_last_row_at_most),
        cmocka_unit_test(what_cannot_be_read_is_refused_in_one_sentence),
        cmocka_unit_test(a_unit_is_guessed_only_where_gravity_shows_it),
        cmocka_unit_test(a_wrong_unit_is_noticed),
        cmocka_unit_test(given_columns_win_over_names),
        cmocka_unit_test(several_sensors_are_told_apart),
        cmocka_unit_test(odd_rows_are_counted_and_missing_cells_are_gaps),
        cmocka_unit_test(rows_of_a_longer_channel_are_passed_over),
        cmocka_unit_test(time_keeps_its_own_zero),
        cmocka_unit_test(a_file_larger_than_the_buffers_is_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
