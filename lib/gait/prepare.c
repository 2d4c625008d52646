/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure.h"

gait_status measure_prepare(struct measure_input *in, struct body_frame *frame, struct arena *tmp)
{
    (void)tmp;
    in->frame = frame;
    return GAIT_OK;
}
