/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_LANGUAGE_H
#define REPORT_LANGUAGE_H

/* Every word that the page says of itself. {1}, {2} ... stand for what is filled in. What comes
 * from the summary (labels of metrics, titles and messages of findings) is English there; a
 * language may say it in its own words. */

/* X(name) for each word; a language that lacks one fails its test. */
/* clang-format off */
#define FOR_EACH_WORD(X) \
    X(TITLE) X(STUDY_TITLE) X(SESSION) X(DATE_TIME) X(DATE_UNKNOWN) X(SUBJECT_UNKNOWN) \
    X(QUALITY) X(QUALITY_GOOD) X(QUALITY_MORE) X(SESSION_FACTS) X(SENSORS) X(SENSOR_SIDE) \
    X(SENSOR_RATE) X(RECORDED) X(RUNNING) X(WALKING) X(STRIDES_USED) X(DISTANCE) X(SPEED) \
    X(SHOE) X(SURFACE) X(PAINFUL_SIDE) X(NOT_STATED) X(FINDINGS) X(NO_FINDINGS) \
    X(FINDINGS_MORE) X(FINDING_SIZE) X(FINDING_USUAL) X(FINDING_LIMIT) X(FINDING_INTERVAL) \
    X(FINDING_CERTAINTY) X(FINDING_EVIDENCE) X(FINDING_CAVEAT) X(FINDING_ALSO) \
    X(FINDING_AGAIN) X(HELD_BACK) X(FEW_STRIDES) X(SPEED_UNKNOWN) X(LOW_CONFIDENCE) \
    X(FEW_SESSIONS) X(FIRST_SESSION) X(CERTAINTY_LOW) X(CERTAINTY_MIDDLE) X(CERTAINTY_HIGH) X(GRADE_A) \
    X(GRADE_B) X(GRADE_C) X(GRADE_D) X(GRADE_NONE) X(SEVERITY_FLAG) X(SEVERITY_NOTE) \
    X(SEVERITY_INFO) X(SEVERITY_NONE) X(NUMBERS) X(NUMBERS_CAPTION) X(NUMBERS_NOTE) X(NUMBERS_NOTE_DIFFERENCE) \
    X(NUMBERS_NOTE_BASELINE) X(NUMBERS_NOTE_TEST) X(FROM_TO) X(METRIC) X(DIFFERENCE) X(USUAL) X(NO_NUMBERS) X(LEFT) \
    X(RIGHT) X(BOTH) X(STEP_A) X(STEP_B) X(LEFT_PAINFUL) X(RIGHT_PAINFUL) X(FOOT) \
    X(SHANK) X(SACRUM) X(WAIST) X(WRIST) X(OTHER_PLACE) X(RUN) X(WALK) \
    X(KNEE) X(KNEE_CAPTION) X(KNEE_LOOKED_AT) X(KNEE_NOTED) X(KNEE_NOTHING) \
    X(KNEE_QUIET) X(KNEE_UNSEEN) X(KNEE_NOTE) X(CHARTS) X(NO_CHARTS) X(AXIS_SECONDS) X(AXIS_MINUTES) \
    X(AXIS_PERCENT) X(AXIS_STRIDE_PERCENT) X(AXIS_DAYS) X(CHART_TIMING) X(CHART_IMPACT) \
    X(CHART_PRONATION) X(CHART_DRIFT) X(CHART_STRIDE) X(CHART_SESSIONS) X(DESC_LINE) \
    X(DESC_IMPACT) X(DESC_PRONATION) X(DESC_DRIFT) X(DESC_STRIDE) X(DESC_SESSIONS) \
    X(HARD_LANDINGS) X(SUSTAINED) X(LIMIT_NOTE) X(LIMIT_FLAG) X(FORWARD) X(UP) \
    X(RESULTANT) X(THIS_SESSION) X(LONGEST_30) X(SPIKE) \
    X(MINUTES_RUNNING) X(KILOMETRES) X(DOCTOR) X(DOCTOR_1) X(DOCTOR_2) X(DOCTOR_3) X(DOCTOR_4) \
    X(DOCTOR_5) X(DOCTOR_6) X(DOCTOR_7) X(DOCTOR_8) X(DOCTOR_9) X(DOCTOR_10) X(DOCTOR_11) \
    X(NOT_THIS) X(NOT_THIS_TEXT) X(CREATED) X(DETAILS) X(DETAILS_FINDINGS) X(DETAILS_NUMBERS) \
    X(DETAILS_RECORDINGS) X(DETAILS_WORDS) X(ACTIVITY) X(SIDE) X(SENSOR) X(STRIDES) X(MEDIAN) \
    X(DRIFT) X(FILE) X(DEVICE) X(RATE) X(DURATION) X(GAPS) X(CLIPPED) \
    X(SESSIONS) X(SESSION_HEAD) X(MINUTES) X(CADENCE) X(IMPACT) X(SUBJECT) X(DATE) X(WORST) X(INDEX_LEAD) \
    X(RATIO_30) X(DAYS_60) X(DESC_SPARK) X(BACK)
/* clang-format on */

enum word {
#define NAME_WORD(name) W_##name,
    FOR_EACH_WORD(NAME_WORD)
#undef NAME_WORD
        N_WORDS
};

/* A term of the summary in the language: "contact_time_s", "overpronation", "overpronation.why". */
struct term {
    const char *key, *text;
};

struct language {
    const char *code; /* of BCP 47 */
    const char *decimal_point;
    const char *months[12];
    const char *word[N_WORDS];
    const struct term *terms; /* ends with a NULL key */
};

/* To add a language: write language_XX.c, then one line here and in language.c. */
extern const struct language language_en, language_de;

/* Row of the language table, NULL behind the last. */
const struct language *language_at(unsigned index);

/* The language of that code, NULL if there is none. */
const struct language *language_find(const char *code);

/* Its own text for a term of the summary, NULL if it has none. */
const char *language_term(const struct language *language, const char *key);

#endif
