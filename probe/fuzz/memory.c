/*
 * The system calls of the file readers over bytes in memory, so that a sanitizer sees every access: the input is a block of
 * exactly its size.
 */
#include "memory.h"

#include <string.h>

#include "../sys.h"

static const unsigned char *input;
static size_t input_bytes;

void memory_set(const unsigned char *bytes, size_t count) {
    input = bytes;
    input_bytes = count;
}

long sys_read_at(int file, void *into, size_t bytes, uint64_t offset) {
    (void)file;
    if (offset >= input_bytes) return 0;
    if (bytes > input_bytes - offset) bytes = input_bytes - (size_t)offset;
    memcpy(into, input + offset, bytes);
    return (long)bytes;
}
