/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/random.h"

#include <math.h>

static uint64_t rotate_left(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void prng_seed(struct prng *prng, uint64_t seed)
{
    for (int i = 0; i < 4; i++) prng->s[i] = splitmix(&seed);
    prng->spare = 0;
    prng->has_spare = 0;
}

uint64_t prng_bits(struct prng *prng)
{
    uint64_t *s = prng->s;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

double prng_uniform(struct prng *prng, double low, double high)
{
    return low + (high - low) * ((double)(prng_bits(prng) >> 11) * 0x1p-53);
}

/* Marsaglia's polar method gives two normals at a time. */
double prng_normal(struct prng *prng, double mean, double sd)
{
    if (prng->has_spare) {
        prng->has_spare = 0;
        return mean + sd * prng->spare;
    }
    double u, v, q;
    do {
        u = prng_uniform(prng, -1, 1);
        v = prng_uniform(prng, -1, 1);
        q = u * u + v * v;
    } while (q >= 1 || q <= 0);
    double scale = sqrt(-2 * log(q) / q);
    prng->spare = v * scale;
    prng->has_spare = 1;
    return mean + sd * u * scale;
}

uint64_t prng_below(struct prng *prng, uint64_t n)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % n;
    uint64_t x;
    do x = prng_bits(prng);
    while (x >= limit);
    return x % n;
}
