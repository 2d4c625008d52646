/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_LIBHDF5_H
#define RECORD_LIBHDF5_H

#include <hdf5.h>

#include "base/library.h"

/* Its constants call these by name. Any call opens HDF5, and the check ends the program where the
 * last number of the version is another one. */
#undef H5OPEN
#define H5OPEN
#undef H5CHECK
#define H5CHECK

/* HDF5 1.12 renamed what 1.10 calls by these names. */
#if H5_VERSION_GE(1, 12, 0)
#undef H5Lget_info
#define H5Lget_info H5Lget_info1
#undef H5Literate
#define H5Literate H5Literate1
#define H5L_info_t H5L_info1_t
#define H5O_info_t H5O_info1_t
#endif

/* clang-format off */
#define HDF5_SYMBOLS(SYMBOL, H5) \
    SYMBOL(H5, Aclose) SYMBOL(H5, Acreate2) SYMBOL(H5, Aexists) SYMBOL(H5, Aget_space) SYMBOL(H5, Aget_type) \
    SYMBOL(H5, Aopen) SYMBOL(H5, Aread) SYMBOL(H5, Awrite) \
    SYMBOL(H5, Dclose) SYMBOL(H5, Dcreate2) SYMBOL(H5, Dget_create_plist) SYMBOL(H5, Dget_space) \
    SYMBOL(H5, Dget_storage_size) SYMBOL(H5, Dget_type) SYMBOL(H5, Dread) SYMBOL(H5, Dset_extent) \
    SYMBOL(H5, Dvlen_reclaim) SYMBOL(H5, Dwrite) \
    SYMBOL(H5, Eclear2) SYMBOL(H5, Eget_auto2) SYMBOL(H5, Eset_auto2) \
    SYMBOL(H5, Fclose) SYMBOL(H5, Fcreate) SYMBOL(H5, Fflush) SYMBOL(H5, Fget_filesize) \
    SYMBOL(H5, Fget_vfd_handle) SYMBOL(H5, Fopen) \
    SYMBOL(H5, Iget_type) SYMBOL(H5, Lget_info) SYMBOL(H5, Literate) \
    SYMBOL(H5, Oclose) SYMBOL(H5, Oget_info1) SYMBOL(H5, Oopen) \
    SYMBOL(H5, P_CLS_DATASET_CREATE_ID_g) SYMBOL(H5, P_CLS_FILE_ACCESS_ID_g) SYMBOL(H5, P_CLS_FILE_CREATE_ID_g) \
    SYMBOL(H5, Pclose) SYMBOL(H5, Pcreate) SYMBOL(H5, Pget_chunk) SYMBOL(H5, Pget_external_count) \
    SYMBOL(H5, Pget_filter2) SYMBOL(H5, Pget_layout) SYMBOL(H5, Pget_nfilters) SYMBOL(H5, Pset_chunk) \
    SYMBOL(H5, Pset_fapl_core) SYMBOL(H5, Pset_fclose_degree) SYMBOL(H5, Pset_file_image) \
    SYMBOL(H5, Pset_file_locking) SYMBOL(H5, Pset_libver_bounds) SYMBOL(H5, Pset_obj_track_times) \
    SYMBOL(H5, Sclose) SYMBOL(H5, Screate) SYMBOL(H5, Screate_simple) SYMBOL(H5, Sget_simple_extent_dims) \
    SYMBOL(H5, Sget_simple_extent_ndims) SYMBOL(H5, Sget_simple_extent_npoints) SYMBOL(H5, Sselect_hyperslab) \
    SYMBOL(H5, T_C_S1_g) SYMBOL(H5, T_IEEE_F32LE_g) SYMBOL(H5, T_IEEE_F64LE_g) SYMBOL(H5, T_NATIVE_DOUBLE_g) \
    SYMBOL(H5, T_NATIVE_FLOAT_g) SYMBOL(H5, T_NATIVE_INT64_g) \
    SYMBOL(H5, Tclose) SYMBOL(H5, Tcopy) SYMBOL(H5, Tget_class) SYMBOL(H5, Tget_size) SYMBOL(H5, Tis_variable_str) \
    SYMBOL(H5, Tset_size)
/* clang-format on */
LIBRARY_DECLARE(libhdf5, H5, HDF5_SYMBOLS);

/* HDF5 is for one thread at a time, and prints its errors unless told not to: whoever calls it does
 * so between these, which do not nest. How it reported before is put back, since that belongs to
 * the program and not to this library. */
struct hdf5_reports {
    H5E_auto2_t report;
    void *with;
};
struct hdf5_reports hdf5_enter(void);
void hdf5_leave(struct hdf5_reports before);

#endif
