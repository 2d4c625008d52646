/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/tables.h"

#include <math.h>

/* What is worth telling, and the comparison of the two sides. */

static const struct column_about finding_columns[] = {
    WORDS("code", "Code", "Which rule spoke"),
    WORDS("severity", "Severity", "info, note or flag"),
    WORDS("side", "Side", "Which side it is about"),
    NUMBER("start_s", "s", "Start", "Begin of the stretch it is about; missing: whole session"),
    NUMBER("end_s", "s", "End", "End of the stretch it is about"),
    NUMBER("value", "see units", "Value", "What was found, in the row's units"),
    NUMBER("reference", "see units", "Reference", "What it is compared with, in the row's units"),
    NUMBER("limit", "see units", "Limit", "Where the rule begins to speak, in the row's units"),
    WORDS("units", "Units", "Of value, reference and limit"),
    NUMBER("confidence", "1", "Confidence", "0 to 1"),
    WORDS("evidence", "Evidence", "A, B, C, D or none: how well studies support the rule"),
    WORDS("title", "Title", "One line"),
    WORDS("message", "Message", "What was found, and why it may not matter"),
    COUNT("n", "Strides", "Strides it rests on; 0: none are counted"),
    NUMBER("cadence_change_percent", "%", "Change of cadence",
           "What cadence did at the same time; missing: not about a change, or unknown"),
    WORDS("caveat", "Caveat", "Why it may not matter"),
    WORDS("held_back", "Held back",
          "Why it is no more than a note: few_strides, speed_unknown, low_confidence, "
          "first_session, few_sessions; empty: nothing speaks against it"),
};

static const struct column_about asymmetry_columns[] = {
    WORDS("metric", "Metric", "Key of the metric"),
    NUMBER("left", "see units", "Left", "Median of the left limb, in the metric's unit"),
    NUMBER("right", "see units", "Right", "Median of the right limb, in the metric's unit"),
    NUMBER("index_percent", "%", "Index", "100 (right - left) / mean of the two"),
    NUMBER("ci_low", "%", "Low end", "Lower end of the index's 95 % interval"),
    NUMBER("ci_high", "%", "High end", "Upper end of the index's 95 % interval"),
    NUMBER("symmetry_angle_percent", "%", "Symmetry angle",
           "0 where both are alike, 50 or -50 where one has nothing; needs no mean of the two "
           "(Zifchock et al. 2008, Gait Posture 27:622); missing where a median is not positive"),
    NUMBER("minimal_detectable_percent", "%", "Smallest change",
           "Smallest index that is more than noise"),
    COUNT("exceeds", "Exceeds", "1 if the interval leaves out 0 and the index is above that"),
    WORDS("units", "Units", "Of left and right"),
};

gait_status fill_finding(gait_summary *summary, struct table *table, size_t i,
                         const gait_finding *finding)
{
    const struct {
        const char *column, *text;
    } cells[] = {
        {"sensor", finding->sensor},
        {"code", finding->rule->code},
        {"severity", gait_severity_name(finding->severity)},
        {"side", gait_side_name(finding->side)},
        {"units", finding->units},
        {"evidence", finding->rule->evidence},
        {"title", finding->title},
        {"message", finding->message},
        {"caveat", finding->rule->caveat},
        {"held_back", finding->held_back},
    };
    for (size_t k = 0; k < N_ROWS_OF(cells); k++) {
        const char *text = summary_text(summary, cells[k].text);
        if (!text) return GAIT_NOMEM;
        texts_of(table, cells[k].column)[i] = text;
    }
    doubles_of(table, "start_s")[i] = finding->start_s;
    doubles_of(table, "end_s")[i] = finding->end_s;
    doubles_of(table, "value")[i] = finding->value;
    doubles_of(table, "reference")[i] = finding->reference;
    doubles_of(table, "limit")[i] = finding->limit;
    doubles_of(table, "confidence")[i] = finding->confidence;
    doubles_of(table, "cadence_change_percent")[i] = finding->cadence_change_percent;
    integers_of(table, "n")[i] = (int64_t)finding->n;
    return GAIT_OK;
}

gait_status add_findings(gait_summary *summary, const gait_session *session, struct arena *tmp)
{
    static const struct table_about about = {"findings", "One row per finding, most severe first",
                                             "value"};
    (void)tmp;
    size_t n = session->findings.n;
    struct table *table = begin_table(summary, session, &about, n, N_ROWS_OF(finding_columns));
    if (!table || add_sensor_key(summary, table) ||
        table_add_columns(summary, table, finding_columns, N_ROWS_OF(finding_columns)))
        return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (fill_finding(summary, table, i, &session->findings.at[i])) return GAIT_NOMEM;
    return GAIT_OK;
}

/* How far the point (left, right) lies off the diagonal, as a share of a right angle, the right
 * side's excess positive. */
static double symmetry_angle_percent(double left, double right)
{
    static const double right_angle = 1.57079632679489661923;
    if (!(left > 0 && right > 0)) return NAN;
    return 100 * (0.5 - atan2(left, right) / right_angle);
}

gait_status add_asymmetry(gait_summary *summary, const gait_session *session, struct arena *tmp)
{
    static const struct table_about about = {"asymmetry", "One row per metric that both limbs have",
                                             "index_percent"};
    (void)tmp;
    size_t n = session->n_asymmetries;
    struct table *table = begin_table(summary, session, &about, n, N_ROWS_OF(asymmetry_columns));
    if (!table ||
        table_add_columns(summary, table, asymmetry_columns, N_ROWS_OF(asymmetry_columns)))
        return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct asymmetry *a = &session->asymmetries[i];
        const gait_metric *metric = gait_metric_at((size_t)a->metric);
        texts_of(table, "metric")[i] = metric->key;
        texts_of(table, "units")[i] = metric->unit;
        doubles_of(table, "left")[i] = a->left;
        doubles_of(table, "right")[i] = a->right;
        doubles_of(table, "index_percent")[i] = a->index_percent;
        doubles_of(table, "ci_low")[i] = a->ci_low;
        doubles_of(table, "ci_high")[i] = a->ci_high;
        doubles_of(table, "symmetry_angle_percent")[i] = symmetry_angle_percent(a->left, a->right);
        doubles_of(table, "minimal_detectable_percent")[i] = a->minimal_detectable_percent;
        integers_of(table, "exceeds")[i] = a->exceeds;
    }
    return GAIT_OK;
}
