/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MAKE_HDF5_H
#define TESTS_MAKE_HDF5_H

#include <stdlib.h>
#include <string.h>

#include <hdf5.h>

/* Makes HDF5 recordings with known content. Whatever fails here ends the test. */

#define MADE(call) made((call), #call)

static inline hid_t made(hid_t result, const char *call)
{
    if (result >= 0) return result;
    fprintf(stderr, "cannot make: %s\n", call);
    abort();
}

/* The N samples that every file here holds: in g, deg/s and seconds. */
enum { HDF5_N = 3000 };

struct hdf5_samples {
    float accel[HDF5_N][3];
    float gyro[HDF5_N][3];
    double time_s[HDF5_N];
};

static inline void hdf5_fill(struct hdf5_samples *s, double rate_hz)
{
    for (int i = 0; i < HDF5_N; i++) {
        s->time_s[i] = i / rate_hz;
        s->accel[i][0] = (float)(i % 17) / 64 - 0.125F;
        s->accel[i][1] = (float)(i % 23) / 64 - 0.125F;
        s->accel[i][2] = 1 + (float)(i % 5) / 128;
        for (int k = 0; k < 3; k++) s->gyro[i][k] = (float)((i * (k + 3)) % 101);
    }
}

static inline void hdf5_put_text(hid_t object, const char *name, const char *text)
{
    hid_t type = MADE(H5Tcopy(H5T_C_S1)), space = MADE(H5Screate(H5S_SCALAR));
    MADE(H5Tset_size(type, strlen(text) + 1));
    hid_t attribute = MADE(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
    MADE(H5Awrite(attribute, type, text));
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

/* As Python writes texts: of variable length, UTF-8. */
static inline void hdf5_put_loose_text(hid_t object, const char *name, const char *text)
{
    hid_t type = MADE(H5Tcopy(H5T_C_S1)), space = MADE(H5Screate(H5S_SCALAR));
    MADE(H5Tset_size(type, H5T_VARIABLE));
    MADE(H5Tset_cset(type, H5T_CSET_UTF8));
    hid_t attribute = MADE(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
    MADE(H5Awrite(attribute, type, &text));
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

/* n texts of fixed length, padded with zeros. */
static inline void hdf5_put_list(hid_t object, const char *name, const char *texts, size_t length,
                                 hsize_t n)
{
    hid_t type = MADE(H5Tcopy(H5T_C_S1)), space = MADE(H5Screate_simple(1, &n, NULL));
    MADE(H5Tset_size(type, length));
    MADE(H5Tset_strpad(type, H5T_STR_NULLPAD));
    hid_t attribute = MADE(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
    MADE(H5Awrite(attribute, type, texts));
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

static inline void hdf5_put_number(hid_t object, const char *name, double value)
{
    hid_t space = MADE(H5Screate(H5S_SCALAR));
    hid_t attribute =
        MADE(H5Acreate2(object, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT));
    MADE(H5Awrite(attribute, H5T_NATIVE_DOUBLE, &value));
    H5Aclose(attribute);
    H5Sclose(space);
}

/* n x columns values; create may be H5P_DEFAULT. The dataset stays open. */
static inline hid_t hdf5_put(hid_t parent, const char *name, hid_t type, hsize_t columns,
                             const void *values, hid_t create)
{
    hsize_t size[2] = {HDF5_N, columns};
    hid_t space = MADE(H5Screate_simple(columns > 1 ? 2 : 1, size, NULL));
    hid_t dataset = MADE(H5Dcreate2(parent, name, type, space, H5P_DEFAULT, create, H5P_DEFAULT));
    MADE(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
    H5Sclose(space);
    return dataset;
}

static inline void hdf5_put_with_units(hid_t parent, const char *name, hid_t type, hsize_t columns,
                                       const void *values, const char *units)
{
    hid_t dataset = hdf5_put(parent, name, type, columns, values, H5P_DEFAULT);
    if (units) hdf5_put_text(dataset, "units", units);
    H5Dclose(dataset);
}

static inline hid_t hdf5_new(const char *path)
{
    return MADE(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
}

static inline hid_t hdf5_group(hid_t parent, const char *name)
{
    return MADE(H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

#endif
