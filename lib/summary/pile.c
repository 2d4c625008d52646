/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/pile.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"

enum { FIRST_ROOM = 64, CELLS_AT_ONCE = 1024 };

static const char *keep_text(struct arena *keep, const char *text)
{
    if (!text) return NULL;
    size_t n = strlen(text) + 1;
    char *copy = ARENA_NEW(keep, n, char);
    return copy ? memcpy(copy, text, n) : NULL;
}

size_t join_stretches(struct stretch *stretches, size_t n)
{
    size_t n_runs = 0;
    for (size_t i = 0; i < n; i++) {
        struct stretch *last = n_runs ? &stretches[n_runs - 1] : NULL;
        if (last && last->first + last->n == stretches[i].first)
            last->n += stretches[i].n;
        else if (stretches[i].n)
            stretches[n_runs++] = stretches[i];
    }
    return n_runs;
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
    pile->longest = ARENA_ZNEW(keep, n, size_t);
    if (!pile->about.name || !pile->about.description || !pile->about.signal || !pile->columns ||
        !pile->cells || !pile->longest)
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
    size_t n = pile->n_rows - pile->n_moved, room = pile->room ? pile->room : FIRST_ROOM;
    if (n_more > SIZE_MAX / 32 - n) return GAIT_NOMEM;
    if (n + n_more <= pile->room) return GAIT_OK;
    while (room < n + n_more) room += room / 2;
    for (size_t k = 0; k < pile->n_columns; k++) {
        void *larger = realloc(pile->cells[k], room * cell_size(pile->columns[k].type));
        if (!larger) return GAIT_NOMEM;
        pile->cells[k] = larger;
    }
    pile->room = room;
    return GAIT_OK;
}

/* Neighbours are often equal. */
static const char *keep_cell(struct pile *pile, size_t k, const char *text, const char *before)
{
    if (before && strcmp(text, before) == 0) return before;
    size_t length = strlen(text);
    if (length > pile->longest[k]) pile->longest[k] = length;
    pile->n_bytes += length;
    return keep_text(&pile->texts, text);
}

static gait_status add_texts(struct pile *pile, size_t k, const char *const *from, size_t n)
{
    size_t first = pile->n_rows - pile->n_moved;
    const char **cells = pile->cells[k];
    for (size_t row = first; row < first + n; row++, from++) {
        cells[row] = keep_cell(pile, k, *from, row ? cells[row - 1] : NULL);
        if (!cells[row]) return GAIT_NOMEM;
    }
    return GAIT_OK;
}

gait_status pile_add(struct pile *pile, const struct table *table)
{
    size_t n = table->pub.n_rows, first = pile->n_rows - pile->n_moved;
    if (make_room(pile, n)) return GAIT_NOMEM;
    for (size_t k = 0; n && k < pile->n_columns; k++) {
        if (pile->columns[k].type != GAIT_TEXTS)
            memcpy((unsigned char *)pile->cells[k] + first * 8, table->cells[k], n * 8);
        else if (add_texts(pile, k, table->columns[k].texts, n))
            return GAIT_NOMEM;
    }
    pile->n_bytes += 8 * n * pile->n_columns;
    pile->n_rows += n;
    return GAIT_OK;
}

void pile_cut(struct pile *pile, size_t first)
{
    pile->n_rows = first;
    if (pile->n_moved <= first) return;
    pile->n_moved = first;
    pile->n_blocks--;
}

static void lay_out_texts(const char *const *texts, size_t n, char *out, size_t width)
{
    memset(out, 0, n * width);
    for (size_t i = 0; i < n; i++) memcpy(out + i * width, texts[i], strlen(texts[i]));
}

static size_t longest_text(const char *const *texts, size_t n)
{
    size_t longest = 0;
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(texts[i]);
        if (length > longest) longest = length;
    }
    return longest;
}

static gait_status move_texts(struct pile *pile, size_t k, size_t n, size_t *width,
                              struct spool *spool, gait_error *err)
{
    const char *const *texts = pile->cells[k];
    *width = longest_text(texts, n) + 1;
    char *cells = malloc(n * *width);
    if (!cells) return gait_fail(err, GAIT_NOMEM, "no memory to move a study's table");
    lay_out_texts(texts, n, cells, *width);
    gait_status st = spool_add(spool, cells, n * *width, err);
    free(cells);
    return st;
}

static gait_status add_block(struct pile *pile, const struct pile_block *block)
{
    if (pile->n_blocks == pile->block_room) {
        size_t room = pile->block_room ? 2 * pile->block_room : 16;
        struct pile_block *larger = realloc(pile->blocks, room * sizeof *larger);
        if (!larger) return GAIT_NOMEM;
        pile->blocks = larger;
        pile->block_room = room;
    }
    pile->blocks[pile->n_blocks++] = *block;
    pile->n_moved += block->n;
    return GAIT_OK;
}

static gait_status move_column(struct pile *pile, size_t k, size_t *width, struct spool *spool,
                               gait_error *err)
{
    size_t n = pile->n_rows - pile->n_moved;
    *width = 8;
    if (pile->columns[k].type == GAIT_TEXTS) return move_texts(pile, k, n, width, spool, err);
    return spool_add(spool, pile->cells[k], 8 * n, err);
}

gait_status pile_move(struct pile *pile, struct spool *spool, struct arena *keep, gait_error *err)
{
    size_t n = pile->n_rows - pile->n_moved;
    uint64_t *at = n ? ARENA_NEW(keep, pile->n_columns, uint64_t) : NULL;
    size_t *width = n ? ARENA_NEW(keep, pile->n_columns, size_t) : NULL;
    const struct pile_block block = {pile->n_moved, n, spool, at, width};
    if (!n) return GAIT_OK;
    if (!at || !width) return gait_fail(err, GAIT_NOMEM, "no memory to move a study's table");
    for (size_t k = 0; k < pile->n_columns; k++) {
        at[k] = spool->size;
        TRY(move_column(pile, k, &width[k], spool, err));
    }
    if (add_block(pile, &block))
        return gait_fail(err, GAIT_NOMEM, "no memory to move a study's table");
    pile->n_bytes = 0;
    arena_rewind(&pile->texts, (struct arena_mark){NULL, 0});
    return GAIT_OK;
}

gait_status pile_add_in_place(struct pile *pile, const struct table *table, const struct spool *in,
                              struct arena *keep)
{
    size_t n = table->pub.n_rows, size = pile->n_columns;
    uint64_t *at = ARENA_NEW(keep, size, uint64_t);
    size_t *width = ARENA_NEW(keep, size, size_t);
    const struct pile_block block = {pile->n_rows, n, in, at, width};
    if (!n) return GAIT_OK;
    if (!at || !width || add_block(pile, &block)) return GAIT_NOMEM;
    memcpy(at, table->hollow->at, size * sizeof *at);
    memcpy(width, table->hollow->width, size * sizeof *width);
    for (size_t k = 0; k < size; k++)
        if (width[k] - 1 > pile->longest[k]) pile->longest[k] = width[k] - 1;
    pile->n_rows += n;
    return GAIT_OK;
}

/* The block that holds a row that was moved. */
static const struct pile_block *block_of(const struct pile *pile, size_t row)
{
    size_t low = 0, high = pile->n_blocks;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        *(pile->blocks[middle].first <= row ? &low : &high) = middle;
    }
    return &pile->blocks[low];
}

/* Texts grow from the block's width to the column's, the last first. */
static void widen(char *cells, size_t n, size_t from, size_t to)
{
    for (size_t i = n; from != to && i-- > 0;) {
        memmove(cells + i * to, cells + i * from, from);
        memset(cells + i * to + from, 0, to - from);
    }
}

static gait_status read_moved(const struct pile *pile, size_t k, struct stretch rows, char *out,
                              size_t width, gait_error *err)
{
    while (rows.n) {
        const struct pile_block *block = block_of(pile, rows.first);
        size_t skip = rows.first - block->first, n = block->n - skip, stored = block->width[k];
        if (n > rows.n) n = rows.n;
        TRY(spool_read(block->in, block->at[k] + skip * stored, out, n * stored, err));
        widen(out, n, stored, width);
        out += n * width;
        rows.first += n;
        rows.n -= n;
    }
    return GAIT_OK;
}

gait_status pile_read(const struct pile *pile, size_t column, struct stretch rows, void *out,
                      size_t width, gait_error *err)
{
    size_t n_moved = pile->n_moved, n = 0;
    if (rows.first < n_moved) {
        n = n_moved - rows.first < rows.n ? n_moved - rows.first : rows.n;
        TRY(read_moved(pile, column, (struct stretch){rows.first, n}, out, width, err));
    }
    char *to = (char *)out + n * width;
    size_t first = rows.first + n - n_moved;
    if (n == rows.n) return GAIT_OK;
    if (pile->columns[column].type == GAIT_TEXTS)
        lay_out_texts((const char *const *)pile->cells[column] + first, rows.n - n, to, width);
    else
        memcpy(to, (const unsigned char *)pile->cells[column] + first * 8, (rows.n - n) * 8);
    return GAIT_OK;
}

static gait_status copy_texts(const char **to, size_t n, const char *buffer, size_t width,
                              struct arena *keep)
{
    for (size_t i = 0; i < n; i++) {
        const char *text = buffer + i * width;
        to[i] = i && strcmp(text, to[i - 1]) == 0 ? to[i - 1] : keep_text(keep, text);
        if (!to[i]) return GAIT_NOMEM;
    }
    return GAIT_OK;
}

/* How a pile is dealt. */
struct deal {
    const struct pile *pile;
    char *buffer; /* CELLS_AT_ONCE of the widest */
    struct arena *keep;
    gait_error *err;
};

static gait_status deal_texts(const struct deal *d, size_t k, struct stretch rows, const char **to)
{
    size_t width = d->pile->longest[k] + 1;
    while (rows.n) {
        size_t n = rows.n < CELLS_AT_ONCE ? rows.n : CELLS_AT_ONCE;
        TRY(pile_read(d->pile, k, (struct stretch){rows.first, n}, d->buffer, width, d->err));
        TRY(copy_texts(to, n, d->buffer, width, d->keep));
        to += n;
        rows.first += n;
        rows.n -= n;
    }
    return GAIT_OK;
}

static gait_status deal_column(const struct deal *d, size_t k, const struct stretch *stretches,
                               size_t n, unsigned char *to)
{
    gait_column_type type = d->pile->columns[k].type;
    for (size_t i = 0; i < n; i++) {
        if (type == GAIT_TEXTS)
            TRY(deal_texts(d, k, stretches[i], (const char **)(void *)to));
        else
            TRY(pile_read(d->pile, k, stretches[i], to, 8, d->err));
        to += stretches[i].n * cell_size(type);
    }
    return GAIT_OK;
}

static struct table *begin_dealt(const struct pile *pile, size_t n_rows, gait_summary *summary)
{
    struct arena *keep = &summary->arena;
    struct table_about about = {keep_text(keep, pile->about.name),
                                keep_text(keep, pile->about.description),
                                keep_text(keep, pile->about.signal)};
    if (!about.name || !about.description || !about.signal) return NULL;
    return summary_add_table(summary, &about, n_rows, pile->n_columns);
}

static int is_among(const char *name, const char *const *names)
{
    if (!names) return 1;
    while (*names && strcmp(*names, name) != 0) names++;
    return *names != NULL;
}

static gait_status deal_columns(const struct deal *d, const struct stretch *stretches, size_t n,
                                const char *const *names, gait_summary *summary,
                                struct table *table)
{
    for (size_t k = 0; k < d->pile->n_columns; k++) {
        struct column_about column;
        if (!is_among(d->pile->columns[k].name, names)) continue;
        if (keep_about(&column, &d->pile->columns[k], d->keep) ||
            !table_add_column(summary, table, &column))
            return GAIT_NOMEM;
        TRY(deal_column(d, k, stretches, n, table->cells[table->pub.n_columns - 1]));
    }
    return GAIT_OK;
}

gait_status pile_deal(const struct pile *pile, const struct stretch *stretches, size_t n,
                      const char *const *names, gait_summary *summary, gait_error *err)
{
    size_t n_rows = 0, longest = 0;
    for (size_t i = 0; i < n; i++) n_rows += stretches[i].n;
    for (size_t k = 0; k < pile->n_columns; k++)
        if (pile->longest[k] > longest) longest = pile->longest[k];
    struct table *table = begin_dealt(pile, n_rows, summary);
    const struct deal deal = {pile, malloc(CELLS_AT_ONCE * (longest + 1)), &summary->arena, err};
    gait_status st = table && deal.buffer ? GAIT_OK : GAIT_NOMEM;
    if (!st) st = deal_columns(&deal, stretches, n, names, summary, table);
    free(deal.buffer);
    return st;
}

void pile_free(struct pile *pile)
{
    for (size_t k = 0; k < pile->n_columns; k++) free(pile->cells[k]);
    free(pile->blocks);
    arena_free(&pile->texts);
    pile->n_columns = 0;
    pile->blocks = NULL;
}
