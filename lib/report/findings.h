/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_FINDINGS_H
#define REPORT_FINDINGS_H

#include "report/page.h"

/* Findings as the page tells them; i is a row of the session's findings. */

/* All but those about the quality of the data, what asks for most first; how many. */
size_t findings_in_order(const struct view *view, size_t *order, size_t most);

enum tone finding_tone(const struct view *view, size_t i);

const char *finding_title(const struct view *view, size_t i);
const char *finding_evidence(const struct view *view, size_t i);

/* Column value, reference or limit with its unit; "" if it has none. */
const char *finding_quantity(const struct view *view, size_t i, const char *column);

void finding_card(struct card *card, const struct view *view, size_t i);

#endif
