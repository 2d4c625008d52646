/* SPDX-License-Identifier: BSD-3-Clause */
#include <gait/simulate.h>
