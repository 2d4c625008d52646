/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/read_summary.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"

/* A study of a thousand sessions with every stride stays below it. */
#define MOST_BYTES ((size_t)4 << 30)

static int is_known_code(const char *code)
{
    for (size_t i = 0; gait_rule_at(i); i++)
        if (strcmp(gait_rule_at(i)->code, code) == 0) return 1;
    return 0;
}

/* A finding nobody can explain must not be shown. A later minor version may know more of them. */
static gait_status check_codes(const gait_summary *summary, const char *path, gait_error *err)
{
    const gait_table *findings = gait_summary_table(summary, "findings");
    const gait_column *code = findings ? gait_table_column(findings, "code") : NULL;
    const char *version = gait_summary_attribute(summary, "format_version");
    if (!findings || !version || strcmp(version, FORMAT_VERSION) != 0) return GAIT_OK;
    if (!code || code->type != GAIT_TEXTS)
        return gait_fail(err, GAIT_FORMAT, "%s: table findings has no codes", path);
    for (size_t i = 0; i < findings->n_rows; i++)
        if (!is_known_code(code->texts[i]))
            return gait_fail(err, GAIT_FORMAT, "%s: table findings, row %zu: unknown code %s", path,
                             i, code->texts[i]);
    return GAIT_OK;
}

gait_status summary_load_open(gait_summary **summary, int fd, const char *path,
                              const struct columns_wanted *wanted, struct file_buffer *buffer,
                              gait_error *err)
{
    gait_summary *found = NULL;
    TRY(file_read(fd, path, MOST_BYTES, buffer, err));
    const struct image image = {path, buffer->bytes, buffer->size};
    TRY(columns_from_image(&found, &image, wanted, err));
    gait_status st = check_codes(found, path, err);
    if (st)
        gait_summary_free(&found);
    else
        *summary = found;
    return st;
}

gait_status summary_load(gait_summary **summary, const char *path,
                         const struct columns_wanted *wanted, gait_error *err)
{
    struct file_buffer buffer = {NULL, 0, 0};
    int fd;
    TRY(file_open(path, &fd, err));
    gait_status st = summary_load_open(summary, fd, path, wanted, &buffer, err);
    free(buffer.bytes);
    close(fd);
    return st;
}

gait_status gait_summary_read(gait_summary **summary, const char *path, gait_error *err)
{
    NEED(summary);
    NEED(path);
    return summary_load(summary, path, NULL, err);
}
