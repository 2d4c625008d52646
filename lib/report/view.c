/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/start_time.h"

struct rows session_rows(const gait_summary *summary, const char *table, const char *subject,
                         const char *session)
{
    struct rows rows = {gait_summary_table(summary, table), 0, 0};
    if (!rows.table) return rows;
    const gait_column *subjects = gait_table_column(rows.table, "subject_id");
    const gait_column *sessions = gait_table_column(rows.table, "session_id");
    if (!subjects || !sessions || !subjects->texts || !sessions->texts) return rows;
    for (size_t i = 0; i < rows.table->n_rows; i++) {
        if (strcmp(subjects->texts[i], subject) != 0 || strcmp(sessions->texts[i], session) != 0) {
            if (rows.n) break;
            continue;
        }
        if (!rows.n) rows.first = i;
        rows.n++;
    }
    return rows;
}

static const gait_column *column_of(const struct rows *rows, const char *column)
{
    return rows->table ? gait_table_column(rows->table, column) : NULL;
}

const char *rows_text(const struct rows *rows, const char *column, size_t i)
{
    const gait_column *found = column_of(rows, column);
    return found && found->texts ? found->texts[rows->first + i] : "";
}

double rows_number(const struct rows *rows, const char *column, size_t i)
{
    const gait_column *found = column_of(rows, column);
    if (found && found->integers) return (double)found->integers[rows->first + i];
    return found && found->doubles ? found->doubles[rows->first + i] : (double)NAN;
}

const double *rows_doubles(const struct rows *rows, const char *column)
{
    const gait_column *found = column_of(rows, column);
    return found && found->doubles ? found->doubles + rows->first : NULL;
}

const int64_t *rows_integers(const struct rows *rows, const char *column)
{
    const gait_column *found = column_of(rows, column);
    return found && found->integers ? found->integers + rows->first : NULL;
}

const char *const *rows_texts(const struct rows *rows, const char *column)
{
    const gait_column *found = column_of(rows, column);
    return found && found->texts ? found->texts + rows->first : NULL;
}

static int is_wanted(const char *name, const char *wanted, struct pen *pen)
{
    return !wanted || strcmp(name, wanted) == 0 || strcmp(pen_plain(pen, name), wanted) == 0;
}

static gait_status choose_session(struct view *view, const gait_report_options *options,
                                  gait_error *err)
{
    const gait_table *table = gait_summary_table(view->summary, "sessions");
    const gait_column *subjects = table ? gait_table_column(table, "subject_id") : NULL;
    const gait_column *sessions = table ? gait_table_column(table, "session_id") : NULL;
    if (!subjects || !sessions || !subjects->texts || !sessions->texts)
        return gait_fail(err, GAIT_FORMAT, "the summary has no sessions table");
    size_t found = 0;
    for (size_t i = 0; i < table->n_rows; i++) {
        if (!is_wanted(subjects->texts[i], options->subject_id, view->pen) ||
            !is_wanted(sessions->texts[i], options->session_id, view->pen))
            continue;
        view->subject = subjects->texts[i];
        view->session = sessions->texts[i];
        found++;
    }
    const char *wanted = options->session_id ? options->session_id : "any";
    if (found == 1) return GAIT_OK;
    if (found == 0)
        return gait_fail(err, GAIT_NOT_FOUND, "the summary holds no session %s among its %zu",
                         wanted, table->n_rows);
    return gait_fail(err, GAIT_INVALID, "the summary holds %zu sessions %s: name the subject too",
                     found, wanted);
}

static int activity_named(const char *name)
{
    for (int a = 0; a < GAIT_N_ACTIVITIES; a++)
        if (strcmp(gait_activity_name((gait_activity)a), name) == 0) return a;
    return -1;
}

/* Row of bouts at which a sensor's bouts begin; SIZE_MAX if it has none. */
static size_t first_bout(const struct view *view, const char *sensor)
{
    for (size_t i = 0; i < view->bouts.n; i++)
        if (strcmp(rows_text(&view->bouts, "sensor", i), sensor) == 0) return i;
    return SIZE_MAX;
}

static void label_strides(struct view *view)
{
    const int64_t *bout = rows_integers(&view->strides, "bout");
    const char *const *sensors = rows_texts(&view->strides, "sensor");
    const char *const *activities = rows_texts(&view->bouts, "activity");
    size_t begin = SIZE_MAX;
    const char *sensor = NULL;
    view->stride_activity = PEN_NEW(view->pen, view->strides.n, int64_t);
    for (size_t i = 0; view->stride_activity && i < view->strides.n; i++) {
        view->stride_activity[i] = -1;
        if (!bout || bout[i] < 0 || !sensors || !activities) continue;
        if (!sensor || strcmp(sensors[i], sensor) != 0)
            begin = first_bout(view, sensor = sensors[i]);
        if (begin < view->bouts.n && (size_t)bout[i] < view->bouts.n - begin)
            view->stride_activity[i] = activity_named(activities[begin + (size_t)bout[i]]);
    }
}

gait_status view_open(struct view *view, const gait_summary *summary,
                      const gait_report_options *options, struct pen *pen, gait_error *err)
{
    memset(view, 0, sizeof *view);
    view->summary = summary;
    view->study = options->study;
    view->pen = pen;
    TRY(choose_session(view, options, err));
    const struct {
        const char *name;
        struct rows *rows;
    } tables[] = {{"sessions", &view->sessions}, {"recordings", &view->recordings},
                  {"bouts", &view->bouts},       {"strides", &view->strides},
                  {"summary", &view->limbs},     {"asymmetry", &view->asymmetry},
                  {"findings", &view->findings}, {"waveforms", &view->waveforms}};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        *tables[i].rows = session_rows(summary, tables[i].name, view->subject, view->session);
    if (!view->study && gait_summary_table(summary, "history")) view->study = summary;
    /* A study knows what the session alone could not see. */
    struct rows in_study = {NULL, 0, 0};
    if (view->study) in_study = session_rows(view->study, "findings", view->subject, view->session);
    if (in_study.n) view->findings = in_study;
    label_strides(view);
    return pen->failed ? gait_fail(err, GAIT_NOMEM, "no memory for the page") : GAIT_OK;
}

double view_setting(const struct view *view, const char *key)
{
    const char *text = gait_summary_attribute(view->summary, "settings_json");
    json_t *settings = text ? json_loads(text, 0, NULL) : NULL;
    const json_t *value = json_object_get(settings, key);
    double found = json_is_number(value) ? json_number_value(value) : (double)NAN;
    json_decref(settings);
    return found;
}

static int has_activity(const struct view *view, const char *activity)
{
    for (size_t i = 0; i < view->limbs.n; i++)
        if (strcmp(rows_text(&view->limbs, "activity", i), activity) == 0) return 1;
    return 0;
}

const char *view_activity(const struct view *view)
{
    if (has_activity(view, "run") || !view->limbs.n) return "run";
    return has_activity(view, "walk") ? "walk" : rows_text(&view->limbs, "activity", 0);
}

int view_shows_test(const struct view *view)
{
    const char *activity = view_activity(view);
    return strcmp(activity, "run") != 0 && strcmp(activity, "walk") != 0;
}

size_t view_limb(const struct view *view, const char *sensor, const char *side,
                 const char *activity)
{
    for (size_t i = 0; i < view->limbs.n; i++)
        if (strcmp(rows_text(&view->limbs, "sensor", i), sensor) == 0 &&
            strcmp(rows_text(&view->limbs, "side", i), side) == 0 &&
            strcmp(rows_text(&view->limbs, "activity", i), activity) == 0)
            return i;
    return SIZE_MAX;
}

gait_placement view_placement(const struct view *view, const char *sensor)
{
    for (size_t i = 0; i < view->recordings.n; i++)
        if (strcmp(rows_text(&view->recordings, "sensor", i), sensor) == 0)
            return gait_placement_from_name(rows_text(&view->recordings, "placement", i));
    return GAIT_PLACEMENT_UNKNOWN;
}

size_t view_limbs_with(const struct view *view, const char *metric, size_t *limbs, size_t most)
{
    static const gait_placement order[] = {GAIT_SHANK, GAIT_FOOT,  GAIT_SACRUM,
                                           GAIT_WAIST, GAIT_WRIST, GAIT_OTHER};
    const char *activity = view_activity(view);
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        size_t n = 0;
        for (size_t i = 0; i < view->limbs.n && n < most; i++)
            if (strcmp(rows_text(&view->limbs, "activity", i), activity) == 0 &&
                isfinite(rows_number(&view->limbs, metric, i)) &&
                view_placement(view, rows_text(&view->limbs, "sensor", i)) == order[k])
                limbs[n++] = i;
        if (n) return n;
    }
    return 0;
}

struct course view_course(const struct view *view, size_t limb, const char *metric)
{
    const struct rows *strides = &view->strides;
    struct course course = {.sensor = rows_text(&view->limbs, "sensor", limb),
                            .side = rows_text(&view->limbs, "side", limb)};
    int activity = activity_named(rows_text(&view->limbs, "activity", limb));
    const double *start = rows_doubles(strides, "start_s"), *x = rows_doubles(strides, metric);
    const int64_t *all_flags = rows_integers(strides, "flags");
    const char *const *sensors = rows_texts(strides, "sensor");
    const char *const *sides = rows_texts(strides, "side");
    double *time_s = PEN_NEW(view->pen, strides->n, double);
    double *value = PEN_NEW(view->pen, strides->n, double);
    int64_t *flags = PEN_NEW(view->pen, strides->n, int64_t);
    if (!time_s || !value || !flags || !start || !x || !sensors || !sides) return course;
    for (size_t i = 0; i < strides->n; i++) {
        if (view->stride_activity[i] != activity || !isfinite(x[i]) || !isfinite(start[i]) ||
            strcmp(sensors[i], course.sensor) != 0 || strcmp(sides[i], course.side) != 0)
            continue;
        time_s[course.n] = start[i];
        value[course.n] = x[i];
        flags[course.n++] = all_flags ? all_flags[i] : 0;
    }
    course.time_s = time_s;
    course.value = value;
    course.flags = flags;
    return course;
}

const char *unit_words(const char *unit)
{
    static const struct {
        const char *unit, *words;
    } rows[] = {{"1", ""},
                {"", ""},
                {"1/min", "/min"},
                {"deg", "\xc2\xb0"},
                {"deg/s", "\xc2\xb0/s"},
                {"bw", "BW"},
                {"g.s", "g\xc2\xb7s"},
                {"m/s2", "m/s\xc2\xb2"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].unit, unit) == 0) return rows[i].words;
    return unit;
}

/* As many decimals as differences that mean something have. */
static int decimals_of(double resolution)
{
    if (!(resolution > 0)) return 2;
    double d = -floor(log10(resolution) + 1e-9);
    return (int)fmin(fmax(d, 0), 4);
}

struct shown view_shown(const struct view *view, const char *metric)
{
    int m = gait_metric_index(metric);
    double resolution = m < 0 ? 0.01 : gait_metric_at((size_t)m)->resolution;
    const gait_column *column = column_of(&view->limbs, metric);
    const char *term = language_term(view->pen->language, metric);
    struct shown shown = {term, column ? column->units : "", 0, 1};
    if (!term) shown.label = column ? column->long_name : metric;
    /* Clinicians speak of milliseconds, but in tests of balance and strength of seconds. */
    if (strcmp(shown.unit, "s") == 0 && resolution < 0.02) {
        shown.unit = "ms";
        shown.factor = 1000;
    } else if (strcmp(shown.unit, "m") == 0) {
        shown.unit = "cm";
        shown.factor = 100;
    }
    shown.decimals = decimals_of(resolution * shown.factor);
    shown.unit = unit_words(shown.unit);
    return shown;
}

const char *shown_number(const struct view *view, const struct shown *shown, double value)
{
    return pen_number(view->pen, value * shown->factor, shown->decimals);
}

const char *shown_value(const struct view *view, const struct shown *shown, double value)
{
    const char *number = shown_number(view, shown, value);
    int is_close = shown->unit[0] == '/' || strcmp(shown->unit, "\xc2\xb0") == 0;
    if (!shown->unit[0]) return number;
    return pen_print(view->pen, "%s%s%s", number, is_close ? "" : "\xc2\xa0", shown->unit);
}

const char *view_side_word(const struct view *view, const char *side)
{
    static const struct {
        const char *side;
        enum word word;
    } rows[] = {{"left", W_LEFT}, {"right", W_RIGHT}, {"a", W_STEP_A},
                {"b", W_STEP_B},  {"none", W_BOTH},   {"unknown", W_BOTH}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].side, side) == 0) return pen_word(view->pen, rows[i].word);
    return pen_plain(view->pen, side);
}

const char *view_placement_word(const struct view *view, gait_placement placement)
{
    static const enum word words[GAIT_N_PLACEMENTS] = {
        [GAIT_FOOT] = W_FOOT,   [GAIT_SHANK] = W_SHANK, [GAIT_SACRUM] = W_SACRUM,
        [GAIT_WAIST] = W_WAIST, [GAIT_WRIST] = W_WRIST, [GAIT_OTHER] = W_OTHER_PLACE};
    unsigned p = (unsigned)placement;
    if (p == GAIT_PLACEMENT_UNKNOWN || p >= GAIT_N_PLACEMENTS) p = GAIT_OTHER;
    return pen_word(view->pen, words[p]);
}

const char *view_sensor_word(const struct view *view, const char *sensor)
{
    for (size_t i = 0; i < view->recordings.n; i++) {
        if (strcmp(rows_text(&view->recordings, "sensor", i), sensor) != 0) continue;
        const char *side = rows_text(&view->recordings, "side", i);
        const char *place = view_placement_word(view, view_placement(view, sensor));
        if (strcmp(side, "left") != 0 && strcmp(side, "right") != 0)
            return pen_capital(view->pen, place);
        return FILL(view->pen, W_SENSOR_SIDE, place, view_side_word(view, side));
    }
    return pen_plain(view->pen, sensor);
}

struct dated_row {
    size_t row;
    double day;
};

static int by_day(const void *a, const void *b)
{
    const struct dated_row *x = a, *y = b;
    if (x->day < y->day) return -1;
    if (x->day > y->day) return 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

struct past view_past(const struct view *view)
{
    struct past past = {0, NULL, NULL, 0};
    const gait_table *table = view->study ? gait_summary_table(view->study, "sessions") : NULL;
    if (!table) return past;
    struct rows all = {table, 0, table->n_rows};
    struct dated_row *found = PEN_NEW(view->pen, all.n, struct dated_row);
    size_t *row = PEN_NEW(view->pen, all.n, size_t);
    double *day = PEN_NEW(view->pen, all.n, double);
    if (!found || !row || !day) return past;
    for (size_t i = 0; i < all.n; i++) {
        double unix_s, offset_s;
        gait_time_kind kind;
        if (strcmp(rows_text(&all, "subject_id", i), view->subject) != 0 ||
            !start_time_parse(rows_text(&all, "start_time", i), &unix_s, &kind, &offset_s))
            continue;
        double local_s = unix_s + (isfinite(offset_s) ? offset_s : 0);
        found[past.n++] = (struct dated_row){i, local_s / 86400};
    }
    qsort(found, past.n, sizeof *found, by_day);
    past.this_one = past.n;
    for (size_t i = 0; i < past.n; i++) {
        row[i] = found[i].row;
        day[i] = found[i].day;
        if (strcmp(rows_text(&all, "session_id", row[i]), view->session) == 0) past.this_one = i;
    }
    past.row = row;
    past.day = day;
    return past;
}
