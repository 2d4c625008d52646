# SPDX-License-Identifier: BSD-3-Clause
"""Recordings in files or in arrays, and sessions made of them."""
from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any, Iterator, Mapping

import numpy as np

from .arrays import arrays_of
from .library import call, ffi, lib, plain, recording_options, session_options
from .summaries import Summary


class Recording:
    """One sensor's recording, open; for one thread at a time. Close it, or use it in a ``with`` statement."""

    def __init__(self, handle: Any, keep: list) -> None:
        self._handle, self._keep = handle, keep
        self._owner = ffi.gc(handle, lambda p: lib.gait_recording_close(ffi.new("gait_recording **", p)))

    def close(self) -> None:
        """Closes it; a second time does nothing."""
        ffi.release(self._owner)
        self._handle, self._keep = ffi.NULL, []

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def info(self) -> SimpleNamespace:
        """What it is and how that was found out: the fields of gait_recording_info."""
        return plain(lib.gait_recording_get_info(self._handle))

    @property
    def quality(self) -> SimpleNamespace:
        """What reading found so far: the fields of gait_recording_quality."""
        return plain(lib.gait_recording_get_quality(self._handle))

    def __iter__(self) -> Iterator[SimpleNamespace]:
        """Blocks without a gap: accel_g (n, 3), gyro_dps (n, 3) or None, marks, start_s, rate_hz, starts_segment."""
        block = ffi.new("gait_block *")
        while True:
            call(lib.gait_recording_read, self._handle, block)
            n = block.n_frames
            if n == 0:
                return
            floats = {"accel_g": block.accel_g, "gyro_dps": block.gyro_dps}
            arrays = {name: None if p == ffi.NULL else np.frombuffer(ffi.buffer(p, 12 * n), np.float32).reshape(n, 3).copy()
                      for name, p in floats.items()}
            marks = None if block.marks == ffi.NULL else np.frombuffer(ffi.buffer(block.marks, n), np.uint8).copy()
            yield SimpleNamespace(**arrays, marks=marks, start_s=block.start_s, rate_hz=block.rate_hz,
                                  starts_segment=bool(block.starts_segment))

    def analyze(self, **session: Any) -> Summary:
        """Analyses it as a session of its own; the keywords are those of Session."""
        whole = Session(**session)
        whole.add(self)
        return whole.judge()


def open(path: str | os.PathLike, **options: Any) -> Recording:
    """Opens a recording of any supported format.

    The keywords are the fields of gait_recording_options: placement, side, rate_hz, range_g, unit, columns, mounting,
    sensor, subject_id, session_id, mass_kg, height_m, speed_mps, ignore_sidecar, no_autocalibration.
    """
    keep: list = []
    recording = ffi.new("gait_recording **")
    call(lib.gait_recording_open, recording, os.fsencode(path), recording_options(keep, **options))
    return Recording(recording[0], keep)


def open_arrays(accel_g: Any, *, gyro_dps: Any = None, time_s: Any = None, name: str | None = None,
                start_unix_s: float | None = None, **options: Any) -> Recording:
    """Opens arrays as a recording: n x 3 accelerations in g, angular rates in deg/s, n stamps in s.

    Floats and doubles are read where they lie, whatever their strides; do not change them while it is open.
    """
    keep: list = []
    recording = ffi.new("gait_recording **")
    arrays = arrays_of(accel_g, gyro_dps, time_s, name, start_unix_s, keep)
    call(lib.gait_recording_open_arrays, recording, arrays, recording_options(keep, **options))
    return Recording(recording[0], keep)


class Session:
    """One person's run: add one or several recordings, then judge it; for one thread at a time.

    The keywords are the fields of gait_session_options: subject_id, session_id, detector, mass_kg, height_m,
    speed_mps, distance_m, and settings as a dict (gait.settings() shows them).
    """

    def __init__(self, *, settings: Mapping[str, float] | None = None, **options: Any) -> None:
        keep: list = []
        session = ffi.new("gait_session **")
        call(lib.gait_session_new, session, session_options(keep, settings, **options))
        self._handle = ffi.gc(session[0], lambda p: lib.gait_session_free(ffi.new("gait_session **", p)))

    def add(self, recording: Recording) -> None:
        """Reads a recording to its end and keeps what is found."""
        call(lib.gait_session_add, self._handle, recording._handle)

    def judge(self) -> Summary:
        """Compares the sides, applies the rules and sums up; once."""
        summary = ffi.new("gait_summary **")
        call(lib.gait_session_judge, self._handle)
        call(lib.gait_summary_from_session, summary, self._handle)
        return Summary(summary[0])


SESSION_KEYS = ("detector", "distance_m")


def analyze(accel_g: Any, *, rate_hz: float | None = None, placement: str, side: str | None = None, gyro_dps: Any = None,
            time_s: Any = None, name: str | None = None, start_unix_s: float | None = None,
            settings: Mapping[str, float] | None = None, **options: Any) -> Summary:
    """Analyses the samples of one sensor: bouts, events, strides with metrics, findings.

    accel_g   n x 3 in g, gravity included; floats or doubles of any layout are read where they lie
    rate_hz   frames per second; or time_s, n stamps in seconds
    placement foot, shank, sacrum, waist, wrist or other
    side      left, right, none or unknown
    gyro_dps  n x 3 in deg/s, if there is a gyroscope
    settings  limits and constants to change, by name

    Further keywords are those of open() and Session(). A frame that is not finite is a gap. Raises Error with one
    sentence where nothing can be told. The interpreter's lock is released while the library works.
    """
    keep: list = []
    summary = ffi.new("gait_summary **")
    arrays = arrays_of(accel_g, gyro_dps, time_s, name, start_unix_s, keep)
    session = {key: options.pop(key) for key in SESSION_KEYS if key in options}
    call(lib.gait_summary_from_arrays, summary, arrays,
         recording_options(keep, rate_hz=rate_hz, placement=placement, side=side, **options),
         session_options(keep, settings, **session))
    return Summary(summary[0])
