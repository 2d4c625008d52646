/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/recording_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"

enum { PREFIX_FRAMES = 32768 };

static void description_init(struct description *d)
{
    memset(d, 0, sizeof *d);
    d->nominal_rate_hz = d->range_g = d->start_unix_s = d->utc_offset_s = NAN;
}

gait_status recording_open_reader(gait_recording *r, gait_error *err)
{
    if (r->state) r->format->close(r->state);
    r->state = NULL;
    r->reader_ended = 0;
    description_init(&r->description);
    return r->format->open(r->source, &r->options, &r->sidecar, &r->description, &r->state, err);
}

static void note_damage(gait_recording_quality *quality, const struct damage *bad)
{
    if (bad->n && !quality->n_bad_blocks)
        text_print(quality->first_bad, sizeof quality->first_bad, "%s", bad->first);
    quality->n_bad_blocks += bad->n;
}

static gait_status read_frames(gait_recording *r, struct frames *f, gait_error *err)
{
    memset(f, 0, sizeof *f);
    if (r->reader_ended) return GAIT_OK;
    TRY(r->format->read(r->state, f, err));
    note_damage(&r->quality, &f->bad);
    r->n_duplicates += f->n_duplicates;
    if (f->n) return GAIT_OK;
    r->reader_ended = 1;
    text_print(r->quality.broken_off, sizeof r->quality.broken_off, "%s",
               source_broken_off(r->source));
    r->quality.n_bad_blocks += *r->quality.broken_off != '\0';
    return GAIT_OK;
}

static gait_status grow_prefix(gait_recording *r, size_t n, gait_error *err)
{
    struct prefix *p = &r->prefix;
    if (n <= p->room) return GAIT_OK;
    size_t room = n > 2 * p->room ? n : 2 * p->room;
    const struct description *d = &r->description;
    struct prefix bigger = {.n = p->n, .room = room};
    if (d->has_stamps) bigger.stamp_s = malloc(room * sizeof(double));
    if (d->has_gyro) bigger.gyro = malloc(3 * room * sizeof(float));
    bigger.accel = malloc(3 * room * sizeof(float));
    bigger.marks = malloc(room);
    bigger.breaks = malloc(room);
    bool short_of = !bigger.accel || !bigger.marks || !bigger.breaks ||
                    (d->has_stamps && !bigger.stamp_s) || (d->has_gyro && !bigger.gyro);
    if (!short_of && p->n) {
        if (bigger.stamp_s) memcpy(bigger.stamp_s, p->stamp_s, p->n * sizeof(double));
        if (bigger.gyro) memcpy(bigger.gyro, p->gyro, 3 * p->n * sizeof(float));
        memcpy(bigger.accel, p->accel, 3 * p->n * sizeof(float));
        memcpy(bigger.marks, p->marks, p->n);
        memcpy(bigger.breaks, p->breaks, p->n);
    }
    struct prefix old = short_of ? bigger : *p;
    if (!short_of) *p = bigger;
    free(old.stamp_s);
    free(old.accel);
    free(old.gyro);
    free(old.marks);
    free(old.breaks);
    return short_of ? recording_no_memory(r, err) : GAIT_OK;
}

static void append_to_prefix(struct prefix *p, const struct frames *f)
{
    if (p->stamp_s) memcpy(p->stamp_s + p->n, f->stamp_s, f->n * sizeof(double));
    if (p->gyro) memcpy(p->gyro + 3 * p->n, f->gyro, 3 * f->n * sizeof(float));
    memcpy(p->accel + 3 * p->n, f->accel, 3 * f->n * sizeof(float));
    memset(p->breaks + p->n, 0, f->n);
    p->breaks[p->n] = (uint8_t)f->new_segment;
    if (f->marks)
        memcpy(p->marks + p->n, f->marks, f->n);
    else
        memset(p->marks + p->n, 0, f->n);
    p->n += f->n;
}

gait_status recording_look_ahead(gait_recording *r, gait_error *err)
{
    while (r->prefix.n < PREFIX_FRAMES && !r->reader_ended) {
        struct frames f;
        TRY(read_frames(r, &f, err));
        if (!f.n) break;
        TRY(grow_prefix(r, r->prefix.n + f.n, err));
        append_to_prefix(&r->prefix, &f);
    }
    if (!r->prefix.n) return gait_fail(err, GAIT_FORMAT, "%s: holds no samples", recording_name(r));
    return GAIT_OK;
}

void prefix_free(struct prefix *p)
{
    free(p->stamp_s);
    free(p->accel);
    free(p->gyro);
    free(p->marks);
    free(p->breaks);
    memset(p, 0, sizeof *p);
}

/* Prefix frames up to the next break, without moving on. */
static void next_of_prefix(const struct prefix *p, struct frames *f)
{
    size_t i = p->used, end = i + 1;
    while (end < p->n && !p->breaks[end]) end++;
    memset(f, 0, sizeof *f);
    f->n = end - i;
    f->stamp_s = p->stamp_s ? p->stamp_s + i : NULL;
    f->accel = p->accel + 3 * i;
    f->gyro = p->gyro ? p->gyro + 3 * i : NULL;
    f->marks = p->marks + i;
    f->new_segment = p->breaks[i];
}

gait_status recording_next_frames(gait_recording *r, struct frames *f, gait_error *err)
{
    struct prefix *p = &r->prefix;
    if (p->used == p->n) prefix_free(p);
    if (!p->n) return read_frames(r, f, err);
    next_of_prefix(p, f);
    p->used += f->n;
    return GAIT_OK;
}

gait_status recording_start_over(gait_recording *r, gait_error *err)
{
    TRY(source_rewind(r->source, err));
    prefix_free(&r->prefix);
    r->quality.n_bad_blocks = r->n_duplicates = 0;
    r->quality.first_bad[0] = '\0';
    TRY(recording_open_reader(r, err));
    return recording_look_ahead(r, err);
}
