/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/* xoshiro256** 1.0 (Blackman and Vigna 2018, doi 10.1145/3460772), seeded by splitmix64: the same
 * numbers everywhere. */
struct prng {
    uint64_t s[4];
    double spare; /* second normal of a pair */
    int has_spare;
};

void prng_seed(struct prng *prng, uint64_t seed);
uint64_t prng_bits(struct prng *prng);
double prng_uniform(struct prng *prng, double low, double high); /* [low, high) */
double prng_normal(struct prng *prng, double mean, double sd);
uint64_t prng_below(struct prng *prng, uint64_t n); /* 0..n-1, n > 0, unbiased */

#endif
