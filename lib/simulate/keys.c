/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/keys.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"

enum kind { NUMBER, WHOLE, WORD, TEXT, ANGLES };

struct row {
    gait_simulation_key pub;
    enum kind kind;
    double low, high;
    const char *words; /* of a WORD, separated by spaces */
};

/* To add a key: a name in enum key, a row here. A standard of "" depends on the activity, on other
 * keys or on the person that is drawn. */
static const struct row rows[N_KEYS] = {
    [KEY_PLACEMENT] = {{"placement", "", "shank",
                        "Where the sensor is: foot, shank, sacrum, waist."},
                       WORD,
                       0,
                       0,
                       "foot shank sacrum waist"},
    [KEY_SIDE] = {{"side", "", "right", "Which limb: left, right; none for sacrum and waist."},
                  WORD,
                  0,
                  0,
                  "left right none"},
    [KEY_ACTIVITY] = {{"activity", "", "run", "What the person does: run, walk, day."},
                      WORD,
                      0,
                      0,
                      "run walk day"},
    [KEY_TASK] = {{"task", "", "", "A functional test instead of the activity: knee-bend, squat."},
                  WORD,
                  0,
                  0,
                  "none knee-bend squat"},
    [KEY_DURATION] =
        {{"duration_s", "s", "60", "Length of the recording, 1 to 1000000."}, NUMBER, 1, 1e6, NULL},
    [KEY_RATE] =
        {{"rate_hz", "Hz", "200", "Nominal sampling rate, 10 to 20000."}, NUMBER, 10, 20000, NULL},
    [KEY_GYRO] = {{"gyro", "", "1", "1: with gyroscope, 0: without."}, WHOLE, 0, 1, NULL},
    [KEY_SEED] = {{"seed", "", "1", "Whole number; the same seed gives the same bytes."},
                  WHOLE,
                  0,
                  9007199254740992.0,
                  NULL},
    [KEY_VARY] = {{"vary", "", "0",
                   "1: keys that are not set are drawn from many runners with the seed; 0: the "
                   "middle of each range."},
                  WHOLE,
                  0,
                  1,
                  NULL},
    [KEY_STANDING] = {{"standing_s", "s", "0", "Standing still before the first step, 0 to 3600."},
                      NUMBER,
                      0,
                      3600,
                      NULL},
    [KEY_START_TIME] =
        {{"start_time", "", "", "ISO 8601 time of the first sample."}, TEXT, 0, 0, NULL},
    [KEY_SUBJECT] = {{"subject_id", "", "", "Goes to the sidecar."}, TEXT, 0, 0, NULL},
    [KEY_SESSION] = {{"session_id", "", "", "Goes to the sidecar."}, TEXT, 0, 0, NULL},
    [KEY_DISTANCE] =
        {{"distance_m", "m", "", "Goes to the sidecar, 0 to 1000000."}, NUMBER, 0, 1e6, NULL},
    [KEY_CADENCE] = {{"cadence_steps_per_min", "1/min", "", "Steps of both feet, 60 to 260."},
                     NUMBER,
                     60,
                     260,
                     NULL},
    [KEY_CONTACT] = {{"contact_time_s", "s", "", "Foot strike to toe-off, 0.08 to 1.5."},
                     NUMBER,
                     0.08,
                     1.5,
                     NULL},
    [KEY_SPEED] = {{"speed_mps", "m/s", "", "Mean speed, 0.2 to 8."}, NUMBER, 0.2, 8, NULL},
    [KEY_STRIKE_ANGLE] = {{"strike_angle_deg", "deg", "",
                           "Foot to ground at foot strike, toes up positive, -20 to 40."},
                          NUMBER,
                          -20,
                          40,
                          NULL},
    [KEY_EVERSION] = {{"eversion_deg", "deg", "",
                       "Mean excursion from foot strike to the most everted instant within 60 % of "
                       "contact, 0 to 30."},
                      NUMBER,
                      0,
                      30,
                      NULL},
    [KEY_ROLL_FAMILY] =
        {{"roll_family", "", "base",
          "How the foot rolls inwards: base, shifted (other timing), fast (80 % in "
          "the first 9 % of contact), mixed (early, even or late, each runner another)."},
         WORD,
         0,
         0,
         "base shifted fast mixed"},
    [KEY_IMPACT] = {{"impact_g", "g", "",
                     "Mean peak acceleration along the shank; 0.5 to 40. Foot and trunk follow."},
                    NUMBER,
                    0.5,
                    40,
                    NULL},
    [KEY_IMPACT_CV] = {{"impact_cv", "1", "", "Its coefficient of variation over steps, 0 to 0.5."},
                       NUMBER,
                       0,
                       0.5,
                       NULL},
    [KEY_STRIDE_TIME_CV] = {{"stride_time_cv", "1", "",
                             "Coefficient of variation of the stride time, 0 to 0.1."},
                            NUMBER,
                            0,
                            0.1,
                            NULL},
    [KEY_IMPACT_ASYMMETRY] = {{"impact_asymmetry_percent", "%", "0",
                               "Left minus right impact over their mean, -100 to 100."},
                              NUMBER,
                              -100,
                              100,
                              NULL},
    [KEY_STEP_TIME_ASYMMETRY] = {{"step_time_asymmetry_percent", "%", "0",
                                  "Left minus right step time over their mean, -40 to 40."},
                                 NUMBER,
                                 -40,
                                 40,
                                 NULL},
    [KEY_SHIFT_AT] = {{"shift_at_s", "s", "", "When every impact changes for good, 0 to 1000000."},
                      NUMBER,
                      0,
                      1e6,
                      NULL},
    [KEY_SHIFT] = {{"shift_percent", "%", "0", "By how much, -90 to 500."}, NUMBER, -90, 500, NULL},
    [KEY_HARD_LANDINGS] = {{"hard_landings", "", "0",
                            "Landings of each foot at 1.8 to 2.4 times the impact, 0 to 10000."},
                           WHOLE,
                           0,
                           10000,
                           NULL},
    [KEY_FATIGUE_IMPACT] = {{"fatigue_impact_percent", "%", "0",
                             "Linear change of the impact over the run, -90 to 300."},
                            NUMBER,
                            -90,
                            300,
                            NULL},
    [KEY_FATIGUE_CADENCE] = {{"fatigue_cadence_percent", "%", "0",
                              "Linear change of the cadence over the run, -40 to 40."},
                             NUMBER,
                             -40,
                             40,
                             NULL},
    [KEY_FATIGUE_EVERSION] = {{"fatigue_eversion_deg", "deg", "0",
                               "Linear change of the eversion over the run, -20 to 20."},
                              NUMBER,
                              -20,
                              20,
                              NULL},
    [KEY_FATIGUE_CONTACT] = {{"fatigue_contact_percent", "%", "0",
                              "Linear change of the contact time over the run, -40 to 40."},
                             NUMBER,
                             -40,
                             40,
                             NULL},
    [KEY_FATIGUE_SWAY] = {{"fatigue_sway_percent", "%", "0",
                           "Linear change of the sideways motion of shank and trunk over the run, "
                           "-90 to 300."},
                          NUMBER,
                          -90,
                          300,
                          NULL},
    [KEY_REPS] =
        {{"reps", "", "5", "Repetitions of a functional test, 1 to 100."}, WHOLE, 1, 100, NULL},
    [KEY_ABORTED_REPS] =
        {{"aborted_reps", "", "0",
          "Repetitions of each leg begun besides and broken off half-way, 0 to 100."},
         WHOLE,
         0,
         100,
         NULL},
    [KEY_TEMPO_DOWN] =
        {{"tempo_down_s", "s", "2", "Going down, 0.3 to 10."}, NUMBER, 0.3, 10, NULL},
    [KEY_TEMPO_UP] = {{"tempo_up_s", "s", "1.6", "Coming up, 0.3 to 10."}, NUMBER, 0.3, 10, NULL},
    [KEY_MEDIAL_LEAN] =
        {{"medial_lean_deg", "deg", "4",
          "Lean of the shank towards the other leg at the lowest point, mean of both "
          "sides, -30 to 30."},
         NUMBER,
         -30,
         30,
         NULL},
    [KEY_LEAN_DIFFERENCE] = {{"lean_difference_deg", "deg", "0",
                              "Left minus right lean, -30 to 30."},
                             NUMBER,
                             -30,
                             30,
                             NULL},
    [KEY_NOISE] =
        {{"noise_g", "g", "0.01", "White noise of the accelerometer, 0 to 1."}, NUMBER, 0, 1, NULL},
    [KEY_MOUNTING] = {{"mounting_deg", "deg", "0/0/0",
                       "a/b/c: the sensor (x forward, y up, z right) is turned about forward by a, "
                       "then up by b, then right by c, -360 to 360 each."},
                      ANGLES,
                      -360,
                      360,
                      NULL},
    [KEY_RANGE] = {{"range_g", "g", "16", "Full scale: samples are clipped there, 1 to 400."},
                   NUMBER,
                   1,
                   400,
                   NULL},
    [KEY_BITS] = {{"bits", "", "16", "Resolution, 6 to 32; 0: not quantised."}, WHOLE, 0, 32, NULL},
    [KEY_MOUNT] = {{"mount_hz", "Hz", "0", "Resonance of a soft mount, 5 to 500; 0: rigid."},
                   NUMBER,
                   0,
                   500,
                   NULL},
    [KEY_MOUNT_DAMPING] =
        {{"mount_damping", "1", "0.3", "Its damping ratio, 0.05 to 1."}, NUMBER, 0.05, 1, NULL},
    [KEY_JITTER] = {{"jitter", "1", "0",
                     "Standard deviation of the stamps over the sample period, 0 to 0.5."},
                    NUMBER,
                    0,
                    0.5,
                    NULL},
    [KEY_DRIFT] = {{"drift_ppm", "1e-6", "0",
                    "By how much the sensor samples faster than it says, -50000 to 50000."},
                   NUMBER,
                   -50000,
                   50000,
                   NULL},
    [KEY_GAP_AT] =
        {{"gap_at_s", "s", "", "Where samples are missing, 0 to 1000000."}, NUMBER, 0, 1e6, NULL},
    [KEY_GAP] = {{"gap_s", "s", "0", "For how long, 0 to 1000000."}, NUMBER, 0, 1e6, NULL},
    [KEY_DUPLICATES] = {{"duplicates", "", "0", "Frames that are recorded twice, 0 to 1000000."},
                        WHOLE,
                        0,
                        1e6,
                        NULL},
};

const gait_simulation_key *key_row(size_t index)
{
    return index < N_KEYS ? &rows[index].pub : NULL;
}

enum key key_from_name(const char *name)
{
    size_t k = 0;
    while (k < N_KEYS && strcmp(rows[k].pub.key, name) != 0) k++;
    return (enum key)k;
}

/* Place of text in a list of words; false if it is not there. */
static bool word_place(const char *words, const char *text, double *place)
{
    size_t length = strlen(text);
    *place = 0;
    for (const char *w = words; *w; *place += 1) {
        size_t n = strcspn(w, " ");
        if (n == length && memcmp(w, text, n) == 0) return true;
        w += n;
        w += strspn(w, " ");
    }
    return false;
}

static void word_at(const char *words, double place, char *out)
{
    const char *w = words;
    for (size_t k = (size_t)place; k > 0; k--) {
        w += strcspn(w, " ");
        w += strspn(w, " ");
    }
    text_print(out, KEY_TEXT_ROOM, "%.*s", (int)strcspn(w, " "), w);
}

static bool angles_parse(const char *text, double angle[3])
{
    for (int k = 0; k < 3; k++) {
        size_t length = strlen(text), used = number_parse(text, length, '.', &angle[k]);
        if (!used || !isfinite(angle[k])) return false;
        if (text[used] != (k < 2 ? '/' : '\0')) return false;
        text += used + (k < 2);
    }
    return true;
}

static gait_status set_number(struct key_values *values, enum key key, const char *text,
                              gait_error *err)
{
    const struct row *row = &rows[key];
    double x;
    bool whole = row->kind == WHOLE;
    if (!number_from_text(text, &x) || (whole && (x > floor(x) || x < floor(x))))
        return gait_fail(err, GAIT_INVALID, "%s=%s: expected a %snumber from %g to %g",
                         row->pub.key, text, whole ? "whole " : "", row->low, row->high);
    if (x < row->low || x > row->high)
        return gait_fail(err, GAIT_INVALID, "%s=%s is outside %g to %g%s%s", row->pub.key, text,
                         row->low, row->high, *row->pub.unit ? " " : "", row->pub.unit);
    values->number[key] = x;
    return GAIT_OK;
}

static gait_status set_angles(struct key_values *values, enum key key, const char *text,
                              gait_error *err)
{
    const struct row *row = &rows[key];
    double angle[3];
    if (!angles_parse(text, angle))
        return gait_fail(err, GAIT_INVALID, "%s=%s: expected three angles like 10/-20/5",
                         row->pub.key, text);
    for (int k = 0; k < 3; k++)
        if (angle[k] < row->low || angle[k] > row->high)
            return gait_fail(err, GAIT_INVALID, "%s=%s: angles go from %g to %g deg", row->pub.key,
                             text, row->low, row->high);
    memcpy(values->mounting_deg, angle, sizeof angle);
    return GAIT_OK;
}

gait_status key_values_set(struct key_values *values, enum key key, const char *text,
                           gait_error *err)
{
    const struct row *row = &rows[key];
    if (strlen(text) >= KEY_TEXT_ROOM)
        return gait_fail(err, GAIT_INVALID, "%s: the value has more than %d characters",
                         row->pub.key, KEY_TEXT_ROOM - 1);
    switch (row->kind) {
    case NUMBER:
    case WHOLE: TRY(set_number(values, key, text, err)); break;
    case ANGLES: TRY(set_angles(values, key, text, err)); break;
    case WORD:
        if (!word_place(row->words, text, &values->number[key]))
            return gait_fail(err, GAIT_INVALID, "%s=%s: expected one of %s", row->pub.key, text,
                             row->words);
        break;
    case TEXT: break;
    }
    memcpy(values->text[key], text, strlen(text) + 1);
    values->set[key] = true;
    return GAIT_OK;
}

void key_values_init(struct key_values *values)
{
    memset(values, 0, sizeof *values);
    for (size_t k = 0; k < N_KEYS; k++) {
        const struct row *row = &rows[k];
        values->number[k] = (double)NAN;
        if (row->kind == WORD && !word_place(row->words, row->pub.standard, &values->number[k]))
            values->number[k] = 0;
        if (row->kind == NUMBER || row->kind == WHOLE)
            if (!number_from_text(row->pub.standard, &values->number[k]))
                values->number[k] = (double)NAN;
    }
}

void key_values_show(const struct key_values *values, enum key key, char *out)
{
    const struct row *row = &rows[key];
    char number[3][NUMBER_ROOM];
    switch (row->kind) {
    case NUMBER:
    case WHOLE:
        text_print(out, KEY_TEXT_ROOM, "%s",
                   isnan(values->number[key]) ? ""
                                              : number_to_text(values->number[key], number[0]));
        break;
    case WORD: word_at(row->words, values->number[key], out); break;
    case TEXT: text_print(out, KEY_TEXT_ROOM, "%s", values->text[key]); break;
    case ANGLES:
        for (int k = 0; k < 3; k++) {
            double rounded = round(values->mounting_deg[k] * 1e6) / 1e6;
            number_to_text(rounded, number[k]);
        }
        text_print(out, KEY_TEXT_ROOM, "%s/%s/%s", number[0], number[1], number[2]);
        break;
    }
}
