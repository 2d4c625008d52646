# SPDX-License-Identifier: BSD-3-Clause
"""What merging costs.

  ninja -C BUILD tests/bench/relabel_summary
  merge_cost.py BUILD/cli/gait BUILD/tests/bench/relabel_summary shards [SHARDS]   studies of 1,000 sessions each
  merge_cost.py BUILD/cli/gait BUILD/tests/bench/relabel_summary sessions [N...]   one summary after the other

Everything is made of one session of two sensors, five minutes long; TMPDIR says where, 2.1 GB for 100 shards. Leaves with
1 beyond 5 s, 3 ms or 200 MiB. Time on the clock counts only on a machine that does nothing else."""
import os
import resource
import subprocess
import sys
import tempfile
import time

GAIT = RELABEL = None
MOST_MIB, MOST_S, MOST_MS = 200, 5, 3


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def make_session(folder):
    name = os.path.join(folder, "run.csv")
    settings = ["duration_s=300", "rate_hz=100", "subject_id=s", "session_id=one", "start_time=2026-02-03T08:00:00Z"]
    run(GAIT, "simulate", "-q", "--sensors", "left:shank,right:shank", *(w for s in settings for w in ("--set", s)), "-o", name)
    session = os.path.join(folder, "session.h5")
    run(GAIT, "analyze", "-q", name[:-4] + "_left_shank.csv", name[:-4] + "_right_shank.csv", "-o", session)
    return session


def make_shards(folder, n, n_sessions=1000):
    """A batch folder whose shards are all done."""
    one, many, results = make_session(folder), os.path.join(folder, "many"), os.path.join(folder, "results")
    os.mkdir(many)
    os.mkdir(results)
    run(RELABEL, "files", one, many, str(n_sessions))
    files = [os.path.join(many, f"{k + 1}.h5") for k in range(n_sessions)]
    part = os.path.join(folder, "part.h5")
    run(RELABEL, "part", part, *files)
    for path in files:
        os.unlink(path)
    run(RELABEL, "files", part, many, str(n))
    for i in range(1, n + 1):
        os.rename(os.path.join(many, f"{i}.h5"), os.path.join(results, f"study.{i}-of-{n}.h5"))
        with open(os.path.join(results, f"status.{i}-of-{n}.tsv"), "w") as f:
            f.write("subject_id\tsession_id\tstate\treason\tseconds\tcontent_hash\toutput\n")
            for k in range(n_sessions):
                f.write(f"n{i:06d}.n{k + 1:06d}.s\tone\tdone\t\t1.0\t00\tsessions/n{i:06d}.n{k + 1:06d}.s_one.gait.h5\n")
    return results


def merge_once(results):
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run(GAIT, "merge", results)
    wall_s, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall_s, after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime


def peak_mib(results):
    return int(subprocess.run(["/usr/bin/time", "-f", "%M", GAIT, "merge", "-q", results], check=True, capture_output=True,
                              text=True).stderr) / 1024


def shards(folder, n=100):
    results = make_shards(folder, int(n))
    times = sorted(merge_once(results) for _ in range(3))
    for wall_s, user_s, system_s in times:
        print(f"  {wall_s:.2f} s, of which {user_s:.2f} s user + {system_s:.2f} s system")
    mib = peak_mib(results)
    print(f"{n} shards of 1,000 sessions: {times[1][1] + times[1][2]:.2f} s of the processor, at most {mib:.0f} MiB")
    return times[1][1] + times[1][2] <= MOST_S and mib <= MOST_MIB


def sessions(folder, *numbers):
    one, holds = make_session(folder), True
    for n in numbers or ["1000", "10000"]:
        line = run(RELABEL, "merge", one, os.path.join(folder, "study.h5"), n).strip()
        print(line)
        words = line.split()
        holds &= float(words[words.index("ms") - 1]) <= MOST_MS and float(words[-2]) <= MOST_MIB
    return holds


if __name__ == "__main__":
    GAIT, RELABEL = (os.path.abspath(path) for path in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as place:
        sys.exit(0 if {"shards": shards, "sessions": sessions}[sys.argv[3]](place, *sys.argv[4:]) else 1)
