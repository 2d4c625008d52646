/* SPDX-License-Identifier: BSD-3-Clause */

/* The library in Octave (and MATLAB): samples or a file go in, a struct of tables comes out.
 *   t = gait_tables(accel_g, rate_hz, placement, side)   n x 3 matrix in g
 *   t = gait_tables(path)                                a summary or a study
 * Build: mkoctfile --mex gait_tables.c $(pkg-config --cflags --libs libgait) */

#include <gait/gait.h>

#include <mex.h>

static mxArray *values_of(const gait_column *column, size_t n)
{
    mxArray *values =
        column->type == GAIT_TEXTS ? mxCreateCellMatrix(n, 1) : mxCreateDoubleMatrix(n, 1, mxREAL);
    for (size_t i = 0; i < n; i++) {
        if (column->type == GAIT_TEXTS)
            mxSetCell(values, i, mxCreateString(column->texts[i]));
        else
            mxGetPr(values)[i] =
                column->type == GAIT_DOUBLES ? column->doubles[i] : (double)column->integers[i];
    }
    return values;
}

static mxArray *struct_of(const gait_table *table)
{
    mxArray *columns = mxCreateStructMatrix(1, 1, 0, NULL);
    for (size_t k = 0; k < table->n_columns; k++) {
        int field = mxAddField(columns, table->columns[k].name);
        mxSetFieldByNumber(columns, 0, field, values_of(&table->columns[k], table->n_rows));
    }
    return columns;
}

static void text_of(const mxArray *from, char *text, size_t room)
{
    if (!mxIsChar(from) || mxGetString(from, text, room))
        mexErrMsgTxt("expected a text: a path, a placement or a side");
}

/* Octave keeps a matrix column by column: strides say so, and nothing is copied. */
static gait_status analyze(gait_summary **summary, const mxArray *input[], gait_error *err)
{
    char placement[32], side[32];
    size_t n = mxGetM(input[0]);
    if (!mxIsDouble(input[0]) || mxGetN(input[0]) != 3) mexErrMsgTxt("accel_g is not n x 3");
    text_of(input[2], placement, sizeof placement);
    text_of(input[3], side, sizeof side);
    gait_arrays arrays = {.n_frames = n,
                          .accel_g = {.data = mxGetPr(input[0]),
                                      .frame_stride = sizeof(double),
                                      .channel_stride = (ptrdiff_t)(n * sizeof(double))}};
    gait_recording_options what;
    gait_recording_options_init(&what);
    what.rate_hz = mxGetScalar(input[1]);
    what.placement = gait_placement_from_name(placement);
    what.side = gait_side_from_name(side);
    return gait_summary_from_arrays(summary, &arrays, &what, NULL, err);
}

void mexFunction(int n_out, mxArray *out[], int n_in, const mxArray *in[])
{
    gait_summary *summary = NULL;
    gait_error err;
    gait_status status;
    char path[4096];
    if (n_in == 4) {
        status = analyze(&summary, in, &err);
    } else if (n_in == 1) {
        text_of(in[0], path, sizeof path);
        status = gait_summary_read(&summary, path, &err);
    } else {
        mexErrMsgTxt("expected (accel_g, rate_hz, placement, side) or (path)");
        return;
    }
    if (status != GAIT_OK) mexErrMsgTxt(err.text);
    (void)n_out;
    out[0] = mxCreateStructMatrix(1, 1, 0, NULL);
    for (size_t i = 0; gait_summary_table_at(summary, i); i++) {
        const gait_table *table = gait_summary_table_at(summary, i);
        mxSetFieldByNumber(out[0], 0, mxAddField(out[0], table->name), struct_of(table));
    }
    gait_summary_free(&summary);
}
