# SPDX-License-Identifier: BSD-3-Clause
"""Checks that the README's tables are what the program prints. Usage: readme.py GAIT README [--write]"""
import re
import subprocess
import sys


def block(gait, match):
    table = subprocess.run([gait, "list", match.group(2), "--markdown"], capture_output=True, text=True, check=True)
    return f"{match.group(1)}\n{table.stdout}{match.group(4)}"


def main():
    gait, path = sys.argv[1:3]
    with open(path) as f:
        text = f.read()
    fresh = re.sub(r"(<!-- gait list (\w+) -->)\n(.*?)(<!-- end -->)", lambda m: block(gait, m), text, flags=re.S)
    if "--write" in sys.argv:
        with open(path, "w") as f:
            f.write(fresh)
    elif fresh != text:
        old, new = text.split("\n"), fresh.split("\n")
        for i, (a, b) in enumerate(zip(old, new)):
            if a != b:
                sys.exit(f"{path}:{i + 1}: the table is not what gait list prints; write it with --write")
        sys.exit(f"{path}: a table is not what gait list prints; write it with --write")


main()
