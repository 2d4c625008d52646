# SPDX-License-Identifier: BSD-3-Clause
"""Scores the program on recordings with ground truth and prints the README's accuracy table.

Usage: accuracy.py GAIT README [--write]; the folder of recordings comes from GAIT_DATA_DIR."""
import glob
import json
import math
import os
import re
import subprocess
import sys
import tempfile

# what is scored, where, tolerance in ms, best published method on the same recordings, goal
EVENTS = [
    ("shank, running: foot strike", "bach_shank/*running*", "foot_strike", 50, "F1 .968, 11.4 ms", "F1 .995, 3.5 ms"),
    ("shank, running: toe-off", "bach_shank/*running*", "toe_off", 50, "F1 .932, 16.4 ms", "F1 .995, 5.5 ms"),
    ("shank, walking: foot strike", "bach_shank/*walking*", "foot_strike", 50, "F1 .83, 27 ms", "F1 .995, 5 ms"),
    ("shank, walking: toe-off", "bach_shank/*walking*", "toe_off", 50, "F1 .52", "F1 .995, MAE 9 ms"),
    ("sacrum, running: foot strike", "alcantara_run/S02*", "foot_strike", 50, "F1 .992, 18.9 ms", "F1 .99, 5.5 ms"),
    ("sacrum, running: contact time", "alcantara_run/S02*", "contact_time_s", 50, "20 ms", "10 ms"),
    ("lower back, walking: foot strike", "voisard_walk/*lowback*", "foot_strike", 100, "F1 .922", "F1 .955"),
    ("feet, walking: foot strike", "voisard_walk/*foot*", "foot_strike", 50, "F1 .82, 18.9 ms", "F1 .955, 13 ms"),
    ("feet, walking: toe-off", "voisard_walk/*foot*", "toe_off", 50, "F1 .79, 25.6 ms", "F1 .955, 13 ms"),
    ("shoe, walking: foot strike", "gaitmap_walk/*", "foot_strike", 50, "-", "20 ms"),
    ("lower back, insole reference", "mobgap_walk/*", "foot_strike", 100, "F1 .63", "F1 .70"),
    ("waist: walk or run, share of seconds", "sisfall_activity/*", "activity", 50, "-", ".998 adults, .96 older"),
]


def scores(gait, pattern, what, tolerance_ms, folder):
    for recording in sorted(glob.glob(pattern + ".csv.gz")):
        truth = recording.replace(".csv.gz", ".truth.csv")
        summary = os.path.join(folder, "summary.h5")
        done = subprocess.run([gait, "analyze", "-q", recording, "-o", summary], capture_output=True, text=True)
        if done.returncode:
            print(done.stderr.strip(), file=sys.stderr)
            continue
        done = subprocess.run([gait, "compare", summary, truth, "--json", "--tolerance-ms", str(tolerance_ms)],
                              capture_output=True, text=True)
        if done.returncode == 0:
            yield from (s for s in json.loads(done.stdout)["scores"] if s["what"] == what)


def pool(rows):
    """One score of many recordings: counts added, errors pooled by their squares."""
    matched = sum(s["n_matched"] for s in rows)
    reference = sum(s["n_reference"] for s in rows)
    detected = sum(s["n_detected"] for s in rows)
    squares = sum(s["n_matched"] * s["rmse"]**2 for s in rows if s["rmse"] is not None)
    covered = sum(s["n_matched"] * s["coverage"] for s in rows if s["coverage"] is not None)
    return {
        "n": reference,
        "f1": 2 * matched / (reference + detected) if reference + detected else math.nan,
        "recall": matched / reference if reference else math.nan,
        "rmse": math.sqrt(squares / matched) if matched else math.nan,
        "coverage": covered / matched if matched else math.nan,
    }


def reached(what, s):
    if what == "activity":
        return f"{s['recall']:.3f}"
    if what == "contact_time_s":
        return f"{1000 * s['rmse']:.1f} ms"
    return f"F1 {s['f1']:.3f}, {s['rmse']:.1f} ms, coverage {s['coverage']:.2f}"


def table(gait, data):
    lines = ["| what | recordings | reference rows | best published, same recordings | goal | reached |", "|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for label, pattern, what, tolerance_ms, peer, goal in EVENTS:
            rows = list(scores(gait, os.path.join(data, pattern), what, tolerance_ms, folder))
            if rows:
                s = pool(rows)
                lines.append(f"| {label} | `{pattern.split('/')[0]}` | {s['n']} | {peer} | {goal} | {reached(what, s)} |")
                print(lines[-1], file=sys.stderr)
    return "\n".join(lines)


def main():
    gait, readme = sys.argv[1:3]
    data = os.environ.get("GAIT_DATA_DIR")
    if not data:
        print("skipped: GAIT_DATA_DIR is not set")
        sys.exit(77)
    fresh = table(gait, data)
    print(fresh)
    if "--write" in sys.argv:
        with open(readme) as f:
            text = f.read()
        text = re.sub(r"(<!-- accuracy -->)\n.*?(<!-- end -->)", lambda m: f"{m.group(1)}\n{fresh}\n{m.group(2)}", text,
                      flags=re.S)
        with open(readme, "w") as f:
            f.write(text)


main()
