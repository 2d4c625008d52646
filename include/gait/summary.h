/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SUMMARY_H
#define GAIT_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include <gait/arrays.h>
#include <gait/error.h>
#include <gait/session.h>

/**
 * @file
 * What a summary file holds: named tables of named columns, in memory or in HDF5.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** The contents of one summary. Opaque; one thread at a time while it is made, then free to share.
 */
typedef struct gait_summary gait_summary;

/** What a column holds. */
typedef enum gait_column_type {
    GAIT_DOUBLES = 0, /**< const double *; NaN is "not available". */
    GAIT_INTEGERS,    /**< const int64_t *. */
    GAIT_TEXTS        /**< const char *const *; ASCII. */
} gait_column_type;

/** One column of a table. A view that lives as long as the summary. */
typedef struct gait_column {
    const char *name;         /**< Unique in its table. */
    const char *units;        /**< "1" for counts; "" for text. */
    const char *long_name;    /**< For axes and headings. */
    const char *description;  /**< One sentence. */
    gait_column_type type;    /**< Which of the three below is not NULL. */
    const double *doubles;    /**< As many as the table has rows. */
    const int64_t *integers;  /**< As many as the table has rows. */
    const char *const *texts; /**< As many as the table has rows. */
} gait_column;

/** One table of a summary. A view that lives as long as the summary. */
typedef struct gait_table {
    const char *name;           /**< "strides". */
    const char *description;    /**< One sentence. */
    size_t n_rows;              /**< Rows of every column. */
    size_t n_columns;           /**< Length of columns. */
    const gait_column *columns; /**< In order. */
} gait_table;

/**
 * Make the summary of a judged session.
 *
 * @param[out] summary set on success; free it with gait_summary_free()
 * @param[in]  session judged
 * @param[out] err     may be NULL
 * @return GAIT_OK; GAIT_INVALID not judged; GAIT_NOMEM
 *
 * Thread-safe: yes, for different sessions.
 */
GAIT_API GAIT_MUST_USE gait_status gait_summary_from_session(gait_summary **summary,
                                                             const gait_session *session,
                                                             gait_error *err);

/**
 * Everything there is to know about the samples of one sensor: a session of its own, judged and
 * summed up. For several sensors open each with gait_recording_open_arrays() and add it to one
 * gait_session.
 *
 * @param[out] summary   set on success, untouched otherwise; free it with gait_summary_free()
 * @param[in]  arrays    read where they lie; no copy is made
 * @param[in]  recording what is known of the sensor; its placement must be
 * @param[in]  session   what is known of the session; NULL: defaults
 * @param[out] err       may be NULL
 * @return GAIT_OK; whatever gait_recording_open_arrays() and gait_session_add() return
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_summary_from_arrays(gait_summary **summary,
                                                            const gait_arrays *arrays,
                                                            const gait_recording_options *recording,
                                                            const gait_session_options *session,
                                                            gait_error *err);

/**
 * Read a summary file and check it whole: complete mark, checksums, column lengths, names, units.
 *
 * @param[out] summary set on success
 * @param[in]  path    a file written by gait_summary_write()
 * @param[out] err     may be NULL
 * @return GAIT_OK; GAIT_NOT_FOUND; GAIT_IO; GAIT_FORMAT not a summary, or damaged; GAIT_UNSUPPORTED
 * a newer format_version; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_summary_read(gait_summary **summary, const char *path,
                                                     gait_error *err);

/**
 * Write a summary, whole or not at all: made in memory, written to a temporary name beside @p path,
 * synced, renamed. A gait summary of that name is replaced, any other file is not.
 *
 * @param[in]  summary not NULL
 * @param[in]  path    where
 * @param[out] err     may be NULL
 * @return GAIT_OK; GAIT_CANNOT_CREATE @p path is another file or its folder cannot be written;
 * GAIT_IO; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_summary_write(const gait_summary *summary, const char *path,
                                                      gait_error *err);

/** Table @p index, NULL behind the last. Thread-safe: yes. */
GAIT_API const gait_table *gait_summary_table_at(const gait_summary *summary, size_t index);

/** The table called @p name, NULL if there is none. Thread-safe: yes. */
GAIT_API const gait_table *gait_summary_table(const gait_summary *summary, const char *name);

/** The column called @p name, NULL if there is none. Thread-safe: yes. */
GAIT_API const gait_column *gait_table_column(const gait_table *table, const char *name);

/** Root attribute ("creator", "settings_json", ...) as text, NULL if there is none. Thread-safe:
 * yes. */
GAIT_API const char *gait_summary_attribute(const gait_summary *summary, const char *name);

/** How a table is written as text. */
typedef enum gait_export_format {
    GAIT_EXPORT_CSV = 0,   /**< RFC 4180 with plain line feeds, NaN as an empty cell. */
    GAIT_EXPORT_CSV_EXCEL, /**< With CR LF, a byte order mark, and formulas in text defused. */
    GAIT_EXPORT_JSON       /**< An array of objects, NaN as null. */
} gait_export_format;

/**
 * One table as text.
 *
 * @param[in]  table  not NULL
 * @param[in]  format which
 * @param[in]  write  called with consecutive pieces; returns 0 when all of it was taken
 * @param[in]  context handed to @p write
 * @param[out] err    may be NULL
 * @return GAIT_OK; GAIT_IO @p write refused; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_table_export(
    const gait_table *table, gait_export_format format,
    int (*write)(void *context, const char *text, size_t length), void *context, gait_error *err);

/** A form in which others take a whole summary. Constant, lives as long as the library. */
typedef struct gait_document {
    const char *name;  /**< "fhir". */
    const char *about; /**< One sentence. */
} gait_document;

/** Row @p index of the document table, NULL behind the last. Thread-safe: yes. */
GAIT_API const gait_document *gait_document_at(size_t index);

/**
 * A whole summary as text in the form of others.
 *
 * @param[in]  summary  not NULL
 * @param[in]  document name of a row of the document table
 * @param[in]  write    called with consecutive pieces; returns 0 when all of it was taken
 * @param[in]  context  handed to @p write
 * @param[out] err      may be NULL
 * @return GAIT_OK; GAIT_NOT_FOUND no such document; GAIT_INVALID a NULL, or a summary that does not
 *         hold what the document tells; GAIT_IO @p write refused; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_summary_export(
    const gait_summary *summary, const char *document,
    int (*write)(void *context, const char *text, size_t length), void *context, gait_error *err);

/** Free and set to NULL; accepts NULL. Thread-safe: yes, for different summaries. */
GAIT_API void gait_summary_free(gait_summary **summary);

/** Many sessions on their way into one study. Opaque; one thread at a time. */
typedef struct gait_study gait_study;

/**
 * Begin a study.
 *
 * @param[out] study        set on success; free it with gait_study_free()
 * @param[in]  with_strides 1: with the bouts, minutes, strides and events of every session
 * @param[out] err          may be NULL
 * @return GAIT_OK; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_study_new(gait_study **study, int with_strides,
                                                  gait_error *err);

/**
 * Let tables that have become larger than 16 MiB wait in a nameless file: memory then hardly grows
 * with the number of sessions.
 *
 * @param[in,out] study  not NULL, without a session
 * @param[in]     folder for the file, best where the study is to be written; copied
 * @param[out]    err    may be NULL
 * @return GAIT_OK; GAIT_INVALID; GAIT_NOMEM. That the folder cannot be written is found out when a
 *         session is added
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_study_use_folder(gait_study *study, const char *folder,
                                                         gait_error *err);

/**
 * Add the summary of one session; in whatever order they come, the study is the same.
 *
 * @param[in,out] study    not NULL
 * @param[in]     path     a session's summary, read and checked as by gait_summary_read(), or the
 *                         study of a shard, whose sessions take consecutive places
 * @param[in]     position its place in the study, such as the row of a manifest; sessions at the
 *                         same place are ordered by subject, start and session
 * @param[out]    err      may be NULL
 * @return GAIT_OK; whatever gait_summary_read() returns; GAIT_INVALID made by another version than
 *         the others, or not of one session; GAIT_CANNOT_CREATE and GAIT_IO also of the file of
 *         gait_study_use_folder(); GAIT_NOMEM. After a failure the study is as before
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_study_add(gait_study *study, const char *path,
                                                  size_t position, gait_error *err);

/**
 * Put the sessions in order and compare each with the subject's earlier ones.
 *
 * @param[in,out] study   not NULL; nothing can be added afterwards
 * @param[out]    summary set on success; free it with gait_summary_free()
 * @param[out]    err     may be NULL
 * @return GAIT_OK; GAIT_INVALID no session, or the same session twice; GAIT_NOMEM
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_study_finish(gait_study *study, gait_summary **summary,
                                                     gait_error *err);

/**
 * Finish a study and write it, as gait_study_finish() and gait_summary_write() would, without
 * having all of it in memory at once.
 *
 * @param[in,out] study not NULL; nothing can be added afterwards
 * @param[in]     path  where
 * @param[out]    err   may be NULL
 * @return as gait_study_finish() and gait_summary_write(); GAIT_CANNOT_CREATE also onto a file that
 * was added
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_study_write(gait_study *study, const char *path,
                                                    gait_error *err);

/**
 * Look at many sessions at once: one table "cohort", every session a row, the most severe first,
 * with its findings and the medians one asks for first.
 *
 * @param[out] cohort set on success; free it with gait_summary_free()
 * @param[in]  study  a study, or a single session
 * @param[out] err    may be NULL
 * @return GAIT_OK; GAIT_FORMAT a table or column is missing; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_summary_cohort(gait_summary **cohort,
                                                       const gait_summary *study, gait_error *err);

/** Free and set to NULL; accepts NULL. Thread-safe: yes, for different studies. */
GAIT_API void gait_study_free(gait_study **study);

#ifdef __cplusplus
}
#endif

#endif
