/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_BATCH_H
#define GAIT_BATCH_H

#include <stddef.h>

#include <gait/error.h>
#include <gait/recording.h>
#include <gait/session.h>
#include <gait/summary.h>

/**
 * @file
 * Many recordings: a folder, a manifest or a Motion-BIDS dataset in, one summary per session and
 * one study out, resumable at any instant.
 *
 * Each session is analysed by a process of its own, which the caller's program becomes by calling
 * gait_batch_work(); a crash in it is one failed row. Whoever runs a batch ignores SIGPIPE or not
 * as he likes: nothing here raises it.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** One recording of a planned session. */
typedef struct gait_planned_recording {
    const char *file;         /**< Path from the source folder. */
    const char *sensor;       /**< Sensor inside the file; NULL: all whose placement is known. */
    const char *sidecar_json; /**< What the source says of it, wins over its sidecar; NULL: nothing.
                               */
} gait_planned_recording;

/** One session of a plan. A view that lives as long as the plan. */
typedef struct gait_planned_session {
    const char *subject_id;                   /**< "" if nobody said. */
    const char *session_id;                   /**< Unique among the subject's. */
    const char *output;                       /**< Path of its summary from the batch folder. */
    const char *refused;                      /**< Why it cannot be analysed; NULL: it can. */
    size_t n_recordings;                      /**< At least 1. */
    const gait_planned_recording *recordings; /**< In order. */
} gait_planned_session;

/** The sessions of a source, in their order. Opaque; read by any number of threads. */
typedef struct gait_plan gait_plan;

/** How a source becomes a plan. Plain; all zero is the standard. */
typedef struct gait_plan_options {
    const char *folder; /**< The batch folder, never taken for recordings; NULL: none. */
    int bids_layout;    /**< Not 0: summaries are named as BIDS derivatives are. */
} gait_plan_options;

/**
 * Find the sessions of a source: of a folder, one per recording or as the sidecars group them; of
 * a manifest (.tsv), one per subject and session; of a Motion-BIDS dataset, one per run.
 *
 * Nothing outside the source folder (the manifest's own) becomes part of a plan: what leads out of
 * it is a session that says why it is refused.
 *
 * @param[out] plan    set on success; free it with gait_plan_free()
 * @param[in]  source  folder or manifest
 * @param[in]  options NULL: the standard; copied
 * @param[out] err     may be NULL
 * @return GAIT_OK; GAIT_NOT_FOUND no such source, or no recording in it; GAIT_FORMAT a manifest
 *         that makes no sense, or two sessions of one name; GAIT_IO; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_plan_new(gait_plan **plan, const char *source,
                                                 const gait_plan_options *options, gait_error *err);

/** Session @p index, NULL behind the last. Thread-safe: yes. */
GAIT_API const gait_planned_session *gait_plan_session_at(const gait_plan *plan, size_t index);

/** How many sessions. Thread-safe: yes. */
GAIT_API size_t gait_plan_size(const gait_plan *plan);

/**
 * Path from the source folder of file @p index that could be a recording by its name and is none:
 * a text file of words (notes.txt, README.txt). In order; NULL behind the last. What has the name
 * of a recording and cannot be read is a session instead, which will fail. Thread-safe: yes.
 */
GAIT_API const char *gait_plan_left_out_at(const gait_plan *plan, size_t index);

/** Free and set to NULL; accepts NULL. Thread-safe: yes, for different plans. */
GAIT_API void gait_plan_free(gait_plan **plan);

/** What has become of a session. */
typedef enum gait_batch_state {
    GAIT_BATCH_DONE = 0, /**< Its summary is there and belongs to the input. */
    GAIT_BATCH_FAILED,   /**< It could not be analysed; the reason says why. */
    GAIT_BATCH_MISSING,  /**< Not analysed yet. */
    GAIT_BATCH_STALE,    /**< Its summary is of another input, other options or another version. */
    GAIT_N_BATCH_STATES  /**< Number of values above. */
} gait_batch_state;

/** Lower-case name ("done"); "unknown" for values outside the enumeration. Thread-safe: yes. */
GAIT_API const char *gait_batch_state_name(gait_batch_state state);

/** One session of a batch folder, a row of its status.tsv. Text lives as long as its owner. */
typedef struct gait_batch_row {
    const char *subject_id;   /**< "" if nobody said. */
    const char *session_id;   /**< Unique among the subject's. */
    gait_batch_state state;   /**< What has become of it. */
    const char *reason;       /**< Why it is not done; "" if it is. */
    double seconds;           /**< Time that analysing it took; NaN if unknown. */
    const char *content_hash; /**< Of its recordings, separated by commas; "" if unknown. */
    const char *output;       /**< Path of its summary from the batch folder. */
} gait_batch_row;

/** How far a batch is. */
typedef struct gait_batch_progress {
    size_t n_sessions;         /**< Of this batch or shard. */
    size_t n_settled;          /**< Done, skipped or failed so far. */
    size_t n_skipped;          /**< Of those, done by an earlier run. */
    size_t n_failed;           /**< Of those, failed. */
    double bytes;              /**< Size of the recordings settled. */
    double bytes_skipped;      /**< Of those, done by an earlier run. */
    double bytes_total;        /**< Size of all. */
    const gait_batch_row *row; /**< What just happened; NULL: nothing, time went by. */
} gait_batch_progress;

/** How a batch is run. Plain; initialise it. */
typedef struct gait_batch_options {
    const char *folder;  /**< The batch folder; made if need be. */
    size_t n_jobs;       /**< Worker processes at a time. */
    size_t shard;        /**< Which part, from 1, of @p n_shards; 0 of 0: all. */
    size_t n_shards;     /**< Parts the plan is cut into. */
    int force;           /**< Not 0: analyse again what is done. */
    int trust_dates;     /**< Not 0: a summary newer than its recordings is of them. */
    int with_strides;    /**< Not 0: the study has bouts, minutes, strides and events, too. */
    int bids_layout;     /**< As in the plan's options. */
    double time_limit_s; /**< A session that takes longer has failed; 0: no limit. */
    gait_recording_options recording; /**< For every recording. */
    gait_session_options session;     /**< Detector and settings count. */
    const char *const *worker;        /**< Command line, ended by NULL, of a program that calls
                                         gait_batch_work() with its standard input. */
    void (*progress)(void *context, const gait_batch_progress *now); /**< May be NULL. */
    int (*interrupted)(void *context); /**< Not 0: stop with GAIT_INTERRUPTED; may be NULL. */
    void *context;                     /**< For the two calls above. */
} gait_batch_options;

/** Set every field to its standard: one job, no shard, an hour for a session. Thread-safe: yes. */
GAIT_API void gait_batch_options_init(gait_batch_options *options);

/** What a batch has come to. */
typedef struct gait_batch_counts {
    size_t n[GAIT_N_BATCH_STATES]; /**< Sessions by state. */
    size_t n_skipped;              /**< Of those done, by an earlier run. */
} gait_batch_counts;

/**
 * Analyse every session of a plan that is not done yet and merge all into the study.
 *
 * In the folder there are then sessions/ with one summary each, status.tsv, log.jsonl and study.h5;
 * of shard I of N status.I-of-N.tsv, log.I-of-N.jsonl and study.I-of-N.h5. Whatever stops it, the
 * next run goes on where this one was.
 *
 * @param[in]  plan    not NULL
 * @param[in]  options with folder and worker
 * @param[out] counts  how many sessions are what, also on failure; may be NULL
 * @param[out] err     may be NULL
 * @return GAIT_OK, also when sessions failed; GAIT_CANNOT_CREATE the folder cannot be written, or
 *         another batch is at work in it; GAIT_IO a summary, the status or the study could not be
 *         written; GAIT_INTERRUPTED; GAIT_INVALID; GAIT_NOMEM
 *
 * Thread-safe: yes, for different folders.
 */
GAIT_API GAIT_MUST_USE gait_status gait_batch_run(const gait_plan *plan,
                                                  const gait_batch_options *options,
                                                  gait_batch_counts *counts, gait_error *err);

/** Called by gait_batch_work() when a summary has its name; returns 0, or else the session fails
 * with the sentence that was put into @p err. */
typedef int gait_batch_finish(void *context, const char *summary_path, gait_error *err);

/**
 * Analyse one session on behalf of gait_batch_run(): take it from a connection, write its summary,
 * answer.
 *
 * @param[in] connection  file descriptor, the worker's standard input
 * @param[in] interrupted not 0: stop; may be NULL
 * @param[in] finish      what else is to be made of the summary; may be NULL
 * @param[in] context     for the two calls
 * @return GAIT_OK once an answer was sent, whatever it says; GAIT_IO; GAIT_FORMAT;
 *         GAIT_INTERRUPTED whoever asked is gone
 *
 * Thread-safe: no, it is a process of its own.
 */
GAIT_API GAIT_MUST_USE gait_status gait_batch_work(int connection,
                                                   int (*interrupted)(void *context),
                                                   gait_batch_finish *finish, void *context);

/** What is in a batch folder. Opaque. */
typedef struct gait_batch_status gait_batch_status;

/**
 * Look at every session of a batch folder: at what status.tsv says, at its summary, and, if the
 * source is still there, at its recordings.
 *
 * @param[out] status      set on success; free it with gait_batch_status_free()
 * @param[in]  folder      of a batch
 * @param[in]  trust_dates as in gait_batch_options
 * @param[out] err         may be NULL
 * @return GAIT_OK; GAIT_NOT_FOUND not a batch folder; GAIT_FORMAT; GAIT_IO; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_batch_look(gait_batch_status **status, const char *folder,
                                                   int trust_dates, gait_error *err);

/** Row @p index in the order of the plan, NULL behind the last. Thread-safe: yes. */
GAIT_API const gait_batch_row *gait_batch_row_at(const gait_batch_status *status, size_t index);

/** What could not be looked at, in one sentence; "" if all was. Thread-safe: yes. */
GAIT_API const char *gait_batch_caveat(const gait_batch_status *status);

/** Free and set to NULL; accepts NULL. Thread-safe: yes, for different folders. */
GAIT_API void gait_batch_status_free(gait_batch_status **status);

/**
 * Merge what a batch folder holds, of all its shards, into one study in the order of the plan.
 *
 * @param[in]  folder       of a batch
 * @param[in]  output       path of the study; NULL: study.h5 in the folder
 * @param[in]  with_strides as in gait_batch_options
 * @param[out] err          may be NULL
 * @return GAIT_OK; GAIT_NOT_FOUND not a batch folder, or a shard or session is missing;
 *         GAIT_FORMAT; GAIT_INVALID; GAIT_CANNOT_CREATE; GAIT_IO; GAIT_NOMEM
 *
 * Thread-safe: yes, for different outputs.
 */
GAIT_API GAIT_MUST_USE gait_status gait_batch_merge(const char *folder, const char *output,
                                                    int with_strides, gait_error *err);

#ifdef __cplusplus
}
#endif

#endif
