/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/spring.h"

static const double pi = 3.14159265358979323846;
static const double gravity_mps2 = 9.80665;

struct spring spring_of(double contact_s, double step_s)
{
    double force_bw = pi / 2 * step_s / contact_s;
    return (struct spring){force_bw,
                           gravity_mps2 * contact_s * contact_s * (force_bw / (pi * pi) - 0.125)};
}
