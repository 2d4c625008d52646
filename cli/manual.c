/* SPDX-License-Identifier: BSD-3-Clause */
#include "manual.h"

#include <stdio.h>
#include <string.h>

#include "command.h"

static const struct command *find(const char *name)
{
    for (size_t i = 0; command_at(i); i++)
        if (strcmp(command_at(i)->name, name) == 0) return command_at(i);
    return NULL;
}

/* Text in a roff page: a leading dot or quote is a request, a backslash an escape. */
static void put_text(const char *text)
{
    int at_start = 1;
    for (; *text; text++) {
        if (at_start && (*text == '.' || *text == '\'')) fputs("\\&", stdout);
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
        at_start = *text == '\n';
    }
}

static void put_paragraphs(const char *text)
{
    for (;;) {
        const char *end = strstr(text, "\n\n");
        if (!end) {
            put_text(text);
            putchar('\n');
            return;
        }
        for (const char *c = text; c < end; c++) putchar(*c);
        printf("\n.Pp\n");
        text = end + 2;
    }
}

static void put_options(const struct option *option)
{
    printf(".Bl -tag -width Ds\n");
    for (; option->name; option++) {
        printf(".It ");
        if (option->letter) printf("Fl %c , ", option->letter);
        printf("Fl Fl %s", option->name);
        if (option->argument) printf(" Ar %s", option->argument);
        putchar('\n');
        put_text(option->about);
        if (option->standard) {
            printf(" (default: ");
            put_text(option->standard);
            putchar(')');
        }
        printf(".\n");
    }
    printf(".El\n");
}

static void put_examples(const char *examples)
{
    if (!examples) return;
    printf(".Sh EXAMPLES\n");
    while (*examples) {
        const char *tab = strchr(examples, '\t'), *end = strchr(examples, '\n');
        if (!tab || !end) return;
        printf("%.*s:\n.Dl ", (int)(end - tab - 1), tab + 1);
        for (const char *c = examples; c < tab; c++) {
            if (*c == '-') putchar('\\');
            putchar(*c);
        }
        putchar('\n');
        examples = end + 1;
    }
}

static int put_command_page(const struct command *command)
{
    printf(".Dd November 20, 2026\n.Dt GAIT-%s 1\n.Os libgait\n.Sh NAME\n.Nm gait-%s\n.Nd ",
           command->name, command->name);
    put_text(command->about);
    printf("\n.Sh SYNOPSIS\n.Nm gait %s\n.Ar ", command->name);
    put_text(command->usage);
    printf("\n.Sh DESCRIPTION\n");
    put_paragraphs(command->description);
    printf(".Sh OPTIONS\n");
    put_options(command->options);
    put_examples(command->examples);
    printf(".Sh EXIT STATUS\n"
           "0 all done; 1 some recordings failed, the rest are done; 64 usage; 65 bad data;\n"
           "66 no input; 70 a bug; 73 cannot create the output; 74 input or output failed;\n"
           "75 interrupted, run it again; 78 bad configuration.\n"
           ".Sh SEE ALSO\n.Xr gait 1");
    for (size_t i = 0; command_at(i); i++)
        if (command_at(i) != command) printf(" ,\n.Xr gait-%s 1", command_at(i)->name);
    putchar('\n');
    return EXIT_DONE;
}

static int put_program_page(void)
{
    printf(
        ".Dd November 20, 2026\n.Dt GAIT 1\n.Os libgait\n.Sh NAME\n.Nm gait\n"
        ".Nd gait analysis of recorded accelerometer traces\n.Sh SYNOPSIS\n.Nm\n.Ar command ...\n"
        ".Sh DESCRIPTION\nFinds foot strikes and toe\\-offs in recordings of body\\-worn sensors,\n"
        "measures every stride, and points out overpronation indicators and load spikes.\n"
        "Research and training information; not a medical device; does not diagnose.\n"
        ".Bl -tag -width Ds\n");
    for (size_t i = 0; command_at(i); i++) {
        printf(".It Ic %s\n", command_at(i)->name);
        put_text(command_at(i)->about);
        printf(".\nSee\n.Xr gait-%s 1 .\n", command_at(i)->name);
    }
    printf(".El\n.Sh ENVIRONMENT\n.Bl -tag -width Ds\n.It Ev NO_COLOR\nNo colour on a "
           "terminal.\n.El\n");
    return EXIT_DONE;
}

int print_manual(const char *name)
{
    if (!name) return put_program_page();
    const struct command *command = find(name);
    if (command) return put_command_page(command);
    fprintf(stderr, "gait: no command is called '%s'\n", name);
    return EXIT_USAGE;
}

static void put_command_names(void)
{
    for (size_t i = 0; command_at(i); i++) printf("%s%s", i ? " " : "", command_at(i)->name);
}

static void complete_bash(void)
{
    printf("_gait() {\n  local current=${COMP_WORDS[COMP_CWORD]} words=\n"
           "  if [ \"$COMP_CWORD\" -eq 1 ]; then words=\"");
    put_command_names();
    printf("\"\n  else case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; command_at(i); i++) {
        printf("  %s) words=\"", command_at(i)->name);
        for (const struct option *o = command_at(i)->options; o->name; o++)
            printf("--%s ", o->name);
        printf("\" ;;\n");
    }
    printf("  esac; fi\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n}\n"
           "complete -o default -F _gait gait\n");
}

static void complete_zsh(void)
{
    printf("#compdef gait\nif (( CURRENT == 2 )); then\n  compadd ");
    put_command_names();
    printf("\nelse\n  case $words[2] in\n");
    for (size_t i = 0; command_at(i); i++) {
        printf("  %s) _arguments '*:file:_files'", command_at(i)->name);
        for (const struct option *o = command_at(i)->options; o->name; o++)
            printf(" '--%s%s'", o->name, o->argument ? "=:value:" : "");
        printf(" ;;\n");
    }
    printf("  esac\nfi\n");
}

static void complete_fish(void)
{
    for (size_t i = 0; command_at(i); i++) {
        const struct command *command = command_at(i);
        printf("complete -c gait -n __fish_use_subcommand -a %s -d '%s'\n", command->name,
               command->about);
        for (const struct option *o = command->options; o->name; o++)
            printf("complete -c gait -n '__fish_seen_subcommand_from %s' -l %s%s\n", command->name,
                   o->name, o->argument ? " -r" : "");
    }
}

int print_completion(const char *shell)
{
    static const struct {
        const char *name;
        void (*print)(void);
    } shells[] = {{"bash", complete_bash}, {"zsh", complete_zsh}, {"fish", complete_fish}};
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (strcmp(shells[i].name, shell) == 0) {
            shells[i].print();
            return EXIT_DONE;
        }
    fprintf(stderr, "gait: --completion is for bash, zsh or fish, not '%s'\n", shell);
    return EXIT_USAGE;
}
