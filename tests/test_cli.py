# SPDX-License-Identifier: BSD-3-Clause
"""The program as its user meets it. Usage: test_cli.py GAIT [unittest arguments]"""
import gzip
import hashlib
import json
import math
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

GAIT = None
RUN = ["--set", "duration_s=40", "--set", "rate_hz=200", "--set", "gyro=0", "--set", "seed=7"]


def gait(*words, expect=0, text=None):
    done = subprocess.run([GAIT, *words], capture_output=True, text=True, input=text, timeout=120)
    if done.returncode != expect:
        raise AssertionError(f"gait {' '.join(words)} left with {done.returncode}, expected {expect}\n{done.stderr}")
    return done


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


class Program(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def simulate(self, name, *settings):
        words = []
        for setting in settings:
            words += ["--set", setting]
        gait("simulate", "-q", "-o", self.path(name), *RUN, *words)
        return self.path(name)

    def analyze(self, recording, *words):
        summary = recording + ".h5out"
        gait("analyze", "-q", recording, "-o", summary, *words)
        return summary

    def events(self, summary):
        return json.loads(gait("export", summary, "--table", "events", "--json").stdout)

    def refused(self, name, content, *words, expect=65, contains=()):
        """A bad input gives one sentence with its name, the right exit code, and nothing written."""
        path = self.path(name)
        if content is not None:
            with open(path, "wb") as f:
                f.write(content)
        before = sorted(os.listdir(self.folder.name))
        done = gait("analyze", path, *words, expect=expect)
        self.assertEqual(done.stdout, "")
        lines = done.stderr.strip().split("\n")
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertIn(name, lines[0])
        for word in contains:
            self.assertIn(word, lines[0])
        self.assertEqual(sorted(os.listdir(self.folder.name)), before)
        return lines[0]


class Formats(Program):
    def test_the_same_run_in_every_format_gives_the_same_events(self):
        reference = self.events(self.analyze(self.simulate("run.csv")))
        self.assertGreater(len(reference), 60)
        for name, tolerance in [("b.csv.gz", 1e-6), ("c.wav", 1e-6), ("d.h5", 1e-6), ("e.flac", 1e-4)]:
            found = self.events(self.analyze(self.simulate(name)))
            self.assertEqual(len(found), len(reference), name)
            for a, b in zip(reference, found):
                self.assertEqual(a["type"], b["type"], name)
                self.assertAlmostEqual(a["time_s"], b["time_s"], delta=tolerance, msg=name)

    def test_two_runs_give_the_same_bytes(self):
        recording = self.simulate("run.csv")
        gait("analyze", "-q", recording, "-o", self.path("1.h5"))
        time.sleep(1.1)  # a file that bears the time of day would differ now
        gait("analyze", "-q", recording, "-o", self.path("2.h5"))
        self.assertEqual(sha256(self.path("1.h5")), sha256(self.path("2.h5")))

    def test_a_conversion_keeps_every_sample(self):
        recording = self.simulate("run.csv", "gyro=1")
        for middle in ["x.h5", "x.csv.gz", "x.wav"]:
            gait("convert", recording, "-o", self.path(middle))
            gait("convert", self.path(middle), "-o", self.path("back.csv"))
            self.assertEqual(sha256(recording), sha256(self.path("back.csv")), middle)

    def test_a_conversion_leaves_the_original_as_it_was_understood(self):
        recording, other = self.path("run.csv"), self.path("other.csv")
        shutil.copy(self.simulate("simulated.csv", "gyro=1"), other)
        with open(other) as f, open(recording, "w") as out:  # in m/s^2, as its sidecar says
            for i, line in enumerate(f):
                time_s, *cells = line.strip().split(",")[:4]
                out.write(",".join([time_s, *("xyz" if i == 0 else (repr(9.80665 * float(c)) for c in cells))]) + "\n")
        with open(self.path("run.json"), "w") as f:
            f.write('{"unit": "m/s2", "placement": "shank", "pain_score": 3}')
        before = gait("inspect", recording).stdout, sha256(recording), sha256(self.path("run.json"))
        for copy in ["run.h5", "run.csv.gz", "./run.wav", "run.h5"]:
            gait("convert", recording, "-o", self.path(copy))
            now = gait("inspect", recording).stdout, sha256(recording), sha256(self.path("run.json"))
            self.assertEqual(before, now, copy)
            gait("convert", self.path(copy), "-o", self.path("back.csv"))
            gait("convert", recording, "-o", self.path("straight.csv"))
            self.assertEqual(sha256(self.path("straight.csv")), sha256(self.path("back.csv")), copy)
        for same in [recording, self.path("./run.csv")]:
            self.assertIn("left as it is", gait("convert", recording, "-o", same, expect=73).stderr)
        self.assertEqual(before[1], sha256(recording))


class Analysis(Program):
    def test_detections_match_the_truth(self):
        for placement, side in [("shank", "left"), ("sacrum", "none"), ("foot", "right")]:
            recording = self.simulate(f"{placement}.csv", f"placement={placement}", f"side={side}")
            scores = json.loads(
                gait("compare", self.analyze(recording), self.path(f"{placement}.truth.csv"), "--json").stdout)["scores"]
            strikes = [s for s in scores if s["what"] == "foot_strike"][0]
            self.assertGreaterEqual(strikes["f1"], 0.97, placement)

    def test_the_summary_is_whole_and_every_table_is_exported(self):
        summary = self.analyze(self.simulate("run.csv"))
        self.assertIn("whole", gait("verify", summary).stdout)
        tables = json.loads(gait("verify", summary, "--json").stdout)[0]["rows"]
        for table in ["sessions", "recordings", "bouts", "events", "strides", "repetitions", "minutes", "summary", "asymmetry",
                      "findings"]:
            rows = json.loads(gait("export", summary, "--table", table, "--format", "json").stdout)
            self.assertEqual(len(rows), tables[table], table)
            text = gait("export", summary, "--table", table).stdout
            self.assertEqual(len(text.split("\n")), tables[table] + 2, table)

    def test_a_knee_bend_is_a_task(self):
        for side in ["left", "right"]:
            self.simulate(f"{side}.csv", "placement=shank", f"side={side}", "task=knee-bend", "duration_s=50",
                          "lean_difference_deg=6")
        both = [self.path(f"{side}.csv") for side in ["left", "right"]]
        done = gait("analyze", *both, "-o", self.path("bend.h5"))
        self.assertIn("5 repetitions", done.stdout)
        self.assertIn("test_side_difference", done.stdout)
        rows = json.loads(gait("export", self.path("bend.h5"), "--table", "repetitions", "--format", "json").stdout)
        self.assertEqual([r["side"] for r in rows], ["left"] * 5 + ["right"] * 5)
        gait("report", self.path("bend.h5"), "-o", self.path("bend.html"))
        with open(self.path("bend.html"), encoding="utf-8") as page:
            self.assertIn("Medial lean in the bend", page.read())
        os.remove(self.path("left.json"))
        words = gait("analyze", self.path("left.csv") + "@shank,left", "--task", "knee-bend", "-o", self.path("l.h5"))
        self.assertIn("5 repetitions", words.stdout)

    def test_standing_on_one_leg_is_a_task(self):
        with open(self.path("stand.csv"), "w", encoding="ascii") as rows:
            rows.write("time_s,x_g,y_g,z_g\n")
            for i in range(4000):
                t = i / 100
                jolt = 0.5 * math.sin(40 * t) if t < 5 or 25 <= t < 26 else 0
                rows.write(f"{t:.2f},{0.02 * math.sin(3 * t):.5f},{1 + jolt:.5f},{0.03 * math.sin(5 * t):.5f}\n")
        done = gait("analyze", self.path("stand.csv") + "@sacrum", "--task", "stance", "-o", self.path("stand.h5"))
        self.assertIn("2 repetitions, held", done.stdout)
        rows = json.loads(gait("export", self.path("stand.h5"), "--table", "repetitions", "--format", "json").stdout)
        self.assertEqual([r["test"] for r in rows], ["stance"] * 2)
        gait("report", self.path("stand.h5"), "-o", self.path("stand.html"))
        with open(self.path("stand.html"), encoding="utf-8") as page:
            self.assertIn("Sway while standing", page.read())

    def test_several_sensors_make_one_session(self):
        gait("simulate", "-q", "-o", self.path("run.csv"), *RUN, "--sensors", "left:shank,right:shank,none:sacrum")
        sensors = [self.path(f"run_{s}.csv") for s in ["left_shank", "right_shank", "sacrum"]]
        done = gait("analyze", *sensors, "-o", self.path("run.h5"), "--json")
        found = json.loads(done.stdout)
        self.assertEqual([r["sensor"] for r in found["recordings"]], ["left_shank", "right_shank", "sacrum"])
        self.assertTrue(found["asymmetry"])

    def test_a_file_word_may_name_the_placement(self):
        recording = self.simulate("run.csv")
        os.remove(self.path("run.json"))
        found = json.loads(gait("analyze", recording + "@shank,left", "-o", self.path("o.h5"), "--json").stdout)
        self.assertEqual(found["recordings"][0]["placement"], "shank")
        self.assertEqual(found["recordings"][0]["side"], "left")

    def test_rest_gives_a_summary_without_strides(self):
        with open(self.path("rest.csv"), "w") as f:
            f.write("time_s,ax_g,ay_g,az_g\n")
            for i in range(6000):
                f.write(f"{i / 100:.2f},{0.01 * (i * 7919 % 13 - 6) / 6:.4f},{0.002 * (i % 3):.4f},1.0{i % 2}\n")
        found = json.loads(
            gait("analyze", self.path("rest.csv"), "--placement", "shank", "-o", self.path("o.h5"), "--json").stdout)
        self.assertEqual(found["sessions"][0]["n_strides"], 0)
        self.assertIn("data_quality", [f["code"] for f in found["findings"]])


class Output(Program):
    def test_the_default_output_is_beside_the_input(self):
        recording = self.simulate("run.csv.gz")
        gait("analyze", "-q", recording)
        self.assertTrue(os.path.exists(self.path("run.gait.h5")))

    def test_another_file_is_never_overwritten(self):
        recording = self.simulate("run.csv")
        with open(self.path("precious.h5"), "w") as f:
            f.write("mine")
        gait("analyze", recording, "-o", self.path("precious.h5"), expect=73)
        with open(self.path("precious.h5")) as f:
            self.assertEqual(f.read(), "mine")
        gait("analyze", "-q", recording, "-o", self.path("own.h5"))
        gait("analyze", "-q", recording, "-o", self.path("own.h5"))

    def test_quiet_prints_nothing(self):
        recording = self.simulate("run.csv")
        done = gait("analyze", "-q", recording)
        self.assertEqual(done.stdout + done.stderr, "")

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full here")
    def test_a_full_disk_behind_standard_output_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([GAIT, "list", "metrics"], stdout=full, stderr=subprocess.PIPE)
            summary = self.analyze(self.simulate("run.csv"))
            table = subprocess.run([GAIT, "export", summary, "--table", "strides"], stdout=full, stderr=subprocess.PIPE,
                                   text=True)
        self.assertEqual(done.returncode, 74)
        self.assertEqual(table.returncode, 74)
        self.assertEqual(table.stderr.count("\n"), 1, table.stderr)
        self.assertIn("No space left", table.stderr)

    def test_a_folder_that_is_not_there(self):
        recording = self.simulate("run.csv")
        gait("analyze", recording, "-o", self.path("nowhere/x.h5"), expect=73)

    def test_the_host_language_changes_nothing(self):
        recording = self.simulate("run.csv")
        gait("analyze", "-q", recording, "-o", self.path("1.h5"))
        env = dict(os.environ, LC_ALL="de_DE.UTF-8", LC_NUMERIC="de_DE.UTF-8")
        subprocess.run([GAIT, "analyze", "-q", recording, "-o", self.path("2.h5")], env=env, check=True)
        self.assertEqual(sha256(self.path("1.h5")), sha256(self.path("2.h5")))


class BadInput(Program):
    def test_files_that_are_no_recordings(self):
        shank = ["--placement", "shank"]
        self.refused("empty.csv", b"", *shank)
        self.refused("noise.csv", bytes(range(256)) * 40, *shank)
        self.refused("noise.wav", hashlib.sha256(b"x").digest() * 300, *shank)
        self.refused("words.csv", b"name,colour\nanna,red\nben,blue\n" * 9, *shank)
        self.refused("two.csv", b"time_s,ax_g,ay_g\n" + b"0.01,0.5,0.5\n" * 500, *shank)
        self.refused("gone.csv", None, *shank, expect=66)

    def test_a_wrong_unit_is_named(self):
        rows = "".join(f"{i / 100},{i % 7 / 100},{i % 5 / 10},{9 + i % 3 / 10}\n" for i in range(900))
        with open(self.path("unit.csv"), "w") as f:
            f.write("time_s,ax,ay,az\n" + rows)
        done = gait("analyze", self.path("unit.csv"), "--placement", "shank", "--unit", "furlong", expect=78)
        self.assertIn("furlong", done.stderr)
        self.assertIn("m/s2", done.stderr)
        far = "".join(f"{i / 100},{i % 7 * 50},{i % 5 * 40},{300 + i % 3}\n" for i in range(900))
        self.refused("far.csv", ("time_s,ax,ay,az\n" + far).encode(), "--placement", "shank", contains=["--unit"])

    def test_no_placement_shows_both_ways_to_give_it(self):
        rows = "".join(f"{i / 100},0.0{i % 7},0.5{i % 3},0.9{i % 2}\n" for i in range(900))
        sentence = self.refused("run.csv", ("time_s,ax_g,ay_g,az_g\n" + rows).encode(), expect=64)
        self.assertIn("--placement", sentence)
        self.assertIn('"placement"', sentence)

    def test_a_sound_file_without_a_scale_is_not_taken_as_g(self):
        frames = struct.pack("<600h", *([100, 200, 300] * 200))
        head = b"RIFF" + struct.pack("<I", 36 + len(frames)) + b"WAVEfmt " + struct.pack(
            "<IHHIIHH", 16, 1, 3, 100, 600, 6, 16) + b"data" + struct.pack("<I", len(frames))
        self.refused("plain.wav", head + frames, "--placement", "shank", contains=["unit"])

    def test_a_length_that_is_a_lie_is_no_length(self):
        recording = self.simulate("run.wav")
        with open(recording, "rb") as f:
            content = bytearray(f.read())
        at = content.index(b"data")
        content[at + 4:at + 8] = struct.pack("<I", 0xFFFFFFF0)
        content[4:8] = struct.pack("<I", 0xFFFFFFF0)
        with open(recording, "wb") as f:
            f.write(content)
        gait("analyze", "-q", recording)

    def test_a_cut_file_gives_a_result_or_one_sentence(self):
        for name in ["run.csv", "run.csv.gz", "run.wav", "run.flac", "run.h5"]:
            recording = self.simulate(name, "duration_s=12")
            with open(recording, "rb") as f:
                content = f.read()
            for percent in range(0, 100, 7):
                with open(recording, "wb") as f:
                    f.write(content[:len(content) * percent // 100])
                done = subprocess.run([GAIT, "analyze", "-q", recording, "-o", self.path("o.h5")],
                                      capture_output=True, text=True, timeout=60)
                self.assertIn(done.returncode, (0, 65), f"{name} cut at {percent} %: {done.stderr}")
                self.assertLessEqual(done.stderr.count("\n"), 1)

    @unittest.skipUnless(os.environ.get("GAIT_HDF5_ABORT"), "only where the tests are built")
    def test_a_file_that_brings_down_the_hdf5_library_is_refused(self):
        recording = self.simulate("run.h5", "duration_s=5")
        env = dict(os.environ, LD_PRELOAD=os.environ["GAIT_HDF5_ABORT"])
        done = subprocess.run([GAIT, "inspect", recording], capture_output=True, text=True, env=env)
        if "ASan" in done.stderr:
            self.skipTest("ASan wants to be loaded first")
        self.assertEqual(done.returncode, 65, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn("run.h5: is so damaged", done.stderr)

    def test_a_damaged_hdf5_file_gives_one_sentence_and_no_words_of_the_library(self):
        recording = self.simulate("run.h5", "duration_s=5")
        with open(recording, "rb") as f:
            content = bytearray(f.read())
        at = 0x60  # header of the root: how long it is
        content[at + 8:at + 12] = struct.pack("<I", 0x0FFFFFF0)
        self.refused("long.h5", content, "--placement", "shank")

    @unittest.skipUnless(os.path.exists("/dev/stdin"), "no /dev/stdin here")
    def test_a_pipe_is_read_like_the_file(self):
        recording = self.simulate("run.csv", "duration_s=5")
        with open(recording) as f:
            piped = json.loads(gait("inspect", "--json", "/dev/stdin", text=f.read()).stdout)
        whole = json.loads(gait("inspect", "--json", recording).stdout)
        for key in ("n_frames", "content_hash", "columns", "effective_rate_hz"):
            self.assertEqual(piped[key], whole[key], key)

    def test_one_of_several_sensors_has_to_be_chosen(self):
        head = "Time,Left Shank/Acceleration/X,Left Shank/Acceleration/Y,Left Shank/Acceleration/Z," \
               "Lumbar/Acceleration/X,Lumbar/Acceleration/Y,Lumbar/Acceleration/Z\ns" + ",m/s^2" * 6 + "\n"
        rows = "".join(f"{i / 100},{i % 7},{i % 3},9.{i % 2},0.{i % 5},0.{i % 3},9.{i % 4}\n" for i in range(900))
        sentence = self.refused("two.csv", (head + rows).encode(), expect=64)
        self.assertIn("Left Shank and Lumbar", sentence)
        gait("convert", self.path("two.csv"), "-o", self.path("o.csv"), expect=78)
        gait("convert", self.path("two.csv") + ":Lumbar", "-o", self.path("o.csv"))
        found = json.loads(gait("inspect", "--json", self.path("two.csv")).stdout)
        self.assertEqual([s["name"] for s in found["sensors"]], ["Left Shank", "Lumbar"])
        done = gait("analyze", self.path("two.csv") + ":Lumbar", "-o", self.path("o.h5"), "--json")
        self.assertEqual(json.loads(done.stdout)["recordings"][0]["placement"], "sacrum")

    def test_a_broken_sidecar_is_bad_configuration(self):
        recording = self.simulate("run.csv")
        with open(self.path("run.json"), "w") as f:
            f.write('{"placement": 3}')
        done = gait("analyze", recording, expect=78)
        self.assertIn("placement", done.stderr)

    def test_a_dead_axis_is_told_and_not_refused(self):
        recording = self.simulate("run.csv", "placement=sacrum")
        with open(recording) as f:
            lines = f.read().split("\n")
        rows = [",".join(line.split(",")[:3] + ["0"]) if line and line[0] in "0123456789" else line for line in lines]
        with open(recording, "w") as f:
            f.write("\n".join(rows))
        found = json.loads(gait("analyze", recording, "--json").stdout)
        self.assertIn("Data quality: Dead axis", [f["title"] for f in found["findings"]])


class CommandLine(Program):
    def test_usage_errors_are_one_sentence_and_64(self):
        for words in [["analyze"], ["nonsense"], ["analyze", "--nonsense", "x"], ["export", "x.h5"], ["list", "cats"],
                      ["simulate"], ["analyze", "a.csv", "--rate", "12x"], ["analyze", "a.csv", "--set", "spike_z=no"],
                      ["analyze", "a.csv", "--set", "no_such=1"], ["analyze", "a.csv", "--detector", "nobody-1999"]]:
            done = gait(*words, expect=64)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn("--format is", gait("export", "x.h5", "--format", "cats", expect=64).stderr)
        self.assertIn("no batch folder", gait("merge", self.path("nowhere"), expect=64).stderr)

    def test_a_study_is_not_written_over_a_session_of_it(self):
        recording = self.simulate("run.csv")
        for name in ["a", "b"]:
            gait("analyze", "-q", recording, "--session", name, "-o", self.path(name + ".h5"))
        before = sha256(self.path("a.h5"))
        for out in ["a.h5", "./b.h5"]:
            done = gait("merge", self.path("a.h5"), self.path("b.h5"), "-o", self.path(out), expect=73)
            self.assertIn("left as it is", done.stderr)
        self.assertEqual(sha256(self.path("a.h5")), before)
        gait("merge", self.path("a.h5"), self.path("b.h5"), "-o", self.path("study.h5"))

    def test_one_sample_makes_no_rate(self):
        self.refused("one.csv", b"time_s,ax_g,ay_g,az_g\n0,0,0.1,1\n", "--placement", "shank", contains=["one sample"])

    def test_every_registry_is_listed(self):
        for name in ["formats", "placements", "detectors", "metrics", "findings", "settings", "simulation"]:
            rows = json.loads(gait("list", name, "--json").stdout)
            self.assertTrue(rows, name)
            text = gait("list", name).stdout
            for row in rows:
                self.assertIn(list(row.values())[0], text)

    def test_every_command_has_help_and_a_manual_page(self):
        for line in gait("--help").stdout.split("\n"):
            if not line.startswith("  "):
                continue
            command = line.split()[0]
            self.assertIn("--help", gait(command, "--help").stdout)
            self.assertIn(f".Nm gait-{command}", gait("--manual", command).stdout)
        for shell in ["bash", "zsh", "fish"]:
            self.assertIn("analyze", gait("--completion", shell).stdout)

    def test_an_interrupted_analysis_leaves_nothing(self):
        recording = self.simulate("long.csv", "duration_s=2400")
        process = subprocess.Popen([GAIT, "analyze", recording], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=60)
        if process.returncode == 0:
            self.skipTest("the analysis was done before the signal arrived")
        self.assertIn(process.returncode, (75, -signal.SIGTERM), told)
        self.assertFalse([n for n in os.listdir(self.folder.name) if "gait.h5" in n])


if __name__ == "__main__":
    GAIT = sys.argv.pop(1)
    unittest.main(verbosity=1)
