# SPDX-License-Identifier: BSD-3-Clause
"""Damages every device file in many ways and sees what the readers and the analysis make of it.

Usage: mutate.py BUILD [FOLDER] [--per-file N] [--first N] [--seconds S] [--only WORD] [--keep DIR]

FOLDER (GAIT_FORMATS_DIR) holds device files, one folder per format; each mutant lies beside links to its neighbours, as
Motion-BIDS needs them. A mutant is a file that was cut, or of which bits were flipped, bytes zeroed, or a part repeated; of
a compressed file half of the mutants are of what is inside. Each is inspected and analysed by the program's own commands
(BUILD/tests/bench/mutants) and has to give a result or one sentence, within 10 s of CPU time and 256 MiB. Meant for a build
with -Db_sanitize=address,undefined. One mutant in twenty is of the whole file (up to MOST_BYTES), the others are of what it
begins with (FEW_BYTES), unless its end is needed to read it. The same files give the same mutants."""
import argparse
import collections
import gzip
import io
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile

MOST_BYTES = 1 << 19
FEW_BYTES = 1 << 15
MOST_MIB = 256
SKIPPED = 77
MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None
KINDS = ("cut", "flipped", "zeroed", "repeated")
PLACEMENTS = ("shank", "foot", "sacrum", "waist", "wrist", "other")
NOT_RECORDINGS = ("NOTE.txt", "README.md", "LICENSE", "LICENSE.txt")


def mutant(data, kind, rng):
    at = rng.randrange(len(data))
    length = min(len(data) - at, int(2 ** rng.uniform(0, 14)))
    if kind == "cut":
        return data[:at]
    if kind == "zeroed":
        return data[:at] + bytes(length) + data[at + length:]
    if kind == "repeated":
        return data[:at + length] + data[at:at + length] + data[at + length:]
    flipped = bytearray(data)
    for _ in range(1 + int(2 ** rng.uniform(0, 6))):
        flipped[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(flipped)


def files_of(folder):
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name not in NOT_RECORDINGS:
                yield os.path.join(place, name)


class Bench:
    """The process that tries one file after the other."""

    def __init__(self, build):
        supp = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "%s.supp")
        options = {"ASAN_OPTIONS": f"suppressions={supp % 'asan'}:quarantine_size_mb=16",
                   "LSAN_OPTIONS": f"suppressions={supp % 'lsan'}:print_suppressions=0",
                   "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1"}
        self.process = subprocess.Popen([os.path.join(build, "tests", "bench", "mutants")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, errors="replace", env=options | os.environ)

    def answer(self, path, placement):
        self.process.stdin.write(f"{placement} {path}\n")
        self.process.stdin.flush()
        words, _, mib = self.process.stdout.readline().rstrip("\n").rpartition("\t")
        if int(mib) > MOST_MIB:
            return f"FAT: {mib} MiB; {words}"
        return words


def members_of(data, most):
    """Of a ZIP archive, each member as far as it is wanted."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.open(name).read(most) for name in archive.namelist()}


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def mutate_zip(data, most, kind, is_inside, rng):
    members = members_of(data, most)
    if not is_inside:
        return mutant(zipped(members), kind, rng)
    name = rng.choice(sorted(name for name in members if members[name]))
    return zipped(members | {name: mutant(members[name], kind, rng)})


def mutants_of(path, per_file):
    """Pairs of name and bytes; the seed is the file's name, so one file can be tried alone."""
    rng = random.Random(os.path.basename(path))
    name = os.path.basename(path)
    with open(path, "rb") as file:
        data = file.read()
    is_zip, is_gzip, needs_end = name.endswith((".gt3x", ".zip")), name.endswith(".gz"), name.endswith(".h5")
    inside = gzip.open(path).read(MOST_BYTES) if is_gzip else b""
    for i in range(per_file):
        kind, is_inside = KINDS[i % len(KINDS)], i // len(KINDS) % 2
        most = MOST_BYTES if needs_end or i % 20 == 19 else FEW_BYTES
        if is_zip:
            yield name, mutate_zip(data, most, kind, is_inside, rng)
        elif is_gzip and is_inside:
            yield name[:-3], mutant(inside[:most], kind, rng)
        else:
            yield name, mutant(data[:most], kind, rng)


def link_neighbours(path, folder):
    for neighbour in os.listdir(os.path.dirname(path)):
        if neighbour not in NOT_RECORDINGS:
            os.symlink(os.path.join(os.path.dirname(path), neighbour), os.path.join(folder, neighbour))


def try_file(bench, path, args, until):
    """Counts of what came out, and the list of failures."""
    counts, failures = collections.Counter(), []
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        link_neighbours(path, folder)
        for i, (name, data) in enumerate(mutants_of(path, args.per_file)):
            if time.monotonic() > until:
                break
            if i < args.first:
                continue
            at = os.path.join(folder, name)
            if os.path.lexists(at):
                os.remove(at)
            with open(at, "wb") as file:
                file.write(data)
            # a damaged neighbour is met through the samples it belongs to
            target = at.replace("_channels.tsv", "_motion.tsv").replace("_motion.json", "_motion.tsv")
            placement = PLACEMENTS[i % len(PLACEMENTS)]
            said = bench.answer(target, placement)
            counts[said.split(" ")[0].rstrip(":")] += 1
            if said.split(" ")[0] not in ("result", "refused"):
                failures.append(f"{name}, mutant {i} ({KINDS[i % len(KINDS)]}): {said}")
                if args.keep:
                    os.makedirs(args.keep, exist_ok=True)
                    with open(os.path.join(args.keep, f"{i}_{name}"), "wb") as file:
                        file.write(data)
    return counts, failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("folder", nargs="?", default=os.environ.get("GAIT_FORMATS_DIR"))
    parser.add_argument("--per-file", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="leave out the mutants before this one")
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep")
    args = parser.parse_args()
    if not args.folder:
        print("GAIT_FORMATS_DIR is not set")
        return SKIPPED
    bench = Bench(args.build)
    until = time.monotonic() + args.seconds
    total, failures = collections.Counter(), []
    for path in files_of(args.folder):
        if args.only not in path:
            continue
        counts, bad = try_file(bench, path, args, until)
        print(os.path.relpath(path, args.folder), dict(counts), flush=True)
        for line in bad:
            print("  " + line, flush=True)
        total += counts
        failures += bad
    print(f"{sum(total.values())} mutants: {dict(total)}; {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
