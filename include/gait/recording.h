/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_RECORDING_H
#define GAIT_RECORDING_H

#include <stddef.h>
#include <stdint.h>

#include <gait/error.h>

/**
 * @file
 * One sensor's recording: open a file of any supported format, learn what it is, read it in blocks.
 *
 * Units are the same everywhere in this library: acceleration in g (1 g = 9.80665 m/s^2; specific
 * force, so a sensor at rest reads 1 g upwards), angular rate in deg/s, time in seconds from the
 * recording's start, frequency in Hz. They are converted once, by the reader.
 *
 * A frame is one instant over all channels. A recording is a row of segments with gaps between
 * them, each with its own start and its own measured rate: no time may be computed as index /
 * nominal rate.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** Where on the body the sensor was. */
typedef enum gait_placement {
    GAIT_PLACEMENT_UNKNOWN = 0, /**< Not stated; most of the analysis needs to know. */
    GAIT_FOOT,                  /**< Foot or shoe. */
    GAIT_SHANK,                 /**< Shank, tibia or ankle. */
    GAIT_SACRUM,                /**< Sacrum, pelvis or lower back. */
    GAIT_WAIST,                 /**< Belt, anywhere around the waist. */
    GAIT_WRIST,                 /**< Wrist: activity, cadence and steps only. */
    GAIT_OTHER,                 /**< Hand, pocket, bag: activity, cadence and steps only. */
    GAIT_N_PLACEMENTS           /**< Number of values above. */
} gait_placement;

/** Side of the body. */
typedef enum gait_side {
    GAIT_SIDE_UNKNOWN = 0, /**< Not stated. */
    GAIT_LEFT,             /**< Left limb or left step. */
    GAIT_RIGHT,            /**< Right limb or right step. */
    GAIT_SIDE_NONE,        /**< On the midline. */
    GAIT_STEP_A,           /**< Steps of one limb, which one is not known. */
    GAIT_STEP_B,           /**< Steps of the other limb. */
    GAIT_N_SIDES           /**< Number of values above. */
} gait_side;

/** What the start time of a recording means. */
typedef enum gait_time_kind {
    GAIT_TIME_UNKNOWN = 0,       /**< No absolute start is known. */
    GAIT_TIME_UTC,               /**< Seconds since 1970 in UTC. */
    GAIT_TIME_LOCAL_WITH_OFFSET, /**< UTC, and the local offset is known too. */
    GAIT_TIME_LOCAL_UNKNOWN /**< Local wall clock, zone not recorded; never shifted by the host's.
                             */
} gait_time_kind;

/** Lower-case name ("shank"); "unknown" for values outside the enumeration. Thread-safe: yes. */
GAIT_API const char *gait_placement_name(gait_placement placement);

/** Placement of a name or alias ("shoe", "tibia", "pelvis"); GAIT_PLACEMENT_UNKNOWN if none.
 * Thread-safe: yes. */
GAIT_API gait_placement gait_placement_from_name(const char *name);

/** Lower-case name ("left"); "unknown" for values outside the enumeration. Thread-safe: yes. */
GAIT_API const char *gait_side_name(gait_side side);

/** Side of a name ("left", "right", "none"); GAIT_SIDE_UNKNOWN if none. Thread-safe: yes. */
GAIT_API gait_side gait_side_from_name(const char *name);

/** What the caller knows better than the file; anything left as initialised is taken from the
 * sidecar or the file. */
typedef struct gait_recording_options {
    gait_placement placement; /**< GAIT_PLACEMENT_UNKNOWN: not given. */
    gait_side side;           /**< GAIT_SIDE_UNKNOWN: not given. */
    double rate_hz;           /**< Sampling rate, 1 to 20000; 0: not given. */
    double range_g;           /**< Full scale of the accelerometer; 0: not given. */
    const char *unit;         /**< Acceleration unit "g", "m/s2" or "mg"; NULL: not given. */
    const char
        *columns; /**< Column roles of a text file, "time=t,x=ax,y=ay,z=az"; NULL: recognised. */
    const char *mounting; /**< Sensor axes, "x=up,y=left,z=forward"; NULL: not given. */
    const char *sensor;   /**< Which sensor of a file with several; NULL: the first, which analysis
                             refuses. */
    const char *subject_id; /**< NULL: not given. */
    const char *session_id; /**< NULL: not given. */
    double mass_kg;         /**< 0: not given. */
    double height_m;        /**< 0: not given. */
    double speed_mps;       /**< Mean speed of the run; 0: not given. */
    const char *task;   /**< "run", "walk", "knee-bend", "squat" or "stance"; NULL: not given. */
    int ignore_sidecar; /**< Not 0: do not look for NAME.json beside the file. */
    int no_autocalibration;   /**< Not 0: never rescale to 1 g. */
    const char *sidecar_json; /**< JSON object whose members win over those of the sidecar file;
                                 NULL: not given. */
} gait_recording_options;

/**
 * Set every field to "not given".
 *
 * @param[out] options not NULL
 *
 * Thread-safe: yes.
 */
GAIT_API void gait_recording_options_init(gait_recording_options *options);

/** What a recording is and how that was found out. Text lives as long as the recording; never NULL.
 */
typedef struct gait_recording_info {
    const char *file;             /**< Base name of the file. */
    const char *format;           /**< Name of the format row that read it. */
    const char *format_evidence;  /**< Why that format. */
    const char *sensor;           /**< Sensor inside the file; "" if the file holds one. */
    const char *sensor_source;    /**< "option", "first" if the file holds several and nobody chose,
                                     "" if it holds one. */
    const char *device;           /**< Make and serial if the file says so, else "". */
    const char *subject_id;       /**< "" if nobody said. */
    const char *session_id;       /**< "" if nobody said. */
    gait_placement placement;     /**< Where the sensor was. */
    gait_side side;               /**< Which side. */
    const char *placement_source; /**< "option", "sidecar", "file" or "unknown". */
    const char *side_source;      /**< "option", "sidecar", "file" or "unknown". */
    const char *unit;             /**< Unit of the acceleration in the file. */
    const char *unit_source;      /**< "option", "sidecar", "file" or "guess". */
    const char *unit_evidence;    /**< Why that unit: header text, or the magnitude at rest. */
    const char *column_evidence;  /**< Which column was taken for what. */
    const char *time_evidence;    /**< How the time stamps were understood. */
    const char *calibration;      /**< Whether samples were rescaled so that stillness reads 1 g: by
                                     whom, or why not. */
    const char *range_source;     /**< "option", "sidecar", "file", "guess" (by clipped peaks, once
                                     all is read) or "unknown". */
    double nominal_rate_hz;       /**< Rate that was declared; NaN if none was. */
    double rate_hz;         /**< Rate that was measured at the start; what analysis begins with. */
    double range_g;         /**< Accelerometer full scale; NaN if unknown. */
    int has_gyro;           /**< 1 if angular rates are there. */
    int dead_axes;          /**< Bit k set: axis k (x, y, z = 0, 1, 2) is constant at the start. */
    double start_s;         /**< Time of the first frame on the recording's own clock. */
    double start_unix_s;    /**< Absolute time of start_s, seconds since 1970; NaN if unknown. */
    const char *start_time; /**< The same as ISO 8601, with "Z", an offset or nothing behind it by
                               time_kind; "" if unknown. */
    gait_time_kind time_kind; /**< What start_unix_s means. */
    double utc_offset_s;      /**< Local time minus UTC; NaN if unknown. */
    int axes[3][3];   /**< Rows forward, up, right in sensor axes (-1, 0, 1), from the mounting; all
                         0: unknown. */
    int axes_known;   /**< Bit 0 forward, bit 1 up, bit 2 right. */
    double mass_kg;   /**< NaN if unknown. */
    double height_m;  /**< NaN if unknown. */
    double speed_mps; /**< NaN if unknown. */
    double slope_deg; /**< NaN if unknown. */
    double distance_m;       /**< NaN if unknown. */
    gait_side affected_side; /**< The painful side, if anyone said. */
    const char *task; /**< "run", "walk", "knee-bend", "squat", "stance"; "" if nobody said. */
    const char *sidecar_json; /**< The sidecar, compact; "" without one. */
} gait_recording_info;

/** What reading a recording found; complete after the last block. */
typedef struct gait_recording_quality {
    uint64_t n_frames;        /**< Frames delivered. */
    double duration_s;        /**< From the first to the last frame, gaps included. */
    double effective_rate_hz; /**< Frames per second inside segments. */
    double rate_jitter;       /**< Spread of the stamp intervals at the start, as a fraction of the
                                 interval. */
    uint64_t n_segments;      /**< Stretches without a gap. */
    uint64_t n_gaps;          /**< Gaps between and inside segments. */
    double gap_s;             /**< Time in gaps. */
    double filler_s;          /**< Time of frames that a device or program invented. */
    uint64_t n_clipped;       /**< Frames with an axis at the limit. */
    uint64_t n_duplicates;    /**< Frames dropped because they repeat. */
    uint64_t n_bad_blocks;    /**< Blocks or rows of the file that could not be read. */
    char first_bad[48];  /**< Where the first of them is: "byte 7680" (of log.bin in a GT3X file),
                            "line 17"; "" without one. */
    char broken_off[64]; /**< Where and why compressed data ended before their time ("byte 90:
                            the compressed data are damaged"); "" if they did not. */
    double calibration_error_before_g; /**< Mean distance of still windows from 1 g; NaN if not
                                          measured. */
    double calibration_error_after_g;  /**< The same after rescaling; NaN if not measured. */
    char content_hash[33]; /**< XXH3-128 of the file's bytes, hexadecimal; "" until read to the end.
                            */
} gait_recording_quality;

/** Per-frame marks of a block; 0 is an ordinary frame. */
enum {
    GAIT_FRAME_FILLED = 1,  /**< Interpolated across a short gap. */
    GAIT_FRAME_CLIPPED = 2, /**< At least one axis at its limit. */
    GAIT_FRAME_FILLER = 4   /**< Written by the device in place of data. */
};

/** A view of consecutive frames without a gap; valid until the next read. Frame i is at start_s + i
 * / rate_hz. */
typedef struct gait_block {
    size_t n_frames;       /**< 0: the recording has ended. */
    const float *accel_g;  /**< n_frames x 3, interleaved x y z; finite. */
    const float *gyro_dps; /**< n_frames x 3, or NULL without a gyroscope; finite. */
    const uint8_t *marks;  /**< n_frames marks, or NULL if all are 0. */
    double start_s;        /**< Time of the first frame. */
    double rate_hz;        /**< Measured rate of these frames. */
    int starts_segment;    /**< 1: there is a gap, or nothing, before this block. */
} gait_block;

/** One open recording. Opaque; one thread at a time. */
typedef struct gait_recording gait_recording;

/**
 * Open a recording and find out what it is.
 *
 * @param[out] recording set on success, untouched otherwise; close it with gait_recording_close()
 * @param[in]  path      file name; `.gz` is read through
 * @param[in]  options   NULL: nothing is known better than the file; copied
 * @param[out] err       may be NULL
 * @return GAIT_OK; GAIT_NOT_FOUND no such file or sensor; GAIT_IO; GAIT_FORMAT not a recording, or
 * a damaged one; GAIT_UNSUPPORTED recognised but not readable for gait; GAIT_INVALID option or
 *         sidecar; GAIT_NOMEM
 *
 * Thread-safe: yes, for different recordings.
 */
GAIT_API GAIT_MUST_USE gait_status gait_recording_open(gait_recording **recording, const char *path,
                                                       const gait_recording_options *options,
                                                       gait_error *err);

/**
 * Open a recording that is already in memory, as if it were a file called @p name.
 *
 * @param[out] recording set on success, untouched otherwise
 * @param[in]  name      used for its extension and in messages; no file is touched
 * @param[in]  bytes     @p size bytes, to stay unchanged until the recording is closed
 * @param[in]  size      in bytes
 * @param[in]  options   NULL: defaults
 * @param[out] err       may be NULL
 * @return as gait_recording_open()
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_recording_open_memory(gait_recording **recording,
                                                              const char *name, const void *bytes,
                                                              size_t size,
                                                              const gait_recording_options *options,
                                                              gait_error *err);

/** What the recording is. Lives as long as the recording. Thread-safe: yes, while nobody reads. */
GAIT_API const gait_recording_info *gait_recording_get_info(const gait_recording *recording);

/** What reading has found so far. Lives as long as the recording. Thread-safe: yes, while nobody
 * reads. */
GAIT_API const gait_recording_quality *gait_recording_get_quality(const gait_recording *recording);

/** Share of the file already read, 0 to 1, for a progress display. Thread-safe: yes, while nobody
 * reads. */
GAIT_API double gait_recording_progress(const gait_recording *recording);

/**
 * Read the next block.
 *
 * @param[in]  recording not NULL
 * @param[out] block     a view owned by the recording; n_frames 0 at the end
 * @param[out] err       may be NULL
 * @return GAIT_OK, also at the end; GAIT_IO; GAIT_FORMAT; GAIT_NOMEM
 *
 * Thread-safe: no, one reader per recording.
 */
GAIT_API GAIT_MUST_USE gait_status gait_recording_read(gait_recording *recording, gait_block *block,
                                                       gait_error *err);

/** Close and set to NULL; accepts NULL. Thread-safe: yes, for different recordings. */
GAIT_API void gait_recording_close(gait_recording **recording);

/** One input format. Constant, lives as long as the library. */
typedef struct gait_format {
    const char *name;       /**< "csv". */
    const char *about;      /**< One sentence. */
    const char *extensions; /**< Space-separated, without dots. */
} gait_format;

/** Row @p index of the format table, NULL behind the last. Thread-safe: yes. */
GAIT_API const gait_format *gait_format_at(size_t index);

/** One sensor inside a file. */
typedef struct gait_sensor_entry {
    const char *name;         /**< What to put behind the file name, FILE:SENSOR. */
    gait_placement placement; /**< As far as the file says. */
    gait_side side;           /**< As far as the file says. */
} gait_sensor_entry;

/**
 * Sensor @p index of the file behind an open recording.
 *
 * @return a row that lives as long as the recording, NULL behind the last; a file with one sensor
 * has none
 *
 * Thread-safe: yes, while nobody reads.
 */
GAIT_API const gait_sensor_entry *gait_recording_sensor_at(const gait_recording *recording,
                                                           size_t index);

/**
 * Asks whether it is sure which sensor is read: the file has one, or somebody chose.
 *
 * @return GAIT_OK; GAIT_INVALID where the file holds several and none was chosen (@p err names two
 * of them) or for NULL
 *
 * Thread-safe: yes, while nobody reads.
 */
GAIT_API gait_status gait_recording_check_sensor(const gait_recording *recording, gait_error *err);

#ifdef __cplusplus
}
#endif

#endif
