/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_H
#define GAIT_H

/**
 * @mainpage
 * libgait turns recorded accelerometer traces into gait events, stride metrics and findings.
 *
 * The way through, with the error handling left out:
 * @code
 * gait_recording *recording;
 * gait_session *session;
 * gait_summary *summary;
 * gait_recording_open(&recording, "right_shank.csv", NULL, &err);
 * gait_session_new(&session, NULL, &err);
 * gait_session_add(session, recording, &err);
 * gait_session_judge(session, &err);
 * gait_summary_from_session(&summary, session, &err);
 * gait_summary_write(summary, "run.gait.h5", &err);
 * @endcode
 *
 * Who wants events alone pushes blocks into a gait_analysis and pulls bouts.
 *
 * What owns something is opaque and has a `_free` or `_close` that sets the handle to NULL and
 * accepts NULL; what is a result is a plain struct. There is no global state: a context belongs to
 * one thread at a time, different contexts are independent.
 */

#include <gait/analysis.h>
#include <gait/arrays.h>
#include <gait/compare.h>
#include <gait/convert.h>
#include <gait/detector.h>
#include <gait/error.h>
#include <gait/finding.h>
#include <gait/metric.h>
#include <gait/recording.h>
#include <gait/session.h>
#include <gait/setting.h>
#include <gait/signal.h>
#include <gait/simulate.h>
#include <gait/stretch.h>
#include <gait/summary.h>
#include <gait/version.h>

#endif
