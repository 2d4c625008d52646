/* SPDX-License-Identifier: BSD-3-Clause */
#include "sample_summary.h"

static void tables_and_columns_are_found_by_name(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(3);
    const gait_table *strides = gait_summary_table(summary, "strides");
    assert_non_null(strides);
    assert_ptr_equal(gait_summary_table_at(summary, 0), strides);
    assert_null(gait_summary_table_at(summary, 2));
    assert_null(gait_summary_table(summary, "stride"));
    assert_int_equal(strides->n_rows, 3);
    assert_int_equal(strides->n_columns, 5);
    const gait_column *start = gait_table_column(strides, "start_s");
    assert_non_null(start);
    assert_near(start->doubles[2], 0.2, 0, "the cell that was filled");
    assert_null(start->integers);
    assert_null(start->texts);
    assert_null(gait_table_column(strides, "end_s"));
    gait_summary_free(&summary);
    assert_null(summary);
    gait_summary_free(&summary);
}

static void a_new_cell_is_not_available(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(1);
    struct table *strides = summary->tables[0];
    assert_true(isnan(doubles_of(strides, "peak_accel_axial_g")[0]));
    assert_null(doubles_of(strides, "flags"));
    assert_null(texts_of(strides, "flags"));
    assert_null(integers_of(strides, "nothing"));
    gait_summary_free(&summary);
}

static void the_axis_is_the_time_or_else_the_first_column(void **state)
{
    (void)state;
    static const struct column_about name = {"code", GAIT_TEXTS, "", "", "", NULL, 0, NULL};
    static const struct table_about about = {"codes", "No times here.", "code"};
    gait_summary *summary = sample_summary(1);
    assert_string_equal(summary->tables[0]->columns[table_axis(summary->tables[0])].name,
                        "start_s");
    struct table *codes = summary_add_table(summary, &about, 1, 1);
    assert_non_null(table_add_column(summary, codes, &name));
    assert_int_equal(table_axis(codes), 0);
    assert_null(table_add_column(summary, codes, &name));
    gait_summary_free(&summary);
}

static void other_characters_are_escaped_as_in_json(void **state)
{
    (void)state;
    static const struct {
        const char *utf8, *text;
    } cases[] = {
        {"plain ~ text", "plain ~ text"},
        {"J\xc3\xbcrgen", "J\\u00fcrgen"},
        {"12 \xc2\xb0", "12 \\u00b0"},
        {"\xe2\x89\xa5 5", "\\u2265 5"},
        {"\xf0\x9f\x8f\x83", "\\ud83c\\udfc3"},
        {"a\nb\x7f", "a\\u000ab\\u007f"},
        {"\xff\xc3", "\\ufffd\\ufffd"},
        {"\xc0\x80", "\\ufffd\\ufffd"},
        {"\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd"},
        {"", ""},
    };
    gait_summary *summary = sample_summary(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(summary_text(summary, cases[i].utf8), cases[i].text);
    gait_summary_free(&summary);
}

static void an_attribute_is_set_and_replaced(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(0);
    gait_error err;
    assert_string_equal(gait_summary_attribute(summary, "creator"), "by hand");
    assert_ok(summary_set(summary, "creator", "J\xc3\xbcrgen", &err), err);
    assert_string_equal(gait_summary_attribute(summary, "creator"), "J\\u00fcrgen");
    assert_null(gait_summary_attribute(summary, "created"));
    gait_status st = GAIT_OK;
    for (char name[] = "a0"; st == GAIT_OK && name[1] < 'z'; name[1]++)
        st = summary_set(summary, name, "x", &err);
    assert_int_equal(st, GAIT_INVALID);
    gait_summary_free(&summary);
}

static void the_hash_changes_with_any_cell(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(9);
    struct table *strides = summary->tables[0];
    char was[33], now[33];
    table_hash(strides, was);
    assert_int_equal(strlen(was), 32);
    doubles_of(strides, "start_s")[8] += 1e-15;
    table_hash(strides, now);
    assert_string_not_equal(was, now);
    gait_summary_free(&summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_and_columns_are_found_by_name),
        cmocka_unit_test(a_new_cell_is_not_available),
        cmocka_unit_test(the_axis_is_the_time_or_else_the_first_column),
        cmocka_unit_test(other_characters_are_escaped_as_in_json),
        cmocka_unit_test(an_attribute_is_set_and_replaced),
        cmocka_unit_test(the_hash_changes_with_any_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
