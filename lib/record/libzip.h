/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_LIBZIP_H
#define RECORD_LIBZIP_H

#include <zip.h>

#include "base/library.h"

/* clang-format off */
#define ZIP_SYMBOLS(SYMBOL, zip_) \
    SYMBOL(zip_, discard) SYMBOL(zip_, error_fini) SYMBOL(zip_, error_init) SYMBOL(zip_, error_init_with_code) \
    SYMBOL(zip_, error_strerror) SYMBOL(zip_, fclose) SYMBOL(zip_, fopen_index) SYMBOL(zip_, fread) \
    SYMBOL(zip_, get_name) SYMBOL(zip_, get_num_entries) SYMBOL(zip_, open) SYMBOL(zip_, open_from_source) \
    SYMBOL(zip_, source_buffer_create) SYMBOL(zip_, source_free) SYMBOL(zip_, stat_index) SYMBOL(zip_, strerror)
/* clang-format on */
LIBRARY_DECLARE(libzip, zip_, ZIP_SYMBOLS);

#endif
