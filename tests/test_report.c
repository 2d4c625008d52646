/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "near.h"
#include "report/language.h"
#include "report/page.h"
#include "sample_session.h"
#include "summary/tables.h"

static gait_summary *sample_of(const char *subject)
{
    gait_session *session = sample_session();
    gait_summary *summary = NULL;
    gait_error err;
    session->subject_id = subject;
    assert_ok(gait_summary_from_session(&summary, session, &err), err);
    gait_session_free(&session);
    return summary;
}

/* The page as NUL-terminated HTML; the caller's to free. */
static char *html_of(const gait_summary *summary, const gait_report_options *options)
{
    struct arena arena = {0};
    struct pen pen = {&arena, language_find(options->language ? options->language : "en"), 0};
    struct page page;
    char *bytes = NULL;
    size_t size = 0;
    gait_error err;
    assert_ok(page_of_session(&page, summary, options, &pen, &err), err);
    assert_ok(page_to_html(&page, &bytes, &size, &err), err);
    char *text = malloc(size + 1);
    assert_non_null(text);
    memcpy(text, bytes, size);
    text[size] = '\0';
    free(bytes);
    arena_free(&arena);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part)) return;
    print_error("'%s' is missing\n", part);
    fail();
}

static void assert_lacks(const char *text, const char *part)
{
    const char *found = strstr(text, part);
    if (!found) return;
    print_error("'%s' is there: ...%.80s\n", part, found);
    fail();
}

static void a_hostile_name_stays_text(void **state)
{
    (void)state;
    gait_summary *summary =
        sample_of("\"><script>alert(1)</script>'&\xe2\x80\xae\x01 J\xc3\xbcrgen");
    gait_report_options options;
    gait_report_options_init(&options);
    char *html = html_of(summary, &options);
    assert_lacks(html, "<script");
    assert_lacks(html, "\xe2\x80\xae");
    assert_has(html, "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp; J\xc3\xbcrgen");
    free(html);
    gait_summary_free(&summary);
}

static void the_page_loads_nothing(void **state)
{
    (void)state;
    static const char *const ways_out[] = {"http:",   "https:", "url(",    "@import",
                                           "src=",    "<link",  "<script", "<iframe",
                                           "<object", "<base",  "<form"};
    gait_summary *summary = sample_of("J\xc3\xbcrgen");
    gait_report_options options;
    gait_report_options_init(&options);
    char *html = html_of(summary, &options);
    assert_has(html, "default-src 'none'");
    for (size_t i = 0; i < sizeof ways_out / sizeof *ways_out; i++) assert_lacks(html, ways_out[i]);
    assert_has(html, "not a medical device");
    free(html);
    gait_summary_free(&summary);
}

static void the_same_summary_gives_the_same_page(void **state)
{
    (void)state;
    gait_summary *summary = sample_of("J\xc3\xbcrgen");
    gait_report_options options;
    gait_report_options_init(&options);
    char *once = html_of(summary, &options), *again = html_of(summary, &options);
    assert_string_equal(once, again);
    free(once);
    free(again);
    gait_summary_free(&summary);
}

static void what_could_not_be_looked_at_is_not_called_quiet(void **state)
{
    (void)state;
    static const char *const in_need_of_a_long_run[] = {"More sideways motion along the run",
                                                        "Inward roll grows along the run"};
    gait_session *session = sample_session();
    gait_summary *summary = NULL;
    gait_report_options options;
    gait_error err;
    for (size_t i = 0; i < session->n_sensors; i++) /* the first four minutes */
        session->sensors[i].n_strides = session->sensors[i].bouts[1].n_strides = 340;
    assert_ok(gait_summary_from_session(&summary, session, &err), err);
    gait_report_options_init(&options);
    char *html = html_of(summary, &options);
    const char *unseen = strstr(html, "Not looked at for want of data");
    assert_non_null(unseen);
    for (size_t i = 0; i < 2; i++) assert_has(unseen, in_need_of_a_long_run[i]);
    free(html);
    gait_summary_free(&summary);
    gait_session_free(&session);
}

static void what_is_read_for_the_page_is_enough(void **state)
{
    (void)state;
    char path[] = "/tmp/gait_report_XXXXXX";
    gait_summary *summary = sample_of("J\xc3\xbcrgen"), *whole = NULL, *part = NULL;
    gait_report_options options;
    gait_error err;
    gait_report_options_init(&options);
    options.details = 1;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    unlink(path);
    assert_ok(gait_summary_write(summary, path, &err), err);
    assert_ok(gait_summary_read(&whole, path, &err), err);
    assert_ok(gait_report_read(&part, path, &err), err);
    assert_non_null(gait_summary_table(whole, "events"));
    assert_null(gait_summary_table(part, "events"));
    char *from_whole = html_of(whole, &options), *from_part = html_of(part, &options);
    assert_string_equal(from_whole, from_part);
    free(from_whole);
    free(from_part);
    gait_summary_free(&whole);
    gait_summary_free(&part);
    gait_summary_free(&summary);
    unlink(path);
}

/* {1} of the English text must stand in the other language too, and no other. */
static int has_place(const char *text, int digit)
{
    const char place[] = {'{', (char)('0' + digit), '}', '\0'};
    return strstr(text, place) != NULL;
}

static void every_language_has_every_word(void **state)
{
    (void)state;
    for (unsigned l = 0; language_at(l); l++) {
        const struct language *language = language_at(l);
        assert_ptr_equal(language_find(language->code), language);
        for (int m = 0; m < 12; m++) assert_non_null(language->months[m]);
        for (int w = 0; w < N_WORDS; w++) {
            if (!language->word[w]) print_error("%s lacks word %d\n", language->code, w);
            assert_non_null(language->word[w]);
            for (int digit = 1; digit <= 9; digit++)
                assert_int_equal(has_place(language->word[w], digit),
                                 has_place(language_at(0)->word[w], digit));
        }
    }
    assert_null(language_find("xx"));
}

static void numbers_are_written_as_the_language_does(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct pen pen = {&arena, language_find("en"), 0};
    assert_string_equal(pen_number(&pen, 1.25, 1), "1.2");
    assert_string_equal(pen_number(&pen, -0.04, 1), "0.0");
    assert_string_equal(pen_number(&pen, -3.5, 1), "\xe2\x88\x92"
                                                   "3.5");
    assert_string_equal(pen_number(&pen, NAN, 1), "\xe2\x80\x93");
    assert_string_equal(pen_range(&pen, 1, 2, 0), "1\xe2\x80\x93"
                                                  "2");
    assert_string_equal(pen_range(&pen, -1, 2, 0), "\xe2\x88\x92"
                                                   "1 to 2");
    assert_string_equal(pen_plain(&pen, "J\\u00fcrgen \\ud83c\\udfc3\\u202e\\ud800"),
                        "J\xc3\xbcrgen \xf0\x9f\x8f\x83\xef\xbf\xbd");
    assert_string_equal(pen_date_time(&pen, "2024-05-06T18:30:00+02:00"), "6 May 2024, 18:30");
    arena_free(&arena);
}

static void ticks_are_at_round_numbers(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        size_t most;
        double step, from, to;
    } cases[] = {{0, 10, 5, 2, 0, 10},
                 {0, 1, 4, 0.5, 0, 1},
                 {163, 178, 3, 5, 160, 180},
                 {-3, 7, 2, 5, -5, 10},
                 {5, 5, 3, 0.2, 4.4, 5.6}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scale scale = {cases[i].low, cases[i].high};
        struct scale wide = scale_round(&scale, cases[i].most);
        if (scale.high > scale.low)
            assert_near(tick_step(&scale, cases[i].most), cases[i].step, 1e-12, "step");
        assert_true(wide.low <= scale.low && wide.high >= scale.high);
        if (scale.high > scale.low) {
            assert_near(wide.low, cases[i].from, 1e-9, "low end");
            assert_near(wide.high, cases[i].to, 1e-9, "high end");
        }
    }
}

static void a_wrong_wish_is_told(void **state)
{
    (void)state;
    gait_summary *summary = sample_of("J\xc3\xbcrgen");
    gait_report_options options;
    gait_error err;
    gait_report_options_init(&options);
    assert_int_equal(gait_report_write(summary, &options, "page.txt", &err), GAIT_INVALID);
    options.session_id = "no such run";
    assert_int_equal(gait_report_write(summary, &options, "page.html", &err), GAIT_NOT_FOUND);
    options.session_id = NULL;
    options.language = "xx";
    assert_int_equal(gait_report_write(summary, &options, "page.html", &err), GAIT_NOT_FOUND);
    gait_summary_free(&summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hostile_name_stays_text),
        cmocka_unit_test(the_page_loads_nothing),
        cmocka_unit_test(the_same_summary_gives_the_same_page),
        cmocka_unit_test(what_could_not_be_looked_at_is_not_called_quiet),
        cmocka_unit_test(what_is_read_for_the_page_is_enough),
        cmocka_unit_test(every_language_has_every_word),
        cmocka_unit_test(numbers_are_written_as_the_language_does),
        cmocka_unit_test(ticks_are_at_round_numbers),
        cmocka_unit_test(a_wrong_wish_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
