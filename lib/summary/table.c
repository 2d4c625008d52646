/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/table.h"
