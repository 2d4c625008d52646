/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/words.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void copy_trimmed(const char *text, size_t n, char *out, size_t room)
{
    while (n && is_blank(*text)) text++, n--;
    while (n && is_blank(text[n - 1])) n--;
    if (n >= room) n = room - 1;
    memcpy(out, text, n);
    out[n] = '\0';
}

static size_t line_length(const char *text, size_t n)
{
    const char *end = memchr(text, '\n', n);
    return end ? (size_t)(end - text) : n;
}

static bool begins_with(const char *text, size_t n, const char *key)
{
    size_t k = strlen(key);
    char head[64];
    if (k >= sizeof head || n < k) return false;
    memcpy(head, text, k);
    head[k] = '\0';
    return text_equal(head, key);
}

bool key_line(const char *text, size_t n, const char *key, char *out, size_t room)
{
    out[0] = '\0';
    size_t k = strlen(key);
    for (size_t at = 0; at < n;) {
        size_t length = line_length(text + at, n - at);
        const char *line = text + at;
        if (length > k && line[k] == ':' && begins_with(line, length, key)) {
            copy_trimmed(line + k + 1, length - k - 1, out, room);
            return true;
        }
        at += length + 1;
    }
    return false;
}

bool key_line_number(const char *text, size_t n, const char *key, double *value)
{
    char found[64];
    double number;
    if (!key_line(text, n, key, found, sizeof found)) return false;
    char *comma = strchr(found, ',');
    if (comma && !strchr(found, '.')) *comma = '.';
    size_t taken = number_parse(found, strlen(found), '.', &number);
    if (!taken || !isfinite(number) || (found[taken] && !is_blank(found[taken]))) return false;
    *value = number;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static void decode_web(const char *text, size_t n, char *out, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < n && used + 1 < room; i++) {
        char c = text[i];
        if (c == '+') c = ' ';
        if (c == '%' && i + 2 < n && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            c = (char)(16 * hex_digit(text[i + 1]) + hex_digit(text[i + 2]));
            i += 2;
        }
        out[used++] = c;
    }
    out[used] = '\0';
}

bool web_value(const char *text, const char *key, char *out, size_t room)
{
    out[0] = '\0';
    size_t k = strlen(key);
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, "&");
        if (length > k && at[k] == '=' && begins_with(at, length, key)) {
            decode_web(at + k + 1, length - k - 1, out, room);
            return true;
        }
        at += length + (at[length] == '&');
    }
    return false;
}

/* Lower-case words with one blank between: "LeftLowerLeg" and "left_lower-leg" are the same. */
static void normalise(const char *text, char *out, size_t room)
{
    size_t used = 0;
    bool last_lower = false;
    for (; *text && used + 2 < room; text++) {
        char c = *text;
        bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
        if ((upper && last_lower) || (!upper && !lower && used && out[used - 1] != ' '))
            out[used++] = ' ';
        if (upper) out[used++] = (char)(c - 'A' + 'a');
        if (lower) out[used++] = c;
        last_lower = lower;
    }
    while (used && out[used - 1] == ' ') used--;
    out[used] = '\0';
}

static gait_side side_of_word(const char *word)
{
    if (!strcmp(word, "left") || !strcmp(word, "l")) return GAIT_LEFT;
    if (!strcmp(word, "right") || !strcmp(word, "r")) return GAIT_RIGHT;
    return GAIT_SIDE_UNKNOWN;
}

static gait_placement placement_of_words(const char *words)
{
    gait_placement found = gait_placement_from_name(words);
    if (found != GAIT_PLACEMENT_UNKNOWN) return found;
    if (!strcmp(words, "lower leg") || !strcmp(words, "shin")) return GAIT_SHANK;
    if (!strcmp(words, "back") || !strcmp(words, "trunk lower")) return GAIT_SACRUM;
    return GAIT_PLACEMENT_UNKNOWN;
}

void place_from_words(const char *text, gait_placement *placement, gait_side *side)
{
    char words[96], rest[96] = "";
    normalise(text, words, sizeof words);
    for (char *word = words; *word;) {
        size_t length = strcspn(word, " ");
        char *next = word + length + (word[length] == ' ');
        word[length] = '\0';
        gait_side found = side_of_word(word);
        if (found != GAIT_SIDE_UNKNOWN) *side = found;
        size_t used = strlen(rest);
        if (found == GAIT_SIDE_UNKNOWN)
            text_print(rest + used, sizeof rest - used, "%s%s", used ? " " : "", word);
        word = next;
    }
    gait_placement found = placement_of_words(rest);
    if (found != GAIT_PLACEMENT_UNKNOWN) *placement = found;
}
