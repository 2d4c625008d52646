/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch_options.h"

#include <stdio.h>

bool batch_options(const struct arguments *args, const char *command, gait_batch_options *out)
{
    if (args->n_words != 1) {
        report_usage(command, "expected one folder or manifest");
        return false;
    }
    if (!option_given(args, "output")) {
        report_usage(command, "no folder for the results is named with -o");
        return false;
    }
    gait_batch_options_init(out);
    out->folder = option_text(args, "output");
    out->bids_layout = option_given(args, "bids");
    out->with_strides = option_given(args, "with-strides");
    out->session.detector = option_text(args, "detector");
    if (out->session.detector && !gait_detector_find(out->session.detector)) {
        fprintf(stderr, "gait %s: no detector is called '%s'; gait list detectors shows them\n",
                command, out->session.detector);
        return false;
    }
    return options_recording(args, &out->recording) &&
           option_number(args, "time-limit", 0, 1e9, &out->time_limit_s) &&
           options_settings(args, &out->session.settings);
}
