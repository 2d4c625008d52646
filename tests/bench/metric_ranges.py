# SPDX-License-Identifier: BSD-3-Clause
"""Whether every metric of every stride of every recording is one that a living person can give.

Usage: metric_ranges.py GAIT [PATTERN]; the folder of recordings comes from GAIT_DATA_DIR, PATTERN
(default */*.csv.gz) says which of them. Per metric: over how many strides it applies to, the share
inside the range of its row, missing with a reason and with which, missing without a reason, outside
the range. Exit 1 if any value is outside or missing without a reason.
"""
import collections
import csv
import glob
import io
import json
import os
import subprocess
import sys
import tempfile


def listed(gait):
    return json.loads(subprocess.run([gait, "list", "metrics", "--json"], capture_output=True, text=True).stdout)


def table(gait, summary, name):
    text = subprocess.run([gait, "export", summary, "--table", name], capture_output=True, text=True).stdout
    return list(csv.DictReader(io.StringIO(text)))


def sessions(pattern):
    """Recordings of one session together, as their sidecars say; the others one by one."""
    groups = collections.OrderedDict()
    for path in sorted(glob.glob(pattern)):
        sidecar = path.replace(".csv.gz", ".json")
        session = ""
        if os.path.exists(sidecar):
            with open(sidecar) as f:
                session = json.load(f).get("session_id", "")
        groups.setdefault((os.path.dirname(path), session or path), []).append(path)
    return groups.values()


class Tally:
    def __init__(self):
        self.inside = self.outside = self.silent = 0
        self.reasons = collections.Counter()
        self.where = collections.Counter()

    def total(self):
        return self.inside + self.outside + self.silent + sum(self.reasons.values())


def count_stride(tallies, metrics, stride, placement, flag_names, path):
    flags = int(stride["flags"])
    for metric in metrics:
        if stride["activity"] not in metric["activities"] or placement not in metric["placements"]:
            continue
        tally, text = tallies[metric["key"]], stride[metric["key"]]
        if text in ("", "nan"):
            names = [flag_names[bit] for bit in range(len(flag_names)) if flags >> bit & 1]
            if names:
                tally.reasons["+".join(names)] += 1
            elif metric["gyroscope"]:
                tally.reasons["no gyroscope"] += 1
            elif metric["of_session"]:
                tally.reasons["no second sensor, or height and speed not stated"] += 1
            else:
                tally.silent += 1
                tally.where["silent " + os.path.basename(path)] += 1
        elif metric["low"] <= float(text) <= metric["high"]:
            tally.inside += 1
        else:
            tally.outside += 1
            tally.where[f"{float(text):.3g} in {os.path.basename(path)}"] += 1


FLAGS = ("gap interpolated clipped low_rate no_alignment sign_unsure few short low_confidence dead_axis unit_guessed "
         "speed_unknown no_event side_unknown grounded gait_uncertain mount hard_landing implausible").split()


def main():
    gait = sys.argv[1]
    data = os.environ.get("GAIT_DATA_DIR")
    if not data:
        print("skipped: GAIT_DATA_DIR is not set")
        sys.exit(77)
    pattern = os.path.join(data, sys.argv[2] if len(sys.argv) > 2 else "*/*.csv.gz")
    metrics = listed(gait)
    tallies = {metric["key"]: Tally() for metric in metrics}
    with tempfile.TemporaryDirectory() as folder:
        summary = os.path.join(folder, "summary.h5")
        for paths in sessions(pattern):
            done = subprocess.run([gait, "analyze", "-q", *paths, "-o", summary], capture_output=True, text=True)
            if done.returncode:
                print(done.stderr.strip(), file=sys.stderr)
                continue
            places = {row["sensor"]: row["placement"] for row in table(gait, summary, "recordings")}
            for stride in table(gait, summary, "strides"):
                count_stride(tallies, metrics, stride, places[stride["sensor"]], FLAGS, paths[0])
    print("| metric | strides | inside | missing, with the reason | without | outside |\n|---|---|---|---|---|---|")
    failed = 0
    for key, tally in tallies.items():
        n = tally.total()
        if not n:
            continue
        failed += tally.outside + tally.silent
        reasons = ", ".join(f"{r} {100 * c / n:.1f} %" for r, c in tally.reasons.most_common(2))
        print(f"| `{key}` | {n} | {100 * tally.inside / n:.1f} % | {reasons} | {tally.silent} | {tally.outside} |")
        for where, c in tally.where.most_common(3):
            print(f"{key}: {c} x {where}", file=sys.stderr)
    print(f"{failed} values outside or missing without a reason")
    sys.exit(failed > 0)


main()
