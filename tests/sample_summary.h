/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_SAMPLE_SUMMARY_H
#define TESTS_SAMPLE_SUMMARY_H

#include <string.h>

#include "near.h"
#include "summary/table.h"

/* A small summary with every type of column, missing values and an empty table. */

static inline gait_summary *sample_summary(size_t n_rows)
{
    static const struct column_about columns[] = {
        {"subject_id", GAIT_TEXTS, "", "Subject", "Who ran.", NULL, 0, NULL},
        {"start_s", GAIT_DOUBLES, "s", "Start", "Begin of the stride.", NULL, 0, NULL},
        {"n_steps", GAIT_INTEGERS, "1", "Steps", "Steps of it.", NULL, 0, NULL},
        {"peak_accel_axial_g", GAIT_DOUBLES, "g", "Peak", "Largest value.", "A paper", 200, NULL},
        {"flags", GAIT_INTEGERS, "1", "Flags", "Why not.", NULL, 0, "gap clipped low_rate"},
    };
    static const struct table_about strides = {"strides", "One row per stride.", "n_steps"};
    static const struct table_about none = {"minutes", "None of them.", "start_s"};
    static const char *const names[] = {"Jane Doe", "", "a \"quoted\", =word", "x\\u00fcy"};
    gait_summary *summary = NULL;
    gait_error err;
    assert_ok(summary_new(&summary, &err), err);
    assert_ok(summary_set(summary, "format", FORMAT_NAME, &err), err);
    assert_ok(summary_set(summary, "format_version", FORMAT_VERSION, &err), err);
    assert_ok(summary_set(summary, "creator", "by hand", &err), err);
    assert_ok(summary_set(summary, "settings_json", "{\"spike_z\":4.5}", &err), err);
    struct table *table = summary_add_table(summary, &strides, n_rows, 5);
    assert_non_null(table);
    assert_int_equal(table_add_columns(summary, table, columns, 5), GAIT_OK);
    for (size_t i = 0; i < n_rows; i++) {
        texts_of(table, "subject_id")[i] = names[i % 4];
        doubles_of(table, "start_s")[i] = 0.1 * (double)i;
        integers_of(table, "n_steps")[i] = i % 3 ? (int64_t)i : INT64_MIN + (int64_t)i;
        if (i % 5) doubles_of(table, "peak_accel_axial_g")[i] = 1.0 / (double)i;
        integers_of(table, "flags")[i] = (int64_t)(i % 8);
    }
    table = summary_add_table(summary, &none, 0, 2);
    assert_non_null(table);
    assert_int_equal(table_add_columns(summary, table, columns, 2), GAIT_OK);
    return summary;
}

static inline void assert_same_cells(const gait_column *a, const gait_column *b, size_t n)
{
    assert_int_equal(a->type, b->type);
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->units, b->units);
    assert_string_equal(a->long_name, b->long_name);
    assert_string_equal(a->description, b->description);
    if (a->type == GAIT_DOUBLES) assert_memory_equal(a->doubles, b->doubles, n * sizeof(double));
    if (a->type == GAIT_INTEGERS)
        assert_memory_equal(a->integers, b->integers, n * sizeof(int64_t));
    for (size_t i = 0; a->type == GAIT_TEXTS && i < n; i++)
        assert_string_equal(a->texts[i], b->texts[i]);
}

static inline void assert_same_summary(const gait_summary *a, const gait_summary *b)
{
    assert_int_equal(a->n_tables, b->n_tables);
    assert_int_equal(a->n_attributes, b->n_attributes);
    for (size_t i = 0; i < a->n_attributes; i++)
        assert_string_equal(a->attributes[i].text,
                            gait_summary_attribute(b, a->attributes[i].name));
    for (size_t i = 0; i < a->n_tables; i++) {
        const gait_table *x = gait_summary_table_at(a, i), *y = gait_summary_table_at(b, i);
        assert_string_equal(x->name, y->name);
        assert_string_equal(x->description, y->description);
        assert_int_equal(x->n_rows, y->n_rows);
        assert_int_equal(x->n_columns, y->n_columns);
        for (size_t k = 0; k < x->n_columns; k++)
            assert_same_cells(&x->columns[k], &y->columns[k], x->n_rows);
    }
}

#endif
