/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/fail.h"
#include "report/page.h"

int gait_report_has_pdf(void)
{
    return 0;
}

gait_status page_to_pdf(const struct page *page, char **bytes, size_t *size, gait_error *err)
{
    (void)page;
    (void)bytes;
    (void)size;
    return gait_fail(err, GAIT_UNSUPPORTED,
                     "this gait was built without cairo and cannot write PDF; write .html and "
                     "print it");
}
