/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_DOCUMENT_H
#define SUMMARY_DOCUMENT_H

#include <gait/summary.h>

#include "summary/sink.h"

/* To add a document: write lib/summary/NAME.c with a const struct document, then one line in
 * document.c. */
struct document {
    gait_document pub;
    /* GAIT_OK, GAIT_INVALID, GAIT_NOMEM; what the sink refuses is noticed by the caller. */
    gait_status (*write)(const gait_summary *summary, struct sink *sink, gait_error *err);
};

/* A cell of a column that may be missing: NaN, "". */
double document_number(const gait_table *table, const char *column, size_t row);
const char *document_text(const gait_table *table, const char *column, size_t row);

#endif
