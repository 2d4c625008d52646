/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_NUMBERS_H
#define REPORT_NUMBERS_H

#include "report/page.h"

/* "Contact time, ms". */
const char *metric_label(const struct view *view, const struct shown *shown);

/* "246-249", the interval of a metric's median; "" if there is none. */
const char *interval_text(const struct view *view, const struct rows *limbs, size_t row,
                          const char *metric, const struct shown *shown);

#endif
