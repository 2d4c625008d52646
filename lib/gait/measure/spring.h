/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SPRING_H
#define GAIT_SPRING_H

/* The leg as a spring under the trunk, from times alone (Morin et al. 2005, J Appl Biomech 21:167):
 * half a sine of force during contact that carries the body through the flight. */
struct spring {
    double force_bw; /* largest */
    double sink_m;   /* how far the trunk sinks under it; not positive: no such spring */
};

struct spring spring_of(double contact_s, double step_s);

#endif
