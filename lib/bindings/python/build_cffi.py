# SPDX-License-Identifier: BSD-3-Clause
"""Compiles gait._gait: every call and struct of the public headers, as the headers declare them.

The library is the one that pkg-config finds; set PKG_CONFIG_PATH for a prefix of your own.
"""
import re
import subprocess
from pathlib import Path

import cffi


def pkg_config(*arguments):
    try:
        told = subprocess.run(["pkg-config", *arguments, "libgait"], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        raise SystemExit("pkg-config is not installed; it tells where libgait is") from None
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"libgait is not found; install it, and set PKG_CONFIG_PATH: {error.stderr.strip()}") from None
    return told.stdout.strip()


def declarations(folder, header="gait.h", seen=None):
    """What a header and the headers it includes declare, each once, as cffi wants it."""
    seen = set() if seen is None else seen
    if header in seen:
        return ""
    seen.add(header)
    text = (folder / "gait" / header).read_text()
    before = "".join(declarations(folder, name, seen) for name in re.findall(r"#include <gait/(\w+\.h)>", text))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", text, flags=re.S)
    text = re.sub(r"^#(\\\n|.)*$", "", text, flags=re.M)
    text = re.sub(r"\b(GAIT_API|GAIT_MUST_USE)\b|GAIT_PRINTF\([^)]*\)", "", text)
    return before + text


def builder():
    folder = Path(pkg_config("--variable=includedir"))
    libraries = pkg_config("--variable=libdir")
    ffi = cffi.FFI()
    ffi.cdef(declarations(folder))
    ffi.set_source("gait._gait", "#include <gait/gait.h>", libraries=["gait"], include_dirs=[str(folder)],
                   library_dirs=[libraries], runtime_library_dirs=[libraries])
    return ffi


ffi = builder()
