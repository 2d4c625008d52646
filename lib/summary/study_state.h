/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_STUDY_STATE_H
#define SUMMARY_STUDY_STATE_H

#include "base/file.h"
#include "summary/intern.h"
#include "summary/pile.h"

/* Sessions come in any order, each table on its pile; the study deals them out in their own.
 * study.c holds the memory, study_add.c takes sessions in, study_deal.c puts them in order and
 * compares them, study_write.c writes a study that may be larger than the memory. */

/* So many files are held open, far below what a process may. */
enum { MOST_PARTS = 256 };

enum { SESSIONS, RECORDINGS, SUMMARY, ASYMMETRY, FINDINGS, N_STUDY_TABLES, N_ALL_TABLES = 10 };

extern const char *const study_table_names[N_ALL_TABLES + 1];

/* One session and where its rows lie on the piles. */
struct place {
    size_t position;
    const char *subject, *session;
    const char *file;
    double start_s; /* infinite if unknown */
    struct stretch rows[N_ALL_TABLES];
};

struct gait_study {
    struct arena keep;
    struct intern shared;
    size_t n_tables;
    struct pile piles[N_ALL_TABLES];
    size_t n, room;
    struct place *places;
    const char *creator, *algorithm_version;
    const char *settings; /* NULL once two sessions differ */
    int finished;
    int is_part;
    const char *folder; /* for the spool; NULL: everything stays in memory */
    size_t most_bytes;
    struct spool spool;
    struct file_buffer buffer; /* of the file that is being added */
    size_t n_parts;
    struct spool parts[MOST_PARTS]; /* whose rows stay where they are */
};

/* A copy that lives as long as the study; NULL when memory is out. */
const char *study_keep_text(gait_study *study, const char *text);

/* Moves the rows of all piles that are in memory to the study's spool. */
gait_status study_move(gait_study *study, struct pile *piles, size_t n, gait_error *err);

/* The same, but only once they are larger than they may be. */
gait_status study_make_space(gait_study *study, struct pile *piles, size_t n, gait_error *err);

/* Puts the sessions in order; nothing can be added then. */
gait_status study_put_in_order(gait_study *study, gait_error *err);

/* A summary without tables that bears the study's marks. */
gait_status study_begin_summary(const gait_study *study, gait_summary **out, gait_error *err);

/* Sessions that are dealt, in this order. */
struct hand {
    const struct place *const *places;
    size_t n;
    int only_compared; /* no more of the tables than the history needs */
};

/* Fills the tables of the summary with these sessions and, unless the study is a part, compares
 * them; scratch from tmp. Whole people only: nobody is compared with anybody else. */
gait_status study_deal(const gait_study *study, const struct hand *hand, gait_summary *out,
                       struct arena *tmp, gait_error *err);

/* Says of a failure without words that it was a lack of memory; hands on the status. */
gait_status study_explain(gait_status st, gait_error *err);

#endif
