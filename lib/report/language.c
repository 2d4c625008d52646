/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/language.h"

#include <stddef.h>
#include <string.h>

static const struct language *const rows[] = {&language_en, &language_de};

const struct language *language_at(unsigned index)
{
    return index < sizeof rows / sizeof *rows ? rows[index] : NULL;
}

const struct language *language_find(const char *code)
{
    for (unsigned i = 0; language_at(i); i++)
        if (strcmp(rows[i]->code, code) == 0) return rows[i];
    return NULL;
}

const char *language_term(const struct language *language, const char *key)
{
    for (const struct term *term = language->terms; term->key; term++)
        if (strcmp(term->key, key) == 0) return term->text;
    return NULL;
}
