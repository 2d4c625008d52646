/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* RTLD_DEFAULT */
#include "base/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "base/fail.h"

/* In the order in which the loader itself would have looked: a program that links the library too
 * may have variables of it in a place of its own. */
static void *find(void *library, const char *symbol)
{
    void *address = dlsym(RTLD_DEFAULT, symbol);
    return address ? address : dlsym(library, symbol);
}

static gait_status load(const struct library *library, void *table, gait_error *err)
{
    unsigned char *next = table;
    void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return gait_fail(err, GAIT_UNSUPPORTED, "a library is missing: %s", dlerror());
    for (size_t i = 0; i < library->n; i++) {
        void *address = find(handle, library->symbols[i]);
        if (!address)
            return gait_fail(err, GAIT_UNSUPPORTED, "the library %s has no %s", library->file,
                             library->symbols[i]);
        memcpy(next, &address, sizeof address);
        next += sizeof address;
    }
    return GAIT_OK;
}

gait_status library_load(struct library *library, void *table, gait_error *err)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    gait_status st = GAIT_OK;
    pthread_mutex_lock(&mutex);
    if (!library->is_loaded) st = load(library, table, err);
    if (!st) library->is_loaded = 1;
    pthread_mutex_unlock(&mutex);
    return st;
}
