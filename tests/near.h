/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_NEAR_H
#define TESTS_NEAR_H

/* The one helper over cmocka: its float assertions compare as float, gait needs doubles. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define assert_near(got, want, tolerance, rule) \
    assert_near_at((got), (want), (tolerance), (rule), __FILE__, __LINE__)

static inline void assert_near_at(double got, double want, double tolerance, const char *rule,
                                  const char *file, int line)
{
    if (fabs(got - want) <= tolerance) return;
    print_error("%s\n  got %.12g, want %.12g +- %g\n", rule, got, want, tolerance);
    _fail(file, line);
}

#define assert_ok(status, err) \
    do { \
        if ((status) != 0) { \
            print_error("%s\n", (err).text); \
            _fail(__FILE__, __LINE__); \
        } \
    } while (0)

/* cmocka 1.1 reports its own skip() as "not ok", which meson takes for a failure. */
#define skip_because(reason) \
    do { \
        print_message("# skipped: %s\n", reason); \
        return; \
    } while (0)

#endif
