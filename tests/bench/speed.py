# SPDX-License-Identifier: BSD-3-Clause
"""Times the program on an hour of running and on weeks of device files, and prints the README's speed table.

Usage: speed.py GAIT MAKE_WEEK README [--write] [--runs N] [--folder FOLDER] [--hour-only]

Seconds are user and system time of the whole process, files warm in the page cache; the median of the runs and, as
other work on the machine only ever adds to it, the least. A week needs 3 GB in the folder, which is /tmp otherwise."""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import zipfile

INFO = """Serial Number: TAS1H30182785
Device Type: Link
Firmware: 1.7.2
Sample Rate: 100
Start Date: 638349984000000000
TimeZone: 00:00:00
Acceleration Scale: 256.0
Acceleration Max: 8.0
"""


def run(command):
    """User and system seconds, peak memory in MB."""
    before = os.times()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)}: exit {child.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


def timed(command, runs):
    """Median and least seconds, largest memory."""
    seconds, megabytes = zip(*(run(command) for _ in range(runs)))
    return statistics.median(seconds), min(seconds), max(megabytes)


def make_hour(gait, folder):
    csv = os.path.join(folder, "hour.csv")
    subprocess.run([gait, "simulate", "-q", "--set", "placement=shank", "--set", "duration_s=3600", "--set",
                    "rate_hz=1000", "--set", "gyro=0", "-o", csv], check=True)
    for name in ["hour.wav", "hour.h5"]:
        subprocess.run([gait, "convert", "-q", csv, "-o", os.path.join(folder, name)], check=True)
    return [("CSV", csv), ("WAV, 32-bit float", csv[:-3] + "wav"), ("HDF5", csv[:-3] + "h5")]


def make_week(make, form, name, folder):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        subprocess.run([make, form, "168"], stdout=f, check=True)
    return path


def make_weeks(make, folder):
    """What it is, the file, the bytes that a reader sees."""
    log = make_week(make, "log.bin", "log.bin", folder)
    gt3x = os.path.join(folder, "week.gt3x")
    with zipfile.ZipFile(gt3x, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("info.txt", INFO)
        archive.write(log, "log.bin")
    inflated = os.path.getsize(log)
    os.remove(log)
    yield "GT3X, 100 Hz, 12 bit (inflated)", gt3x, inflated
    for what, form, name in [("CWA, 100 Hz, packed", "cwa", "week.cwa"), ("GENEActiv, 100 Hz", "geneactiv", "week.bin"),
                             ("CSV, 50 Hz", "csv", "week.csv")]:
        path = make_week(make, form, name, folder)
        yield what, path, os.path.getsize(path)
        os.remove(path)


def hour_rows(options, folder):
    yield "| one hour at 1 kHz | size | CPU | least | peak memory |"
    yield "|---|---|---|---|---|"
    for what, path in make_hour(options.gait, folder):
        median, least, memory = timed([options.gait, "analyze", "-q", path, "-o", path + ".gait.h5"], options.runs)
        yield f"| {what} | {os.path.getsize(path) / 1e6:.0f} MB | {median:.2f} s | {least:.2f} s | {memory:.0f} MB |"


def week_rows(options, folder):
    yield "| seven days, read to the end | size | speed | CPU | least | peak memory |"
    yield "|---|---|---|---|---|---|"
    for what, path, size in make_weeks(options.make_week, folder):
        command = [options.gait, "inspect", "--no-autocalibration", path]
        median, least, memory = timed(command, options.runs)
        megabytes = size / 1e6
        yield (f"| {what} | {megabytes:.0f} MB | {megabytes / median:.0f} MB/s | {median:.2f} s | {least:.2f} s "
               f"| {memory:.0f} MB |")


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gait")
    parser.add_argument("make_week")
    parser.add_argument("readme")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--folder", default=None)
    parser.add_argument("--hour-only", action="store_true")
    return parser.parse_args()


def main():
    chosen = options()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        rows = list(hour_rows(chosen, folder))
        if not chosen.hour_only:
            rows += ["", *week_rows(chosen, folder)]
    table = "\n".join(rows)
    print(table)
    if not chosen.write:
        return
    with open(chosen.readme) as f:
        text = f.read()
    with open(chosen.readme, "w") as f:
        f.write(re.sub(r"(<!-- speed -->\n).*?(<!-- end -->)", lambda m: m[1] + table + "\n" + m[2], text, flags=re.S))


main()
