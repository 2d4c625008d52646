/* SPDX-License-Identifier: BSD-3-Clause */

/* Two sensors of one run as one session: what differs between the sides, and what is worth telling.
 * Usage: two_sensors LEFT_FILE RIGHT_FILE [PLACEMENT] */

#include <stdio.h>

#include <gait/gait.h>

static gait_status add(gait_session *session, const char *file, gait_placement placement,
                       gait_side side, gait_error *err)
{
    gait_recording *recording = NULL;
    gait_recording_options options;
    gait_recording_options_init(&options);
    options.placement = placement;
    options.side = side;
    gait_status status = gait_recording_open(&recording, file, &options, err);
    if (status == GAIT_OK) status = gait_session_add(session, recording, err);
    gait_recording_close(&recording);
    return status;
}

static void print_asymmetry(const gait_table *table)
{
    const char *const *metric = gait_table_column(table, "metric")->texts;
    const double *left = gait_table_column(table, "left")->doubles;
    const double *right = gait_table_column(table, "right")->doubles;
    for (size_t i = 0; i < table->n_rows; i++)
        printf("%-24s left %8.3f right %8.3f\n", metric[i], left[i], right[i]);
}

static void print_findings(const gait_session *session)
{
    size_t n;
    const gait_finding *findings = gait_session_findings(session, &n);
    for (size_t i = 0; i < n; i++)
        printf("%s: %s\n  %s\n", gait_severity_name(findings[i].severity), findings[i].title,
               findings[i].message);
}

int main(int argc, char **argv)
{
    gait_session *session = NULL;
    gait_summary *summary = NULL;
    gait_error err;
    gait_placement placement = argc > 3 ? gait_placement_from_name(argv[3]) : GAIT_SHANK;
    if (argc < 3) return 2;
    gait_status status = gait_session_new(&session, NULL, &err);
    if (status == GAIT_OK) status = add(session, argv[1], placement, GAIT_LEFT, &err);
    if (status == GAIT_OK) status = add(session, argv[2], placement, GAIT_RIGHT, &err);
    if (status == GAIT_OK) status = gait_session_judge(session, &err);
    if (status == GAIT_OK) status = gait_summary_from_session(&summary, session, &err);
    if (status == GAIT_OK) print_asymmetry(gait_summary_table(summary, "asymmetry"));
    if (status == GAIT_OK) print_findings(session);
    if (status != GAIT_OK) fprintf(stderr, "%s\n", err.text);
    gait_summary_free(&summary);
    gait_session_free(&session);
    return status == GAIT_OK ? 0 : 1;
}
