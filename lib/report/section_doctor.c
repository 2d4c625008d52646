/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/page.h"

/* The same on every page, whatever was measured. */

void tell_doctor(struct page *page, const struct view *view)
{
    static const enum word signs[] = {W_DOCTOR_1, W_DOCTOR_2,  W_DOCTOR_3, W_DOCTOR_4,
                                      W_DOCTOR_5, W_DOCTOR_6,  W_DOCTOR_7, W_DOCTOR_8,
                                      W_DOCTOR_9, W_DOCTOR_10, W_DOCTOR_11};
    enum { N_SIGNS = sizeof signs / sizeof *signs };
    struct pen *pen = page->pen;
    const char *items[N_SIGNS];
    (void)view;
    for (size_t i = 0; i < N_SIGNS; i++) items[i] = pen_word(pen, signs[i]);
    struct section *section = page_section(page, "doctor", pen_word(pen, W_DOCTOR));
    section->is_small = 1;
    add_items(page, section, "", items, N_SIGNS);
    add_text(page, section, TONE_MUTED,
             pen_print(pen, "%s: %s %s", pen_word(pen, W_NOT_THIS), pen_word(pen, W_NOT_THIS_TEXT),
                       page->created));
}
