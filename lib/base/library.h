/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H

#include <stddef.h>

#include <gait/error.h>

/* Libraries that most runs do not need: loading HDF5 with all that it needs itself takes longer
 * than a short run. Whoever needs one calls NAME_load(), and then what stands in the table NAME.
 * Its pointers have the types of the library's own header, and its variables come like its
 * functions. Built with LINK_LIBRARIES, as a static program has to be, the tables are filled by the
 * linker.
 *
 * A list names the symbols behind their common prefix: #define LIST(SYMBOL, prefix)
 * SYMBOL(prefix, open) SYMBOL(prefix, close). */
#define LIBRARY_DECLARE(table, prefix, LIST) \
    extern struct table { \
        LIST(LIBRARY_POINTER, prefix) \
    } table; \
    gait_status table##_load(gait_error *err)

#ifdef LINK_LIBRARIES
#define LIBRARY_DEFINE(table, prefix, LIST, file) \
    gait_status table##_load(gait_error *err) \
    { \
        (void)err; \
        return GAIT_OK; \
    } \
    struct table table = {LIST(LIBRARY_ADDRESS, prefix)}
#else
#define LIBRARY_DEFINE(table, prefix, LIST, file) \
    gait_status table##_load(gait_error *err) \
    { \
        static const char *const symbols[] = {LIST(LIBRARY_NAME, prefix)}; \
        static struct library library = {file, symbols, sizeof symbols / sizeof *symbols, 0}; \
        return library_load(&library, &table, err); \
    } \
    struct table table
#endif

struct library {
    const char *file; /* as the loader finds it */
    const char *const *symbols;
    size_t n;
    int is_loaded;
};

/* Fills a table of library->n pointers, once, from any thread; a library that has been loaded
 * stays. GAIT_UNSUPPORTED if it is not there or lacks a symbol. */
gait_status library_load(struct library *library, void *table, gait_error *err);

#define LIBRARY_POINTER(prefix, name) __typeof__(&prefix##name) name;
#define LIBRARY_ADDRESS(prefix, name) &prefix##name,
#define LIBRARY_NAME(prefix, name)    LIBRARY_TEXT(prefix##name),
/* In two steps: a symbol that is a macro stands for another. */
#define LIBRARY_TEXT(symbol)       LIBRARY_TEXT_AS_IS(symbol)
#define LIBRARY_TEXT_AS_IS(symbol) #symbol

#endif
