# SPDX-License-Identifier: BSD-3-Clause
"""Batches as their user meets them. Usage: test_batch.py GAIT [unittest arguments]"""
import csv
import gzip
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

GAIT = None
RUN = ["--set", "duration_s=15", "--set", "rate_hz=100", "--set", "gyro=0"]


def gait(*words, expect=0, cwd=None):
    done = subprocess.run([GAIT, *words], capture_output=True, text=True, timeout=300, cwd=cwd)
    if done.returncode != expect:
        raise AssertionError(f"gait {' '.join(words)} left with {done.returncode}, expected {expect}\n{done.stderr}")
    return done


# Three HDF5 files whose samples are in another file.
LEADS_AWAY = """
import h5py, numpy, os, sys
source, secret = sys.argv[1:]
with h5py.File(os.path.join(source, "external_storage.h5"), "w") as f:
    f.create_dataset("accel", (500, 3), dtype="f8", external=[(secret, 0, h5py.h5f.UNLIMITED)])
with h5py.File(os.path.join(source, "external_link.h5"), "w") as f:
    f["accel"] = h5py.ExternalLink(secret, "/accel")
with h5py.File(os.path.join(source, "virtual.h5"), "w") as f:
    layout = h5py.VirtualLayout((500, 3), dtype="f8")
    layout[:] = h5py.VirtualSource(secret, "accel", shape=(500, 3))
    f.create_virtual_dataset("accel", layout)
"""
HDF5_PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def rows_of(folder, name="status.tsv"):
    with open(os.path.join(folder, name), newline="") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def temporaries(folder):
    return [f for _, _, files in os.walk(folder) for f in files if f.startswith(".") and f.endswith(".tmp")]


def simulate(path, seed, *settings):
    words = ["--set", f"seed={seed}"]
    for setting in settings:
        words += ["--set", setting]
    gait("simulate", "-q", "-o", path, *RUN, *words)


def make_source(folder, n=7):
    """n sessions of three subjects in several formats."""
    for i in range(n):
        subject = f"p{i % 3 + 1}"
        os.makedirs(os.path.join(folder, subject), exist_ok=True)
        ending = ["csv", "wav", "h5", "csv.gz"][i % 4]
        simulate(os.path.join(folder, subject, f"run{i}.{ending}"), i + 1, f"subject_id={subject}",
                 f"session_id=run{i}", f"start_time=2026-03-{i + 1:02d}T10:00:00Z")


class Batch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory()
        cls.source = os.path.join(cls.shared.name, "source")
        make_source(cls.source)
        cls.reference = os.path.join(cls.shared.name, "reference")
        gait("batch", "-q", cls.source, "-o", cls.reference, "-j", "2")
        cls.study = sha256(os.path.join(cls.reference, "study.h5"))

    @classmethod
    def tearDownClass(cls):
        cls.shared.cleanup()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.out = os.path.join(self.folder.name, "out")

    def copy_of_source(self):
        source = os.path.join(self.folder.name, "source")
        shutil.copytree(self.source, source)
        return source

    def assertStudy(self, folder, name="study.h5"):
        self.assertEqual(sha256(os.path.join(folder, name)), self.study)


class Running(Batch):
    def test_every_session_becomes_a_row_a_summary_and_a_part_of_the_study(self):
        rows = rows_of(self.reference)
        self.assertEqual([r["state"] for r in rows], ["done"] * 7)
        self.assertEqual([r["session_id"] for r in rows if r["subject_id"] == "p1"], ["run0", "run3", "run6"])
        for row in rows:
            self.assertGreater(float(row["seconds"]), 0)
            self.assertRegex(row["content_hash"], "^[0-9a-f]{32}$")
            gait("verify", "-q", os.path.join(self.reference, row["output"]))
        sessions = json.loads(gait("export", os.path.join(self.reference, "study.h5"), "--table", "sessions",
                                   "--json").stdout)
        self.assertEqual([s["session_id"] for s in sessions], [r["session_id"] for r in rows])
        history = json.loads(gait("export", os.path.join(self.reference, "study.h5"), "--table", "history",
                                  "--json").stdout)
        self.assertEqual(len(history), 4)  # all but the first of three subjects
        self.assertEqual(temporaries(self.reference), [])

    def test_the_cohort_has_every_session_worst_first(self):
        study = os.path.join(self.reference, "study.h5")
        rows = list(csv.DictReader(gait("export", study, "--table", "cohort").stdout.splitlines()))
        self.assertEqual(sorted(r["record_id"] for r in rows),
                         sorted(f"{r['subject_id']}_{r['session_id']}" for r in rows_of(self.reference)))
        order = ["flag", "note", "info", "none"]
        severities = [order.index(r["worst_severity"]) for r in rows]
        self.assertEqual(severities, sorted(severities))
        findings = json.loads(gait("export", study, "--table", "findings", "--json").stdout)
        limbs = json.loads(gait("export", study, "--table", "summary", "--json").stdout)
        for row in rows:
            mine = [f for f in findings if f["session_id"] == row["session_id"] and f["severity"] != "info"]
            self.assertEqual(row["findings"].split(), [f["code"] for f in mine])
            limb = [s for s in limbs if s["session_id"] == row["session_id"] and s["activity"] == "run"][0]
            self.assertAlmostEqual(float(row[f"contact_time_s_{limb['side']}"]), limb["contact_time_s"])

    def test_the_log_is_lines_of_json(self):
        with open(os.path.join(self.reference, "log.jsonl")) as f:
            lines = [json.loads(line) for line in f]
        self.assertEqual(lines[0]["event"], "begin")
        self.assertEqual(lines[-1]["event"], "end")
        self.assertEqual(sum(line["event"] == "session" for line in lines), 7)

    def test_any_number_of_jobs_gives_the_same_study(self):
        done = gait("batch", self.source, "-o", self.out, "-j", "1")
        self.assertEqual(len(done.stderr.strip().split("\n")), 7, "one line per recording")
        self.assertEqual(done.stdout, f"7 done\nwritten: {self.out}/study.h5\n")
        self.assertStudy(self.out)

    def test_what_is_done_is_kept_and_what_changed_is_done_again(self):
        source = self.copy_of_source()
        gait("batch", "-q", source, "-o", self.out)
        first = os.path.join(self.out, "sessions", "p1_run0.gait.h5")
        before = os.stat(first).st_mtime_ns
        again = json.loads(gait("batch", "--json", source, "-o", self.out).stdout)
        self.assertEqual((again["done"], again["skipped"]), (7, 7))
        self.assertEqual(os.stat(first).st_mtime_ns, before)
        simulate(os.path.join(source, "p1", "run0.csv"), 99, "subject_id=p1", "session_id=run0",
                 "start_time=2026-03-01T10:00:00Z")
        self.assertIn("stale", gait("status", self.out, expect=75).stdout)
        again = json.loads(gait("batch", "--json", source, "-o", self.out).stdout)
        self.assertEqual((again["done"], again["skipped"]), (7, 6))
        gait("status", self.out)
        again = json.loads(gait("batch", "--json", source, "-o", self.out, "--set", "spike_z=5").stdout)
        self.assertEqual((again["done"], again["skipped"]), (7, 0), "other options are another result")
        again = json.loads(gait("batch", "--json", source, "-o", self.out, "--set", "spike_z=5", "--force").stdout)
        self.assertEqual((again["done"], again["skipped"]), (7, 0))

    def test_settings_of_a_summary_or_of_a_file_are_those_that_are_set_one_by_one(self):
        gait("batch", "-q", self.source, "-o", self.out, "--set", "spike_z=5", "--set", "min_run_bout_s=8")
        summary, path = os.path.join(self.out, rows_of(self.out)[0]["output"]), os.path.join(self.folder.name, "limits.json")
        with open(path, "w") as f:
            f.write('{"spike_z": 5, "min_run_bout_s": 7}')
        for words in (["--settings", summary], ["--settings", path, "--set", "min_run_bout_s=8"]):
            again = json.loads(gait("batch", "--json", self.source, "-o", self.out, *words).stdout)
            self.assertEqual(again["skipped"], 7)
        one = os.path.join(self.folder.name, "one.h5")
        gait("analyze", "-q", os.path.join(self.source, "p1", "run0.csv"), "--settings", summary, "-o", one)
        gait("merge", one, summary.replace("p1_run0", "p2_run1"), "-o", os.path.join(self.folder.name, "two.h5"))
        for text, word in [('{"spike_z": "5"}', "spike_z is not a number"), ('{"spike_zz": 5}', "spike_zz"), ("{", "line 1")]:
            with open(path, "w") as f:
                f.write(text)
            self.assertIn(word, gait("batch", self.source, "-o", self.out, "--settings", path, expect=64).stderr)

    def test_two_recordings_of_one_name_are_no_session_of_two_sensors(self):
        source = os.path.join(self.folder.name, "s")
        os.mkdir(source)
        for name in ["twice.csv", "twice.wav", "once.csv"]:
            simulate(os.path.join(source, name), 1)
        gait("batch", "-q", source, "-o", self.out, expect=1)
        rows = {r["session_id"]: r for r in rows_of(self.out)}
        self.assertEqual((rows["once"]["state"], rows["twice"]["state"]), ("done", "failed"))
        self.assertIn("twice.csv and twice.wav have one name", rows["twice"]["reason"])

    def test_a_sidecar_is_part_of_the_input(self):
        source = self.copy_of_source()
        gait("batch", "-q", source, "-o", self.out)
        path = os.path.join(source, "p2", "run1.json")
        with open(path) as f:
            sidecar = json.load(f)
        sidecar["mass_kg"] = 61
        with open(path, "w") as f:
            json.dump(sidecar, f)
        again = json.loads(gait("batch", "--json", source, "-o", self.out).stdout)
        self.assertEqual(again["skipped"], 6)
        again = json.loads(gait("batch", "--json", "--trust-dates", source, "-o", self.out).stdout)
        self.assertEqual(again["skipped"], 7)

    def test_a_damaged_summary_is_made_again(self):
        gait("batch", "-q", self.source, "-o", self.out)
        path = os.path.join(self.out, "sessions", "p2_run1.gait.h5")
        with open(path, "r+b") as f:
            f.seek(5000)
            f.write(b"\xff" * 100)
        gait("status", self.out, expect=75)
        gait("batch", "-q", self.source, "-o", self.out)
        self.assertStudy(self.out)

    def test_recordings_beside_the_results_are_not_mixed_up_with_them(self):
        source = self.copy_of_source()
        out = os.path.join(source, "results")
        gait("batch", "-q", source, "-o", out)
        again = json.loads(gait("batch", "--json", source, "-o", out).stdout)
        self.assertEqual((again["done"], again["skipped"]), (7, 7))
        elsewhere = json.loads(gait("batch", "--json", source, "-o", self.out).stdout)
        self.assertEqual(elsewhere["done"], 7)

    def test_notes_are_left_out_and_named_but_a_broken_recording_has_failed(self):
        source = self.copy_of_source()
        words = {"notes.txt": "Knee felt fine.\nRan 5 km in 25 min, 12 C, 3 hills.\n", "README.txt": "x", "p1/LICENSE.txt": "y"}
        broken = {"empty.txt": "", "binary.txt": "\0\1\2\3" * 50, "cut.txt": "time;x;y;z\n",
                  "short.txt": "0.1 0.2 0.98\n0.1 0.2 0.97\n"}
        for name, content in {**words, **broken}.items():
            with open(os.path.join(source, name), "w") as f:
                f.write(content)
        done = gait("batch", source, "-o", self.out, expect=1)
        self.assertIn("no recordings: README.txt, notes.txt, p1/LICENSE.txt\n", done.stderr)
        failed = {row["session_id"] for row in rows_of(self.out) if row["state"] == "failed"}
        self.assertEqual(failed, {name[:-4] for name in broken})
        with open(os.path.join(self.out, "log.jsonl")) as f:
            self.assertEqual(set(json.loads(f.readline())["left_out"]), set(words))

    def test_a_text_file_of_numbers_is_a_recording(self):
        source = os.path.join(self.folder.name, "s")
        os.mkdir(source)
        simulate(os.path.join(source, "run.csv"), 1)
        with open(os.path.join(source, "run.csv")) as f:
            rows = f.read().splitlines()[1:]
        os.rename(os.path.join(source, "run.csv"), os.path.join(source, "run.txt"))
        with open(os.path.join(source, "run.txt"), "w") as f:
            f.write("My recorder, firmware 3.1\n" + "\n".join(rows).replace(",", "\t"))
        gait("batch", source, "-o", self.out)
        self.assertEqual([row["state"] for row in rows_of(self.out)], ["done"])

    def test_failures_of_one_cause_are_counted_together(self):
        source = os.path.join(self.folder.name, "s")
        os.mkdir(source)
        for i in range(6):
            simulate(os.path.join(source, f"run{i}.csv"), 1)
            if i < 5:
                os.unlink(os.path.join(source, f"run{i}.json"))  # nobody says where the sensor was
        with open(os.path.join(source, "empty.csv"), "w"):
            pass
        gait("batch", "-q", source, "-o", self.out, expect=1)
        lines = gait("status", self.out, expect=1).stdout.splitlines()
        together = [k for k, line in enumerate(lines) if line.startswith("failed   5 sessions: ")]
        self.assertEqual(len(together), 1, lines)
        self.assertIn("--placement", lines[together[0]])
        self.assertEqual(lines[together[0] + 1].strip(), "run0, run1, run2, run3 and 1 more")
        self.assertTrue(any(line.startswith("failed   empty: empty.csv: ") for line in lines), lines)
        self.assertEqual(lines[-1], "1 done, 6 failed")
        self.assertEqual(len(json.loads(gait("status", "--json", self.out, expect=1).stdout)), 7)

    def test_a_merge_says_what_it_has_written(self):
        study = os.path.join(self.folder.name, "again.h5")
        self.assertEqual(gait("merge", self.reference, "-o", study).stdout, f"written: {study}\n")
        self.assertEqual(gait("merge", "-q", self.reference, "-o", study).stdout, "")
        self.assertStudy(self.folder.name, "again.h5")

    def test_nothing_to_do_is_said(self):
        os.mkdir(self.out)
        self.assertIn("no recordings", gait("batch", self.out, "-o", self.out + "2", expect=66).stderr)
        gait("batch", self.out + "3", "-o", self.out + "2", expect=66)
        gait("status", self.out, expect=66)
        gait("merge", self.out, expect=66)

    def test_two_sessions_of_one_name_are_an_error_that_names_both(self):
        source = os.path.join(self.folder.name, "s")
        os.mkdir(source)
        simulate(os.path.join(source, "a b.csv"), 1)
        simulate(os.path.join(source, "a:b.csv"), 2)
        words = gait("batch", source, "-o", self.out, expect=65).stderr
        self.assertIn("a b.csv", words)
        self.assertIn("a:b.csv", words)


class Manifests(Batch):
    def manifest(self, text):
        source = self.copy_of_source()
        path = os.path.join(source, "study.tsv")
        with open(path, "w") as f:
            f.write(text.replace("|", "\t"))
        return path

    def test_a_manifest_orders_groups_and_describes(self):
        path = self.manifest("subject_id|session_id|start_time|file|placement|side|mass_kg|pain_score|shoe\n"
                             "z|007|2026-05-01T07:00:00+02:00|p2/run1.wav|shank|left|61|3|Model A\n"
                             "z|007|2026-05-01T07:00:00+02:00|p1/run0.csv|shank|right|61|3|Model A\n"
                             "a|one|n/a|p3/run2.h5|shank|right|n/a|n/a|n/a\n")
        gait("batch", "-q", path, "-o", self.out)
        study = os.path.join(self.out, "study.h5")
        sessions = json.loads(gait("export", study, "--table", "sessions", "--json").stdout)
        self.assertEqual([(s["subject_id"], s["session_id"]) for s in sessions], [("z", "007"), ("a", "one")])
        self.assertEqual(sessions[0]["mass_kg"], 61)
        self.assertEqual(sessions[0]["start_time"][:19], "2026-05-01T07:00:00")
        recordings = json.loads(gait("export", study, "--table", "recordings", "--json").stdout)
        self.assertEqual([r["sensor"] for r in recordings], ["left_shank", "right_shank", "right_shank"])
        said = json.loads(recordings[0]["sidecar_json"])
        self.assertEqual((said["pain_score"], said["shoe"], said["side"]), (3, "Model A", "left"))

    def test_tricks_with_paths_are_refused_and_named(self):
        outside = os.path.join(self.folder.name, "outside.csv")
        simulate(outside, 1)
        path = self.manifest("subject_id|session_id|start_time|file|placement|side\n"
                             "a|1||../outside.csv|shank|left\n"
                             f"a|2||{outside}|shank|left\n"
                             "a|3||/etc/passwd|shank|left\n"
                             "a|4||p1/../../outside.csv|shank|left\n"
                             "a|5||p1|shank|left\n"
                             "a|6||gone.csv|shank|left\n"
                             "a|7||p1/run0.csv|shank|left\n")
        gait("batch", "-q", path, "-o", self.out, expect=1)
        rows = rows_of(self.out)
        self.assertEqual([r["state"] for r in rows], ["failed"] * 6 + ["done"])
        for row in rows[:4]:
            self.assertIn("leads out of the source folder", row["reason"])
        self.assertIn("a folder", rows[4]["reason"])
        self.assertIn("no such file", rows[5]["reason"])

    def test_a_bad_manifest_names_its_line(self):
        self.assertIn("no column placement", gait(
            "batch", self.manifest("subject_id|session_id|start_time|file|side\n"), "-o", self.out, expect=65).stderr)

    def test_an_empty_manifest_is_refused(self):
        for text in ["", "\n", "\n\n", "\ufeff"]:
            shutil.rmtree(os.path.join(self.folder.name, "source"), ignore_errors=True)
            self.assertIn("no column subject_id", gait("batch", self.manifest(text), "-o", self.out, expect=65).stderr)

    def test_a_byte_order_mark_is_no_part_of_a_name(self):
        path = self.manifest("\ufeffsubject_id|session_id|start_time|file|placement|side\nann|1||p1/run0.csv|shank|left\n")
        gait("batch", "-q", path, "-o", self.out)
        self.assertEqual([r["subject_id"] for r in rows_of(self.out)], ["ann"])

    def test_a_row_without_a_session_names_its_line(self):
        path = self.manifest("subject_id|session_id|start_time|file|placement|side\na|||p1/run0.csv|shank|left\n")
        self.assertIn("line 2", gait("batch", path, "-o", self.out, expect=65).stderr)


class Bids(Batch):
    CHANNELS = ("name\tcomponent\ttype\ttracked_point\tunits\tplacement\n"
                + "".join(f"{point}_{axis}\t{axis}\tACCEL\t{point}\tg\t{place}\n"
                          for point, place in [("LeftShank", "left shank"), ("RightShank", "right shank"),
                                               ("Head", "head")] for axis in "xyz"))

    def put(self, name, text):
        path = os.path.join(self.folder.name, "bids", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)

    def dataset(self):
        """Two subjects; of one two runs, of which one also has cameras."""
        self.put("dataset_description.json", '{"Name": "x", "BIDSVersion": "1.9.0", "DatasetDOI": "10.5/x"}')
        self.put("participants.tsv", "participant_id\nsub-01\nsub-02\n")
        self.put("derivatives/old/sub-01/motion/sub-01_task-run_tracksys-imu_motion.tsv", "1\n")
        with open(os.path.join(self.source, "p1", "run0.csv")) as f:
            rows = [line.split(",")[1:4] for line in f if line[:1].isdigit() or line[:1] == "-"]
        samples = "".join("\t".join(r[k].strip() for k in [0, 1, 2] * 3) + "\n" for r in rows)
        for stem in ["sub-01/ses-a/motion/sub-01_ses-a_task-run_tracksys-imu_run-1",
                     "sub-01/ses-a/motion/sub-01_ses-a_task-run_tracksys-imu_run-2",
                     "sub-02/motion/sub-02_task-run_tracksys-imu"]:
            self.put(stem + "_motion.tsv", samples)
            self.put(stem + "_channels.tsv", self.CHANNELS)
            self.put(stem + "_motion.json", '{"SamplingFrequency": 100}')
        cameras = "sub-01/ses-a/motion/sub-01_ses-a_task-run_tracksys-cameras_run-1"
        self.put(cameras + "_motion.tsv", "1\t2\t3\n")
        self.put(cameras + "_channels.tsv", "name\tcomponent\ttype\ttracked_point\tunits\n"
                 + "".join(f"hip_{a}\t{a}\tPOS\thip\tm\n" for a in "xyz"))
        return os.path.join(self.folder.name, "bids")

    def test_runs_become_sessions_and_points_become_sensors(self):
        gait("batch", "-q", self.dataset(), "-o", self.out)
        self.assertEqual([(r["subject_id"], r["session_id"], r["state"]) for r in rows_of(self.out)],
                         [("sub-01", "ses-a_task-run_run-1", "done"), ("sub-01", "ses-a_task-run_run-2", "done"),
                          ("sub-02", "task-run", "done")])
        recordings = json.loads(gait("export", os.path.join(self.out, "study.h5"), "--table", "recordings",
                                     "--json").stdout)
        self.assertEqual([r["sensor"] for r in recordings], ["left_shank", "right_shank"] * 3)

    def test_what_describes_the_samples_is_part_of_the_input(self):
        source = self.dataset()
        gait("batch", "-q", source, "-o", self.out)
        self.put("sub-02/motion/sub-02_task-run_tracksys-imu_motion.json", '{"SamplingFrequency": 99}')
        again = json.loads(gait("batch", "--json", source, "-o", self.out).stdout)
        self.assertEqual((again["done"], again["skipped"]), (3, 2))

    def test_results_can_be_a_derivative(self):
        gait("batch", "-q", self.dataset(), "-o", self.out, "--bids")
        names = sorted(os.path.relpath(os.path.join(d, f), self.out)
                       for d, _, files in os.walk(self.out) for f in files if f.endswith("_motion.h5"))
        self.assertEqual(names, ["sub-01/ses-a/motion/sub-01_ses-a_task-run_run-1_desc-gait_motion.h5",
                                 "sub-01/ses-a/motion/sub-01_ses-a_task-run_run-2_desc-gait_motion.h5",
                                 "sub-02/motion/sub-02_task-run_desc-gait_motion.h5"])
        with open(os.path.join(self.out, "dataset_description.json")) as f:
            said = json.load(f)
        self.assertEqual((said["DatasetType"], said["GeneratedBy"][0]["Name"]), ("derivative", "libgait"))
        self.assertEqual(said["SourceDatasets"], [{"DOI": "10.5/x"}])
        gait("status", self.out)
        other = self.out + "2"
        gait("batch", "-q", self.source, "-o", other, "--bids")
        self.assertEqual(rows_of(other)[0]["output"], "sub-p1/ses-run0/motion/sub-p1_ses-run0_desc-gait_motion.h5")


class Hostile(Batch):
    def test_what_is_no_plain_file_inside_the_source_is_refused_and_named(self):
        source = self.copy_of_source()
        outside = os.path.join(self.folder.name, "secret")
        os.mkdir(outside)
        simulate(os.path.join(outside, "run.csv"), 5)
        os.mkfifo(os.path.join(source, "pipe.csv"))
        os.symlink("loop.csv", os.path.join(source, "loop.csv"))
        os.symlink("nowhere.csv", os.path.join(source, "dangling.csv"))
        os.symlink(os.path.join(outside, "run.csv"), os.path.join(source, "away.csv"))
        os.symlink(outside, os.path.join(source, "folder_away"))
        os.symlink("..", os.path.join(source, "p1", "circle"))
        shutil.copy(os.path.join(source, "p1", "run0.csv"), os.path.join(source, "spy.csv"))
        os.symlink("/etc/hostname", os.path.join(source, "spy.json"))
        with socket.socket(socket.AF_UNIX) as s:
            here = os.getcwd()
            os.chdir(source)
            s.bind("socket.csv")
            os.chdir(here)
            gait("batch", "-q", source, "-o", self.out, "--placement", "shank", expect=1)
        reasons = {r["session_id"]: r["reason"] for r in rows_of(self.out) if r["state"] == "failed"}
        self.assertEqual(set(reasons), {"pipe", "loop", "dangling", "away", "folder_away", "p1/circle", "spy", "socket"})
        self.assertIn("pipe", reasons["pipe"])
        self.assertIn("circle", reasons["loop"])
        self.assertIn("nowhere", reasons["dangling"])
        self.assertIn("out of the source folder", reasons["away"])
        self.assertIn("outside the source folder", reasons["folder_away"])
        self.assertIn("circle", reasons["p1/circle"])
        self.assertIn("spy.json", reasons["spy"])
        self.assertIn("socket", reasons["socket"])
        self.assertEqual(sum(r["state"] == "done" for r in rows_of(self.out)), 7)


    def test_compressed_bombs_and_hdf5_files_that_lead_away_are_refused(self):
        source = os.path.join(self.folder.name, "hostile")
        os.mkdir(source)
        secret = os.path.join(self.folder.name, "secret.h5")
        simulate(secret, 3)
        with gzip.open(os.path.join(source, "bomb.csv.gz"), "wb", compresslevel=9) as f:
            for _ in range(100):
                f.write(b"0" * (1 << 20))
        with zipfile.ZipFile(os.path.join(source, "bomb_zip.zip"), "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("Accelerometer.csv", b"0" * (100 << 20))
        made = subprocess.run([HDF5_PYTHON, "-c", LEADS_AWAY, source, secret], capture_output=True, text=True)
        names = {"bomb", "bomb_zip"}
        if made.returncode == 0:
            names |= {"external_storage", "external_link", "virtual"}
        gait("batch", "-q", source, "-o", self.out, "--placement", "shank", "--rate", "100", expect=1)
        reasons = {r["session_id"]: r["reason"] for r in rows_of(self.out)}
        self.assertEqual(set(reasons), names)
        self.assertTrue(all(r["state"] == "failed" and r["reason"] for r in rows_of(self.out)))
        if made.returncode:
            self.skipTest("no h5py: HDF5 files that lead away were not tried")


class FullDisk(Batch):
    """The full sweeps are tests/bench/batch_endurance.py disks and writes."""

    def whole_or_not_there(self, out):
        for folder, _, files in os.walk(out):
            for name in files:
                self.assertFalse(name.startswith(".") and name.endswith(".tmp"), name)
                if name.endswith(".h5"):
                    gait("verify", "-q", os.path.join(folder, name))

    def test_a_folder_that_is_full_gives_a_reason_and_completes_later(self):
        os.mkdir(self.out)
        for size in [4, 60, 400]:
            mount = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k,mode=755", "tmpfs", self.out],
                                   capture_output=True, text=True)
            if mount.returncode:
                self.skipTest("only root can mount: " + mount.stderr.strip())
            try:
                done = subprocess.run([GAIT, "batch", "-q", self.source, "-o", self.out], capture_output=True, text=True)
                self.assertEqual(done.returncode, 73 if "cannot create" in done.stderr else 74, done.stderr)
                self.assertIn("No space left", done.stderr)
                self.whole_or_not_there(self.out)
                subprocess.run(["mount", "-o", "remount,size=64m", self.out], check=True)
                gait("batch", "-q", self.source, "-o", self.out)
                self.assertStudy(self.out)
                self.whole_or_not_there(self.out)
            finally:
                subprocess.run(["umount", self.out], check=True)

    def test_a_write_that_fails_leaves_no_wrong_file(self):
        shim, counter = os.environ.get("FAILING_WRITE"), os.path.join(self.folder.name, "counter")
        with open(GAIT, "rb") as f:
            is_sanitized = b"__asan_init" in f.read()
        if not shim or is_sanitized:
            self.skipTest("cannot be preloaded")
        for at in [1, 9, 20, 60, 300]:
            shutil.rmtree(self.out, ignore_errors=True)
            with open(counter, "wb") as f:
                f.write(b"\0" * 8)
            env = dict(os.environ, LD_PRELOAD=shim, FAIL_COUNTER=counter, FAIL_AT=str(at),
                       FAIL_FOLDER=os.path.realpath(self.folder.name) + "/out")
            done = subprocess.run([GAIT, "batch", "-q", self.source, "-o", self.out], capture_output=True, text=True,
                                  env=env)
            self.assertIn(done.returncode, [0, 73, 74], done.stderr)
            self.assertEqual(done.returncode == 0, not done.stderr.strip())
            self.whole_or_not_there(self.out)
            gait("batch", "-q", self.source, "-o", self.out)
            self.assertStudy(self.out)

    def test_a_folder_that_cannot_be_written_is_named(self):
        path = os.path.join(self.folder.name, "file")
        with open(path, "w"):
            pass
        self.assertIn("file", gait("batch", self.source, "-o", path + "/out", expect=73).stderr)


def is_worker(pid):
    """Not yet while it is still the batch's own image."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            return b"batch-worker" in f.read().split(b"\0")
    except OSError:
        return False


class Interrupted(Batch):
    def start(self, source, *words):
        return subprocess.Popen([GAIT, "batch", "-q", source, "-o", self.out, *words], stderr=subprocess.PIPE,
                                text=True)

    def wait_for_a_summary(self, n=1):
        for _ in range(3000):
            sessions = os.path.join(self.out, "sessions")
            if os.path.isdir(sessions) and sum(not f.startswith(".") for f in os.listdir(sessions)) >= n:
                return
            time.sleep(0.01)
        self.fail("no summary in 30 s")

    def test_a_batch_that_is_told_to_stop_says_so_and_goes_on_later(self):
        for number in [signal.SIGTERM, signal.SIGINT]:
            batch = self.start(self.source, "-j", "1")
            self.wait_for_a_summary()
            batch.send_signal(number)
            self.assertEqual(batch.wait(60), 75, batch.stderr.read())
            batch.stderr.close()
            self.assertEqual(temporaries(self.out), [])
            missing = gait("status", self.out, expect=75).stdout
            shutil.rmtree(os.path.join(self.out, "sessions"))
        self.assertIn("missing", missing)
        self.assertIn("missing", gait("status", self.out, expect=75).stdout)
        self.assertIn("missing", gait("merge", self.out, expect=66).stderr)
        gait("batch", "-q", self.source, "-o", self.out)
        self.assertStudy(self.out)

    def test_two_batches_in_one_folder_refuse_each_other(self):
        batch = self.start(self.source, "-j", "1")
        self.wait_for_a_summary()
        self.assertIn("another batch", gait("batch", self.source, "-o", self.out, expect=73).stderr)
        self.assertEqual(batch.wait(60), 0)
        batch.stderr.close()
        self.assertStudy(self.out)

    def test_killed_at_any_time_it_completes_to_the_same_bytes(self):
        begun = time.monotonic()
        gait("batch", "-q", self.source, "-o", self.out, "-j", "2")
        whole_s = time.monotonic() - begun
        shutil.rmtree(self.out)
        for k in range(4):
            batch = self.start(self.source, "-j", "2")
            time.sleep(whole_s * (k + 0.5) / 5)
            batch.kill()
            batch.wait()
            batch.stderr.close()
        gait("batch", "-q", self.source, "-o", self.out, "-j", "2")
        self.assertStudy(self.out)
        self.assertEqual(temporaries(self.out), [])

    def signal_a_worker(self, number, *words):
        """False if the worker had answered just before."""
        batch = self.start(self.source, "-j", "1", "--force", *words)
        sent = False
        while batch.poll() is None and not sent:
            with open(f"/proc/{batch.pid}/task/{batch.pid}/children") as f:
                for child in f.read().split():
                    if is_worker(child):
                        os.kill(int(child), number)
                        sent = True
        code = batch.wait(120)
        batch.stderr.close()
        self.assertIn(code, [0, 1])
        return code == 1

    def test_a_worker_that_is_killed_is_one_failed_row(self):
        self.assertTrue(any(self.signal_a_worker(signal.SIGKILL) for _ in range(10)))
        failed = [r for r in rows_of(self.out) if r["state"] == "failed"]
        self.assertEqual(len(failed), 1)
        self.assertIn("signal 9", failed[0]["reason"])
        self.assertEqual(temporaries(self.out), [])
        gait("batch", "-q", self.source, "-o", self.out)
        self.assertStudy(self.out)


    def test_a_worker_that_hangs_is_given_up_and_the_others_go_on(self):
        self.assertTrue(any(self.signal_a_worker(signal.SIGSTOP, "--time-limit", "12") for _ in range(10)))
        states = [r["state"] for r in rows_of(self.out)]
        failed = [r for r in rows_of(self.out) if r["state"] == "failed"]
        self.assertEqual(set(states), {"done", "failed"})
        for row in failed:  # more than one on a machine that stood still
            self.assertIn("not done within the time limit of 12 s", row["reason"])
            self.assertGreaterEqual(float(row["seconds"]), 12)
        self.assertEqual(temporaries(self.out), [])
        gait("batch", "-q", self.source, "-o", self.out)
        self.assertStudy(self.out)


class Sharded(Batch):
    def test_any_number_of_shards_gives_the_same_study(self):
        for n in [1, 9]:
            out = f"{self.out}{n}"
            for i in range(n, 0, -1):
                gait("batch", "-q", self.source, "-o", out, "--shard", f"{i}/{n}")
            gait("merge", out)
            self.assertStudy(out)
            gait("status", out)

    def test_a_missing_shard_is_named(self):
        for i in [1, 3]:
            gait("batch", "-q", self.source, "-o", self.out, "--shard", f"{i}/3")
        words = gait("merge", self.out, expect=66).stderr
        self.assertIn("--shard 2/3", words)
        gait("status", self.out, expect=75)
        gait("batch", "-q", self.source, "-o", self.out, "--shard", "2/3")
        os.unlink(os.path.join(self.out, rows_of(self.out, "status.3-of-3.tsv")[0]["output"]))
        gait("merge", self.out)  # the shard's part has it still
        self.assertStudy(self.out)
        os.unlink(os.path.join(self.out, "study.3-of-3.h5"))
        words = gait("merge", self.out, expect=66).stderr
        self.assertIn("--shard 3/3", words)
        gait("batch", "-q", self.source, "-o", self.out, "--shard", "3/3")
        gait("merge", self.out)
        self.assertStudy(self.out)

    def test_shards_may_run_at_the_same_time(self):
        batches = [subprocess.Popen([GAIT, "batch", "-q", self.source, "-o", self.out, "--shard", f"{i}/3", "-j", "1"])
                   for i in [1, 2, 3]]
        self.assertEqual([b.wait(120) for b in batches], [0, 0, 0])
        gait("merge", self.out)
        self.assertStudy(self.out)

    def test_the_same_contract_under_gnu_parallel(self):
        if not shutil.which("parallel"):
            self.skipTest("parallel is not installed")
        subprocess.run(["parallel", "--will-cite", "-j", "2", GAIT, "batch", "-q", self.source, "-o", self.out, "-j", "1",
                        "--shard", "{}/4", ":::", "1", "2", "3", "4"], check=True)
        gait("merge", self.out)
        self.assertStudy(self.out)

    def test_a_shard_that_is_none_is_refused(self):
        for shard in ["0/3", "4/3", "1", "a/b", "1/0"]:
            gait("batch", self.source, "-o", self.out, "--shard", shard, expect=64)


if __name__ == "__main__":
    GAIT = os.path.abspath(sys.argv.pop(1))
    unittest.main()
