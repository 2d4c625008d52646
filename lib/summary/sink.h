/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_SINK_H
#define SUMMARY_SINK_H

#include <stdbool.h>
#include <stddef.h>

/* Text on its way out, in pieces worth a call. Set write and context; the rest begins as 0. */
struct sink {
    int (*write)(void *context, const char *text, size_t length);
    void *context;
    size_t used;
    bool refused;
    char buffer[8192];
};

void sink_char(struct sink *sink, char c);
void sink_text(struct sink *sink, const char *text);
void sink_flush(struct sink *sink);

#endif
