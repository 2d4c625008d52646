/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/lock.h"

#include <pthread.h>

static pthread_mutex_t sound_mutex = PTHREAD_MUTEX_INITIALIZER;

void sound_lock(void)
{
    pthread_mutex_lock(&sound_mutex);
}

void sound_unlock(void)
{
    pthread_mutex_unlock(&sound_mutex);
}
