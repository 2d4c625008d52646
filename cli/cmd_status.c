/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdio.h>

#include "commands.h"
#include "print.h"

static json_t *row_json(const gait_batch_row *row)
{
    return json_pack("{so so ss so so so so}", "subject_id", json_words(row->subject_id),
                     "session_id", json_words(row->session_id), "state",
                     gait_batch_state_name(row->state), "reason", json_words(row->reason),
                     "seconds", json_number(row->seconds), "content_hash",
                     json_words(row->content_hash), "output", json_words(row->output));
}

static int print_rows(const gait_batch_status *status)
{
    json_t *rows = json_array();
    for (size_t i = 0; gait_batch_row_at(status, i); i++)
        json_array_append_new(rows, row_json(gait_batch_row_at(status, i)));
    return print_json(rows);
}

static void put_rows(const gait_batch_status *status)
{
    const gait_batch_row *row;
    for (size_t i = 0; (row = gait_batch_row_at(status, i)); i++)
        if (row->state != GAIT_BATCH_DONE)
            printf("%-8s %s%s%s%s%s\n", gait_batch_state_name(row->state), row->subject_id,
                   row->subject_id[0] ? " " : "", row->session_id, row->reason[0] ? ": " : "",
                   row->reason);
}

static int put_counts(const size_t n[GAIT_N_BATCH_STATES])
{
    for (int state = 0; state < GAIT_N_BATCH_STATES; state++)
        if (n[state] || state == GAIT_BATCH_DONE)
            printf("%s%zu %s", state ? ", " : "", n[state],
                   gait_batch_state_name((gait_batch_state)state));
    putchar('\n');
    return EXIT_DONE;
}

static int print_status(const struct arguments *args, const gait_batch_status *status)
{
    size_t n[GAIT_N_BATCH_STATES] = {0};
    const gait_batch_row *row;
    int code = EXIT_DONE;
    for (size_t i = 0; (row = gait_batch_row_at(status, i)); i++) n[row->state]++;
    if (option_given(args, "json")) {
        code = print_rows(status);
    } else if (!option_given(args, "quiet")) {
        put_rows(status);
        code = put_counts(n);
    }
    if (gait_batch_caveat(status)[0]) fprintf(stderr, "gait: %s\n", gait_batch_caveat(status));
    if (code != EXIT_DONE) return code;
    if (n[GAIT_BATCH_MISSING] || n[GAIT_BATCH_STALE]) return EXIT_TRY_AGAIN;
    return n[GAIT_BATCH_FAILED] ? EXIT_SOME_FAILED : EXIT_DONE;
}

static int run(const struct arguments *args)
{
    gait_batch_status *status = NULL;
    gait_error err = {0};
    if (args->n_words != 1) return report_usage("status", "expected one batch folder");
    if (gait_batch_look(&status, args->words[0], option_given(args, "trust-dates"), &err) !=
        GAIT_OK)
        return report_error(&err);
    int code = print_status(args, status);
    gait_batch_status_free(&status);
    return code;
}

static const struct option options[] = {
    {"trust-dates", 0, NULL, NULL,
     "take a summary that is newer than its recordings for theirs, without reading them"},
    OPTION_JSON,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

const struct command command_status = {
    "status",
    "DIR",
    "what a batch has done, what failed and why, what is missing or stale",
    "Looks at the source of a batch and at every summary in its folder, and prints the sessions "
    "that are not done and how many are. Stale is a summary of another recording, other options "
    "or another version than a run would make now.\n\n"
    "Leaves with 0 if all is done, 1 if some failed and the rest is done, 75 if gait batch has to "
    "be run again.",
    "gait status results\twhat is missing or failed\n",
    options,
    run,
};
