# SPDX-License-Identifier: BSD-3-Clause
"""From an array to a plot. Cells are marked with # %%: run them one by one in an editor, or the whole as
python strides.py RECORDING.csv PLOT.png"""
# %% Samples: here from a file with the columns time_s, ax_g, ay_g, az_g; an array from anywhere will do.
import sys

import matplotlib
import pandas as pd

import gait

path, plot = sys.argv[1:3]
samples = pd.read_csv(path, comment="#")
acc = samples[["ax_g", "ay_g", "az_g"]].to_numpy()

# %% Everything at once: events, strides and findings are pandas frames.
summary = gait.analyze(acc, time_s=samples["time_s"], placement="shank", side="left")
strides = summary.strides
print(summary)
print(strides[["start_s", "contact_time_s", "cadence_steps_per_min", "peak_accel_axial_g"]].describe().round(3))
print(summary.findings[["severity", "title", "message"]])

# %% A single step: the acceleration below 20 Hz, around a few strides.
smooth = gait.signal_filter(acc, rate_hz=200, high_hz=20)
unit = strides.attrs["units"]

# %% A plot.
matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

figure, (above, below) = plt.subplots(2, figsize=(9, 6))
part = samples["time_s"].between(10, 14)
above.plot(samples["time_s"][part], smooth[part])
for event in summary.events[summary.events.time_s.between(10, 14)].itertuples():
    above.axvline(event.time_s, color="black" if event.type == "foot_strike" else "grey", linestyle=":")
above.set(xlabel="time (s)", ylabel="acceleration (g)", title="foot strikes (black) and toe-offs (grey)")
below.plot(strides.start_s, strides.contact_time_s, ".")
below.set(xlabel="time (s)", ylabel=f"contact time ({unit['contact_time_s']})")
figure.tight_layout()
figure.savefig(plot)
