/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_HISTORY_COLUMNS_H
#define SUMMARY_HISTORY_COLUMNS_H

#include <gait/summary.h>

/* Columns of a session's tables that the history is made of. */

enum { MOST_HISTORY_COLUMNS = 64 }; /* of one table, with the NULL behind them */

/* True if the session has them all, of their types. */
int has_history_columns(const gait_summary *session);

/* Those of one table; the list ends with NULL. */
void list_history_columns(const char *table, const char *names[MOST_HISTORY_COLUMNS]);

#endif
