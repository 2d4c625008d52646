/* SPDX-License-Identifier: BSD-3-Clause */
#include <gait/report.h>

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "report/page.h"
#include "summary/read_summary.h"

void gait_report_options_init(gait_report_options *options)
{
    if (!options) return;
    memset(options, 0, sizeof *options);
}

const char *gait_report_language(unsigned index)
{
    const struct language *language = language_at(index);
    return language ? language->code : NULL;
}

gait_status gait_report_read(gait_summary **summary, const char *path, gait_error *err)
{
    static const char *const needed[] = {"sessions", "recordings", "bouts",    "strides",
                                         "summary",  "asymmetry",  "findings", "waveforms",
                                         "history",  NULL};
    const struct columns_wanted wanted = {.tables = needed};
    NEED(summary);
    NEED(path);
    return summary_load(summary, path, &wanted, err);
}

/* A study without a session named gives its index. */
static int wants_index(const gait_summary *summary, const gait_report_options *options)
{
    const gait_table *sessions = gait_summary_table(summary, "sessions");
    return !options->session_id && sessions && sessions->n_rows != 1 &&
           gait_summary_table(summary, "history");
}

static gait_status make(const gait_summary *summary, const gait_report_options *options, int is_pdf,
                        struct pen *pen, char **bytes, size_t *size, gait_error *err)
{
    struct page page;
    if (wants_index(summary, options))
        TRY(page_of_study(&page, summary, options, pen, err));
    else
        TRY(page_of_session(&page, summary, options, pen, err));
    return is_pdf ? page_to_pdf(&page, bytes, size, err) : page_to_html(&page, bytes, size, err);
}

gait_status gait_report_write(const gait_summary *summary, const gait_report_options *options,
                              const char *path, gait_error *err)
{
    gait_report_options standard;
    struct arena arena = {0};
    char *bytes = NULL;
    size_t size = 0;
    NEED(summary);
    NEED(path);
    gait_report_options_init(&standard);
    if (!options) options = &standard;
    const char *code = options->language ? options->language : "en";
    if ((unsigned)options->paper > GAIT_PAPER_LETTER)
        return gait_fail(err, GAIT_INVALID, "there is no paper %d", (int)options->paper);
    struct pen pen = {.arena = &arena, .language = language_find(code)};
    int is_pdf = text_ends_with(path, ".pdf");
    if (!pen.language)
        return gait_fail(err, GAIT_NOT_FOUND, "no page is written in language '%s'", code);
    if (!is_pdf && !text_ends_with(path, ".html"))
        return gait_fail(err, GAIT_INVALID, "%s: a page ends in .html or .pdf", path);
    gait_status st = make(summary, options, is_pdf, &pen, &bytes, &size, err);
    if (!st) st = file_store(path, bytes, size, err);
    free(bytes);
    arena_free(&arena);
    return st;
}
