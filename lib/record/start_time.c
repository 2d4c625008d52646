/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/start_time.h"

#include <math.h>
#include <string.h>

#include "base/civil.h"
#include "base/text.h"

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

static void print_zone(gait_time_kind kind, double offset_s, char out[8])
{
    int minutes = (int)lround(fabs(offset_s) / 60);
    out[0] = '\0';
    if (kind == GAIT_TIME_UTC) text_print(out, 8, "Z");
    if (kind == GAIT_TIME_LOCAL_WITH_OFFSET)
        text_print(out, 8, "%c%02d:%02d", offset_s < 0 ? '-' : '+', minutes / 60 % 100,
                   minutes % 60);
}

char *start_time_print(double unix_s, gait_time_kind kind, double utc_offset_s,
                       char out[START_TIME_ROOM])
{
    struct civil at;
    char zone[8], fraction[8] = "";
    out[0] = '\0';
    if (kind == GAIT_TIME_LOCAL_WITH_OFFSET && !(fabs(utc_offset_s) < 86400)) kind = GAIT_TIME_UTC;
    bool shifted = kind == GAIT_TIME_LOCAL_WITH_OFFSET;
    if (kind == GAIT_TIME_UNKNOWN || !civil_from_unix_s(unix_s + (shifted ? utc_offset_s : 0), &at))
        return out;
    int ms = (int)lround(at.second * 1000);
    if (ms % 1000) text_print(fraction, sizeof fraction, ".%03d", ms % 1000);
    print_zone(kind, utc_offset_s, zone);
    text_print(out, START_TIME_ROOM, "%04d-%02d-%02dT%02d:%02d:%02d%s%s", at.year, at.month, at.day,
               at.hour, at.minute, ms / 1000, fraction, zone);
    return out;
}
