/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_LIBCAIRO_H
#define REPORT_LIBCAIRO_H

#include <cairo-pdf.h>

#include "base/library.h"

/* clang-format off */
#define CAIRO_SYMBOLS(SYMBOL, cairo_) \
    SYMBOL(cairo_, arc) SYMBOL(cairo_, close_path) SYMBOL(cairo_, create) SYMBOL(cairo_, destroy) SYMBOL(cairo_, fill) \
    SYMBOL(cairo_, identity_matrix) SYMBOL(cairo_, line_to) SYMBOL(cairo_, move_to) SYMBOL(cairo_, new_path) \
    SYMBOL(cairo_, pdf_surface_create_for_stream) SYMBOL(cairo_, pdf_surface_set_metadata) SYMBOL(cairo_, scale) \
    SYMBOL(cairo_, select_font_face) SYMBOL(cairo_, set_dash) SYMBOL(cairo_, set_font_size) \
    SYMBOL(cairo_, set_line_cap) SYMBOL(cairo_, set_line_width) SYMBOL(cairo_, set_source_rgb) \
    SYMBOL(cairo_, set_source_rgba) SYMBOL(cairo_, show_page) SYMBOL(cairo_, show_text) SYMBOL(cairo_, status) \
    SYMBOL(cairo_, status_to_string) SYMBOL(cairo_, stroke) SYMBOL(cairo_, surface_destroy) \
    SYMBOL(cairo_, surface_finish) SYMBOL(cairo_, surface_status) SYMBOL(cairo_, text_extents) SYMBOL(cairo_, translate)
/* clang-format on */
LIBRARY_DECLARE(libcairo, cairo_, CAIRO_SYMBOLS);

#endif
