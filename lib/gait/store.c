/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

static int grow(void **array, size_t room, size_t size)
{
    void *larger = realloc(*array, room * size);
    prefer_huge_pages(larger, room * size);
    if (larger) *array = larger;
    return larger != NULL;
}

static gait_status make_room(struct store *store, size_t n)
{
    if (store->n + n <= store->room) return GAIT_OK;
    size_t room = store->room ? store->room : 4096;
    while (room < store->n + n) room *= 2;
    if (!grow((void **)&store->accel_g, room, 3 * sizeof(float))) return GAIT_NOMEM;
    if (!grow((void **)&store->gyro_dps, room, (store->has_gyro ? 3 : 1) * sizeof(float)))
        return GAIT_NOMEM;
    if (!grow((void **)&store->marks, room, 1)) return GAIT_NOMEM;
    store->room = room;
    return GAIT_OK;
}

/* Blocks that follow each other smoothly share one anchor, so that how they were cut leaves no
 * trace. */
static gait_status note_anchor(struct store *store, double time_s, double rate_hz)
{
    size_t index = store_end(store);
    if (store->n_anchors) {
        const struct anchor *last = &store->anchors[store->n_anchors - 1];
        double expected_s = last->time_s + (double)(index - last->index) / last->rate_hz;
        if (fabs(time_s - expected_s) < 1e-7 && fabs(rate_hz / last->rate_hz - 1) < 1e-9)
            return GAIT_OK;
    }
    if (store->n_anchors == store->anchor_room) {
        size_t room = store->anchor_room ? 2 * store->anchor_room : 64;
        if (!grow((void **)&store->anchors, room, sizeof *store->anchors)) return GAIT_NOMEM;
        store->anchor_room = room;
    }
    store->anchors[store->n_anchors++] = (struct anchor){index, time_s, rate_hz};
    return GAIT_OK;
}

gait_status store_append(struct store *store, const gait_block *block, size_t from, size_t n)
{
    gait_status st = make_room(store, n);
    if (st == GAIT_OK)
        st = note_anchor(store, block->start_s + (double)from / block->rate_hz, block->rate_hz);
    if (st != GAIT_OK) return st;
    memcpy(store->accel_g + 3 * store->n, block->accel_g + 3 * from, 3 * n * sizeof(float));
    if (store->has_gyro)
        memcpy(store->gyro_dps + 3 * store->n, block->gyro_dps + 3 * from, 3 * n * sizeof(float));
    if (block->marks)
        memcpy(store->marks + store->n, block->marks + from, n);
    else
        memset(store->marks + store->n, 0, n);
    store->n += n;
    return GAIT_OK;
}

static void drop_anchors(struct store *store)
{
    size_t k = 0;
    while (k + 1 < store->n_anchors && store->anchors[k + 1].index <= store->first) k++;
    if (!k) return;
    store->n_anchors -= k;
    memmove(store->anchors, store->anchors + k, store->n_anchors * sizeof *store->anchors);
}

void store_drop_before(struct store *store, size_t index)
{
    if (index > store_end(store)) index = store_end(store);
    if (index <= store->first) return;
    size_t drop = index - store->first;
    if (drop < store->n / 2 && store->n < store->room) return; /* moving is paid once per half */
    size_t keep = store->n - drop;
    memmove(store->accel_g, store->accel_g + 3 * drop, 3 * keep * sizeof(float));
    if (store->has_gyro)
        memmove(store->gyro_dps, store->gyro_dps + 3 * drop, 3 * keep * sizeof(float));
    memmove(store->marks, store->marks + drop, keep);
    store->first = index;
    store->n = keep;
    drop_anchors(store);
}

void store_clear(struct store *store)
{
    store->first = 0;
    store->n = 0;
    store->n_anchors = 0;
}

void store_free(struct store *store)
{
    free(store->accel_g);
    free(store->gyro_dps);
    free(store->marks);
    free(store->anchors);
    memset(store, 0, sizeof *store);
}

double store_time_s(const struct store *store, double index)
{
    size_t k = store->n_anchors;
    while (k > 1 && (double)store->anchors[k - 1].index > index) k--;
    const struct anchor *a = &store->anchors[k ? k - 1 : 0];
    return a->time_s + (index - (double)a->index) / a->rate_hz;
}
