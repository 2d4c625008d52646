/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

/* Manual pages and shell completion, printed from the command and option tables. */

/* The mdoc page of one command, or of the program if NULL. */
int print_manual(const char *command);

/* For "bash", "zsh" or "fish". */
int print_completion(const char *shell);

#endif
