/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/fail.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

const char *gait_version(void)
{
    return GAIT_VERSION_STRING;
}

const char *gait_status_name(gait_status status)
{
    switch (status) {
    case GAIT_OK: return "ok";
    case GAIT_NOMEM: return "out of memory";
    case GAIT_INVALID: return "invalid argument";
    case GAIT_NOT_FOUND: return "not found";
    case GAIT_IO: return "input or output failed";
    case GAIT_CANNOT_CREATE: return "cannot create output";
    case GAIT_FORMAT: return "bad data";
    case GAIT_UNSUPPORTED: return "not supported";
    case GAIT_TOO_SHORT: return "too little data";
    case GAIT_INTERRUPTED: return "interrupted";
    }
    return "unknown status";
}

/* Bytes from files may stand in a sentence: a newline or an escape must not reach a terminal. */
static void keep_on_one_line(char *text)
{
    for (; *text; text++)
        if (*text == '\t')
            *text = ' ';
        else if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

gait_status gait_fail(gait_error *err, gait_status status, const char *format, ...)
{
    if (!err) return status;
    err->status = status;
    va_list args;
    va_start(args, format);
    int length = text_vprint(err->text, sizeof err->text, format, args);
    va_end(args);
    if (length >= (int)sizeof err->text) memcpy(err->text + sizeof err->text - 4, "...", 4);
    keep_on_one_line(err->text);
    return status;
}
