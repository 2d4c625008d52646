# SPDX-License-Identifier: BSD-3-Clause
"""Gait events, stride metrics and findings from accelerometer recordings.

    import gait
    summary = gait.analyze(acc, rate_hz=1000, placement="shank", side="left")
    summary.events, summary.strides, summary.findings       # pandas frames

Names, units and meanings are those of the C library: acceleration in g (gravity included), angular rate in deg/s, time
in s, frequency in Hz. Research and training information, not a medical device.
"""
from .library import Error
from .sessions import Recording, Session, analyze, open, open_arrays
from .steps import (signal_filter, signal_resample, signal_spectrum, stretch_align, stretch_cadence, stretch_events,
                    stretch_strides)
from .summaries import Summary, merge, read_summary
from .tables import (detectors, flag_names, formats, metrics, print_docstrings, rules, settings, simulate, simulation_keys,
                     version)

print_docstrings(analyze, open, stretch_events, stretch_strides)
del print_docstrings
__version__ = version()

__all__ = ["Error", "Recording", "Session", "Summary", "analyze", "detectors", "flag_names", "formats", "merge", "metrics",
           "open", "open_arrays", "read_summary", "rules", "settings", "signal_filter", "signal_resample", "signal_spectrum",
           "simulate", "simulation_keys", "stretch_align", "stretch_cadence", "stretch_events", "stretch_strides", "version"]
