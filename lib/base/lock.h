/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

/* Two libraries keep state of the whole process: HDF5 (all of it) and libsndfile (the reason why a
 * file did not open). Whoever calls them holds the lock; it does not nest. */
void hdf5_lock(void);
void hdf5_unlock(void);

void sound_lock(void);
void sound_unlock(void);

#endif
