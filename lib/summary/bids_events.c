/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>

#include "base/fail.h"
#include "base/text.h"
#include "summary/document.h"

/* Events as the Brain Imaging Data Structure has them: onset, duration and kind of each, in order
 * of time. Bouts are events that last. */

struct row {
    const gait_table *table;
    size_t index;
    double onset_s;
};

static int by_onset(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->onset_s < y->onset_s) return -1;
    if (x->onset_s > y->onset_s) return 1;
    if (x->table != y->table) return x->table < y->table ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static size_t take(struct row *rows, const gait_table *table, const char *onset)
{
    size_t n = table ? table->n_rows : 0;
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct row){table, i, document_number(table, onset, i)};
    return n;
}

static void put_number(struct sink *sink, double value)
{
    char text[NUMBER_ROOM];
    sink_char(sink, '\t');
    sink_text(sink, isfinite(value) ? number_to_text(value, text) : "n/a");
}

static void put_word(struct sink *sink, const char *word)
{
    sink_char(sink, '\t');
    sink_text(sink, *word ? word : "n/a");
}

static void put_row(struct sink *sink, const struct row *row, int is_bout)
{
    const gait_table *table = row->table;
    char text[NUMBER_ROOM];
    double end_s = document_number(table, "end_s", row->index);
    sink_text(sink, number_to_text(row->onset_s, text));
    put_number(sink, is_bout ? end_s - row->onset_s : 0);
    put_word(sink, document_text(table, is_bout ? "activity" : "type", row->index));
    put_word(sink, document_text(table, "side", row->index));
    put_word(sink, document_text(table, "sensor", row->index));
    put_number(sink, document_number(table, "uncertainty_s", row->index));
    put_number(sink, document_number(table, "confidence", row->index));
    sink_char(sink, '\n');
}

static gait_status write_events(const gait_summary *summary, struct sink *sink, gait_error *err)
{
    const gait_table *bouts = gait_summary_table(summary, "bouts");
    const gait_table *events = gait_summary_table(summary, "events");
    if (!events || !bouts)
        return gait_fail(err, GAIT_INVALID, "the summary has no events: a study made without them");
    struct row *rows = malloc((bouts->n_rows + events->n_rows + 1) * sizeof *rows);
    if (!rows) return gait_fail(err, GAIT_NOMEM, "no memory for the events");
    size_t n = take(rows, bouts, "start_s");
    n += take(rows + n, events, "time_s");
    qsort(rows, n, sizeof *rows, by_onset);
    sink_text(sink, "onset\tduration\ttrial_type\tside\tsensor\tuncertainty\tconfidence\n");
    for (size_t i = 0; i < n; i++) put_row(sink, &rows[i], rows[i].table == bouts);
    free(rows);
    return GAIT_OK;
}

static gait_status write_sidecar(const gait_summary *summary, struct sink *sink, gait_error *err)
{
    (void)summary;
    (void)err;
    static const char *const columns[][3] = {
        {"onset", "s", "Time on the session's clock"},
        {"duration", "s", "Length of a bout; 0 for an event"},
        {"trial_type", NULL, "foot_strike, toe_off, or the activity of a bout"},
        {"side", NULL, "left, right, unknown, or a and b for steps of limbs not told apart"},
        {"sensor", NULL, "Side and placement of the sensor"},
        {"uncertainty", "s", "One standard deviation of the onset"},
        {"confidence", "1", "0 to 1 that there is such an event, or that the activity is right"},
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        sink_text(sink, i ? ",\n  \"" : "{\n  \"");
        sink_text(sink, columns[i][0]);
        sink_text(sink, "\": {\"Description\": \"");
        sink_text(sink, columns[i][2]);
        if (columns[i][1]) {
            sink_text(sink, "\", \"Units\": \"");
            sink_text(sink, columns[i][1]);
        }
        sink_text(sink, "\"}");
    }
    sink_text(sink, "\n}\n");
    return GAIT_OK;
}

const struct document document_bids_events = {
    {"bids-events", "Events and bouts as a Motion-BIDS *_events.tsv"}, write_events};

const struct document document_bids_sidecar = {
    {"bids-sidecar", "What its columns mean, as *_events.json"}, write_sidecar};
