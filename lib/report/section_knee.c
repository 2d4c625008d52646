/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "report/findings.h"
#include "report/page.h"

/* What matters most to an inner knee that hurts, the painful limb beside the other. There are no
 * weights that would make one number of it. */

enum { MOST_CODES = 16 };

/* What a rule cannot speak without. */
enum need {
    NEEDS_CADENCE,
    NEEDS_IMPACT,
    NEEDS_PRONATION,
    NEEDS_BOTH_PRONATIONS,
    NEEDS_PRONATION_DRIFT,
    NEEDS_SIDEWAYS_DRIFT,
    NEEDS_DRIFT,
    NEEDS_STUDY,
    NEEDS_TEST
};

static const struct {
    const char *code;
    enum need need;
} knee_codes[] = {
    {"load_spike_session", NEEDS_STUDY},        {"load_spike_stride", NEEDS_IMPACT},
    {"load_spike_sustained", NEEDS_IMPACT},     {"low_cadence", NEEDS_CADENCE},
    {"overpronation", NEEDS_PRONATION},         {"pronation_asymmetry", NEEDS_BOTH_PRONATIONS},
    {"pronation_drift", NEEDS_PRONATION_DRIFT}, {"fatigue_drift", NEEDS_DRIFT},
    {"ml_instability", NEEDS_SIDEWAYS_DRIFT},   {"test_side_difference", NEEDS_TEST},
};

/* Of running, which is all that the rules look at. */
static int limb_has(const struct view *view, const char *column, size_t i)
{
    return strcmp(rows_text(&view->limbs, "activity", i), gait_activity_name(GAIT_RUN)) == 0 &&
           isfinite(rows_number(&view->limbs, column, i));
}

static int any_limb_has(const struct view *view, const char *column)
{
    for (size_t i = 0; i < view->limbs.n; i++)
        if (limb_has(view, column, i)) return 1;
    return 0;
}

static int both_sides_have(const struct view *view, const char *metric)
{
    for (size_t i = 0; i < view->asymmetry.n; i++)
        if (strcmp(rows_text(&view->asymmetry, "metric", i), metric) == 0) return 1;
    return 0;
}

/* A shoe's sideways share is not what the rule looks at. */
static int any_shank_or_trunk_has(const struct view *view, const char *column)
{
    for (size_t i = 0; i < view->limbs.n; i++)
        if (!strstr(rows_text(&view->limbs, "sensor", i), gait_placement_name(GAIT_FOOT)) &&
            limb_has(view, column, i))
            return 1;
    return 0;
}

static int has_test(const struct view *view)
{
    for (size_t i = 0; i < view->recordings.n; i++) {
        const char *task = rows_text(&view->recordings, "task", i);
        if (strcmp(task, "knee-bend") == 0 || strcmp(task, "squat") == 0) return 1;
    }
    return 0;
}

static int can_speak(const struct view *view, enum need need)
{
    switch (need) {
    case NEEDS_CADENCE: return any_limb_has(view, "cadence_steps_per_min");
    case NEEDS_IMPACT:
        return any_limb_has(view, "peak_accel_resultant_g") ||
               any_limb_has(view, "peak_vertical_force_bw");
    case NEEDS_PRONATION:
        return any_limb_has(view, "pronation_excursion_deg") ||
               any_limb_has(view, "pronation_index");
    case NEEDS_BOTH_PRONATIONS:
        return both_sides_have(view, "pronation_excursion_deg") ||
               both_sides_have(view, "pronation_index");
    case NEEDS_PRONATION_DRIFT:
        return any_limb_has(view, "pronation_excursion_deg_drift_per_min") ||
               any_limb_has(view, "pronation_index_drift_per_min");
    case NEEDS_SIDEWAYS_DRIFT: return any_shank_or_trunk_has(view, "ml_ratio_drift_per_min");
    case NEEDS_DRIFT: return any_limb_has(view, "cadence_steps_per_min_drift_per_min");
    case NEEDS_STUDY: return view->study != NULL;
    case NEEDS_TEST: return has_test(view);
    }
    return 0;
}

static const gait_rule *rule_named(const char *code)
{
    for (size_t r = 0; gait_rule_at(r); r++)
        if (strcmp(gait_rule_at(r)->code, code) == 0) return gait_rule_at(r);
    return NULL;
}

static const char *rule_title(const struct view *view, const gait_rule *rule)
{
    const char *own = language_term(view->pen->language, rule->code);
    return own ? own : rule->title;
}

/* The finding of that code about one side; "none" stands for both. */
static const char *noted(const struct view *view, const char *code, const char *side)
{
    for (size_t i = 0; i < view->findings.n; i++) {
        const char *of = rows_text(&view->findings, "side", i);
        int is_limb = strcmp(of, "left") == 0 || strcmp(of, "right") == 0;
        if (strcmp(rows_text(&view->findings, "code", i), code) != 0) continue;
        if (is_limb && strcmp(of, side) != 0) continue;
        return FILL(view->pen, W_KNEE_NOTED, finding_quantity(view, i, "value"),
                    finding_quantity(view, i, "limit"));
    }
    return NULL;
}

void tell_knee(struct page *page, const struct view *view)
{
    struct pen *pen = page->pen;
    const char *painful = rows_text(&view->sessions, "affected_side", 0);
    int right_first = strcmp(painful, "right") == 0,
        is_known = right_first || strcmp(painful, "left") == 0;
    const char *first = right_first ? "right" : "left", *second = right_first ? "left" : "right";
    const char *rows[MOST_CODES][3], *quiet = "", *unseen = "";
    size_t n = 0;
    for (size_t k = 0; k < sizeof knee_codes / sizeof *knee_codes; k++) {
        const gait_rule *rule = rule_named(knee_codes[k].code);
        if (!rule) continue;
        const char *a = noted(view, rule->code, first), *b = noted(view, rule->code, second);
        if (!a && !b) {
            const char **list = can_speak(view, knee_codes[k].need) ? &quiet : &unseen;
            *list = pen_print(pen, "%s%s%s", *list, (*list)[0] ? ", " : "", rule_title(view, rule));
            continue;
        }
        rows[n][0] = rule_title(view, rule);
        rows[n][1] = a ? a : pen_word(pen, W_KNEE_NOTHING);
        rows[n++][2] = b ? b : pen_word(pen, W_KNEE_NOTHING);
    }
    struct section *section = page_section(page, "knee", pen_word(pen, W_KNEE));
    const char *const heads[] = {pen_word(pen, W_KNEE_LOOKED_AT),
                                 pen_word(pen, !is_known     ? W_LEFT
                                               : right_first ? W_RIGHT_PAINFUL
                                                             : W_LEFT_PAINFUL),
                                 pen_word(pen, right_first ? W_LEFT : W_RIGHT)};
    struct cell *cells =
        n ? add_table(page, section, pen_word(pen, W_KNEE_CAPTION), heads, 3, n) : NULL;
    for (size_t i = 0; cells && i < 3 * n; i++) cells[i] = cell_text(rows[i / 3][i % 3]);
    const char *text = quiet[0] ? FILL(pen, W_KNEE_QUIET, quiet) : "";
    if (unseen[0])
        text = pen_print(pen, "%s%s%s", text, text[0] ? " " : "", FILL(pen, W_KNEE_UNSEEN, unseen));
    add_text(page, section, TONE_MUTED,
             pen_print(pen, "%s%s%s", text, text[0] ? " " : "", pen_word(pen, W_KNEE_NOTE)));
}
