/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "print.h"

/* Each registry prints itself as an array of objects; the text form is made from it. */

static json_t *placements_of(unsigned bits)
{
    json_t *names = json_array();
    for (int p = GAIT_FOOT; p < GAIT_N_PLACEMENTS; p++)
        if (bits & (1u << p))
            json_array_append_new(names, json_string(gait_placement_name((gait_placement)p)));
    return names;
}

static json_t *activities_of(unsigned bits)
{
    json_t *names = json_array();
    for (int a = 0; a < GAIT_N_ACTIVITIES; a++)
        if (bits & (1u << a))
            json_array_append_new(names, json_string(gait_activity_name((gait_activity)a)));
    return names;
}

static json_t *list_formats(void)
{
    json_t *rows = json_array();
    const gait_format *row;
    for (size_t i = 0; (row = gait_format_at(i)); i++)
        json_array_append_new(rows, json_pack("{ss ss ss}", "name", row->name, "extensions",
                                              row->extensions, "about", row->about));
    return rows;
}

static json_t *list_placements(void)
{
    json_t *rows = json_array();
    for (int p = GAIT_FOOT; p < GAIT_N_PLACEMENTS; p++) {
        json_t *walk = json_null(), *run = json_null();
        const gait_detector *row;
        for (size_t i = 0; (row = gait_detector_at(i)); i++) {
            if (!row->is_default || row->needs_gyro || !(row->placements & (1u << p))) continue;
            if (row->activities & (1u << GAIT_WALK)) walk = json_string(row->name);
            if (row->activities & (1u << GAIT_RUN)) run = json_string(row->name);
        }
        json_array_append_new(rows, json_pack("{ss so so}", "name",
                                              gait_placement_name((gait_placement)p), "walking",
                                              walk, "running", run));
    }
    return rows;
}

static json_t *list_detectors(void)
{
    json_t *rows = json_array();
    const gait_detector *row;
    for (size_t i = 0; (row = gait_detector_at(i)); i++)
        json_array_append_new(
            rows, json_pack("{ss so so sb sb ss ss}", "name", row->name, "placements",
                            placements_of(row->placements), "activities",
                            activities_of(row->activities), "default", row->is_default, "gyroscope",
                            row->needs_gyro, "about", row->about, "source", row->source));
    return rows;
}

static json_t *list_metrics(void)
{
    json_t *rows = json_array();
    const gait_metric *row;
    for (size_t i = 0; (row = gait_metric_at(i)); i++)
        json_array_append_new(
            rows,
            json_pack("{ss ss ss so so sb sb sf sf sf sf sf ss ss}", "key", row->key, "unit",
                      row->unit, "label", row->label, "placements", placements_of(row->placements),
                      "activities", activities_of(row->activities), "gyroscope", row->needs_gyro,
                      "of_session", row->of_session, "min_rate_hz", row->min_rate_hz, "low",
                      row->low, "high", row->high, "resolution", row->resolution,
                      "minimal_change_percent", row->minimal_change_percent, "definition",
                      row->definition, "source", row->source));
    return rows;
}

static json_t *list_findings(void)
{
    json_t *rows = json_array();
    const gait_rule *row;
    for (size_t i = 0; (row = gait_rule_at(i)); i++)
        json_array_append_new(rows, json_pack("{ss ss ss ss ss ss ss}", "code", row->code,
                                              "evidence", row->evidence, "title", row->title,
                                              "rule", row->rule, "settings", row->settings,
                                              "source", row->source, "caveat", row->caveat));
    return rows;
}

static json_t *list_settings(void)
{
    json_t *rows = json_array();
    const gait_setting *row;
    for (size_t i = 0; (row = gait_setting_at(i)); i++)
        json_array_append_new(rows, json_pack("{ss sf ss sf sf ss}", "key", row->key, "standard",
                                              row->standard, "unit", row->unit, "low", row->low,
                                              "high", row->high, "about", row->about));
    return rows;
}

static json_t *list_simulation(void)
{
    json_t *rows = json_array();
    const gait_simulation_key *row;
    for (size_t i = 0; (row = gait_simulation_key_at(i)); i++)
        json_array_append_new(rows,
                              json_pack("{ss ss ss ss}", "key", row->key, "standard", row->standard,
                                        "unit", row->unit, "about", row->about));
    return rows;
}

static const struct registry {
    const char *name;
    json_t *(*list)(void);
    const char *heading;   /* field that names a row */
    const char *beside[4]; /* short fields on the same line; NULL: no more */
    const char *below[3];  /* sentences under it */
} registries[] = {
    {"formats", list_formats, "name", {"extensions"}, {"about"}},
    {"placements", list_placements, "name", {"walking", "running"}, {NULL}},
    {"detectors",
     list_detectors,
     "name",
     {"placements", "activities", "default"},
     {"about", "source"}},
    {"metrics",
     list_metrics,
     "key",
     {"label", "unit", "placements", "activities"},
     {"definition", "source"}},
    {"findings", list_findings, "code", {"evidence", "title"}, {"rule", "caveat", "source"}},
    {"settings", list_settings, "key", {"standard", "unit"}, {"about"}},
    {"simulation", list_simulation, "key", {"standard", "unit"}, {"about"}},
};

/* What a sentence is, where it does not say so itself. */
static const char *lead_of(const char *field)
{
    if (strcmp(field, "source") == 0) return "Source: ";
    return strcmp(field, "caveat") == 0 ? "Why it may not matter: " : "";
}

static void put_value(const json_t *value)
{
    size_t i;
    json_t *item;
    if (json_is_string(value)) fputs(json_string_value(value), stdout);
    if (json_is_real(value)) printf("%g", json_real_value(value));
    if (json_is_boolean(value)) fputs(json_is_true(value) ? "yes" : "no", stdout);
    if (json_is_null(value)) fputs("-", stdout);
    json_array_foreach(value, i, item)
    {
        if (i) putchar(',');
        fputs(json_string_value(item), stdout);
    }
}

static void put_registry(const struct registry *registry, const json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        fputs(json_string_value(json_object_get(row, registry->heading)), stdout);
        for (size_t k = 0; k < 4 && registry->beside[k]; k++) {
            const json_t *value = json_object_get(row, registry->beside[k]);
            if (json_is_boolean(value)) {
                if (json_is_true(value)) printf("  %s", registry->beside[k]);
                continue;
            }
            fputs("  ", stdout);
            put_value(value);
        }
        putchar('\n');
        for (size_t k = 0; k < 3 && registry->below[k]; k++) {
            printf("    %s", lead_of(registry->below[k]));
            put_value(json_object_get(row, registry->below[k]));
            putchar('\n');
        }
    }
}

/* A table as the README shows it: name and short fields, then the first sentence. */
static void put_markdown(const struct registry *registry, const json_t *rows)
{
    size_t i, n = 0;
    json_t *row;
    printf("| %s |", registry->heading);
    for (; n < 4 && registry->beside[n]; n++) printf(" %s |", registry->beside[n]);
    if (registry->below[0]) printf(" %s |", registry->below[0]);
    printf("\n|---|");
    for (size_t k = 0; k < n + (registry->below[0] != NULL); k++) printf("---|");
    putchar('\n');
    json_array_foreach(rows, i, row)
    {
        printf("| `%s` |", json_string_value(json_object_get(row, registry->heading)));
        for (size_t k = 0; k <= n && (k < n || registry->below[0]); k++) {
            putchar(' ');
            put_value(json_object_get(row, k < n ? registry->beside[k] : registry->below[0]));
            printf(" |");
        }
        putchar('\n');
    }
}

static int run(const struct arguments *args)
{
    const char *wanted = args->n_words == 1 ? args->words[0] : "";
    for (size_t i = 0; i < sizeof registries / sizeof *registries; i++) {
        if (strcmp(registries[i].name, wanted) != 0) continue;
        json_t *rows = registries[i].list();
        if (option_given(args, "json")) return print_json(rows);
        if (option_given(args, "markdown"))
            put_markdown(&registries[i], rows);
        else
            put_registry(&registries[i], rows);
        json_decref(rows);
        return EXIT_DONE;
    }
    return report_usage("list", "expected formats, placements, detectors, metrics, findings, "
                                "settings or simulation");
}

static const struct option options[] = {
    {"markdown", 0, NULL, NULL, "as a table in Markdown"}, OPTION_JSON, OPTION_HELP, OPTION_END};

const struct command command_list = {
    "list",
    "formats|placements|detectors|metrics|findings|settings|simulation",
    "what this program knows, with units and sources",
    "Prints one of the library's tables: the formats it reads, the placements it knows, the "
    "detectors "
    "of foot strikes and toe-offs, the metrics of a stride, the findings and their rules, the "
    "limits "
    "and constants that may be changed with --set, and the keys of gait simulate.",
    "gait list metrics\tevery number that is measured on a stride\n",
    options,
    run,
};
