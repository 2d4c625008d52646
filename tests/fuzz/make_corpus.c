/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/stat.h>

#include "make_cwa.h"
#include "make_geneactiv.h"
#include "make_gt3x.h"
#include "make_hdf5.h"
#include "make_wav.h"

/* Writes the small files that fuzzing starts from: make_corpus FOLDER */

static const char *folder;

static void put(const char *format, const char *name, struct bytes_out *file)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, format);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%s", folder, format, name);
    FILE *out = fopen(path, "wb");
    if (!out || fwrite(file->bytes, 1, file->n, out) != file->n || fclose(out)) abort();
    out_free(file);
}

static void sample(uint64_t i, int xyz[3])
{
    xyz[0] = (int)(i * 5 % 101) - 50;
    xyz[1] = (int)(i * 7 % 103) - 50;
    xyz[2] = 230 + (int)(i % 13);
}

static void samples(int xyz[][3], size_t n, uint64_t first)
{
    for (size_t i = 0; i < n; i++) sample(first + i, xyz[i]);
}

static void make_cwa(void)
{
    int xyz[CWA_PACKED_SAMPLES][3], gyro[CWA_GYRO_SAMPLES][3];
    struct cwa packed = {.rate_hz = 99}, with_gyro = {.rate_hz = 100, .first_s = 3};
    cwa_begin(&packed, "_p=left+ankle", 0);
    for (int b = 0; b < 4; b++) {
        samples(xyz, CWA_PACKED_SAMPLES, packed.n);
        if (b == 2) { /* a block is missing */
            packed.sequence++;
            packed.n += CWA_PACKED_SAMPLES;
        }
        cwa_packed(&packed, (const int(*)[3])xyz, 0);
    }
    put("cwa", "packed.cwa", &packed.file);
    cwa_begin(&with_gyro, "", 1);
    for (int b = 0; b < 5; b++) {
        samples(gyro, CWA_GYRO_SAMPLES, with_gyro.n);
        samples(xyz, CWA_GYRO_SAMPLES, with_gyro.n);
        for (int i = 0; i < CWA_GYRO_SAMPLES; i++) xyz[i][2] *= 8;
        cwa_with_gyro(&with_gyro, (const int(*)[3])gyro, (const int(*)[3])xyz);
    }
    put("cwa", "gyro.cwa", &with_gyro.file);
}

static void make_gt3x(void)
{
    static const char info[] = "Serial Number: TAS1H30182785\nFirmware: 1.7.2\nSample Rate: 30\n"
                               "Start Date: 638505756000000000\nTimeZone: -05:00:00\n"
                               "Acceleration Scale: 256.0\nAcceleration Max: 8.0\nLimb: Ankle\n";
    static const unsigned char parameters[8] = {0, 0, 55, 0, 0, 0, 0x40, 9};
    struct bytes_out log = {0}, old = {0}, file;
    int xyz[300][3];
    gt3x_record(&log, GT3X_PARAMETERS, 1714978800, parameters, sizeof parameters);
    for (uint32_t s = 0; s < 10; s++) {
        samples(xyz, 30, 30 * s);
        if (s % 2)
            gt3x_second_12(&log, 1714978800 + s + (s > 5), (const int(*)[3])xyz, 30);
        else
            gt3x_second_16(&log, 1714978800 + s + (s > 5), (const int(*)[3])xyz, 30);
    }
    file = gt3x_file(info, "log.bin", &log);
    put("gt3x", "log.gt3x", &file);
    samples(xyz, 300, 0);
    old.n = gt3x_pack_12(out_room(&old, 5 * 300), (const int(*)[3])xyz, 300);
    file = gt3x_file(info, "activity.bin", &old);
    put("gt3x", "activity.gt3x", &file);
}

static void make_geneactiv(void)
{
    int xyz[GENEACTIV_PER_PAGE][3];
    struct geneactiv made = {.line_end = "\r\n", .rate_hz = 50};
    geneactiv_begin(&made, "50 Hz");
    for (uint64_t page = 0; page < 2; page++) {
        samples(xyz, GENEACTIV_PER_PAGE, page * GENEACTIV_PER_PAGE);
        geneactiv_page(&made, (const int(*)[3])xyz, page ? 100 : GENEACTIV_PER_PAGE);
        made.clock_s += 30;
    }
    put("geneactiv", "two_pages.bin", &made.file);
}

static void make_sound(void)
{
    enum { N = 300 };
    static int16_t frames[4 * N];
    const struct wav omconvert = {
        4, 13, "Config-A: 12.5,8\nMetadata: _p=left+foot\n", "Id: 39434\nDevice: CWA\n",
        "Time: 2024-05-06 07:00:00.250\nChannel-1: Accel-X\nScale-1: 8\n"
        "Channel-2: Accel-Y\nScale-2: 8\nChannel-3: Accel-Z\nScale-3: 8\n"};
    const struct wav plain = {3, 100, NULL, NULL,
                              "Channels: ax,ay,az\nUnit: g\nFull-Scale: 8\nSample-Rate-Hz: 99.5\n"};
    for (int i = 0; i < 4 * N; i++) frames[i] = (int16_t)(i * 37 % 1001 + (i % 4 == 2 ? 4096 : 0));
    for (int i = 0; i < N; i++) frames[4 * i + 3] = (int16_t)(i < 20 ? -30720 : 0);
    struct bytes_out file = wav_file(&omconvert, frames, N, N);
    put("sound", "omconvert.wav", &file);
    file = wav_file(&plain, frames, N, N);
    put("sound", "plain.wav", &file);
}

static void make_mvnx(void)
{
    struct bytes_out out = {0};
    char line[256];
    out_text(&out, "<?xml version=\"1.0\"?><mvnx><subject frameRate=\"60\"><segments>"
                   "<segment label=\"LeftFoot\"/></segments><sensors><sensor label=\"LeftFoot\"/>"
                   "</sensors><frames>\n");
    for (int i = 0; i < 20; i++) {
        snprintf(line, sizeof line,
                 "<frame time=\"%d\" index=\"%d\" ms=\"%d\" type=\"normal\"><angularVelocity>1 2 %d"
                 "</angularVelocity><sensorFreeAcceleration>%d 0.5 %d</sensorFreeAcceleration>"
                 "<sensorOrientation>1 0 0 0</sensorOrientation></frame>\n",
                 i * 17, i, 1000 + i * 17, i % 3, i % 5, i % 7);
        out_text(&out, line);
    }
    out_text(&out, "</frames></subject></mvnx>\n");
    put("mvnx", "foot.mvnx", &out);
}

static void make_phone(void)
{
    struct zip_out zip = {{0}, {0}, 0};
    struct bytes_out text = {0};
    char line[128];
    static const char times[] = "\"event\",\"experiment time\",\"system time\"\n"
                                "\"START\",0.0E0,1.7149788005E9,\"2024-05-06 UTC+02:00\"\n";
    out_text(&text, "\"Time (s)\",\"X (m/s^2)\",\"Y (m/s^2)\",\"Z (m/s^2)\"\n");
    for (int i = 0; i < 60; i++) {
        snprintf(line, sizeof line, "%.2f,%d.5,%d.25,9.%d\n", i * 0.01, i % 5, i % 3, i % 9);
        out_text(&text, line);
    }
    zip_add(&zip, "Accelerometer.csv", text.bytes, text.n);
    zip_add(&zip, "meta/time.csv", times, sizeof times - 1);
    zip_end(&zip);
    put("phone", "phyphox.zip", &zip.file);
    out_free(&text);
}

static void make_hdf5(void)
{
    static struct hdf5_samples all;
    char path[1024];
    hsize_t size[2] = {60, 3};
    hdf5_fill(&all, 100);
    snprintf(path, sizeof path, "%s/hdf5", folder);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/hdf5/plain.h5", folder);
    hid_t file = hdf5_new(path);
    hid_t table = MADE(H5Screate_simple(2, size, NULL)),
          row = MADE(H5Screate_simple(1, size, NULL));
    hid_t accel = MADE(
        H5Dcreate2(file, "accel", H5T_NATIVE_FLOAT, table, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    hid_t time = MADE(
        H5Dcreate2(file, "time", H5T_NATIVE_DOUBLE, row, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    MADE(H5Dwrite(accel, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.accel));
    MADE(H5Dwrite(time, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.time_s));
    hdf5_put_text(accel, "units", "g");
    hdf5_put_text(file, "placement", "shank");
    H5Dclose(accel);
    H5Dclose(time);
    H5Sclose(table);
    H5Sclose(row);
    H5Fclose(file);
}

static void make_bids(void)
{
    struct bytes_out out = {0};
    char line[128];
    for (int i = 0; i < 60; i++) {
        snprintf(line, sizeof line, "%.4f\t0.%d\t-0.%d\t1.0%d\tn/a\n", i / 128.0, i % 7, i % 5,
                 i % 9);
        out_text(&out, line);
    }
    put("bids", "sub-01_task-run_tracksys-imu_motion.tsv", &out);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 1;
    folder = argv[1];
    make_cwa();
    make_gt3x();
    make_geneactiv();
    make_sound();
    make_mvnx();
    make_phone();
    make_hdf5();
    make_bids();
    return 0;
}
