# SPDX-License-Identifier: BSD-3-Clause
"""Compares settings of how a shoe's walking strides are brought together (foot_walk_alike in
lib/gait/detect/fitted.h), on all decoded events of the hand-marked walks, also those too doubtful to be told.

Usage: /usr/bin/python3 compare_alignment.py GAIT WALK_EVIDENCE
For each setting F1 and error; then which setting nine of the ten people choose, and F1 and error of each person left
out under the others' choice, which is by F1 of strikes and toe-offs together. GAIT_DATA_DIR as for accuracy.py."""
import collections
import math
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fit_reliability import FEET, KINDS, evidence
from scoring import Bench, match, person, read_truth

# seconds before and behind an event that are compared, how far it may move, what a move of 10 ms costs
SETTINGS = [(0.30, 0.15, 0.04, 0.007), (0.30, 0.30, 0.04, 0.012), (0.30, 0.30, 0.04, 0.007), (0.20, 0.10, 0.04, 0.007),
            (0.20, 0.20, 0.04, 0.007), (0.40, 0.15, 0.04, 0.007), (0.40, 0.40, 0.04, 0.020), (0.30, 0.15, 0.03, 0.007),
            (0.30, 0.15, 0.04, 0.004), (0.30, 0.15, 0.04, 0.020)]
TOLERANCE_S = 0.05


class Count:
    """Reference, decoded and matched events and their squared errors; adds up."""

    def __init__(self, n=0, found=0, matched=0, squares=0.0):
        self.n, self.found, self.matched, self.squares = n, found, matched, squares

    def __add__(self, other):
        return Count(self.n + other.n, self.found + other.found, self.matched + other.matched,
                     self.squares + other.squares)

    f1 = property(lambda self: 2 * self.matched / (self.n + self.found))
    rmse_ms = property(lambda self: 1000 * math.sqrt(self.squares / self.matched))


def count(truth, found):
    found = [t for t in found if min(truth) - TOLERANCE_S <= t <= max(truth) + TOLERANCE_S]
    pairs, _ = match(truth, found, TOLERANCE_S)
    return Count(len(truth), len(found), len(pairs), sum((truth[i] - found[k])**2 for i, k in pairs.items()))


def score(bench, program, asked, setting):
    """{(person, kind): Count}"""
    os.environ["ALIKE"] = f"{-setting[0]} {setting[1]} {setting[2]} {setting[3]}"
    scores = collections.defaultdict(Count)
    for recording, lines in bench.each(FEET, None, lambda r, s: (r, evidence(bench, program, asked, r, s))):
        rows = [line.split() for line in lines if line.startswith("event")]
        for k, kind in enumerate(KINDS):
            truth = [r["time_s"] for r in read_truth(recording) if r["event"] == kind]
            scores[person(recording), kind] += count(truth, [float(r[2]) for r in rows if int(r[1]) == k])
    return scores


def total(scores, wanted):
    return sum((c for key, c in scores.items() if wanted(*key)), Count())


def choose(scored, people):
    f1 = [total(scores, lambda who, kind: who in people).f1 for scores in scored]
    return f1.index(max(f1))


def text(c):
    return f"F1 {c.f1:.4f}, {c.rmse_ms:.1f} ms"


def main():
    gait, program = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(gait, os.environ["GAIT_DATA_DIR"], folder)
        for asked in ("foot", "foot-gyro"):
            scored = [score(bench, program, asked, setting) for setting in SETTINGS]
            people = {who for who, _ in scored[0]}
            for setting, scores in zip(SETTINGS, scored):
                print(asked, setting, *[f"{kind} {text(total(scores, lambda _, k: k == kind))}" for kind in KINDS])
            chosen = {one: choose(scored, people - {one}) for one in people}
            print(asked, "all choose", SETTINGS[choose(scored, people)], "; nine of ten:",
                  {SETTINGS[k]: n for k, n in collections.Counter(chosen.values()).items()})
            for kind in KINDS:
                out = sum((scored[k][one, kind] for one, k in chosen.items()), Count())
                print(asked, kind, "each person left out:", text(out))


main()
