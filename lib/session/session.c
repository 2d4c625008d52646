/* SPDX-License-Identifier: BSD-3-Clause */
#include "session/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/measure/metric_room.h"
#include "gait/settings.h"
#include "gait/window.h"

static const double progress_step_s = 30;

void gait_session_options_init(gait_session_options *options)
{
    if (!options) return;
    memset(options, 0, sizeof *options);
    gait_settings_init(&options->settings);
    options->mass_kg = NAN;
    options->height_m = NAN;
    options->speed_mps = NAN;
    options->distance_m = NAN;
}

/* A copy that lives as long as the session; "" for NULL. */
static const char *keep_text(gait_session *session, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    char *copy = ARENA_NEW(&session->arena, n + 1, char);
    if (!copy) return NULL;
    if (n) memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

static gait_status check_session_options(const gait_session_options *options, gait_error *err)
{
    TRY(settings_check(&options->settings, err));
    if (!options->detector || gait_detector_find(options->detector)) return GAIT_OK;
    return gait_fail(err, GAIT_NOT_FOUND,
                     "no detector is called '%s'; gait list detectors shows them",
                     options->detector);
}

gait_status gait_session_new(gait_session **session, const gait_session_options *options,
                             gait_error *err)
{
    NEED(session);
    if (options) TRY(check_session_options(options, err));
    gait_session *s = calloc(1, sizeof *s);
    if (!s) return gait_fail(err, GAIT_NOMEM, "no memory for a session");
    if (options)
        s->options = *options;
    else
        gait_session_options_init(&s->options);
    s->subject_id = keep_text(s, s->options.subject_id);
    s->session_id = keep_text(s, s->options.session_id);
    if (s->options.detector) s->options.detector = keep_text(s, s->options.detector);
    if (!s->subject_id || !s->session_id) {
        gait_session_free(&s);
        return gait_fail(err, GAIT_NOMEM, "no memory for a session");
    }
    *session = s;
    return GAIT_OK;
}

static void sensor_free(struct sensor_result *sensor)
{
    free(sensor->bouts);
    free(sensor->events);
    free(sensor->event_bout);
    free(sensor->strides);
    free(sensor->stride_bout);
    free(sensor->metric[0]);
    for (size_t a = 0; a < GAIT_N_ACTIVITIES; a++)
        for (size_t s = 0; s < GAIT_N_SIDES; s++) free(sensor->mean_stride[a][s]);
}

void gait_session_free(gait_session **session)
{
    if (!session || !*session) return;
    gait_session *s = *session;
    for (size_t i = 0; i < s->n_sensors; i++) sensor_free(&s->sensors[i]);
    free(s->sensors);
    free(s->findings.at);
    arena_free(&s->arena);
    free(s);
    *session = NULL;
}

const gait_finding *gait_session_findings(const gait_session *session, size_t *n)
{
    size_t found = session ? session->findings.n : 0;
    if (n) *n = found;
    return found ? session->findings.at : NULL;
}

/* Every text of the recording's description, moved to the session. */
static gait_status keep_info(gait_session *session, const gait_recording_info *from,
                             gait_recording_info *to)
{
    *to = *from;
    const char **texts[] = {&to->file,
                            &to->format,
                            &to->format_evidence,
                            &to->sensor,
                            &to->sensor_source,
                            &to->device,
                            &to->subject_id,
                            &to->session_id,
                            &to->placement_source,
                            &to->side_source,
                            &to->unit,
                            &to->unit_source,
                            &to->unit_evidence,
                            &to->column_evidence,
                            &to->time_evidence,
                            &to->start_time,
                            &to->calibration,
                            &to->range_source,
                            &to->task,
                            &to->sidecar_json};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!(*texts[i] = keep_text(session, *texts[i]))) return GAIT_NOMEM;
    return GAIT_OK;
}

static void name_sensor(const gait_session *session, struct sensor_result *sensor)
{
    const gait_recording_info *info = &sensor->info;
    int has_side = info->side == GAIT_LEFT || info->side == GAIT_RIGHT;
    char base[32];
    text_print(base, sizeof base, "%s%s%s", has_side ? gait_side_name(info->side) : "",
               has_side ? "_" : "", gait_placement_name(info->placement));
    size_t same = 0;
    for (size_t i = 0; i < session->n_sensors; i++)
        if (text_starts_with(session->sensors[i].name, base)) same++;
    if (same)
        text_print(sensor->name, sizeof sensor->name, "%s_%zu", base, same + 1);
    else
        text_print(sensor->name, sizeof sensor->name, "%s", base);
}

static int grow(void **array, size_t n, size_t size)
{
    void *larger = realloc(*array, (n ? n : 1) * size);
    if (larger) *array = larger;
    return larger != NULL;
}

/* Room is the next power of two, so that it need not be kept. */
static size_t room_of(size_t n)
{
    size_t room = 64;
    while (room < n) room *= 2;
    return room;
}

/* Room for n more than the n_old that are there. */
static int grow_doubling(void **array, size_t n_old, size_t n_more, size_t size)
{
    size_t need = n_old + n_more;
    if (need <= room_of(n_old) && *array) return 1;
    return grow(array, room_of(need), size);
}

static int grow_metrics(struct sensor_result *r, size_t n_more)
{
    size_t need = r->n_strides + n_more;
    if (need <= room_of(r->n_strides) && r->metric[0]) return 1;
    return metric_room(r->metric, r->n_strides, room_of(need));
}

static gait_status make_room(struct sensor_result *r, const gait_bout *bout)
{
    int ok =
        grow_doubling((void **)&r->bouts, r->n_bouts, 1, sizeof *r->bouts) &&
        grow_doubling((void **)&r->events, r->n_events, bout->n_events, sizeof *r->events) &&
        grow_doubling((void **)&r->event_bout, r->n_events, bout->n_events,
                      sizeof *r->event_bout) &&
        grow_doubling((void **)&r->stride_bout, r->n_strides, bout->n_strides,
                      sizeof *r->stride_bout) &&
        grow_doubling((void **)&r->strides, r->n_strides, bout->n_strides, sizeof *r->strides) &&
        grow_metrics(r, bout->n_strides);
    return ok ? GAIT_OK : GAIT_NOMEM;
}

static gait_status keep_bout(struct sensor_result *r, const gait_bout *bout)
{
    gait_status st = make_room(r, bout);
    if (st != GAIT_OK) return st;
    uint32_t index = (uint32_t)r->n_bouts;
    r->bouts[r->n_bouts++] =
        (struct bout_result){.activity = bout->activity,
                             .start_s = bout->start_s,
                             .end_s = bout->end_s,
                             .confidence = bout->confidence,
                             .cadence_steps_per_min = bout->cadence_steps_per_min,
                             .n_steps = bout->n_steps,
                             .flags = bout->flags,
                             .first_event = r->n_events,
                             .n_events = bout->n_events,
                             .first_stride = r->n_strides,
                             .n_strides = bout->n_strides};
    for (size_t i = 0; i < bout->n_events; i++) {
        r->events[r->n_events + i] = bout->events[i];
        r->event_bout[r->n_events + i] = index;
    }
    for (size_t i = 0; i < bout->n_strides; i++) {
        r->strides[r->n_strides + i] = bout->strides[i];
        r->stride_bout[r->n_strides + i] = index;
    }
    for (size_t m = 0; bout->n_strides && m < metric_count(); m++)
        memcpy(r->metric[m] + r->n_strides, bout->metrics[m], bout->n_strides * sizeof(double));
    r->n_events += bout->n_events;
    r->n_strides += bout->n_strides;
    return GAIT_OK;
}

static gait_status keep_mean_strides(struct sensor_result *r, const gait_analysis *analysis,
                                     gait_activity activity)
{
    for (size_t s = 0; s < GAIT_N_SIDES; s++) {
        const struct mean_stride *mean = analysis_mean_stride(analysis, (gait_side)s);
        struct mean_stride **sum = &r->mean_stride[activity][s];
        if (!mean) continue;
        if (!*sum) *sum = calloc(1, sizeof **sum);
        if (!*sum) return GAIT_NOMEM;
        mean_stride_merge(*sum, mean);
    }
    return GAIT_OK;
}

static gait_status pull_bouts(gait_analysis *analysis, struct sensor_result *result,
                              gait_error *err)
{
    gait_bout bout;
    while (gait_analysis_next_bout(analysis, &bout))
        if (keep_bout(result, &bout) != GAIT_OK ||
            keep_mean_strides(result, analysis, bout.activity) != GAIT_OK)
            return gait_fail(err, GAIT_NOMEM, "%s: no memory for results", result->info.file);
    return GAIT_OK;
}

static gait_status check_in(const gait_session *session, gait_recording *recording, double *told_s,
                            double now_s, gait_error *err)
{
    const gait_session_options *options = &session->options;
    if (now_s < *told_s + progress_step_s) return GAIT_OK;
    *told_s = now_s;
    if (options->progress) options->progress(options->context, gait_recording_progress(recording));
    if (options->interrupted && options->interrupted(options->context))
        return gait_fail(err, GAIT_INTERRUPTED, "%s: stopped on request",
                         gait_recording_get_info(recording)->file);
    return GAIT_OK;
}

static gait_status read_through(gait_session *session, gait_recording *recording,
                                gait_analysis *analysis, struct sensor_result *result,
                                gait_error *err)
{
    gait_block block;
    gait_error inner = {0};
    double told_s = -progress_step_s;
    for (;;) {
        TRY(gait_recording_read(recording, &block, err));
        if (!block.n_frames) break;
        gait_status st = gait_analysis_feed(analysis, &block, &inner);
        if (st != GAIT_OK) return gait_fail(err, st, "%s: %s", result->info.file, inner.text);
        TRY(pull_bouts(analysis, result, err));
        TRY(check_in(session, recording, &told_s, block.start_s, err));
    }
    TRY(gait_analysis_finish(analysis, err));
    return pull_bouts(analysis, result, err);
}

static gait_status check_recording(const gait_session *session, const gait_recording *recording,
                                   gait_error *err)
{
    const gait_recording_info *info = gait_recording_get_info(recording);
    TRY(gait_recording_check_sensor(recording, err));
    if (session->judged) return gait_fail(err, GAIT_INVALID, "the session is judged already");
    if (gait_recording_get_quality(recording)->n_frames)
        return gait_fail(err, GAIT_INVALID, "%s: some of it was read already; open it again",
                         info->file);
    if (info->placement == GAIT_PLACEMENT_UNKNOWN)
        return gait_fail(err, GAIT_INVALID,
                         "%s: nobody says where the sensor was: give --placement foot, shank, "
                         "sacrum, waist, wrist or other, or \"placement\" in its sidecar .json",
                         info->file);
    const char *subject = session->subject_id;
    if (subject[0] && info->subject_id[0] && !session->options.subject_id &&
        strcmp(subject, info->subject_id) != 0)
        return gait_fail(err, GAIT_INVALID,
                         "%s is of subject '%s', but the session is of '%s'; give --subject to "
                         "analyse them together",
                         info->file, info->subject_id, subject);
    return GAIT_OK;
}

/* What nobody said for the session is taken from the first recording that says it. */
static gait_status adopt(gait_session *session, const gait_recording_info *info)
{
    gait_session_options *options = &session->options;
    if (!session->subject_id[0]) session->subject_id = keep_text(session, info->subject_id);
    if (!session->session_id[0]) session->session_id = keep_text(session, info->session_id);
    if (!session->subject_id || !session->session_id) return GAIT_NOMEM;
    if (!isfinite(options->mass_kg)) options->mass_kg = info->mass_kg;
    if (!isfinite(options->height_m)) options->height_m = info->height_m;
    if (!isfinite(options->speed_mps)) options->speed_mps = info->speed_mps;
    if (!isfinite(options->distance_m)) options->distance_m = info->distance_m;
    return GAIT_OK;
}

static gait_status analyse(gait_session *session, gait_recording *recording,
                           struct sensor_result *result, gait_error *err)
{
    const gait_recording_info *info = gait_recording_get_info(recording);
    gait_options options;
    gait_options_init(&options);
    gait_options_from_recording(&options, info);
    options.detector = session->options.detector;
    options.settings = session->options.settings;
    if (isfinite(session->options.speed_mps)) options.speed_mps = session->options.speed_mps;
    if (keep_info(session, info, &result->info) != GAIT_OK || adopt(session, info) != GAIT_OK)
        return gait_fail(err, GAIT_NOMEM, "%s: no memory for results", info->file);
    name_sensor(session, result);

    gait_analysis *analysis = NULL;
    gait_error inner = {0};
    gait_status st = gait_analysis_new(&analysis, &options, &inner);
    if (st != GAIT_OK) return gait_fail(err, st, "%s: %s", info->file, inner.text);
    st = read_through(session, recording, analysis, result, err);
    result->alignment = *gait_analysis_alignment(analysis);
    result->stood_still = result->alignment.stood_still;
    result->quality = *gait_recording_get_quality(recording);
    gait_analysis_free(&analysis);
    return st;
}

gait_status gait_session_add(gait_session *session, gait_recording *recording, gait_error *err)
{
    NEED(session);
    NEED(recording);
    TRY(check_recording(session, recording, err));
    if (!grow((void **)&session->sensors, session->n_sensors + 1, sizeof *session->sensors))
        return gait_fail(err, GAIT_NOMEM, "no memory for another sensor");
    struct sensor_result *result = &session->sensors[session->n_sensors];
    memset(result, 0, sizeof *result);
    gait_status st = analyse(session, recording, result, err);
    if (st == GAIT_OK)
        session->n_sensors++;
    else
        sensor_free(result);
    return st;
}

static double zero_unix_s(const struct sensor_result *sensor)
{
    return sensor->info.start_unix_s - sensor->info.start_s;
}

static void shift(struct sensor_result *sensor, double offset_s)
{
    sensor->clock_offset_s = offset_s;
    for (size_t i = 0; i < sensor->n_bouts; i++) {
        sensor->bouts[i].start_s += offset_s;
        sensor->bouts[i].end_s += offset_s;
    }
    for (size_t i = 0; i < sensor->n_events; i++) sensor->events[i].time_s += offset_s;
    for (size_t i = 0; i < sensor->n_strides; i++) {
        sensor->strides[i].start_s += offset_s;
        sensor->strides[i].toe_off_s += offset_s;
        sensor->strides[i].end_s += offset_s;
    }
}

/* Sensors with an absolute start of the same kind are put on the clock of the earliest one. */
static void share_clock(gait_session *session)
{
    double earliest = INFINITY;
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        if (!isfinite(sensor->info.start_unix_s)) return;
        if (sensor->info.time_kind != session->sensors[0].info.time_kind) return;
        earliest = fmin(earliest, zero_unix_s(sensor));
    }
    for (size_t i = 0; i < session->n_sensors; i++) {
        double offset_s = zero_unix_s(&session->sensors[i]) - earliest;
        if (offset_s > 0) shift(&session->sensors[i], offset_s);
    }
}

gait_finding *add_finding(struct finding_list *list, const gait_rule *rule)
{
    if (!grow_doubling((void **)&list->at, list->n, 1, sizeof *list->at)) return NULL;
    gait_finding *finding = &list->at[list->n++];
    memset(finding, 0, sizeof *finding);
    finding->rule = rule;
    finding->start_s = finding->end_s = NAN;
    finding->value = finding->reference = finding->limit = NAN;
    finding->cadence_change_percent = NAN;
    text_print(finding->title, sizeof finding->title, "%s", rule->title);
    return finding;
}

gait_finding *session_add_finding(gait_session *session, const gait_rule *rule)
{
    return add_finding(&session->findings, rule);
}

static void hold_back_all(gait_session *session)
{
    struct circumstances about = {.settings = &session->options.settings,
                                  .speed_is_known = session->options.speed_mps > 0};
    for (size_t i = 0; i < session->findings.n; i++) hold_back(&session->findings.at[i], &about);
}

gait_status gait_session_judge(gait_session *session, gait_error *err)
{
    NEED(session);
    if (session->judged) return gait_fail(err, GAIT_INVALID, "the session is judged already");
    if (!session->n_sensors) return gait_fail(err, GAIT_INVALID, "the session has no recording");
    share_clock(session);
    measure_pairs(session);
    measure_leg_stiffness(session);
    struct arena tmp = {0};
    gait_status st = compare_sides(session, &tmp, err);
    for (size_t i = 0; st == GAIT_OK && rule_row(i); i++)
        if (rule_row(i)->judge) st = rule_row(i)->judge(session, &tmp, err);
    arena_free(&tmp);
    if (st != GAIT_OK) return st;
    hold_back_all(session);
    sort_findings(&session->findings);
    session->judged = 1;
    return GAIT_OK;
}
