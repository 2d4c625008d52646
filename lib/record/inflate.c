/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/inflate.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>
#else
#include <zlib.h>
#endif

/* Libraries count in 32 bits. */
static unsigned most(size_t n)
{
    return n < INT_MAX ? (unsigned)n : INT_MAX;
}

#ifdef HAVE_ISAL

static void begin(struct inflater *inflater)
{
    struct inflate_state *state = inflater->state;
    isal_inflate_init(state);
    inflater->is_broken = false;
    state->crc_flag = inflater->wrapping == INFLATE_GZIP ? ISAL_GZIP : ISAL_DEFLATE;
}

bool inflater_open(struct inflater *inflater, enum inflate_wrapping wrapping)
{
    struct inflate_state *state = malloc(sizeof *state);
    *inflater = (struct inflater){.wrapping = wrapping, .state = state};
    if (state) begin(inflater);
    return state != NULL;
}

void inflater_close(struct inflater *inflater)
{
    free(inflater->state);
    inflater->state = NULL;
}

void inflater_restart(struct inflater *inflater)
{
    begin(inflater);
}

/* ISA-L keeps back what it had decoded when it met damage. */
static enum inflated deliver_owed(struct inflater *inflater)
{
    struct inflate_state *state = inflater->state;
    size_t owed = (size_t)(state->tmp_out_valid - state->tmp_out_processed);
    size_t n = owed < inflater->n_out ? owed : inflater->n_out;
    memcpy(inflater->out, state->tmp_out_buffer + state->tmp_out_processed, n);
    state->tmp_out_processed += (int32_t)n;
    inflater->out += n;
    inflater->n_out -= n;
    return n < owed ? INFLATED_SOME : INFLATED_BAD;
}

enum inflated inflate_some(struct inflater *inflater)
{
    struct inflate_state *state = inflater->state;
    if (inflater->is_broken) return deliver_owed(inflater);
    unsigned n_in = most(inflater->n_in), n_out = most(inflater->n_out);
    union {
        const unsigned char *ours;
        unsigned char *theirs; /* only read */
    } in = {inflater->in};
    state->next_in = in.theirs;
    state->avail_in = n_in;
    state->next_out = inflater->out;
    state->avail_out = n_out;
    int done = isal_inflate(state);
    inflater->in = state->next_in;
    inflater->n_in -= n_in - state->avail_in;
    inflater->out = state->next_out;
    inflater->n_out -= n_out - state->avail_out;
    inflater->is_broken = done < 0;
    if (done < 0) return deliver_owed(inflater);
    return state->block_state == ISAL_BLOCK_FINISH ? INFLATED_END : INFLATED_SOME;
}

#else

bool inflater_open(struct inflater *inflater, enum inflate_wrapping wrapping)
{
    z_stream *z = calloc(1, sizeof *z);
    *inflater = (struct inflater){.wrapping = wrapping, .state = z};
    if (z && inflateInit2(z, wrapping == INFLATE_GZIP ? 16 + MAX_WBITS : -MAX_WBITS) == Z_OK)
        return true;
    free(z);
    inflater->state = NULL;
    return false;
}

void inflater_close(struct inflater *inflater)
{
    if (inflater->state) inflateEnd(inflater->state);
    free(inflater->state);
    inflater->state = NULL;
}

void inflater_restart(struct inflater *inflater)
{
    inflateReset(inflater->state);
}

enum inflated inflate_some(struct inflater *inflater)
{
    z_stream *z = inflater->state;
    unsigned n_in = most(inflater->n_in), n_out = most(inflater->n_out);
    union {
        const unsigned char *ours;
        unsigned char *theirs; /* only read */
    } in = {inflater->in};
    z->next_in = in.theirs;
    z->avail_in = n_in;
    z->next_out = inflater->out;
    z->avail_out = n_out;
    int done = inflate(z, Z_NO_FLUSH);
    inflater->in = z->next_in;
    inflater->n_in -= n_in - z->avail_in;
    inflater->out = z->next_out;
    inflater->n_out -= n_out - z->avail_out;
    if (done == Z_STREAM_END) return INFLATED_END;
    return done == Z_OK || done == Z_BUF_ERROR ? INFLATED_SOME : INFLATED_BAD;
}

#endif
