/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "near.h"
#include "signal/downsample.h"

/* Amplitude and delay of a tone after the copy to 50 Hz. */
static void copy_tone(double rate_hz, double tone_hz, double *worst, double *gain)
{
    struct downsampler d;
    downsampler_init(&d, rate_hz, 50);
    size_t n_out = 0;
    *worst = 0;
    double sum = 0, norm = 0;
    for (size_t i = 0; i < (size_t)(10 * rate_hz); i++) {
        float x = (float)sin(2 * 3.14159265358979 * tone_hz * (double)i / rate_hz);
        float frame[3] = {x, 1, -x};
        double out[2][3];
        size_t told = downsampler_push(&d, frame, 1, out);
        for (size_t k = 0; k < told; k++, n_out++) {
            double want = sin(2 * 3.14159265358979 * tone_hz * (double)n_out / 50);
            assert_near(out[k][1], 1, 1e-9, "a constant stays what it is");
            assert_near(out[k][0], -out[k][2], 1e-9, "channels do not mix");
            if (n_out < 10) continue;
            *worst = fmax(*worst, fabs(out[k][0] - want));
            sum += out[k][0] * want;
            norm += want * want;
        }
    }
    assert_in_range(n_out, 490, 500);
    *gain = norm > 0 ? sum / norm : 0;
}

static void slow_movement_passes_in_place(void **state)
{
    (void)state;
    static const double rates_hz[] = {62.5, 100, 142.857, 197.24, 200, 1000, 1125};
    for (size_t k = 0; k < sizeof rates_hz / sizeof *rates_hz; k++) {
        double worst, gain;
        copy_tone(rates_hz[k], 3, &worst, &gain);
        assert_near(worst, 0, 0.02, "3 Hz keeps its size and its time");
    }
}

static void what_50_hz_cannot_hold_is_gone(void **state)
{
    (void)state;
    double worst, gain;
    copy_tone(1000, 70, &worst, &gain);
    assert_near(gain, 0, 0.02, "70 Hz does not fold back");
    copy_tone(200, 70, &worst, &gain);
    assert_near(gain, 0, 0.02, "70 Hz does not fold back");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_movement_passes_in_place),
        cmocka_unit_test(what_50_hz_cannot_hold_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
