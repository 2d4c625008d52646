# SPDX-License-Identifier: BSD-3-Clause
"""Damages every device file in many ways and sees what the readers and the analysis make of it.

Usage: mutate.py BUILD [FOLDER] [--per-file N] [--first N] [--seconds S] [--only WORD] [--keep DIR]

FOLDER (GAIT_FORMATS_DIR) holds device files, one folder per format; each mutant lies beside links to its neighbours, as
Motion-BIDS needs them. A mutant is a file that was cut, or of which bits were flipped, bytes zeroed, or a part repeated; of
a .gz file half of the mutants are of what is inside. Each is inspected and analysed in a process of its own
(BUILD/tests/bench/mutants) and has to give a result or one sentence, within 10 s of CPU time and 256 MiB; one in fifty
also goes through the program. Meant for a build with -Db_sanitize=address,undefined. Longer files than MOST_BYTES are first
cut to that, unless their end is needed to read them. The same files give the same mutants."""
import argparse
import collections
import gzip
import os
import random
import subprocess
import sys
import tempfile
import time

MOST_BYTES = 1 << 19
MOST_MIB = 256
SKIPPED = 77
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
    """The process that tries one file after the other, and a folder for the file."""

    def __init__(self, build):
        self.program = os.path.join(build, "cli", "gait")
        self.harness = os.path.join(build, "tests", "bench", "mutants")
        self.process = subprocess.Popen([self.harness], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        errors="replace")

    def answer(self, path, placement):
        self.process.stdin.write(f"{placement} {path}\n")
        self.process.stdin.flush()
        words, _, mib = self.process.stdout.readline().rstrip("\n").rpartition("\t")
        if int(mib) > MOST_MIB:
            return f"FAT: {mib} MiB; {words}"
        return words

    def run(self, path, placement):
        for command in (["inspect", "--json", path], ["analyze", "-q", path, "--placement", placement, "-o", path + ".gait.h5"]):
            done = subprocess.run([self.program] + command, capture_output=True, text=True, errors="replace")
            lines = done.stderr.splitlines()
            if done.returncode not in (0, 64, 65, 78) or len(lines) != (done.returncode != 0):
                return f"PROGRAM {command[0]} ends with {done.returncode} and {done.stderr[:2000]}"
        return "program"


def mutants_of(path, per_file):
    """Pairs of name and bytes; the seed is the file's name, so one file can be tried alone."""
    rng = random.Random(os.path.basename(path))
    name = os.path.basename(path)
    with open(path, "rb") as file:
        data = file.read(-1 if name.endswith((".gz", ".gt3x", ".zip", ".h5")) else MOST_BYTES)
    inside = gzip.open(path).read(MOST_BYTES) if name.endswith(".gz") else data
    for i in range(per_file):
        is_inside = name.endswith(".gz") and i // len(KINDS) % 2
        yield (name[:-3] if is_inside else name), mutant(inside if is_inside else data, KINDS[i % len(KINDS)], rng)


def link_neighbours(path, folder):
    for neighbour in os.listdir(os.path.dirname(path)):
        if neighbour not in NOT_RECORDINGS:
            os.symlink(os.path.join(os.path.dirname(path), neighbour), os.path.join(folder, neighbour))


def try_file(bench, path, args, until):
    """Counts of what came out, and the list of failures."""
    counts, failures = collections.Counter(), []
    with tempfile.TemporaryDirectory() as folder:
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
            if i % 50 == 49 and not said.split(":")[0].isupper():
                ran = bench.run(target, placement)
                said = said if ran == "program" else ran
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
