/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_START_TIME_H
#define RECORD_START_TIME_H

#include <stdbool.h>

#include <gait/recording.h>

/* "2024-05-06T07:08:09.5" with "Z", "+02:00" or nothing behind it, over the whole text: false, and
 * nothing touched, if it is none. Without a zone unix_s is the wall clock's, offset NaN. */
bool start_time_parse(const char *text, double *unix_s, gait_time_kind *kind, double *utc_offset_s);

/* The same text back, in milliseconds as far as they are not 0; "" if the time is not known. */
enum { START_TIME_ROOM = 40 };
char *start_time_print(double unix_s, gait_time_kind kind, double utc_offset_s,
                       char out[START_TIME_ROOM]);

#endif
