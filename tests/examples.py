# SPDX-License-Identifier: BSD-3-Clause
"""Runs every compiled C example as its user would. Usage: examples.py FOLDER_OF_EXAMPLES DATASETS"""
import csv
import subprocess
import sys
from pathlib import Path

examples, datasets = Path(sys.argv[1]), Path(sys.argv[2])
healthy = datasets / "healthy"


def run(name, *arguments, **options):
    done = subprocess.run([examples / name, *map(str, arguments)], capture_output=True, text=True, timeout=120, **options)
    assert done.returncode == 0, f"{name}: {done.returncode} {done.stderr}"
    return done.stdout


def truth(name, event, side):
    with open(healthy / f"{name}.truth.csv") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [float(row["time_s"]) for row in rows if row["event"] == event and row["side"] == side]


def minimal_prints_a_contact_time_for_every_stride():
    lines = [line.split() for line in run("minimal", healthy / "left_shank.csv").splitlines() if line[0] != "#"]
    strikes = truth("left_shank", "foot_strike", "left")
    assert abs(len(lines) - len(strikes)) <= 6, (len(lines), len(strikes))
    assert sum(0.15 < float(contact) < 0.4 for _, contact in lines) > 0.9 * len(lines)


def feed_blocks_tells_strikes_of_samples_from_a_pipe():
    with open(healthy / "left_shank.csv") as file:
        rows = list(csv.reader(line for line in file if not line.startswith("#")))[1:]
    times = [float(row[0]) for row in rows]
    rate = (len(times) - 1) / (times[-1] - times[0])
    samples = "".join(" ".join(row[1:4]) + "\n" for row in rows)
    found = [times[0] + float(line.split()[0]) for line in run("feed_blocks", rate, "shank", "left", input=samples).splitlines()]
    strikes = truth("left_shank", "foot_strike", "left")
    hits = sum(any(abs(a - b) < 0.05 for b in found) for a in strikes)
    assert hits > 0.95 * len(strikes), (hits, len(strikes))


def threads_gives_the_same_with_one_and_with_eight():
    files = [healthy / f"{name}.csv" for name in ("left_shank", "right_shank", "sacrum")] * 4
    one, eight = run("threads", 1, *files), run("threads", 8, *files)
    assert one == eight and len(one.splitlines()) == 12 and ": 0 strides" not in one, one


def two_sensors_compares_the_sides():
    out = run("two_sensors", healthy / "left_shank.csv", healthy / "right_shank.csv")
    assert "contact_time_s" in out and "left" in out and "right" in out, out


def arrays_prints_every_stride():
    assert len(run("arrays").splitlines()) > 50


def bad_use_ends_with_a_sentence():
    done = subprocess.run([examples / "minimal", "no such file.csv"], capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr == "no such file.csv: no such file\n", done


for check in (minimal_prints_a_contact_time_for_every_stride, feed_blocks_tells_strikes_of_samples_from_a_pipe,
              threads_gives_the_same_with_one_and_with_eight, two_sensors_compares_the_sides, arrays_prints_every_stride,
              bad_use_ends_with_a_sentence):
    check()
    print("ok", check.__name__.replace("_", " "))
