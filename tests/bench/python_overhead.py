# SPDX-License-Identifier: BSD-3-Clause
"""What Python adds to the C call on an array of 1 h at 1 kHz, in processor time: medians of 5, taken in turns, frames of
strides, events and findings included. Both are warm, for the first calls of a process pay for its memory, and on one
processor, for two of a shared machine are not equally fast. Usage, with the package installed:

    python tests/bench/python_overhead.py BUILD/tests/bench/array_cost
"""
import os
import statistics
import subprocess
import sys
import time

import numpy as np

import gait

TURNS, WARM = 5, 3


def in_c():
    said = subprocess.run([sys.argv[1], str(WARM + 1)], capture_output=True, text=True, check=True).stdout
    seconds, strides = said.splitlines()[-1].split()
    return float(seconds), int(strides)


def in_python(acc):
    before = time.process_time()
    summary = gait.analyze(acc, rate_hz=1000, placement="shank", side="left")
    n = len(summary.strides)
    assert len(summary.events) > n and summary.findings is not None
    return time.process_time() - before, n


def main():
    minute = gait.simulate("shank", "left", rate_hz=1000, duration_s=60).accel_g
    acc = np.tile(minute, (60, 1)).astype(np.float64)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    for _ in range(WARM):
        in_python(acc)
    turns = [(in_c(), in_python(acc)) for _ in range(TURNS)]
    assert len({strides for turn in turns for _, strides in turn}) == 1, "both find the same strides"
    c, python = (statistics.median(turn[k][0] for turn in turns) for k in (0, 1))
    least_c, least_python = (min(turn[k][0] for turn in turns) for k in (0, 1))
    print(f"{len(acc)} frames, {turns[0][0][1]} strides: C {c:.3f} s, Python {python:.3f} s, ratio {python / c:.3f}; "
          f"least {least_c:.3f} and {least_python:.3f} s, ratio {least_python / least_c:.3f}")
    sys.exit(python / c > 1.05)


main()
