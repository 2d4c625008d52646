# SPDX-License-Identifier: BSD-3-Clause
"""The single steps of an analysis, on arrays: the calls of gait/signal.h and gait/stretch.h."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Mapping

import numpy as np
import pandas as pd

from .arrays import as_numbers, doubles, pointer
from .library import (ACTIVITIES, EVENT_TYPES, SIDES, Error, call, ffi, fill, index_of, lib, plain, settings_into, side_of,
                      text)


def signal_of(samples: Any, rate_hz: float, keep: list) -> tuple[Any, np.ndarray]:
    array = doubles(samples, "the signal")
    keep.append(array)
    channels = array.shape[1] if array.ndim == 2 else 1
    return ffi.new("gait_signal *", [pointer(array), len(array), channels, rate_hz]), array


def signal_filter(samples: Any, rate_hz: float, low_hz: float = 0, high_hz: float = 0, order: int = 4) -> np.ndarray:
    """What lies between two frequencies (down 3 dB at each), not moved in time; 0 is no limit.

    samples: n, or n x 1 to 6 channels. The result has the same shape.
    """
    keep: list = []
    signal, array = signal_of(samples, rate_hz, keep)
    out = np.empty_like(array)
    call(lib.gait_signal_filter, signal, low_hz, high_hz, order, pointer(out))
    return out


def signal_resample(samples: Any, rate_hz: float, new_rate_hz: float) -> np.ndarray:
    """The same signal at another rate, first frames coinciding."""
    keep: list = []
    signal, array = signal_of(samples, rate_hz, keep)
    n = lib.gait_signal_resampled_length(signal, new_rate_hz)
    out = np.empty((n, *array.shape[1:]))
    call(lib.gait_signal_resample, signal, new_rate_hz, pointer(out))
    return out


def signal_spectrum(samples: Any, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies in Hz, and the one-sided power spectral density there, in the square of the unit per Hz."""
    keep: list = []
    signal, array = signal_of(samples, rate_hz, keep)
    n = lib.gait_signal_n_bins(signal)
    out = np.empty((n, *array.shape[1:]))
    call(lib.gait_signal_spectrum, signal, pointer(out))
    return np.arange(n) * lib.gait_signal_bin_hz(signal), out


def stretch_of(accel_g: Any, rate_hz: float, activity: str, gyro_dps: Any, standing_up: Any, keep: list) -> Any:
    stretch = ffi.new("gait_stretch *")
    for name, values in {"accel_g": accel_g, "gyro_dps": gyro_dps}.items():
        if values is None:
            continue
        array = doubles(as_numbers(values, 3, name), name)
        if name == "accel_g":
            stretch.n_frames = len(array)
        elif len(array) != stretch.n_frames:
            raise Error(lib.GAIT_INVALID, f"gyro_dps has {len(array)} frames, accel_g has {stretch.n_frames}")
        keep.append(array)
        setattr(stretch, name, pointer(array))
    stretch.rate_hz = rate_hz
    stretch.activity = index_of(ACTIVITIES, activity, "activity")
    if standing_up is not None:
        stretch.standing_up = [float(x) for x in standing_up]
    return stretch


def options_of(keep: list, settings: Mapping[str, float] | None, **values: Any) -> Any:
    options = ffi.new("gait_options *")
    lib.gait_options_init(options)
    settings_into(ffi.addressof(options, "settings"), settings)
    fill(options, keep, **values)
    return options


def stretch_cadence(accel_g: Any, rate_hz: float, *, placement: str, activity: str) -> float:
    """Steps of both feet per minute, over 2.5 to 150 s of walking or running; NaN without a period."""
    keep: list = []
    out = ffi.new("double *")
    call(lib.gait_stretch_cadence, stretch_of(accel_g, rate_hz, activity, None, None, keep),
         options_of(keep, None, placement=placement), out)
    return out[0]


def stretch_events(accel_g: Any, rate_hz: float, *, placement: str, activity: str, side: str | None = None,
                   gyro_dps: Any = None, detector: str | None = None) -> pd.DataFrame:
    """Foot strikes and toe-offs of 2.5 to 150 s of walking or running: type, side, time_s, uncertainty_s, confidence, flags."""
    keep: list = []
    stretch = stretch_of(accel_g, rate_hz, activity, gyro_dps, None, keep)
    options = options_of(keep, None, placement=placement, side=side, detector=detector)
    room, n = int(8 * stretch.n_frames / rate_hz) + 8, ffi.new("size_t *")
    events = ffi.new("gait_event[]", room)
    call(lib.gait_stretch_events, stretch, options, events, room, n)
    rows = [events[i] for i in range(min(n[0], room))]
    return pd.DataFrame({"type": [EVENT_TYPES[e.type] for e in rows], "side": [SIDES[e.side] for e in rows],
                         "time_s": [e.time_s for e in rows], "uncertainty_s": [e.uncertainty_s for e in rows],
                         "confidence": [e.confidence for e in rows], "flags": [e.flags for e in rows]})


def events_of(events: pd.DataFrame, side: str | None) -> Any:
    out = ffi.new("gait_event[]", max(len(events), 1))
    sides = events["side"] if "side" in events else [side or "unknown"] * len(events)
    uncertainty = events["uncertainty_s"] if "uncertainty_s" in events else np.zeros(len(events))
    confidence = events["confidence"] if "confidence" in events else np.ones(len(events))
    for i, row in enumerate(zip(events["type"], sides, events["time_s"], uncertainty, confidence)):
        out[i].type = index_of(EVENT_TYPES, row[0], "type of event")
        out[i].side = side_of(row[1])
        out[i].time_s, out[i].uncertainty_s, out[i].confidence = (float(x) for x in row[2:])
    return out


def stretch_strides(accel_g: Any, rate_hz: float, events: pd.DataFrame, *, placement: str, activity: str,
                    side: str | None = None, gyro_dps: Any = None, standing_up: Any = None,
                    settings: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Strides between events, with every metric that could be measured.

    events: a frame with type ("foot_strike", "toe_off") and time_s in order of time, from stretch_events() or from
    anywhere else: a force plate, a camera; side, uncertainty_s and confidence are used where they are there.
    """
    keep: list = []
    stretch = stretch_of(accel_g, rate_hz, activity, gyro_dps, standing_up, keep)
    options = options_of(keep, settings, placement=placement, side=side)
    room, n = max(len(events), 1), ffi.new("size_t *")
    strides = ffi.new("gait_stride[]", room)
    values = np.full((lib.GAIT_MAX_METRICS, room), np.nan)
    call(lib.gait_stretch_strides, stretch, options, events_of(events, side), len(events), strides, pointer(values), room, n)
    rows = [strides[i] for i in range(n[0])]
    frame = {"side": [SIDES[s.side] for s in rows]}
    for key in ("start_s", "toe_off_s", "end_s", "confidence", "flags"):
        frame[key] = [getattr(s, key) for s in rows]
    for m in range(lib.GAIT_MAX_METRICS):
        metric = lib.gait_metric_at(m)
        if metric == ffi.NULL:
            break
        if not np.all(np.isnan(values[m, : n[0]])):
            frame[text(metric.key)] = values[m, : n[0]]
    return pd.DataFrame(frame)


def stretch_align(accel_g: Any, rate_hz: float, events: pd.DataFrame, *, placement: str, activity: str,
                  side: str | None = None, gyro_dps: Any = None, standing_up: Any = None) -> SimpleNamespace:
    """Which way forward, up and right point in the sensor's axes: the fields of gait_alignment, and matrix (3 x 3).

    ``accel_g @ alignment.matrix.T`` are the samples in the body's axes.
    """
    keep: list = []
    out = ffi.new("gait_alignment *")
    call(lib.gait_stretch_align, stretch_of(accel_g, rate_hz, activity, gyro_dps, standing_up, keep),
         options_of(keep, None, placement=placement, side=side), events_of(events, side), len(events), out)
    found = plain(out)
    found.matrix = np.array([found.forward, found.up, found.right])
    return found
