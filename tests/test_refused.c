/* SPDX-License-Identifier: BSD-3-Clause */
#include "bytes_out.h"
#include "near.h"
#include "read_all.h"

static const struct {
    const char *name;
    size_t at[2];
    const char *marks[2];
    size_t n_marks[2];
    const char *said;
} files[] = {
    {"a.bin", {0, 11}, {"GENEA/1.00\r\n", "Serial-Number:01275"}, {12, 19}, "GENEA"},
    {"a.bin", {512, 516}, {"\4\0\0\0", "MDTC"}, {4, 4}, "Parmay Matrix"},
    {"a.bin", {508, 528}, {"MDTC", "PACK"}, {4, 4}, "Parmay Matrix"},
    {"000", {24, 30}, {"\0\6\x66\xf0\x95\x2d", "\0\3"}, {6, 2}, "Consensys"},
    {"a.omx", {0, 512}, {"da\xfc\1", "dg\xfc\1"}, {4, 4}, "omconvert"},
    {"a.fit", {0, 8}, {"\x0e\x20", ".FIT"}, {2, 4}, "FIT"},
    {"a.info.txt",
     {0, 30},
     {"#:\n#::: Data about the input\n", "Convert-version: 1\n"},
     {30, 19},
     ".wav"},
    {"a_channels.tsv", {0, 15}, {"name\tcomponent\t", "type\tunits\n"}, {15, 11}, "_motion.tsv"},
    {"a.json", {0, 2}, {"\n{", "\"placement\": \"foot\"}"}, {2, 20}, "that it describes"},
};

static void a_known_format_that_is_not_read_is_refused_with_advice(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct bytes_out out = {0};
        struct whole w;
        gait_error err = {0};
        unsigned char *bytes = out_room(&out, 2048);
        for (size_t k = 0; k < 2; k++)
            memcpy(bytes + files[i].at[k], files[i].marks[k], files[i].n_marks[k]);
        assert_int_equal(read_memory(&w, files[i].name, bytes, out.n, &err), GAIT_UNSUPPORTED);
        assert_non_null(strstr(err.text, files[i].said));
        assert_non_null(strstr(err.text, files[i].name));
        out_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_format_that_is_not_read_is_refused_with_advice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
