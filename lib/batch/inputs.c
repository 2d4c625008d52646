/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/inputs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "record/bids_sidecars.h"
#include "record/sidecar.h"
#include "record/source.h"
#include "summary/read_summary.h"
#include "summary/tables.h"

enum { LARGEST_COMPANION = 1 << 26, DIGITS = 32 };

static void print_hash(const XXH3_state_t *state, char out[HASH_ROOM])
{
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    text_print(out, HASH_ROOM, "%016llx%016llx", (unsigned long long)hash.high64,
               (unsigned long long)hash.low64);
}

/* With its end, so that two texts are not the same as one. */
static void add_text(XXH3_state_t *state, const char *text)
{
    XXH3_128bits_update(state, text, strlen(text) + 1);
}

/* A file beside a recording that says something about it; one that is not there says nothing. */
static void add_companion(XXH3_state_t *state, const char *path)
{
    void *bytes;
    size_t n;
    add_text(state, text_base_name(path));
    if (file_load(path, LARGEST_COMPANION, &bytes, &n, NULL)) return;
    XXH3_128bits_update(state, bytes, n);
    free(bytes);
}

/* Visits the files beside a recording that are read with it. */
static gait_status each_companion(const struct job *job, const char *recording,
                                  void (*visit)(void *to, const char *path), void *to,
                                  gait_error *err)
{
    char sidecar[LONGEST_PATH];
    if (!job->recording.ignore_sidecar && sidecar_path(recording, sidecar, sizeof sidecar))
        visit(to, sidecar);
    if (!text_ends_with(recording, "_motion.tsv") && !text_ends_with(recording, "_motion.tsv.gz"))
        return GAIT_OK;
    char(*found)[BIDS_PATH] = malloc(BIDS_FILES * sizeof *found);
    if (!found) return gait_fail(err, GAIT_NOMEM, "%s: no memory to look beside it", recording);
    size_t n = bids_files(recording, found);
    for (size_t i = 0; i < n; i++) visit(to, found[i]);
    free(found);
    return GAIT_OK;
}

static void hash_companion(void *to, const char *path)
{
    add_companion(to, path);
}

static gait_status hash_said(const struct job *job, char out[HASH_ROOM], gait_error *err)
{
    XXH3_state_t state;
    char *identity = job_identity(job);
    if (!identity) return gait_fail(err, GAIT_NOMEM, "no memory for a session of a batch");
    XXH3_INITSTATE(&state);
    XXH3_128bits_reset(&state);
    add_text(&state, gait_version());
    add_text(&state, ALGORITHM_VERSION);
    add_text(&state, identity);
    free(identity);
    for (size_t i = 0; i < job->n; i++)
        TRY(each_companion(job, job->recordings[i].path, hash_companion, &state, err));
    print_hash(&state, out);
    return GAIT_OK;
}

gait_status input_hash(const struct job *job, const char *const *contents,
                       char out[INPUT_HASH_ROOM], gait_error *err)
{
    char said[HASH_ROOM], recorded[HASH_ROOM];
    XXH3_state_t state;
    TRY(hash_said(job, said, err));
    XXH3_INITSTATE(&state);
    XXH3_128bits_reset(&state);
    for (size_t i = 0; i < job->n; i++) add_text(&state, contents[i]);
    print_hash(&state, recorded);
    text_print(out, INPUT_HASH_ROOM, "%s-%s", said, recorded);
    return GAIT_OK;
}

gait_status hash_file(const char *path, char out[HASH_ROOM], gait_error *err)
{
    struct source *source;
    TRY(source_open(&source, path, err));
    gait_status st = source_hash(source, out, err);
    source_close(&source);
    return st;
}

/* The latest date of what a job reads. */
struct latest {
    struct timespec when;
    int missing;
};

static void note_date(void *to, const char *path)
{
    struct latest *latest = to;
    struct stat about;
    if (stat(path, &about) < 0) return;
    struct timespec t = about.st_mtim;
    if (t.tv_sec > latest->when.tv_sec ||
        (t.tv_sec == latest->when.tv_sec && t.tv_nsec > latest->when.tv_nsec))
        latest->when = t;
}

static int is_older(const struct job *job, const char *output)
{
    struct latest latest = {{0, 0}, 0};
    struct stat about;
    if (stat(output, &about) < 0) return 0;
    for (size_t i = 0; i < job->n; i++) {
        note_date(&latest, job->recordings[i].path);
        if (each_companion(job, job->recordings[i].path, note_date, &latest, NULL)) return 0;
    }
    struct timespec made = about.st_mtim;
    return latest.when.tv_sec < made.tv_sec ||
           (latest.when.tv_sec == made.tv_sec && latest.when.tv_nsec < made.tv_nsec);
}

static int has_input_hash(const char *path, const char *hash, size_t n)
{
    static const char *const no_tables[] = {NULL};
    const struct columns_wanted wanted = {.tables = no_tables, .values_only = 1};
    gait_summary *summary = NULL;
    if (summary_load(&summary, path, &wanted, NULL)) return 0;
    const char *found = gait_summary_attribute(summary, "input_hash");
    int same = found && strncmp(found, hash, n) == 0;
    gait_summary_free(&summary);
    return same;
}

/* Hashes all recordings; what was read in *joined, separated by commas. */
static gait_status hash_contents(const struct job *job, char (*hashes)[HASH_ROOM],
                                 const char **contents, char *joined)
{
    for (size_t i = 0; i < job->n; i++) {
        TRY(hash_file(job->recordings[i].path, hashes[i], NULL));
        contents[i] = hashes[i];
        text_print(joined + strlen(joined), HASH_ROOM + 1, "%s%s", i ? "," : "", hashes[i]);
    }
    return GAIT_OK;
}

int is_up_to_date(const struct job *job, const char *path, int trust_dates, char **contents)
{
    struct stat about;
    char hash[INPUT_HASH_ROOM];
    *contents = NULL;
    if (stat(path, &about) < 0) return 0;
    if (trust_dates && is_older(job, path))
        return !hash_said(job, hash, NULL) && has_input_hash(path, hash, DIGITS);
    char(*hashes)[HASH_ROOM] = calloc(job->n, sizeof *hashes);
    const char **list = calloc(job->n, sizeof *list);
    *contents = calloc(job->n, HASH_ROOM + 1);
    int current = hashes && list && *contents && !hash_contents(job, hashes, list, *contents) &&
                  !input_hash(job, list, hash, NULL) && has_input_hash(path, hash, INPUT_HASH_ROOM);
    free(hashes);
    free(list);
    return current;
}
