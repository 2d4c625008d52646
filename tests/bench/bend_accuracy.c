/* SPDX-License-Identifier: BSD-3-Clause */

/* What knee bends of simulated people are worth: bend_accuracy [PEOPLE].
 *
 * Each bends the left knee five times, then the right; the left shank leans in by 6 degrees more;
 * 2 s down and 1.6 s up, every sensor with its own faults. Printed: sides whose repetitions are
 * exact, errors of every time and of the medians of five, and of the difference of the sides. */

#include "../bend_set.h"

#include <stdio.h>

struct errors {
    size_t n, beyond;
    double sum, squares, largest;
};

static void add_error(struct errors *errors, double error, double limit)
{
    errors->n++;
    errors->sum += error;
    errors->squares += error * error;
    errors->largest = fmax(errors->largest, fabs(error));
    errors->beyond += fabs(error) > limit;
}

static void put_errors(const char *what, const struct errors *errors, double limit)
{
    double n = (double)errors->n;
    printf("%s: bias %+.3f, root mean square %.3f, largest %.3f, beyond %.2f: %zu of %zu\n", what,
           errors->sum / n, sqrt(errors->squares / n), errors->largest, limit, errors->beyond,
           errors->n);
}

/* Differences of one kind of time, and of its median. */
static void compare_times(const struct set *set, const double *truth, int up, struct errors *single,
                          struct errors *medians, double limit_s)
{
    double found[MOST];
    for (size_t k = 0; k < set->n; k++) {
        const gait_stride *r = &set->repetition[k];
        found[k] = up ? r->end_s - r->toe_off_s : r->toe_off_s - r->start_s;
        add_error(single, found[k] - truth[k], limit_s);
    }
    add_error(medians, middle(found, set->n) - middle(truth, set->n), limit_s);
}

int main(int argc, char **argv)
{
    static const double tempo_limit_s = 0.1, side_limit_deg = 1.5;
    int people = argc > 1 ? atoi(argv[1]) : 300;
    struct errors single = {0}, medians = {0}, sides = {0};
    size_t exact = 0;
    for (int seed = 1; seed <= people; seed++) {
        char settings[160];
        struct truth truth[2];
        struct set set[2];
        snprintf(settings, sizeof settings,
                 "task=knee-bend vary=1 mounting_deg=0/0/0 seed=%d duration_s=60 reps=5 "
                 "medial_lean_deg=5 lean_difference_deg=6",
                 1000 + seed);
        for (int k = 0; k < 2; k++) {
            set[k] = simulated(settings, GAIT_SHANK, k ? GAIT_RIGHT : GAIT_LEFT, GAIT_KNEE_BEND, 7,
                               &truth[k]);
            exact += set[k].n == truth[k].n;
            if (set[k].n != truth[k].n) continue;
            compare_times(&set[k], truth[k].down_s, 0, &single, &medians, tempo_limit_s);
            compare_times(&set[k], truth[k].up_s, 1, &single, &medians, tempo_limit_s);
        }
        double found = middle(set[0].medial_deg, set[0].n) - middle(set[1].medial_deg, set[1].n);
        double right =
            middle(truth[0].medial_deg, truth[0].n) - middle(truth[1].medial_deg, truth[1].n);
        add_error(&sides, found - right, side_limit_deg);
    }
    printf("repetitions exact: %zu of %d sides\n", exact, 2 * people);
    put_errors("each time (s)", &single, tempo_limit_s);
    put_errors("median time of five (s)", &medians, tempo_limit_s);
    put_errors("difference of the sides (deg)", &sides, side_limit_deg);
    return 0;
}
