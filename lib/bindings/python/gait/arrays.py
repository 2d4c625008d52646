# SPDX-License-Identifier: BSD-3-Clause
"""NumPy arrays as the library reads them: where they lie, without a copy."""
from __future__ import annotations

from typing import Any

import numpy as np

from .library import Error, ffi, lib

TYPES = {np.dtype(np.float64): lib.GAIT_FLOAT64, np.dtype(np.float32): lib.GAIT_FLOAT32}


def as_numbers(values: Any, channels: int, what: str) -> np.ndarray:
    """An array of native floats or doubles; only other kinds of numbers are copied."""
    if np.ma.isMaskedArray(values):
        values = values.astype(np.float64).filled(np.nan)
    array = np.asarray(values)
    if array.dtype not in TYPES:
        try:
            array = np.asarray(array, dtype=np.float64)
        except (TypeError, ValueError) as problem:
            raise Error(lib.GAIT_INVALID, f"{what} is not made of numbers: {problem}") from None
    if 0 in array.strides:  # one number standing for many; to the library 0 means packed
        array = array.copy()
    shape = f"{what} has the shape {array.shape}, expected (n, 3)" if channels > 1 else f"{what} is not a row of numbers"
    if array.ndim != (2 if channels > 1 else 1) or (channels > 1 and array.shape[1] != channels):
        raise Error(lib.GAIT_INVALID, shape)
    return array


def view(struct: Any, array: np.ndarray) -> None:
    """struct: gait_array. Strides go along, so that columns and slices need no copy either."""
    struct.data = ffi.cast("void *", array.ctypes.data)
    struct.type = TYPES[array.dtype]
    struct.frame_stride = array.strides[0]
    struct.channel_stride = array.strides[1] if array.ndim > 1 else 0


def arrays_of(accel_g: Any, gyro_dps: Any, time_s: Any, name: str | None, start_unix_s: float | None, keep: list) -> Any:
    """A gait_arrays; what it points to is kept in ``keep``."""
    arrays = ffi.new("gait_arrays *")
    given = {"accel_g": (accel_g, 3), "gyro_dps": (gyro_dps, 3), "time_s": (time_s, 1)}
    for field, (values, channels) in given.items():
        if values is None and field != "accel_g":
            continue
        numbers = as_numbers(values, channels, field)
        if field == "accel_g":
            arrays.n_frames = len(numbers)
        elif len(numbers) != arrays.n_frames:
            raise Error(lib.GAIT_INVALID, f"{field} has {len(numbers)} frames, accel_g has {arrays.n_frames}")
        keep.append(numbers)
        view(getattr(arrays, field), numbers)
    if name is not None:
        keep.append(ffi.new("char[]", name.encode()))
        arrays.name = keep[-1]
    arrays.start_unix_s = start_unix_s or 0
    return arrays


def doubles(values: Any, what: str) -> np.ndarray:
    """What the single steps take: doubles one behind the other, copied unless they are."""
    array = np.ascontiguousarray(values, dtype=np.float64)
    if array.ndim not in (1, 2):
        raise Error(lib.GAIT_INVALID, f"{what} has {array.ndim} dimensions, expected 1 or 2")
    return array


def pointer(array: np.ndarray) -> Any:
    return ffi.cast("double *", array.ctypes.data)
