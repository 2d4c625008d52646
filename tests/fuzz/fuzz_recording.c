/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>

#include <gait/recording.h>

#include "fuzz.h"
#include "make_cwa.h"
#include "make_gt3x.h"

/* Any bytes as a recording called FUZZ_NAME, read to its end; what comes out keeps its promises. */
static void check(const gait_block *block)
{
    if (!(block->rate_hz > 0) || !isfinite(block->rate_hz) || !isfinite(block->start_s)) abort();
    for (size_t i = 0; i < 3 * block->n_frames; i++) {
        if (!isfinite(block->accel_g[i])) abort();
        if (block->gyro_dps && !isfinite(block->gyro_dps[i])) abort();
    }
}

static void read_all(const void *bytes, size_t n)
{
    gait_error err;
    gait_recording *recording = NULL;
    gait_block block;
    if (gait_recording_open_memory(&recording, FUZZ_NAME, bytes, n, NULL, &err)) return;
    while (!gait_recording_read(recording, &block, &err) && block.n_frames) check(&block);
    gait_recording_close(&recording);
}

/* A checksum would end nearly every try: the bytes are read as they are, and once more with all
 * checksums put right. */
static void mend_cwa(const uint8_t *data, size_t size)
{
    struct bytes_out file = {0};
    out_bytes(&file, data, size);
    for (size_t at = CWA_HEADER; at + CWA_BLOCK <= size; at += CWA_BLOCK)
        cwa_checksum(file.bytes + at);
    read_all(file.bytes, file.n);
    out_free(&file);
}

/* As records of type, step of time, length, payload, wrapped into an archive. */
static void mend_gt3x(const uint8_t *data, size_t size)
{
    static const char info[] = "Serial Number: MOS2E17210537\nFirmware: 1.6.0\nSample Rate: 30\n"
                               "TimeZone: -05:00:00\nAcceleration Scale: 256.0\n";
    struct bytes_out log = {0};
    uint32_t second = 1714978800;
    for (size_t at = 0; at + 4 <= size;) {
        size_t n = (size_t)(data[at + 2] | data[at + 3] << 8), left = size - at - 4;
        if (n > left) n = left;
        second += (uint32_t)data[at + 1] - 4;
        gt3x_record(&log, data[at], second, data + at + 4, n);
        at += 4 + n;
    }
    struct bytes_out file = gt3x_file(info, "log.bin", &log);
    read_all(file.bytes, file.n);
    out_free(&file);
}

static void mend_nothing(const uint8_t *data, size_t size)
{
    (void)data, (void)size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const mend[])(const uint8_t *, size_t) = {mend_nothing, mend_cwa, mend_gt3x};
    read_all(data, size);
    mend[FUZZ_MEND](data, size);
    return 0;
}
