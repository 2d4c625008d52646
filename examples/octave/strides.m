% SPDX-License-Identifier: BSD-3-Clause
% From samples to strides, and the same from a summary. Usage: octave strides.m RECORDING.csv SUMMARY.gait.h5
% gait_tables has to be built and on the path (see gait_tables.c).
arguments = argv();
samples = dlmread(arguments{1}, ",", 1, 0);
found = gait_tables(samples(:, 2:4), 200, "shank", "left");
strides = found.strides;
printf("%d strides, contact time %.3f s, cadence %.1f steps/min\n", numel(strides.start_s), ...
       median(strides.contact_time_s), median(strides.cadence_steps_per_min));
assert(numel(strides.start_s) > 50);
assert(median(strides.contact_time_s), 0.25, 0.1);

% A summary or a study as the library reads it, checked whole, and as plain HDF5.
again = gait_tables(arguments{2});
plain = load("-hdf5", arguments{2});
assert(again.strides.contact_time_s, plain.strides.contact_time_s(:));
try
  gait_tables("nowhere.h5");
  error("no error");
catch problem
  assert(! isempty(strfind(problem.message, "nowhere.h5: ")));
end
