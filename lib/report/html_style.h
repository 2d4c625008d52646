/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_HTML_STYLE_H
#define REPORT_HTML_STYLE_H

#include <gait/report.h>

/* How the page looks; the same for every page but for the paper. */
extern const char *const html_style[]; /* pieces, NULL behind the last */
const char *html_paper_style(gait_paper paper);

#endif
