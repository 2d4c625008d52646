/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "batch/plan.h"
#include "record/sidecar.h"

/* A folder of recordings: one session per recording, or as the sidecars group them. */

/* "p01/run.csv.gz" becomes "p01/run". */
static void stem_of(const char *file, char *out, size_t room)
{
    text_print(out, room, "%s", file);
    size_t n = strlen(out);
    if (text_ends_with(out, ".gz")) out[n -= 3] = '\0';
    char *dot = strrchr(out, '.'), *slash = strrchr(out, '/');
    if (dot && dot > (slash ? slash + 1 : out)) *dot = '\0';
}

static gait_status add_file(gait_plan *plan, const char *file, const char *refused, gait_error *err)
{
    char path[LONGEST_PATH], stem[LONGEST_PATH], session[LONGEST_PATH];
    struct sidecar sidecar;
    sidecar_init(&sidecar);
    /* What is wrong with it is told when the session is analysed. */
    if (!refused && text_print(path, sizeof path, "%s/%s", plan->root, file) &&
        sidecar_read(&sidecar, path, NULL)) {
        sidecar_free(&sidecar);
        sidecar_init(&sidecar);
    }
    stem_of(file, stem, sizeof stem);
    /* Without a subject, sessions of one name are one only if they lie beside each other. */
    int head = (int)(text_base_name(stem) - stem);
    if (!sidecar.session_id[0])
        text_print(session, sizeof session, "%s", stem);
    else if (sidecar.subject_id[0])
        text_print(session, sizeof session, "%s", sidecar.session_id);
    else
        text_print(session, sizeof session, "%.*s%s", head, stem, sidecar.session_id);
    const struct find find = {.subject_id = sidecar.subject_id,
                              .session_id = session,
                              .file = file,
                              .refused = refused,
                              .is_alone = !sidecar.session_id[0]};
    gait_status st = plan_add(plan, &find, err);
    sidecar_free(&sidecar);
    return st;
}

gait_status plan_from_folder(gait_plan *plan, gait_error *err)
{
    return plan_walk(plan, add_file, err);
}
