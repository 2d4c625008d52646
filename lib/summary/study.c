/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/study_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "summary/study.h"

/* What a study with a folder holds in memory. */
enum { MOST_BYTES_IN_MEMORY = 16 << 20 };

const char *const study_table_names[N_ALL_TABLES + 1] = {
    "sessions", "recordings", "summary",     "asymmetry", "findings", "bouts",
    "events",   "strides",    "repetitions", "minutes",   NULL,
};

gait_status gait_study_new(gait_study **study, int with_strides, gait_error *err)
{
    NEED(study);
    gait_study *made = calloc(1, sizeof *made);
    if (!made) return gait_fail(err, GAIT_NOMEM, "no memory for a study");
    made->n_tables = with_strides ? N_ALL_TABLES : N_STUDY_TABLES;
    made->spool.fd = -1;
    *study = made;
    return GAIT_OK;
}

void gait_study_free(gait_study **study)
{
    if (!study || !*study) return;
    for (size_t t = 0; t < N_ALL_TABLES; t++) pile_free(&(*study)->piles[t]);
    arena_free(&(*study)->keep);
    intern_free(&(*study)->shared);
    spool_close(&(*study)->spool);
    for (size_t i = 0; i < (*study)->n_parts; i++) spool_close(&(*study)->parts[i]);
    free((*study)->buffer.bytes);
    free((*study)->places);
    free(*study);
    *study = NULL;
}

const char *study_keep_text(gait_study *study, const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = ARENA_NEW(&study->keep, n, char);
    return copy ? memcpy(copy, text, n) : NULL;
}

void study_be_part(gait_study *study)
{
    study->is_part = 1;
}

gait_status study_use_folder(gait_study *study, const char *folder, size_t most_bytes,
                             gait_error *err)
{
    study->most_bytes = most_bytes;
    study->folder = study_keep_text(study, folder);
    return study->folder ? GAIT_OK : gait_fail(err, GAIT_NOMEM, "no memory for a study");
}

gait_status gait_study_use_folder(gait_study *study, const char *folder, gait_error *err)
{
    NEED(study);
    NEED(folder);
    if (study->n) return gait_fail(err, GAIT_INVALID, "%s: the study has sessions already", folder);
    return study_use_folder(study, folder, MOST_BYTES_IN_MEMORY, err);
}

static size_t count_bytes(const struct pile *piles, size_t n)
{
    size_t n_bytes = 0;
    for (size_t t = 0; t < n; t++) n_bytes += piles[t].n_bytes;
    return n_bytes;
}

gait_status study_move(gait_study *study, struct pile *piles, size_t n, gait_error *err)
{
    if (!count_bytes(piles, n)) return GAIT_OK;
    if (study->spool.fd < 0) TRY(spool_open(&study->spool, study->folder, err));
    for (size_t t = 0; t < n; t++) TRY(pile_move(&piles[t], &study->spool, &study->keep, err));
    return GAIT_OK;
}

gait_status study_make_space(gait_study *study, struct pile *piles, size_t n, gait_error *err)
{
    int too_large = study->folder && count_bytes(piles, n) > study->most_bytes;
    return too_large ? study_move(study, piles, n, err) : GAIT_OK;
}

gait_status study_explain(gait_status st, gait_error *err)
{
    return st == GAIT_NOMEM ? gait_fail(err, st, "no memory for the study") : st;
}
