/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/read_arrays.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"

enum { FRAMES_AT_ONCE = 4096 };

struct state {
    struct source *source;
    const gait_arrays *arrays;
    size_t at;
    double stamp_s[FRAMES_AT_ONCE];
    float accel[3 * FRAMES_AT_ONCE];
    float gyro[3 * FRAMES_AT_ONCE];
};

static size_t size_of(gait_number_type type)
{
    return type == GAIT_FLOAT32 ? sizeof(float) : sizeof(double);
}

uint64_t arrays_size(const gait_arrays *a)
{
    size_t frame = 3 * sizeof(float);
    if (a->gyro_dps.data) frame += 3 * sizeof(float);
    if (a->time_s.data) frame += sizeof(double);
    return (uint64_t)a->n_frames * frame;
}

/* Numbers of a caller need not be aligned. */
static double number_at(const char *at, gait_number_type type)
{
    double wide;
    float narrow;
    if (type == GAIT_FLOAT32) {
        memcpy(&narrow, at, sizeof narrow);
        return (double)narrow;
    }
    memcpy(&wide, at, sizeof wide);
    return wide;
}

/* With the strides that 0 stands for. */
static gait_array packed(const gait_array *array, size_t channels)
{
    gait_array a = *array;
    if (!a.channel_stride) a.channel_stride = (ptrdiff_t)size_of(a.type);
    if (!a.frame_stride) a.frame_stride = (ptrdiff_t)(channels * size_of(a.type));
    return a;
}

static void take_vectors(const gait_array *array, size_t from, size_t n, float *out)
{
    gait_array a = packed(array, 3);
    const char *frame = (const char *)a.data + (ptrdiff_t)from * a.frame_stride;
    for (size_t i = 0; i < n; i++, frame += a.frame_stride)
        for (size_t c = 0; c < 3; c++)
            out[3 * i + c] = (float)number_at(frame + (ptrdiff_t)c * a.channel_stride, a.type);
}

static void take_stamps(const gait_array *array, size_t from, size_t n, double *out)
{
    gait_array a = packed(array, 1);
    const char *frame = (const char *)a.data + (ptrdiff_t)from * a.frame_stride;
    for (size_t i = 0; i < n; i++, frame += a.frame_stride) out[i] = number_at(frame, a.type);
}

static int probe(const unsigned char *head, size_t n, const char *name, const char *extension)
{
    (void)head;
    (void)n;
    (void)name;
    (void)extension;
    return 0;
}

static void describe(const gait_arrays *arrays, struct description *out)
{
    text_print(out->evidence, sizeof out->evidence, "arrays in memory");
    text_print(out->column_evidence, sizeof out->column_evidence, "as given");
    text_print(out->unit, sizeof out->unit, "g");
    text_print(out->unit_evidence, sizeof out->unit_evidence, "what the call takes");
    out->has_gyro = arrays->gyro_dps.data != NULL;
    out->has_stamps = arrays->time_s.data != NULL;
    if (out->has_gyro) text_print(out->gyro_unit, sizeof out->gyro_unit, "deg/s");
    if (!(arrays->start_unix_s > 0)) return;
    out->start_unix_s = arrays->start_unix_s;
    out->time_kind = GAIT_TIME_UTC;
}

static gait_status open_arrays(struct source *source, const gait_recording_options *options,
                               const struct sidecar *sidecar, struct description *out, void **state,
                               gait_error *err)
{
    (void)options;
    (void)sidecar;
    struct state *s = *state = calloc(1, sizeof *s);
    if (!s) return gait_fail(err, GAIT_NOMEM, "%s: no memory to read it", source_name(source));
    s->source = source;
    s->arrays = source_origin(source);
    describe(s->arrays, out);
    return GAIT_OK;
}

static gait_status read_arrays(void *state, struct frames *out, gait_error *err)
{
    (void)err;
    struct state *s = state;
    const gait_arrays *a = s->arrays;
    size_t n = a->n_frames - s->at < FRAMES_AT_ONCE ? a->n_frames - s->at : FRAMES_AT_ONCE;
    out->n = n;
    if (!n) return GAIT_OK;
    take_vectors(&a->accel_g, s->at, n, s->accel);
    source_note(s->source, s->accel, 3 * n * sizeof *s->accel);
    out->accel = s->accel;
    if (a->gyro_dps.data) {
        take_vectors(&a->gyro_dps, s->at, n, s->gyro);
        source_note(s->source, s->gyro, 3 * n * sizeof *s->gyro);
        out->gyro = s->gyro;
    }
    if (a->time_s.data) {
        take_stamps(&a->time_s, s->at, n, s->stamp_s);
        source_note(s->source, s->stamp_s, n * sizeof *s->stamp_s);
        out->stamp_s = s->stamp_s;
    }
    s->at += n;
    return GAIT_OK;
}

const struct format format_arrays = {
    .pub = {"arrays", "Arrays in memory", ""},
    .probe = probe,
    .open = open_arrays,
    .read = read_arrays,
    .close = free,
};
