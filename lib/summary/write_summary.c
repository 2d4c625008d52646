/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/file.h"
#include "summary/columns.h"
#include "summary/is_summary.h"

/* What will have the name is what was meant: a disk that loses bytes may say nothing. */
static gait_status compare_with(const struct file_draft *draft, const void *image, size_t size,
                                gait_error *err)
{
    void *bytes;
    size_t n;
    TRY(file_load(draft->temporary, size, &bytes, &n, err));
    int same = n == size && memcmp(bytes, image, size) == 0;
    free(bytes);
    if (same) return GAIT_OK;
    return gait_fail(err, GAIT_IO, "%s: reading it back gives other bytes", draft->name);
}

static gait_status store(const char *path, const void *image, size_t size, gait_error *err)
{
    struct file_draft draft = {0};
    gait_status st = file_draft_begin(&draft, path, err);
    if (!st) st = file_draft_write(&draft, image, size, err);
    if (!st) st = file_draft_seal(&draft, err);
    if (!st) st = compare_with(&draft, image, size, err);
    if (!st) st = file_draft_publish(&draft, err);
    file_draft_end(&draft);
    return st;
}

gait_status gait_summary_write(const gait_summary *summary, const char *path, gait_error *err)
{
    NEED(summary);
    NEED(path);
    void *image;
    size_t size;
    TRY(may_replace(path, err));
    TRY(columns_to_image(summary, &image, &size, err));
    gait_status st = store(path, image, size, err);
    free(image);
    return st;
}
