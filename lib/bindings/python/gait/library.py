# SPDX-License-Identifier: BSD-3-Clause
"""The way into the C library: errors, text, options. Everything else in this package goes through here."""
from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, Mapping

from ._gait import ffi, lib


class Error(Exception):
    """What the library could not do, in its own sentence.

    ``status`` is the number of gait_status, ``name`` its name: "invalid", "not found", ...
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.name = text(lib.gait_status_name(status))


def text(pointer: Any) -> str:
    """A C text; summaries write what is not ASCII as \\uXXXX."""
    if pointer == ffi.NULL:
        return ""
    plain = ffi.string(pointer).decode("utf-8", "replace")
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), plain) if "\\u" in plain else plain


def call(function: Any, *arguments: Any) -> None:
    """Calls, without the interpreter's lock; raises Error where the library says so."""
    err = ffi.new("gait_error *")
    status = function(*arguments, err)
    if status != lib.GAIT_OK:
        raise Error(status, text(err.text))


def names_of(name: Any, count: int) -> list[str]:
    return [text(name(value)) for value in range(count)]


PLACEMENTS = names_of(lib.gait_placement_name, lib.GAIT_N_PLACEMENTS)
SIDES = names_of(lib.gait_side_name, lib.GAIT_N_SIDES)
ACTIVITIES = names_of(lib.gait_activity_name, lib.GAIT_N_ACTIVITIES)
EVENT_TYPES = names_of(lib.gait_event_type_name, lib.GAIT_N_EVENT_TYPES)


def index_of(names: list[str], name: str, what: str) -> int:
    if name not in names:
        raise Error(lib.GAIT_INVALID, f"no {what} is called {name!r}; there are {', '.join(n for n in names if n != 'unknown')}")
    return names.index(name)


def placement_of(name: str) -> int:
    found = lib.gait_placement_from_name(name.encode())
    return found or index_of(PLACEMENTS, name, "placement")


def side_of(name: str) -> int:
    return index_of(SIDES, name, "side")


def settings_into(target: Any, settings: Mapping[str, float] | None) -> None:
    """target: gait_settings *, initialised."""
    for key, value in (settings or {}).items():
        call(lib.gait_settings_set, target, key.encode(), float(value))


def fill(struct: Any, keep: list, **values: Any) -> None:
    """Sets the fields that are not None; texts live as long as ``keep``."""
    kinds = dict(ffi.typeof(struct).item.fields)
    for name, value in values.items():
        if value is None:
            continue
        if name == "placement":
            value = placement_of(value)
        elif name == "side":
            value = side_of(value)
        elif kinds[name].type.kind == "pointer":
            value = ffi.new("char[]", str(value).encode())
            keep.append(value)
        setattr(struct, name, value)


def recording_options(keep: list, **values: Any) -> Any:
    options = ffi.new("gait_recording_options *")
    lib.gait_recording_options_init(options)
    fill(options, keep, **values)
    return options


def session_options(keep: list, settings: Mapping[str, float] | None = None, **values: Any) -> Any:
    options = ffi.new("gait_session_options *")
    lib.gait_session_options_init(options)
    settings_into(ffi.addressof(options, "settings"), settings)
    fill(options, keep, **values)
    return options


def plain(struct: Any) -> SimpleNamespace:
    """A C struct as Python values: texts, numbers, nested lists."""

    def value_of(value: Any, kind: Any) -> Any:
        if kind.kind == "pointer" or (kind.kind == "array" and kind.item.cname == "char"):
            return text(value)
        if kind.kind == "array":
            return [value_of(item, kind.item) for item in value]
        if kind.cname.endswith("gait_placement"):
            return PLACEMENTS[value]
        if kind.cname.endswith("gait_side"):
            return SIDES[value]
        return value

    fields = ffi.typeof(struct).item.fields if ffi.typeof(struct).kind == "pointer" else ffi.typeof(struct).fields
    return SimpleNamespace(**{name: value_of(getattr(struct, name), field.type) for name, field in fields})
