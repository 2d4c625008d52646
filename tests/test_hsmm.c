/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/hsmm.h"

#include "base/random.h"
#include "near.h"

enum { N = 13 };

static const struct hsmm small = {.stance_weight = 0.5,
                                  .stance_clip = 2,
                                  .typical_swing = 3,
                                  .swing_spread = 0.4,
                                  .swing_weight = 0.5,
                                  .swing_cost = 0.7,
                                  .swing_min = 2,
                                  .swing_max = 5,
                                  .stance_min = 2};

/* The definition, word by word: the score of the sequence whose swing samples are the bits of
 * `swing`; -INFINITY if it is not allowed. toe_off_at_0: a swing from sample 0 began there. */
static double score_of(unsigned swing, int toe_off_at_0, const struct hsmm_scores *x)
{
    double score = 0;
    size_t since = 0; /* where the present state began */
    int seen = 0;     /* its beginning was inside */
    if ((swing & 1) && toe_off_at_0) {
        score += x->toe_off[0];
        seen = 1;
    }
    for (size_t t = 0; t < N; t++) {
        unsigned now = (swing >> t) & 1;
        unsigned was = t ? (swing >> (t - 1)) & 1 : now;
        double s = fmin(fmax(x->stance[t], -small.stance_clip), small.stance_clip);
        score += (now ? -1 : 1) * small.stance_weight * s;
        if (now == was) continue;
        size_t length = t - since;
        if (was) {
            if (length > small.swing_max || (seen && length < small.swing_min)) return -INFINITY;
            double off = log((double)length / small.typical_swing) / small.swing_spread;
            if (seen) score -= small.swing_weight * off * off + small.swing_cost;
            score += x->strike[t];
        } else {
            if (seen && length < small.stance_min) return -INFINITY;
            score += x->toe_off[t];
        }
        since = t;
        seen = 1;
    }
    unsigned last = (swing >> (N - 1)) & 1;
    if (last && (!seen || N - since > small.swing_max)) return -INFINITY;
    return score;
}

static double score_of_swings(const struct swing *s, size_t n, const struct hsmm_scores *x)
{
    unsigned bits = 0;
    for (size_t i = 0; i < n; i++) {
        size_t from = s[i].toe_off == HSMM_OUTSIDE ? 0 : s[i].toe_off;
        size_t to = s[i].strike == HSMM_OUTSIDE ? N : s[i].strike;
        for (size_t t = from; t < to; t++) bits |= 1u << t;
    }
    return score_of(bits, n > 0 && s[0].toe_off == 0, x);
}

static void decoding_finds_what_trying_everything_finds(void **state)
{
    (void)state;
    struct prng prng;
    prng_seed(&prng, 7);
    for (int run = 0; run < 60; run++) {
        double stance[N], strike[N], toe_off[N];
        for (int i = 0; i < N; i++) {
            stance[i] = prng_normal(&prng, 0, 3);
            strike[i] = prng_normal(&prng, 0, 1.5);
            toe_off[i] = prng_normal(&prng, 0, 1.5);
        }
        struct hsmm_scores x = {stance, strike, toe_off};
        double best = -INFINITY;
        for (unsigned bits = 0; bits < 1u << N; bits++)
            for (int at_0 = 0; at_0 < 2; at_0++) best = fmax(best, score_of(bits, at_0, &x));

        struct arena keep = {0}, tmp = {0};
        struct swing *s;
        size_t n;
        assert_int_equal(hsmm_decode(&small, &x, N, &s, &n, &keep, &tmp), 0);
        assert_near(score_of_swings(s, n, &x), best, 1e-9, "no sequence scores more");
        arena_free(&keep);
        arena_free(&tmp);
    }
}

/* What weight every event has among all that there is. */
static void weigh_everything(const struct hsmm_scores *x, double share, double *strike,
                             double *toe_off)
{
    double total = 0;
    for (int i = 0; i < N; i++) strike[i] = toe_off[i] = 0;
    for (unsigned bits = 0; bits < 1u << N; bits++)
        for (unsigned at_0 = 0; at_0 <= (bits & 1); at_0++) {
            double weight = exp(share * score_of(bits, (int)at_0, x));
            total += weight;
            if (at_0) toe_off[0] += weight;
            for (int t = 1; t < N; t++) {
                unsigned was = (bits >> (t - 1)) & 1, now = (bits >> t) & 1;
                if (was != now) *(was ? &strike[t] : &toe_off[t]) += weight;
            }
        }
    for (int i = 0; i < N; i++) strike[i] /= total, toe_off[i] /= total;
}

static void chances_are_shares_of_everything_that_there_is(void **state)
{
    (void)state;
    struct prng prng;
    prng_seed(&prng, 8);
    for (int run = 0; run < 20; run++) {
        double stance[N], strike[N], toe_off[N];
        for (int i = 0; i < N; i++) {
            stance[i] = prng_normal(&prng, 0, 3);
            strike[i] = prng_normal(&prng, 0, 1.5);
            toe_off[i] = prng_normal(&prng, 0, 1.5);
        }
        struct hsmm_scores x = {stance, strike, toe_off};
        double share = run % 2 ? 1 : 0.4, landed[N], left[N], all_landed[N], all_left[N];
        struct arena tmp = {0};
        weigh_everything(&x, share, all_landed, all_left);
        assert_int_equal(hsmm_chances(&small, &x, N, share, landed, left, &tmp), 0);
        for (int i = 0; i < N; i++) {
            assert_near(landed[i], all_landed[i], 1e-12, "strike");
            assert_near(left[i], all_left[i], 1e-12, "toe-off");
        }
        arena_free(&tmp);
    }
}

/* A clear walk of two hours: every event is as sure at the end as at the beginning. */
static void chances_do_not_wear_off(void **state)
{
    (void)state;
    enum { LONG = 400000, STRIDE = 9, SWING = 3 };
    static double stance[LONG], strike[LONG], toe_off[LONG], landed[LONG], left[LONG];
    for (int i = 0; i < LONG; i++) {
        stance[i] = i % STRIDE < SWING ? -2 : 2;
        strike[i] = i % STRIDE == SWING ? 4 : -4;
        toe_off[i] = i % STRIDE == 0 ? 4 : -4;
    }
    struct hsmm_scores x = {stance, strike, toe_off};
    struct arena tmp = {0};
    assert_int_equal(hsmm_chances(&small, &x, LONG, 1, landed, left, &tmp), 0);
    for (int i = STRIDE; i < LONG - STRIDE; i++) {
        assert_near(landed[i], i % STRIDE == SWING, 1e-3, "strike");
        assert_near(left[i], i % STRIDE == 0, 1e-3, "toe-off");
    }
    arena_free(&tmp);
}

static void standing_still_has_no_swing(void **state)
{
    (void)state;
    double stance[40], never[40];
    for (int i = 0; i < 40; i++) stance[i] = 3, never[i] = -4;
    struct arena keep = {0}, tmp = {0};
    struct swing *s;
    size_t n;
    struct hsmm_scores x = {stance, never, never};
    assert_int_equal(hsmm_decode(&small, &x, 40, &s, &n, &keep, &tmp), 0);
    assert_int_equal(n, 0);
    assert_int_equal(hsmm_decode(&small, &x, 0, &s, &n, &keep, &tmp), 0);
    assert_int_equal(n, 0);
    arena_free(&keep);
    arena_free(&tmp);
}

static void a_recording_may_begin_and_end_in_swing(void **state)
{
    (void)state;
    enum { M = 20 };
    double stance[M], strike[M], toe_off[M];
    for (int i = 0; i < M; i++) {
        stance[i] = i >= 3 && i < 17 ? 2 : -2;
        strike[i] = i == 3 ? 3 : -3;
        toe_off[i] = i == 17 ? 3 : -3;
    }
    struct hsmm_scores x = {stance, strike, toe_off};
    struct arena keep = {0}, tmp = {0};
    struct swing *s;
    size_t n;
    assert_int_equal(hsmm_decode(&small, &x, M, &s, &n, &keep, &tmp), 0);
    assert_int_equal(n, 2);
    assert_true(s[0].toe_off == HSMM_OUTSIDE && s[0].strike == 3);
    assert_true(s[1].toe_off == 17 && s[1].strike == HSMM_OUTSIDE);
    arena_free(&keep);
    arena_free(&tmp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decoding_finds_what_trying_everything_finds),
        cmocka_unit_test(chances_are_shares_of_everything_that_there_is),
        cmocka_unit_test(chances_do_not_wear_off),
        cmocka_unit_test(standing_still_has_no_swing),
        cmocka_unit_test(a_recording_may_begin_and_end_in_swing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
