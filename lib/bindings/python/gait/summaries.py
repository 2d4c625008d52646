# SPDX-License-Identifier: BSD-3-Clause
"""Summaries as pandas frames."""
from __future__ import annotations

import os
from typing import Any

import numpy as np
import pandas as pd

from .library import Error, call, ffi, fill, lib, text


def texts_of(pointers: Any, n: int) -> np.ndarray:
    """Each different text is read once: most columns of text repeat a few."""
    size = n * ffi.sizeof("uintptr_t")
    addresses = np.frombuffer(ffi.buffer(ffi.cast("uintptr_t *", pointers), size), dtype=np.uintp)
    unique, where = np.unique(addresses, return_inverse=True)
    words = np.array([text(ffi.cast("const char *", int(address))) for address in unique], dtype=object)
    return words[where]


def values_of(column: Any, n: int) -> np.ndarray:
    if n == 0:
        kinds = {lib.GAIT_DOUBLES: np.float64, lib.GAIT_INTEGERS: np.int64}
        return np.empty(0, dtype=kinds.get(column.type, object))
    if column.type == lib.GAIT_DOUBLES:
        return np.frombuffer(ffi.buffer(column.doubles, n * 8), dtype=np.float64).copy()
    if column.type == lib.GAIT_INTEGERS:
        return np.frombuffer(ffi.buffer(column.integers, n * 8), dtype=np.int64).copy()
    return texts_of(column.texts, n)


def frame_of(table: Any) -> pd.DataFrame:
    columns = [table.columns[k] for k in range(table.n_columns)]
    frame = pd.DataFrame({text(c.name): values_of(c, table.n_rows) for c in columns}, copy=False)
    frame.attrs["description"] = text(table.description)
    frame.attrs["units"] = {text(c.name): text(c.units) for c in columns}
    frame.attrs["descriptions"] = {text(c.name): text(c.description) for c in columns}
    return frame


class Summary:
    """Everything that was found: tables, as pandas frames, each made when it is first asked for.

    ``summary.strides`` and ``summary.table("strides")`` are the same. ``frame.attrs`` has the unit and the meaning of
    every column. NaN is "not available"; the row's ``flags`` say why.
    """

    def __init__(self, handle: Any) -> None:
        self._handle = ffi.gc(handle, lambda p: lib.gait_summary_free(ffi.new("gait_summary **", p)))
        self._frames: dict[str, pd.DataFrame] = {}

    @property
    def tables(self) -> list[str]:
        """Names of the tables, in order."""
        names, index = [], 0
        while (table := lib.gait_summary_table_at(self._handle, index)) != ffi.NULL:
            names.append(text(table.name))
            index += 1
        return names

    def table(self, name: str) -> pd.DataFrame:
        """The table of that name."""
        if name not in self._frames:
            table = lib.gait_summary_table(self._handle, name.encode())
            if table == ffi.NULL:
                raise Error(lib.GAIT_NOT_FOUND, f"no table is called {name!r}; there are {', '.join(self.tables)}")
            self._frames[name] = frame_of(table)
        return self._frames[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or lib.gait_summary_table(self._handle, name.encode()) == ffi.NULL:
            raise AttributeError(f"a Summary has no {name!r}; its tables are {', '.join(self.tables)}")
        return self.table(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def attribute(self, name: str) -> str | None:
        """"creator", "settings_json", ...; None if there is none."""
        found = lib.gait_summary_attribute(self._handle, name.encode())
        return None if found == ffi.NULL else text(found)

    def write(self, path: str | os.PathLike) -> None:
        """Writes the summary as HDF5, whole or not at all."""
        call(lib.gait_summary_write, self._handle, os.fsencode(path))

    def report(self, path: str | os.PathLike, *, language: str = "en", details: bool = False, study: Summary | None = None,
               subject_id: str | None = None, session_id: str | None = None) -> None:
        """Writes the page for runner and clinician, .html or .pdf; of a study its index, or the session that is named.

        study: the person's earlier sessions, as merge() makes them, for the history on the page.
        """
        keep: list = []
        options = ffi.new("gait_report_options *")
        lib.gait_report_options_init(options)
        fill(options, keep, language=language, details=int(details), subject_id=subject_id, session_id=session_id)
        options.study = study._handle if study else ffi.NULL
        call(lib.gait_report_write, self._handle, options, os.fsencode(path))

    def compare(self, reference: str | os.PathLike, tolerance_s: float = 0.05, sensor: str | None = None) -> pd.DataFrame:
        """Scores events and values against a reference file (event,side,time_s,value): one row for each of them."""
        comparison = ffi.new("gait_comparison **")
        name = ffi.NULL if sensor is None else sensor.encode()
        call(lib.gait_compare, comparison, self._handle, name, os.fsencode(reference), tolerance_s)
        rows, index = [], 0
        while (score := lib.gait_comparison_at(comparison[0], index)) != ffi.NULL:
            fields = ffi.typeof(score).item.fields
            row = {key: getattr(score, key) for key, _ in fields}
            rows.append({key: text(value) if isinstance(value, ffi.CData) else value for key, value in row.items()})
            index += 1
        lib.gait_comparison_free(comparison)
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        rows = {name: lib.gait_summary_table(self._handle, name.encode()).n_rows for name in self.tables}
        return "<gait.Summary " + ", ".join(f"{name} {n}" for name, n in rows.items()) + ">"


def read_summary(path: str | os.PathLike) -> Summary:
    """Reads a summary or a study and checks it whole."""
    summary = ffi.new("gait_summary **")
    call(lib.gait_summary_read, summary, os.fsencode(path))
    return Summary(summary[0])


def merge(paths: list, with_strides: bool = False) -> Summary:
    """Many sessions as one study; each is compared with the subject's earlier ones. Order does not matter."""
    study, summary = ffi.new("gait_study **"), ffi.new("gait_summary **")
    call(lib.gait_study_new, study, int(with_strides))
    try:
        for path in paths:
            call(lib.gait_study_add, study[0], os.fsencode(path), 0)
        call(lib.gait_study_finish, study[0], summary)
    finally:
        lib.gait_study_free(study)
    return Summary(summary[0])
