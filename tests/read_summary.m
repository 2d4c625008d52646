% SPDX-License-Identifier: BSD-3-Clause
% A summary is read with Octave's own load: octave read_summary.m FILE
file = argv(){1};
s = load("-hdf5", file).strides;
assert(numel(s.start_s), 3428);
assert(s.start_s(2), 60.7, 1e-12);
assert(class(s.flags), "int64");
assert(deblank(s.sensor(1, :)), "left_shank");
all_tables = load("-hdf5", file);
assert(all_tables.findings.value, 10);
assert(isnan(all_tables.findings.start_s));
assert(numel(fieldnames(all_tables)), 11);
