/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "make_cwa.h"
#include "make_geneactiv.h"
#include "make_gt3x.h"

/* make_week FORMAT HOURS: a wrist-like recording of a week on stdout, for timing readers. FORMAT is
 * cwa, cwa-unpacked, cwa-gyro, geneactiv (100 Hz), log.bin (of a GT3X archive, 100 Hz) or csv (50
 * Hz). Most of a day is rest with noise, an hour in eight is walking. */

enum { RATE_HZ = 100, SECOND = RATE_HZ, HOUR_S = 3600 };

static const double two_pi = 6.283185307179586;

struct source {
    struct prng prng;
    unsigned hour, second;
};

/* One second in steps per g. */
static void next_second(struct source *source, int steps_per_g, int xyz[SECOND][3])
{
    double swing_g = source->hour % 8 == 7 ? 0.4 : 0, noise_g = swing_g > 0 ? 0.05 : 0.004;
    for (int i = 0; i < SECOND; i++) {
        double phase = two_pi * 1.9 * ((double)source->second + (double)i / SECOND);
        double g[3] = {0.3 + swing_g * sin(phase / 2), 0.9 + swing_g * sin(phase), 0.2};
        for (int k = 0; k < 3; k++) {
            double noise = noise_g * (prng_uniform(&source->prng, -1, 1));
            xyz[i][k] = (int)lround((g[k] + noise) * steps_per_g);
        }
    }
    if (++source->second % HOUR_S == 0) source->hour++;
}

static void flush(struct bytes_out *out)
{
    if (out->n && fwrite(out->bytes, 1, out->n, stdout) != out->n) exit(74);
    out->n = 0;
}

static void write_cwa(struct source *source, unsigned seconds)
{
    struct cwa cwa = {.rate_hz = RATE_HZ};
    int xyz[6 * SECOND][3]; /* five blocks */
    cwa_begin(&cwa, "_sw=wrist", 0);
    for (unsigned s = 0; s + 6 <= seconds; s += 6) {
        for (int i = 0; i < 6; i++) next_second(source, 256, xyz + i * SECOND);
        for (int i = 0; i < 5; i++)
            cwa_packed(&cwa, (const int(*)[3])xyz + i * CWA_PACKED_SAMPLES, 0);
        flush(&cwa.file);
    }
    out_free(&cwa.file);
}

static void write_cwa_unpacked(struct source *source, unsigned seconds)
{
    struct cwa cwa = {.rate_hz = RATE_HZ};
    int xyz[4 * SECOND][3]; /* five blocks */
    cwa_begin(&cwa, "_sw=wrist", 0);
    for (unsigned s = 0; s + 4 <= seconds; s += 4) {
        for (int i = 0; i < 4; i++) next_second(source, 256, xyz + i * SECOND);
        for (int i = 0; i < 5; i++)
            cwa_unpacked(&cwa, (const int(*)[3])xyz + i * CWA_UNPACKED_SAMPLES);
        flush(&cwa.file);
    }
    out_free(&cwa.file);
}

static void write_cwa_gyro(struct source *source, unsigned seconds)
{
    struct cwa cwa = {.rate_hz = RATE_HZ};
    int xyz[2 * SECOND][3]; /* five blocks */
    cwa_begin(&cwa, "_sw=wrist", 1);
    for (unsigned s = 0; s + 2 <= seconds; s += 2) {
        for (int i = 0; i < 2; i++) next_second(source, 2048, xyz + i * SECOND);
        for (int i = 0; i < 5; i++) {
            const int(*block)[3] = (const int(*)[3])xyz + i * CWA_GYRO_SAMPLES;
            cwa_with_gyro(&cwa, block, block);
        }
        flush(&cwa.file);
    }
    out_free(&cwa.file);
}

static void write_geneactiv(struct source *source, unsigned seconds)
{
    struct geneactiv made = {.line_end = "\r\n", .rate_hz = RATE_HZ};
    int xyz[GENEACTIV_PER_PAGE][3];
    geneactiv_begin(&made, "100.0");
    for (unsigned s = 0; s + 3 <= seconds; s += 3) {
        for (int i = 0; i < 3; i++) next_second(source, 256, xyz + i * SECOND);
        geneactiv_page(&made, (const int(*)[3])xyz, GENEACTIV_PER_PAGE);
        flush(&made.file);
    }
    out_free(&made.file);
}

static void write_log(struct source *source, unsigned seconds)
{
    struct bytes_out log = {0};
    int xyz[SECOND][3];
    for (unsigned s = 0; s < seconds; s++) {
        next_second(source, 256, xyz);
        gt3x_second_12(&log, 1700000000 + s, (const int(*)[3])xyz, SECOND);
        flush(&log);
    }
    out_free(&log);
}

static void write_csv(struct source *source, unsigned seconds)
{
    int xyz[SECOND][3];
    puts("time_s,x_g,y_g,z_g");
    for (unsigned s = 0; s < seconds; s++) {
        next_second(source, 1000, xyz);
        for (int i = 0; i < SECOND; i += 2)
            printf("%.2f,%.6f,%.6f,%.6f\n", s + i / 100.0, xyz[i][0] / 1000.0, xyz[i][1] / 1000.0,
                   xyz[i][2] / 1000.0);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *format;
        void (*write)(struct source *source, unsigned seconds);
    } rows[] = {{"cwa", write_cwa},           {"cwa-unpacked", write_cwa_unpacked},
                {"cwa-gyro", write_cwa_gyro}, {"geneactiv", write_geneactiv},
                {"log.bin", write_log},       {"csv", write_csv}};
    struct source source = {.hour = 0};
    prng_seed(&source.prng, 1);
    for (size_t i = 0; argc == 3 && i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(argv[1], rows[i].format) != 0) continue;
        rows[i].write(&source, (unsigned)(HOUR_S * strtod(argv[2], NULL)));
        return fflush(stdout) ? 74 : 0;
    }
    fputs("usage: make_week cwa|cwa-unpacked|cwa-gyro|geneactiv|log.bin|csv HOURS >FILE\n", stderr);
    return 64;
}
