/* ELF files of 32 and 64 bits, little-endian: headers, sections and segments, each number checked against the file. */
#ifndef PROBE_ELF_H
#define PROBE_ELF_H

#include "source.h"

enum {
    ELF_MACHINE_X86_64 = 62,
    ELF_MACHINE_AARCH64 = 183,
    ELF_MACHINE_CUDA = 190,
    ELF_TYPE_RELOCATABLE = 1,
    ELF_TYPE_PROGRAM = 2,
    ELF_TYPE_SHARED = 3,
    ELF_SEGMENT_LOAD = 1,
    ELF_SEGMENT_DYNAMIC = 2,
    ELF_SECTION_NOBITS = 8,
    ELF_NAME_ROOM = 32
};

struct elf {
    struct source source;
    int is_64;
    uint8_t os_abi, abi_version;
    uint16_t type, machine;
    uint32_t flags;
    uint64_t sections_at, segments_at;
    /** 0 where the table is not wholly in the file. */
    uint32_t section_count, segment_count;
    uint16_t section_bytes, segment_bytes;
    /** The section with the names of sections. */
    uint32_t names;
};

struct elf_section {
    uint32_t name, type, link;
    uint64_t flags, address, at, bytes, entry_bytes;
};

struct elf_segment {
    uint32_t type, flags;
    uint64_t at, address, bytes, memory;
};

/** Whether the first bytes are those of a little-endian ELF file. */
int elf_is(const unsigned char *head, size_t bytes);

/** Takes the header; 0 when it is none. */
int elf_open(struct elf *elf, const struct source *source);

int elf_section(const struct elf *elf, uint32_t index, struct elf_section *section);
int elf_segment(const struct elf *elf, uint32_t index, struct elf_segment *segment);

/**
 * Calls `visit` for each section with its name (cut at ELF_NAME_ROOM - 1 bytes) until it returns non-zero. Reads the tables in
 * pieces, not section by section.
 */
void elf_sections_visit(const struct elf *elf, int (*visit)(const struct elf_section *, const char *name, void *given),
                        void *given);

#endif
