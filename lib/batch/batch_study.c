/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/batch_study.h"

#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "batch/plan.h"
#include "summary/study.h"

gait_status batch_study_begin(struct batch_study *to, const char *folder, int with_strides,
                              int is_part, gait_error *err)
{
    memset(to, 0, sizeof *to);
    TRY(gait_study_new(&to->study, with_strides, err));
    if (is_part) study_be_part(to->study);
    return gait_study_use_folder(to->study, folder, err);
}

gait_status batch_study_add(struct batch_study *to, const struct rows *rows, size_t first,
                            size_t end, const char *folder, gait_error *err)
{
    char path[LONGEST_PATH];
    for (size_t i = first; i < end; i++) {
        if (rows->row[i].state != GAIT_BATCH_DONE) continue;
        text_print(path, sizeof path, "%s/%s", folder, rows->row[i].output);
        TRY(gait_study_add(to->study, path, i, err));
        to->n++;
    }
    return GAIT_OK;
}

gait_status batch_study_write(struct batch_study *to, const char *path, gait_error *err)
{
    if (to->n) return gait_study_write(to->study, path, err);
    unlink(path);
    return GAIT_OK;
}

void batch_study_end(struct batch_study *to)
{
    gait_study_free(&to->study);
}
