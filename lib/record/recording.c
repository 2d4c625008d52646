/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gait/arrays.h>
#include <gait/recording.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/text.h"
#include "record/calibrate.h"
#include "record/clock.h"
#include "record/format.h"
#include "record/mounting.h"
#include "record/start_time.h"
#include "record/read_arrays.h"
#include "record/survey.h"
#include "record/units.h"

/* Units, rate and dead axes are decided on so many first frames, which are then delivered like all
 * others. */
enum { PREFIX_FRAMES = 32768 };

/* Frames read ahead while opening, in the file's units. */
struct prefix {
    size_t n, used, room;
    double *stamp_s;
    float *accel, *gyro;
    uint8_t *marks;
    uint8_t *breaks; /* 1: the file says that time does not go on smoothly before this frame */
};

struct gait_recording {
    struct source *source;
    const struct format *format;
    void *state;        /* the reader's */
    gait_arrays arrays; /* for recordings in memory */
    struct description description;
    struct sidecar sidecar;
    gait_recording_options options; /* its texts live in the arena */
    struct arena arena;
    struct prefix prefix;
    struct clock *clock;
    double scale[3], offset_g[3]; /* g = offset + scale * as read */
    float gyro_scale;
    int is_calibrated; /* by the sidecar or by still windows */
    int as_read;       /* scale is 1 and offset 0: nothing to convert */
    size_t room;
    float *accel_g, *gyro_dps; /* converted frames on their way into the clock */
    struct survey survey;
    gait_block first;      /* pulled while opening */
    uint64_t n_duplicates; /* dropped by the reader */
    int has_first, reader_ended, ended;
    char time_evidence[2 * EVIDENCE_ROOM];
    char unit_evidence[2 * EVIDENCE_ROOM];
    char calibration[EVIDENCE_ROOM];
    char start_time[START_TIME_ROOM];
    struct magnitude size; /* of the prefix */
    gait_recording_info info;
    gait_recording_quality quality;
};

void gait_recording_options_init(gait_recording_options *options)
{
    if (!options) return;
    memset(options, 0, sizeof *options);
}

static void description_init(struct description *d)
{
    memset(d, 0, sizeof *d);
    d->nominal_rate_hz = d->range_g = d->start_unix_s = d->utc_offset_s = NAN;
}

static const char *name_of(const gait_recording *r)
{
    return source_name(r->source);
}

static gait_status no_memory(const gait_recording *r, gait_error *err)
{
    return gait_fail(err, GAIT_NOMEM, "%s: no memory to read it", name_of(r));
}

static gait_status keep_text(gait_recording *r, const char **text, gait_error *err)
{
    if (!*text) return GAIT_OK;
    size_t room = strlen(*text) + 1;
    char *copy = ARENA_NEW(&r->arena, room, char);
    if (!copy) return no_memory(r, err);
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
        return gait_fail(err, GAIT_INVALID, "task \"%.20s\"; known: run, walk, knee-bend, squat",
                         o->task);
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
    if (!n) return gait_fail(err, GAIT_FORMAT, "%s: is empty", name_of(r));
    for (size_t i = 0; format_row(i); i++) {
        int score =
            format_row(i)->probe(head, n, text_base_name(name_of(r)), source_extension(r->source));
        if (score <= best) continue;
        best = score;
        r->format = format_row(i);
    }
    if (!best)
        return gait_fail(err, GAIT_FORMAT,
                         "%s: no known format begins like this; `gait list formats` shows them",
                         name_of(r));
    return GAIT_OK;
}

static gait_status open_reader(gait_recording *r, gait_error *err)
{
    if (r->state) r->format->close(r->state);
    r->state = NULL;
    r->reader_ended = 0;
    description_init(&r->description);
    return r->format->open(r->source, &r->options, &r->sidecar, &r->description, &r->state, err);
}

static gait_status read_frames(gait_recording *r, struct frames *f, gait_error *err)
{
    memset(f, 0, sizeof *f);
    if (r->reader_ended) return GAIT_OK;
    TRY(r->format->read(r->state, f, err));
    r->quality.n_bad_blocks += f->n_bad_blocks;
    r->n_duplicates += f->n_duplicates;
    if (f->n) return GAIT_OK;
    r->reader_ended = 1;
    r->quality.n_bad_blocks += (uint64_t)source_is_cut(r->source);
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
    return short_of ? no_memory(r, err) : GAIT_OK;
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

static gait_status fill_prefix(gait_recording *r, gait_error *err)
{
    while (r->prefix.n < PREFIX_FRAMES && !r->reader_ended) {
        struct frames f;
        TRY(read_frames(r, &f, err));
        if (!f.n) break;
        TRY(grow_prefix(r, r->prefix.n + f.n, err));
        append_to_prefix(&r->prefix, &f);
    }
    if (!r->prefix.n) return gait_fail(err, GAIT_FORMAT, "%s: holds no samples", name_of(r));
    return GAIT_OK;
}

static void free_prefix(struct prefix *p)
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

static gait_status next_frames(gait_recording *r, struct frames *f, gait_error *err)
{
    struct prefix *p = &r->prefix;
    if (p->used == p->n) free_prefix(p);
    if (!p->n) return read_frames(r, f, err);
    next_of_prefix(p, f);
    p->used += f->n;
    return GAIT_OK;
}

static double rate_of_prefix(const gait_recording *r)
{
    const struct prefix *p = &r->prefix;
    double span = p->stamp_s && p->n > 1 ? p->stamp_s[p->n - 1] - p->stamp_s[0] : 0;
    if (span > 0) return (double)(p->n - 1) / span;
    return r->options.rate_hz > 0 ? r->options.rate_hz : r->description.nominal_rate_hz;
}

static gait_status choose_unit(gait_recording *r, gait_error *err)
{
    gait_recording_info *info = &r->info;
    TRY(measure_magnitude(r->prefix.accel, r->prefix.n, rate_of_prefix(r), &r->size, err));
    info->unit_evidence = r->unit_evidence;
    if (r->options.unit) {
        info->unit = accel_unit(r->options.unit);
        info->unit_source = "option";
    } else if (*r->sidecar.unit) {
        info->unit = r->sidecar.unit;
        info->unit_source = "sidecar";
    } else if (*r->description.unit) {
        info->unit = r->description.unit;
        info->unit_source = "file";
        text_print(r->unit_evidence, sizeof r->unit_evidence, "%s", r->description.unit_evidence);
    } else {
        info->unit = guess_unit(&r->size, r->unit_evidence, sizeof r->unit_evidence);
        info->unit_source = "guess";
    }
    if (!info->unit)
        return gait_fail(err, GAIT_FORMAT,
                         "%s: nothing states the unit and the %s; give it with --unit or \"unit\" "
                         "in the sidecar",
                         name_of(r), r->unit_evidence);
    double in_g = accel_unit_in_g(info->unit);
    if (!(in_g > 0)) return gait_fail(err, GAIT_INVALID, "unit \"%s\" is not known", info->unit);
    for (int k = 0; k < 3; k++) r->scale[k] = in_g;
    return r->description.feels_gravity ? GAIT_OK
                                        : check_gravity(&r->size, info->unit, name_of(r), err);
}

/* Less moves a still sensor by its noise alone. */
static const double least_motion_g = 0.03;

static const char *guess_from_prefix(gait_recording *r)
{
    char evidence[EVIDENCE_ROOM] = "";
    size_t n = strlen(r->unit_evidence);
    bool moves = r->size.sd * r->scale[0] > least_motion_g;
    const char *unit =
        guess_gyro_unit(r->prefix.gyro, r->prefix.n, moves, evidence, sizeof evidence);
    text_print(r->unit_evidence + n, sizeof r->unit_evidence - n, "%s%s", n ? "; " : "", evidence);
    return unit;
}

static void choose_gyro_unit(gait_recording *r)
{
    const char *unit = r->description.gyro_unit;
    if (!r->description.has_gyro) return;
    if (*r->sidecar.gyro_unit) unit = r->sidecar.gyro_unit;
    if (!*unit) unit = guess_from_prefix(r);
    r->gyro_scale = unit ? (float)gyro_unit_in_dps(unit) : 1;
}

/* Every third number, as far as they are finite; two or more of them. */
static bool never_changes(const float *x, size_t n)
{
    float low = INFINITY, high = -INFINITY;
    size_t found = 0;
    for (size_t i = 0; i < n && !(low < high); i++) {
        if (!isfinite(x[3 * i])) continue;
        low = fminf(low, x[3 * i]);
        high = fmaxf(high, x[3 * i]);
        found++;
    }
    return found > 1 && !(low < high);
}

static void find_dead_axes(gait_recording *r)
{
    const struct prefix *p = &r->prefix;
    int dead = 0;
    for (size_t k = 0; k < 3; k++)
        if (never_changes(p->accel + k, p->n)) dead |= 1 << k;
    r->info.dead_axes = dead;
}

static gait_status check_dead_axes(const gait_recording *r, gait_error *err)
{
    int dead = r->info.dead_axes;
    int n = (dead & 1) + (dead >> 1 & 1) + (dead >> 2 & 1);
    if (n < 2 || r->prefix.n < 100) return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT,
                     "%s: %d of 3 acceleration axes never change in the first %zu frames; expected "
                     "at most one",
                     name_of(r), n, r->prefix.n);
}

/* Options win over the sidecar, the sidecar over the file; 0 is "not given" in options. */
static double choose_number(double option, double sidecar, double file, const char **source)
{
    const char *from = "unknown";
    double value = NAN;
    if (option > 0) {
        value = option;
        from = "option";
    } else if (isfinite(sidecar)) {
        value = sidecar;
        from = "sidecar";
    } else if (isfinite(file)) {
        value = file;
        from = "file";
    }
    if (source) *source = from;
    return value;
}

static const char *choose_text(const char *option, const char *sidecar)
{
    return option && *option ? option : sidecar;
}

static const char *source_of(int option, int sidecar, int file)
{
    return option ? "option" : sidecar ? "sidecar" : file ? "file" : "unknown";
}

static void choose_body(gait_recording *r)
{
    gait_recording_info *info = &r->info;
    const gait_recording_options *o = &r->options;
    const struct sidecar *s = &r->sidecar;
    const struct description *d = &r->description;
    info->placement = o->placement ? o->placement : s->placement ? s->placement : d->placement;
    info->placement_source = source_of(o->placement != 0, s->placement != 0, d->placement != 0);
    info->side = o->side ? o->side : s->side ? s->side : d->side;
    info->side_source = source_of(o->side != 0, s->side != 0, d->side != 0);
    info->subject_id = choose_text(o->subject_id, s->subject_id);
    info->session_id = choose_text(o->session_id, s->session_id);
    info->mass_kg = choose_number(o->mass_kg, s->mass_kg, NAN, NULL);
    info->height_m = choose_number(o->height_m, s->height_m, NAN, NULL);
    info->speed_mps = choose_number(o->speed_mps, s->speed_mps, NAN, NULL);
    info->slope_deg = s->slope_deg;
    info->distance_m = s->distance_m;
    info->affected_side = s->affected_side;
    info->task = choose_text(o->task ? sidecar_task(o->task) : NULL, s->task);
    info->sidecar_json = s->json ? s->json : "";
}

static gait_status choose_mounting(gait_recording *r, gait_error *err)
{
    struct mounting mounting;
    if (!r->options.mounting) {
        memcpy(r->info.axes, r->sidecar.axes, sizeof r->info.axes);
        r->info.axes_known = r->sidecar.axes_known;
        return GAIT_OK;
    }
    TRY(mounting_from_text(&mounting, r->options.mounting, err));
    memcpy(r->info.axes, mounting.axes, sizeof r->info.axes);
    r->info.axes_known = mounting.known;
    return GAIT_OK;
}

static void describe_file(gait_recording *r)
{
    gait_recording_info *info = &r->info;
    const struct description *d = &r->description;
    info->file = text_base_name(name_of(r));
    info->format = r->format->pub.name;
    info->format_evidence = d->evidence;
    info->sensor = d->sensor;
    info->sensor_source = d->n_sensors < 2 ? "" : r->options.sensor ? "option" : "first";
    info->device = d->device;
    info->column_evidence = d->column_evidence;
    info->has_gyro = d->has_gyro;
    info->range_g = choose_number(r->options.range_g, r->sidecar.accel_range_g, d->range_g,
                                  &info->range_source);
    info->nominal_rate_hz =
        choose_number(r->options.rate_hz, r->sidecar.sample_rate_hz, d->nominal_rate_hz, NULL);
}

static int is_as_read(const gait_recording *r)
{
    for (int k = 0; k < 3; k++)
        if (fabs(r->scale[k] - 1) > 0 || fabs(r->offset_g[k]) > 0) return 0;
    return 1;
}

/* Puts a calibration behind the unit's factor. */
static void calibrate_by(gait_recording *r, const double scale[3], const double offset_g[3])
{
    for (int k = 0; k < 3; k++) {
        r->scale[k] *= scale[k];
        r->offset_g[k] = offset_g[k] + scale[k] * r->offset_g[k];
    }
    r->as_read = is_as_read(r);
}

static gait_status make_clock(gait_recording *r, gait_error *err)
{
    double rate_hz = r->info.nominal_rate_hz;
    if (!r->description.has_stamps && !isfinite(rate_hz))
        return gait_fail(err, GAIT_FORMAT,
                         "%s: has no time column and nothing states the rate; give --rate or "
                         "\"sample_rate_hz\" in the sidecar",
                         name_of(r));
    return clock_new(&r->clock, name_of(r), rate_hz, r->description.has_stamps,
                     r->description.has_gyro, err);
}

static gait_status grow_converted(gait_recording *r, size_t n, gait_error *err)
{
    if (n <= r->room) return GAIT_OK;
    free(r->accel_g);
    free(r->gyro_dps);
    r->accel_g = malloc(3 * n * sizeof(float));
    r->gyro_dps = malloc(3 * n * sizeof(float));
    r->room = r->accel_g && r->gyro_dps ? n : 0;
    return r->room ? GAIT_OK : no_memory(r, err);
}

/* In double: a stored float in m/s2 becomes the float next to its value in g. */
static gait_status convert(gait_recording *r, struct frames *f, gait_error *err)
{
    if (!r->as_read || f->gyro) TRY(grow_converted(r, f->n, err));
    if (!r->as_read) {
        for (size_t i = 0; i < f->n; i++)
            for (size_t k = 0; k < 3; k++)
                r->accel_g[3 * i + k] =
                    (float)(r->offset_g[k] + r->scale[k] * (double)f->accel[3 * i + k]);
        f->accel = r->accel_g;
    }
    if (f->gyro) {
        for (size_t i = 0; i < 3 * f->n; i++) r->gyro_dps[i] = r->gyro_scale * f->gyro[i];
        f->gyro = r->gyro_dps;
    }
    return GAIT_OK;
}

/* Only a day of wear sees all sides of the sphere; three days tell all there is to know. */
static const double worth_calibrating_s = 12 * 3600, longest_look_s = 72 * 3600;

/* By what the prefix takes of the file. */
static double estimated_duration_s(const gait_recording *r)
{
    double share = source_progress(r->source);
    double prefix_s = (double)r->prefix.n / rate_of_prefix(r);
    return r->reader_ended || !(share > 0) ? prefix_s : prefix_s / share;
}

static gait_status collect_still_points(gait_recording *r, struct still *still, gait_error *err)
{
    double rate_hz = rate_of_prefix(r), n = 0;
    for (;;) {
        struct frames f;
        TRY(next_frames(r, &f, err));
        if (!f.n || n > longest_look_s * rate_hz) return GAIT_OK;
        if (f.new_segment) still_break(still);
        TRY(convert(r, &f, err));
        still_add(still, f.accel, f.n);
        n += (double)f.n;
    }
}

/* From the start again, as if nothing had been read. */
static gait_status start_over(gait_recording *r, gait_error *err)
{
    TRY(source_rewind(r->source, err));
    free_prefix(&r->prefix);
    r->quality.n_bad_blocks = r->n_duplicates = 0;
    TRY(open_reader(r, err));
    return fill_prefix(r, err);
}

static void say_calibration(gait_recording *r, const struct calibration *found)
{
    if (found->why_not)
        text_print(r->calibration, sizeof r->calibration, "none: %s", found->why_not);
    else
        text_print(r->calibration, sizeof r->calibration,
                   "by still moments: x %.4f %+.4f g, y %.4f %+.4f g, z %.4f %+.4f g",
                   found->scale[0], found->offset_g[0], found->scale[1], found->offset_g[1],
                   found->scale[2], found->offset_g[2]);
}

static gait_status autocalibrate(gait_recording *r, gait_error *err)
{
    struct still still;
    struct calibration found;
    still_init(&still, rate_of_prefix(r));
    gait_status st = collect_still_points(r, &still, err);
    if (!st) {
        int use = calibrate(&still, &r->arena, &found);
        r->quality.calibration_error_before_g = found.error_before_g;
        r->quality.calibration_error_after_g = use ? found.error_after_g : (double)NAN;
        if (use) calibrate_by(r, found.scale, found.offset_g);
        r->is_calibrated = use;
        say_calibration(r, &found);
    }
    still_free(&still);
    return st ? st : start_over(r, err);
}

static gait_status choose_calibration(gait_recording *r, gait_error *err)
{
    const char *words = NULL;
    r->as_read = is_as_read(r);
    r->info.calibration = r->calibration;
    if (r->sidecar.has_calibration) {
        calibrate_by(r, r->sidecar.scale, r->sidecar.offset_g);
        r->is_calibrated = 1;
        words = "by scale and offset of the sidecar";
    } else if (r->options.no_autocalibration)
        words = "none: by option";
    else if (estimated_duration_s(r) < worth_calibrating_s)
        words = "none: less than 12 hours of samples";
    if (!words) return autocalibrate(r, err);
    text_print(r->calibration, sizeof r->calibration, "%s", words);
    return GAIT_OK;
}

static gait_status pull_block(gait_recording *r, gait_block *block, gait_error *err)
{
    for (;;) {
        TRY(clock_pull(r->clock, block, err));
        if (block->n_frames || r->ended) return GAIT_OK;
        struct frames f;
        TRY(next_frames(r, &f, err));
        if (f.n) {
            TRY(convert(r, &f, err));
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
    TRY(open_reader(r, err));
    if (r->description.gravity_removed)
        return gait_fail(err, GAIT_UNSUPPORTED,
                         "%s: the file says that gravity was removed (%s); gait needs the total "
                         "acceleration",
                         name_of(r), r->description.column_evidence);
    describe_file(r);
    choose_body(r);
    TRY(choose_mounting(r, err));
    TRY(fill_prefix(r, err));
    TRY(choose_unit(r, err));
    choose_gyro_unit(r);
    find_dead_axes(r);
    TRY(check_dead_axes(r, err));
    TRY(choose_calibration(r, err));
    TRY(make_clock(r, err));
    TRY(pull_block(r, &r->first, err));
    if (!r->first.n_frames)
        return gait_fail(err, GAIT_FORMAT, "%s: holds no valid samples", name_of(r));
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
        st = sidecar_override(&r->sidecar, options->sidecar_json, text_base_name(name_of(r)), err);
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
    free_prefix(&r->prefix);
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
