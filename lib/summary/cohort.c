/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "summary/table.h"
#include "summary/tables.h"

/* Every session a row, worst first: what somebody responsible for many people looks at. */

static const struct table_about about = {"cohort", "One row per session, the most severe first",
                                         "n_flags"};

enum { CODES_ROOM = 512 };

static const struct column_about columns[] = {
    WORDS("record_id", "Record", "Subject and session in one word"),
    WORDS("subject_id", "Subject", "Who ran"),
    WORDS("session_id", "Session", "Which of the subject's runs"),
    WORDS("start_time", "Start", "ISO 8601; empty if unknown"),
    WORDS("worst_severity", "Worst severity", "none, info, note or flag"),
    COUNT("n_flags", "Flags", "Findings beyond their limit with confidence"),
    COUNT("n_notes", "Notes", "Findings worth a look"),
    WORDS("findings", "Findings", "Codes of flags and notes, the most severe first"),
    NUMBER("duration_s", "s", "Duration", "Of the session"),
    NUMBER("running_s", "s", "Running", "Time spent running"),
    NUMBER("walking_s", "s", "Walking", "Time spent walking"),
    NUMBER("distance_m", "m", "Distance", "As stated"),
    COUNT("n_strides", "Strides", "Of all sensors"),
    WORDS("activity", "Activity", "What the medians are of: run, or walk if nobody ran"),
    NUMBER("cadence_steps_per_min", "1/min", "Cadence", "Median, of the sensor with most strides"),
    NUMBER("contact_time_s_left", "s", "Contact time, left", "Median"),
    NUMBER("contact_time_s_right", "s", "Contact time, right", "Median"),
    NUMBER("peak_accel_resultant_g_left", "g", "Peak acceleration, left", "Median"),
    NUMBER("peak_accel_resultant_g_right", "g", "Peak acceleration, right", "Median"),
    NUMBER("pronation_excursion_deg_left", "deg", "Inward roll, left", "Median; a proxy"),
    NUMBER("pronation_excursion_deg_right", "deg", "Inward roll, right", "Median; a proxy"),
    NUMBER("pronation_index_left", "1", "Pronation index, left", "Median; a proxy, no angle"),
    NUMBER("pronation_index_right", "1", "Pronation index, right", "Median; a proxy, no angle"),
};

/* Metrics with a column per side. */
static const char *const sided[] = {"contact_time_s", "peak_accel_resultant_g",
                                    "pronation_excursion_deg", "pronation_index"};

/* One session: its row, and its rows in the other tables. */
struct member {
    size_t row;
    size_t first_finding, n_findings, first_summary, n_summaries;
    size_t n_flags, n_notes;
    int severity; /* -1: none */
};

struct sources {
    struct table *sessions, *findings, *summary;
};

static int is_session(struct table *table, size_t row, struct table *sessions, size_t session)
{
    return strcmp(texts_of(table, "subject_id")[row], texts_of(sessions, "subject_id")[session]) ==
               0 &&
           strcmp(texts_of(table, "session_id")[row], texts_of(sessions, "session_id")[session]) ==
               0;
}

/* Tables have their rows in the order of the sessions. */
static size_t count_rows(struct table *table, size_t from, struct table *sessions, size_t session)
{
    size_t n = 0;
    while (from + n < table->pub.n_rows && is_session(table, from + n, sessions, session)) n++;
    return n;
}

static void weigh(const struct sources *t, struct member *m)
{
    const char **severities = texts_of(t->findings, "severity");
    m->severity = -1;
    for (size_t i = m->first_finding; i < m->first_finding + m->n_findings; i++)
        for (int s = GAIT_INFO; s <= GAIT_ALERT; s++) {
            if (strcmp(severities[i], gait_severity_name((gait_severity)s)) != 0) continue;
            if (s > m->severity) m->severity = s;
            m->n_flags += s == GAIT_ALERT;
            m->n_notes += s == GAIT_NOTE;
        }
}

static void list_members(const struct sources *t, struct member *members)
{
    size_t finding = 0, summary = 0;
    for (size_t i = 0; i < t->sessions->pub.n_rows; i++) {
        struct member *m = &members[i];
        *m = (struct member){.row = i, .first_finding = finding, .first_summary = summary};
        m->n_findings = count_rows(t->findings, finding, t->sessions, i);
        m->n_summaries = count_rows(t->summary, summary, t->sessions, i);
        finding += m->n_findings;
        summary += m->n_summaries;
        weigh(t, m);
    }
}

static int worst_first(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->severity != y->severity) return x->severity > y->severity ? -1 : 1;
    if (x->n_flags != y->n_flags) return x->n_flags > y->n_flags ? -1 : 1;
    if (x->n_notes != y->n_notes) return x->n_notes > y->n_notes ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static const char *codes_of(const struct sources *t, const struct member *m, gait_summary *keep)
{
    char codes[CODES_ROOM] = "";
    for (size_t i = m->first_finding; i < m->first_finding + m->n_findings; i++) {
        size_t used = strlen(codes);
        if (strcmp(texts_of(t->findings, "severity")[i], gait_severity_name(GAIT_INFO)) != 0)
            text_print(codes + used, sizeof codes - used, "%s%s", used ? " " : "",
                       texts_of(t->findings, "code")[i]);
    }
    return summary_copy(keep, codes, strlen(codes));
}

static const char *record_id(const struct sources *t, size_t row, gait_summary *keep)
{
    const char *subject = texts_of(t->sessions, "subject_id")[row];
    const char *session = texts_of(t->sessions, "session_id")[row];
    size_t room = strlen(subject) + strlen(session) + 2;
    char *id = ARENA_NEW(&keep->arena, room, char);
    if (id) text_print(id, room, "%s%s%s", subject, *subject ? "_" : "", session);
    return id;
}

static gait_status fill_texts(const struct sources *t, const struct member *m, struct table *out,
                              size_t i, gait_summary *keep)
{
    static const char *const same[] = {"subject_id", "session_id", "start_time"};
    const char *id = record_id(t, m->row, keep), *codes = codes_of(t, m, keep);
    if (!id || !codes) return GAIT_NOMEM;
    texts_of(out, "record_id")[i] = id;
    texts_of(out, "findings")[i] = codes;
    texts_of(out, "worst_severity")[i] =
        m->severity < 0 ? "none" : gait_severity_name((gait_severity)m->severity);
    for (size_t k = 0; k < N_ROWS_OF(same); k++) {
        const char *text = texts_of(t->sessions, same[k])[m->row];
        if (!(texts_of(out, same[k])[i] = summary_copy(keep, text, strlen(text))))
            return GAIT_NOMEM;
    }
    return GAIT_OK;
}

static void fill_numbers(const struct sources *t, const struct member *m, struct table *out,
                         size_t i)
{
    static const char *const same[] = {"duration_s", "running_s", "walking_s", "distance_m"};
    for (size_t k = 0; k < N_ROWS_OF(same); k++)
        doubles_of(out, same[k])[i] = doubles_of(t->sessions, same[k])[m->row];
    integers_of(out, "n_strides")[i] = integers_of(t->sessions, "n_strides")[m->row];
    integers_of(out, "n_flags")[i] = (int64_t)m->n_flags;
    integers_of(out, "n_notes")[i] = (int64_t)m->n_notes;
}

static void fill_side(const struct sources *t, size_t row, struct table *out, size_t i)
{
    const char *side = texts_of(t->summary, "side")[row];
    char column[64];
    if (strcmp(side, "left") != 0 && strcmp(side, "right") != 0) return;
    for (size_t k = 0; k < N_ROWS_OF(sided); k++) {
        const double *medians = doubles_of(t->summary, sided[k]);
        text_print(column, sizeof column, "%s_%s", sided[k], side);
        double *to = &doubles_of(out, column)[i];
        if (medians && isnan(*to)) *to = medians[row];
    }
}

static int did(const struct sources *t, const struct member *m, const char *activity)
{
    for (size_t i = m->first_summary; i < m->first_summary + m->n_summaries; i++)
        if (strcmp(texts_of(t->summary, "activity")[i], activity) == 0) return 1;
    return 0;
}

static void fill_medians(const struct sources *t, const struct member *m, struct table *out,
                         size_t i)
{
    const char *activity = did(t, m, "run") ? "run" : did(t, m, "walk") ? "walk" : "";
    const double *cadences = doubles_of(t->summary, "cadence_steps_per_min");
    int64_t most = 0;
    texts_of(out, "activity")[i] = activity;
    for (size_t row = m->first_summary; row < m->first_summary + m->n_summaries; row++) {
        int64_t n = integers_of(t->summary, "n_strides")[row];
        if (strcmp(texts_of(t->summary, "activity")[row], activity) != 0) continue;
        fill_side(t, row, out, i);
        if (n <= most || !cadences) continue;
        most = n;
        doubles_of(out, "cadence_steps_per_min")[i] = cadences[row];
    }
}

static gait_status find_sources(const gait_summary *study, struct sources *t, gait_error *err)
{
    static const struct {
        const char *table, *column;
        gait_column_type type;
    } needed[] = {
        {"sessions", "subject_id", GAIT_TEXTS},   {"sessions", "session_id", GAIT_TEXTS},
        {"sessions", "start_time", GAIT_TEXTS},   {"sessions", "duration_s", GAIT_DOUBLES},
        {"sessions", "running_s", GAIT_DOUBLES},  {"sessions", "walking_s", GAIT_DOUBLES},
        {"sessions", "distance_m", GAIT_DOUBLES}, {"sessions", "n_strides", GAIT_INTEGERS},
        {"findings", "subject_id", GAIT_TEXTS},   {"findings", "session_id", GAIT_TEXTS},
        {"findings", "severity", GAIT_TEXTS},     {"findings", "code", GAIT_TEXTS},
        {"summary", "subject_id", GAIT_TEXTS},    {"summary", "session_id", GAIT_TEXTS},
        {"summary", "activity", GAIT_TEXTS},      {"summary", "side", GAIT_TEXTS},
        {"summary", "n_strides", GAIT_INTEGERS},
    };
    for (size_t i = 0; i < N_ROWS_OF(needed); i++) {
        const gait_table *table = gait_summary_table(study, needed[i].table);
        const gait_column *column = table ? gait_table_column(table, needed[i].column) : NULL;
        if (!column || column->type != needed[i].type)
            return gait_fail(err, GAIT_FORMAT, "table %s has no column %s, which a cohort needs",
                             needed[i].table, needed[i].column);
    }
    *t = (struct sources){find_table(study, "sessions"), find_table(study, "findings"),
                          find_table(study, "summary")};
    return GAIT_OK;
}

static gait_status fill(gait_summary *cohort, const struct sources *t, struct member *members)
{
    size_t n = t->sessions->pub.n_rows;
    struct table *table = summary_add_table(cohort, &about, n, N_ROWS_OF(columns));
    if (!table || table_add_columns(cohort, table, columns, N_ROWS_OF(columns))) return GAIT_NOMEM;
    list_members(t, members);
    if (n) qsort(members, n, sizeof *members, worst_first);
    for (size_t i = 0; i < n; i++) {
        TRY(fill_texts(t, &members[i], table, i, cohort));
        fill_numbers(t, &members[i], table, i);
        fill_medians(t, &members[i], table, i);
    }
    return GAIT_OK;
}

gait_status gait_summary_cohort(gait_summary **cohort, const gait_summary *study, gait_error *err)
{
    struct sources t;
    NEED(cohort);
    NEED(study);
    gait_summary *made = NULL;
    TRY(find_sources(study, &t, err));
    TRY(begin_summary(&made, err));
    struct member *members = calloc(t.sessions->pub.n_rows + 1, sizeof *members);
    gait_status st = members ? fill(made, &t, members) : GAIT_NOMEM;
    free(members);
    if (st) {
        gait_summary_free(&made);
        return gait_fail(err, st, "no memory for the cohort");
    }
    *cohort = made;
    return GAIT_OK;
}
