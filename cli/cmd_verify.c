/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "commands.h"
#include "print.h"

static void put_tables(const gait_summary *summary)
{
    const gait_table *table;
    for (size_t i = 0; (table = gait_summary_table_at(summary, i)); i++)
        printf("%s%s %zu", i ? ", " : "  ", table->name, table->n_rows);
    putchar('\n');
}

static json_t *tables_json(const gait_summary *summary)
{
    json_t *tables = json_object();
    const gait_table *table;
    for (size_t i = 0; (table = gait_summary_table_at(summary, i)); i++)
        json_object_set_new(tables, table->name, json_integer((json_int_t)table->n_rows));
    return tables;
}

static int run(const struct arguments *args)
{
    int code = EXIT_DONE;
    json_t *all = json_array();
    if (!args->n_words) {
        json_decref(all);
        return report_usage("verify", "no summary is named");
    }
    for (size_t i = 0; i < args->n_words; i++) {
        gait_summary *summary = NULL;
        gait_error err = {0};
        if (gait_summary_read(&summary, args->words[i], &err) != GAIT_OK) {
            int failed = report_error(&err);
            code = args->n_words > 1 ? EXIT_SOME_FAILED : failed;
            continue;
        }
        json_array_append_new(
            all, json_pack("{ss so}", "file", args->words[i], "rows", tables_json(summary)));
        if (!option_given(args, "json") && !option_given(args, "quiet")) {
            printf("%s: whole, every checksum right\n", args->words[i]);
            put_tables(summary);
        }
        gait_summary_free(&summary);
    }
    if (option_given(args, "json") && print_json(json_incref(all)) != EXIT_DONE)
        code = EXIT_IO_ERROR;
    json_decref(all);
    return code;
}

static const struct option options[] = {OPTION_JSON, OPTION_QUIET, OPTION_HELP, OPTION_END};

const struct command command_verify = {
    "verify",
    "SUMMARY.h5...",
    "check that a summary is whole",
    "Reads every table of a summary and checks the complete mark, the checksums of the file and of "
    "each table, the lengths and order of the columns, their units, and that the codes are known.",
    "gait verify run.gait.h5\tcheck one summary\n",
    options,
    run,
};
