/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MAKE_WAV_H
#define TESTS_MAKE_WAV_H

#include "bytes_out.h"

/* Makes WAV files of 16-bit samples with known content and texts, as omconvert writes them: RIFF,
 * fmt, LIST INFO with title, artist and comment, data. */

struct wav {
    unsigned n_channels, rate_hz;
    const char *title, *artist, *comment; /* NULL: none */
};

static inline void wav_text(struct bytes_out *out, const char *id, const char *text)
{
    if (!text) return;
    size_t n = strlen(text) + 1, padded = (n + 1) & ~(size_t)1;
    unsigned char *at = out_room(out, 8 + padded);
    memcpy(at, id, 4);
    put_le32(at + 4, (uint32_t)n);
    memcpy(at + 8, text, n);
}

/* n_frames is what the header claims; n what is there. */
static inline struct bytes_out wav_file(const struct wav *wav, const int16_t *samples, size_t n,
                                        size_t n_frames)
{
    struct bytes_out out = {0}, info = {0};
    uint32_t frame_bytes = 2 * wav->n_channels, claimed = (uint32_t)(n_frames * frame_bytes);
    out_text(&info, "INFO");
    wav_text(&info, "INAM", wav->title);
    wav_text(&info, "IART", wav->artist);
    wav_text(&info, "ICMT", wav->comment);
    unsigned char *riff = out_room(&out, 12), *fmt;
    memcpy(riff, "RIFF", 4);
    put_le32(riff + 4, (uint32_t)(4 + 24 + 8 + info.n + 8) + claimed);
    memcpy(riff + 8, "WAVE", 4);
    fmt = out_room(&out, 24);
    memcpy(fmt, "fmt ", 4);
    put_le32(fmt + 4, 16);
    put_le16(fmt + 8, 1); /* PCM */
    put_le16(fmt + 10, wav->n_channels);
    put_le32(fmt + 12, wav->rate_hz);
    put_le32(fmt + 16, wav->rate_hz * frame_bytes);
    put_le16(fmt + 20, frame_bytes);
    put_le16(fmt + 22, 16);
    unsigned char *list = out_room(&out, 8);
    memcpy(list, "LIST", 4);
    put_le32(list + 4, (uint32_t)info.n);
    out_bytes(&out, info.bytes, info.n);
    unsigned char *data = out_room(&out, 8);
    memcpy(data, "data", 4);
    put_le32(data + 4, claimed);
    for (size_t i = 0; i < n * wav->n_channels; i++)
        put_le16(out_room(&out, 2), (unsigned)samples[i] & 0xffff);
    out_free(&info);
    return out;
}

#endif
