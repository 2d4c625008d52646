/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/format.h"

extern const struct format format_bids;
extern const struct format format_csv;
extern const struct format format_cwa;
extern const struct format format_geneactiv;
extern const struct format format_gt3x;
extern const struct format format_hdf5;
extern const struct format format_mvnx;
extern const struct format format_phone;
extern const struct format format_refused;
extern const struct format format_sound;

/* To add a format: write lib/record/read_NAME.c with a const struct format, then one line here. */
static const struct format *const rows[] = {
    &format_csv,   &format_bids,    &format_sound,     &format_hdf5,
    &format_cwa,   &format_gt3x,    &format_geneactiv,
#ifdef HAVE_EXPAT
    &format_mvnx,
#endif
    &format_phone, &format_refused,
};

const struct format *format_row(size_t index)
{
    return index < sizeof rows / sizeof *rows ? rows[index] : NULL;
}

const gait_format *gait_format_at(size_t index)
{
    const struct format *row = format_row(index);
    return row ? &row->pub : NULL;
}
