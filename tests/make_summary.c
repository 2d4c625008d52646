/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include <gait/summary.h>

#include "sample_session.h"

/* Writes the summary of the session made by hand, for programs in other languages to read. */
int main(int argc, char **argv)
{
    if (argc != 2) return 64;
    gait_session *session = sample_session();
    gait_summary *summary = NULL;
    gait_error err = {0};
    gait_status st = gait_summary_from_session(&summary, session, &err);
    if (!st) st = gait_summary_write(summary, argv[1], &err);
    if (st) fprintf(stderr, "%s\n", err.text);
    gait_summary_free(&summary);
    gait_session_free(&session);
    return st ? 1 : 0;
}
