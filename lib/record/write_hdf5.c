/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "base/text.h"
#include "record/libhdf5.h"
#include "record/start_time.h"
#include "record/writer.h"

/* The plain layout of read_hdf5.c: datasets accel, gyro and time in the root.
 *
 * HDF5 1.10 loses data on a full disk without saying so, and may crash while the program exits. The
 * file is therefore built in memory, 20 bytes per frame (32 with a gyroscope), and written by us.
 * No time of day goes into it: the same samples give the same bytes. */

enum { CHUNK_ROWS = 4096, GROW_BYTES = 1 << 24 };

struct column {
    hid_t dataset;
    hid_t type; /* in memory and in the file */
    hsize_t width;
};

struct hdf5 {
    struct file_draft *draft;
    hid_t file;
    struct column accel, gyro, time;
    hsize_t n;
    double start_unix_s;
    gait_time_kind time_kind;
    double utc_offset_s;
};

static gait_status no_memory(const struct hdf5 *hdf5, gait_error *err)
{
    return gait_fail(err, GAIT_NOMEM, "%s: an HDF5 file is built in memory, which is out",
                     hdf5->draft->name);
}

static bool put_text(hid_t object, const char *name, const char *text)
{
    hid_t type = libhdf5.Tcopy(*libhdf5.T_C_S1_g), space = libhdf5.Screate(H5S_SCALAR);
    bool ok = libhdf5.Tset_size(type, strlen(text) + 1) >= 0;
    hid_t attribute =
        ok ? libhdf5.Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT) : -1;
    ok = attribute >= 0 && libhdf5.Awrite(attribute, type, text) >= 0;
    if (attribute >= 0) libhdf5.Aclose(attribute);
    libhdf5.Sclose(space);
    libhdf5.Tclose(type);
    return ok;
}

static bool put_number(hid_t object, const char *name, double value)
{
    if (!isfinite(value)) return true;
    hid_t space = libhdf5.Screate(H5S_SCALAR);
    hid_t attribute =
        libhdf5.Acreate2(object, name, *libhdf5.T_IEEE_F64LE_g, space, H5P_DEFAULT, H5P_DEFAULT);
    bool ok = attribute >= 0 && libhdf5.Awrite(attribute, *libhdf5.T_NATIVE_DOUBLE_g, &value) >= 0;
    if (attribute >= 0) libhdf5.Aclose(attribute);
    libhdf5.Sclose(space);
    return ok;
}

static hid_t create_file(const struct hdf5 *hdf5)
{
    char nowhere[64]; /* two files in memory must not have one name */
    text_print(nowhere, sizeof nowhere, "/dev/null/%p", (const void *)hdf5);
    hid_t access = libhdf5.Pcreate(*libhdf5.P_CLS_FILE_ACCESS_ID_g),
          create = libhdf5.Pcreate(*libhdf5.P_CLS_FILE_CREATE_ID_g);
    hid_t file = H5I_INVALID_HID;
    if (access >= 0 && create >= 0 && libhdf5.Pset_fapl_core(access, GROW_BYTES, 0) >= 0 &&
        libhdf5.Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18) >= 0 &&
        libhdf5.Pset_obj_track_times(create, 0) >= 0)
        file = libhdf5.Fcreate(nowhere, H5F_ACC_TRUNC, create, access);
    if (access >= 0) libhdf5.Pclose(access);
    if (create >= 0) libhdf5.Pclose(create);
    return file;
}

static bool create_column(struct column *column, hid_t file, const char *name, const char *units)
{
    int rank = column->width > 1 ? 2 : 1;
    hsize_t none[2] = {0, column->width}, most[2] = {H5S_UNLIMITED, column->width};
    hsize_t chunk[2] = {CHUNK_ROWS, column->width};
    hid_t list = libhdf5.Pcreate(*libhdf5.P_CLS_DATASET_CREATE_ID_g),
          space = libhdf5.Screate_simple(rank, none, most);
    if (libhdf5.Pset_chunk(list, rank, chunk) >= 0 && libhdf5.Pset_obj_track_times(list, 0) >= 0)
        column->dataset =
            libhdf5.Dcreate2(file, name, column->type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    libhdf5.Sclose(space);
    libhdf5.Pclose(list);
    return column->dataset >= 0 && put_text(column->dataset, "units", units);
}

static bool describe(hid_t file, const gait_writer_options *options)
{
    bool ok =
        put_text(file, "format", "gait-recording") &&
        put_number(file, "range_g", options->range_g) &&
        put_number(file, "sample_rate_hz", options->rate_hz > 0 ? options->rate_hz : (double)NAN);
    if (options->placement != GAIT_PLACEMENT_UNKNOWN)
        ok = ok && put_text(file, "placement", gait_placement_name(options->placement));
    if (options->side != GAIT_SIDE_UNKNOWN)
        ok = ok && put_text(file, "side", gait_side_name(options->side));
    return ok;
}

static bool create_all(struct hdf5 *hdf5, const gait_writer_options *options)
{
    hdf5->accel = (struct column){-1, *libhdf5.T_IEEE_F32LE_g, 3};
    hdf5->gyro = (struct column){-1, *libhdf5.T_IEEE_F32LE_g, 3};
    hdf5->time = (struct column){-1, *libhdf5.T_IEEE_F64LE_g, 1};
    hdf5->file = create_file(hdf5);
    return hdf5->file >= 0 && describe(hdf5->file, options) &&
           create_column(&hdf5->time, hdf5->file, "time", "s") &&
           create_column(&hdf5->accel, hdf5->file, "accel", "g") &&
           (!options->has_gyro || create_column(&hdf5->gyro, hdf5->file, "gyro", "deg/s"));
}

static void close_all(struct hdf5 *hdf5)
{
    struct column *const columns[] = {&hdf5->accel, &hdf5->gyro, &hdf5->time};
    for (size_t i = 0; i < 3; i++) {
        if (columns[i]->dataset >= 0) libhdf5.Dclose(columns[i]->dataset);
        columns[i]->dataset = -1;
    }
    if (hdf5->file >= 0) libhdf5.Fclose(hdf5->file);
    hdf5->file = -1;
}

static void close_writer(void *state)
{
    struct hdf5 *hdf5 = state;
    if (!hdf5) return;
    struct hdf5_reports reports = hdf5_enter();
    close_all(hdf5);
    hdf5_leave(reports);
    free(hdf5);
}

static gait_status open_writer(void **state, struct file_draft *draft,
                               const gait_writer_options *options, struct writer_sidecar *out,
                               gait_error *err)
{
    (void)out;
    TRY(libhdf5_load(err));
    struct hdf5 *hdf5 = calloc(1, sizeof *hdf5);
    if (!hdf5) return gait_fail(err, GAIT_NOMEM, "%s", draft->name);
    hdf5->draft = draft;
    hdf5->start_unix_s = options->start_unix_s;
    hdf5->time_kind = options->time_kind;
    hdf5->utc_offset_s = options->utc_offset_s;
    struct hdf5_reports reports = hdf5_enter();
    bool ok = create_all(hdf5, options);
    hdf5_leave(reports);
    gait_status st = ok ? GAIT_OK : no_memory(hdf5, err);
    if (st)
        close_writer(hdf5);
    else
        *state = hdf5;
    return st;
}

static bool append(struct column *column, hsize_t at, hsize_t n, const void *values)
{
    int rank = column->width > 1 ? 2 : 1;
    hsize_t size[2] = {at + n, column->width}, start[2] = {at, 0}, count[2] = {n, column->width};
    if (libhdf5.Dset_extent(column->dataset, size) < 0) return false;
    hid_t file = libhdf5.Dget_space(column->dataset),
          memory = libhdf5.Screate_simple(rank, count, NULL);
    hid_t type = column->width > 1 ? *libhdf5.T_NATIVE_FLOAT_g : *libhdf5.T_NATIVE_DOUBLE_g;
    bool ok = libhdf5.Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
              libhdf5.Dwrite(column->dataset, type, memory, file, H5P_DEFAULT, values) >= 0;
    libhdf5.Sclose(memory);
    libhdf5.Sclose(file);
    return ok;
}

/* start_unix_s is that of the first frame, the attribute that of time 0. */
static bool put_start(const struct hdf5 *hdf5, double first_s)
{
    char text[START_TIME_ROOM];
    double zero_unix_s = hdf5->start_unix_s - first_s;
    start_time_print(zero_unix_s, hdf5->time_kind, hdf5->utc_offset_s, text);
    return !text[0] || put_text(hdf5->file, "start_time", text);
}

static gait_status write_frames(void *state, size_t n, const double *time_s, const float *accel_g,
                                const float *gyro_dps, gait_error *err)
{
    struct hdf5 *hdf5 = state;
    struct hdf5_reports reports = hdf5_enter();
    bool ok = hdf5->n || put_start(hdf5, time_s[0]);
    ok = ok && append(&hdf5->time, hdf5->n, n, time_s) &&
         append(&hdf5->accel, hdf5->n, n, accel_g) &&
         (!gyro_dps || append(&hdf5->gyro, hdf5->n, n, gyro_dps));
    hdf5_leave(reports);
    hdf5->n += n;
    return ok ? GAIT_OK : no_memory(hdf5, err);
}

/* The memory goes on to the driver's next step of growth; where the file ends stands in its
 * superblock, which the bounds of create_file() make one of version 0. */
static bool end_of_file(const unsigned char *bytes, hsize_t room, size_t *end)
{
    enum { VERSION_AT = 8, END_AT = 40 };
    if (room < END_AT + 8 || bytes[VERSION_AT] != 0) return false;
    uint64_t found = le32(bytes + END_AT) | (uint64_t)le32(bytes + END_AT + 4) << 32;
    *end = (size_t)found;
    return found <= room;
}

/* The core driver's own memory, so that there is no second copy of it. */
static gait_status write_image(struct hdf5 *hdf5, gait_error *err)
{
    void **memory = NULL;
    hsize_t room = 0;
    size_t end = 0;
    if (libhdf5.Fflush(hdf5->file, H5F_SCOPE_GLOBAL) < 0 ||
        libhdf5.Fget_vfd_handle(hdf5->file, H5P_DEFAULT, (void **)&memory) < 0 ||
        libhdf5.Fget_filesize(hdf5->file, &room) < 0 || !end_of_file(*memory, room, &end))
        return no_memory(hdf5, err);
    return file_draft_write(hdf5->draft, *memory, end, err);
}

static gait_status finish(void *state, gait_error *err)
{
    struct hdf5 *hdf5 = state;
    struct hdf5_reports reports = hdf5_enter();
    gait_status st = write_image(hdf5, err);
    hdf5_leave(reports);
    return st;
}

const struct writer_format writer_hdf5 = {"h5", open_writer, write_frames, finish, close_writer};
