/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/filter.h"
