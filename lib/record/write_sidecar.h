/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_WRITE_SIDECAR_H
#define RECORD_WRITE_SIDECAR_H

#include "record/writer.h"

/* The text of the sidecar that goes with a written recording, malloc'd, the caller's. What the
 * options carry along about another file's samples (its unit, its calibration, ...) is left out. */
gait_status sidecar_text(char **out, const gait_writer_options *options,
                         const struct writer_sidecar *more, gait_error *err);

#endif
