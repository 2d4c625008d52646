/* SPDX-License-Identifier: BSD-3-Clause */
/* Makes many summaries of one: relabel_summary IN.h5 FOLDER N writes FOLDER/1.h5 ... FOLDER/N.h5,
 * the same but for the subjects' names; relabel_summary part OUT.h5 FILE.h5... makes the part of a
 * study that a shard would. For measuring what merging costs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "summary/study.h"
#include "summary/table.h"

static int relabel(gait_summary *summary, size_t number)
{
    for (size_t t = 0; t < summary->n_tables; t++) {
        const char **subjects = texts_of(summary->tables[t], "subject_id");
        for (size_t i = 0; subjects && i < summary->tables[t]->pub.n_rows; i++) {
            char name[256];
            const char *own = number > 1 ? strchr(subjects[i], '.') + 1 : subjects[i];
            text_print(name, sizeof name, "n%06zu.%s", number, own);
            subjects[i] = summary_copy(summary, name, strlen(name));
            if (!subjects[i]) return -1;
        }
    }
    return 0;
}

static int make_part(int n, char **files)
{
    gait_study *study = NULL;
    gait_error err = {0};
    gait_status st = gait_study_new(&study, 0, &err);
    if (!st) study_be_part(study);
    for (int i = 1; !st && i < n; i++) st = gait_study_add(study, files[i], 0, &err);
    if (!st) st = gait_study_write(study, files[0], &err);
    gait_study_free(&study);
    if (st) fprintf(stderr, "%s\n", err.text);
    return st ? 1 : 0;
}

int main(int argc, char **argv)
{
    gait_summary *summary = NULL;
    gait_error err = {0};
    if (argc > 3 && strcmp(argv[1], "part") == 0) return make_part(argc - 2, argv + 2);
    if (argc != 4) return fprintf(stderr, "usage: relabel_summary IN.h5 FOLDER N\n"), 64;
    gait_status st = gait_summary_read(&summary, argv[1], &err);
    size_t n = (size_t)strtoul(argv[3], NULL, 10);
    for (size_t i = 1; !st && i <= n; i++) {
        char path[4096];
        text_print(path, sizeof path, "%s/%zu.h5", argv[2], i);
        st = relabel(summary, i) ? GAIT_NOMEM : gait_summary_write(summary, path, &err);
    }
    gait_summary_free(&summary);
    if (st) fprintf(stderr, "%s\n", err.text);
    return st ? 1 : 0;
}
