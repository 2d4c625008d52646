# SPDX-License-Identifier: BSD-3-Clause
"""The Python package as a researcher meets it. Needs the installed package: python -m pytest tests/python"""
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gait

DATASETS = Path(os.environ.get("GAIT_DATASETS", Path(__file__).parents[2] / "datasets"))
SHANK = DATASETS / "healthy" / "left_shank.csv"


@pytest.fixture(scope="module")
def samples():
    table = pd.read_csv(SHANK, comment="#")
    return table[["ax_g", "ay_g", "az_g"]].to_numpy(), table["time_s"].to_numpy()


@pytest.fixture(scope="module")
def summary(samples):
    return gait.analyze(samples[0], rate_hz=200, placement="shank", side="left")


def test_events_of_an_array_are_those_of_the_truth(summary):
    truth = pd.read_csv(DATASETS / "healthy" / "left_shank.truth.csv", comment="#")
    strikes = truth[(truth.event == "foot_strike") & (truth.side == "left")].time_s.to_numpy()
    found = summary.events[summary.events.type == "foot_strike"].time_s.to_numpy()
    hits = [np.min(np.abs(found - t)) < 0.05 for t in strikes]
    assert np.mean(hits) > 0.95


def test_an_array_and_its_file_give_the_same_strides(summary):
    with gait.open(SHANK) as recording:
        assert recording.info.placement == "shank" and recording.info.side == "left"
        of_file = recording.analyze()
    assert len(of_file.strides) == len(summary.strides) > 50
    np.testing.assert_allclose(of_file.strides.start_s, summary.strides.start_s, atol=1e-3)


def test_layout_and_type_of_an_array_change_nothing(samples, summary):
    wide = np.zeros((len(samples[0]), 7))
    wide[:, 1:6:2] = samples[0]
    for same in (np.asfortranarray(samples[0]), wide[:, 1:6:2], samples[0][::-1].copy()[::-1], pd.DataFrame(samples[0]),
                 samples[0].astype(">f8")):
        again = gait.analyze(same, rate_hz=200, placement="shank", side="left")
        pd.testing.assert_frame_equal(again.strides, summary.strides)


def test_stamps_stand_in_for_a_rate(samples, summary):
    stamped = gait.analyze(samples[0], time_s=samples[1], placement="shank", side="left")
    np.testing.assert_allclose(stamped.events.time_s, summary.events.time_s, atol=1e-3)


def test_frames_say_what_their_columns_are(summary):
    strides = summary.strides
    assert strides.attrs["units"]["contact_time_s"] == "s"
    assert "foot strike" in strides.attrs["descriptions"]["contact_time_s"]
    assert strides.contact_time_s.between(0.15, 0.4).mean() > 0.9
    assert summary.tables[0] == "sessions" and "strides" in dir(summary)
    with pytest.raises(AttributeError, match="its tables are sessions"):
        summary.steps


def test_a_summary_written_is_the_summary_read(summary, tmp_path):
    path = tmp_path / "run.gait.h5"
    summary.write(path)
    again = gait.read_summary(path)
    assert again.tables == summary.tables
    for name in summary.tables:
        pd.testing.assert_frame_equal(again.table(name), summary.table(name))
    assert again.attribute("creator") == f"libgait {gait.__version__}"
    assert again.attribute("nothing") is None
    scores = again.compare(DATASETS / "healthy" / "left_shank.truth.csv").set_index("what")
    assert scores.f1["foot_strike"] > 0.95


def test_a_summary_gives_its_page(summary, tmp_path):
    summary.report(tmp_path / "run.html", language="de", details=True)
    assert '<html lang="de"' in (tmp_path / "run.html").read_text()
    with pytest.raises(gait.Error, match="xx"):
        summary.report(tmp_path / "run.html", language="xx")


def test_two_sensors_are_one_session(tmp_path):
    session = gait.Session(subject_id="r1", session_id="monday", settings={"spike_z": 5})
    for name in ("left_shank", "right_shank"):
        with gait.open(DATASETS / "healthy" / f"{name}.csv") as recording:
            session.add(recording)
    both = session.judge()
    assert "contact_time_s" in set(both.asymmetry.metric)
    assert set(both.strides.sensor) == {"left_shank", "right_shank"}
    both.write(tmp_path / "monday.gait.h5")
    study = gait.merge([tmp_path / "monday.gait.h5"])
    assert list(study.sessions.session_id) == ["monday"]
    both.report(tmp_path / "monday.html", study=study)
    study.report(tmp_path / "again.html", session_id="monday")
    assert (tmp_path / "again.html").stat().st_size > 10000


def test_blocks_of_a_recording_are_all_its_samples(samples):
    with gait.open(SHANK) as recording:
        blocks = list(recording)
        assert recording.quality.n_frames == len(samples[0])
        assert len(recording.quality.content_hash) == 32
    np.testing.assert_allclose(np.concatenate([b.accel_g for b in blocks]), samples[0], atol=1e-6)
    recording.close()
    with pytest.raises(gait.Error, match="recording is NULL"):
        next(iter(recording))


def test_single_steps_go_together(samples):
    acc = samples[0][: 60 * 200]
    where = {"placement": "shank", "activity": "run", "side": "left"}
    events = gait.stretch_events(acc, 200, **where)
    strides = gait.stretch_strides(acc, 200, events, **where)
    assert 70 < len(strides) <= (events.type == "foot_strike").sum()
    assert strides.peak_accel_axial_g.median() > 2
    cadence = gait.stretch_cadence(acc, 200, placement="shank", activity="run")
    assert cadence == pytest.approx(strides.cadence_steps_per_min.median(), rel=0.02)
    axes = gait.stretch_align(acc, 200, events, **where)
    np.testing.assert_allclose(axes.matrix @ axes.matrix.T, np.eye(3), atol=1e-9)
    own = gait.stretch_strides(acc, 200, pd.DataFrame({"type": ["foot_strike"] * 3, "time_s": [10, 10.7, 11.4]}), **where)
    assert own.stride_time_s.tolist() == pytest.approx([0.7, 0.7])


def test_signals_are_filtered_resampled_and_transformed():
    t = np.arange(2000) / 200
    x = np.column_stack([np.sin(2 * np.pi * 2 * t), np.sin(2 * np.pi * 50 * t)])
    low = gait.signal_filter(x, 200, high_hz=10)
    assert np.abs(low[500:1500, 0] - x[500:1500, 0]).max() < 0.01 and np.abs(low[500:1500, 1]).max() < 0.01
    assert gait.signal_resample(x[:, 0], 200, 50).shape == (500,)
    frequency, density = gait.signal_spectrum(x, 200)
    assert frequency[density[:, 0].argmax()] == pytest.approx(2, abs=0.2)
    assert (density.sum(axis=0) * frequency[1]) == pytest.approx([0.5, 0.5], rel=0.02)


@pytest.mark.parametrize("changed, sentence", [
    ({"placement": "knee"}, "no placement is called 'knee'"),
    ({"placement": "unknown"}, "the placement of the sensor is not known"),
    ({"side": "middle"}, "no side is called 'middle'"),
    ({"rate_hz": None}, "neither time stamps nor a rate"),
    ({"rate_hz": float("nan")}, "neither time stamps nor a rate"),
    ({"rate_hz": 1e9}, "expected 1 to 20000"),
    ({"settings": {"spike_zz": 1}}, "no setting is called 'spike_zz'"),
    ({"detector": "nobody-1999"}, "no detector is called 'nobody-1999'"),
    ({"gyro_dps": np.zeros((3, 3))}, "gyro_dps has 3 frames"),
    ({"unit": "m/s2"}, "the unit is wrong"),
])
def test_errors_carry_the_sentence_of_the_library(samples, changed, sentence):
    with pytest.raises(gait.Error) as caught:
        gait.analyze(samples[0], **{"rate_hz": 200, "placement": "shank", **changed})
    assert sentence in str(caught.value)
    assert caught.value.status != 0 and caught.value.name != "ok"


def test_arrays_of_another_shape_are_refused(samples):
    for odd in (samples[0].T, samples[0][:, 0], samples[0][:0], np.full((500, 3), np.nan), [["x", "y", "z"]], [], None, 3,
                np.broadcast_to(samples[0][0], (500, 3)), np.ma.masked_all((500, 3))):
        with pytest.raises(gait.Error):
            gait.analyze(odd, rate_hz=200, placement="shank")


def test_docstrings_are_printed_from_the_tables():
    assert "contact_time_s: " in gait.analyze.__doc__ and "spike_z: " in gait.analyze.__doc__
    assert "cwa: " in gait.open.__doc__ and "mercer-2003: " in gait.stretch_events.__doc__
    for table in (gait.metrics(), gait.detectors(), gait.formats(), gait.rules(), gait.settings(), gait.simulation_keys()):
        assert len(table) > 3
    assert "\naccel_g   n x 3 in g" in gait.analyze.__doc__, "indented as inspect.cleandoc() leaves it"
    standard = gait.settings().set_index("key").standard["spike_z"]
    assert re.search(rf"\n    spike_z: .*: {standard:g} \(", gait.analyze.__doc__)
    assert gait.flag_names(5) == ["gap", "clipped"]
    for name in gait.__all__:
        assert getattr(gait, name).__doc__, name


LONG = "one = gait.simulate('shank', 'left', rate_hz=1000, duration_s=60).accel_g; acc = np.tile(one, (60, 1)).astype(kind)"


def child(code, kind="np.float64"):
    done = subprocess.run([sys.executable, "-c", f"import gait, numpy as np, re; kind = {kind}\n{code}"], capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("kind, view", [("np.float64", "acc"), ("np.float32", "acc"), ("np.float64", "np.asfortranarray(acc)")])
def test_an_hour_at_1_kHz_is_not_copied(kind, view):
    out = child(LONG + f"""
acc = {view}
peak = lambda: int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024
gait.analyze(acc[:100000], rate_hz=1000, placement='shank', side='left')
open('/proc/self/clear_refs', 'w').write('5')
before = peak()
n = len(gait.analyze(acc, rate_hz=1000, placement='shank', side='left').strides)
print(acc.nbytes / 2**20, peak() - before, n)
""", kind)
    size_mib, rise_mib, n = map(float, out.split())
    assert n > 4000
    assert rise_mib < 0.75 * size_mib and rise_mib < 40, f"the peak rose by {rise_mib:.1f} MiB for an array of {size_mib:.1f} MiB"


def test_other_threads_run_while_the_library_works(samples):
    acc = np.tile(samples[0], (20, 1))
    worker = threading.Thread(target=gait.analyze, args=(acc,), kwargs={"rate_hz": 200, "placement": "shank"})
    ticks = 0
    worker.start()
    while worker.is_alive():
        time.sleep(0.002)
        ticks += 1
    assert ticks > 20
