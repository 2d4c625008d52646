/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/batch_study.h"

#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "batch/plan.h"

static gait_status add_rows(gait_study *study, const struct rows *rows, const char *folder,
                            size_t *n, gait_error *err)
{
    char path[LONGEST_PATH];
    *n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        if (rows->row[i].state != GAIT_BATCH_DONE) continue;
        text_print(path, sizeof path, "%s/%s", folder, rows->row[i].output);
        TRY(gait_study_add(study, path, i, err));
        ++*n;
    }
    return GAIT_OK;
}

gait_status study_of_rows(const struct rows *rows, const struct batch_folder *folder,
                          const char *path, int with_strides, gait_error *err)
{
    gait_study *study = NULL;
    gait_summary *summary = NULL;
    size_t n;
    TRY(gait_study_new(&study, with_strides, err));
    gait_status st = add_rows(study, rows, folder->path, &n, err);
    if (!st && n) st = gait_study_finish(study, &summary, err);
    if (!st && n) st = gait_summary_write(summary, path, err);
    if (!st && !n) unlink(path);
    gait_summary_free(&summary);
    gait_study_free(&study);
    return st;
}
