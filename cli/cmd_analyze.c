/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "input.h"
#include "print.h"
#include "progress.h"

/* What the headline shows of each sensor, side and activity, where it is there. */
static const struct {
    const char *metric;
    const char *label;
    int decimals;
    const char *unit;
} headline[] = {
    {"cadence_steps_per_min", "cadence", 1, "steps/min"},
    {"contact_time_s", "contact", 3, "s"},
    {"peak_accel_resultant_g", "peak", 1, "g"},
    {"peak_vertical_force_bw", "peak force about", 2, "body weights"},
    {"pronation_excursion_deg", "inward roll (proxy)", 1, "deg"},
    {"pronation_index", "pronation index", 1, ""},
    {"bend_down_s", "down", 1, "s"},
    {"bend_up_s", "up", 1, "s"},
    {"bend_medial_lean_deg", "medial lean", 1, "deg"},
    {"stance_time_s", "held", 1, "s"},
    {"stance_sway_g", "sway", 3, "g"},
};

static const char *text_at(const gait_table *table, const char *column, size_t row)
{
    const gait_column *found = gait_table_column(table, column);
    return found && found->texts ? found->texts[row] : "";
}

static double number_at(const gait_table *table, const char *column, size_t row)
{
    const gait_column *found = gait_table_column(table, column);
    if (found && found->integers) return (double)found->integers[row];
    return found && found->doubles ? found->doubles[row] : (double)NAN;
}

static void put_limb(const gait_table *summary, size_t row)
{
    const char *activity = text_at(summary, "activity", row);
    int is_test = strcmp(activity, "run") != 0 && strcmp(activity, "walk") != 0;
    printf("  %-12s %-7s %-4s %5.0f %s", text_at(summary, "sensor", row),
           text_at(summary, "side", row), activity, number_at(summary, "n_strides", row),
           is_test ? "repetitions" : "strides");
    for (size_t k = 0; k < sizeof headline / sizeof *headline; k++) {
        double value = number_at(summary, headline[k].metric, row);
        if (isfinite(value))
            printf(", %s %.*f%s%s", headline[k].label, headline[k].decimals, value,
                   headline[k].unit[0] ? " " : "", headline[k].unit);
    }
    putchar('\n');
}

static void put_findings(const gait_table *findings)
{
    if (!findings || !findings->n_rows) {
        printf("findings: none\n");
        return;
    }
    printf("findings:\n");
    for (size_t i = 0; i < findings->n_rows; i++)
        printf("  %-5s %s (%s%s%s)\n        %s\n", text_at(findings, "severity", i),
               text_at(findings, "title", i), text_at(findings, "code", i),
               text_at(findings, "sensor", i)[0] ? ", " : "", text_at(findings, "sensor", i),
               text_at(findings, "message", i));
}

static void put_headline(const gait_summary *summary, const char *path)
{
    const gait_table *sessions = gait_summary_table(summary, "sessions");
    const gait_table *limbs = gait_summary_table(summary, "summary");
    const char *subject = text_at(sessions, "subject_id", 0);
    const char *session = text_at(sessions, "session_id", 0);
    if (sessions && sessions->n_rows)
        printf("%s%s%s: %.0f s recorded, %.0f s running, %.0f s walking\n", subject,
               subject[0] && session[0] ? " " : "", subject[0] || session[0] ? session : "session",
               number_at(sessions, "duration_s", 0), number_at(sessions, "running_s", 0),
               number_at(sessions, "walking_s", 0));
    for (size_t i = 0; limbs && i < limbs->n_rows; i++) put_limb(limbs, i);
    put_findings(gait_summary_table(summary, "findings"));
    printf("written: %s\n", path);
}

static int print_summary(const gait_summary *summary, const char *path, int as_json, int quiet)
{
    if (!as_json) {
        if (!quiet) put_headline(summary, path);
        return EXIT_DONE;
    }
    json_t *all = json_pack("{ss}", "output", path);
    static const char *const tables[] = {"sessions", "recordings", "bouts",
                                         "summary",  "asymmetry",  "findings"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        json_object_set_new(all, tables[i], json_table(gait_summary_table(summary, tables[i])));
    return print_json(all);
}

/* run.csv.gz becomes run.gait.h5 beside it. */
static int default_output(char *out, size_t room, const char *input)
{
    const char *name = strrchr(input, '/');
    size_t n = strlen(input);
    if (n > 3 && strcmp(input + n - 3, ".gz") == 0) n -= 3;
    size_t stem = n;
    while (stem > 0 && input[stem - 1] != '.' && input[stem - 1] != '/') stem--;
    const char *first = name ? name + 1 : input;
    if (stem > 0 && input[stem - 1] == '.' && input + stem - 1 > first) n = stem - 1;
    int length = snprintf(out, room, "%.*s.gait.h5", (int)n, input);
    return length > 0 && (size_t)length < room;
}

struct job {
    const struct arguments *args;
    gait_recording_options recording;
    gait_session_options session;
    struct progress progress;
    int is_usage_error; /* something only the command line can mend */
};

static int needs_words(const gait_recording_info *info)
{
    return info->placement == GAIT_PLACEMENT_UNKNOWN || strcmp(info->sensor_source, "first") == 0;
}

static gait_status add_input(struct job *job, gait_session *session, const char *word,
                             gait_error *err)
{
    struct input input;
    gait_recording *recording = NULL;
    if (input_parse(&input, word) != 0) {
        snprintf(err->text, sizeof err->text, "the name of an input is too long");
        return err->status = GAIT_INVALID;
    }
    gait_status st = input_open(&recording, &input, &job->recording, err);
    if (st == GAIT_OK) job->is_usage_error = needs_words(gait_recording_get_info(recording));
    if (st == GAIT_OK) st = gait_session_add(session, recording, err);
    gait_recording_close(&recording);
    return st;
}

static gait_status analyse(struct job *job, gait_summary **summary, gait_error *err)
{
    const struct arguments *args = job->args;
    gait_session *session = NULL;
    gait_status st = gait_session_new(&session, &job->session, err);
    for (size_t i = 0; st == GAIT_OK && i < args->n_words; i++)
        st = add_input(job, session, args->words[i], err);
    if (st == GAIT_OK) st = gait_session_judge(session, err);
    if (st == GAIT_OK) st = gait_summary_from_session(summary, session, err);
    gait_session_free(&session);
    return st;
}

static bool prepare(struct job *job)
{
    const struct arguments *args = job->args;
    gait_session_options_init(&job->session);
    if (!options_recording(args, &job->recording) ||
        !options_settings(args, &job->session.settings))
        return false;
    job->session.subject_id = option_text(args, "subject");
    job->session.session_id = option_text(args, "session");
    job->session.detector = option_text(args, "detector");
    if (job->session.detector && !gait_detector_find(job->session.detector)) {
        fprintf(stderr,
                "gait analyze: no detector is called '%s'; gait list detectors shows them\n",
                job->session.detector);
        return false;
    }
    job->session.progress = progress_show;
    job->session.interrupted = was_interrupted;
    job->session.context = &job->progress;
    return option_number(args, "distance-m", 0, 1e6, &job->session.distance_m);
}

static int run(const struct arguments *args)
{
    struct job job = {.args = args};
    struct input first;
    char beside[4200];
    const char *output = option_text(args, "output");
    int quiet = option_given(args, "quiet"), as_json = option_given(args, "json");
    if (!args->n_words) return report_usage("analyze", "no recording is named");
    if (!output && args->n_words > 1)
        return report_usage("analyze", "several recordings need an output named with -o");
    if (!output) {
        if (input_parse(&first, args->words[0]) != 0 ||
            !default_output(beside, sizeof beside, first.path))
            return report_usage("analyze", "the name of the input is too long");
        output = beside;
    }
    if (!prepare(&job)) return EXIT_USAGE;

    gait_summary *summary = NULL;
    gait_error err = {0};
    progress_begin(&job.progress, "analyzing", quiet || as_json);
    gait_status st = analyse(&job, &summary, &err);
    progress_end(&job.progress);
    if (st == GAIT_OK) st = gait_summary_write(summary, output, &err);
    int code = st == GAIT_OK ? print_summary(summary, output, as_json, quiet) : report_error(&err);
    if (st != GAIT_OK && job.is_usage_error) code = EXIT_USAGE;
    gait_summary_free(&summary);
    return code;
}

static const struct option options[] = {
    {"output", 'o', "OUT.h5", "NAME.gait.h5 beside the one input", "the summary to write"},
    OPTIONS_RECORDING,
    {"detector", 0, "NAME", "the default of each placement",
     "how foot strikes and toe-offs are found (gait list detectors)"},
    {"distance-m", 0, "M", NULL, "distance of the run"},
    OPTIONS_SETTINGS,
    OPTION_JSON,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

const struct command command_analyze = {
    "analyze",
    "FILE[:SENSOR][@PLACEMENT[,SIDE]]... [-o OUT.h5]",
    "analyse one session and write its summary",
    "Analyses the given recordings of one person's run together, writes one HDF5 summary, and "
    "prints the "
    "headline and the findings.\n\n"
    "Where each sensor was must be known: from --placement and --side, from the word after the "
    "last @ of "
    "a file, or from the sidecar NAME.json. A file with several sensors is read as FILE:SENSOR; "
    "gait "
    "inspect lists them.\n\n"
    "Findings describe; they are no diagnosis. Pronation values are proxies.",
    "gait analyze run.csv --placement shank --side left\tone recording\n"
    "gait analyze l.csv@shank,left r.csv@shank,right -o run.h5\tboth legs of one run\n",
    options,
    run,
};
