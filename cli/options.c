/* SPDX-License-Identifier: BSD-3-Clause */
#include "options.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings_file.h"

static const struct option *find_long(const struct option *options, const char *name, size_t n)
{
    for (; options->name; options++)
        if (strlen(options->name) == n && strncmp(options->name, name, n) == 0) return options;
    return NULL;
}

static const struct option *find_letter(const struct option *options, char letter)
{
    for (; options->name; options++)
        if (options->letter == letter) return options;
    return NULL;
}

static bool give(struct arguments *args, const struct option *option, const char *value)
{
    args->given[args->n_given] = option;
    args->value[args->n_given++] = value;
    return true;
}

static bool complain(const char *command, const char *what, const char *word)
{
    fprintf(stderr, "gait %s: %s '%s'; gait %s --help shows the options\n", command, what, word,
            command);
    return false;
}

/* One option word, with its value from `=`, from the next word, or none; *used counts further words
 * taken. */
static bool take_option(struct arguments *args, const char *word, const char *next, int *used,
                        const char *command)
{
    const struct option *option;
    const char *value = NULL;
    if (word[1] == '-') {
        const char *name = word + 2, *equals = strchr(name, '=');
        option = find_long(args->options, name, equals ? (size_t)(equals - name) : strlen(name));
        value = equals ? equals + 1 : NULL;
    } else {
        option = find_letter(args->options, word[1]);
        value = word[2] ? word + 2 : NULL;
    }
    if (!option) return complain(command, "no option is called", word);
    if (!option->argument) {
        if (value) return complain(command, "takes no value:", word);
        return give(args, option, "");
    }
    if (!value) {
        if (!next) return complain(command, "a value is missing after", word);
        value = next;
        *used = 1;
    }
    return give(args, option, value);
}

bool arguments_parse(struct arguments *args, const struct option *options, int argc, char **argv,
                     const char *command)
{
    memset(args, 0, sizeof *args);
    args->options = options;
    args->given = calloc((size_t)argc + 1, sizeof *args->given);
    args->value = calloc((size_t)argc + 1, sizeof *args->value);
    args->words = calloc((size_t)argc + 1, sizeof *args->words);
    if (!args->given || !args->value || !args->words) {
        fprintf(stderr, "gait %s: out of memory\n", command);
        return false;
    }
    bool only_words = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        int used = 0;
        if (only_words || word[0] != '-' || !word[1])
            args->words[args->n_words++] = word;
        else if (strcmp(word, "--") == 0)
            only_words = true;
        else if (!take_option(args, word, i + 1 < argc ? argv[i + 1] : NULL, &used, command))
            return false;
        i += used;
    }
    return true;
}

void arguments_free(struct arguments *args)
{
    free(args->given);
    free(args->value);
    free(args->words);
    memset(args, 0, sizeof *args);
}

const char *option_text(const struct arguments *args, const char *name)
{
    for (size_t i = args->n_given; i-- > 0;)
        if (strcmp(args->given[i]->name, name) == 0) return args->value[i];
    return NULL;
}

bool option_given(const struct arguments *args, const char *name)
{
    return option_text(args, name) != NULL;
}

/* The program never leaves the C locale, so strtod reads a point whatever the host's language. */
static bool read_number(const char *text, double low, double high, double *out)
{
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (end == text || *end || errno == ERANGE || !(value >= low && value <= high)) return false;
    *out = value;
    return true;
}

bool option_number(const struct arguments *args, const char *name, double low, double high,
                   double *out)
{
    const char *text = option_text(args, name);
    if (!text || read_number(text, low, high, out)) return true;
    fprintf(stderr, "gait: --%s is '%s', expected a number from %g to %g\n", name, text, low, high);
    return false;
}

bool option_count(const struct arguments *args, const char *name, size_t low, size_t high,
                  size_t *out)
{
    const char *text = option_text(args, name);
    char *end;
    if (!text) return true;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && !*end && !errno && value >= low && value <= high) {
        *out = (size_t)value;
        return true;
    }
    fprintf(stderr, "gait: --%s is '%s', expected a whole number from %zu to %zu\n", name, text,
            low, high);
    return false;
}

static bool take_placement(const struct arguments *args, gait_recording_options *out)
{
    const char *placement = option_text(args, "placement"), *side = option_text(args, "side");
    if (placement) {
        out->placement = gait_placement_from_name(placement);
        if (out->placement == GAIT_PLACEMENT_UNKNOWN) {
            fprintf(
                stderr,
                "gait: --placement is '%s', expected foot, shank, sacrum, waist, wrist or other\n",
                placement);
            return false;
        }
    }
    if (side) {
        out->side = gait_side_from_name(side);
        if (out->side == GAIT_SIDE_UNKNOWN && strcmp(side, "unknown") != 0) {
            fprintf(stderr, "gait: --side is '%s', expected left, right, none or unknown\n", side);
            return false;
        }
    }
    return true;
}

bool options_recording(const struct arguments *args, gait_recording_options *out)
{
    gait_recording_options_init(out);
    out->unit = option_text(args, "unit");
    out->columns = option_text(args, "columns");
    out->mounting = option_text(args, "mounting");
    out->subject_id = option_text(args, "subject");
    out->session_id = option_text(args, "session");
    out->task = option_text(args, "task");
    out->ignore_sidecar = option_given(args, "no-sidecar");
    out->no_autocalibration = option_given(args, "no-autocalibration");
    return take_placement(args, out) && option_number(args, "rate", 1, 20000, &out->rate_hz) &&
           option_number(args, "range", 0.1, 1000, &out->range_g) &&
           option_number(args, "mass-kg", 1, 500, &out->mass_kg) &&
           option_number(args, "height-m", 0.3, 3, &out->height_m) &&
           option_number(args, "speed-mps", 0.1, 15, &out->speed_mps);
}

bool options_settings(const struct arguments *args, gait_settings *settings)
{
    const char *file = option_text(args, "settings");
    gait_settings_init(settings);
    if (file && !settings_from_file(file, settings)) return false;
    for (size_t i = 0; i < args->n_given; i++) {
        if (strcmp(args->given[i]->name, "set") != 0) continue;
        char key[64];
        const char *equals = strchr(args->value[i], '=');
        size_t n = equals ? (size_t)(equals - args->value[i]) : 0;
        double value;
        if (!n || n >= sizeof key || !read_number(equals + 1, -1e300, 1e300, &value)) {
            fprintf(stderr, "gait: --set is '%s', expected KEY=NUMBER\n", args->value[i]);
            return false;
        }
        memcpy(key, args->value[i], n);
        key[n] = '\0';
        gait_error err;
        if (gait_settings_set(settings, key, value, &err) != GAIT_OK) {
            fprintf(stderr, "gait: %s\n", err.text);
            return false;
        }
    }
    return true;
}

void options_print_help(const struct option *options)
{
    for (; options->name; options++) {
        char left[64];
        snprintf(left, sizeof left, "%c%c%s --%s%s%s", options->letter ? '-' : ' ',
                 options->letter ? options->letter : ' ', options->letter ? "," : " ",
                 options->name, options->argument ? " " : "",
                 options->argument ? options->argument : "");
        printf("  %-26s %s", left, options->about);
        if (options->standard) printf(" [%s]", options->standard);
        putchar('\n');
    }
}
