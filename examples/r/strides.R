# SPDX-License-Identifier: BSD-3-Clause
# From a file to strides and a model of them. Usage: Rscript strides.R GAIT.R RECORDING.csv SUMMARY.gait.h5
arguments <- commandArgs(TRUE)
source(arguments[1])

samples <- read.csv(arguments[2], comment.char = "#")
found <- gait_analyze(samples[c("ax_g", "ay_g", "az_g")], rate_hz = 200, placement = "shank", side = "left")
strides <- found$strides
print(summary(strides[c("contact_time_s", "cadence_steps_per_min", "peak_accel_axial_g")]))
print(coef(lm(peak_accel_axial_g ~ start_s, strides)))

# Summaries and studies, however they were made, read the same way.
again <- gait_read_summary(arguments[3])
stopifnot(nrow(strides) > 50, abs(median(strides$contact_time_s - 0.25, na.rm = TRUE)) < 0.1)
stopifnot(identical(names(again$strides), names(strides)), nrow(again$strides) > 50)
stopifnot(grepl("nowhere.h5: ", tryCatch(gait_read_summary("nowhere.h5"), error = conditionMessage)))
cat("strides:", nrow(strides), "and from the file:", nrow(again$strides), "\n")
