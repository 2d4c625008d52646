# SPDX-License-Identifier: BSD-3-Clause
"""Times the program on an hour of running, on the pages of that hour and on weeks of device files, and prints the
README's speed table.

Usage: speed.py GAIT MAKE_WEEK README [--write] [--runs N] [--folder FOLDER] [--hour-only]

Seconds are user and system time of the whole process, files warm in the page cache; the median of the runs and, as
other work on the machine only ever adds to it, the least. The files need 4 GB. In a folder that is named they stay and
are not made again, so that a second call does nothing but time them."""
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


def made(folder, name, make):
    """The file of that name, made by make(path) unless it is there."""
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        make(path)
    return path


def make_hours(gait, folder):
    def simulate(placement):
        settings = [f"placement={placement}", "duration_s=3600", "rate_hz=1000", "gyro=0"]
        words = [word for setting in settings for word in ("--set", setting)]
        return lambda path: subprocess.run([gait, "simulate", "-q", *words, "-o", path], check=True)

    def convert(path):
        subprocess.run([gait, "convert", "-q", "--placement", "shank", shank, "-o", path], check=True)

    shank = made(folder, "shank.csv", simulate("shank"))
    return [("CSV, shank", "shank", shank),
            ("CSV, foot", "foot", made(folder, "foot.csv", simulate("foot"))),
            ("CSV, sacrum", "sacrum", made(folder, "sacrum.csv", simulate("sacrum"))),
            ("WAV, 32-bit float, shank", "shank", made(folder, "shank.wav", convert)),
            ("HDF5, shank", "shank", made(folder, "shank.h5", convert))]


def make_weeks(make, folder):
    """What it is, the file, the bytes that a reader sees."""
    def week(form):
        def write(path):
            with open(path, "wb") as f:
                subprocess.run([make, form, "168"], stdout=f, check=True)
        return write

    def pack(path):
        log = made(folder, "log.bin", week("log.bin"))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("info.txt", INFO)
            archive.write(log, "log.bin")
        os.remove(log)

    gt3x = made(folder, "week.gt3x", pack)
    with zipfile.ZipFile(gt3x) as archive:
        yield "GT3X, 100 Hz, 12 bit (inflated)", gt3x, archive.getinfo("log.bin").file_size
    for what, form, name in [("CWA, 100 Hz, packed", "cwa", "week.cwa"),
                             ("CWA, 100 Hz, 16 bit", "cwa-unpacked", "week_unpacked.cwa"),
                             ("CWA, 100 Hz, with gyroscope", "cwa-gyro", "week_gyro.cwa"),
                             ("GENEActiv, 100 Hz", "geneactiv", "week.bin"),
                             ("CSV, 50 Hz", "csv", "week.csv")]:
        path = made(folder, name, week(form))
        yield what, path, os.path.getsize(path)


def hour_rows(options, folder):
    yield "| one hour at 1 kHz | size | CPU | least | peak memory |"
    yield "|---|---|---|---|---|"
    for what, placement, path in make_hours(options.gait, folder):
        command = [options.gait, "analyze", "-q", path, "--placement", placement, "-o", path + ".gait.h5"]
        median, least, memory = timed(command, options.runs)
        yield f"| {what} | {os.path.getsize(path) / 1e6:.0f} MB | {median:.2f} s | {least:.2f} s | {memory:.0f} MB |"


def page_rows(options, folder):
    yield "| page of that hour | size | CPU | least | peak memory |"
    yield "|---|---|---|---|---|"
    summary = os.path.join(folder, "shank.csv.gait.h5")
    for what in ["html", "pdf"]:
        page = os.path.join(folder, "page." + what)
        median, least, memory = timed([options.gait, "report", summary, "-o", page], 3 * options.runs)
        yield (f"| {what.upper()} | {os.path.getsize(page) / 1e3:.0f} kB | {1e3 * median:.0f} ms | {1e3 * least:.0f} ms "
               f"| {memory:.0f} MB |")


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
    with tempfile.TemporaryDirectory() as passing:
        folder = chosen.folder or passing
        rows = [*hour_rows(chosen, folder), "", *page_rows(chosen, folder)]
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
