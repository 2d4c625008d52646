/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/markup.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static char *room_for(struct markup *out, size_t more)
{
    if (out->failed) return NULL;
    if (out->n + more > out->room) {
        size_t room = 2 * out->room + more + 4096;
        char *larger = realloc(out->bytes, room);
        out->failed = !larger;
        if (!larger) return NULL;
        out->bytes = larger;
        out->room = room;
    }
    return out->bytes + out->n;
}

static void put_bytes(struct markup *out, const char *bytes, size_t n)
{
    char *to = room_for(out, n);
    if (!to) return;
    memcpy(to, bytes, n);
    out->n += n;
}

void put_raw(struct markup *out, const char *markup)
{
    put_bytes(out, markup, strlen(markup));
}

void put_formatted(struct markup *out, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int n = text_vprint(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text)
        out->failed = 1;
    else
        put_bytes(out, text, (size_t)n);
}

void put_escaped(struct markup *out, const char *utf8)
{
    for (const char *c = utf8; *c; c++) {
        switch (*c) {
        case '&': put_raw(out, "&amp;"); break;
        case '<': put_raw(out, "&lt;"); break;
        case '>': put_raw(out, "&gt;"); break;
        case '"': put_raw(out, "&quot;"); break;
        case '\'': put_raw(out, "&#39;"); break;
        default: put_bytes(out, c, 1);
        }
    }
}

void put_length(struct markup *out, double pixels)
{
    double tenths = floor(pixels * 10 + 0.5);
    if (fmod(tenths, 10) == 0)
        put_formatted(out, "%.0f", tenths / 10 + 0.0);
    else
        put_formatted(out, "%.1f", tenths / 10);
}
