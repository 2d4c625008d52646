/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "report/canvas.h"
#include "report/pen.h"
#include "report/view.h"

/* A chart is data, scales with ticks at round numbers, and marks. */

struct scale {
    double low, high;
};

enum mark_kind {
    MARK_LINE,   /* through x, y; NaN breaks it */
    MARK_BAND,   /* between low and high at x */
    MARK_DOTS,   /* at x, y */
    MARK_RINGS,  /* at x, y, to be seen first */
    MARK_RULE,   /* a level y[0] across */
    MARK_SHADE,  /* from low[0] to high[0] on the x axis */
    MARK_BARS,   /* from 0 to y at x */
    MARK_RANGES, /* from low to high on the x axis with a dot at x, in row y */
};

struct mark {
    enum mark_kind kind;
    enum ink ink;
    int is_dashed;
    size_t n;
    const double *x, *y, *low, *high;
};

enum { MOST_MARKS = 12, MOST_PANELS = 4, MOST_KEYS = 5 };

struct panel {
    const char *label; /* what y is */
    struct scale y;
    size_t n_rows; /* of names; 0: y has ticks */
    const char *const *row_names;
    size_t n_marks;
    struct mark marks[MOST_MARKS];
};

struct key {
    enum mark_kind kind;
    enum ink ink;
    int is_dashed;
    const char *label;
};

struct chart {
    const char *key;         /* of its row in the chart table */
    const char *title;       /* what it shows */
    const char *description; /* the same in words, for who cannot see it */
    struct pen *pen;
    struct scale x;
    int x_whole; /* 1: ticks at whole numbers only */
    const char *x_label;
    size_t n_panels;
    struct panel panels[MOST_PANELS];
    size_t n_keys;
    struct key keys[MOST_KEYS];
};

/* Fills a cleared chart; 0 if there is nothing to show. */
typedef int chart_fn(struct chart *chart, const struct view *view);

struct chart_row {
    const char *key;
    enum word title;
    chart_fn *make;
};

/* Row of the chart table, NULL behind the last. */
const struct chart_row *chart_row(size_t index);

chart_fn chart_timing, chart_impact, chart_pronation, chart_drift, chart_stride, chart_sessions;

/* Adds marks; what does not fit any more is left out. */
struct panel *chart_panel(struct chart *chart, const char *label);
void panel_mark(struct panel *panel, const struct mark *mark);
void chart_key(struct chart *chart, const struct key *key);

/* The ink of a side, and whether its lines are dashed. */
enum ink side_ink(const char *side);
int side_is_dashed(const char *side);

/* Appends one sentence to the description. */
void chart_describe(struct chart *chart, const char *sentence);

/* Takes values into the scale; starts empty with low > high. */
extern const struct scale empty_scale;
void scale_take(struct scale *scale, const double *values, size_t n);

/* Distance of ticks at 1, 2 or 5 times a power of ten, at most so many of them. */
double tick_step(const struct scale *scale, size_t most);
int tick_decimals(double step);

/* The scale widened to ticks. */
struct scale scale_round(const struct scale *scale, size_t most);

void chart_draw(const struct chart *chart, struct canvas *canvas, double width, double height);

/* A line of values so small that it stands in a table. */
struct spark {
    size_t n;
    const double *value; /* NaN breaks it */
    size_t marked;       /* drawn as a dot; n: none */
    int is_bars;
    const char *description;
};

void spark_draw(const struct spark *spark, struct canvas *canvas, double width, double height);

#endif
