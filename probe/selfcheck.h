/* The probe as the entry point of somebody's own image: says on standard error what stands in CUDA's way, then runs the program. */
#ifndef PROBE_SELFCHECK_H
#define PROBE_SELFCHECK_H

/**
 * `arguments` are those after `--self-check`. Returns only where the program is not run: 1 when something failed and it was to
 * stop then, 2 for wrong use, 126 or 127 when the program cannot be started or is not there.
 */
int self_check(int count, char **arguments, char **environment);

#endif
