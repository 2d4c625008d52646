/* SPDX-License-Identifier: BSD-3-Clause */
#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xxhash.h>
#include <zlib.h>

#include "near.h"
#include "record/inflate.h"
#include "record/source.h"

enum { SIZE = 300000 };

static unsigned char plain[SIZE], packed[2 * SIZE], got[2 * SIZE];
static size_t n_packed;
static char folder[32];

static void pack(const unsigned char *bytes, size_t n)
{
    enum { GZIP = 16 + MAX_WBITS };
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)bytes;
    z.avail_in = (uInt)n;
    z.next_out = packed + n_packed;
    z.avail_out = (uInt)(sizeof packed - n_packed);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    n_packed = sizeof packed - z.avail_out;
    deflateEnd(&z);
}

static int make_bytes(void **state)
{
    (void)state;
    uint32_t x = 1;
    for (size_t i = 0; i < SIZE; i++) {
        x = 1664525 * x + 1013904223;
        plain[i] = (unsigned char)("0123456789,.\n"[(x >> 24) % 13]);
    }
    n_packed = 0;
    pack(plain, SIZE);
    memcpy(folder, "/tmp/gait_source_XXXXXX", 24);
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void hash_of(const void *bytes, size_t n, char out[33])
{
    XXH128_hash_t hash = XXH3_128bits(bytes, n);
    snprintf(out, 33, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
}

/* Reads to the end in portions of so many bytes; how many came. */
static size_t read_on(struct source *source, size_t portion)
{
    gait_error err = {0};
    size_t used = 0, n = 1;
    while (n) {
        assert_ok(source_read(source, got + used, portion, &n, &err), err);
        used += n;
    }
    return used;
}

static void assert_reads(struct source *source, const char *hash)
{
    gait_error err = {0};
    char found[33];
    for (size_t portion = 1000; portion <= SIZE; portion *= 20) {
        memset(got, 0, sizeof got);
        assert_int_equal(read_on(source, portion), SIZE);
        assert_memory_equal(got, plain, SIZE);
        assert_ok(source_rewind(source, &err), err);
    }
    assert_int_equal(read_on(source, SIZE), SIZE);
    assert_near(source_progress(source), 1, 0.01, "the end is the end");
    assert_ok(source_hash(source, found, &err), err);
    assert_string_equal(found, hash);
    assert_string_equal(source_broken_off(source), "");
}

static void write_file(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void a_file_and_memory_give_the_same_bytes_again_and_again(void **state)
{
    (void)state;
    struct source *source = NULL;
    gait_error err = {0};
    char hash[33], path[64];
    hash_of(plain, SIZE, hash);
    assert_ok(source_open_memory(&source, "a.csv", plain, SIZE, &err), err);
    assert_reads(source, hash);
    source_close(&source);
    snprintf(path, sizeof path, "%s/a.csv", folder);
    write_file(path, plain, SIZE);
    assert_ok(source_open(&source, path, &err), err);
    assert_reads(source, hash);
    source_close(&source);
    assert_null(source);
    unlink(path);
}

static void compressed_bytes_are_read_through_and_hashed_as_they_are(void **state)
{
    (void)state;
    struct source *source = NULL;
    gait_error err = {0};
    char hash[33], path[64];
    hash_of(packed, n_packed, hash);
    assert_ok(source_open_memory(&source, "a.CSV.gz", packed, n_packed, &err), err);
    assert_string_equal(source_extension(source), "csv");
    assert_reads(source, hash);
    source_close(&source);
    snprintf(path, sizeof path, "%s/not_named_so", folder);
    write_file(path, packed, n_packed);
    assert_ok(source_open(&source, path, &err), err);
    assert_string_equal(source_extension(source), "");
    assert_reads(source, hash);
    source_close(&source);
    unlink(path);
}

static void the_hash_needs_no_reading(void **state)
{
    (void)state;
    struct source *source = NULL;
    gait_error err = {0};
    char hash[33], found[33];
    hash_of(plain, SIZE, hash);
    assert_ok(source_open_memory(&source, "a.csv", plain, SIZE, &err), err);
    assert_ok(source_hash(source, found, &err), err);
    assert_string_equal(found, hash);
    source_close(&source);
    assert_ok(source_open_memory(&source, "a.csv", "", 0, &err), err);
    assert_ok(source_hash(source, found, &err), err);
    assert_string_equal(found, "99aa06d3014798d86001c324468d497f"); /* of nothing, as xxHash says */
    source_close(&source);
}

static void peeking_does_not_move(void **state)
{
    (void)state;
    struct source *source = NULL;
    const unsigned char *head;
    size_t n;
    gait_error err = {0};
    assert_ok(source_open_memory(&source, "a", packed, n_packed, &err), err);
    assert_ok(source_peek(source, &head, &n, &err), err);
    assert_true(n >= 65536);
    assert_memory_equal(head, plain, n);
    assert_int_equal(read_on(source, 777), SIZE);
    assert_ok(source_peek(source, &head, &n, &err), err);
    assert_memory_equal(head, plain, n);
    source_close(&source);
}

static void several_members_are_one_file(void **state)
{
    (void)state;
    struct source *source = NULL;
    gait_error err = {0};
    size_t whole = n_packed;
    n_packed = 0;
    pack(plain, 100000);
    pack(plain + 100000, SIZE - 100000);
    memset(packed + n_packed, 0, 512); /* padding of a tape */
    assert_ok(source_open_memory(&source, "a.gz", packed, n_packed + 512, &err), err);
    assert_int_equal(read_on(source, 5000), SIZE);
    assert_memory_equal(got, plain, SIZE);
    source_close(&source);
    n_packed = 0;
    pack(plain, SIZE);
    assert_int_equal(n_packed, whole);
}

static void what_is_left_of_a_cut_file_is_delivered(void **state)
{
    (void)state;
    for (size_t n = 200; n < n_packed; n += n_packed / 50) {
        struct source *source = NULL;
        gait_error err = {0};
        assert_ok(source_open_memory(&source, "a.gz", packed, n, &err), err);
        size_t used = read_on(source, 4096);
        assert_true(used < SIZE);
        assert_memory_equal(got, plain, used);
        assert_non_null(strstr(source_broken_off(source), ": the compressed data end early"));
        source_close(&source);
    }
}

/* What damaged codes stand for until one is impossible may be any bytes. */
static void what_came_before_damage_is_delivered_and_its_place_told(void **state)
{
    (void)state;
    enum { DAMAGE = 64 };
    for (size_t at = 5000; at + DAMAGE < n_packed; at += n_packed / 20) {
        struct source *source = NULL;
        gait_error err = {0};
        unsigned char good[DAMAGE];
        unsigned long long place = 0;
        memcpy(good, packed + at, DAMAGE);
        memset(packed + at, 0xff, DAMAGE);
        assert_ok(source_open_memory(&source, "a.gz", packed, n_packed, &err), err);
        read_on(source, 4096);
        size_t before = (size_t)(0.98 * SIZE * (double)(at - 200) / (double)n_packed);
        assert_memory_equal(got, plain, before);
        assert_int_equal(sscanf(source_broken_off(source), "byte %llu: ", &place), 1);
        assert_non_null(strstr(source_broken_off(source), "the compressed data are damaged"));
        assert_true(place >= at && place <= n_packed);
        source_close(&source);
        memcpy(packed + at, good, DAMAGE);
    }
}

static void a_wrong_checksum_is_told_behind_all_bytes(void **state)
{
    (void)state;
    struct source *source = NULL;
    gait_error err = {0};
    packed[n_packed - 8] ^= 1;
    assert_ok(source_open_memory(&source, "a.gz", packed, n_packed, &err), err);
    assert_int_equal(read_on(source, 4096), SIZE);
    assert_memory_equal(got, plain, SIZE);
    assert_non_null(strstr(source_broken_off(source), "damaged"));
    source_close(&source);
    packed[n_packed - 8] ^= 1;
}

static void nothing_but_damage_is_refused(void **state)
{
    (void)state;
    struct source *source = NULL;
    gait_error err = {0};
    static const unsigned char bytes[64] = {0x1f, 0x8b, 8, [9] = 3, 0xff, 0xff, 0xff, 0xff};
    assert_int_equal(source_open_memory(&source, "a.gz", bytes, sizeof bytes, &err), GAIT_FORMAT);
    assert_non_null(strstr(err.text, "a.gz: byte "));
    assert_int_equal(source_open_memory(&source, "a.gz", bytes, 10, &err), GAIT_FORMAT);
    assert_non_null(strstr(err.text, "end early"));
}

/* What has been taken in and is owed comes without more being fed. */
static void decompress_in_pieces(size_t piece, size_t room)
{
    struct inflater z;
    size_t fed = 0, used = 0;
    enum inflated done = INFLATED_SOME;
    assert_true(inflater_open(&z, INFLATE_GZIP));
    while (done == INFLATED_SOME) {
        z.out = got + used;
        z.n_out = room;
        done = inflate_some(&z);
        used += room - z.n_out;
        if (done != INFLATED_SOME || z.n_out < room || z.n_in) continue;
        assert_true(fed < n_packed);
        z.in = packed + fed;
        z.n_in = n_packed - fed < piece ? n_packed - fed : piece;
        fed += z.n_in;
    }
    assert_int_equal(done, INFLATED_END);
    assert_int_equal(used, SIZE);
    inflater_close(&z);
}

static void highly_compressed_bytes_come_whole_however_they_are_fed(void **state)
{
    (void)state;
    struct source *source = NULL;
    gait_error err = {0};
    unsigned char *even = malloc(SIZE);
    assert_non_null(even);
    memset(even, 'a', SIZE);
    n_packed = 0;
    pack(even, SIZE);
    assert_true(n_packed < SIZE / 100);
    for (size_t piece = 1; piece < 4 * n_packed; piece *= 7)
        for (size_t room = 60; room < SIZE / 2; room *= 50) {
            decompress_in_pieces(piece, room);
            assert_memory_equal(got, even, SIZE);
        }
    assert_ok(source_open_memory(&source, "a.gz", packed, n_packed, &err), err);
    assert_int_equal(read_on(source, 1000), SIZE);
    assert_memory_equal(got, even, SIZE);
    assert_string_equal(source_broken_off(source), "");
    source_close(&source);
    free(even);
    n_packed = 0;
    pack(plain, SIZE);
}

static void a_bomb_is_refused(void **state)
{
    (void)state;
    enum { STORED = 1 << 20 };
    struct source *source = NULL;
    gait_error err = {0};
    gait_status st = GAIT_OK;
    size_t n = 1, total = 0;
    unsigned char *zeros = calloc(1, 100 * STORED), *bomb = malloc(STORED);
    assert_true(zeros && bomb);
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = bomb;
    z.avail_out = STORED;
    z.next_in = zeros;
    z.avail_in = 100 * STORED;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    assert_ok(source_open_memory(&source, "a.gz", bomb, STORED - z.avail_out, &err), err);
    while (n && !st) {
        st = source_read(source, got, SIZE, &n, &err);
        total += st ? 0 : n;
    }
    assert_int_equal(st, GAIT_FORMAT);
    assert_non_null(strstr(err.text, "1000 times"));
    assert_true(total <= 65U << 20);
    deflateEnd(&z);
    source_close(&source);
    free(zeros);
    free(bomb);
}

static void a_short_pipe_can_be_read_again(void **state)
{
    (void)state;
    struct source *source = NULL;
    gait_error err = {0};
    int ends[2];
    char path[32];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], plain, 5000), 5000);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_ok(source_open(&source, path, &err), err);
    close(ends[0]);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(read_on(source, 700), 5000);
        assert_ok(source_rewind(source, &err), err);
    }
    assert_memory_equal(got, plain, 5000);
    source_close(&source);
}

static void random_access_gives_a_path_or_the_bytes(void **state)
{
    (void)state;
    struct source *source = NULL;
    const char *path;
    const void *bytes;
    size_t n;
    gait_error err = {0};
    char name[64];
    snprintf(name, sizeof name, "%s/a.wav", folder);
    write_file(name, plain, SIZE);
    assert_ok(source_open(&source, name, &err), err);
    assert_ok(source_random_access(source, &path, &bytes, &n, &err), err);
    assert_string_equal(path, name);
    assert_null(bytes);
    assert_int_equal(n, SIZE);
    source_close(&source);
    unlink(name);
    assert_ok(source_open_memory(&source, "a.wav.gz", packed, n_packed, &err), err);
    assert_int_equal(read_on(source, 10000), SIZE);
    assert_ok(source_random_access(source, &path, &bytes, &n, &err), err);
    assert_null(path);
    assert_int_equal(n, SIZE);
    assert_memory_equal(bytes, plain, SIZE);
    source_close(&source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_and_memory_give_the_same_bytes_again_and_again),
        cmocka_unit_test(compressed_bytes_are_read_through_and_hashed_as_they_are),
        cmocka_unit_test(the_hash_needs_no_reading),
        cmocka_unit_test(peeking_does_not_move),
        cmocka_unit_test(several_members_are_one_file),
        cmocka_unit_test(what_is_left_of_a_cut_file_is_delivered),
        cmocka_unit_test(what_came_before_damage_is_delivered_and_its_place_told),
        cmocka_unit_test(a_wrong_checksum_is_told_behind_all_bytes),
        cmocka_unit_test(nothing_but_damage_is_refused),
        cmocka_unit_test(highly_compressed_bytes_come_whole_however_they_are_fed),
        cmocka_unit_test(a_bomb_is_refused),
        cmocka_unit_test(a_short_pipe_can_be_read_again),
        cmocka_unit_test(random_access_gives_a_path_or_the_bytes),
    };
    return cmocka_run_group_tests(tests, make_bytes, remove_folder);
}
