/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/recording_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/read_arrays.h"

void gait_recording_options_init(gait_recording_options *options)
{
    if (!options) return;
    memset(options, 0, sizeof *options);
}

const char *recording_name(const gait_recording *r)
{
    return source_name(r->source);
}

gait_status recording_no_memory(const gait_recording *r, gait_error *err)
{
    return gait_fail(err, GAIT_NOMEM, "%s: no memory to read it", recording_name(r));
}

static gait_status keep_text(gait_recording *r, const char **text, gait_error *err)
{
    if (!*text) return GAIT_OK;
    size_t room = strlen(*text) + 1;
    char *copy = ARENA_NEW(&r->arena, room, char);
    if (!copy) return recording_no_memory(r, err);
    memcpy(copy, *text, room);
    *text = copy;
    return GAIT_OK;
}

static gait_status check_options(const gait_recording_options *o, gait_error *err)
{
    if (!(o->rate_hz == 0 || (o->rate_hz >= 1 && o->rate_hz <= 20000)))
        return gait_fail(err, GAIT_INVALID, "rate %g Hz; expected 1 to 20000", o->rate_hz);
    if (!(o->range_g >= 0 && o->range_g <= 1000))
        return gait_fail(err, GAIT_INVALID, "range %g g; expected up to 1000", o->range_g);
    if ((unsigned)o->placement >= GAIT_N_PLACEMENTS)
        return gait_fail(err, GAIT_INVALID, "placement %d is none", (int)o->placement);
    if ((unsigned)o->side >= GAIT_N_SIDES)
        return gait_fail(err, GAIT_INVALID, "side %d is none", (int)o->side);
    if (o->unit && !accel_unit(o->unit))
        return gait_fail(err, GAIT_INVALID, "unit \"%.20s\"; known: g, m/s2, mg, g/64", o->unit);
    if (o->task && !sidecar_task(o->task))
        return gait_fail(err, GAIT_INVALID, "task \"%.20s\"; known: %s", o->task,
                         sidecar_known_tasks);
    return GAIT_OK;
}

static gait_status keep_options(gait_recording *r, const gait_recording_options *options,
                                gait_error *err)
{
    gait_recording_options *o = &r->options;
    if (!options) return GAIT_OK;
    *o = *options;
    TRY(check_options(o, err));
    TRY(keep_text(r, &o->unit, err));
    TRY(keep_text(r, &o->columns, err));
    TRY(keep_text(r, &o->mounting, err));
    TRY(keep_text(r, &o->sensor, err));
    TRY(keep_text(r, &o->task, err));
    o->sidecar_json = NULL; /* read at once */
    TRY(keep_text(r, &o->subject_id, err));
    return keep_text(r, &o->session_id, err);
}

static gait_status choose_format(gait_recording *r, gait_error *err)
{
    const unsigned char *head;
    size_t n;
    int best = 0;
    TRY(source_peek(r->source, &head, &n, err));
    if (!n) return gait_fail(err, GAIT_FORMAT, "%s: is empty", recording_name(r));
    for (size_t i = 0; format_row(i); i++) {
        int score = format_row(i)->probe(head, n, text_base_name(recording_name(r)),
                                         source_extension(r->source));
        if (score <= best) continue;
        best = score;
        r->format = format_row(i);
    }
    if (!best)
        return gait_fail(err, GAIT_FORMAT,
                         "%s: no known format begins like this; `gait list formats` shows them",
                         recording_name(r));
    return GAIT_OK;
}

static gait_status make_clock(gait_recording *r, gait_error *err)
{
    double rate_hz = r->info.nominal_rate_hz;
    if (!r->description.has_stamps && !isfinite(rate_hz))
        return gait_fail(err, GAIT_FORMAT,
                         "%s: has no time column and nothing states the rate; give --rate or "
                         "\"sample_rate_hz\" in the sidecar",
                         recording_name(r));
    return clock_new(&r->clock, recording_name(r), rate_hz, r->description.has_stamps,
                     r->description.has_gyro, err);
}

static gait_status pull_block(gait_recording *r, gait_block *block, gait_error *err)
{
    for (;;) {
        TRY(clock_pull(r->clock, block, err));
        if (block->n_frames || r->ended) return GAIT_OK;
        struct frames f;
        TRY(recording_next_frames(r, &f, err));
        if (f.n) {
            TRY(recording_convert(r, &f, err));
            TRY(clock_push(r->clock, &f, err));
        } else {
            TRY(clock_finish(r->clock, err));
            r->ended = 1;
        }
    }
}

static void describe_time(gait_recording *r)
{
    gait_recording_info *info = &r->info;
    const struct description *d = &r->description;
    text_print(r->time_evidence, sizeof r->time_evidence, "%s%s%s", d->time_evidence,
               *d->time_evidence ? "; " : "", clock_evidence(r->clock));
    info->time_evidence = r->time_evidence;
    info->rate_hz = clock_rate_hz(r->clock);
    info->start_s = r->first.start_s;
    info->start_unix_s = d->start_unix_s + r->first.start_s;
    info->time_kind = d->time_kind;
    info->utc_offset_s = d->utc_offset_s;
    if (isfinite(r->sidecar.start_unix_s)) {
        info->start_unix_s = r->sidecar.start_unix_s;
        info->time_kind = r->sidecar.time_kind;
        info->utc_offset_s = r->sidecar.utc_offset_s;
    }
    info->start_time =
        start_time_print(info->start_unix_s, info->time_kind, info->utc_offset_s, r->start_time);
}

static gait_status start(gait_recording *r, gait_error *err)
{
    if (!r->format) TRY(choose_format(r, err));
    TRY(recording_open_reader(r, err));
    if (r->description.gravity_removed)
        return gait_fail(err, GAIT_UNSUPPORTED,
                         "%s: gravity was removed, which gait needs: record or export the total "
                         "acceleration (here %s)",
                         recording_name(r), r->description.column_evidence);
    TRY(recording_look_ahead(r, err));
    TRY(recording_understand(r, err));
    TRY(recording_calibrate(r, err));
    TRY(make_clock(r, err));
    TRY(pull_block(r, &r->first, err));
    if (!r->first.n_frames)
        return gait_fail(err, GAIT_FORMAT, "%s: holds no valid samples", recording_name(r));
    r->has_first = 1;
    describe_time(r);
    survey_init(&r->survey, r->info.rate_hz, r->info.range_g);
    return GAIT_OK;
}

static gait_recording *new_recording(void)
{
    gait_recording *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    sidecar_init(&r->sidecar);
    gait_recording_options_init(&r->options);
    r->quality.calibration_error_before_g = r->quality.calibration_error_after_g = NAN;
    r->quality.effective_rate_hz = NAN;
    return r;
}

static gait_status open_with(gait_recording *r, gait_recording **recording,
                             const gait_recording_options *options, gait_error *err)
{
    gait_status st = keep_options(r, options, err);
    if (!st && options && options->sidecar_json)
        st = sidecar_override(&r->sidecar, options->sidecar_json, text_base_name(recording_name(r)),
                              err);
    if (!st) st = start(r, err);
    if (!st) *recording = r;
    return st;
}

gait_status gait_recording_open(gait_recording **recording, const char *path,
                                const gait_recording_options *options, gait_error *err)
{
    NEED(recording);
    NEED(path);
    gait_recording *r = new_recording();
    if (!r) return gait_fail(err, GAIT_NOMEM, "%s: no memory to open it", path);
    gait_status st = source_open(&r->source, path, err);
    if (!st && !(options && options->ignore_sidecar)) st = sidecar_read(&r->sidecar, path, err);
    if (!st) st = open_with(r, recording, options, err);
    if (st) gait_recording_close(&r);
    return st;
}

gait_status gait_recording_open_memory(gait_recording **recording, const char *name,
                                       const void *bytes, size_t size,
                                       const gait_recording_options *options, gait_error *err)
{
    NEED(recording);
    NEED(name);
    if (size) NEED(bytes);
    gait_recording *r = new_recording();
    if (!r) return gait_fail(err, GAIT_NOMEM, "%s: no memory to open it", name);
    gait_status st = source_open_memory(&r->source, name, bytes, size, err);
    if (!st) st = open_with(r, recording, options, err);
    if (st) gait_recording_close(&r);
    return st;
}

static gait_status check_arrays(const gait_arrays *a, const gait_recording_options *options,
                                gait_error *err)
{
    const char *name = a->name ? a->name : "array";
    if (!a->accel_g.data) return gait_fail(err, GAIT_INVALID, "%s: has no acceleration", name);
    if (!a->n_frames) return gait_fail(err, GAIT_INVALID, "%s: holds no frames", name);
    if (!a->time_s.data && !(options && options->rate_hz > 0))
        return gait_fail(err, GAIT_INVALID, "%s: has neither time stamps nor a rate", name);
    const gait_array *each[] = {&a->accel_g, &a->gyro_dps, &a->time_s};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        if (each[i]->type != GAIT_FLOAT64 && each[i]->type != GAIT_FLOAT32)
            return gait_fail(err, GAIT_INVALID,
                             "%s: numbers are of type %d; expected doubles or "
                             "floats",
                             name, (int)each[i]->type);
    return GAIT_OK;
}

gait_status gait_recording_open_arrays(gait_recording **recording, const gait_arrays *arrays,
                                       const gait_recording_options *options, gait_error *err)
{
    NEED(recording);
    NEED(arrays);
    TRY(check_arrays(arrays, options, err));
    gait_recording *r = new_recording();
    const char *name = arrays->name ? arrays->name : "array";
    if (!r) return gait_fail(err, GAIT_NOMEM, "%s: no memory to open it", name);
    r->arrays = *arrays;
    r->format = &format_arrays;
    gait_status st = source_open_noted(&r->source, name, &r->arrays, arrays_size(arrays), err);
    if (!st) st = open_with(r, recording, options, err);
    if (st) gait_recording_close(&r);
    return st;
}

const gait_recording_info *gait_recording_get_info(const gait_recording *recording)
{
    return recording ? &recording->info : NULL;
}

const gait_recording_quality *gait_recording_get_quality(const gait_recording *recording)
{
    return recording ? &recording->quality : NULL;
}

double gait_recording_progress(const gait_recording *recording)
{
    if (!recording) return 0;
    return recording->ended ? 1 : source_progress(recording->source);
}

static void report_survey(gait_recording *r)
{
    gait_recording_quality *q = &r->quality;
    const struct survey *s = &r->survey;
    q->n_clipped = s->n_clipped;
    q->filler_s = (double)s->n_filler / r->info.rate_hz;
    if (!s->range_stated && isfinite(s->range_g)) {
        r->info.range_g = s->range_g;
        r->info.range_source = "guess";
    }
    if (r->is_calibrated)
        q->calibration_error_after_g = still_error_g(&s->still);
    else
        q->calibration_error_before_g = still_error_g(&s->still);
}

gait_status gait_recording_read(gait_recording *recording, gait_block *block, gait_error *err)
{
    NEED(recording);
    NEED(block);
    gait_recording *r = recording;
    memset(block, 0, sizeof *block);
    if (r->has_first)
        *block = r->first;
    else
        TRY(pull_block(r, block, err));
    r->has_first = 0;
    TRY(survey_block(&r->survey, block, err));
    clock_report(r->clock, &r->quality);
    r->quality.n_duplicates += r->n_duplicates;
    if (block->n_frames) return GAIT_OK;
    report_survey(r);
    if (*r->quality.content_hash) return GAIT_OK;
    return source_hash(r->source, r->quality.content_hash, err);
}

void gait_recording_close(gait_recording **recording)
{
    if (!recording || !*recording) return;
    gait_recording *r = *recording;
    if (r->state) r->format->close(r->state);
    clock_free(&r->clock);
    survey_free(&r->survey);
    prefix_free(&r->prefix);
    free(r->accel_g);
    free(r->gyro_dps);
    sidecar_free(&r->sidecar);
    arena_free(&r->arena);
    source_close(&r->source);
    free(r);
    *recording = NULL;
}

const gait_sensor_entry *gait_recording_sensor_at(const gait_recording *recording, size_t index)
{
    if (!recording) return NULL;
    const struct description *d = &recording->description;
    return index < d->n_sensors ? &d->sensors[index] : NULL;
}

gait_status gait_recording_check_sensor(const gait_recording *recording, gait_error *err)
{
    if (!recording) return gait_fail(err, GAIT_INVALID, "recording is NULL");
    const gait_recording_info *info = gait_recording_get_info(recording);
    if (strcmp(info->sensor_source, "first") != 0) return GAIT_OK;
    return gait_fail(err, GAIT_INVALID,
                     "%s: holds several sensors, such as %s and %s: choose one as FILE:SENSOR "
                     "(gait inspect lists them)",
                     info->file, gait_recording_sensor_at(recording, 0)->name,
                     gait_recording_sensor_at(recording, 1)->name);
}
