/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/segment/period.h"

#include <math.h>
#include <string.h>

#include "base/hot.h"
#include "base/vec.h"
#include "gait/detect/fitted.h"
#include "signal/correlate.h"
#include "signal/peaks.h"

/* The autocorrelation is taken at 25 to 50 Hz: enough detail to find the period, and little enough
 * to look through a week in a second. */
static const double work_rate_hz = 25;

static const double longest_lag_s = 3.2;

enum { MAX_CHANNELS = 3 };

/* What is correlated: the norm and the vertical on the trunk, all three axes on a limb. */
struct channels {
    double *x[MAX_CHANNELS]; /* each n long, and zeros behind it */
    size_t n_channels, n;
    double rate_hz;
    double sd_g; /* of the norm */
};

struct acf {
    double *at; /* at[0] = 1 */
    size_t n;
    double rate_hz;
};

static int is_limb(gait_placement placement)
{
    return placement == GAIT_FOOT || placement == GAIT_SHANK;
}

static void thin_out(const double *accel_g, size_t step, struct channels *c)
{
    for (size_t i = 0; i < c->n; i++) {
        double sum[3] = {0};
        for (size_t k = i * step; k < (i + 1) * step; k++)
            for (size_t axis = 0; axis < 3; axis++) sum[axis] += accel_g[3 * k + axis];
        for (size_t axis = 0; axis < 3; axis++) c->x[axis][i] = sum[axis] / (double)step;
    }
}

static double spread_of_norm(const struct channels *c)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < c->n; i++) {
        double a[3] = {c->x[0][i], c->x[1][i], c->x[2][i]};
        double square = vec_dot(a, a);
        sum += sqrt(square);
        squares += square;
    }
    double mean = sum / (double)c->n;
    return sqrt(fmax(0, squares / (double)c->n - mean * mean));
}

HOT static void take_norm_and_part(double *restrict x, double *restrict y, const double *restrict z,
                                   size_t n, const double part[3])
{
    for (size_t i = 0; i < n; i++) {
        double a[3] = {x[i], y[i], z[i]};
        x[i] = vec_norm(a);
        y[i] = vec_dot(a, part);
    }
}

static void turn_into_norm_and_vertical(struct channels *c)
{
    double up[3] = {0};
    for (size_t i = 0; i < c->n; i++)
        for (int axis = 0; axis < 3; axis++) up[axis] += c->x[axis][i];
    (void)vec_unit(up);
    take_norm_and_part(c->x[0], c->x[1], c->x[2], c->n, up);
    c->n_channels = 2;
}

/* Mean of x[i - half .. i + half], fewer at the ends. The channels do not wait for each other. */
HOT_PART void smooth(double *const x[MAX_CHANNELS], size_t n_channels, size_t n, size_t half,
                     double *const y[MAX_CHANNELS])
{
    double sum[MAX_CHANNELS] = {0}, share = 1 / (double)(2 * half + 1);
    for (size_t i = 0; i < half && i < n; i++)
        for (size_t k = 0; k < n_channels; k++) sum[k] += x[k][i];
    for (size_t i = 0; i < n; i++) {
        int one_comes = i + half < n;
        int one_goes = i > half;
        int is_full = one_comes && i >= half;
        size_t low = one_goes ? i - half : 0, high = one_comes ? i + half + 1 : n;
        for (size_t k = 0; k < n_channels; k++) {
            if (one_comes) sum[k] += x[k][high - 1];
            if (one_goes) sum[k] -= x[k][low - 1];
            y[k][i] = is_full ? sum[k] * share : sum[k] / (double)(high - low);
        }
    }
}

/* All axes, or two channels. A number that the compiler knows spares the loop over them. */
static void smooth_channels(double *const x[MAX_CHANNELS], size_t n_channels, size_t n, size_t half,
                            double *const y[MAX_CHANNELS])
{
    if (n_channels == MAX_CHANNELS)
        smooth(x, MAX_CHANNELS, n, half, y);
    else
        smooth(x, 2, n, half, y);
}

/* Takes away what changes over more than two seconds: lean, turning, soft fixation. */
static gait_status remove_drift(struct channels *c, struct arena *tmp)
{
    size_t half = (size_t)(c->rate_hz / 2);
    double *once[MAX_CHANNELS], *twice[MAX_CHANNELS];
    struct arena_mark mark = arena_mark(tmp);
    for (size_t k = 0; k < MAX_CHANNELS; k++) {
        once[k] = ARENA_NEW(tmp, c->n, double);
        twice[k] = ARENA_NEW(tmp, c->n, double);
        if (!once[k] || !twice[k]) return GAIT_NOMEM;
    }
    smooth_channels(c->x, c->n_channels, c->n, half, once);
    smooth_channels(once, c->n_channels, c->n, half, twice);
    for (size_t k = 0; k < c->n_channels; k++)
        for (size_t i = 0; i < c->n; i++) c->x[k][i] -= twice[k][i];
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

static gait_status channels_prepare(const double *accel_g, size_t n, double rate_hz,
                                    gait_placement placement, struct channels *c, struct arena *tmp)
{
    size_t step = (size_t)fmax(1, floor(rate_hz / work_rate_hz));
    c->rate_hz = rate_hz / (double)step;
    c->n = n / step;
    c->n_channels = 3;
    for (size_t k = 0; k < MAX_CHANNELS; k++) {
        c->x[k] = ARENA_ZNEW(tmp, c->n + CORRELATE_LAGS, double);
        if (!c->x[k]) return GAIT_NOMEM;
    }
    thin_out(accel_g, step, c);
    c->sd_g = spread_of_norm(c);
    if (!is_limb(placement)) turn_into_norm_and_vertical(c);
    return remove_drift(c, tmp);
}

/* Unbiased and summed over the channels. Lags up to 0.4 of the window; 2.1 s even if that is more,
 * up to 0.6. */
static gait_status acf_make(const struct channels *c, struct acf *acf, struct arena *tmp)
{
    double window = (double)c->n, longest = longest_lag_s * c->rate_hz;
    double needed = fmin(0.6 * window, 2.1 * c->rate_hz);
    size_t most = (size_t)fmin(fmax(0.4 * window, needed), longest) + 2;
    acf->at = ARENA_ZNEW(tmp, correlate_room(most), double);
    if (!acf->at) return GAIT_NOMEM;
    acf->n = most < c->n ? most : c->n;
    acf->rate_hz = c->rate_hz;
    for (size_t channel = 0; channel < c->n_channels; channel++)
        correlate(c->x[channel], c->n, acf->at, most);
    double power = acf->at[0] / (double)c->n;
    for (size_t k = 0; k < acf->n; k++)
        acf->at[k] = power > 0 ? acf->at[k] / (double)(c->n - k) / power : 0;
    return GAIT_OK;
}

static int is_maximum(const struct acf *acf, size_t i)
{
    return i > 0 && i + 1 < acf->n && acf->at[i] >= acf->at[i - 1] && acf->at[i] > acf->at[i + 1];
}

/* The first local maximum between two lags that reaches `share` of the highest one; 0: none. The
 * highest goes to *best. */
static size_t first_high(const struct acf *acf, double from_s, double to_s, double share,
                         double *best)
{
    size_t from = (size_t)ceil(from_s * acf->rate_hz);
    size_t to = (size_t)fmin(to_s * acf->rate_hz, (double)acf->n - 2);
    *best = 0;
    for (size_t i = from; i <= to; i++)
        if (is_maximum(acf, i)) *best = fmax(*best, acf->at[i]);
    if (*best <= 0) return 0;
    for (size_t i = from; i <= to; i++)
        if (is_maximum(acf, i) && acf->at[i] >= share * *best) return i;
    return 0;
}

/* The highest lag within reach of a lag, if it is a local maximum; 0: none. */
static size_t maximum_near(const struct acf *acf, double lag, double reach)
{
    double low = fmax(1, ceil(lag - reach)), high = fmin((double)acf->n - 2, floor(lag + reach));
    if (!(low <= high)) return 0;
    size_t i = argmax(acf->at, (size_t)low, (size_t)high + 1);
    return is_maximum(acf, i) ? i : 0;
}

static int is_stride(const struct stride_lag *rule, double lag_s, double sd_g)
{
    return lag_s > rule->lag_s && sd_g > rule->above_sd_g;
}

/* A trunk sensor repeats with each step, but a lopsided or carried one may repeat better with each
 * stride. Who moves hard does not take such long steps. */
static double halve(const struct acf *acf, double lag, double best, const struct channels *c,
                    gait_placement placement)
{
    double lag_s = lag / acf->rate_hz;
    size_t half = maximum_near(acf, lag / 2, fmax(1, 0.06 * lag));
    int is_carried = placement != GAIT_SACRUM && placement != GAIT_WAIST;
    double pocket_sd_g = placement == GAIT_WRIST ? (double)INFINITY : c->sd_g;
    int too_long = (is_carried && is_stride(&stride_when_hard, lag_s, c->sd_g)) ||
                   is_stride(&stride_in_pocket, lag_s, pocket_sd_g);
    int half_is_high = half && acf->at[half] > half_lag_share * best;
    int half_is_likely =
        half && is_stride(&stride_when_doubtful, lag_s, half_is_high ? (double)INFINITY : c->sd_g);
    int half_is_alike = half && acf->at[half] > 0 && is_stride(&stride_when_alike, lag_s, c->sd_g);
    if (!too_long && !half_is_likely && !half_is_alike) return lag;
    return half ? (double)half : lag / 2;
}

/* Multiples of the lag say more precisely what it is, as long as they go on rising to a peak. */
static double refine(const struct acf *acf, double lag, double floor_height, unsigned first,
                     unsigned by)
{
    for (unsigned m = first; m <= 16; m += by) {
        size_t at = maximum_near(acf, m * lag, fmax(1, 0.25 * lag));
        if (!at || acf->at[at] < floor_height) break;
        double finer = parabolic(acf->at, acf->n, at, NULL) / m;
        if (fabs(finer / lag - 1) > 0.06) break;
        lag = finer;
    }
    return lag;
}

static void trunk_period(const struct acf *acf, const struct channels *c, gait_placement placement,
                         struct period *out)
{
    double best;
    size_t first = first_high(acf, 0.25, 1.3, trunk_peak_share, &best);
    if (!first) return;
    double lag = halve(acf, (double)first, best, c, placement);
    lag = halve(acf, lag, best, c, placement); /* the first may have been two strides */
    size_t rounded = (size_t)(lag + 0.5);
    out->regularity = acf->at[first];
    if (is_maximum(acf, rounded)) out->regularity = fmax(acf->at[rounded], out->regularity);
    if (is_maximum(acf, rounded)) lag = parabolic(acf->at, acf->n, rounded, NULL);
    lag = refine(acf, lag, 0.3 * fmax(out->regularity, 0.2), 2, 2);
    out->step_hz = acf->rate_hz / lag;
}

/* A few strides can resemble the one after next more than the next, by chance. Half of a slow
 * stride is unlike the whole of it. */
static size_t halve_limb(const struct acf *acf, size_t lag)
{
    if ((double)lag < limb_double_lag_s * acf->rate_hz) return lag;
    size_t half = maximum_near(acf, 0.5 * (double)lag, fmax(1, 0.03 * (double)lag));
    return half && acf->at[half] > limb_double_share * acf->at[lag] ? half : lag;
}

/* The limb's own stride is two steps. */
static void limb_period(const struct acf *acf, struct period *out)
{
    double best;
    size_t first = first_high(acf, 0.45, 2.0, limb_peak_share, &best);
    if (!first) return;
    first = halve_limb(acf, first);
    out->regularity = acf->at[first];
    double lag = parabolic(acf->at, acf->n, first, NULL);
    lag = refine(acf, lag, 0.3 * fmax(out->regularity, 0.2), 2, 1);
    out->step_hz = 2 * acf->rate_hz / lag;
}

/* The period of channels that were prepared for a placement. */
static gait_status period_of(const struct channels *channels, gait_placement placement,
                             struct period *out, struct arena *tmp)
{
    struct acf acf = {0};
    *out = (struct period){.step_hz = NAN, .sd_g = channels->sd_g};
    gait_status status = acf_make(channels, &acf, tmp);
    if (status == GAIT_OK && is_limb(placement)) limb_period(&acf, out);
    if (status == GAIT_OK && !is_limb(placement)) trunk_period(&acf, channels, placement, out);
    return status;
}

gait_status period_find(const double *accel_g, size_t n, double rate_hz, gait_placement placement,
                        struct period *out, struct arena *tmp)
{
    *out = (struct period){.step_hz = NAN};
    if ((double)n < 2.5 * rate_hz) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    struct channels channels = {0};
    gait_status status = channels_prepare(accel_g, n, rate_hz, placement, &channels, tmp);
    if (status == GAIT_OK) status = period_of(&channels, placement, out, tmp);
    arena_rewind(tmp, mark);
    return status;
}

enum { GRID = 17 };

/* Power of the channels at frequencies low + j step under a Hann window. */
HOT static void power_on_grid(const struct channels *c, const double *window, double low,
                              double step, double power[GRID])
{
    double re[MAX_CHANNELS][GRID] = {0}, im[MAX_CHANNELS][GRID] = {0};
    double turn_re[GRID], turn_im[GRID], phase_re[GRID], phase_im[GRID];
    for (size_t j = 0; j < GRID; j++) {
        double angle = 2 * acos(-1) * (low + (double)j * step) / c->rate_hz;
        turn_re[j] = cos(angle);
        turn_im[j] = sin(angle);
        phase_re[j] = 1;
        phase_im[j] = 0;
    }
    for (size_t i = 0; i < c->n; i++) {
        for (size_t k = 0; k < c->n_channels; k++) {
            double x = window[i] * c->x[k][i];
            for (size_t j = 0; j < GRID; j++) {
                re[k][j] += x * phase_re[j];
                im[k][j] += x * phase_im[j];
            }
        }
        for (size_t j = 0; j < GRID; j++) {
            double next = phase_re[j] * turn_re[j] - phase_im[j] * turn_im[j];
            phase_im[j] = phase_re[j] * turn_im[j] + phase_im[j] * turn_re[j];
            phase_re[j] = next;
        }
    }
    for (size_t j = 0; j < GRID; j++) {
        power[j] = 0;
        for (size_t k = 0; k < c->n_channels; k++)
            power[j] += re[k][j] * re[k][j] + im[k][j] * im[k][j];
    }
}

/* Where the spectrum peaks within 8 % of a frequency. One line is sharper than many: harmonics
 * carry the unevenness of the steps. */
static gait_status sharpen(const struct channels *c, double *hz, struct arena *tmp)
{
    double power[GRID], *window = ARENA_NEW(tmp, c->n, double);
    if (!window) return GAIT_NOMEM;
    for (size_t i = 0; 2 * i < c->n; i++) /* the same from both ends */
        window[i] = window[c->n - 1 - i] =
            0.5 - 0.5 * cos(2 * acos(-1) * ((double)i + 0.5) / (double)c->n);
    double low = 0.92 * *hz, step = 0.16 * *hz / (GRID - 1);
    power_on_grid(c, window, low, step, power);
    for (size_t j = 0; j < GRID; j++) power[j] = log(power[j] + 1e-30);
    *hz = low + parabolic(power, GRID, argmax(power, 0, GRID), NULL) * step;
    return GAIT_OK;
}

gait_status cadence_measure(const double *accel_g, size_t n, double rate_hz,
                            gait_placement placement, double hint_hz, double *steps_per_min,
                            struct arena *tmp)
{
    *steps_per_min = NAN;
    if ((double)n < 2.5 * rate_hz) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    struct channels channels = {0};
    struct period period = {.step_hz = NAN};
    gait_status status = channels_prepare(accel_g, n, rate_hz, placement, &channels, tmp);
    if (status == GAIT_OK) status = period_of(&channels, placement, &period, tmp);
    int agree = fabs(period.step_hz / hint_hz - 1) < 0.12; /* false if either is NaN */
    double hz = agree || isnan(hint_hz) ? period.step_hz : hint_hz;
    /* A shank's line is its stride. A shoe shows the step as well, in its norm, and twice the
     * frequency is told twice as sharply. */
    double lines = placement == GAIT_SHANK ? 2 : 1;
    if (status == GAIT_OK && placement == GAIT_FOOT)
        status = channels_prepare(accel_g, n, rate_hz, GAIT_OTHER, &channels, tmp);
    hz /= lines;
    if (status == GAIT_OK && !isnan(hz)) {
        status = sharpen(&channels, &hz, tmp);
        *steps_per_min = 60 * lines * hz;
    }
    arena_rewind(tmp, mark);
    return status;
}
