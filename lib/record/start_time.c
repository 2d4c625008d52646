/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/start_time.h"

#include <math.h>
#include <string.h>

#include "base/civil.h"

bool start_time_parse(const char *text, double *unix_s, gait_time_kind *kind, double *utc_offset_s)
{
    double clock_s, offset_s = NAN;
    size_t n = strlen(text);
    size_t taken = civil_parse(text, n, &clock_s);
    if (!taken) return false;
    while (taken < n && text[taken] == ' ') taken++;
    size_t zone = civil_zone(text + taken, n - taken, &offset_s);
    if (taken + zone != n) return false;
    bool utc = zone == 1; /* "Z" */
    *kind = utc ? GAIT_TIME_UTC : zone ? GAIT_TIME_LOCAL_WITH_OFFSET : GAIT_TIME_LOCAL_UNKNOWN;
    *unix_s = zone ? clock_s - offset_s : clock_s;
    *utc_offset_s = offset_s; /* NaN without a zone */
    return true;
}
