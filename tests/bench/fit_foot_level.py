# SPDX-License-Identifier: BSD-3-Clause
"""Fits how late all toe-offs of a shoe's walk are by the forward acceleration before the median one
(lib/gait/detect/foot_level.h), by the accelerometer alone, on the hand-marked walks.

Usage: fit_foot_level.py GAIT WALK_EVIDENCE
Prints the constants of foot_walk_toe_off_level in lib/gait/detect/fitted.h, and the error of the toe-offs without them,
with them, and each person left out in turn; then the bias that is left in recordings to which they were not fitted.
GAIT_DATA_DIR as for accuracy.py."""
import os
import sys
import tempfile

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fit_reliability import FEET, KINDS, evidence
from scoring import Bench, match, person, read_truth

TOLERANCE_S = 0.05
KIND = "toe_off"
OTHERS = "gaitmap_walk/*"


class Level:
    """Of one recording: errors of its toe-offs before they were moved, and the acceleration before the median one."""

    def __init__(self, recording, lines):
        truth = [r["time_s"] for r in read_truth(recording) if r["event"] == KIND]
        before, levels, late_s = [], [], 0
        for word, *values in (line.split() for line in lines):
            if word == "late":
                late_s, level_g = map(float, values)
                levels.append(level_g)
            elif word == "event" and int(values[0]) == KINDS.index(KIND):
                before.append(float(values[1]) + late_s)
        pairs, _ = match(truth, before, TOLERANCE_S)
        self.person = person(recording)
        self.error_ms = 1000 * np.array([before[k] - truth[i] for i, k in pairs.items()])
        self.terms = np.array([1, np.nanmedian(levels)]) if len(self.error_ms) else None


def gather(bench, program, pattern):
    found = bench.each(pattern, "foot", lambda r, s: Level(r, evidence(bench, program, "foot", r, s)))
    return [level for level in found if len(level.error_ms)]


def fit(levels):
    """Every event counts once."""
    weight = np.sqrt([len(level.error_ms) for level in levels])
    x, y = np.array([level.terms for level in levels]), np.array([level.error_ms.mean() for level in levels])
    return np.linalg.lstsq(x * weight[:, None], y * weight, rcond=None)[0]


def rmse_ms(levels, late_ms):
    return np.sqrt(np.mean(np.concatenate([level.error_ms - late for level, late in zip(levels, late_ms)])**2))


def main():
    gait, program = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(gait, os.environ["GAIT_DATA_DIR"], folder, 2)
        levels, others = (gather(bench, program, pattern) for pattern in (FEET, OTHERS))
    b = fit(levels)
    people = {level.person for level in levels}
    left_out = {one: fit([level for level in levels if level.person != one]) for one in people}
    print(f"late_ms {b[0]:.1f}, ms_per_g {b[1]:.1f}")
    print(f"{rmse_ms(levels, [0] * len(levels)):.1f} ms without, {rmse_ms(levels, [l.terms @ b for l in levels]):.1f} "
          f"with it, each person left out {rmse_ms(levels, [l.terms @ left_out[l.person] for l in levels]):.1f}")
    for level in others:
        bias_ms = level.error_ms.mean()
        print(f"{OTHERS}: {bias_ms:+.1f} ms without, {bias_ms - level.terms @ b:+.1f} with it")


main()
