/* The beginning of what was compressed as one LZ4 block. */
#ifndef PROBE_LZ4_H
#define PROBE_LZ4_H

#include <stddef.h>

/**
 * Expands as much as fits, from a block of which only the first `bytes` are given. Returns how many bytes came out; those
 * are right also when the block ends early or is damaged further on.
 */
size_t lz4_beginning(const unsigned char *block, size_t bytes, unsigned char *into, size_t room);

#endif
