# SPDX-License-Identifier: BSD-3-Clause
"""Whether a batch can be left alone: what it costs, and what it survives.

  batch_endurance.py GAIT many [N]            N recordings of mixed formats, one in a hundred broken; memory
  batch_endurance.py GAIT speedup [TIMES]     two workers against one
  batch_endurance.py GAIT kills [TIMES]       kill -9 at random instants
  batch_endurance.py GAIT disks [SIZES]       an output folder that is full at so many sizes (root: mounts a tmpfs)
  batch_endurance.py GAIT writes SHIM [STEP]  every call that writes fails once; SHIM is tests/failing_write.so
  batch_endurance.py GAIT shards              1, 7 and 100 shards

Prints what was measured; leaves with 1 if something is not as it must be."""
import csv
import gzip
import hashlib
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

GAIT = None


def check(holds, words):
    if not holds:
        print("NOT SO:", words)
        sys.exit(1)


def gait(*words, **how):
    return subprocess.run([GAIT, *words], capture_output=True, text=True, **how)


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def simulate(path, seed, *settings):
    words = [w for s in (f"seed={seed}", *settings) for w in ("--set", s)]
    done = gait("simulate", "-q", "-o", path, *words)
    check(done.returncode == 0, done.stderr)


ENDINGS = [".csv", ".wav", ".h5", ".csv.gz", ".flac"]


def make_source(folder, n, *settings, n_simulated=20):
    """n recordings of mixed formats. More than n_simulated are the same samples of other people."""
    os.makedirs(folder)
    for i in range(n):
        stem, k = os.path.join(folder, f"run{i}"), i % n_simulated
        ending, like = ENDINGS[k % 5], os.path.join(folder, f"run{k}")
        who = {"subject_id": f"p{i % 5}", "session_id": f"run{i}", "start_time": f"2026-02-{i % 28 + 1:02d}T08:00:00Z"}
        if i == k:
            simulate(stem + ending, i + 1, *(f"{key}={value}" for key, value in who.items()), *settings)
            continue
        shutil.copy(like + ending, stem + ending)
        with open(like + ".json") as f:
            sidecar = json.load(f)
        with open(stem + ".json", "w") as f:
            json.dump(dict(sidecar, **who), f)


SHORT = ["duration_s=12", "rate_hz=100", "gyro=0"]


def rows_of(out):
    with open(os.path.join(out, "status.tsv"), newline="") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def check_folder(out):
    """No wrong file: what has a name is whole, and nothing else is left."""
    for folder, _, files in os.walk(out):
        for name in files:
            path = os.path.join(folder, name)
            check(not (name.startswith(".") and name.endswith(".tmp")), f"left behind: {path}")
            if name.endswith(".h5"):
                done = gait("verify", "-q", path)
                check(done.returncode == 0, f"{path}: {done.stderr}")
    if os.path.exists(os.path.join(out, "status.tsv")):
        check(all(r["state"] in ("done", "failed", "missing") for r in rows_of(out)), "status.tsv is no status")


# ---- many ----

def broken_files(folder):
    """Twenty ways to be no recording: name, what the reason must say."""
    def put(name, content):
        with open(os.path.join(folder, name), "wb") as f:
            f.write(content)
        return name

    good = os.path.join(folder, "good_for_breaking.csv")
    simulate(good, 7, *SHORT)
    with open(good, "rb") as f:
        text = f.read()
    os.unlink(good), os.unlink(good[:-4] + ".json"), os.unlink(good[:-4] + ".truth.csv")
    lines = text.split(b"\n")
    flac = os.path.join(folder, "good_for_breaking.flac")
    simulate(flac, 8, *SHORT)
    with open(flac, "rb") as f:
        sound = f.read()
    os.unlink(flac), os.unlink(flac[:-5] + ".json"), os.unlink(flac[:-5] + ".truth.csv")
    h5 = os.path.join(folder, "good_for_breaking.h5")
    simulate(h5, 9, *SHORT)
    with open(h5, "rb") as f:
        hdf5 = f.read()
    os.unlink(h5), os.unlink(h5[:-3] + ".json"), os.unlink(h5[:-3] + ".truth.csv")
    os.mkfifo(os.path.join(folder, "b_pipe.csv"))
    os.symlink("b_loop.csv", os.path.join(folder, "b_loop.csv"))
    os.symlink("/etc/hostname", os.path.join(folder, "b_away.csv"))
    os.symlink("nothing.csv", os.path.join(folder, "b_dangling.csv"))
    with zipfile.ZipFile(os.path.join(folder, "b_zip_bomb.zip"), "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("Accelerometer.csv", b"0" * (200 << 20))
    sidecar = put("b_sidecar.csv", text)
    put("b_sidecar.json", b'{"placement": "moon"}')
    put("b_sidecar2.json", b'{"placement": ')
    return [
        (put("b_empty.csv", b""), "is empty"),
        (put("b_words.csv", b"hello\nworld\n"), "expected"),
        (put("b_zeros.csv", b"\0" * 5000), ""),
        (put("b_still_no_place.csv", text), "placement"),
        (put("b_two_columns.csv", b"\n".join(b",".join(line.split(b",")[:2]) for line in lines)), "expected"),
        (put("b_flat.csv", b"time_s,ax_g,ay_g,az_g\n" + b"".join(b"%d,0,0,1\n" % i for i in range(2000))), "never change"),
        (put("b_bomb.csv.gz", gzip.compress(b"0" * (100 << 20))), "expected"),
        (put("b_not_gzip.csv.gz", b"\x1f\x8b\x08" + os.urandom(500)), ""),
        (put("b_cut.flac", sound[:100]), ""),
        (put("b_noise_sound.wav", b"RIFF" + os.urandom(2000)), ""),
        (put("b_cut_hdf5.h5", hdf5[:len(hdf5) // 3]), ""),
        (put("b_noise_hdf5.h5", b"\x89HDF\r\n\x1a\n" + os.urandom(3000)), ""),
        (put("b_noise.cwa", b"MD" + os.urandom(3000)), ""),
        ("b_zip_bomb.zip", ""),
        (sidecar, "moon"),
        (put("b_sidecar2.csv", text), "line 1"),
        ("b_pipe.csv", "pipe"),
        ("b_loop.csv", "circle"),
        ("b_away.csv", "out of the source folder"),
        ("b_dangling.csv", "nowhere"),
    ]


def many(work, n=2000):
    n = int(n)
    source, out = os.path.join(work, "source"), os.path.join(work, "out")
    make_source(source, n - 20, *SHORT)
    broken = broken_files(source)
    check(len(broken) == 20, "twenty ways")
    begun = time.monotonic()
    done = subprocess.run(["/usr/bin/time", "-f", "%M", GAIT, "batch", "-q", source, "-o", out, "-j", "2"], text=True,
                          capture_output=True)
    check(done.returncode == 1, f"left with {done.returncode}: {done.stderr}")
    rows = rows_of(out)
    failed = {r["session_id"]: r["reason"] for r in rows if r["state"] == "failed"}
    check(len(rows) == n and len(failed) == 20 and sum(r["state"] == "done" for r in rows) == n - 20,
          f"{len(rows)} rows, {len(failed)} failed")
    for name, word in broken:
        stem = name[:-3] if name.endswith(".gz") else name
        reason = failed.get(stem[:stem.rindex(".")], "")
        check(reason and word in reason, f"{name}: {reason!r} does not say {word!r}")
        print(f"  {name}: {reason}")
    check_folder(out)
    print(f"{n} recordings: {n - 20} done, 20 failed, exit 1, {time.monotonic() - begun:.0f} s, largest process "
          f"{int(done.stderr.split()[-1]) / 1024:.0f} MB")


def side_by_side(source):
    """What two single programs gain beside each other: a machine's processors may share more than they say."""
    words = [GAIT, "analyze", "-q", "--placement", "shank", "-o"]
    out = [os.path.join(source, "..", name) for name in ("a.h5", "b.h5")]
    took = []
    for at_once in [False, True]:
        begun = time.monotonic()
        for k in range(4):
            programs = [subprocess.Popen([*words, path, os.path.join(source, f"run{k}{ENDINGS[k]}")]) for path in out[:1 + at_once]]
            check(all(p.wait() == 0 for p in programs), "it failed")
        took.append(time.monotonic() - begun)
    return 2 * took[0] / took[1]


def speedup(work, times=5):
    source = os.path.join(work, "source")
    make_source(source, 16, "duration_s=600", "rate_hz=400", "gyro=0", n_simulated=4)
    ratios = []
    for _ in range(int(times)):
        took = {}
        for jobs in [1, 2]:
            out = os.path.join(work, "out")
            shutil.rmtree(out, ignore_errors=True)
            begun = time.monotonic()
            check(gait("batch", "-q", source, "-o", out, "-j", str(jobs)).returncode == 0, "it failed")
            took[jobs] = time.monotonic() - begun
        ratios.append(took[1] / took[2])
        print(f"  {took[1]:.2f} s with one worker, {took[2]:.2f} s with two: {ratios[-1]:.2f}")
    limit = statistics.median(side_by_side(source) for _ in range(int(times)))
    print(f"median {statistics.median(ratios):.2f}; two programs side by side gain {limit:.2f} on this machine")


# ---- what it survives ----

def reference_of(work, n=6):
    source, out = os.path.join(work, "source"), os.path.join(work, "reference")
    make_source(source, n, *SHORT)
    check(gait("batch", "-q", source, "-o", out, "-j", "2").returncode == 0, "the undisturbed run failed")
    return source, sha256(os.path.join(out, "study.h5"))


def complete(source, out, study):
    done = gait("batch", "-q", source, "-o", out, "-j", "2")
    check(done.returncode == 0, f"the last run left with {done.returncode}: {done.stderr}")
    check(sha256(os.path.join(out, "study.h5")) == study, "another study than undisturbed")
    check_folder(out)


def kills(work, times=200):
    source, study = reference_of(work, 12)
    out, chance, n = os.path.join(work, "out"), random.Random(1), 0
    begun = time.monotonic()
    gait("batch", "-q", source, "-o", os.path.join(work, "timed"), "-j", "2")
    whole_s = time.monotonic() - begun
    while n < int(times):
        batch = subprocess.Popen([GAIT, "batch", "-q", source, "-o", out, "-j", "2"])
        try:
            batch.wait(chance.uniform(0, whole_s))
            shutil.rmtree(out)  # it was through: again from nothing
        except subprocess.TimeoutExpired:
            batch.kill()
            batch.wait()
            n += 1
    complete(source, out, study)
    print(f"{n} times killed, then the same study and nothing left behind")


def disks(work, sizes=50):
    source, study = reference_of(work)
    reference = os.path.join(work, "reference")
    used = sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(reference) for f in files)
    out, codes = os.path.join(work, "disk"), {}
    os.mkdir(out)
    for i in range(int(sizes)):
        size = 4096 + int(1.2 * used * i / (int(sizes) - 1)) // 4096 * 4096
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", out], check=True)
        try:
            done = gait("batch", "-q", source, "-o", out, "-j", "2")
            codes[done.returncode] = codes.get(done.returncode, 0) + 1
            check(done.returncode in (0, 1, 73, 74), f"{size} bytes: left with {done.returncode}: {done.stderr}")
            check(done.returncode == 0 or done.stderr.strip(), f"{size} bytes: no reason")
            if done.returncode == 0:
                check(sha256(os.path.join(out, "study.h5")) == study, f"{size} bytes: another study")
            check_folder(out)
            subprocess.run(["mount", "-o", f"remount,size={4 * used + (8 << 20)}", out], check=True)
            complete(source, out, study)
        finally:
            subprocess.run(["umount", out], check=True)
    print(f"{sizes} sizes of up to {1.2 * used / 1e6:.1f} MB, exit codes {codes}; then always the same study")


def writes(work, shim, step=1):
    source, study = reference_of(work, 3)
    out, counter, at, codes = os.path.join(work, "out"), os.path.join(work, "counter"), 0, {}
    total = None
    while total is None or at <= total:
        shutil.rmtree(out, ignore_errors=True)
        with open(counter, "wb") as f:
            f.write(b"\0" * 8)
        env = dict(os.environ, LD_PRELOAD=os.path.abspath(shim), FAIL_COUNTER=counter, FAIL_AT=str(at),
                   FAIL_FOLDER=os.path.realpath(work) + "/out")
        done = gait("batch", "-q", source, "-o", out, "-j", "1", env=env)
        if total is None:
            with open(counter, "rb") as f:
                total = int.from_bytes(f.read(8), "little")
            check(done.returncode == 0 and total > 20, f"{total} calls were counted")
        else:
            codes[done.returncode] = codes.get(done.returncode, 0) + 1
            check(done.returncode in (0, 1, 73, 74), f"call {at}: left with {done.returncode}: {done.stderr}")
            check(done.returncode == 0 or done.stderr.strip(), f"call {at}: no reason")
            if done.returncode == 0:
                check(sha256(os.path.join(out, "study.h5")) == study, f"call {at}: another study")
        check_folder(out)
        complete(source, out, study)
        at += int(step)
    print(f"each of {total} calls failed once, exit codes {codes}; then always the same study")


def shards(work):
    source, study = reference_of(work, 12)
    for n in [1, 7, 100]:
        out = os.path.join(work, f"out{n}")
        for i in range(1, n + 1):
            if n > 1 and i == 3:
                continue
            check(gait("batch", "-q", source, "-o", out, "--shard", f"{i}/{n}").returncode == 0, f"shard {i}/{n} failed")
        if n > 1:
            done = gait("merge", out)
            check(done.returncode == 66 and f"--shard 3/{n}" in done.stderr, done.stderr)
            gait("batch", "-q", source, "-o", out, "--shard", f"3/{n}")
        check(gait("merge", out).returncode == 0, "it cannot be merged")
        check(sha256(os.path.join(out, "study.h5")) == study, f"{n} shards give another study")
    print("1, 7 and 100 shards give the same study; a missing one is named")


if __name__ == "__main__":
    GAIT = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        {f.__name__: f for f in (many, speedup, kills, disks, writes, shards)}[sys.argv[2]](folder, *sys.argv[3:])
