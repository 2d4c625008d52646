/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/libhdf5.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

LIBRARY_DEFINE(libhdf5, H5, HDF5_SYMBOLS, LIBHDF5_FILE);

struct hdf5_reports hdf5_enter(void)
{
    struct hdf5_reports before;
    pthread_mutex_lock(&mutex);
    libhdf5.Eget_auto2(H5E_DEFAULT, &before.report, &before.with);
    libhdf5.Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return before;
}

void hdf5_leave(struct hdf5_reports before)
{
    libhdf5.Eclear2(H5E_DEFAULT);
    libhdf5.Eset_auto2(H5E_DEFAULT, before.report, before.with);
    pthread_mutex_unlock(&mutex);
}
