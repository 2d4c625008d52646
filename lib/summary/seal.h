/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_SEAL_H
#define SUMMARY_SEAL_H

#include <stddef.h>

/* One line behind the end of an HDF5 file, where HDF5 does not look: the hash of all bytes before
 * it. Accidental damage is then found before a library parses it. `head -c -57 FILE | xxh128sum`
 * gives the same digits. */

enum { SEAL_BYTES = 57 };

/* The line for a hash. */
void seal_print(unsigned long long high, unsigned long long low, char out[SEAL_BYTES + 1]);

/* Writes the line for bytes[0..n) to bytes[n..n + SEAL_BYTES). */
void seal_put(unsigned char *bytes, size_t n);

enum seal { SEAL_MISSING, SEAL_BROKEN, SEAL_WHOLE };

/* Looks for it at the end of bytes[0..n). */
enum seal seal_check(const unsigned char *bytes, size_t n);

#endif
