# SPDX-License-Identifier: BSD-3-Clause
"""Every format to every plain one and back. Usage: test_convert_all.py GAIT CORPUS

CORPUS holds one folder of small files per row of the format table (what fuzzing starts from), and `beside`, what stands
beside them."""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

GAIT = CORPUS = None
REFUSED = {"refused"}  # rows that only say what a file is
PER_FORMAT = 2
# acceleration and angular rate come back within; times within this much of what convert says of them
TARGETS = {"csv": (0, 0, 1e-4), "h5": (0, 0, 1e-4), "wav": (0, 0, 1e-3),
           "flac": (16 / 2**23, 2000 / 2**23, 1e-3)}


def gait(*words):
    return subprocess.run([GAIT, *words], capture_output=True, text=True, timeout=60)


def rows(path):
    with open(path, newline="") as file:
        names, *lines = csv.reader(file)
    return names, [[float(cell) for cell in line] for line in lines]


def folders():
    return sorted(set(os.listdir(CORPUS)) - {"beside", "sidecar"})


class Conversion(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        for file in os.listdir(os.path.join(CORPUS, "beside")):
            shutil.copy(os.path.join(CORPUS, "beside", file), self.folder.name)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def inspect(self, path):
        return json.loads(gait("inspect", "--json", path).stdout)

    def test_every_format_has_a_small_file(self):
        listed = {row["name"] for row in json.loads(gait("list", "formats", "--json").stdout)}
        self.assertEqual(listed - REFUSED, set(folders()))

    def recordings(self, name):
        """The first few of a folder that can be read: some were found by fuzzing and cannot."""
        found = []
        for file in sorted(os.listdir(os.path.join(CORPUS, name))):
            source = self.path(file)
            shutil.copy(os.path.join(CORPUS, name, file), source)
            done = gait("inspect", "--json", source)
            if done.returncode == 0 and len(found) < PER_FORMAT:
                found.append((source, json.loads(done.stdout)))
        return found

    def test_what_is_written_is_read_back(self):
        for name in folders():
            recordings = self.recordings(name)
            self.assertTrue(recordings, name)
            for source, about in recordings:
                word = source + (":" + about["sensor"] if about["sensor"] else "")
                done = gait("convert", "-q", word, "-o", self.path("reference.csv"))
                self.assertEqual(done.returncode, 0, done.stderr)
                for target in TARGETS:
                    with self.subTest(source=os.path.basename(source), target=target):
                        self.there_and_back(word, about, target)

    def there_and_back(self, word, about, target):
        copy = self.path("copy." + target)
        done = gait("convert", word, "-o", copy)
        is_sound = target in ("wav", "flac")
        if done.returncode and is_sound:
            self.assertRegex(done.stderr, "is a gap, which a sound file cannot hold|by a rate of|full scale")
            self.assertEqual(len(done.stderr.splitlines()), 1)
            self.assertFalse(os.path.exists(copy))
            return
        self.assertEqual(done.returncode, 0, done.stderr)
        moved = re.search("move by up to ([0-9.]+) ms", done.stdout)
        again = self.inspect(copy)
        self.assertIn("none: the sidecar", again["calibration"])  # else a day of wear would be rescaled twice
        for key in ("placement", "side", "gyroscope", "n_frames", "start_time", "subject_id"):
            self.assertEqual(again[key], about[key], key)
        back = gait("convert", "-q", copy, "-o", self.path("back.csv"))
        self.assertEqual(back.returncode, 0, back.stderr)
        self.compare(target, float(moved.group(1)) / 1000 if moved else 0, is_sound)
        os.remove(copy)
        os.remove(self.path("copy.json"))

    def compare(self, target, moved_s, is_sound):
        accel, gyro, time = TARGETS[target]
        names, first = rows(self.path("reference.csv"))
        names_back, back = rows(self.path("back.csv"))
        self.assertEqual(names_back, names)
        self.assertEqual(len(back), len(first))
        zero = first[0][0] if is_sound else 0  # a sound file begins at 0
        for a, b in zip(first, back):
            self.assertAlmostEqual(a[0] - zero, b[0], delta=moved_s + time)
            for k, (x, y) in enumerate(zip(a[1:], b[1:])):
                self.assertAlmostEqual(x, y, delta=(accel if k < 3 else gyro) + 1e-9)


if __name__ == "__main__":
    CORPUS = os.path.abspath(sys.argv.pop(2))
    GAIT = sys.argv.pop(1)
    unittest.main(verbosity=1)
