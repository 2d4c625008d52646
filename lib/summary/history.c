/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/history.h"

#include <math.h>

#include "base/text.h"
#include "summary/tables.h"

static const struct column_about columns[] = {
    WORDS("subject_id", "Subject", "Who ran"),
    WORDS("session_id", "Session", "Which of the subject's runs"),
    NUMBER("exposure", "see exposure_unit", "Exposure",
           "Distance if every session of the subject has one, else minutes of running"),
    WORDS("exposure_unit", "Unit of exposure", "m or min"),
    NUMBER("longest_30d", "see exposure_unit", "Longest in 30 days",
           "Largest exposure of one session in the 30 days before; missing: none was recorded"),
    NUMBER("ratio_30d", "1", "Against the longest", "Exposure over the longest in 30 days"),
    NUMBER("ewma_7", "see exposure_unit", "Mean over about 7 days",
           "Exponentially weighted mean of the days with a session, this one included"),
    NUMBER("ewma_28", "see exposure_unit", "Mean over about 28 days",
           "Exponentially weighted mean of the days with a session, this one included"),
    NUMBER("gap_days", "d", "Days since running", "Since the last recorded session with running"),
    NUMBER("load_l1_left", "1", "Impact volume, left",
           "Sum of the strides' intensity over the median of the first session of the same sensor"),
    NUMBER("load_l1_right", "1", "Impact volume, right",
           "Sum of the strides' intensity over the median of the first session of the same sensor"),
    NUMBER("load_l4_left", "1", "Weighted load, left",
           "Sum of the fourth powers of the same ratio"),
    NUMBER("load_l4_right", "1", "Weighted load, right",
           "Sum of the fourth powers of the same ratio"),
};

/* Median of the first session that the same sensor measured. */
static double reference_of(const struct history *history, size_t i, int side)
{
    const struct limb_load *now = &history->sessions[i].limb[side];
    for (size_t k = 0; k <= i; k++)
        if (same_series(&history->sessions[k].limb[side], now))
            return history->sessions[k].limb[side].intensity;
    return NAN;
}

static void fill_load(struct table *table, size_t row, const struct history *history, size_t i,
                      int side)
{
    static const char *const l1[] = {"load_l1_left", "load_l1_right"};
    static const char *const l4[] = {"load_l4_left", "load_l4_right"};
    const struct limb_load *limb = &history->sessions[i].limb[side];
    double reference = reference_of(history, i, side);
    doubles_of(table, l1[side])[row] = limb->l1 / reference;
    doubles_of(table, l4[side])[row] = limb->l4 / pow(reference, 4);
}

static void fill_row(struct table *table, size_t row, const struct history *history, size_t i)
{
    const struct past_session *session = &history->sessions[i];
    texts_of(table, "exposure_unit")[row] = history->in_metres ? "m" : "min";
    doubles_of(table, "exposure")[row] = session->exposure.amount;
    doubles_of(table, "longest_30d")[row] = session->standing.longest_30d;
    doubles_of(table, "ratio_30d")[row] = session->standing.ratio_30d;
    doubles_of(table, "ewma_7")[row] = session->standing.ewma_7;
    doubles_of(table, "ewma_28")[row] = session->standing.ewma_28;
    doubles_of(table, "gap_days")[row] = session->standing.gap_days;
    for (int side = 0; side < 2; side++) fill_load(table, row, history, i, side);
}

gait_status add_history(gait_summary *study, const struct person *people, size_t n)
{
    static const struct table_about about = {
        "history", "One row per session of a subject with earlier ones", "ratio_30d"};
    size_t n_rows = 0, row = 0;
    for (size_t p = 0; p < n; p++) n_rows += people[p].history.n - 1;
    struct table *table = summary_add_table(study, &about, n_rows, N_ROWS_OF(columns));
    if (!table || table_add_columns(study, table, columns, N_ROWS_OF(columns))) return GAIT_NOMEM;
    const char **ids = texts_of(find_table(study, "sessions"), "session_id");
    for (size_t p = 0; p < n; p++)
        for (size_t i = 1; i < people[p].history.n; i++, row++) {
            texts_of(table, "subject_id")[row] = people[p].subject;
            texts_of(table, "session_id")[row] = ids[people[p].row[i]];
            fill_row(table, row, &people[p].history, i);
        }
    return GAIT_OK;
}
