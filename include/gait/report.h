/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_REPORT_H
#define GAIT_REPORT_H

#include <gait/error.h>
#include <gait/summary.h>
#include <gait/version.h>

/**
 * @file
 * One sheet that a clinician or a runner reads in a minute, made from a summary alone.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** What a page is printed on. */
typedef enum gait_paper {
    GAIT_PAPER_A4 = 0, /**< 210 mm x 297 mm. */
    GAIT_PAPER_LETTER  /**< 8.5 in x 11 in. */
} gait_paper;

/** How the page is to be. Plain; initialise it. */
typedef struct gait_report_options {
    const char *subject_id;    /**< Whose session of a study; NULL: whoever has session_id. */
    const char *session_id;    /**< Which session of a study; NULL: the only one, or the index. */
    const gait_summary *study; /**< The person's other sessions, for the history; NULL: none. */
    const char *language;      /**< "en", "de"; NULL: "en". */
    gait_paper paper;          /**< For printing. */
    int details;               /**< 1: with every number, on further pages. */
    const char *sessions;      /**< Where an index finds the pages of its sessions, relative to it;
                                    NULL: no links. */
    /** Where the page of one session is, relative to the index, in place of @p sessions; "":
     * nowhere. May be NULL. */
    const char *(*link)(void *context, const char *subject_id, const char *session_id);
    void *context;     /**< For the call above. */
    const char *index; /**< Where a session's page finds the index; NULL: no link. */
} gait_report_options;

/** Everything at its standard: A4, English, no study, no details. Thread-safe: yes. */
GAIT_API void gait_report_options_init(gait_report_options *options);

/** Code of language @p index of the pages, "en"; NULL behind the last. Thread-safe: yes. */
GAIT_API const char *gait_report_language(unsigned index);

/** 1 if this library was built with cairo and can write PDF. Thread-safe: yes. */
GAIT_API int gait_report_has_pdf(void);

/**
 * Read of a summary what its page needs, which takes half the time of gait_summary_read().
 *
 * Every byte of the file is held against the file's checksum all the same, and every table that is
 * read against its own.
 *
 * @param[out] summary without the tables of events and minutes; free with gait_summary_free()
 * @param[in]  path    of a session's summary or a study
 * @param[out] err     may be NULL
 * @return as gait_summary_read()
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_report_read(gait_summary **summary, const char *path,
                                                    gait_error *err);

/**
 * Write the page of one session, or the index of a study, whole or not at all.
 *
 * A summary of one session gives its page. A study gives the page of the session that the options
 * name, or its index if they name none. The same summary and options give the same bytes.
 *
 * @param[in]  summary not NULL
 * @param[in]  options NULL: as gait_report_options_init() leaves them
 * @param[in]  path    ends in .html or .pdf; an older file of that name is replaced
 * @param[out] err     may be NULL
 * @return GAIT_OK; GAIT_NOT_FOUND no such session or language; GAIT_INVALID an argument is NULL,
 * another ending or paper, or several sessions have that name; GAIT_FORMAT the summary lacks its
 * tables; GAIT_UNSUPPORTED a PDF without cairo; GAIT_CANNOT_CREATE; GAIT_IO; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_report_write(const gait_summary *summary,
                                                     const gait_report_options *options,
                                                     const char *path, gait_error *err);

#ifdef __cplusplus
}
#endif

#endif
