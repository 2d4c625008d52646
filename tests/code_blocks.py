# SPDX-License-Identifier: BSD-3-Clause
"""Runs every code block of README and guide. Usage: code_blocks.py TREE, with gait on PATH, pkg-config finding libgait, and
a python whose packages the blocks import.

c: compiled and run. python: run. tsv: the manifest study.tsv of the commands behind it. text that begins with "gait ": each
command is run; other text: the blocks that show what the program prints, compared with what it prints. sh: the two
commands, which are run by whoever runs the tests, and the installation."""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

tree = Path(sys.argv[1]).resolve()
# What install.sh does, in a folder of its own.
INSTALLATION = ["sudo meson install -C build", "python3 -m venv --system-site-packages env",
                "env/bin/pip install --no-build-isolation --no-index lib/bindings/python"]


def blocks():
    for kind, text in re.findall(r"^```(\w+)\n(.*?)^```$", (tree / "README.md").read_text(), flags=re.S | re.M):
        yield "README.md", kind, text
    guide = (tree / "include/gait/gait.h").read_text()
    for kind, text in re.findall(r"@code\{\.(\w+)\}\n(.*?) \* @endcode", guide, flags=re.S):
        yield "include/gait/gait.h", kind, re.sub(r"^ \* ?", "", text, flags=re.M)


def prepare(folder):
    healthy = tree / "datasets" / "healthy"
    for name, source in {"run": "left_shank", "left": "left_shank", "right": "right_shank", "back": "sacrum"}.items():
        shutil.copy(healthy / f"{source}.csv", folder / f"{name}.csv")
    shutil.copy(healthy / "left_shank.json", folder / "run.json")


def run(folder, *command, **options):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise SystemExit(f"{command}\n{done.stdout}{done.stderr}")
    return done.stdout


def run_c(folder, text):
    (folder / "block.c").write_text(text)
    flags = run(folder, "pkg-config", "--cflags", "--libs", "libgait").split()
    run(folder, "cc", "-std=c17", "-Wall", "-Wextra", "-Werror", "-o", "block", "block.c", *flags)
    run(folder, "./block")


def run_python(folder, text):
    run(folder, sys.executable, "-c", text)


def run_text(folder, text):
    if not text.startswith("gait "):
        summary = re.search(r"^written: (.*)$", text, flags=re.M)[1]
        runner = tree / "datasets" / summary.removesuffix(".gait.h5")
        files = sorted(p for p in runner.iterdir() if p.suffix in (".csv", ".gz", ".wav", ".flac") and ".truth" not in p.name)
        shown = run(folder, "gait", "analyze", *map(str, files), "-o", summary)
        assert shown.split() == text.split(), f"README shows\n{text}\nbut the program prints\n{shown}"
        return
    for line in text.strip().splitlines():
        if "SUMMARY" not in line:
            run(folder, "sh", "-c", line)


def write_manifest(folder, text):
    (folder / "study.tsv").write_text(text)


def check_sh(_, text):
    if not re.fullmatch(r"sh examples/quickstart\.sh( test)?\n", text):
        assert text.splitlines() == INSTALLATION, text


def main():
    runners = {"c": run_c, "python": run_python, "text": run_text, "tsv": write_manifest, "sh": check_sh}
    count = 0
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        for place, kind, text in sorted(blocks(), key=lambda b: b[1] == "python"):
            runners[kind](Path(name), text)
            count += 1
            print("ok", place, kind, text.strip().splitlines()[0][:60])
    assert count >= 8, count


main()
