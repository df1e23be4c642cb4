/* Device code of one file, whatever kind of file it is. */
#ifndef PROBE_CODE_H
#define PROBE_CODE_H

#include "fatbin.h"

/**
 * Reads the device code of a file, of which `head` are the first bytes. Returns the kind of file (`elf`, `cubin`, `ptx`,
 * `fatbin`, `archive`), or NULL when it has none and promises none.
 */
const char *code_read(struct device_code *code, const struct source *file, const unsigned char *head, size_t head_bytes,
                      const char *name);

#endif
