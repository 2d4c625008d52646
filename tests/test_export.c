/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include <jansson.h>

#include "sample_summary.h"

struct text {
    char at[4096];
    size_t n;
    size_t room; /* refuses what goes beyond */
};

static int take(void *context, const char *piece, size_t length)
{
    struct text *text = context;
    if (text->n + length > text->room) return 1;
    memcpy(text->at + text->n, piece, length);
    text->n += length;
    text->at[text->n] = '\0';
    return 0;
}

static const char *exported(gait_summary *summary, gait_export_format format, struct text *out)
{
    gait_error err;
    out->n = 0;
    out->room = sizeof out->at - 1;
    assert_ok(gait_table_export(gait_summary_table(summary, "strides"), format, take, out, &err),
              err);
    return out->at;
}

static void csv_leaves_missing_cells_empty(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(4);
    struct text text;
    assert_string_equal(
        exported(summary, GAIT_EXPORT_CSV, &text),
        "subject_id,start_s,n_steps,peak_accel_axial_g,flags\n"
        "Jane Doe,0,-9223372036854775808,,0\n"
        ",0.1,1,1,1\n"
        "\"a \"\"quoted\"\", =word\",0.2,2,0.5,2\n"
        "x\\u00fcy,0.30000000000000004,-9223372036854775805,0.3333333333333333,3\n");
    gait_summary_free(&summary);
}

static void excel_gets_a_mark_and_no_formula(void **state)
{
    (void)state;
    static const char *const formulas[] = {"=1+1", "+1", "-1", "@a"};
    gait_summary *summary = sample_summary(4);
    for (size_t i = 0; i < 4; i++) texts_of(summary->tables[0], "subject_id")[i] = formulas[i];
    struct text text;
    assert_string_equal(
        exported(summary, GAIT_EXPORT_CSV_EXCEL, &text),
        "\xef\xbb\xbfsubject_id,start_s,n_steps,peak_accel_axial_g,flags\r\n"
        "\"'=1+1\",0,-9223372036854775808,,0\r\n"
        "\"'+1\",0.1,1,1,1\r\n"
        "\"'-1\",0.2,2,0.5,2\r\n"
        "\"'@a\",0.30000000000000004,-9223372036854775805,0.3333333333333333,3\r\n");
    gait_summary_free(&summary);
}

/* Held against a JSON parser that is not ours. */
static void json_is_json(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(4);
    doubles_of(summary->tables[0], "start_s")[1] = INFINITY;
    texts_of(summary->tables[0], "subject_id")[1] = "back\\slash";
    struct text text;
    json_error_t why;
    json_t *rows = json_loads(exported(summary, GAIT_EXPORT_JSON, &text), 0, &why);
    assert_non_null(rows);
    assert_int_equal(json_array_size(rows), 4);
    json_t *row = json_array_get(rows, 0);
    assert_int_equal(json_object_size(row), 5);
    assert_true(json_is_null(json_object_get(row, "peak_accel_axial_g")));
    assert_true(json_integer_value(json_object_get(row, "n_steps")) == INT64_MIN);
    row = json_array_get(rows, 1);
    assert_true(json_is_null(json_object_get(row, "start_s")));
    assert_string_equal(json_string_value(json_object_get(row, "subject_id")), "back\\slash");
    row = json_array_get(rows, 3);
    assert_string_equal(json_string_value(json_object_get(row, "subject_id")), "x\xc3\xbcy");
    assert_near(json_real_value(json_object_get(row, "start_s")), 0.1 * 3, 0, "every digit");
    json_decref(rows);
    gait_summary_free(&summary);
}

static void an_empty_table_is_an_empty_list(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(0);
    struct text text;
    assert_string_equal(exported(summary, GAIT_EXPORT_JSON, &text), "[]\n");
    assert_string_equal(exported(summary, GAIT_EXPORT_CSV, &text),
                        "subject_id,start_s,n_steps,peak_accel_axial_g,flags\n");
    gait_summary_free(&summary);
}

static void a_refused_write_is_an_error(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(40);
    struct text text = {.n = 0, .room = 100};
    gait_error err;
    assert_int_equal(
        gait_table_export(gait_summary_table_at(summary, 0), GAIT_EXPORT_CSV, take, &text, &err),
        GAIT_IO);
    assert_string_equal(err.text, "table strides: cannot write");
    gait_summary_free(&summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_leaves_missing_cells_empty),
        cmocka_unit_test(excel_gets_a_mark_and_no_formula),
        cmocka_unit_test(json_is_json),
        cmocka_unit_test(an_empty_table_is_an_empty_list),
        cmocka_unit_test(a_refused_write_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
