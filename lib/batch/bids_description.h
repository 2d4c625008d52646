/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_BIDS_DESCRIPTION_H
#define BATCH_BIDS_DESCRIPTION_H

#include "batch/plan.h"

/* What a BIDS derivative says of itself: dataset_description.json with what made it of what. */
gait_status write_bids_description(const gait_plan *plan, const char *folder, gait_error *err);

#endif
