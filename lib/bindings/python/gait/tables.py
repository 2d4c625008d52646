# SPDX-License-Identifier: BSD-3-Clause
"""The library's tables as frames, the docstrings that are printed from them, and simulated sensors."""
from __future__ import annotations

from inspect import cleandoc
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from .library import ACTIVITIES, PLACEMENTS, SIDES, call, ffi, lib, placement_of, side_of, text


def rows_of(row_at: Any) -> list[dict]:
    rows, index = [], 0
    while (row := row_at(index)) != ffi.NULL:
        fields = ((name, getattr(row, name)) for name, _ in ffi.typeof(row).item.fields)
        rows.append({name: text(value) if isinstance(value, ffi.CData) else value for name, value in fields})
        index += 1
    return rows


def names_in(bits: int, names: list[str]) -> str:
    return ",".join(name for i, name in enumerate(names) if bits >> i & 1)


def table(row_at: Any) -> pd.DataFrame:
    rows = rows_of(row_at)
    for row in rows:
        if "placements" in row:
            row["placements"] = names_in(row["placements"], PLACEMENTS)
            row["activities"] = names_in(row["activities"], ACTIVITIES)
    return pd.DataFrame(rows)


def metrics() -> pd.DataFrame:
    """What is measured on every stride."""
    return table(lib.gait_metric_at)


def detectors() -> pd.DataFrame:
    """How events can be found."""
    return table(lib.gait_detector_at)


def formats() -> pd.DataFrame:
    """What open() reads."""
    return table(lib.gait_format_at)


def rules() -> pd.DataFrame:
    """What findings there may be, with their evidence, sources and caveats."""
    return table(lib.gait_rule_at)


def settings() -> pd.DataFrame:
    """Limits and constants that can be changed, with their standard values."""
    return table(lib.gait_setting_at)


def simulation_keys() -> pd.DataFrame:
    """The keywords of simulate()."""
    return table(lib.gait_simulation_key_at)


def flag_names(flags: int) -> list[str]:
    """The names of the bits of a flags value."""
    names = (text(lib.gait_flag_name(1 << bit)) for bit in range(32) if int(flags) >> bit & 1)
    return [name for name in names if name]


def version() -> str:
    """Version of the library that is linked."""
    return text(lib.gait_version())


def simulate(placement: str, side: str = "none", **keys: Any) -> SimpleNamespace:
    """A synthetic sensor with exact truth: accel_g, gyro_dps, time_s, rate_hz, mounting, and truth as a frame.

    The keywords are those of simulation_keys(): activity="run", duration_s=60, seed=1, ...
    """
    simulation, sensor = ffi.new("gait_simulation **"), ffi.new("gait_simulated *")
    call(lib.gait_simulation_new, simulation)
    try:
        for key, value in keys.items():
            call(lib.gait_simulation_set, simulation[0], key.encode(), str(value).encode())
        call(lib.gait_simulation_run, simulation[0], placement_of(placement), side_of(side), sensor)
        n = sensor.n_frames

        def copy(pointer: Any, kind: Any, *shape: int) -> np.ndarray | None:
            if pointer == ffi.NULL:
                return None
            size = int(np.prod(shape)) * np.dtype(kind).itemsize
            return np.frombuffer(ffi.buffer(pointer, size), kind).reshape(shape).copy()

        rows = [sensor.truth[i] for i in range(sensor.n_truth)]
        truth = pd.DataFrame({"event": [text(r.event) for r in rows], "side": [SIDES[r.side] for r in rows],
                              "time_s": [r.time_s for r in rows], "value": [r.value for r in rows],
                              "text": [text(r.text) for r in rows]})
        return SimpleNamespace(accel_g=copy(sensor.accel_g, np.float32, n, 3), gyro_dps=copy(sensor.gyro_dps, np.float32, n, 3),
                               time_s=copy(sensor.time_s, np.float64, n), rate_hz=sensor.rate_hz, range_g=sensor.range_g,
                               mounting=np.array([list(row) for row in sensor.mounting]), truth=truth)
    finally:
        lib.gait_simulation_free(simulation)


def with_table(call: Any, title: str, rows: list[dict], key: str, about: str) -> None:
    call.__doc__ = f"{cleandoc(call.__doc__)}\n\n{title}:\n" + "".join(f"    {row[key]}: {row[about]}\n" for row in rows)


def print_docstrings(analyze: Any, open: Any, stretch_events: Any, stretch_strides: Any) -> None:
    """Ends the docstrings that speak of a table with the table itself."""
    measured = [{**row, "about": f"{row['definition']} [{row['unit']}]"} for row in rows_of(lib.gait_metric_at)]
    limits = [{**row, "about": f"{row['about']}: {row['standard']:g} ({row['low']:g} to {row['high']:g}) [{row['unit']}]"}
              for row in rows_of(lib.gait_setting_at)]
    with_table(analyze, "Settings, with their standard and range", limits, "key", "about")
    with_table(analyze, "Metrics of every stride", measured, "key", "about")
    with_table(open, "Formats", rows_of(lib.gait_format_at), "name", "about")
    with_table(stretch_events, "Detectors", rows_of(lib.gait_detector_at), "name", "about")
    with_table(stretch_strides, "Metrics", measured, "key", "about")
    with_table(simulate, "Keywords", rows_of(lib.gait_simulation_key_at), "key", "about")
