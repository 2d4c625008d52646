/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/document.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"

extern const struct document document_bids_events, document_bids_sidecar, document_fhir;

static const struct document *const rows[] = {
    &document_fhir,
    &document_bids_events,
    &document_bids_sidecar,
};

const gait_document *gait_document_at(size_t index)
{
    return index < sizeof rows / sizeof *rows ? &rows[index]->pub : NULL;
}

double document_number(const gait_table *table, const char *column, size_t row)
{
    const gait_column *found = gait_table_column(table, column);
    if (!found || row >= table->n_rows || found->type == GAIT_TEXTS) return NAN;
    return found->type == GAIT_DOUBLES ? found->doubles[row] : (double)found->integers[row];
}

const char *document_text(const gait_table *table, const char *column, size_t row)
{
    const gait_column *found = gait_table_column(table, column);
    return found && row < table->n_rows && found->type == GAIT_TEXTS ? found->texts[row] : "";
}

gait_status gait_summary_export(const gait_summary *summary, const char *document,
                                int (*write)(void *context, const char *text, size_t length),
                                void *context, gait_error *err)
{
    NEED(summary);
    NEED(document);
    NEED(write);
    struct sink sink = {.write = write, .context = context};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i]->pub.name, document) != 0) continue;
        TRY(rows[i]->write(summary, &sink, err));
        sink_flush(&sink);
        return sink.refused ? gait_fail(err, GAIT_IO, "%s: cannot write", document) : GAIT_OK;
    }
    return gait_fail(err, GAIT_NOT_FOUND, "no document is called '%s'", document);
}
