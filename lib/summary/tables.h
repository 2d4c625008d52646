/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_TABLES_H
#define SUMMARY_TABLES_H

#include "session/session.h"
#include "summary/table.h"

/* A judged session as tables: one file per table, each with the list of its columns. */

/* Changes when the same input gives other numbers. */
#define ALGORITHM_VERSION "1"

/* Rows of a column list. */
#define NUMBER(name, units, long_name, description) \
    { \
        name, GAIT_DOUBLES, units, long_name, description, NULL, 0, NULL \
    }
#define COUNT(name, long_name, description) \
    { \
        name, GAIT_INTEGERS, "1", long_name, description, NULL, 0, NULL \
    }
#define WORDS(name, long_name, description) \
    { \
        name, GAIT_TEXTS, "", long_name, description, NULL, 0, NULL \
    }
#define FLAGS \
    COUNT("flags", "Flags", "Why values of this row are missing or to be doubted, a bit field")

#define N_ROWS_OF(list) (sizeof(list) / sizeof *(list))

/* Each adds one table; GAIT_NOMEM. */
typedef gait_status add_table_fn(gait_summary *summary, const gait_session *session,
                                 struct arena *tmp);
add_table_fn add_sessions, add_recordings, add_bouts, add_events, add_strides, add_repetitions,
    add_minutes, add_summary, add_asymmetry, add_findings, add_waveforms;

/* One row of the findings table, but for its keys. GAIT_NOMEM. */
gait_status fill_finding(gait_summary *summary, struct table *table, size_t i,
                         const gait_finding *finding);

/* A new summary with its version marks; for sessions and studies. */
gait_status begin_summary(gait_summary **out, gait_error *err);

/* A new table of which the key columns are there and filled; columns are then added to it. */
struct table *begin_table(gait_summary *summary, const gait_session *session,
                          const struct table_about *about, size_t n_rows, size_t most_columns);

/* A new key column for the sensor, "" in every row. */
gait_status add_sensor_key(gait_summary *summary, struct table *table);

/* Names rows from ... from + n - 1 after their sensor. */
gait_status set_sensor(gait_summary *summary, struct table *table, size_t from, size_t n,
                       const struct sensor_result *sensor);

/* Activities whose metrics are those of strides, and of the repetitions of a test. */
#define OF_STRIDES     (1u << GAIT_WALK | 1u << GAIT_RUN)
#define OF_REPETITIONS (1u << GAIT_KNEE_BEND | 1u << GAIT_SQUAT | 1u << GAIT_STANCE)

/* One column per metric of these activities, in the order of the metric table. */
gait_status add_metric_columns(gait_summary *summary, struct table *table, unsigned activities);

/* Whether a stride, or repetition, was done in one of these activities; how many of a sensor's. */
int is_of(const struct sensor_result *sensor, size_t stride, unsigned activities);
size_t count_of(const struct sensor_result *sensor, unsigned activities);

/* Copies their metrics into the rows from one on. */
void copy_metrics(struct table *table, size_t row, const struct sensor_result *sensor,
                  unsigned activities);

/* The column's description of a metric. */
struct column_about metric_column(const gait_metric *metric);

/* Strides expected of one limb in a stretch of a bout; NaN without cadence. */
double expected_strides(const struct bout_result *bout, double start_s, double end_s);

/* Cumulative load of running strides: sums of x and x^4 of the placement's intensity in g, or in
 * body weights at the trunk. Strides that were missed count as the others if at most a fifth is
 * missing, else they are left out and GAIT_FLAG_FEW is set. */
struct load {
    double l1, l4;
    uint32_t flags;
};
struct load load_of(const double *intensity, size_t n, double expected);

/* Strides by intensity: below settings intensity_medium_..., from there, from intensity_high_...
 */
enum { N_BANDS = 3 };
void count_bands(const gait_settings *settings, const struct sensor_result *sensor,
                 const double *intensity, size_t n, int64_t count[N_BANDS]);
#define BAND_COLUMNS \
    COUNT("strides_low_intensity", "Soft landings", \
          "Running strides with an intensity below intensity_medium_g (trunk: _bw)"), \
        COUNT("strides_medium_intensity", "Medium landings", \
              "Running strides between that and intensity_high_g (trunk: _bw)"), \
        COUNT("strides_high_intensity", "Hard landings", \
              "Running strides from intensity_high_g (trunk: _bw) on")
void put_bands(struct table *table, size_t row, const int64_t count[N_BANDS]);

/* A metric's value as a median takes it: a peak at the sensor's limit is known to be at least that
 * and counts as infinite, so that a median among such peaks is not told (NaN by told_median()). */
double value_for_median(const struct sensor_result *sensor, size_t metric, size_t stride);
double told_median(double median);

/* How many limbs' strides a sensor tells: both at the trunk. */
double limbs_seen(const struct sensor_result *sensor);

/* The intensity column of a sensor, NULL if there is none. */
const double *intensity_of(const struct sensor_result *sensor);

#endif
