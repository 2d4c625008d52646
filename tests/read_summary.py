# SPDX-License-Identifier: BSD-3-Clause
"""A summary is read with nothing but h5py, pandas and xarray: python3 read_summary.py FILE"""
import sys

try:
    import h5py
    import numpy as np
    import pandas as pd
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

path = sys.argv[1]
tables = ["sessions", "recordings", "bouts", "events", "strides", "repetitions", "minutes", "summary", "asymmetry", "findings",
          "waveforms"]

with h5py.File(path) as f:
    table = lambda g: pd.DataFrame({k: (d.asstr() if d.dtype.kind == "S" else d)[...] for k, d in f[g].items()})
    strides, findings = table("strides"), table("findings")
    assert sorted(f) == sorted(tables), list(f)
    assert f.attrs["complete"] == 1 and f.attrs["format"] == b"gait-summary"
    for name in tables:
        group = f[name]
        order = group.attrs["column_order"].decode().split(",")
        axis = group.attrs["axes"].decode()
        assert list(group) == order and group.attrs["signal"].decode() in order
        for column, data in group.items():
            assert data.ndim == 1 and data.chunks is None and data.compression is None
            assert data.shape == group[order[0]].shape and data.dtype.kind in "Sif"
            assert "units" in data.attrs and "description" in data.attrs
            if column != axis:
                assert data.dims[0][axis] == group[axis]
    flags = f["strides/flags"].attrs
    assert len(flags["flag_meanings"].decode().split()) == len(flags["flag_masks"])

assert len(strides) == 2 * 1714 and set(strides.side) == {"left", "right"}
assert np.isclose(strides.start_s.iloc[1], 60.7) and strides.subject_id[0] == "J\\u00fcrgen"
assert len(findings) == 1 and findings.severity[0] == "note" and np.isnan(findings.start_s[0])

try:
    import xarray as xr
    import h5netcdf
except ImportError as missing:
    print("without xarray:", missing)
    sys.exit(0)

for name in tables:
    with xr.open_dataset(path, group=name, engine="h5netcdf") as ds:
        assert len(ds.sizes) == 1, ds
with xr.open_dataset(path, group="strides", engine="h5netcdf") as ds:
    assert ds.sizes["start_s"] == 3428 and ds.start_s.dtype == "float64"
    assert ds.stride_time_s.attrs["units"] == "s" if "stride_time_s" in ds else True
