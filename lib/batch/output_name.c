/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/output_name.h"

#include <string.h>

#include "base/text.h"

enum { LONGEST_NAME = 240 }; /* with .NAME.tmp around it still a file name everywhere */

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Every other character becomes '-'; nothing begins with a dot, since that hides a file. */
static void make_safe(char *name)
{
    for (char *c = name; *c; c++)
        if (!is_alphanumeric(*c) && (!strchr("._-", *c) || (*c == '.' && c == name))) *c = '-';
}

static bool plain_name(const gait_planned_session *session, char *out, size_t room)
{
    char name[LONGEST_NAME];
    const char *subject = session->subject_id;
    if (!text_print(name, sizeof name, "%s%s%s", subject, *subject ? "_" : "", session->session_id))
        return false;
    make_safe(name);
    return text_print(out, room, "sessions/%s.gait.h5", name);
}

/* Labels of BIDS are letters and digits alone. */
static bool bids_label(const char *text, const char *entity, char out[LONGEST_NAME])
{
    size_t n = 0;
    if (text_starts_with(text, entity)) text += strlen(entity);
    for (; *text && n + 1 < LONGEST_NAME; text++)
        if (is_alphanumeric(*text)) out[n++] = *text;
    out[n] = '\0';
    return !*text;
}

static bool has_entities(const char *session)
{
    static const char *const first[] = {"ses-", "task-", "acq-", "run-"};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        if (text_starts_with(session, first[i])) return true;
    return false;
}

/* A session of a BIDS dataset keeps its entities, any other becomes one of them. */
static bool bids_name(const gait_planned_session *session, char *out, size_t room)
{
    char subject[LONGEST_NAME], entities[LONGEST_NAME], label[LONGEST_NAME], folder[LONGEST_NAME];
    const char *id = session->session_id;
    if (!bids_label(session->subject_id, "sub-", subject) || !bids_label(id, "ses-", label))
        return false;
    if (!text_print(entities, sizeof entities, "%s%s", has_entities(id) ? "" : "ses-",
                    has_entities(id) ? id : label))
        return false;
    make_safe(entities);
    folder[0] = '\0';
    if (text_starts_with(entities, "ses-"))
        text_print(folder, sizeof folder, "%.*s/", (int)strcspn(entities, "_"), entities);
    const char *who = *subject ? subject : "unknown";
    return strlen(subject) + strlen(entities) + 32 < LONGEST_NAME &&
           text_print(out, room, "sub-%s/%smotion/sub-%s_%s_desc-gait_motion.h5", who, folder, who,
                      entities);
}

bool output_name(const gait_planned_session *session, int bids_layout, char *out, size_t room)
{
    return bids_layout ? bids_name(session, out, room) : plain_name(session, out, room);
}
