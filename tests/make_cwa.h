/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MAKE_CWA_H
#define TESTS_MAKE_CWA_H

#include <math.h>

#include "bytes_out.h"

/* Makes Axivity CWA files with known content: 1024 bytes of header, blocks of 512. */

enum {
    CWA_BLOCK = 512,
    CWA_HEADER = 1024,
    CWA_PACKED_SAMPLES = 120,
    CWA_UNPACKED_SAMPLES = 80,
    CWA_GYRO_SAMPLES = 40
};

struct cwa {
    double first_s;    /* seconds after 2024-05-06 07:00:00 of sample 0 */
    double rate_hz;    /* true rate; 100 Hz is what the file states */
    uint32_t sequence; /* of the next block */
    uint32_t session;
    uint64_t n;  /* samples written */
    int resumes; /* the next block says that logging was resumed */
    struct bytes_out file;
};

/* 6 bits of years since 2000, 4 of month, 5 of day, 5 of hour, 6 of minute, 6 of second; within the
 * month. */
static inline uint32_t cwa_time(unsigned seconds_after_seven)
{
    unsigned s = 7 * 3600 + seconds_after_seven;
    return 24U << 26 | 5U << 22 | (6 + s / 86400) << 17 | s / 3600 % 24 << 12 | s / 60 % 60 << 6 |
           s % 60;
}

static inline void cwa_begin(struct cwa *cwa, const char *metadata, int gyro)
{
    unsigned char *h = out_room(&cwa->file, CWA_HEADER);
    memcpy(h, "MD", 2);
    put_le16(h + 2, CWA_HEADER - 4);
    h[4] = gyro ? 0x64 : 0x17;
    put_le16(h + 5, 4242); /* device */
    h[35] = gyro ? 0x02 : 0;
    h[36] = 0x4a; /* 100 Hz, 8 g */
    memset(h + 64, 0x20, 448);
    memcpy(h + 64, metadata, strlen(metadata));
}

static inline void cwa_checksum(unsigned char *block)
{
    unsigned sum = 0;
    put_le16(block + 510, 0);
    for (int i = 0; i < CWA_BLOCK; i += 2) sum += (unsigned)(block[i] | block[i + 1] << 8);
    put_le16(block + 510, 0x10000 - (sum & 0xffff));
}

/* Everything but the samples. The clock is read at the first sample at or behind a 16th of a second
 * inside the block. */
static inline unsigned char *cwa_block(struct cwa *cwa, unsigned n)
{
    unsigned char *b = out_room(&cwa->file, CWA_BLOCK);
    double block_s = cwa->first_s + (double)cwa->n / cwa->rate_hz;
    unsigned sixteenth = (unsigned)ceil(block_s * 16);
    double at_sample = (sixteenth / 16.0 - block_s) * cwa->rate_hz;
    unsigned fraction = sixteenth % 16 * 4096; /* of 65536 */
    int offset = (int)lround(at_sample) - (int)((fraction * 100) >> 16);
    memcpy(b, "AX", 2);
    put_le16(b + 2, CWA_BLOCK - 4);
    put_le16(b + 4, 0x8000 | fraction >> 1);
    put_le32(b + 6, cwa->session);
    put_le32(b + 10, cwa->sequence++);
    put_le32(b + 14, cwa_time(sixteenth / 16));
    b[22] = (unsigned char)cwa->resumes;
    b[24] = 0x4a;
    put_le16(b + 26, (unsigned)offset & 0xffff);
    put_le16(b + 28, n);
    cwa->n += n;
    cwa->resumes = 0;
    return b;
}

/* 120 samples in 10 bits per axis and a shift of 2 bits, 1/256 g per step of the shifted number. */
static inline void cwa_packed(struct cwa *cwa, const int xyz[][3], unsigned shift)
{
    unsigned char *b = cwa_block(cwa, CWA_PACKED_SAMPLES);
    b[25] = 0x30;
    for (int i = 0; i < CWA_PACKED_SAMPLES; i++) {
        uint32_t word = (uint32_t)shift << 30;
        for (int k = 0; k < 3; k++) word |= ((uint32_t)xyz[i][k] & 0x3ff) << (10 * k);
        put_le32(b + 30 + 4 * i, word);
    }
    cwa_checksum(b);
}

/* 80 samples of 16 bits per axis, 1/256 g per step. */
static inline void cwa_unpacked(struct cwa *cwa, const int xyz[][3])
{
    unsigned char *b = cwa_block(cwa, CWA_UNPACKED_SAMPLES);
    b[25] = 0x32;
    for (int i = 0; i < CWA_UNPACKED_SAMPLES; i++)
        for (int k = 0; k < 3; k++) put_le16(b + 30 + 6 * i + 2 * k, (unsigned)xyz[i][k] & 0xffff);
    cwa_checksum(b);
}

/* 40 samples of gyroscope, 2000/32768 deg/s per step, then accelerometer, 1/2048 g per step. */
static inline void cwa_with_gyro(struct cwa *cwa, const int gyro[][3], const int accel[][3])
{
    unsigned char *b = cwa_block(cwa, CWA_GYRO_SAMPLES);
    put_le16(b + 18, 3U << 13 | 2U << 10);
    b[25] = 0x62;
    for (int i = 0; i < CWA_GYRO_SAMPLES; i++)
        for (int k = 0; k < 3; k++) {
            put_le16(b + 30 + 12 * i + 2 * k, (unsigned)gyro[i][k] & 0xffff);
            put_le16(b + 36 + 12 * i + 2 * k, (unsigned)accel[i][k] & 0xffff);
        }
    cwa_checksum(b);
}

#endif
