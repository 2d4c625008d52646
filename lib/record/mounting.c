/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/mounting.h"

#include <string.h>

#include "base/fail.h"
#include "base/text.h"

static const struct {
    const char *name;
    int row, sign;
} directions[] = {
    {"forward", 0, 1}, {"back", 0, -1}, {"up", 1, 1},
    {"down", 1, -1},   {"right", 2, 1}, {"left", 2, -1},
};

enum { N_DIRECTIONS = sizeof directions / sizeof *directions };

gait_status mounting_add(struct mounting *mounting, char axis, const char *direction,
                         const char *where, gait_error *err)
{
    int k = axis >= 'X' && axis <= 'Z' ? axis - 'X' : axis - 'x';
    if (k < 0 || k > 2)
        return gait_fail(err, GAIT_INVALID, "%s: axis '%c'; expected x, y or z", where, axis);
    size_t d = 0;
    while (d < N_DIRECTIONS && !text_equal(directions[d].name, direction)) d++;
    if (d == N_DIRECTIONS)
        return gait_fail(err, GAIT_INVALID,
                         "%s: direction \"%.20s\"; known: up, down, left, right, forward, back",
                         where, direction);
    int row = directions[d].row;
    if (mounting->known & 1 << row)
        return gait_fail(err, GAIT_INVALID, "%s: two axes along \"%s\"; expected three different",
                         where, directions[d].name);
    for (int r = 0; r < 3; r++)
        if (mounting->axes[r][k])
            return gait_fail(err, GAIT_INVALID, "%s: axis %c is given twice", where, axis);
    mounting->axes[row][k] = directions[d].sign;
    mounting->known |= 1 << row;
    return GAIT_OK;
}

gait_status mounting_from_text(struct mounting *mounting, const char *text, gait_error *err)
{
    memset(mounting, 0, sizeof *mounting);
    for (const char *at = text; *at;) {
        char word[16] = "";
        size_t n = strcspn(at, ",");
        if (n < 3 || n - 2 >= sizeof word || at[1] != '=')
            return gait_fail(err, GAIT_INVALID,
                             "mounting \"%.40s\": expected as x=up,y=left,z=forward", text);
        memcpy(word, at + 2, n - 2);
        TRY(mounting_add(mounting, at[0], word, "mounting", err));
        at += n + (at[n] == ',');
    }
    return GAIT_OK;
}
