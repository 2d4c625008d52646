/* SPDX-License-Identifier: BSD-3-Clause */

/* The library in R, through .Call: a matrix or a file goes in, a list of data frames comes out.
 * Built by gait.R. */

#include <gait/gait.h>

#include <R.h>
#include <Rinternals.h>

static SEXP values_of(const gait_column *column, size_t n)
{
    SEXP values =
        PROTECT(Rf_allocVector(column->type == GAIT_TEXTS ? STRSXP : REALSXP, (R_xlen_t)n));
    for (size_t i = 0; i < n; i++) {
        if (column->type == GAIT_TEXTS)
            SET_STRING_ELT(values, (R_xlen_t)i, Rf_mkChar(column->texts[i]));
        else if (column->type == GAIT_INTEGERS)
            REAL(values)[i] = (double)column->integers[i];
        else
            REAL(values)[i] = ISNAN(column->doubles[i]) ? NA_REAL : column->doubles[i];
    }
    UNPROTECT(1);
    return values;
}

static SEXP frame_of(const gait_table *table)
{
    SEXP frame = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)table->n_columns));
    SEXP names = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)table->n_columns));
    SEXP rows = PROTECT(Rf_allocVector(INTSXP, 2));
    for (size_t k = 0; k < table->n_columns; k++) {
        SET_VECTOR_ELT(frame, (R_xlen_t)k, values_of(&table->columns[k], table->n_rows));
        SET_STRING_ELT(names, (R_xlen_t)k, Rf_mkChar(table->columns[k].name));
    }
    INTEGER(rows)[0] = NA_INTEGER;
    INTEGER(rows)[1] = -(int)table->n_rows;
    Rf_setAttrib(frame, R_NamesSymbol, names);
    Rf_setAttrib(frame, R_RowNamesSymbol, rows);
    Rf_setAttrib(frame, R_ClassSymbol, Rf_mkString("data.frame"));
    UNPROTECT(3);
    return frame;
}

/* Frees the summary. */
static SEXP tables_of(gait_summary *summary)
{
    R_xlen_t n = 0;
    while (gait_summary_table_at(summary, (size_t)n)) n++;
    SEXP tables = PROTECT(Rf_allocVector(VECSXP, n)), names = PROTECT(Rf_allocVector(STRSXP, n));
    for (R_xlen_t i = 0; i < n; i++) {
        const gait_table *table = gait_summary_table_at(summary, (size_t)i);
        SET_VECTOR_ELT(tables, i, frame_of(table));
        SET_STRING_ELT(names, i, Rf_mkChar(table->name));
    }
    Rf_setAttrib(tables, R_NamesSymbol, names);
    gait_summary_free(&summary);
    UNPROTECT(2);
    return tables;
}

SEXP gait_r_read(SEXP path)
{
    gait_summary *summary = NULL;
    gait_error err;
    if (gait_summary_read(&summary, CHAR(STRING_ELT(path, 0)), &err) != GAIT_OK)
        Rf_error("%s", err.text);
    return tables_of(summary);
}

/* R keeps a matrix column by column: strides say so, and nothing is copied. */
SEXP gait_r_analyze(SEXP accel_g, SEXP rate_hz, SEXP placement, SEXP side)
{
    gait_summary *summary = NULL;
    gait_error err;
    size_t n = (size_t)Rf_nrows(accel_g);
    gait_arrays arrays = {.n_frames = n,
                          .accel_g = {.data = REAL(accel_g),
                                      .frame_stride = sizeof(double),
                                      .channel_stride = (ptrdiff_t)(n * sizeof(double))}};
    gait_recording_options what;
    gait_recording_options_init(&what);
    what.rate_hz = Rf_asReal(rate_hz);
    what.placement = gait_placement_from_name(CHAR(STRING_ELT(placement, 0)));
    what.side = gait_side_from_name(CHAR(STRING_ELT(side, 0)));
    if (gait_summary_from_arrays(&summary, &arrays, &what, NULL, &err) != GAIT_OK)
        Rf_error("%s", err.text);
    return tables_of(summary);
}
