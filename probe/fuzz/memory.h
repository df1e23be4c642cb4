#ifndef PROBE_FUZZ_MEMORY_H
#define PROBE_FUZZ_MEMORY_H

#include <stddef.h>

/** The file that sys_read_at reads from now on. */
void memory_set(const unsigned char *bytes, size_t count);

#endif
