/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/sink.h"

void sink_flush(struct sink *sink)
{
    if (sink->used && !sink->refused && sink->write(sink->context, sink->buffer, sink->used))
        sink->refused = true;
    sink->used = 0;
}

void sink_char(struct sink *sink, char c)
{
    if (sink->used == sizeof sink->buffer) sink_flush(sink);
    sink->buffer[sink->used++] = c;
}

void sink_text(struct sink *sink, const char *text)
{
    for (; *text; text++) sink_char(sink, *text);
}
