# SPDX-License-Identifier: BSD-3-Clause
"""Fits how reliable a walk is by what its detector says against it (lib/gait/detect/reliability.h).

Usage: fit_reliability.py GAIT WALK_EVIDENCE
A set of events (one recording, one kind of event) counts as right with an F1 of .9 and more, as gait
compare scores it; sets between .9 and .95 count little. Prints the constants of lib/gait/detect/fitted.h and
how many sets would be told rightly, each person left out in turn. GAIT_DATA_DIR as for accuracy.py."""
import os
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from scoring import Bench, moments, person

RIGHT, CLEARLY_RIGHT, LITTLE = 0.9, 0.95, 0.3
BEFORE_S, BEHIND_S = 2, 15  # of a walk, that the program looks at as well
RIDGE = 0.3
# what is fitted, evidence's detector, sets and the detectors scored, by how much a wrong set weighs more
# than a right one, least_wrong, whether the number of strikes counts
FITS = [
    ("foot_walk_reliability", "foot", [("voisard_walk/*foot*", d, 50) for d in ("foot", None)], 4, 0.01, False),
    ("back_walk_reliability", "back-walk", [(p, None, 100) for p in ("voisard_walk/*lowback*", "mobgap_walk/*")], 3,
     0.05, True),
]


def evidence(bench, program, detector, recording, summary):
    walks = [(float(b["start_s"]), float(b["end_s"])) for b in bench.table(summary, "bouts") if b["activity"] == "walk"]
    words = []
    for k, (start, end) in enumerate(walks):
        behind = min([end + BEHIND_S] + [w[0] for w in walks[k + 1:]])
        words += [str(start - BEFORE_S), str(end), str(behind)]
    done = subprocess.run([program, detector, recording, *words], capture_output=True, text=True, check=True)
    return np.array([[float(x) for x in line.split()] for line in done.stdout.splitlines()])


def gather(bench, program, detector, patterns):
    """(person, F1, evidence of its stretches) of each set of events."""
    rows = []
    for pattern, scored, tolerance_ms in patterns:
        found = dict(bench.each(pattern, scored, lambda r, s: (r, evidence(bench, program, detector, r, s))))
        for what in ("foot_strike", "toe_off"):
            for recording, scores in bench.scores(pattern, what, tolerance_ms, scored):
                if scores and len(found[recording]):
                    rows.append((person(recording), moments(scores)["f1"], found[recording]))
    return rows


def terms(stretches, least_wrong, counts):
    """Means over the strikes: 1, -ln wrong, -odd, ln strikes."""
    n, wrong, odd = stretches.T
    share = n / n.sum()
    return np.array([1, -share @ np.log(wrong + least_wrong), -share @ odd, share @ np.log(n) if counts else 0])


def logistic(x, y, weight):
    """Newton steps; a pinch of ridge on all but the constant."""
    b = np.zeros(x.shape[1])
    ridge = RIDGE * np.eye(len(b))
    ridge[0, 0] = 1e-9
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ b))
        b += np.linalg.solve(x.T @ (x * (weight * p * (1 - p))[:, None]) + ridge, x.T @ (weight * (y - p)) - ridge @ b)
    return b


def main():
    gait, program = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(gait, os.environ["GAIT_DATA_DIR"], folder, 1)
        for name, detector, patterns, weight_of_wrong, least_wrong, counts in FITS:
            rows = gather(bench, program, detector, patterns)
            f1 = np.array([r[1] for r in rows])
            x = np.array([terms(r[2], least_wrong, counts) for r in rows])
            y = (f1 >= RIGHT).astype(float)
            weight = np.where(f1 < RIGHT, weight_of_wrong, np.where(f1 < CLEARLY_RIGHT, LITTLE, 1))
            sure = np.zeros(len(rows))
            for one in sorted({r[0] for r in rows}):
                out = np.array([r[0] == one for r in rows])
                sure[out] = x[out] @ logistic(x[~out], y[~out], weight[~out]) > 0
            b = logistic(x, y, weight)
            print(f"{name} = {{{b[0]:.1f}, {b[1]:.1f}, {least_wrong}, {b[2]:.1f}, {b[3]:.1f}}}: of {len(rows)} sets of "
                  f"{len({r[0] for r in rows})} people, each left out in turn, {int(sure[f1 < RIGHT].sum())} of "
                  f"{(f1 < RIGHT).sum()} wrong ones and {int(sure[f1 >= CLEARLY_RIGHT].sum())} of "
                  f"{(f1 >= CLEARLY_RIGHT).sum()} right ones are more likely right")


main()
