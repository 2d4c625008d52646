/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/pile.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

static const char *keep_text(struct arena *keep, const char *text)
{
    if (!text) return NULL;
    size_t n = strlen(text) + 1;
    char *copy = ARENA_NEW(keep, n, char);
    return copy ? memcpy(copy, text, n) : NULL;
}

static size_t cell_size(gait_column_type type)
{
    return type == GAIT_TEXTS ? sizeof(const char *) : 8;
}

static gait_status keep_about(struct column_about *to, const struct column_about *from,
                              struct arena *keep)
{
    *to = *from;
    to->name = keep_text(keep, from->name);
    to->units = keep_text(keep, from->units);
    to->long_name = keep_text(keep, from->long_name);
    to->description = keep_text(keep, from->description);
    to->source = keep_text(keep, from->source);
    to->flag_meanings = keep_text(keep, from->flag_meanings);
    int complete = to->name && to->units && to->long_name && to->description &&
                   !to->source == !from->source && !to->flag_meanings == !from->flag_meanings;
    return complete ? GAIT_OK : GAIT_NOMEM;
}

gait_status pile_begin(struct pile *pile, const struct table *like, struct arena *keep)
{
    size_t n = like->pub.n_columns;
    memset(pile, 0, sizeof *pile);
    pile->about.name = keep_text(keep, like->pub.name);
    pile->about.description = keep_text(keep, like->pub.description);
    pile->about.signal = keep_text(keep, like->signal);
    pile->columns = ARENA_NEW(keep, n, struct column_about);
    pile->cells = ARENA_ZNEW(keep, n, void *);
    if (!pile->about.name || !pile->about.description || !pile->about.signal || !pile->columns ||
        !pile->cells)
        return GAIT_NOMEM;
    for (; pile->n_columns < n; pile->n_columns++)
        if (keep_about(&pile->columns[pile->n_columns], &like->about[pile->n_columns], keep))
            return GAIT_NOMEM;
    return GAIT_OK;
}

int pile_fits(const struct pile *pile, const struct table *table)
{
    if (pile->n_columns != table->pub.n_columns) return 0;
    for (size_t k = 0; k < pile->n_columns; k++)
        if (pile->columns[k].type != table->columns[k].type ||
            strcmp(pile->columns[k].name, table->columns[k].name) != 0)
            return 0;
    return 1;
}

static gait_status make_room(struct pile *pile, size_t n_more)
{
    size_t room = pile->room ? pile->room : FIRST_ROOM;
    if (n_more > SIZE_MAX / 32 - pile->n_rows) return GAIT_NOMEM;
    while (room < pile->n_rows + n_more) room *= 2;
    if (room == pile->room) return GAIT_OK;
    for (size_t k = 0; k < pile->n_columns; k++) {
        void *larger = realloc(pile->cells[k], room * cell_size(pile->columns[k].type));
        if (!larger) return GAIT_NOMEM;
        pile->cells[k] = larger;
    }
    pile->room = room;
    return GAIT_OK;
}

/* Neighbours are often equal (names, sides): they share one copy. */
static gait_status add_texts(const char **to, const char *const *from, size_t n, struct arena *keep)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = i && strcmp(from[i], from[i - 1]) == 0 ? to[i - 1] : keep_text(keep, from[i]);
        if (!to[i]) return GAIT_NOMEM;
    }
    return GAIT_OK;
}

gait_status pile_add(struct pile *pile, const struct table *table, struct arena *keep)
{
    size_t first = pile->n_rows, n = table->pub.n_rows;
    if (make_room(pile, n)) return GAIT_NOMEM;
    for (size_t k = 0; n && k < pile->n_columns; k++) {
        if (pile->columns[k].type != GAIT_TEXTS)
            memcpy((unsigned char *)pile->cells[k] + first * 8, table->cells[k], n * 8);
        else if (add_texts((const char **)pile->cells[k] + first, table->columns[k].texts, n, keep))
            return GAIT_NOMEM;
    }
    pile->n_rows += n;
    return GAIT_OK;
}

void pile_cut(struct pile *pile, size_t first)
{
    pile->n_rows = first;
}

static gait_status deal_column(const struct pile *pile, size_t k, const struct stretch *stretches,
                               size_t n, struct table *table, struct arena *keep)
{
    size_t row = 0;
    for (size_t i = 0; i < n; i++) {
        size_t first = stretches[i].first, n_rows = stretches[i].n;
        if (!n_rows) continue;
        if (pile->columns[k].type != GAIT_TEXTS)
            memcpy((unsigned char *)table->cells[k] + row * 8,
                   (const unsigned char *)pile->cells[k] + first * 8, n_rows * 8);
        else if (add_texts((const char **)table->cells[k] + row,
                           (const char *const *)pile->cells[k] + first, n_rows, keep))
            return GAIT_NOMEM;
        row += n_rows;
    }
    return GAIT_OK;
}

struct table *pile_deal(const struct pile *pile, const struct stretch *stretches, size_t n,
                        gait_summary *summary)
{
    struct arena *keep = &summary->arena;
    size_t n_rows = 0;
    for (size_t i = 0; i < n; i++) n_rows += stretches[i].n;
    struct table_about about = {keep_text(keep, pile->about.name),
                                keep_text(keep, pile->about.description),
                                keep_text(keep, pile->about.signal)};
    if (!about.name || !about.description || !about.signal) return NULL;
    struct table *table = summary_add_table(summary, &about, n_rows, pile->n_columns);
    for (size_t k = 0; table && k < pile->n_columns; k++) {
        struct column_about column;
        if (keep_about(&column, &pile->columns[k], keep) ||
            !table_add_column(summary, table, &column) ||
            deal_column(pile, k, stretches, n, table, keep))
            return NULL;
    }
    return table;
}

void pile_free(struct pile *pile)
{
    for (size_t k = 0; k < pile->n_columns; k++) free(pile->cells[k]);
    pile->n_columns = 0;
}
