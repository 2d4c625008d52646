/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MAKE_GENEACTIV_H
#define TESTS_MAKE_GENEACTIV_H

#include <math.h>

#include "bytes_out.h"

/* Makes GENEActiv .bin files with known content: lines of text, samples as hexadecimal digits. */

enum { GENEACTIV_PER_PAGE = 300 };

struct geneactiv {
    const char *line_end; /* "\n" or "\r\n" */
    double rate_hz;
    double clock_s; /* after 2024-05-06 07:00:00, of the next page */
    unsigned n_pages;
    struct bytes_out file;
};

static inline void geneactiv_line(struct geneactiv *made, const char *key, const char *value)
{
    out_text(&made->file, key);
    out_text(&made->file, value);
    out_text(&made->file, made->line_end);
}

static inline void geneactiv_begin(struct geneactiv *made, const char *frequency)
{
    geneactiv_line(made, "Device Identity", "");
    geneactiv_line(made, "Device Unique Serial Code:", "012967");
    geneactiv_line(made, "Device Type:", "GENEActiv  ");
    geneactiv_line(made, "Device Model:", "1.1  ");
    geneactiv_line(made, "Accelerometer Range:", "-8 to 8");
    geneactiv_line(made, "Measurement Frequency:", frequency);
    geneactiv_line(made, "Time Zone:", "GMT +01:00");
    geneactiv_line(made, "Config Notes:", "see x: gain, 12:30");
    geneactiv_line(made, "Device Location Code:", "left ankle");
    geneactiv_line(made, "Calibration Data", "");
    geneactiv_line(made, "x gain:", "25600");
    geneactiv_line(made, "x offset:", "256");
    geneactiv_line(made, "y gain:", "25600");
    geneactiv_line(made, "y offset:", "-512");
    geneactiv_line(made, "z gain:", "25600");
    geneactiv_line(made, "z offset:", "0");
    geneactiv_line(made, "Volts:", "300");
    geneactiv_line(made, "Lux:", "800");
    geneactiv_line(made, "Number of Pages:", "222048"); /* more than there are, as in real files */
}

/* x, y, z, light and button of n samples. */
static inline void geneactiv_samples(struct geneactiv *made, const int xyz[][3], size_t n)
{
    char digits[13];
    for (size_t i = 0; i < n; i++) {
        snprintf(digits, sizeof digits, "%03X%03X%03X%03X", (unsigned)xyz[i][0] & 0xfff,
                 (unsigned)xyz[i][1] & 0xfff, (unsigned)xyz[i][2] & 0xfff, 0x123U);
        out_text(&made->file, digits);
    }
}

/* The page's clock is rounded to half a second, as the device does. */
static inline void geneactiv_page(struct geneactiv *made, const int xyz[][3], size_t n)
{
    char text[64];
    unsigned half = (unsigned)lround(2 * made->clock_s);
    geneactiv_line(made, "Recorded Data", "");
    geneactiv_line(made, "Device Unique Serial Code:", "012967");
    snprintf(text, sizeof text, "%u", made->n_pages++);
    geneactiv_line(made, "Sequence Number:", text);
    unsigned second = 7 * 3600 + half / 2;
    snprintf(text, sizeof text, "2024-05-%02u %02u:%02u:%02u:%u00", 6 + second / 86400,
             second / 3600 % 24, second / 60 % 60, second % 60, half % 2 * 5);
    geneactiv_line(made, "Page Time:", text);
    geneactiv_line(made, "Unassigned:", "");
    geneactiv_line(made, "Temperature:", "21.5");
    geneactiv_line(made, "Battery voltage:", "4.1493");
    geneactiv_line(made, "Device Status:", "Recording");
    snprintf(text, sizeof text, "%.1f", made->rate_hz);
    geneactiv_line(made, "Measurement Frequency:", text);
    geneactiv_samples(made, xyz, n);
    out_text(&made->file, made->line_end);
    made->clock_s += (double)n / made->rate_hz;
}

#endif
