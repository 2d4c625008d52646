# SPDX-License-Identifier: BSD-3-Clause
"""What Python adds to the C call on an array of 1 h at 1 kHz, in processor time, frames of strides, events and findings
included. Usage, with the package installed:

    python tests/bench/python_overhead.py BUILD/tests/bench/array_cost

Each turn is a fresh process of either kind, on the same processor, that loads the same file and calls several times;
what is made is also freed within the time. So both have the same memory behind them (what a process freed before decides
how often the C library gives memory back and takes it anew). Of a process the median of its calls counts, the first one
apart, for it pays for pages and caches; of the turns, taken in pairs, the median of their ratios.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TURNS, CALLS, LIMIT = 5, 8, 1.05


def write_array(path):
    import numpy as np
    import gait
    minute = gait.simulate("shank", "left", rate_hz=1000, duration_s=60).accel_g
    np.tile(minute, (60, 1)).astype(np.float64).tofile(path)


def in_python(acc):
    import gait
    before = time.process_time()
    summary = gait.analyze(acc, rate_hz=1000, placement="shank", side="left")
    n = len(summary.strides)
    assert len(summary.events) > n and summary.findings is not None
    del summary
    return time.process_time() - before, n


def call(path, times):
    import numpy as np
    acc = np.fromfile(path).reshape(-1, 3)
    for _ in range(times):
        print(*in_python(acc))


def median_of(*command):
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    calls = [(float(seconds), int(strides)) for seconds, strides in map(str.split, said)]
    return calls[0][0], statistics.median(seconds for seconds, _ in calls[1:]), calls[0][1]


def main(program):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "array")
        subprocess.run([sys.executable, __file__, "write", path], check=True)
        ratios = []
        for _ in range(TURNS):
            first_c, c, strides = median_of(program, path, str(CALLS))
            first_python, python, same = median_of(sys.executable, __file__, "call", path, str(CALLS))
            assert strides == same, "both find the same strides"
            ratios.append(python / c)
            print(f"{strides} strides: C {first_c:.3f} s at first, then {c:.3f} s; "
                  f"Python {first_python:.3f} and {python:.3f} s; ratio {ratios[-1]:.3f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.3f}, limit {LIMIT}")
    sys.exit(statistics.median(ratios) > LIMIT)


if sys.argv[1] == "write":
    write_array(sys.argv[2])
elif sys.argv[1] == "call":
    call(sys.argv[2], int(sys.argv[3]))
else:
    main(sys.argv[1])
