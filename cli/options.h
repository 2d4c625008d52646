/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <gait/gait.h>

/* One option table per command: it feeds the parser, the usage text, the man page and shell
 * completion. */

struct option {
    const char *name;     /* without the dashes */
    char letter;          /* short form, 0 without */
    const char *argument; /* what follows, "SECONDS"; NULL for a switch */
    const char *standard; /* value when it is not given, for people; NULL: none */
    const char *about;
};

/* What a command line said, checked against the command's table. */
struct arguments {
    const struct option *options; /* ends with a NULL name */
    size_t n_given;
    const struct option **given; /* in order; an option may be there several times */
    const char **value;
    size_t n_words;
    const char **words; /* what is not an option */
};

/* Parses argv[1..]; false after telling standard error what is wrong. Free with arguments_free().
 */
bool arguments_parse(struct arguments *args, const struct option *options, int argc, char **argv,
                     const char *command);
void arguments_free(struct arguments *args);

/* The last value given, NULL if none; "" for a switch that is given. */
const char *option_text(const struct arguments *args, const char *name);
bool option_given(const struct arguments *args, const char *name);

/* A number checked to its last character; false after a message. *out is left alone if the option
 * is not given. */
bool option_number(const struct arguments *args, const char *name, double low, double high,
                   double *out);
bool option_count(const struct arguments *args, const char *name, size_t low, size_t high,
                  size_t *out);

/* Options that several commands share, as rows of a table. */
#define OPTION_HELP \
    { \
        "help", 'h', NULL, NULL, "show this help and leave" \
    }
#define OPTION_JSON \
    { \
        "json", 0, NULL, NULL, "print the result as JSON on standard output" \
    }
#define OPTION_QUIET \
    { \
        "quiet", 'q', NULL, NULL, "no progress and no headline" \
    }
#define OPTION_END \
    { \
        NULL, 0, NULL, NULL, NULL \
    }
#define OPTIONS_SETTINGS \
    {"settings", 0, "FILE", NULL, \
     "limits and constants of a summary, to analyse as it was, or of a .json file"}, \
    { \
        "set", 0, "KEY=VALUE", NULL, \
            "change a limit or constant (repeatable; gait list settings shows them)" \
    }
#define OPTIONS_RECORDING \
    {"placement", 0, "WHERE", "from the sidecar or the file", \
     "foot, shank, sacrum, waist, wrist or other"}, \
        {"side", 0, "SIDE", "from the sidecar or the file", "left, right, none or unknown"}, \
        {"rate", 0, "HZ", "from the time stamps", "sampling rate"}, \
        {"range", 0, "G", "from the sidecar or the data", "full scale of the accelerometer"}, \
        {"unit", 0, "UNIT", "from the header, else by magnitude", "g, m/s2 or mg"}, \
        {"columns", 0, "ROLES", "by their names", \
         "which column is what: time=t,x=ax,y=ay,z=az[,gx=..,gy=..,gz=..]"}, \
        {"mounting", 0, "AXES", "found from the data", \
         "where the sensor's axes pointed: x=up,y=left,z=forward"}, \
        {"subject", 0, "ID", "from the sidecar", "subject"}, \
        {"session", 0, "ID", "from the sidecar", "session"}, \
        {"mass-kg", 0, "KG", NULL, "body mass"}, {"height-m", 0, "M", NULL, "body height"}, \
        {"speed-mps", 0, "MPS", NULL, "mean speed of the run"}, \
        {"task", 0, "TASK", "from the sidecar", \
         "knee-bend, squat or stance (on one leg): the recording is of that test; run or walk"}, \
        {"no-sidecar", 0, NULL, NULL, "do not look for a .json file beside the recording"}, \
    { \
        "no-autocalibration", 0, NULL, NULL, "never rescale the acceleration to 1 g" \
    }

/* The rows of OPTIONS_RECORDING as the library wants them; false after a message. */
bool options_recording(const struct arguments *args, gait_recording_options *out);

/* Those of --settings FILE and then every --set KEY=VALUE; false after a message. */
bool options_settings(const struct arguments *args, gait_settings *settings);

/* Usage text from the table to standard output. */
void options_print_help(const struct option *options);

#endif
