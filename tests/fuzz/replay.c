/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

/* Stands in for libFuzzer's main: runs the target once on each file, and each file of a folder. */
static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return 1;
    size_t n = 0, room = 1 << 24;
    uint8_t *bytes = malloc(room);
    if (bytes) n = fread(bytes, 1, room, file);
    fclose(file);
    int failed = !bytes || LLVMFuzzerTestOneInput(bytes, n);
    free(bytes);
    return failed;
}

static int replay(const char *path)
{
    DIR *listing = opendir(path);
    int failed = 0;
    if (!listing) return replay_file(path);
    for (const struct dirent *e; (e = readdir(listing));) {
        char file[4096];
        if (e->d_name[0] == '.') continue;
        snprintf(file, sizeof file, "%s/%s", path, e->d_name);
        failed |= replay_file(file);
    }
    closedir(listing);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;
    for (int i = 1; i < argc; i++) failed |= replay(argv[i]);
    return failed;
}
