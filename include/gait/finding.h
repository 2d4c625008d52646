/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_FINDING_H
#define GAIT_FINDING_H

#include <stddef.h>

#include <gait/recording.h>
#include <gait/version.h>

/**
 * @file
 * What is worth telling a person about a session: descriptions and proxies, never a diagnosis.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** How much a finding asks for. */
typedef enum gait_severity {
    GAIT_INFO = 0, /**< For completeness. */
    GAIT_NOTE,     /**< Worth a look, weak evidence. */
    GAIT_ALERT     /**< Beyond its limit with confidence; written "flag". */
} gait_severity;

/** "info", "note" or "flag". Thread-safe: yes. */
GAIT_API const char *gait_severity_name(gait_severity severity);

/** One rule that may give findings. Constant, lives as long as the library. */
typedef struct gait_rule {
    const char *code;     /**< "overpronation". */
    const char *title;    /**< For people. */
    const char *rule;     /**< When it speaks, in one sentence, with the names of its limits. */
    const char *settings; /**< Keys of its limits, separated by spaces. */
    const char *evidence; /**< "A" consistent prospective, "B", "C" conflicting, "D" physics or
                             design, "none". */
    const char *source;   /**< Papers. */
    const char *caveat;   /**< Why it may not matter. */
} gait_rule;

/** Row @p index of the finding table, NULL behind the last. Thread-safe: yes. */
GAIT_API const gait_rule *gait_rule_at(size_t index);

/** One finding. Plain; text is inside. */
typedef struct gait_finding {
    const gait_rule *rule;         /**< Which rule spoke. */
    gait_severity severity;        /**< How much it asks for. */
    gait_side side;                /**< Which side it is about. */
    char sensor[48];               /**< Which sensor it is about; "" for the session. */
    double start_s;                /**< Begin of the stretch it is about; NaN: the whole session. */
    double end_s;                  /**< End of it. */
    double value;                  /**< What was found. */
    double reference;              /**< What it is compared with; NaN if only with the limit. */
    double limit;                  /**< Where the rule begins to speak. */
    char units[16];                /**< Of value, reference and limit. */
    double confidence;             /**< 0 to 1. */
    char title[80];                /**< One line. */
    char message[512];             /**< What was found, and why it may not matter. ASCII. */
    size_t n;                      /**< Strides it rests on; 0: none are counted. */
    double cadence_change_percent; /**< What cadence did at the same time; NaN: not about a
                                      change, or unknown. */
    char held_back[64]; /**< Why it is no more than a note, "few_strides low_confidence ..."; "" if
                           nothing speaks against it. */
} gait_finding;

#ifdef __cplusplus
}
#endif

#endif
