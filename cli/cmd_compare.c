/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdio.h>

#include "commands.h"
#include "print.h"

static json_t *score_json(const gait_score *s)
{
    json_t *row = json_object();
    json_object_set_new(row, "what", json_string(s->what));
    json_object_set_new(row, "sensor", json_string(s->sensor));
    json_object_set_new(row, "units", json_string(s->units));
    json_object_set_new(row, "n_reference", json_integer((json_int_t)s->n_reference));
    json_object_set_new(row, "n_detected", json_integer((json_int_t)s->n_detected));
    json_object_set_new(row, "n_matched", json_integer((json_int_t)s->n_matched));
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"precision", s->precision},
                   {"recall", s->recall},
                   {"f1", s->f1},
                   {"bias", s->bias},
                   {"sd", s->sd},
                   {"rmse", s->rmse},
                   {"mae", s->mae},
                   {"limit_low", s->limit_low},
                   {"limit_high", s->limit_high},
                   {"coverage", s->coverage},
                   {"mean_confidence", s->mean_confidence}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        json_object_set_new(row, numbers[i].name, json_number(numbers[i].value));
    return row;
}

static void put_score(const gait_score *s)
{
    static const int widths[] = {20, 14, 9, 9, 8, 7, 9, 9, 9, 9, 9};
    char cell[9][32];
    snprintf(cell[0], 32, "%zu/%zu", s->n_matched, s->n_reference);
    snprintf(cell[1], 32, "%zu", s->n_detected);
    const char *cells[] = {s->what,
                           s->sensor,
                           cell[0],
                           cell[1],
                           print_number(cell[2], s->f1, 3),
                           s->units,
                           print_number(cell[3], s->bias, 2),
                           print_number(cell[4], s->sd, 2),
                           print_number(cell[5], s->rmse, 2),
                           print_number(cell[6], s->mae, 2),
                           print_number(cell[7], s->coverage, 3)};
    print_row(widths, cells, 11);
}

static void put_heading(void)
{
    static const int widths[] = {20, 14, 9, 9, 8, 7, 9, 9, 9, 9, 9};
    static const char *const cells[] = {"what", "sensor", "matched", "detected", "F1",      "unit",
                                        "bias", "SD",     "RMSE",    "MAE",      "coverage"};
    print_row(widths, cells, 11);
}

static int print_scores(const gait_comparison *comparison, int as_json)
{
    const gait_score *score;
    if (as_json) {
        json_t *rows = json_array();
        for (size_t i = 0; (score = gait_comparison_at(comparison, i)); i++)
            json_array_append_new(rows, score_json(score));
        return print_json(json_pack("{so si}", "scores", rows, "ignored_rows",
                                    (int)gait_comparison_ignored(comparison)));
    }
    put_heading();
    for (size_t i = 0; (score = gait_comparison_at(comparison, i)); i++) put_score(score);
    return EXIT_DONE;
}

static int run(const struct arguments *args)
{
    double tolerance_ms = 50;
    if (args->n_words != 2) return report_usage("compare", "expected a summary and a reference");
    if (!option_number(args, "tolerance-ms", 0.1, 5000, &tolerance_ms)) return EXIT_USAGE;
    gait_summary *summary = NULL;
    gait_comparison *comparison = NULL;
    gait_error err = {0};
    int code = EXIT_DONE;
    if (gait_summary_read(&summary, args->words[0], &err) != GAIT_OK ||
        gait_compare(&comparison, summary, option_text(args, "sensor"), args->words[1],
                     tolerance_ms / 1000, &err) != GAIT_OK)
        code = report_error(&err);
    else
        code = print_scores(comparison, option_given(args, "json"));
    gait_comparison_free(&comparison);
    gait_summary_free(&summary);
    return code;
}

static const struct option options[] = {
    {"tolerance-ms", 0, "MS", "50", "largest distance of a matched pair"},
    {"sensor", 0, "NAME", "every sensor", "score one sensor of the summary"},
    OPTION_JSON,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

const struct command command_compare = {
    "compare",
    "DETECTED.h5 REFERENCE.csv",
    "score a summary against a reference",
    "Matches detected and reference events one to one, nearest first, and prints matches, F1, "
    "bias, SD, "
    "RMSE, mean absolute error and how often 1.96 times the stated uncertainty covers the error. A "
    "detection outside the reference's span by more than the tolerance does not count. Values "
    "(contact "
    "time, cadence, steps, activity) are compared too.\n\n"
    "The reference is a CSV file with the columns event,side,time_s and value.",
    "gait compare run.gait.h5 run.truth.csv\tscore against a simulation's truth\n",
    options,
    run,
};
