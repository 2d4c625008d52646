/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* The one function of every target: takes any bytes, returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
