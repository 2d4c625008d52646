/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

/* libsndfile keeps the reason why a file did not open for the whole process: whoever calls it holds
 * the lock; it does not nest. */
void sound_lock(void);
void sound_unlock(void);

#endif
