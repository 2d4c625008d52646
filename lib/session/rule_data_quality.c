/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/settings.h"
#include "gait/detect/strides.h"
#include "session/rules.h"

/* Each check looks at one sensor and fills value, limit, units and the message; 0: nothing to say.
 */
typedef int check_fn(const gait_session *session, const struct sensor_result *sensor,
                     gait_finding *finding);

static size_t count_flag(const struct sensor_result *sensor, uint32_t flag)
{
    size_t n = 0;
    for (size_t i = 0; i < sensor->n_strides; i++) n += (sensor->strides[i].flags & flag) != 0;
    return n;
}

static double percent(size_t part, size_t whole)
{
    return whole ? 100 * (double)part / (double)whole : 0;
}

/* The functional test a recording is of, slow and without impacts; NULL if it is of none. */
static const char *test_of(const struct sensor_result *sensor)
{
    for (size_t b = 0; b < sensor->n_bouts; b++)
        if (activity_is_test(sensor->bouts[b].activity))
            return gait_activity_name(sensor->bouts[b].activity);
    return NULL;
}

static int no_gait(const gait_session *session, const struct sensor_result *sensor,
                   gait_finding *finding)
{
    (void)session;
    if (sensor->n_strides || sensor->n_events) return 0;
    finding->value = 0;
    finding->limit = 1;
    if (test_of(sensor))
        return text_print(finding->message, sizeof finding->message,
                          "No repetition of a %s was found in %.0f s of %s; they are told by a "
                          "sensor on the shank, the sacrum or the waist.",
                          test_of(sensor), sensor->quality.duration_s, sensor->info.file);
    return text_print(finding->message, sizeof finding->message,
                      "No walking or running with foot strikes was found in %.0f s of %s.",
                      sensor->quality.duration_s, sensor->info.file);
}

static int clipping(const gait_session *session, const struct sensor_result *sensor,
                    gait_finding *finding)
{
    finding->value = percent(count_flag(sensor, GAIT_FLAG_CLIPPED), sensor->n_strides);
    finding->limit = setting(&session->options.settings, quality_clipped_percent);
    if (finding->value <= finding->limit) return 0;
    return text_print(
        finding->message, sizeof finding->message,
        "In %.0f %% of the strides the sensor was at its limit of %.3g g: peak "
        "accelerations are lower bounds. A sensor with a larger range would show them.",
        finding->value, sensor->info.range_g);
}

static int yield(const gait_session *session, const struct sensor_result *sensor,
                 gait_finding *finding)
{
    size_t doubtful = count_flag(sensor, GAIT_FLAG_LOW_CONFIDENCE);
    finding->value = 100 - percent(doubtful, sensor->n_strides);
    finding->limit = setting(&session->options.settings, quality_yield_percent);
    if (!sensor->n_strides || finding->value >= finding->limit) return 0;
    return text_print(
        finding->message, sizeof finding->message,
        "The events of only %.0f %% of the strides are sure; what depends on the others "
        "is left out. Stride time and cadence are told all the same.",
        finding->value);
}

static int low_rate(const gait_session *session, const struct sensor_result *sensor,
                    gait_finding *finding)
{
    (void)session;
    finding->value = sensor->quality.effective_rate_hz;
    finding->limit = 100;
    text_print(finding->units, sizeof finding->units, "Hz");
    if (!(finding->value < finding->limit * 0.95) || test_of(sensor)) return 0;
    return text_print(
        finding->message, sizeof finding->message,
        "At %.1f Hz impacts last less than two samples: peak accelerations and jerk are "
        "not told, or read low.",
        finding->value);
}

static int dead_axis(const gait_session *session, const struct sensor_result *sensor,
                     gait_finding *finding)
{
    (void)session;
    if (!sensor->info.dead_axes) return 0;
    finding->value = sensor->info.dead_axes;
    return text_print(finding->message, sizeof finding->message,
                      "Axis %s%s%s never changes: it is left out of everything that needs it.",
                      sensor->info.dead_axes & 1 ? "x" : "", sensor->info.dead_axes & 2 ? "y" : "",
                      sensor->info.dead_axes & 4 ? "z" : "");
}

static int guessed_unit(const gait_session *session, const struct sensor_result *sensor,
                        gait_finding *finding)
{
    (void)session;
    if (strcmp(sensor->info.unit_source, "guess") != 0) return 0;
    return text_print(finding->message, sizeof finding->message,
                      "Nobody says the unit of the acceleration; %s was taken because %s.",
                      sensor->info.unit, sensor->info.unit_evidence);
}

static int gaps(const gait_session *session, const struct sensor_result *sensor,
                gait_finding *finding)
{
    (void)session;
    const gait_recording_quality *quality = &sensor->quality;
    if (!(quality->duration_s > 0)) return 0;
    finding->value = 100 * (quality->gap_s + quality->filler_s) / quality->duration_s;
    finding->limit = 1;
    text_print(finding->units, sizeof finding->units, "%%");
    if (finding->value <= finding->limit) return 0;
    return text_print(finding->message, sizeof finding->message,
                      "%.1f s of %.0f s are missing in %llu gaps or were filled in by the device; "
                      "strides there are left out.",
                      quality->gap_s + quality->filler_s, quality->duration_s,
                      (unsigned long long)quality->n_gaps);
}

static int damage(const gait_session *session, const struct sensor_result *sensor,
                  gait_finding *finding)
{
    (void)session;
    finding->value = (double)sensor->quality.n_bad_blocks;
    finding->limit = 0;
    if (!sensor->quality.n_bad_blocks) return 0;
    if (*sensor->quality.broken_off)
        return text_print(finding->message, sizeof finding->message,
                          "Reading of %s ended at %s; what may have come behind that is missing.",
                          sensor->info.file, sensor->quality.broken_off);
    return text_print(finding->message, sizeof finding->message,
                      "%llu damaged blocks or rows of %s were dropped, the first at %s.",
                      (unsigned long long)sensor->quality.n_bad_blocks, sensor->info.file,
                      sensor->quality.first_bad);
}

static int uncertain_gait(const gait_session *session, const struct sensor_result *sensor,
                          gait_finding *finding)
{
    (void)session;
    double uncertain_s = 0, gait_s = 0;
    for (size_t b = 0; b < sensor->n_bouts; b++) {
        const struct bout_result *bout = &sensor->bouts[b];
        if (bout->activity != GAIT_WALK && bout->activity != GAIT_RUN) continue;
        gait_s += bout->end_s - bout->start_s;
        if (bout->flags & GAIT_FLAG_GAIT_UNCERTAIN) uncertain_s += bout->end_s - bout->start_s;
    }
    if (!(gait_s > 0)) return 0;
    finding->value = 100 * uncertain_s / gait_s;
    finding->limit = 20;
    text_print(finding->units, sizeof finding->units, "%%");
    if (finding->value <= finding->limit) return 0;
    return text_print(
        finding->message, sizeof finding->message,
        "%.0f %% of the gait could be fast walking or gentle running: the two are told "
        "apart with doubt there.",
        finding->value);
}

static const struct {
    check_fn *check;
    const char *title;
    const char *units;
    double confidence;
} checks[] = {
    {no_gait, "Nothing found", "1", 0.9},
    {clipping, "Sensor at its limit", "%", 1},
    {yield, "Doubtful events", "%", 0.9},
    {low_rate, "Slow sampling", "Hz", 1},
    {dead_axis, "Dead axis", "1", 1},
    {guessed_unit, "Unit guessed", "1", 0.8},
    {gaps, "Missing data", "%", 1},
    {damage, "Damaged file", "1", 1},
    {uncertain_gait, "Walking or running", "%", 0.7},
};

static gait_status judge(gait_session *session, struct arena *tmp, gait_error *err)
{
    (void)tmp;
    for (size_t i = 0; i < session->n_sensors; i++)
        for (size_t k = 0; k < sizeof checks / sizeof *checks; k++) {
            gait_finding draft = {
                .value = NAN, .reference = NAN, .limit = NAN, .cadence_change_percent = NAN};
            text_print(draft.units, sizeof draft.units, "%s", checks[k].units);
            if (!checks[k].check(session, &session->sensors[i], &draft)) continue;
            gait_finding *finding = session_add_finding(session, &rule_data_quality.pub);
            if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
            draft.rule = finding->rule;
            draft.severity = GAIT_NOTE;
            draft.side = session->sensors[i].info.side;
            draft.start_s = draft.end_s = NAN;
            draft.confidence = checks[k].confidence;
            text_print(draft.sensor, sizeof draft.sensor, "%s", session->sensors[i].name);
            text_print(draft.title, sizeof draft.title, "Data quality: %s", checks[k].title);
            *finding = draft;
        }
    return GAIT_OK;
}

const struct rule rule_data_quality = {
    .pub =
        {.code = "data_quality",
         .title = "Data quality",
         .rule =
             "The recording limits what can be told: no gait, clipping above "
             "quality_clipped_percent, "
             "fewer sure strides than quality_yield_percent, slow sampling, a dead axis, a guessed "
             "unit, "
             "gaps, damage, or gait that is neither clearly walking nor running.",
         .settings = "quality_clipped_percent quality_yield_percent",
         .evidence = "none",
         .source = "the recording itself",
         .caveat = "Says nothing about the person."},
    .judge = judge,
};
