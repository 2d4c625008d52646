/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "summary/history.h"
#include "summary/tables.h"

/* What the rules find when they look at several sessions goes among the session's own findings. */

/* A row of the new table: an old row, or something new about a session. */
struct placed {
    size_t old_row; /* NEW_ROW: none */
    const gait_finding *finding;
    size_t session;
};

static int severity_of(const char *name)
{
    int severity = GAIT_ALERT;
    while (severity > 0 && strcmp(gait_severity_name((gait_severity)severity), name) != 0)
        severity--;
    return severity;
}

/* Whether an old row stands before a finding, by severity, grade and code. */
static int stands_before(struct table *table, size_t row, const gait_finding *finding)
{
    int old = severity_of(texts_of(table, "severity")[row]);
    if (old != (int)finding->severity) return old > (int)finding->severity;
    int order = strcmp(texts_of(table, "evidence")[row], finding->rule->evidence);
    if (order) return order < 0;
    return strcmp(texts_of(table, "code")[row], finding->rule->code) <= 0;
}

/* Both lists are in order; how many rows the session has then. */
static size_t merge_session(struct table *table, struct stretch old, const struct finding_list *new,
                            size_t session, struct placed *out)
{
    size_t n = 0, k = 0;
    for (size_t row = old.first; row < old.first + old.n; row++) {
        while (k < new->n && !stands_before(table, row, &new->at[k]))
            out[n++] = (struct placed){NEW_ROW, &new->at[k++], session};
        out[n++] = (struct placed){row, NULL, session};
    }
    while (k < new->n) out[n++] = (struct placed){NEW_ROW, &new->at[k++], session};
    return n;
}

static void count_findings(struct table *sessions, size_t session, const struct finding_list *new)
{
    const char **worst = &texts_of(sessions, "worst_severity")[session];
    integers_of(sessions, "n_findings")[session] += (int64_t) new->n;
    for (size_t k = 0; k < new->n; k++)
        if (strcmp(*worst, "none") == 0 || severity_of(*worst) < (int)new->at[k].severity)
            *worst = gait_severity_name(new->at[k].severity);
}

static gait_status rebuild(const struct study_rows *rows, const struct finding_list *found,
                           size_t n_new, struct arena *tmp)
{
    struct table *table = find_table(rows->study, "findings");
    struct table *sessions = find_table(rows->study, "sessions");
    size_t n = 0, n_sessions = sessions->pub.n_rows;
    struct placed *placed = ARENA_NEW(tmp, table->pub.n_rows + n_new + 1, struct placed);
    size_t *old_rows = ARENA_NEW(tmp, table->pub.n_rows + n_new + 1, size_t);
    if (!placed || !old_rows) return GAIT_NOMEM;
    for (size_t s = 0; s < n_sessions; s++) {
        n += merge_session(table, rows->findings[s], &found[s], s, placed + n);
        count_findings(sessions, s, &found[s]);
    }
    for (size_t i = 0; i < n; i++) old_rows[i] = placed[i].old_row;
    TRY(table_take_rows(rows->study, table, old_rows, n));
    for (size_t i = 0; i < n; i++) {
        if (!placed[i].finding) continue;
        texts_of(table, "subject_id")[i] = texts_of(sessions, "subject_id")[placed[i].session];
        texts_of(table, "session_id")[i] = texts_of(sessions, "session_id")[placed[i].session];
        TRY(fill_finding(rows->study, table, i, placed[i].finding));
    }
    return GAIT_OK;
}

gait_status add_history_findings(const struct study_rows *rows, const struct person *people,
                                 size_t n, struct arena *tmp)
{
    size_t n_sessions = find_table(rows->study, "sessions")->pub.n_rows, n_new = 0;
    struct finding_list *found = ARENA_ZNEW(tmp, n_sessions + 1, struct finding_list);
    if (!found) return GAIT_NOMEM;
    gait_status status = GAIT_OK;
    for (size_t p = 0; p < n; p++)
        for (size_t i = 0; !status && i < people[p].history.n; i++)
            status = judge_history(&people[p].history, i, &found[people[p].row[i]], tmp);
    for (size_t s = 0; s < n_sessions; s++) n_new += found[s].n;
    if (!status && n_new) status = rebuild(rows, found, n_new, tmp);
    for (size_t s = 0; s < n_sessions; s++) free(found[s].at);
    return status;
}
