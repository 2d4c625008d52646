# SPDX-License-Identifier: BSD-3-Clause
"""Runs the program on recordings with ground truth and pools what `gait compare` says of them."""
import csv
import glob
import io
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor


class Bench:
    """One program, one folder of recordings; every analysis and comparison is made once."""

    def __init__(self, gait, data, folder, jobs=2):
        self.gait, self.data, self.folder, self.jobs = gait, data, folder, jobs
        self.summaries, self.comparisons = {}, {}

    def recordings(self, pattern):
        return sorted(glob.glob(os.path.join(self.data, pattern + ".csv.gz")))

    def run(self, *words):
        return subprocess.run([self.gait, *words], capture_output=True, text=True)

    def _analyse(self, recording, detector):
        name = "-".join([os.path.basename(recording)[:-len(".csv.gz")], detector or "default"])
        summary = os.path.join(self.folder, name + ".h5")
        options = ["--detector", detector] if detector else []
        done = self.run("analyze", "-q", recording, "-o", summary, *options)
        if done.returncode:
            print(f"{name}: {done.stderr.strip()}", file=sys.stderr)
            return None
        return summary

    def each(self, pattern, detector, work):
        """work(recording, summary) of every recording that can be analysed, in order."""
        def one(recording):
            key = recording, detector
            if key not in self.summaries:
                self.summaries[key] = self._analyse(recording, detector)
            summary = self.summaries[key]
            return work(recording, summary) if summary else None
        with ThreadPoolExecutor(self.jobs) as pool:
            return [r for r in pool.map(one, self.recordings(pattern)) if r is not None]

    def compare(self, summary, truth, tolerance_ms):
        key = summary, truth, tolerance_ms
        if key not in self.comparisons:
            done = self.run("compare", summary, truth, "--json", "--tolerance-ms", str(tolerance_ms))
            self.comparisons[key] = json.loads(done.stdout)["scores"] if done.returncode == 0 else []
        return self.comparisons[key]

    def scores(self, pattern, what, tolerance_ms=50, detector=None, cut=None):
        """Scores of one kind of row, a list per recording; cut(rows) splits its truth into several."""
        def work(recording, summary):
            rows = []
            for truth in truth_files(recording, cut, self.folder):
                rows += [s for s in self.compare(summary, truth, tolerance_ms) if s["what"] == what]
            return recording, rows
        return self.each(pattern, detector, work)

    def table(self, summary, name):
        return list(csv.DictReader(io.StringIO(self.run("export", summary, "--table", name).stdout)))


def truth_path(recording):
    return recording.replace(".csv.gz", ".truth.csv")


def sidecar(recording):
    with open(recording.replace(".csv.gz", ".json")) as f:
        return json.load(f)


def person(recording):
    return sidecar(recording)["subject_id"]


def read_truth(recording):
    with open(truth_path(recording)) as f:
        rows = list(csv.DictReader(f))
    for row in rows:
        row["time_s"] = float(row["time_s"])
    return rows


def truth_files(recording, cut, folder):
    """The recording's truth, or a file for each part that cut makes of it."""
    if not cut:
        return [truth_path(recording)]
    paths = []
    for k, part in enumerate(cut(read_truth(recording))):
        path = os.path.join(folder, f"{os.path.basename(recording)}.{cut.__name__}-{k}.csv")
        with open(path, "w") as f:
            f.write("event,side,time_s,value\n")
            f.writelines(f"{r['event']},{r['side']},{r['time_s']},\n" for r in part)
        paths.append(path)
    return paths


def steady(rows):
    """Strikes and toe-offs away from the turn and from the ends: before it and after it."""
    at = {r["event"]: r["time_s"] for r in rows if r["event"] in ("turn_start", "turn_end", "bout_end")}
    events = sorted((r for r in rows if r["event"] in ("foot_strike", "toe_off")), key=lambda r: r["time_s"])
    inner = []
    for kind in ("foot_strike", "toe_off"):
        inner += [r for r in events if r["event"] == kind][1:-1]
    inner = [r for r in inner if r["time_s"] <= at.get("bout_end", math.inf)]
    before = [r for r in inner if r["time_s"] < at.get("turn_start", math.inf) - 0.3]
    after = [r for r in inner if r["time_s"] > at.get("turn_end", math.inf) + 0.8]
    return [part for part in (before, after) if part]


def moments(rows):
    """One score of many: counts added, errors pooled exactly from counts, means and spreads."""
    n = sum(s["n_matched"] for s in rows)
    total = sum(s["n_matched"] * (s["bias"] or 0) for s in rows)
    squares = sum(s["n_matched"] * (s["rmse"] or 0)**2 for s in rows)
    bias = total / n if n else math.nan
    reference, detected = (sum(s[k] for s in rows) for k in ("n_reference", "n_detected"))
    return {
        "n": reference,
        "matched": n,
        "detected": detected,
        "f1": 2 * n / (reference + detected) if reference + detected else math.nan,
        "recall": n / reference if reference else math.nan,
        "bias": bias,
        "sd": math.sqrt(max(squares / n - bias**2, 0)) if n else math.nan,
        "rmse": math.sqrt(squares / n) if n else math.nan,
        "mae": sum(s["n_matched"] * (s["mae"] or 0) for s in rows) / n if n else math.nan,
        "coverage": sum(s["n_matched"] * (s["coverage"] or 0) for s in rows) / n if n else math.nan,
    }


def pooled(scored):
    return moments([s for _, rows in scored for s in rows])


def within_person_sd(scored):
    """Root of the mean variance around each person's own mean."""
    people = {}
    for recording, rows in scored:
        people.setdefault(person(recording), []).extend(rows)
    each = [moments(rows) for rows in people.values()]
    n = sum(m["matched"] for m in each)
    return math.sqrt(sum(m["matched"] * m["sd"]**2 for m in each if m["matched"]) / n) if n else math.nan


def matched_events(bench, pattern, kind, tolerance_s=0.05):
    """(error, stated standard deviation) of every reference event that was found, a list per recording."""
    def work(recording, summary):
        truth = [r["time_s"] for r in read_truth(recording) if r["event"] == kind]
        events = [e for e in bench.table(summary, "events") if e["type"] == kind]
        found = [float(e["time_s"]) for e in events]
        pairs, _ = match(truth, found, tolerance_s)
        return recording, [(found[k] - truth[i], float(events[k]["uncertainty_s"])) for i, k in pairs.items()]
    return bench.each(pattern, None, work)


def left_out_coverage(matched):
    """The share of errors within 1.96 standard deviations, the constants refitted as in left_out_rmse."""
    people = {person(recording) for recording, _ in matched}
    groups = {}
    for recording, rows in matched:
        groups.setdefault(person(recording) if len(people) > 1 else recording, []).extend(rows)
    covered = []
    for key, rows in groups.items():
        others = statistics.mean(error for k, r in groups.items() if k != key for error, _ in r)
        covered += [abs(error - others) <= 1.96 * sd for error, sd in rows]
    return statistics.mean(covered)


def left_out_rmse(scored):
    """RMSE if the constant that places these events had been fitted without each person (a single
    person: without each recording) it is scored on. Such constants are added to a time, so refitted
    on the others they would take away the others' bias."""
    people = {person(recording) for recording, _ in scored}
    groups = {}
    for recording, rows in scored:
        groups.setdefault(person(recording) if len(people) > 1 else recording, []).extend(rows)
    squares = n = 0
    for key, rows in groups.items():
        own, others = moments(rows), moments([s for k, r in groups.items() if k != key for s in r])
        if own["matched"] and others["matched"]:
            squares += own["matched"] * (own["sd"]**2 + (own["bias"] - others["bias"])**2)
            n += own["matched"]
    return math.sqrt(squares / n) if n else math.nan


def match(truth, found, tolerance_s):
    """Pairs of indices, one to one, nearest first, as gait compare does."""
    pairs = sorted((abs(t - f), i, k) for i, t in enumerate(truth) for k, f in enumerate(found)
                   if abs(t - f) <= tolerance_s)
    of_truth, of_found = {}, {}
    for _, i, k in pairs:
        if i not in of_truth and k not in of_found:
            of_truth[i], of_found[k] = k, i
    return of_truth, of_found


def judged_events(bench, pattern, kind, tolerance_s=0.05, detector=None):
    """(confidence, is right) of every event inside the truth's span."""
    def work(recording, summary):
        truth = [r["time_s"] for r in read_truth(recording) if r["event"] == kind]
        if not truth:
            return []
        events = [e for e in bench.table(summary, "events") if e["type"] == kind and e["confidence"]]
        events = [e for e in events if min(truth) - tolerance_s <= float(e["time_s"]) <= max(truth) + tolerance_s]
        _, right = match(truth, [float(e["time_s"]) for e in events], tolerance_s)
        return [(float(e["confidence"]), k in right) for k, e in enumerate(events)]
    return [pair for rows in bench.each(pattern, detector, work) for pair in rows]


def cadence_differences(bench, pattern, detector=None):
    """Cadence that the strides in the middle of each 10-s window tell, less the reference's, as gait
    compare reads it; None: no stride."""
    def work(recording, summary):
        windows = [(r["time_s"], float(r["value"])) for r in read_truth(recording)
                   if r["event"] == "cadence_consensus_spm" and r["value"]]
        strides = [(float(s["start_s"]) + float(s["stride_time_s"] or 0) / 2, float(s["cadence_steps_per_min"]))
                   for s in bench.table(summary, "strides") if s["cadence_steps_per_min"]]
        rows = []
        for middle, wanted in windows:
            inside = [c for t, c in strides if middle - 1.5 <= t < middle + 1.5]
            inside = inside or [c for t, c in strides if middle - 5 <= t < middle + 5]
            rows.append(statistics.median(inside) - wanted if inside else None)
        return recording, rows
    return bench.each(pattern, detector, work)
