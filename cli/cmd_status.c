/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* A reason without the file it names first: what many sessions may share. */
static const char *cause_of(const gait_batch_row *row)
{
    const char *colon = strstr(row->reason, ": ");
    int names_a_file = colon && memchr(row->reason, '.', (size_t)(colon - row->reason));
    return names_a_file ? colon + 2 : row->reason;
}

static int compare_causes(const gait_batch_row *x, const gait_batch_row *y)
{
    if (x->state != y->state) return x->state < y->state ? -1 : 1;
    return strcmp(cause_of(x), cause_of(y));
}

struct open_row {
    const gait_batch_row *row;
    size_t index;
    size_t n_alike; /* of the first with its cause: how many have it; 0 for the others */
};

static int by_cause(const void *a, const void *b)
{
    const struct open_row *x = a, *y = b;
    int order = compare_causes(x->row, y->row);
    return order ? order : x->index < y->index ? -1 : x->index > y->index;
}

static void count_alike(struct open_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i += rows[i].n_alike) {
        rows[i].n_alike = 1;
        while (i + rows[i].n_alike < n &&
               compare_causes(rows[i].row, rows[i + rows[i].n_alike].row) == 0)
            rows[i].n_alike++;
    }
}

static void put_name(const gait_batch_row *row)
{
    printf("%s%s%s", row->subject_id, row->subject_id[0] ? " " : "", row->session_id);
}

/* One line for one session; many of one cause are counted and the first of them named. */
static void put_alike(const struct open_row *rows)
{
    enum { MOST_NAMED = 4 };
    const gait_batch_row *first = rows->row;
    size_t n = rows->n_alike, n_named = n < MOST_NAMED ? n : MOST_NAMED;
    const char *reason = n > 1 ? cause_of(first) : first->reason;
    printf("%-8s ", gait_batch_state_name(first->state));
    if (n > 1)
        printf("%zu sessions", n);
    else
        put_name(first);
    printf("%s%s\n", reason[0] ? ": " : "", reason);
    for (size_t i = 0; n > 1 && i < n_named; i++) {
        printf("%s", i ? ", " : "         ");
        put_name(rows[i].row);
    }
    if (n > n_named) printf(" and %zu more", n - n_named);
    if (n > 1) putchar('\n');
}

/* Everything that is not done; those of one cause beside each other. */
static size_t list_open(const gait_batch_status *status, struct open_row *rows)
{
    const gait_batch_row *row;
    size_t n = 0;
    for (size_t i = 0; (row = gait_batch_row_at(status, i)); i++)
        if (row->state != GAIT_BATCH_DONE) rows[n++] = (struct open_row){row, i, 0};
    if (n) qsort(rows, n, sizeof *rows, by_cause);
    count_alike(rows, n);
    return n;
}

static int put_rows(const gait_batch_status *status, size_t n_rows)
{
    struct open_row *rows = calloc(n_rows + 1, sizeof *rows);
    size_t n = rows ? list_open(status, rows) : 0;
    for (size_t i = 0; i < n; i += rows[i].n_alike) put_alike(&rows[i]);
    if (!rows) fprintf(stderr, "gait: out of memory\n");
    int listed = rows != NULL;
    free(rows);
    return listed;
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
    size_t n_rows = 0;
    for (; (row = gait_batch_row_at(status, n_rows)); n_rows++) n[row->state]++;
    if (option_given(args, "json")) {
        code = print_rows(status);
    } else if (!option_given(args, "quiet")) {
        code = put_rows(status, n_rows) ? put_counts(n) : EXIT_IO_ERROR;
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
    "that are not done and how many are. Many with one reason are counted together; --json and "
    "status.tsv have every one. Stale is a summary of another recording, other options "
    "or another version than a run would make now.\n\n"
    "Leaves with 0 if all is done, 1 if some failed and the rest is done, 75 if gait batch has to "
    "be run again.",
    "gait status results\twhat is missing or failed\n",
    options,
    run,
};
