/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/bend_fit.h"

#include <math.h>
#include <string.h>

enum { BEGIN, LOWEST, END, HOLD, DEPTH, BEFORE, AFTER, PARTS };
enum { MOST_ROUNDS = 40 };

static const double pi = 3.14159265358979323846;
static const double nudge = 1e-4; /* frames or degrees, for slopes */
static const double first_damping = 1e-3, least_gain = 1e-7;
static const double shortest_way = 5; /* frames */

/* Sums over the frames of slopes of the course times each other, and times what is left over. */
struct equations {
    double slopes[PARTS][PARTS], rest[PARTS];
};

double half_cosine(double share)
{
    return 0.5 * (1 - cos(pi * share));
}

double least_jerk(double share)
{
    return share * share * share * (10 - 15 * share + 6 * share * share);
}

/* What is fitted to which frames. */
struct task {
    const double *lean_deg;
    size_t from, to;
    bend_way *way;
};

static double course_at(bend_way *way, const double p[PARTS], double at)
{
    double hold = fabs(p[HOLD]), down = p[LOWEST] - hold / 2 - p[BEGIN];
    double up = p[END] - p[LOWEST] - hold / 2;
    double share = at < p[LOWEST] ? (at - p[BEGIN]) / down : (p[END] - at) / up;
    double along = fmin(fmax((at - p[BEGIN]) / (p[END] - p[BEGIN]), 0), 1);
    return p[BEFORE] + along * (p[AFTER] - p[BEFORE]) + p[DEPTH] * way(fmin(fmax(share, 0), 1));
}

static int is_sensible(const struct task *task, const double p[PARTS])
{
    double half = fabs(p[HOLD]) / 2;
    return p[BEGIN] >= (double)task->from && p[END] < (double)task->to && p[DEPTH] > 0 &&
           p[LOWEST] - half - p[BEGIN] >= shortest_way && p[END] - p[LOWEST] - half >= shortest_way;
}

static double misfit(const struct task *task, const double p[PARTS])
{
    double sum = 0;
    for (size_t i = task->from; i < task->to; i++) {
        double off = task->lean_deg[i] - course_at(task->way, p, (double)i);
        sum += off * off;
    }
    return sum;
}

static void gather(const struct task *task, const double p[PARTS], struct equations *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = task->from; i < task->to; i++) {
        double here = course_at(task->way, p, (double)i), slope[PARTS];
        for (size_t k = 0; k < PARTS; k++) {
            double moved[PARTS];
            memcpy(moved, p, sizeof moved);
            moved[k] += nudge;
            slope[k] = (course_at(task->way, moved, (double)i) - here) / nudge;
        }
        for (size_t k = 0; k < PARTS; k++) {
            out->rest[k] += slope[k] * (task->lean_deg[i] - here);
            for (size_t j = 0; j < PARTS; j++) out->slopes[k][j] += slope[k] * slope[j];
        }
    }
}

/* The step that the damped equations ask for, by Cholesky's factors; 0 if they have none. */
static int solve(const struct equations *equations, double damping, double step[PARTS])
{
    double l[PARTS][PARTS];
    for (size_t k = 0; k < PARTS; k++) {
        for (size_t j = 0; j <= k; j++) {
            double sum = equations->slopes[k][j];
            if (j == k) sum += damping * sum + 1e-12;
            for (size_t m = 0; m < j; m++) sum -= l[k][m] * l[j][m];
            if (j == k && !(sum > 0)) return 0;
            l[k][j] = j == k ? sqrt(sum) : sum / l[j][j];
        }
    }
    for (size_t k = 0; k < PARTS; k++) {
        double sum = equations->rest[k];
        for (size_t m = 0; m < k; m++) sum -= l[k][m] * step[m];
        step[k] = sum / l[k][k];
    }
    for (size_t k = PARTS; k-- > 0;) {
        for (size_t m = k + 1; m < PARTS; m++) step[k] -= l[m][k] * step[m];
        step[k] /= l[k][k];
    }
    return 1;
}

static double descend(const struct task *task, double p[PARTS])
{
    double damping = first_damping, left = misfit(task, p);
    for (int round = 0; round < MOST_ROUNDS && damping < 1e6; round++) {
        struct equations equations;
        double step[PARTS], next[PARTS];
        gather(task, p, &equations);
        int is_solved = solve(&equations, damping, step);
        for (size_t k = 0; k < PARTS && is_solved; k++) next[k] = p[k] + step[k];
        double now = is_solved && is_sensible(task, next) ? misfit(task, next) : (double)INFINITY;
        if (!(now < left)) {
            damping *= 10;
            continue;
        }
        memcpy(p, next, sizeof next);
        damping /= 10;
        int is_there = now > (1 - least_gain) * left;
        left = now;
        if (is_there) break;
    }
    return left;
}

double bend_fit(const double *lean_deg, size_t from, size_t to, bend_way *way,
                struct bend_course *course)
{
    const struct task task = {lean_deg, from, to, way};
    double p[PARTS] = {course->begin,     course->lowest,     course->end,      course->hold,
                       course->depth_deg, course->before_deg, course->after_deg};
    if (!is_sensible(&task, p)) return misfit(&task, p);
    double left = descend(&task, p);
    *course = (struct bend_course){p[BEGIN], p[LOWEST], p[END],  fabs(p[HOLD]),
                                   p[DEPTH], p[BEFORE], p[AFTER]};
    return left;
}
