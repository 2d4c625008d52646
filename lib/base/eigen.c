/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/eigen.h"

#include <math.h>
#include <string.h>

#include "base/vec.h"

enum { MAX_SWEEPS = 30 };

/* One Jacobi rotation: makes a[p][q] zero and turns the rows of v along. */
static void rotate(double a[3][3], double v[3][3], int p, int q)
{
    if (a[p][q] == 0) return;
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = copysign(1, theta) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1);
    double s = t * c;
    for (int k = 0; k < 3; k++) {
        double x = a[k][p], y = a[k][q];
        a[k][p] = c * x - s * y;
        a[k][q] = s * x + c * y;
    }
    for (int k = 0; k < 3; k++) {
        double x = a[p][k], y = a[q][k];
        a[p][k] = c * x - s * y;
        a[q][k] = s * x + c * y;
        x = v[p][k], y = v[q][k];
        v[p][k] = c * x - s * y;
        v[q][k] = s * x + c * y;
    }
}

static void order(double value[3], double vector[3][3], int i, int j)
{
    if (value[i] <= value[j]) return;
    double t = value[i];
    value[i] = value[j];
    value[j] = t;
    for (int k = 0; k < 3; k++) {
        t = vector[i][k];
        vector[i][k] = vector[j][k];
        vector[j][k] = t;
    }
}

void eigen3(double m[3][3], double value[3], double vector[3][3])
{
    double a[3][3], scale = 0;
    memcpy(a, m, sizeof a);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            vector[i][j] = i == j;
            scale += fabs(a[i][j]);
        }
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
        if (fabs(a[0][1]) + fabs(a[0][2]) + fabs(a[1][2]) <= 1e-15 * scale) break;
        rotate(a, vector, 0, 1);
        rotate(a, vector, 0, 2);
        rotate(a, vector, 1, 2);
    }
    for (int i = 0; i < 3; i++) value[i] = a[i][i];
    order(value, vector, 0, 1);
    order(value, vector, 1, 2);
    order(value, vector, 0, 1);
    vec_cross(vector[0], vector[1], vector[2]);
}

void scatter3(const double *x, size_t n, double m[3][3])
{
    for (size_t i = 0; i < n; i++, x += 3)
        for (int r = 0; r < 3; r++)
            for (int c = 0; c < 3; c++) m[r][c] += x[r] * x[c];
}
