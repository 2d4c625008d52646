/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "gait/measure/spring.h"
#include "session/session.h"

/* The stiffness of the leg takes what no sensor measures: how long it is and how fast its owner
 * runs. */

static const double leg_share = 0.53; /* of the height: Morin et al. 2005 */

/* The leg is as long at both ends of the contact, at which the hip is half a contact's way off. */
static double stiffness_bw_per_m(double contact_s, double step_s, double leg_m, double speed_mps)
{
    struct spring spring = spring_of(contact_s, step_s);
    double away_m = speed_mps * contact_s / 2;
    if (!(spring.sink_m > 0 && away_m < leg_m)) return NAN;
    double shorter_m = leg_m - sqrt(leg_m * leg_m - away_m * away_m) + spring.sink_m;
    return spring.force_bw / shorter_m;
}

static void measure_sensor(struct sensor_result *sensor, double leg_m, double speed_mps)
{
    double *stiffness = sensor->metric[gait_metric_index("leg_stiffness_bw_per_m")];
    const double *vertical = sensor->metric[gait_metric_index("vertical_stiffness_bw_per_m")];
    for (size_t i = 0; i < sensor->n_strides; i++) {
        const gait_stride *stride = &sensor->strides[i];
        if (!isfinite(vertical[i])) continue; /* doubtful, grounded or without toe-off */
        stiffness[i] =
            stiffness_bw_per_m(stride->toe_off_s - stride->start_s,
                               0.5 * (stride->end_s - stride->start_s), leg_m, speed_mps);
    }
}

void measure_leg_stiffness(gait_session *session)
{
    double leg_m = leg_share * session->options.height_m, speed_mps = session->options.speed_mps;
    if (!(leg_m > 0 && speed_mps > 0)) return;
    for (size_t s = 0; s < session->n_sensors; s++)
        measure_sensor(&session->sensors[s], leg_m, speed_mps);
}
