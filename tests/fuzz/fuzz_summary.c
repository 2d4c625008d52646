/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "summary/columns.h"
#include "summary/seal.h"

static int drop(void *context, const char *text, size_t length)
{
    (void)context;
    (void)text;
    return length == SIZE_MAX;
}

/* What was read can be written again and exported. */
static void use(gait_summary *summary)
{
    void *image = NULL;
    size_t size;
    gait_error err;
    for (size_t i = 0; gait_summary_table_at(summary, i); i++)
        if (gait_table_export(gait_summary_table_at(summary, i), GAIT_EXPORT_JSON, drop, NULL,
                              &err))
            abort();
    if (columns_to_image(summary, &image, &size, &err)) abort();
    free(image);
}

/* Any bytes as a summary; a broken seal would end every try, so each gets its own. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gait_error err;
    gait_summary *summary = NULL;
    if (seal_check(data, size) != SEAL_MISSING) size -= SEAL_BYTES;
    unsigned char *copy = malloc(size + SEAL_BYTES);
    if (!copy) return 0;
    if (size) memcpy(copy, data, size);
    seal_put(copy, size);
    const struct image image = {"input", copy, size + SEAL_BYTES};
    if (columns_from_image(&summary, &image, NULL, &err) == GAIT_OK) use(summary);
    gait_summary_free(&summary);
    free(copy);
    return 0;
}
