# SPDX-License-Identifier: BSD-3-Clause
import sys
from pathlib import Path

from setuptools import setup

sys.path.insert(0, str(Path(__file__).parent))
from build_cffi import pkg_config  # noqa: E402

setup(version=pkg_config("--modversion"), cffi_modules=["build_cffi.py:ffi"])
