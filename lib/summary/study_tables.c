/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/study_tables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "summary/column_hash.h"
#include "summary/columns.h"
#include "summary/is_summary.h"
#include "summary/seal.h"

enum { BUFFER_BYTES = 1 << 20 };

struct table *outline_table(gait_summary *summary, const struct pile *pile, size_t n_rows)
{
    struct table *table = summary_add_table(summary, &pile->about, n_rows, pile->n_columns);
    struct hollow *hollow = summary_new_hollow(summary, pile->n_columns);
    if (!table || !hollow) return NULL;
    for (size_t k = 0; k < pile->n_columns; k++) {
        if (!table_add_bare_column(table, &pile->columns[k])) return NULL;
        hollow->digest[k] = column_hash_of(&table->columns[k], 0);
        hollow->width[k] = pile->columns[k].type == GAIT_TEXTS ? pile->longest[k] + 1 : 8;
    }
    table->hollow = hollow;
    return table;
}

/* Where a column's cells are left out of the file. */
struct hole {
    const struct piled_table *piled;
    size_t column;
    uint64_t at;
};

struct writing {
    const gait_summary *summary;
    struct file_draft draft;
    XXH3_state_t hash; /* of all that was written */
    uint64_t n;        /* bytes written */
    unsigned char *buffer;
    unsigned char *skeleton; /* the file, with holes nobody has touched */
    size_t size;
    gait_error *err;
};

static gait_status put(struct writing *w, const void *bytes, size_t n)
{
    TRY(file_draft_write(&w->draft, bytes, n, w->err));
    XXH3_128bits_update(&w->hash, bytes, n);
    w->n += n;
    return GAIT_OK;
}

static gait_status make_skeleton(struct writing *w)
{
    free(w->skeleton);
    w->skeleton = NULL;
    void *bytes;
    TRY(columns_to_skeleton(w->summary, &bytes, &w->size, w->err));
    w->skeleton = bytes;
    return GAIT_OK;
}

static gait_status put_run(struct writing *w, const struct hole *hole, struct stretch run,
                           struct column_hash *hash)
{
    const struct pile *pile = hole->piled->pile;
    size_t width = hole->piled->table->hollow->width[hole->column];
    size_t most = width < BUFFER_BYTES ? BUFFER_BYTES / width : 1;
    while (run.n) {
        size_t n = run.n < most ? run.n : most;
        TRY(pile_read(pile, hole->column, (struct stretch){run.first, n}, w->buffer, width,
                      w->err));
        column_hash_add(hash, w->buffer, n, width);
        TRY(put(w, w->buffer, n * width));
        run.first += n;
        run.n -= n;
    }
    return GAIT_OK;
}

/* A text wider than the buffer is refused by the file format before this. */
static gait_status fill_hole(struct writing *w, const struct hole *hole)
{
    struct column_hash hash;
    const struct piled_table *piled = hole->piled;
    column_hash_begin(&hash, &piled->table->columns[hole->column]);
    for (size_t i = 0; i < piled->n_runs; i++) TRY(put_run(w, hole, piled->runs[i], &hash));
    piled->table->hollow->digest[hole->column] = column_hash_end(&hash);
    return GAIT_OK;
}

static int by_place(const void *a, const void *b)
{
    const struct hole *x = a, *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

static size_t list_holes(const struct piled_table *piled, size_t n, struct hole *holes)
{
    size_t n_holes = 0;
    for (size_t t = 0; t < n; t++)
        for (size_t k = 0; piled[t].table->pub.n_rows && k < piled[t].pile->n_columns; k++)
            holes[n_holes++] = (struct hole){&piled[t], k, piled[t].table->hollow->at[k]};
    if (n_holes) qsort(holes, n_holes, sizeof *holes, by_place);
    return n_holes;
}

/* What the skeleton says of a table is true once its last column is written, and lies behind it. */
static gait_status put_all(struct writing *w, const struct hole *holes, size_t n_holes)
{
    for (size_t i = 0; i < n_holes; i++) {
        TRY(put(w, w->skeleton + w->n, holes[i].at - w->n));
        TRY(fill_hole(w, &holes[i]));
        if (i + 1 == n_holes || holes[i + 1].piled != holes[i].piled) TRY(make_skeleton(w));
    }
    return put(w, w->skeleton + w->n, w->size - w->n);
}

static gait_status put_seal(struct writing *w)
{
    char line[SEAL_BYTES + 1];
    XXH128_hash_t hash = XXH3_128bits_digest(&w->hash);
    seal_print(hash.high64, hash.low64, line);
    return put(w, line, SEAL_BYTES);
}

/* What will have the name is what was meant. */
static gait_status read_back(struct writing *w)
{
    XXH3_state_t found;
    XXH128_hash_t meant = XXH3_128bits_digest(&w->hash);
    XXH3_INITSTATE(&found);
    XXH3_128bits_reset(&found);
    for (uint64_t at = 0; at < w->n;) {
        ssize_t n = pread(w->draft.fd, w->buffer, BUFFER_BYTES, (off_t)at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return gait_fail(w->err, GAIT_IO, "%s: cannot be read back", w->draft.name);
        XXH3_128bits_update(&found, w->buffer, (size_t)n);
        at += (uint64_t)n;
    }
    if (XXH128_isEqual(XXH3_128bits_digest(&found), meant)) return GAIT_OK;
    return gait_fail(w->err, GAIT_IO, "%s: reading it back gives other bytes", w->draft.name);
}

static gait_status write_holes(struct writing *w, const struct piled_table *piled, size_t n,
                               const char *path)
{
    size_t most = 1;
    for (size_t t = 0; t < n; t++) most += piled[t].pile->n_columns;
    struct hole *holes = calloc(most, sizeof *holes);
    w->buffer = malloc(BUFFER_BYTES);
    gait_status st = holes && w->buffer ? make_skeleton(w)
                                        : gait_fail(w->err, GAIT_NOMEM, "no memory for a study");
    if (!st) st = file_draft_begin(&w->draft, path, w->err);
    if (!st) st = put_all(w, holes, list_holes(piled, n, holes));
    if (!st) st = put_seal(w);
    if (!st) st = file_draft_seal(&w->draft, w->err);
    if (!st) st = read_back(w);
    if (!st) st = file_draft_publish(&w->draft, w->err);
    free(holes);
    return st;
}

gait_status write_piled(const gait_summary *summary, const struct piled_table *piled, size_t n,
                        const char *path, gait_error *err)
{
    TRY(may_replace(path, err));
    struct writing *w = calloc(1, sizeof *w);
    if (!w) return gait_fail(err, GAIT_NOMEM, "no memory for a study");
    w->summary = summary;
    w->err = err;
    XXH3_INITSTATE(&w->hash);
    XXH3_128bits_reset(&w->hash);
    gait_status st = write_holes(w, piled, n, path);
    file_draft_end(&w->draft);
    free(w->skeleton);
    free(w->buffer);
    free(w);
    return st;
}
