/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CSV_PREAMBLE_H
#define RECORD_CSV_PREAMBLE_H

#include <gait/recording.h>

#include "record/csv_dialect.h"
#include "record/csv_time.h"

/* What the lines above the numbers say, whoever wrote them. */
struct csv_preamble {
    double rate_hz, range_g, epoch_s; /* NaN if not stated */
    enum csv_date_order order;        /* of dates in words or numbers; DATE_UNSURE if not stated */
    double start_unix_s, utc_offset_s;
    gait_time_kind start_kind;
    double zone_s; /* of the wall clock the rows are written in; NaN if not stated */
    char device[64];
    gait_placement placement;
    gait_side side;
    const char *product;                /* "" if not recognised */
    const char *accel_unit, *gyro_unit; /* of that product where the columns do not say; "" */
};

/* file is the base name. */
void csv_read_preamble(const struct csv_dialect *dialect, const char *file,
                       struct csv_preamble *out);

#endif
