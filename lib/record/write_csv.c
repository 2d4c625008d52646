/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/writer.h"

/* time_s,ax_g,ay_g,az_g[,gx_dps,gy_dps,gz_dps], plain or behind gzip. Every number is written with
 * the fewest decimals that read back as the same number. */

enum { TEXT_ROOM = 1 << 16, LONGEST_ROW = 7 * NUMBER_ROOM, MOST_DECIMALS = 15 };

struct csv {
    struct file_draft *draft;
    int is_gzip;
    z_stream deflate;
    size_t n;
    char text[TEXT_ROOM];
    unsigned char packed[TEXT_ROOM];
};

static const double power_of_ten[MOST_DECIMALS + 1] = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

static gait_status pack(struct csv *csv, int flush, gait_error *err)
{
    csv->deflate.next_in = (unsigned char *)csv->text;
    csv->deflate.avail_in = (uInt)csv->n;
    do {
        csv->deflate.next_out = csv->packed;
        csv->deflate.avail_out = sizeof csv->packed;
        if (deflate(&csv->deflate, flush) == Z_STREAM_ERROR)
            return gait_fail(err, GAIT_IO, "%s: cannot compress", csv->draft->name);
        size_t made = sizeof csv->packed - csv->deflate.avail_out;
        TRY(file_draft_write(csv->draft, csv->packed, made, err));
    } while (csv->deflate.avail_out == 0);
    return GAIT_OK;
}

static gait_status flush_text(struct csv *csv, int is_last, gait_error *err)
{
    gait_status st = csv->is_gzip ? pack(csv, is_last ? Z_FINISH : Z_NO_FLUSH, err)
                                  : file_draft_write(csv->draft, csv->text, csv->n, err);
    csv->n = 0;
    return st;
}

static void put_text(struct csv *csv, const char *text)
{
    size_t n = strlen(text);
    memcpy(csv->text + csv->n, text, n);
    csv->n += n;
}

/* digits / 10^decimals without trailing zeros. */
static void put_decimal(struct csv *csv, uint64_t digits, int decimals, int negative)
{
    char reversed[NUMBER_ROOM];
    size_t n = 0;
    for (int place = 0; digits || place <= decimals; place++) {
        if (place && place == decimals) reversed[n++] = '.';
        reversed[n++] = (char)('0' + digits % 10);
        digits /= 10;
    }
    if (negative) csv->text[csv->n++] = '-';
    while (n) csv->text[csv->n++] = reversed[--n];
}

static int same(double a, double b)
{
    return !(a < b) && !(a > b);
}

/* A whole number over an exact power of ten is what a reader computes too, so trying it here is
 * enough. */
static void put_number(struct csv *csv, double value, int is_float)
{
    double size = fabs(value);
    for (int decimals = 0; decimals <= MOST_DECIMALS; decimals++) {
        double digits = round(size * power_of_ten[decimals]);
        if (digits >= 0x1p53) break;
        double back = digits / power_of_ten[decimals];
        if (is_float ? !same((double)(float)back, size) : !same(back, size)) continue;
        put_decimal(csv, (uint64_t)digits, decimals, signbit(value));
        return;
    }
    char text[NUMBER_ROOM];
    put_text(csv, number_to_text(value, text));
}

static gait_status write_csv(void *state, size_t n, const double *time_s, const float *accel_g,
                             const float *gyro_dps, gait_error *err)
{
    struct csv *csv = state;
    for (size_t i = 0; i < n; i++) {
        if (csv->n + LONGEST_ROW > TEXT_ROOM) TRY(flush_text(csv, 0, err));
        put_number(csv, time_s[i], 0);
        for (size_t c = 0; c < 3; c++) {
            csv->text[csv->n++] = ',';
            put_number(csv, (double)accel_g[3 * i + c], 1);
        }
        for (size_t c = 0; gyro_dps && c < 3; c++) {
            csv->text[csv->n++] = ',';
            put_number(csv, (double)gyro_dps[3 * i + c], 1);
        }
        csv->text[csv->n++] = '\n';
    }
    return GAIT_OK;
}

static gait_status finish_csv(void *state, gait_error *err)
{
    return flush_text(state, 1, err);
}

static void close_csv(void *state)
{
    struct csv *csv = state;
    if (!csv) return;
    if (csv->is_gzip) deflateEnd(&csv->deflate);
    free(csv);
}

static gait_status open_text(void **state, struct file_draft *draft,
                             const gait_writer_options *options, int is_gzip, gait_error *err)
{
    struct csv *csv = calloc(1, sizeof *csv);
    if (!csv) return gait_fail(err, GAIT_NOMEM, "%s", draft->name);
    csv->draft = draft;
    /* 16 above the window size asks for a gzip header, which then holds no time of day. */
    if (is_gzip &&
        deflateInit2(&csv->deflate, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(csv);
        return gait_fail(err, GAIT_NOMEM, "%s", draft->name);
    }
    csv->is_gzip = is_gzip;
    put_text(csv, "time_s,ax_g,ay_g,az_g");
    if (options->has_gyro) put_text(csv, ",gx_dps,gy_dps,gz_dps");
    put_text(csv, "\n");
    *state = csv;
    return GAIT_OK;
}

static gait_status open_csv(void **state, struct file_draft *draft,
                            const gait_writer_options *options, struct writer_sidecar *out,
                            gait_error *err)
{
    (void)out;
    return open_text(state, draft, options, 0, err);
}

static gait_status open_csv_gz(void **state, struct file_draft *draft,
                               const gait_writer_options *options, struct writer_sidecar *out,
                               gait_error *err)
{
    (void)out;
    return open_text(state, draft, options, 1, err);
}

const struct writer_format writer_csv = {"csv", open_csv, write_csv, finish_csv, close_csv};
const struct writer_format writer_csv_gz = {"csv.gz", open_csv_gz, write_csv, finish_csv,
                                            close_csv};
