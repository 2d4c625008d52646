/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/recording_state.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/mounting.h"

double recording_rate_of_prefix(const gait_recording *r)
{
    const struct prefix *p = &r->prefix;
    double span = p->stamp_s && p->n > 1 ? p->stamp_s[p->n - 1] - p->stamp_s[0] : 0;
    if (span > 0) return (double)(p->n - 1) / span;
    return r->options.rate_hz > 0 ? r->options.rate_hz : r->description.nominal_rate_hz;
}

static gait_status choose_unit(gait_recording *r, gait_error *err)
{
    gait_recording_info *info = &r->info;
    TRY(measure_magnitude(r->prefix.accel, r->prefix.n, recording_rate_of_prefix(r), &r->size,
                          err));
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
                         "%s: nothing states the unit and the %s: give --unit or \"unit\" in the "
                         "sidecar; raw steps of a device have to be exported in g",
                         recording_name(r), r->unit_evidence);
    double in_g = accel_unit_in_g(info->unit);
    if (!(in_g > 0)) return gait_fail(err, GAIT_INVALID, "unit \"%s\" is not known", info->unit);
    for (int k = 0; k < 3; k++) r->scale[k] = in_g;
    /* Who states a calibration has looked at gravity; raw steps come to g by it. */
    return r->description.feels_gravity || r->sidecar.has_calibration
               ? GAIT_OK
               : check_gravity(&r->size, info->unit, recording_name(r), err);
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
                     recording_name(r), n, r->prefix.n);
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
    info->file = text_base_name(recording_name(r));
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

gait_status recording_understand(gait_recording *r, gait_error *err)
{
    describe_file(r);
    choose_body(r);
    TRY(choose_mounting(r, err));
    TRY(choose_unit(r, err));
    choose_gyro_unit(r);
    find_dead_axes(r);
    return check_dead_axes(r, err);
}
