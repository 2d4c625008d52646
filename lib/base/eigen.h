/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_EIGEN_H
#define BASE_EIGEN_H

#include <stddef.h>

/* Eigenvalues of a symmetric 3 x 3 matrix, smallest first, and its unit eigenvectors as the rows
 * of vector, right-handed. The signs are arbitrary but repeatable. m is only read. */
void eigen3(double m[3][3], double value[3], double vector[3][3]);

/* m += x x' over n vectors of three. */
void scatter3(const double *x, size_t n, double m[3][3]);

#endif
