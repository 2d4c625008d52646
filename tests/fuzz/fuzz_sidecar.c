/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "record/sidecar.h"

/* Any bytes as a sidecar: what is taken from one is text that ends and numbers within reason. */
static void check(const struct sidecar *s)
{
    if (!s->json || strlen(s->json) < 2) abort();
    if (s->n_channels > SIDECAR_CHANNELS || s->axes_known > 7) abort();
    if (!memchr(s->unit, '\0', sizeof s->unit) || !memchr(s->task, '\0', sizeof s->task)) abort();
    if (s->sample_rate_hz <= 0 || s->accel_range_g <= 0 || s->mass_kg <= 0) abort();
    for (int k = 0; k < 3 && s->has_calibration; k++)
        if (!isfinite(s->offset_g[k]) || !(s->scale[k] > 0)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gait_error err;
    struct sidecar sidecar;
    sidecar_init(&sidecar);
    if (sidecar_parse(&sidecar, (const char *)data, size, "fuzz.json", &err) == GAIT_OK)
        check(&sidecar);
    sidecar_free(&sidecar);
    return 0;
}
