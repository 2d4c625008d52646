/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/prose.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "record/csv_text.h"

enum { HEAD_BYTES = 1 << 16, FEWEST_NUMBERS = 3 };

static int is_number(const char *word, size_t n)
{
    size_t digits = 0;
    for (size_t i = 0; i < n; i++) {
        if (!strchr("0123456789+-.eE", word[i])) return 0;
        digits += word[i] >= '0' && word[i] <= '9';
    }
    return digits > 0;
}

/* At least one per axis, and not a sentence with numbers in it. */
static int is_row_of_numbers(const char *line)
{
    static const char *const between = " \t,;|\"\r";
    size_t n_numbers = 0, n_words = 0;
    for (line += strspn(line, between); *line; line += strspn(line, between)) {
        size_t n = strcspn(line, between);
        *(is_number(line, n) ? &n_numbers : &n_words) += 1;
        line += n;
    }
    return n_numbers >= FEWEST_NUMBERS && n_numbers > n_words;
}

/* "time,x,y,z", "a;b;c": a recording that may have lost its rows. */
static int is_row_of_names(const char *line)
{
    size_t n_separators = 0;
    for (const char *c = line; *c; c++)
        n_separators += *c == '\t' || *c == ';' || (*c == ',' && !strchr(" 0123456789", c[1]));
    return n_separators >= FEWEST_NUMBERS - 1;
}

/* The last line may be cut off. */
static int has_row(char *text)
{
    for (char *end; *text; text = end) {
        end = text + strcspn(text, "\n");
        if (*end) *end++ = '\0';
        if (is_row_of_numbers(text) || is_row_of_names(text)) return 1;
    }
    return 0;
}

int is_prose(const char *path)
{
    char *head = malloc(HEAD_BYTES + 1);
    size_t n = head ? file_head(path, head, HEAD_BYTES) : 0;
    int prose = n && csv_text_is_text((const unsigned char *)head, n);
    if (prose) head[n] = '\0';
    prose = prose && !memchr(head, '\0', n) && head[strspn(head, " \t\r\n")] && !has_row(head);
    free(head);
    return prose;
}
