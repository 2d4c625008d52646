/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/findings.h"
#include "report/page.h"

/* At most three things that stood out, each code once. */

enum { MOST_CARDS = 3, MOST_FINDINGS = 64, SESSIONS_LOOKED_AT = 3 };
static const double fair_confidence = 0.5, high_confidence = 0.8;

static const char *text_of(const struct view *view, const char *column, size_t i)
{
    return rows_text(&view->findings, column, i);
}

static int grade_rank(const char *evidence)
{
    return evidence[0] >= 'A' && evidence[0] <= 'D' ? evidence[0] - 'A' : 4;
}

/* Of how many of the sessions before the finding was one too; *looked_at: how many there were. */
static size_t seen_before(const struct view *view, const char *code, size_t *looked_at)
{
    struct past past = view_past(view);
    const gait_table *sessions = view->study ? gait_summary_table(view->study, "sessions") : NULL;
    size_t seen = 0;
    *looked_at = 0;
    if (!sessions || past.this_one >= past.n) return 0;
    struct rows all = {sessions, 0, sessions->n_rows};
    for (size_t k = past.this_one; k-- > 0 && *looked_at < SESSIONS_LOOKED_AT;) {
        const char *id = rows_text(&all, "session_id", past.row[k]);
        struct rows findings = session_rows(view->study, "findings", view->subject, id);
        int found = 0;
        for (size_t i = 0; i < findings.n; i++)
            found |= strcmp(rows_text(&findings, "code", i), code) == 0;
        seen += (size_t)found;
        ++*looked_at;
    }
    return seen;
}

enum tone finding_tone(const struct view *view, size_t i)
{
    const char *severity = text_of(view, "severity", i);
    if (strcmp(severity, "flag") == 0) return TONE_FLAG;
    return strcmp(severity, "note") == 0 ? TONE_NOTE : TONE_INFO;
}

/* How far beyond the limit, whichever way. */
static double effect(const struct view *view, size_t i)
{
    double value = rows_number(&view->findings, "value", i);
    double limit = rows_number(&view->findings, "limit", i);
    return limit > 0 && value > 0 ? fabs(log(value / limit)) : 0;
}

static int rank(enum tone tone)
{
    return tone == TONE_FLAG ? 2 : tone == TONE_NOTE;
}

static int comes_before(const struct view *view, size_t a, size_t b)
{
    int rank_a = rank(finding_tone(view, a)), rank_b = rank(finding_tone(view, b));
    if (rank_a != rank_b) return rank_a > rank_b;
    int grade_a = grade_rank(text_of(view, "evidence", a));
    int grade_b = grade_rank(text_of(view, "evidence", b));
    if (grade_a != grade_b) return grade_a < grade_b;
    return effect(view, a) > effect(view, b) + 1e-12;
}

size_t findings_in_order(const struct view *view, size_t *order, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < view->findings.n; i++) {
        if (strcmp(text_of(view, "code", i), "data_quality") == 0) continue;
        size_t at = n < most ? n : most;
        while (at > 0 && comes_before(view, i, order[at - 1])) at--;
        if (at == most) continue;
        if (n < most) n++;
        memmove(order + at + 1, order + at, (n - at - 1) * sizeof *order);
        order[at] = i;
    }
    return n;
}

static int decimals_for(double value)
{
    double size = fabs(value);
    return size >= 100 ? 0 : size >= 1 ? 1 : 3;
}

const char *finding_quantity(const struct view *view, size_t i, const char *column)
{
    double value = rows_number(&view->findings, column, i);
    const char *unit = unit_words(text_of(view, "units", i));
    if (!isfinite(value)) return "";
    int is_close = !unit[0] || unit[0] == '/' || strcmp(unit, "\xc2\xb0") == 0;
    return pen_print(view->pen, "%s%s%s", pen_number(view->pen, value, decimals_for(value)),
                     is_close ? "" : "\xc2\xa0", pen_plain(view->pen, unit));
}

/* The interval of the value, where the value is a median of that sensor. */
static const char *interval(const struct view *view, size_t i)
{
    double value = rows_number(&view->findings, "value", i);
    const char *sensor = text_of(view, "sensor", i);
    for (size_t row = 0; row < view->limbs.n; row++) {
        if (strcmp(rows_text(&view->limbs, "sensor", row), sensor) != 0) continue;
        for (size_t m = 0; gait_metric_at(m); m++) {
            const char *key = gait_metric_at(m)->key;
            if (fabs(rows_number(&view->limbs, key, row) - value) > 1e-9 * fabs(value)) continue;
            double low = rows_number(&view->limbs, pen_print(view->pen, "%s_ci_low", key), row);
            double high = rows_number(&view->limbs, pen_print(view->pen, "%s_ci_high", key), row);
            if (!isfinite(low) || !isfinite(high)) continue;
            return pen_range(view->pen, low, high, decimals_for(value));
        }
    }
    return "";
}

static const char *certainty(const struct view *view, size_t i)
{
    double confidence = rows_number(&view->findings, "confidence", i);
    enum word word = confidence < fair_confidence   ? W_CERTAINTY_LOW
                     : confidence < high_confidence ? W_CERTAINTY_MIDDLE
                                                    : W_CERTAINTY_HIGH;
    if (!isfinite(confidence)) return "";
    return FILL(view->pen, word, pen_number(view->pen, 100 * confidence, 0));
}

const char *finding_evidence(const struct view *view, size_t i)
{
    static const enum word words[] = {W_GRADE_A, W_GRADE_B, W_GRADE_C, W_GRADE_D, W_GRADE_NONE};
    return pen_word(view->pen, words[grade_rank(text_of(view, "evidence", i))]);
}

static const char *caveat_of(const struct view *view, size_t i)
{
    const char *stored = text_of(view, "caveat", i), *code = text_of(view, "code", i);
    if (stored[0]) return stored;
    for (size_t r = 0; gait_rule_at(r); r++)
        if (strcmp(gait_rule_at(r)->code, code) == 0) return gait_rule_at(r)->caveat;
    return "";
}

/* A message ends with its caveat; the card says that by itself. */
static const char *without_caveat(struct pen *pen, const char *message, const char *caveat)
{
    size_t n = strlen(message), m = strlen(caveat);
    if (!m || n < m || strcmp(message + n - m, caveat) != 0) return message;
    while (n > m && message[n - m - 1] == ' ') n--;
    return pen_print(pen, "%.*s", (int)(n - m), message);
}

static const char *own_words(const struct view *view, size_t i, const char *what)
{
    return language_term(view->pen->language,
                         pen_print(view->pen, "%s%s", text_of(view, "code", i), what));
}

const char *finding_title(const struct view *view, size_t i)
{
    const char *own = own_words(view, i, "");
    return own ? own : pen_plain(view->pen, text_of(view, "title", i));
}

static void fill_words(struct card *card, const struct view *view, size_t i)
{
    struct pen *pen = view->pen;
    const char *caveat = pen_plain(pen, caveat_of(view, i));
    const char *own_message = own_words(view, i, ".what"), *own_caveat = own_words(view, i, ".why");
    card->message = own_message
                        ? own_message
                        : without_caveat(pen, pen_plain(pen, text_of(view, "message", i)), caveat);
    card->caveat = own_caveat ? own_caveat : caveat;
    if (!own_message && strcmp(pen->language->code, "en") != 0) card->message_language = "en";
}

static void add_card_fact(struct card *card, const struct view *view, enum word name,
                          const char *text)
{
    if (text[0] && card->n_facts < sizeof card->facts / sizeof *card->facts)
        card->facts[card->n_facts++] = (struct fact){pen_word(view->pen, name), text};
}

void finding_card(struct card *card, const struct view *view, size_t i)
{
    static const enum word tags[] = {[TONE_FLAG] = W_SEVERITY_FLAG,
                                     [TONE_NOTE] = W_SEVERITY_NOTE,
                                     [TONE_INFO] = W_SEVERITY_INFO};
    struct pen *pen = view->pen;
    const char *sensor = text_of(view, "sensor", i);
    *card = (struct card){.tone = finding_tone(view, i), .also = ""};
    card->tag = pen_word(pen, tags[card->tone]);
    card->title = finding_title(view, i);
    card->where = sensor[0] ? view_sensor_word(view, sensor) : "";
    fill_words(card, view, i);
    add_card_fact(card, view, W_FINDING_SIZE, finding_quantity(view, i, "value"));
    add_card_fact(card, view, W_FINDING_INTERVAL, interval(view, i));
    /* A change is against nothing. */
    if (rows_number(&view->findings, "reference", i) != 0)
        add_card_fact(card, view, W_FINDING_USUAL, finding_quantity(view, i, "reference"));
    add_card_fact(card, view, W_FINDING_LIMIT, finding_quantity(view, i, "limit"));
    add_card_fact(card, view, W_FINDING_CERTAINTY, certainty(view, i));
    add_card_fact(card, view, W_FINDING_EVIDENCE, finding_evidence(view, i));
}

/* Why it is a note and no flag. */
static const char *held_back(const struct view *view, size_t i)
{
    static const struct {
        const char *reason;
        enum word word;
    } rows[] = {{"few_strides", W_FEW_STRIDES},
                {"speed_unknown", W_SPEED_UNKNOWN},
                {"low_confidence", W_LOW_CONFIDENCE},
                {"few_sessions", W_FEW_SESSIONS},
                {"first_session", W_FIRST_SESSION}};
    const char *reasons = text_of(view, "held_back", i), *list = "";
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (strstr(reasons, rows[k].reason))
            list = pen_print(view->pen, "%s%s%s", list, list[0] ? ", " : "",
                             pen_word(view->pen, rows[k].word));
    return list[0] ? FILL(view->pen, W_HELD_BACK, list) : "";
}

/* The same code on other sensors, and in the sessions before. */
static void add_others(struct card *card, const struct view *view, const size_t *order, size_t n,
                       size_t first)
{
    struct pen *pen = view->pen;
    const char *code = text_of(view, "code", order[first]);
    size_t looked_at = 0, seen = seen_before(view, code, &looked_at);
    const char *also = "";
    for (size_t k = 0; k < n; k++) {
        if (k == first || strcmp(text_of(view, "code", order[k]), code) != 0) continue;
        const char *sensor = text_of(view, "sensor", order[k]);
        also = pen_print(pen, "%s%s%s", also, also[0] ? " " : "",
                         FILL(pen, W_FINDING_ALSO, sensor[0] ? view_sensor_word(view, sensor) : "",
                              finding_quantity(view, order[k], "value")));
    }
    if (seen)
        also = pen_print(pen, "%s%s%s", also, also[0] ? " " : "",
                         FILL(pen, W_FINDING_AGAIN, pen_print(pen, "%zu", seen),
                              pen_print(pen, "%zu", looked_at)));
    const char *reason = held_back(view, order[first]);
    card->also = pen_print(pen, "%s%s%s", also, also[0] && reason[0] ? " " : "", reason);
}

static int is_first_of_code(const struct view *view, const size_t *order, size_t k)
{
    for (size_t j = 0; j < k; j++)
        if (strcmp(text_of(view, "code", order[j]), text_of(view, "code", order[k])) == 0) return 0;
    return 1;
}

void tell_findings(struct page *page, const struct view *view)
{
    struct pen *pen = page->pen;
    struct section *section = page_section(page, "findings", pen_word(pen, W_FINDINGS));
    size_t order[MOST_FINDINGS], n = findings_in_order(view, order, MOST_FINDINGS), cards = 0;
    for (size_t k = 0; k < n; k++) {
        struct card card;
        if (!is_first_of_code(view, order, k) || cards++ >= MOST_CARDS) continue;
        finding_card(&card, view, order[k]);
        add_others(&card, view, order, n, k);
        add_card(page, section, &card);
    }
    if (n == 0) add_text(page, section, TONE_GOOD, pen_word(pen, W_NO_FINDINGS));
    if (cards > MOST_CARDS)
        add_text(page, section, TONE_MUTED,
                 FILL(pen, W_FINDINGS_MORE, pen_print(pen, "%zu", cards - MOST_CARDS)));
}
