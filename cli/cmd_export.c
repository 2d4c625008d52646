/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "commands.h"

static int write_out(void *context, const char *text, size_t length)
{
    (void)context;
    return fwrite(text, 1, length, stdout) == length ? 0 : -1;
}

/* Of standard output the end of the program tells, with the reason. */
static int report_failure(const gait_error *err)
{
    return ferror(stdout) ? EXIT_IO_ERROR : report_error(err);
}

static int export_table(const gait_summary *summary, const char *name, gait_export_format format)
{
    const gait_table *table = gait_summary_table(summary, name);
    gait_error err = {0};
    if (!table) {
        fprintf(stderr, "gait export: no table is called '%s'; there are:", name);
        for (size_t i = 0; (table = gait_summary_table_at(summary, i)); i++)
            fprintf(stderr, " %s", table->name);
        fputc('\n', stderr);
        return EXIT_USAGE;
    }
    if (gait_table_export(table, format, write_out, NULL, &err) != GAIT_OK)
        return report_failure(&err);
    return EXIT_DONE;
}

/* A table that no file has: it is made when somebody looks. */
static int export_cohort(const gait_summary *summary, gait_export_format format)
{
    gait_summary *cohort = NULL;
    gait_error err = {0};
    if (gait_summary_cohort(&cohort, summary, &err) != GAIT_OK) return report_error(&err);
    int code = export_table(cohort, "cohort", format);
    gait_summary_free(&cohort);
    return code;
}

static int is_document(const char *format)
{
    for (size_t i = 0; format && gait_document_at(i); i++)
        if (strcmp(gait_document_at(i)->name, format) == 0) return 1;
    return 0;
}

static int export_document(const gait_summary *summary, const char *document)
{
    gait_error err = {0};
    if (gait_summary_export(summary, document, write_out, NULL, &err) != GAIT_OK)
        return report_failure(&err);
    return EXIT_DONE;
}

static int check(const struct arguments *args, const char *table, const char *format)
{
    if (args->n_words != 1) return report_usage("export", "expected one summary");
    if (is_document(format))
        return table ? report_usage("export", "this format is of a whole summary, without --table")
                     : EXIT_DONE;
    if (format && strcmp(format, "json") != 0 && strcmp(format, "csv") != 0)
        return report_usage("export", "--format is csv, json, fhir, bids-events or bids-sidecar");
    if (!table) return report_usage("export", "no table is named with --table");
    return EXIT_DONE;
}

static int run(const struct arguments *args)
{
    const char *table = option_text(args, "table"), *format = option_text(args, "format");
    gait_export_format as = option_given(args, "excel") ? GAIT_EXPORT_CSV_EXCEL : GAIT_EXPORT_CSV;
    int code = check(args, table, format);
    if (code != EXIT_DONE) return code;
    if (option_given(args, "json") || (format && strcmp(format, "json") == 0))
        as = GAIT_EXPORT_JSON;
    gait_summary *summary = NULL;
    gait_error err = {0};
    if (gait_summary_read(&summary, args->words[0], &err) != GAIT_OK) return report_error(&err);
    if (is_document(format))
        code = export_document(summary, format);
    else if (strcmp(table, "cohort") == 0)
        code = export_cohort(summary, as);
    else
        code = export_table(summary, table, as);
    gait_summary_free(&summary);
    return code;
}

static const struct option options[] = {
    {"table", 't', "NAME", NULL,
     "sessions, recordings, bouts, events, strides, minutes, summary, "
     "asymmetry, findings, waveforms; of a study history and cohort: every session a row, worst "
     "first"},
    {"format", 'f', "FORMAT", "csv",
     "csv or json; of the whole summary fhir, bids-events or bids-sidecar"},
    {"excel", 0, NULL, NULL, "CSV as spreadsheets like it: byte order mark, formulas defused"},
    OPTION_JSON,
    OPTION_HELP,
    OPTION_END,
};

const struct command command_export = {
    "export",
    "SUMMARY.h5 --table NAME | --format DOCUMENT",
    "a summary for other programs: CSV, JSON, FHIR, BIDS",
    "Prints one table of a summary on standard output. Numbers are written so that they read back "
    "exactly; a value that is not available is an empty cell, or null.\n\n"
    "Some formats are of the whole summary. fhir is an R4 bundle: the program and the sensors as "
    "Devices, medians and findings as preliminary Observations with UCUM units; where LOINC has no "
    "code the metric's key stands in a code system of its own. bids-events are the events and "
    "bouts "
    "as a Motion-BIDS events file, bids-sidecar is the description that goes beside it.",
    "gait export run.gait.h5 --table strides > strides.csv\tevery stride with its metrics\n"
    "gait export study.h5 --table cohort > cohort.csv\tevery session a row, the worst first\n"
    "gait export run.gait.h5 --format fhir > run.json\twhat a health record takes\n",
    options,
    run,
};
