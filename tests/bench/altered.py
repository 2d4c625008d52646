# SPDX-License-Identifier: BSD-3-Clause
"""Scores the program on altered copies of the recordings with ground truth: gait of other speeds, gentler and harder people,
sensors that slip or saturate, stumbles.

Usage: altered.py GAIT [--every N] [--only WORD] [--jobs N]
  --every N    every Nth recording of sets of more than 20 [1]
  --only WORD  alterations whose name contains the word

Foot strikes: F1, and how many sets of events are wrong (F1 below .9) and sure of it (mean confidence of .5 or more); belt:
share of seconds whose activity is right. The folder of recordings comes from GAIT_DATA_DIR."""
import csv
import gzip
import json
import math
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from scoring import Bench, moments, pooled, read_truth, truth_path

AXES, RATES = ("ax_g", "ay_g", "az_g"), ("gx_dps", "gy_dps", "gz_dps")


def scale(frames, names, factor):
    """What the values differ by from their mean, times factor."""
    for name in names:
        middle = sum(f[name] for f in frames) / len(frames) if name in AXES else 0
        for f in frames:
            f[name] = middle + factor * (f[name] - middle)


def slower(factor, amplitude=1.0):
    def alter(frames, truth):
        for row in frames + truth:
            row["time_s"] *= factor
        scale(frames, AXES, amplitude)
        scale(frames, [r for r in RATES if r in frames[0]], amplitude**0.5 if amplitude != 1 else 1 / factor)
        for row in truth:
            if row["event"].endswith("_spm") and row.get("value"):
                row["value"] = float(row["value"]) / factor
    return alter


def harder(factor):
    return lambda frames, truth: scale(frames, [n for n in AXES + RATES if n in frames[0]], factor)


def slip(degrees):
    """Turns the sensor about its x axis in the middle."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    def alter(frames, truth):
        for f in frames[len(frames) // 2:]:
            for y, z in (("ay_g", "az_g"), ("gy_dps", "gz_dps")):
                if y in f:
                    f[y], f[z] = c * f[y] - s * f[z], s * f[y] + c * f[z]
    return alter


def clip(limit_g):
    def alter(frames, truth):
        for f in frames:
            for name in AXES:
                f[name] = min(max(f[name], -limit_g), limit_g)
    return alter


def stumble(seconds):
    """The body stands still for so long in the middle; the steps go on later by as much."""
    def alter(frames, truth):
        half = len(frames) // 2
        middle_s = frames[half]["time_s"]
        step_s = (frames[-1]["time_s"] - frames[0]["time_s"]) / (len(frames) - 1)
        g = [sum(f[name] for f in frames) / len(frames) for name in AXES]
        norm = math.hypot(*g)
        still = dict.fromkeys(frames[0], 0.0) | {name: x / norm for name, x in zip(AXES, g)}
        count = int(seconds / step_s)
        for row in frames[half:] + [row for row in truth if row["time_s"] >= middle_s]:
            row["time_s"] += count * step_s
        frames[half:half] = [still | {"time_s": middle_s + k * step_s} for k in range(count)]
    return alter


ALTERATIONS = {
    "as recorded": lambda frames, truth: None,
    "a fifth quicker": slower(0.8), "a tenth quicker": slower(0.9), "a tenth slower": slower(1.1), "a quarter slower": slower(1.25),
    "a tenth quicker and harder": slower(0.9, 1.23), "a tenth slower and gentler": slower(1.1, 0.83), "gentle": harder(0.6),
    "hard": harder(1.5), "slips by 30 deg": slip(30), "range of 6 g": clip(6), "stumble": stumble(0.4),
}
SETS = [  # where, recordings, detector, tolerance in ms
    ("shank, running", "bach_shank/*running*", None, 50), ("shank, walking", "bach_shank/*walking*", None, 50),
    ("sacrum, running", "alcantara_run/S02*", None, 50), ("lower back, walking", "voisard_walk/*lowback*", None, 100),
    ("feet, walking", "voisard_walk/*foot*", "foot", 50), ("feet with gyroscope", "voisard_walk/*foot*", None, 50),
    ("belt, walking", "sisfall_activity/*D0[12]*", None, 50), ("belt, jogging", "sisfall_activity/*D0[34]*", None, 50),
]


def copy(recording, alter, path):
    with gzip.open(recording, "rt") as f:
        frames = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(f)]
    truth = read_truth(recording)
    alter(frames, truth)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    for rows, target in ((frames, gzip.open(path, "wt", compresslevel=1)), (truth, open(truth_path(path), "w"))):
        with target:
            table = csv.DictWriter(target, rows[0])
            table.writeheader()
            table.writerows({k: round(v, 6) if isinstance(v, float) else v for k, v in row.items()} for row in rows)
    with open(recording.replace(".csv.gz", ".json")) as f:
        sidecar = json.load(f)
    sidecar.pop("sample_rate_hz", None)
    with open(path.replace(".csv.gz", ".json"), "w") as f:
        json.dump(sidecar, f)


def cell(bench, pattern, detector, tolerance_ms):
    if pattern.startswith("sisfall"):
        return f"{pooled(bench.scores(pattern, 'activity'))['recall']:.3f}"
    scored = [rows for _, rows in bench.scores(pattern, "foot_strike", tolerance_ms, detector) if rows]
    sure = sum(moments(rows)["f1"] < 0.9 and (rows[0]["mean_confidence"] or 0) >= 0.5 for rows in scored)
    return f"{moments([s for rows in scored for s in rows])['f1']:.3f}, {sure} of {len(scored)}"


def option(name, default):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


def chosen(recordings):
    return recordings[::int(option("--every", 1))] if len(recordings) > 20 else recordings


def main():
    if not os.environ.get("GAIT_DATA_DIR"):
        print("skipped: GAIT_DATA_DIR is not set")
        sys.exit(77)
    source = Bench(sys.argv[1], os.environ["GAIT_DATA_DIR"], None)
    print("| alteration | " + " | ".join(where for where, *_ in SETS) + " |\n" + "|---" * (len(SETS) + 1) + "|")
    for name, alter in ALTERATIONS.items():
        if option("--only", "") not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            for recording in sorted({r for _, pattern, *_ in SETS for r in chosen(source.recordings(pattern))}):
                copy(recording, alter, os.path.join(folder, os.path.relpath(recording, source.data)))
            bench = Bench(sys.argv[1], folder, folder, int(option("--jobs", 2)))
            print(f"| {name} | " + " | ".join(cell(bench, *row[1:]) for row in SETS) + " |", flush=True)


main()
