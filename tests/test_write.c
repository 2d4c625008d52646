/* SPDX-License-Identifier: BSD-3-Clause */
/* mkdtemp() is one of the X/Open extensions to POSIX. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sample_summary.h"

static char folder[] = "/tmp/gait_test_write_XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return chdir("/") || rmdir(folder);
}

static size_t count_files(void)
{
    size_t n = 0;
    DIR *here = opendir(".");
    assert_non_null(here);
    for (struct dirent *entry; (entry = readdir(here));)
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(here);
    return n;
}

static void put_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void what_is_read_is_what_was_written(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(100), *again = NULL;
    gait_error err;
    assert_ok(gait_summary_write(summary, "run.gait.h5", &err), err);
    assert_ok(gait_summary_read(&again, "run.gait.h5", &err), err);
    assert_same_summary(summary, again);
    assert_int_equal(count_files(), 1);
    gait_summary_free(&again);
    gait_summary_free(&summary);
    unlink("run.gait.h5");
}

static void a_summary_replaces_a_summary(void **state)
{
    (void)state;
    gait_summary *first = sample_summary(10), *second = sample_summary(20), *again = NULL;
    gait_error err;
    put_text(".run.gait.h5.tmp", "left by a run that was killed");
    assert_ok(gait_summary_write(first, "run.gait.h5", &err), err);
    assert_int_equal(symlink("run.gait.h5", "link"), 0);
    assert_ok(gait_summary_write(second, "link", &err), err);
    assert_ok(gait_summary_read(&again, "run.gait.h5", &err), err);
    assert_same_summary(second, again);
    assert_int_equal(count_files(), 2);
    gait_summary_free(&again);
    gait_summary_free(&second);
    gait_summary_free(&first);
    unlink("link");
    unlink("run.gait.h5");
}

static void any_other_file_is_left_alone(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(10);
    gait_error err;
    char line[32] = "";
    put_text("run.csv", "time,x,y,z\n");
    assert_int_equal(gait_summary_write(summary, "run.csv", &err), GAIT_CANNOT_CREATE);
    assert_string_equal(err.text, "run.csv: exists and is not a gait summary; it is left as it is");
    FILE *file = fopen("run.csv", "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    fclose(file);
    assert_string_equal(line, "time,x,y,z\n");
    assert_int_equal(gait_summary_write(summary, "/dev/full", &err), GAIT_CANNOT_CREATE);
    assert_int_equal(gait_summary_write(summary, ".", &err), GAIT_CANNOT_CREATE);
    assert_int_equal(gait_summary_write(summary, "no/such/folder.h5", &err), GAIT_CANNOT_CREATE);
    assert_string_equal(err.text, "no/such/folder.h5: cannot create: No such file or directory");
    assert_int_equal(gait_summary_write(summary, "", &err), GAIT_CANNOT_CREATE);
    assert_int_equal(count_files(), 1);
    gait_summary_free(&summary);
    unlink("run.csv");
}

/* A file-size limit fails a write in the middle, as a full disk does. */
static void a_full_disk_leaves_the_old_summary(void **state)
{
    (void)state;
    gait_summary *small = sample_summary(1), *large = sample_summary(20000), *again = NULL;
    gait_error err;
    struct rlimit whole, tight;
    assert_ok(gait_summary_write(small, "run.gait.h5", &err), err);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
    tight = whole;
    tight.rlim_cur = 50000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    gait_status st = gait_summary_write(large, "run.gait.h5", &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
    assert_int_equal(st, GAIT_IO);
    assert_string_equal(err.text, "run.gait.h5: cannot write: File too large");
    assert_int_equal(count_files(), 1);
    assert_ok(gait_summary_read(&again, "run.gait.h5", &err), err);
    assert_same_summary(small, again);
    gait_summary_free(&again);
    gait_summary_free(&large);
    gait_summary_free(&small);
    unlink("run.gait.h5");
}

static void what_cannot_be_read_is_named(void **state)
{
    (void)state;
    gait_summary *summary = NULL;
    gait_error err;
    assert_int_equal(gait_summary_read(&summary, "none.h5", &err), GAIT_NOT_FOUND);
    assert_string_equal(err.text, "none.h5: cannot open: No such file or directory");
    assert_int_equal(gait_summary_read(&summary, ".", &err), GAIT_FORMAT);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(gait_summary_read(&summary, "pipe", &err), GAIT_FORMAT);
    assert_string_equal(err.text, "pipe: not a plain file");
    unlink("pipe");
    put_text("empty.h5", "");
    assert_int_equal(gait_summary_read(&summary, "empty.h5", &err), GAIT_FORMAT);
    assert_string_equal(err.text, "empty.h5: not an HDF5 file, or damaged");
    unlink("empty.h5");
    assert_null(summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_what_was_written),
        cmocka_unit_test(a_summary_replaces_a_summary),
        cmocka_unit_test(any_other_file_is_left_alone),
        cmocka_unit_test(a_full_disk_leaves_the_old_summary),
        cmocka_unit_test(what_cannot_be_read_is_named),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
