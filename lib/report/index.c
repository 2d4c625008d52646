/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "record/start_time.h"
#include "report/findings.h"
#include "report/page.h"
#include "report/row_index.h"

/* The sessions of a study, a row each, what asks for most first. */

enum { COLUMNS = 11, MOST_TITLES = 3, DAYS_SHOWN = 60, MOST_CHARACTERS = 40 };

static const char *const intensities[] = {"peak_accel_resultant_g", "peak_vertical_force_bw"};

/* One session of the study. */
struct entry {
    size_t row; /* of the sessions table */
    const char *subject, *session, *start_time;
    double day;      /* since 1970 on the person's clock; NaN unknown */
    double exposure; /* minutes of running, or kilometres if every session has them */
    double impact;   /* median of the first limb; NaN unknown */
    double cadence;
    double ratio_30d;
    int severity;
    double n_findings;
    struct rows findings;
};

struct study {
    const gait_report_options *options;
    struct pen *pen;
    struct rows sessions;
    struct row_index limbs, findings, history;
    size_t n;
    struct entry *entries; /* by subject and day */
    struct view view;      /* to word findings with */
};

static int severity_of(const char *severity)
{
    static const char *const names[] = {"none", "info", "note", "flag"};
    for (int i = 3; i > 0; i--)
        if (strcmp(names[i], severity) == 0) return i;
    return 0;
}

/* The metric of the first row that has it, running before walking. */
static double first_value(const struct rows *limbs, const char *metric)
{
    static const char *const activities[] = {"run", "walk"};
    for (size_t a = 0; a < 2; a++)
        for (size_t i = 0; i < limbs->n; i++) {
            double value = rows_number(limbs, metric, i);
            if (isfinite(value) && strcmp(rows_text(limbs, "activity", i), activities[a]) == 0)
                return value;
        }
    return NAN;
}

static double day_of(const char *start_time)
{
    double unix_s, offset_s;
    gait_time_kind kind;
    if (!start_time_parse(start_time, &unix_s, &kind, &offset_s)) return NAN;
    return (unix_s + (isfinite(offset_s) ? offset_s : 0)) / 86400;
}

static void fill_entry(const struct study *study, size_t row, struct entry *entry)
{
    const struct rows *sessions = &study->sessions;
    *entry = (struct entry){.row = row, .impact = NAN};
    entry->subject = rows_text(sessions, "subject_id", row);
    entry->session = rows_text(sessions, "session_id", row);
    entry->start_time = rows_text(sessions, "start_time", row);
    entry->day = day_of(entry->start_time);
    entry->exposure = rows_number(sessions, "running_s", row) / 60;
    entry->severity = severity_of(rows_text(sessions, "worst_severity", row));
    entry->n_findings = rows_number(sessions, "n_findings", row);
    entry->findings = row_index_find(&study->findings, entry->subject, entry->session);
    struct rows limbs = row_index_find(&study->limbs, entry->subject, entry->session);
    struct rows history = row_index_find(&study->history, entry->subject, entry->session);
    entry->cadence = first_value(&limbs, "cadence_steps_per_min");
    for (size_t k = 0; k < 2 && !isfinite(entry->impact); k++)
        entry->impact = first_value(&limbs, intensities[k]);
    entry->ratio_30d = history.n ? rows_number(&history, "ratio_30d", 0) : (double)NAN;
    /* What the study adds to the session's own findings. */
    for (size_t i = 0; i < entry->findings.n; i++) {
        int severity = severity_of(rows_text(&entry->findings, "severity", i));
        if (severity > entry->severity) entry->severity = severity;
    }
    entry->n_findings = fmax(entry->n_findings, (double)entry->findings.n);
}

static int by_person_and_day(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->subject, y->subject);
    if (order) return order;
    if (x->day < y->day) return -1;
    if (x->day > y->day) return 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Indexes of entries, what asks for most first. */
static int by_urgency(const void *a, const void *b)
{
    const struct entry *x = *(const struct entry *const *)a, *y = *(const struct entry *const *)b;
    if (x->severity != y->severity) return x->severity > y->severity ? -1 : 1;
    if (x->n_findings > y->n_findings) return -1;
    if (x->n_findings < y->n_findings) return 1;
    if (x->day > y->day) return -1;
    if (x->day < y->day) return 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* The file that gait batch gives a session: its names with other characters than these as hyphens.
 */
static const char *page_name(struct pen *pen, const struct entry *entry)
{
    char *name = PEN_NEW(pen, strlen(entry->subject) + strlen(entry->session) + 2, char);
    if (!name) return "";
    strcpy(name, entry->subject);
    strcat(name, "_");
    strcat(name, entry->session);
    for (char *c = name; *c; c++)
        if (!(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') && !(*c >= '0' && *c <= '9') &&
            !strchr("._-", *c))
            *c = '-';
    return name;
}

static struct cell session_cell(const struct study *study, const struct entry *entry)
{
    struct pen *pen = study->pen;
    struct cell cell = cell_text(pen_short(pen, pen_plain(pen, entry->session), MOST_CHARACTERS));
    const gait_report_options *options = study->options;
    if (options->link)
        cell.link = options->link(options->context, pen_plain(pen, entry->subject),
                                  pen_plain(pen, entry->session));
    else if (options->sessions)
        cell.link = pen_print(pen, "%s%s%s.html", options->sessions,
                              options->sessions[0] ? "/" : "", page_name(pen, entry));
    if (cell.link) cell.link = cell.link[0] ? pen_print(pen, "%s", cell.link) : NULL;
    return cell;
}

static struct cell severity_cell(const struct study *study, const struct entry *entry)
{
    static const struct {
        enum word word;
        enum tone tone;
    } rows[] = {{W_SEVERITY_NONE, TONE_MUTED},
                {W_SEVERITY_INFO, TONE_INFO},
                {W_SEVERITY_NOTE, TONE_NOTE},
                {W_SEVERITY_FLAG, TONE_FLAG}};
    struct cell cell = cell_text(pen_word(study->pen, rows[entry->severity].word));
    cell.tone = rows[entry->severity].tone;
    return cell;
}

/* Titles of the findings, each once. */
static struct cell titles_cell(struct study *study, const struct entry *entry)
{
    struct pen *pen = study->pen;
    const char *text = "", *said[MOST_TITLES];
    size_t n = 0, more = 0;
    study->view.findings = entry->findings;
    for (size_t i = 0; i < entry->findings.n; i++) {
        const char *title = finding_title(&study->view, i);
        int is_said = 0;
        for (size_t k = 0; k < n; k++) is_said |= strcmp(said[k], title) == 0;
        if (is_said) continue;
        if (n == MOST_TITLES) {
            more++;
            continue;
        }
        said[n++] = title;
        text = pen_print(pen, "%s%s%s", text, text[0] ? "; " : "", title);
    }
    return cell_text(more ? pen_print(pen, "%s \xe2\x80\xa6", text) : text);
}

/* One value of each of the person's sessions of the 60 days up to this one. */
static const struct spark *spark_of(const struct study *study, const struct entry *entry,
                                    int is_impact, const char *what)
{
    struct pen *pen = study->pen;
    size_t here = (size_t)(entry - study->entries), from = here;
    while (from > 0 && strcmp(study->entries[from - 1].subject, entry->subject) == 0 &&
           study->entries[from - 1].day >= entry->day - DAYS_SHOWN)
        from--;
    size_t n = here - from + 1;
    double *values = PEN_NEW(pen, n, double), low = INFINITY, high = -INFINITY;
    struct spark *spark = PEN_NEW(pen, 1, struct spark);
    if (!values || !spark) return NULL;
    for (size_t i = 0; i < n; i++) {
        const struct entry *one = &study->entries[from + i];
        values[i] = is_impact ? one->impact : one->exposure;
        if (!isfinite(values[i])) continue;
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
    }
    *spark = (struct spark){.n = n, .value = values, .marked = n - 1, .is_bars = !is_impact};
    spark->description =
        FILL(pen, W_DESC_SPARK, what, pen_print(pen, "%zu", n), pen_number(pen, low, 1),
             pen_number(pen, high, 1), pen_number(pen, values[n - 1], 1));
    return isfinite(low) ? spark : NULL;
}

static struct cell number_cell(struct pen *pen, double value, int decimals)
{
    return cell_number(isfinite(value) ? pen_number(pen, value, decimals) : "", NULL, value);
}

static struct cell ratio_cell(struct pen *pen, double ratio)
{
    double percent = 100 * (ratio - 1);
    if (!isfinite(ratio)) return cell_number("", NULL, NAN);
    struct cell cell = cell_number(
        pen_print(pen, "%s%s\xc2\xa0%%", percent > 0.5 ? "+" : "", pen_number(pen, percent, 0)),
        NULL, ratio);
    cell.is_strong = ratio > 1.1;
    return cell;
}

static void fill_row(struct study *study, const struct entry *entry, struct cell *cells)
{
    struct pen *pen = study->pen;
    cells[0] = cell_text(pen_short(pen, pen_plain(pen, entry->subject), MOST_CHARACTERS));
    cells[1] = session_cell(study, entry);
    cells[2] = cell_text(pen_print(pen, "%.10s", pen_plain(pen, entry->start_time)));
    cells[3] = severity_cell(study, entry);
    cells[4] = titles_cell(study, entry);
    cells[5] = number_cell(pen, entry->exposure, 0);
    cells[6] = cell_text("");
    cells[6].spark = spark_of(study, entry, 0, pen_word(pen, W_MINUTES_RUNNING));
    cells[7] = ratio_cell(pen, entry->ratio_30d);
    cells[8] = number_cell(pen, entry->cadence, 0);
    cells[9] = number_cell(pen, entry->impact, 1);
    cells[10] = cell_text("");
    cells[10].spark = spark_of(study, entry, 1, pen_word(pen, W_IMPACT));
}

static size_t count_persons(const struct study *study)
{
    size_t n = 0;
    for (size_t i = 0; i < study->n; i++)
        n += i == 0 || strcmp(study->entries[i].subject, study->entries[i - 1].subject) != 0;
    return n;
}

static gait_status read_study(struct study *study, const gait_summary *summary, gait_error *err)
{
    const gait_table *table = gait_summary_table(summary, "sessions");
    if (!table) return gait_fail(err, GAIT_FORMAT, "the summary has no sessions table");
    study->sessions = (struct rows){table, 0, table->n_rows};
    study->limbs = row_index_of(summary, "summary", study->pen);
    study->findings = row_index_of(summary, "findings", study->pen);
    study->history = row_index_of(summary, "history", study->pen);
    study->n = table->n_rows;
    study->entries = PEN_NEW(study->pen, study->n, struct entry);
    if (!study->entries) return gait_fail(err, GAIT_NOMEM, "no memory for the page");
    for (size_t i = 0; i < study->n; i++) fill_entry(study, i, &study->entries[i]);
    if (study->n) qsort(study->entries, study->n, sizeof *study->entries, by_person_and_day);
    return GAIT_OK;
}

static void tell_sessions(struct page *page, struct study *study)
{
    struct pen *pen = page->pen;
    const struct entry **order = PEN_NEW(pen, study->n, const struct entry *);
    if (!order) return;
    for (size_t i = 0; i < study->n; i++) order[i] = &study->entries[i];
    if (study->n) qsort(order, study->n, sizeof *order, by_urgency);
    const char *const heads[COLUMNS] = {
        pen_word(pen, W_SUBJECT), pen_word(pen, W_SESSION_HEAD), pen_word(pen, W_DATE),
        pen_word(pen, W_WORST),   pen_word(pen, W_FINDINGS),     pen_word(pen, W_MINUTES),
        pen_word(pen, W_DAYS_60), pen_word(pen, W_RATIO_30),     pen_word(pen, W_CADENCE),
        pen_word(pen, W_IMPACT),  pen_word(pen, W_DAYS_60)};
    struct section *section = page_section(page, "sessions", pen_word(pen, W_SESSIONS));
    add_text(page, section, TONE_MUTED,
             FILL(pen, W_INDEX_LEAD, pen_print(pen, "%zu", study->n),
                  pen_print(pen, "%zu", count_persons(study))));
    struct cell *cells =
        add_table(page, section, pen_word(pen, W_SESSIONS), heads, COLUMNS, study->n);
    for (size_t i = 0; cells && i < study->n; i++) fill_row(study, order[i], cells + COLUMNS * i);
}

gait_status page_of_study(struct page *page, const gait_summary *summary,
                          const gait_report_options *options, struct pen *pen, gait_error *err)
{
    struct study study = {.options = options, .pen = pen};
    study.view = (struct view){.summary = summary, .pen = pen};
    TRY(read_study(&study, summary, err));
    *page = (struct page){.pen = pen, .paper = options->paper, .is_index = 1};
    page->title = page->headline = pen_word(pen, W_STUDY_TITLE);
    page->subline = "";
    tell_sessions(page, &study);
    struct section *section = page_section(page, "not-this", pen_word(pen, W_NOT_THIS));
    section->is_small = 1;
    add_text(page, section, TONE_MUTED, pen_word(pen, W_NOT_THIS_TEXT));
    return pen->failed ? gait_fail(err, GAIT_NOMEM, "no memory for the page") : GAIT_OK;
}
