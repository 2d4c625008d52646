/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_ANALYSIS_H
#define GAIT_ANALYSIS_H

#include <stddef.h>
#include <stdint.h>

#include <gait/detector.h>
#include <gait/error.h>
#include <gait/metric.h>
#include <gait/recording.h>
#include <gait/setting.h>

/**
 * @file
 * One sensor: push blocks of samples, pull bouts with their events, strides and metrics.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** What the person does. */
typedef enum gait_activity {
    GAIT_REST = 0,       /**< Standing, sitting, lying, sensor put away. */
    GAIT_WALK,           /**< Walking. */
    GAIT_RUN,            /**< Running. */
    GAIT_OTHER_ACTIVITY, /**< Moving, but neither walking nor running. */
    GAIT_KNEE_BEND,      /**< A functional test: bending one knee while standing on that leg. */
    GAIT_SQUAT,          /**< A functional test: bending both knees. */
    GAIT_STANCE,         /**< A functional test: standing on one leg. */
    GAIT_N_ACTIVITIES    /**< Number of values above. */
} gait_activity;

/** Lower-case name ("run", "knee-bend"); "unknown" for values outside the enumeration. Thread-safe:
 * yes. */
GAIT_API const char *gait_activity_name(gait_activity activity);

/** What happened. */
typedef enum gait_event_type {
    GAIT_FOOT_STRIKE = 0, /**< Initial contact: the foot meets the ground. */
    GAIT_TOE_OFF,         /**< Terminal contact: the foot leaves the ground. */
    GAIT_BEND_START,      /**< A repetition of a functional test begins. */
    GAIT_BEND_LOWEST,     /**< Its lowest point. */
    GAIT_BEND_END,        /**< It ends: the body is up again. */
    GAIT_BEND_ABORTED, /**< Lowest point of one that was begun and broken off; it does not count. */
    GAIT_STANCE_START, /**< A posture is taken, as on one leg. */
    GAIT_STANCE_END,   /**< It is given up. */
    GAIT_N_EVENT_TYPES /**< Number of values above. */
} gait_event_type;

/** Name as in a summary ("foot_strike"); "unknown" for values outside the enumeration. Thread-safe:
 * yes. */
GAIT_API const char *gait_event_type_name(gait_event_type type);

/** Why a value is missing or to be doubted; bits of every flags field. */
enum {
    GAIT_FLAG_GAP = 1 << 0,             /**< Samples are missing inside. */
    GAIT_FLAG_INTERPOLATED = 1 << 1,    /**< Touches samples filled across a short gap. */
    GAIT_FLAG_CLIPPED = 1 << 2,         /**< The sensor was at its limit: peaks are lower bounds. */
    GAIT_FLAG_LOW_RATE = 1 << 3,        /**< The sampling rate is too low for it. */
    GAIT_FLAG_NO_ALIGNMENT = 1 << 4,    /**< The body axes could not be found. */
    GAIT_FLAG_SIGN_UNSURE = 1 << 5,     /**< The direction of an axis is a guess. */
    GAIT_FLAG_FEW = 1 << 6,             /**< Too few strides. */
    GAIT_FLAG_SHORT = 1 << 7,           /**< Too short a stretch. */
    GAIT_FLAG_LOW_CONFIDENCE = 1 << 8,  /**< The events it rests on are doubtful. */
    GAIT_FLAG_DEAD_AXIS = 1 << 9,       /**< An axis does not move. */
    GAIT_FLAG_UNIT_GUESSED = 1 << 10,   /**< The unit was guessed from the magnitude. */
    GAIT_FLAG_SPEED_UNKNOWN = 1 << 11,  /**< Depends on speed, which nobody gave. */
    GAIT_FLAG_NO_EVENT = 1 << 12,       /**< An event it needs was not found. */
    GAIT_FLAG_SIDE_UNKNOWN = 1 << 13,   /**< Needs the side of the body. */
    GAIT_FLAG_GROUNDED = 1 << 14,       /**< Running without flight. */
    GAIT_FLAG_GAIT_UNCERTAIN = 1 << 15, /**< Walking or running: could be either. */
    GAIT_FLAG_MOUNT = 1 << 16,          /**< The sensor rings or turns on the body. */
    GAIT_FLAG_HARD_LANDING = 1 << 17,   /**< Impact far above its neighbours. */
    GAIT_FLAG_IMPLAUSIBLE = 1 << 18     /**< A value that no living person gives was left out. */
};

/** Short name of one flag bit, "clipped"; NULL if @p bit is not one of them. Thread-safe: yes. */
GAIT_API const char *gait_flag_name(unsigned bit);

/** One event. Plain. */
typedef struct gait_event {
    gait_event_type type; /**< Foot strike or toe-off. */
    gait_side side;       /**< Which foot, as far as known. */
    double time_s;        /**< When. */
    double uncertainty_s; /**< One standard deviation of time_s. */
    double confidence;    /**< 0 to 1 that there is such an event within 50 ms; in walking at the
                               foot and the lower back times how reliable the whole walk is. */
    uint32_t flags;       /**< GAIT_FLAG bits. */
} gait_event;

/** From one foot strike to the next of the same foot; in a functional test one repetition. Plain;
 * metrics are columns of the bout. */
typedef struct gait_stride {
    gait_side side;    /**< Which foot, as far as known. */
    double start_s;    /**< Foot strike; begin of the repetition. */
    double toe_off_s;  /**< Toe-off of the same foot, NaN if not found; its lowest point. */
    double end_s;      /**< Next foot strike of the same foot; end of the repetition. */
    double confidence; /**< Of the weakest event it rests on. */
    uint32_t flags;    /**< GAIT_FLAG bits. */
} gait_stride;

/** One stretch of one activity. A view, valid until the next bout is pulled. At a foot that walked,
 * steps taken up to 15 s after the end count to it. */
typedef struct gait_bout {
    gait_activity activity;       /**< What it is. */
    double start_s;               /**< Begin. */
    double end_s;                 /**< End. */
    double confidence;            /**< 0 to 1 that the activity is right. */
    double cadence_steps_per_min; /**< Steps of both feet per minute; NaN at rest. */
    double n_steps;               /**< Steps of both feet, counted or estimated; 0 at rest. */
    uint32_t flags;               /**< GAIT_FLAG bits. */
    size_t n_events;              /**< Length of events. */
    const gait_event *events;     /**< In order of time. */
    size_t n_strides;             /**< Length of strides and of every metric column. */
    const gait_stride *strides;   /**< In order of time. */
    const double *const
        *metrics; /**< metrics[m] is a column of n_strides values; see gait_bout_metric(). */
} gait_bout;

/**
 * One metric of every stride of a bout.
 *
 * @param[in] bout not NULL
 * @param[in] key  from the metric table
 * @return n_strides values, NaN where the stride's flags say why; NULL if there is no such metric
 *
 * Thread-safe: yes.
 */
GAIT_API const double *gait_bout_metric(const gait_bout *bout, const char *key);

/** What the analysis of one sensor needs to know. Plain; initialise it. */
typedef struct gait_options {
    gait_placement placement; /**< Must be known. */
    gait_side side;           /**< Decides what is medial; may be unknown. */
    double range_g;           /**< Accelerometer full scale; NaN: found from the data. */
    int axes[3][3];           /**< As in gait_recording_info; all 0: found from the data. */
    int axes_known;           /**< Bit 0 forward, bit 1 up, bit 2 right. */
    int dead_axes;            /**< Bit k set: axis k measures nothing and is left out. */
    double speed_mps;         /**< NaN: unknown. */
    gait_activity task;   /**< GAIT_KNEE_BEND, GAIT_SQUAT or GAIT_STANCE: the recording is of that
                             test; else what the person does is found from the data. */
    const char *detector; /**< Name of a detector; NULL: the default for placement and activity. */
    gait_settings settings; /**< Limits and constants. */
} gait_options;

/** Set every field to "unknown" and every setting to its standard value. Thread-safe: yes. */
GAIT_API void gait_options_init(gait_options *options);

/** Take placement, side, range, axes, speed and task from what a recording says of itself.
 * Thread-safe: yes. */
GAIT_API void gait_options_from_recording(gait_options *options, const gait_recording_info *info);

/** The analysis of one sensor. Opaque; one thread at a time. */
typedef struct gait_analysis gait_analysis;

/**
 * Begin the analysis of one sensor.
 *
 * @param[out] analysis set on success; free it with gait_analysis_free()
 * @param[in]  options  copied; the detector's name too
 * @param[out] err      may be NULL
 * @return GAIT_OK; GAIT_INVALID placement unknown, or the detector does not work there;
 *         GAIT_NOT_FOUND no such detector; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_analysis_new(gait_analysis **analysis,
                                                     const gait_options *options, gait_error *err);

/**
 * Push the next samples, in order of time; how they are cut into blocks does not change any result.
 *
 * @param[in]  analysis not NULL, not finished
 * @param[in]  block    as read from a recording, or filled by the caller: finite samples, rate 25
 * to 20000 Hz
 * @param[out] err      may be NULL
 * @return GAIT_OK; GAIT_INVALID rate, time or samples (nothing taken); GAIT_UNSUPPORTED below 25
 * Hz; GAIT_NOMEM
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_analysis_feed(gait_analysis *analysis,
                                                      const gait_block *block, gait_error *err);

/**
 * Say that there are no more samples.
 *
 * @return GAIT_OK; GAIT_INVALID called twice; GAIT_NOMEM
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_analysis_finish(gait_analysis *analysis, gait_error *err);

/**
 * Pull the next bout that is complete.
 *
 * @param[in]  analysis not NULL
 * @param[out] bout     a view owned by the analysis, valid until the next call
 * @return 1 if there was one, 0 if more samples are needed or all are told
 *
 * Thread-safe: no.
 */
GAIT_API int gait_analysis_next_bout(gait_analysis *analysis, gait_bout *bout);

/** Which way the body axes were found to point in the sensor's. */
typedef struct gait_alignment {
    double forward[3]; /**< Unit vector in sensor axes; NaN if not found. */
    double up[3];      /**< Unit vector; NaN if not found. */
    double right[3];   /**< Unit vector; NaN if not found. */
    double confidence; /**< 0 to 1. */
    uint32_t flags;    /**< GAIT_FLAG bits. */
    int stood_still;   /**< 1: gravity was seen while standing still near the bout. */
} gait_alignment;

/** The alignment of the longest bout so far. Lives until the next feed. Thread-safe: no. */
GAIT_API const gait_alignment *gait_analysis_alignment(const gait_analysis *analysis);

/** Free and set to NULL; accepts NULL. Thread-safe: yes, for different analyses. */
GAIT_API void gait_analysis_free(gait_analysis **analysis);

#ifdef __cplusplus
}
#endif

#endif
