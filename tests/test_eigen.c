/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/eigen.h"

#include "base/random.h"
#include "base/vec.h"
#include "near.h"

static void a_diagonal_matrix_is_its_own_answer(void **state)
{
    (void)state;
    double m[3][3] = {{3, 0, 0}, {0, -1, 0}, {0, 0, 2}};
    double value[3], vector[3][3];
    eigen3(m, value, vector);
    assert_near(value[0], -1, 0, "the smallest comes first");
    assert_near(value[1], 2, 0, "then the middle one");
    assert_near(value[2], 3, 0, "then the largest");
    assert_near(fabs(vector[0][1]), 1, 0, "its vector is the second axis");
}

static void vectors_are_orthonormal_and_rebuild_the_matrix(void **state)
{
    (void)state;
    struct prng prng;
    prng_seed(&prng, 1);
    for (size_t run = 0; run < 200; run++) {
        double x[15], m[3][3] = {{0}}, value[3], v[3][3];
        for (int i = 0; i < 15; i++) x[i] = prng_normal(&prng, 0, 1);
        scatter3(x, run % 5 + 1, m);
        eigen3(m, value, v);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) {
                double rebuilt = 0;
                for (int k = 0; k < 3; k++) rebuilt += value[k] * v[k][i] * v[k][j];
                assert_near(rebuilt, m[i][j], 1e-12, "sum of value vector vector' is the matrix");
                assert_near(vec_dot(v[i], v[j]), i == j, 1e-13, "the vectors are orthonormal");
            }
        double cross[3];
        vec_cross(v[0], v[1], cross);
        assert_near(vec_dot(cross, v[2]), 1, 1e-13, "the vectors are right-handed");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_diagonal_matrix_is_its_own_answer),
        cmocka_unit_test(vectors_are_orthonormal_and_rebuild_the_matrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
