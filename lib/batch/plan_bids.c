/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "batch/plan.h"
#include "record/bids_sidecars.h"

/* A Motion-BIDS dataset: what the tracking systems recorded in one run is one session. */

int plan_is_bids(const gait_plan *plan)
{
    char path[LONGEST_PATH];
    return text_print(path, sizeof path, "%s/dataset_description.json", plan->root) &&
           access(path, F_OK) == 0;
}

/* A system of cameras has no accelerometer: that is no failure. */
static int has_accelerometer(const gait_plan *plan, const char *file)
{
    char path[LONGEST_PATH];
    struct bids *bids = malloc(sizeof *bids);
    gait_status st = GAIT_NOMEM;
    if (bids && text_print(path, sizeof path, "%s/%s", plan->root, file))
        st = bids_read(bids, path, NULL);
    free(bids);
    return st != GAIT_UNSUPPORTED;
}

/* "sub-01_ses-2_task-walk_tracksys-imu_run-1_motion.tsv": subject "sub-01", session
 * "ses-2_task-walk_run-1". */
static void split_name(const char *file, char *subject, char *session, size_t room)
{
    const char *part = text_base_name(file), *end = strstr(part, "_motion.tsv");
    subject[0] = session[0] = '\0';
    while (end && part < end) {
        size_t n = strcspn(part, "_"), used = strlen(session);
        if (text_starts_with(part, "sub-"))
            text_print(subject, room, "%.*s", (int)n, part);
        else if (!text_starts_with(part, "tracksys-"))
            text_print(session + used, room - used, "%s%.*s", used ? "_" : "", (int)n, part);
        part += n + 1;
    }
}

static gait_status add_file(gait_plan *plan, const char *file, const char *refused, gait_error *err)
{
    enum { ROOM = 256 };
    char subject[ROOM], session[ROOM];
    if (!text_ends_with(file, "_motion.tsv") && !text_ends_with(file, "_motion.tsv.gz"))
        return GAIT_OK;
    if (text_starts_with(file, "derivatives/") || text_starts_with(file, "sourcedata/"))
        return GAIT_OK;
    if (!refused && !has_accelerometer(plan, file)) return GAIT_OK;
    split_name(file, subject, session, ROOM);
    const struct find find = {.subject_id = subject,
                              .session_id = *session ? session : text_base_name(file),
                              .file = file,
                              .refused = refused};
    return plan_add(plan, &find, err);
}

gait_status plan_from_bids(gait_plan *plan, gait_error *err)
{
    return plan_walk(plan, add_file, err);
}
