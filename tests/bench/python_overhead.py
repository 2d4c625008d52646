# SPDX-License-Identifier: BSD-3-Clause
"""What Python adds to the C call on an array of 1 h at 1 kHz, in processor time, frames of strides, events and findings
included. Usage, with the package installed:

    python tests/bench/python_overhead.py BUILD/tests/bench/array_cost

Each turn is a fresh process of either kind, on the same processor, that loads the same file and calls several times; what
is made is also freed within the time. So neither has a heap that other work has tuned, but each has its own memory, which
may lie well or badly in the caches (and NumPy takes huge pages for its array): the ratio of their medians tells what a
user sees, give or take a tenth. What Python itself adds is told by its process alone, which calls C bare and through
gait.analyze() in turns, on the same array: that ratio is the one that is judged. The first calls of a process count apart,
for they pay for pages and caches.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TURNS, CALLS, WARM, LIMIT = 5, 8, 3, 1.05


def write_array(path):
    import numpy as np
    import gait
    minute = gait.simulate("shank", "left", rate_hz=1000, duration_s=60).accel_g
    np.tile(minute, (60, 1)).astype(np.float64).tofile(path)


def through_python(acc):
    import gait
    summary = gait.analyze(acc, rate_hz=1000, placement="shank", side="left")
    n = len(summary.strides)
    assert len(summary.events) > n and summary.findings is not None
    return n


def bare(acc):
    from gait.arrays import arrays_of
    from gait.library import call, ffi, lib, recording_options
    keep, summary = [], ffi.new("gait_summary **")
    arrays = arrays_of(acc, None, None, None, None, keep)
    options = recording_options(keep, rate_hz=1000, placement="shank", side="left")
    call(lib.gait_summary_from_arrays, summary, arrays, options, ffi.NULL)
    n = lib.gait_summary_table(summary[0], b"strides").n_rows
    lib.gait_summary_free(summary)
    return n


def seconds_of(function, acc):
    before = time.process_time()
    n = function(acc)
    return time.process_time() - before, n


def call_in_turns(path):
    import numpy as np
    acc = np.fromfile(path).reshape(-1, 3)
    for _ in range(CALLS):
        print(*seconds_of(through_python, acc), *seconds_of(bare, acc))


def calls_of(*command):
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [[float(word) for word in line.split()] for line in said]


def median(calls, k):
    return statistics.median(call[k] for call in calls[WARM:])


def main(program):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "array")
        subprocess.run([sys.executable, __file__, "write", path], check=True)
        added, seen = [], []
        for _ in range(TURNS):
            c = calls_of(program, path, str(CALLS))
            python = calls_of(sys.executable, __file__, "call", path)
            assert {call[1] for call in c} == {call[1] for call in python} == {call[3] for call in python}, "the same strides"
            added.append(statistics.median(call[0] / call[2] for call in python[WARM:]))
            seen.append(median(python, 0) / median(c, 0))
            print(f"C {c[0][0]:.3f} s at first, then {median(c, 0):.3f} s; Python {python[0][0]:.3f} and {median(python, 0):.3f} s, "
                  f"{seen[-1]:.3f} of that; {added[-1]:.3f} of C in its own process", flush=True)
    print(f"medians: {statistics.median(seen):.3f} of the C program, {statistics.median(added):.3f} of the C call, limit {LIMIT}")
    sys.exit(statistics.median(added) > LIMIT)


if sys.argv[1] == "write":
    write_array(sys.argv[2])
elif sys.argv[1] == "call":
    call_in_turns(sys.argv[2])
else:
    main(sys.argv[1])
