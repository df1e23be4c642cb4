/* /etc/ld.so.cache, where ldconfig keeps what is in the folders of /etc/ld.so.conf. */
#ifndef PROBE_LINKER_CACHE_H
#define PROBE_LINKER_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct linker_cache_entry {
    /** The soname and the file, each terminated within the cache. */
    const char *soname, *path;
    /** ELF_MACHINE_…, or 0 for one that fits any. */
    uint16_t machine;
    /** Only for processors of some abilities: it lies in a folder glibc-hwcaps or an older such folder. */
    int for_abilities;
};

/**
 * Calls `visit` with each entry for a 64-bit x86 or ARM machine, in the order in which the dynamic linker meets them. Reads all
 * three forms: the old one, the one since glibc 2.2, and the two in one file. Returns 0, or -1 when it is none of them or when
 * it says more than its bytes hold; what was sound before is visited.
 */
int linker_cache_visit(const unsigned char *bytes, size_t length,
                       void (*visit)(const struct linker_cache_entry *entry, void *given), void *given);

#endif
