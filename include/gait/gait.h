/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_H
#define GAIT_H

/**
 * @mainpage
 * libgait turns recorded accelerometer traces into gait events, stride metrics and findings. This
 * page is the guide; every call is described where it is declared.
 *
 * @section way The way through
 *
 * A recording is one sensor's samples, read from a file of any supported format or straight from
 * arrays. A session is one person's run: one or several recordings, judged together. A summary is
 * everything that was found, as tables of columns; it is what files hold and other languages read.
 *
 * @code{.c}
 * #include <stdio.h>
 * #include <gait/gait.h>
 *
 * int main(void)
 * {
 *     gait_recording *recording = NULL;
 *     gait_session *session = NULL;
 *     gait_summary *summary = NULL;
 *     gait_error err;
 *     gait_status st = gait_recording_open(&recording, "run.csv", NULL, &err);
 *     if (st == GAIT_OK) st = gait_session_new(&session, NULL, &err);
 *     if (st == GAIT_OK) st = gait_session_add(session, recording, &err);
 *     if (st == GAIT_OK) st = gait_session_judge(session, &err);
 *     if (st == GAIT_OK) st = gait_summary_from_session(&summary, session, &err);
 *     if (st == GAIT_OK) st = gait_summary_write(summary, "run.gait.h5", &err);
 *     if (st != GAIT_OK) fprintf(stderr, "%s\n", err.text);
 *     gait_summary_free(&summary);
 *     gait_session_free(&session);
 *     gait_recording_close(&recording);
 *     return st == GAIT_OK ? 0 : 1;
 * }
 * @endcode
 *
 * Samples that are in memory need one call, and no copy: gait_summary_from_arrays().
 *
 * @code{.c}
 * #include <stdio.h>
 * #include <gait/gait.h>
 *
 * static double accel_g[12000][3]; // frame by frame x y z, with gravity; here nobody fills them
 *
 * int main(void)
 * {
 *     gait_arrays arrays = {.n_frames = 12000, .accel_g = {.data = accel_g}};
 *     gait_recording_options what;
 *     gait_summary *summary = NULL;
 *     gait_error err;
 *     gait_recording_options_init(&what);
 *     what.placement = GAIT_SHANK;
 *     what.side = GAIT_LEFT;
 *     what.rate_hz = 200;
 *     if (gait_summary_from_arrays(&summary, &arrays, &what, NULL, &err) == GAIT_OK)
 *         printf("%zu strides\n", gait_summary_table(summary, "strides")->n_rows);
 *     else
 *         printf("%s\n", err.text); // array: 3 of 3 acceleration axes never change ...
 *     gait_summary_free(&summary);
 *     return 0;
 * }
 * @endcode
 *
 * Who has a source of samples of their own, or wants events while they come, pushes blocks into a
 * gait_analysis and pulls bouts (`examples/feed_blocks.c`). Who wants a single step alone finds
 * filter, resampling and spectrum in signal.h and cadence, events, strides and alignment of a
 * stretch of gait in stretch.h; each is a pure function of arrays.
 *
 * @section units Units
 *
 * One unit for each quantity, everywhere, and the name carries it: acceleration `_g` (1 g = 9.80665
 * m/s^2; specific force, so a sensor at rest reads 1 g upwards), angular rate `_dps`, time `_s`
 * from the recording's start or on the clock of its stamps, frequency `_hz`, angles `_deg`, lengths
 * `_m`. Units are converted once, by the reader. Body axes are forward, up and to the person's
 * right. No time is an index over a nominal rate: real clocks drift, and recordings have gaps.
 *
 * @section errors Errors
 *
 * A call that can fail returns a gait_status, which must not be ignored, and takes a gait_error as
 * its last argument, which may be NULL. On failure its text is one sentence that names the file,
 * the place, what was found and what was expected, and nothing else has changed. A NULL where
 * something is needed, a rate that makes no sense, a call after the last one: each is GAIT_INVALID
 * and a sentence. Calls without a status return NULL, 0 or NaN instead.
 *
 * A value that cannot be computed is no error: it is NaN, and the row's flags say why
 * (gait_flag_name()). An error means that there is no result.
 *
 * The library never prints, logs, aborts or exits, and does not care about the host's locale,
 * standard streams or signals.
 *
 * @section memory Memory
 *
 * What owns something is opaque, made by a call with `_new`, `_open` or `_from_` in its name, and
 * has a `_free` or `_close` that sets the handle to NULL and accepts NULL. What is a result is a
 * plain struct, and a view: its declaration says how long it lives. Options are plain structs that
 * a `_init` call fills; options nobody initialised are refused.
 *
 * A gait_analysis needs memory for two to three minutes of samples however long the recording is,
 * and about 1 kB for each stride until it is pulled. A session keeps results, never samples.
 *
 * @section threads Threads
 *
 * There is no global state. A context belongs to one thread at a time; different contexts are
 * independent, so a pool of threads takes one recording each (`examples/threads.c`). Tables of
 * formats, detectors, metrics, settings and rules are constant. The same input, options and version
 * give the same bytes, whatever the number of threads or the size of the blocks.
 *
 * @section versions Versions
 *
 * Symbols carry the version that brought them. While the first number of the library's own version
 * stays, a program that was linked goes on running. Structs that a caller fills may grow at their
 * end when that number changes, never before.
 *
 * @section adding Adding to it
 *
 * A format, a detector, a metric, a finding, a document is one file and one row in a table; lists,
 * documentation, command line, row tests and fuzzing follow from the row.
 *
 * - Format: `lib/record/read_NAME.c` with a `const struct format`: how sure it is of the first
 *   bytes of a file, what the file says of itself, and frames in portions of any size. Row:
 *   `lib/record/formats.c`. Clocks, gaps, units and calibration are not its business.
 * - Detector: `lib/gait/detect/detect_NAME.c` with a `const struct detector`: where and when it
 *   works, its paper, and a pure function from one window of samples to events. Row:
 *   `lib/gait/detect/detectors.c`.
 * - Metric: a function in `lib/gait/measure/metric_NAME.c` that fills one number for each stride,
 *   NaN where it cannot; signals in body axes are prepared. Row: `lib/gait/measure/metrics.c`, with
 *   key, unit, definition, source, limits and the smallest change that counts.
 * - Finding: `lib/session/rule_NAME.c`; row: `lib/session/findings.c`, with evidence and caveat.
 * - Document: `lib/summary/NAME.c`; row: `lib/summary/document.c`.
 */

#include <gait/analysis.h>
#include <gait/arrays.h>
#include <gait/batch.h>
#include <gait/compare.h>
#include <gait/convert.h>
#include <gait/detector.h>
#include <gait/error.h>
#include <gait/finding.h>
#include <gait/metric.h>
#include <gait/recording.h>
#include <gait/report.h>
#include <gait/session.h>
#include <gait/setting.h>
#include <gait/signal.h>
#include <gait/simulate.h>
#include <gait/stretch.h>
#include <gait/summary.h>
#include <gait/version.h>

#endif
