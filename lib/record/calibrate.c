/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_POINTS = 50, MOST_ROUNDS = 1000 };

static const double far_side_g = 0.3; /* points must lie beyond it on both sides of each axis */
static const double good_enough_g = 0.010;                   /* no need below, no trust above */
static const double most_scale = 0.08, most_offset_g = 0.15; /* no sensor is further off */
static const double least_gain = 1e-4;                       /* of the error in one round */
static const double outlier_share = 0.005;

static const struct calibration identity = {.scale = {1, 1, 1}};

static int covers_sphere(const struct still *s)
{
    for (size_t k = 0; k < 3; k++) {
        double low = 0, high = 0;
        for (size_t i = 0; i < s->n_points; i++) {
            low = fmin(low, s->points[3 * i + k]);
            high = fmax(high, s->points[3 * i + k]);
        }
        if (low > -far_side_g || high < far_side_g) return 0;
    }
    return 1;
}

/* Calibrated points, their places on the sphere, and how far that is. */
struct cloud {
    size_t n;
    double *c, *u, *error, *weight; /* n x 3, n x 3, n, n */
};

static double place_on_sphere(const struct still *s, const struct calibration *by, struct cloud *p)
{
    double sum = 0;
    for (size_t i = 0; i < p->n; i++) {
        double length = 0;
        for (size_t k = 0; k < 3; k++) {
            double x = by->offset_g[k] + by->scale[k] * s->points[3 * i + k];
            p->c[3 * i + k] = x;
            length += x * x;
        }
        length = sqrt(length);
        for (size_t k = 0; k < 3; k++) p->u[3 * i + k] = length > 0 ? p->c[3 * i + k] / length : 0;
        p->error[i] = fabs(length - 1);
        sum += p->error[i];
    }
    return sum / (double)p->n;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Points count less the further they are off; the worst do not count. */
static void weigh(struct cloud *p)
{
    memcpy(p->weight, p->error, p->n * sizeof *p->weight);
    qsort(p->weight, p->n, sizeof *p->weight, by_value);
    double worst = p->weight[(size_t)((1 - outlier_share) * (double)(p->n - 1))];
    for (size_t i = 0; i < p->n; i++)
        p->weight[i] = worst > 0 ? fmax(0, 1 - p->error[i] / worst) : 1;
}

/* Weighted least squares u = o + s c along one axis, put behind what was found before. */
static void improve_axis(const struct cloud *p, size_t k, struct calibration *by)
{
    double sw = 0, sc = 0, su = 0, scc = 0, scu = 0;
    for (size_t i = 0; i < p->n; i++) {
        double w = p->weight[i], c = p->c[3 * i + k], u = p->u[3 * i + k];
        sw += w;
        sc += w * c;
        su += w * u;
        scc += w * c * c;
        scu += w * c * u;
    }
    double spread = sw * scc - sc * sc;
    if (!(spread > 0)) return;
    double s = (sw * scu - sc * su) / spread, o = (su - s * sc) / sw;
    by->offset_g[k] = o + s * by->offset_g[k];
    by->scale[k] *= s;
}

static int is_reasonable(const struct calibration *by)
{
    for (int k = 0; k < 3; k++)
        if (!(fabs(by->scale[k] - 1) < most_scale && fabs(by->offset_g[k]) < most_offset_g))
            return 0;
    return 1;
}

static void fit_sphere(const struct still *points, struct cloud *p, struct calibration *by)
{
    double error_g = place_on_sphere(points, by, p);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        struct calibration better = *by;
        weigh(p);
        for (size_t k = 0; k < 3; k++) improve_axis(p, k, &better);
        double now_g = place_on_sphere(points, &better, p);
        if (!(now_g < error_g)) break;
        *by = better;
        by->error_after_g = now_g;
        if (now_g > (1 - least_gain) * error_g) break;
        error_g = now_g;
    }
}

int calibrate(const struct still *points, struct arena *scratch, struct calibration *out)
{
    size_t n = points->n_points;
    *out = identity;
    out->error_before_g = out->error_after_g = still_error_g(points);
    if (n < LEAST_POINTS)
        out->why_not = "too few still moments";
    else if (out->error_before_g < good_enough_g)
        out->why_not = "within 10 mg of 1 g as it is";
    else if (!covers_sphere(points))
        out->why_not = "still moments do not lie on all sides";
    if (out->why_not) return 0;

    struct arena_mark mark = arena_mark(scratch);
    struct cloud p = {n, ARENA_NEW(scratch, 3 * n, double), ARENA_NEW(scratch, 3 * n, double),
                      ARENA_NEW(scratch, n, double), ARENA_NEW(scratch, n, double)};
    struct calibration by = *out;
    if (p.c && p.u && p.error && p.weight) fit_sphere(points, &p, &by);
    arena_rewind(scratch, mark);
    int helped = by.error_after_g < good_enough_g && is_reasonable(&by);
    if (helped)
        *out = by;
    else
        out->why_not = "no scale and offset within reason bring still moments to 1 g";
    return helped;
}
