/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_WORDS_H
#define RECORD_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include <gait/recording.h>

/* What devices write in words. */

/* "Key: value" or "Key:value" at the start of a line of text[0..n), key in any case: the value
 * without blanks around it, cut to room. False, and out "", if no line has the key. */
bool key_line(const char *text, size_t n, const char *key, char *out, size_t room);

/* As key_line, for a finite number that may have a decimal comma and anything behind a blank. */
bool key_line_number(const char *text, size_t n, const char *key, double *value);

/* "a=1&b=right+wrist" as in a web address: the decoded value. */
bool web_value(const char *text, const char *key, char *out, size_t room);

/* "right wrist", "LeftLowerLeg", "Foot_L", "lumbar": placement and side as far as the words say;
 * what they leave open is not touched. */
void place_from_words(const char *text, gait_placement *placement, gait_side *side);

#endif
