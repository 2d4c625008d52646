# SPDX-License-Identifier: BSD-3-Clause
# The library in R. source("gait.R") builds it once beside gait_r.c (pkg-config has to find libgait) and brings
#   gait_analyze(accel_g, rate_hz, placement, side)   n x 3 matrix in g -> list of data frames
#   gait_read_summary(path)                           summary or study  -> list of data frames

local({
    here <- dirname(normalizePath(sys.frame(1)$ofile))
    shared <- file.path(here, paste0("gait_r", .Platform$dynlib.ext))
    if (!file.exists(shared)) {
        told <- function(...) system2("pkg-config", c(..., "libgait"), stdout = TRUE)
        Sys.setenv(PKG_CFLAGS = told("--cflags"),
                   PKG_LIBS = paste0(told("--libs"), " -Wl,-rpath,", told("--variable=libdir")))
        built <- system2(file.path(R.home("bin"), "R"), c("CMD", "SHLIB", "-o", shared, file.path(here, "gait_r.c")),
                         stdout = FALSE)
        if (built != 0) stop("gait_r.c could not be built")
    }
    dyn.load(shared)
})

gait_analyze <- function(accel_g, rate_hz, placement, side = "unknown") {
    accel_g <- as.matrix(accel_g)
    if (ncol(accel_g) != 3) stop("accel_g has ", ncol(accel_g), " columns, expected 3")
    storage.mode(accel_g) <- "double"
    .Call("gait_r_analyze", accel_g, rate_hz, placement, side)
}

gait_read_summary <- function(path) .Call("gait_r_read", path)
