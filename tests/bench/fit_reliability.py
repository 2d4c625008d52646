# SPDX-License-Identifier: BSD-3-Clause
"""Fits how far events of walking are to be trusted, each by itself and a walk as a whole.

Usage: fit_reliability.py GAIT WALK_EVIDENCE
An event of a shoe is right if the reference has one within the tolerance (foot_trust.h). A set of events (one
recording, one kind of event) counts as right with an F1 of .9 and more, as gait compare scores it; sets between .9
and .95 count little (reliability.h). Prints the constants of lib/gait/detect/fitted.h, and how many sets would be
sure (mean confidence of .5 and more), as fitted and each person left out in turn. GAIT_DATA_DIR as for accuracy.py."""
import os
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from scoring import Bench, match, moments, person, read_truth

RIGHT, CLEARLY_RIGHT, LITTLE = 0.9, 0.95, 0.3
BEFORE_S, BEHIND_S = 2, 15  # of a walk, that the program looks at as well
RIDGE = 0.3
KINDS = ["foot_strike", "toe_off"]
FEET, BACK = "voisard_walk/*foot*", "voisard_walk/*lowback*"
LEAST_DOUBT, UNKNOWN_LIKENESS, LEAST_CONFIDENCE, LEAST_UNLIKE = 0.01, 0.3, 0.4, 0.02  # as in fitted.h
# what is fitted; sets, the detector scored and the one asked for evidence; tolerance; by how much a wrong set weighs
# more than a right one; least_wrong; what counts beside it
FITS = [
    ("foot_walk_reliability", [(FEET, "foot", "foot"), (FEET, None, "foot-gyro")], 50, 60, 0.01, ["unlike", "kind"]),
    ("back_walk_reliability", [(p, None, "back-walk") for p in (BACK, "mobgap_walk/*")], 100, 3, 0.05,
     ["odd", "strikes"]),
]


class EventSet:
    """Events of one kind in one recording, and what its detector says against them."""

    def __init__(self, recording, kind, f1, confidence, evidence):
        self.person, self.kind, self.f1, self.confidence = person(recording), KINDS.index(kind), f1, confidence
        lines = [line.split() for line in evidence]
        self.walks = np.array([line[1:] for line in lines if line[0] == "walk"], float)
        own = [line[2:] for line in lines if line[0] == "event" and int(line[1]) == self.kind]
        self.events = np.array(own, float).reshape(-1, 3)
        self.judge([r["time_s"] for r in read_truth(recording) if r["event"] == kind])

    def judge(self, truth, tolerance_s=0.05):
        inside = [min(truth) - tolerance_s <= t <= max(truth) + tolerance_s for t in self.events[:, 0]]
        self.events = self.events[inside]
        _, right = match(truth, list(self.events[:, 0]), tolerance_s)
        self.right = np.array([k in right for k in range(len(self.events))], float)

    def event_terms(self):
        likeness = np.nan_to_num(self.events[:, 1], nan=UNKNOWN_LIKENESS)
        doubt = np.maximum(1 - self.events[:, 2], 0) + LEAST_DOUBT
        return np.column_stack([np.ones(len(doubt)), likeness, -np.log(doubt)])

    def walk_terms(self, least_wrong):
        """Means over the strikes."""
        n, wrong, odd = self.walks[:, :3].T
        share, unlike = n / n.sum(), self.walks[:, 3 + self.kind]
        return {"wrong": -share @ np.log(wrong + least_wrong), "odd": -share @ odd, "strikes": share @ np.log(n),
                "unlike": -share @ np.log(unlike + LEAST_UNLIKE), "kind": float(self.kind == 0)}


def evidence(bench, program, detector, recording, summary):
    walks = [(float(b["start_s"]), float(b["end_s"])) for b in bench.table(summary, "bouts") if b["activity"] == "walk"]
    words = []
    for k, (start, end) in enumerate(walks):
        behind = min([end + BEHIND_S] + [w[0] for w in walks[k + 1:]])
        words += [str(start - BEFORE_S), str(end), str(behind)]
    done = subprocess.run([program, detector, recording, *words], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def gather(bench, program, sources, tolerance_ms):
    sets = []
    for pattern, scored, asked in sources:
        found = dict(bench.each(pattern, scored, lambda r, s: (r, evidence(bench, program, asked, r, s))))
        for kind in KINDS:
            for recording, scores in bench.scores(pattern, kind, tolerance_ms, scored):
                if scores and found[recording]:
                    sets.append(EventSet(recording, kind, moments(scores)["f1"], scores[0]["mean_confidence"],
                                         found[recording]))
    return sets


def logistic(x, y, weight, ridge=RIDGE):
    """Newton steps; a pinch of ridge on all but the constant."""
    b = np.zeros(x.shape[1])
    ridge = ridge * np.eye(len(b))
    ridge[0, 0] = 1e-9
    for _ in range(50):
        p = chance(x @ b)
        b += np.linalg.solve(x.T @ (x * (weight * p * (1 - p))[:, None]) + ridge, x.T @ (weight * (y - p)) - ridge @ b)
    return b


def chance(log_odds):
    return 1 / (1 + np.exp(-log_odds))


def trust_events(sets, kind):
    own = [s for s in sets if s.kind == kind]
    x, y = np.concatenate([s.event_terms() for s in own]), np.concatenate([s.right for s in own])
    return logistic(x, y, np.ones(len(y)), 0.1)


def mean_confidence(s, trust):
    """Of the events that are told, before the walk is weighed."""
    p = chance(s.event_terms() @ trust)
    return p[p >= LEAST_CONFIDENCE].mean() if (p >= LEAST_CONFIDENCE).any() else 0


def calibration(sets, left_out):
    """How often events are right beside how often they say so, each person left out."""
    p = np.concatenate([chance(s.event_terms() @ left_out[s.person][s.kind]) for s in sets])
    right = np.concatenate([s.right for s in sets])
    edges = [0, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99, 1.001]
    for low, high in zip(edges, edges[1:]):
        k = (p >= low) & (p < high)
        print(f"  events with a confidence of {low:.2f} to {high:.2f}: {k.sum()}, {100 * right[k].mean():.1f} % right")


def fit_events(sets, people):
    fitted = [trust_events(sets, kind) for kind in (0, 1)]
    left_out = {one: [trust_events([s for s in sets if s.person != one], kind) for kind in (0, 1)] for one in people}
    print("foot_walk_trust = {" + ", ".join(f"{{{a:.2f}, 0, {b:.2f}, {c:.2f}}}" for a, b, c in fitted) + "}")
    calibration(sets, left_out)
    return ([mean_confidence(s, fitted[s.kind]) for s in sets],
            [mean_confidence(s, left_out[s.person][s.kind]) for s in sets])


def told(sets, sure, f1):
    return (f"{int(sure[f1 < RIGHT].sum())} of {(f1 < RIGHT).sum()} wrong sets and {int(sure[f1 >= RIGHT].sum())} of "
            f"{(f1 >= RIGHT).sum()} right ones ({int(sure[f1 >= CLEARLY_RIGHT].sum())} of "
            f"{(f1 >= CLEARLY_RIGHT).sum()} with an F1 of .95) are sure")


def main():
    gait, program = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(gait, os.environ["GAIT_DATA_DIR"], folder, 1)
        for name, sources, tolerance_ms, weight_of_wrong, least_wrong, names in FITS:
            sets = gather(bench, program, sources, tolerance_ms)
            people = sorted({s.person for s in sets})
            means = left_out_means = np.ones(len(sets))
            if len(sets[0].events):
                means, left_out_means = fit_events(sets, people)
            f1 = np.array([s.f1 for s in sets])
            terms = [s.walk_terms(least_wrong) for s in sets]
            x = np.array([[1, t["wrong"]] + [t[k] for k in names] for t in terms])
            y = (f1 >= RIGHT).astype(float)
            weight = np.where(f1 < RIGHT, weight_of_wrong, np.where(f1 < CLEARLY_RIGHT, LITTLE, 1))
            left_out = np.zeros(len(sets))
            for one in people:
                out = np.array([s.person == one for s in sets])
                left_out[out] = chance(x[out] @ logistic(x[~out], y[~out], weight[~out]))
            b = dict(zip(["base", "wrong"] + names, logistic(x, y, weight)))
            base = [b["base"] + b.get("kind", 0), b["base"]]
            print(f"{name} = {{{{{base[0]:.1f}, {base[1]:.1f}}}, {b['wrong']:.1f}, {least_wrong}, {b.get('odd', 0):.1f}, "
                  f"{b.get('strikes', 0):.1f}, {b.get('unlike', 0):.1f}, {LEAST_UNLIKE}}}")
            print(f"  {len(sets)} sets of {len(people)} people; as fitted", told(sets, means * chance(x @ logistic(x, y, weight)) >= 0.5, f1))
            print("  each person left out in turn,", told(sets, left_out_means * left_out >= 0.5, f1))


if __name__ == "__main__":
    main()
