#include "elf.h"

enum {
    HEADER_32 = 52,
    HEADER_64 = 64,
    SECTION_32 = 40,
    SECTION_64 = 64,
    SEGMENT_32 = 32,
    SEGMENT_64 = 56,
    /** More than any linker makes; a table of this many is read in a few milliseconds. */
    MOST_SECTIONS = 100000
};

int elf_is(const unsigned char *head, size_t bytes) {
    enum { LITTLE_ENDIAN_DATA = 1 };
    return bytes >= HEADER_32 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F' &&
           (head[4] == 1 || head[4] == 2) && head[5] == LITTLE_ENDIAN_DATA;
}

static int fits(const struct elf *elf, uint64_t at, uint64_t count, uint64_t bytes) {
    return at != 0 && source_has(&elf->source, at, count * bytes);
}

static void take_section(const struct elf *elf, const unsigned char *from, struct elf_section *section) {
    section->name = take_u32(from);
    section->type = take_u32(from + 4);
    if (elf->is_64) {
        section->flags = take_u64(from + 8);
        section->address = take_u64(from + 16);
        section->at = take_u64(from + 24);
        section->bytes = take_u64(from + 32);
        section->link = take_u32(from + 40);
        section->entry_bytes = take_u64(from + 56);
    } else {
        section->flags = take_u32(from + 8);
        section->address = take_u32(from + 12);
        section->at = take_u32(from + 16);
        section->bytes = take_u32(from + 20);
        section->link = take_u32(from + 24);
        section->entry_bytes = take_u32(from + 36);
    }
}

int elf_section(const struct elf *elf, uint32_t index, struct elf_section *section) {
    unsigned char room[SECTION_64];
    size_t bytes = elf->is_64 ? SECTION_64 : SECTION_32;
    if (index >= elf->section_count) return 0;
    if (!source_read(&elf->source, elf->sections_at + (uint64_t)index * elf->section_bytes, room, bytes)) return 0;
    take_section(elf, room, section);
    return 1;
}

int elf_segment(const struct elf *elf, uint32_t index, struct elf_segment *segment) {
    unsigned char room[SEGMENT_64];
    size_t bytes = elf->is_64 ? SEGMENT_64 : SEGMENT_32;
    if (index >= elf->segment_count) return 0;
    if (!source_read(&elf->source, elf->segments_at + (uint64_t)index * elf->segment_bytes, room, bytes)) return 0;
    segment->type = take_u32(room);
    if (elf->is_64) {
        segment->flags = take_u32(room + 4);
        segment->at = take_u64(room + 8);
        segment->address = take_u64(room + 16);
        segment->bytes = take_u64(room + 32);
        segment->memory = take_u64(room + 40);
    } else {
        segment->at = take_u32(room + 4);
        segment->address = take_u32(room + 8);
        segment->bytes = take_u32(room + 16);
        segment->memory = take_u32(room + 20);
        segment->flags = take_u32(room + 24);
    }
    return 1;
}

/** Counts that do not fit into the header's 16 bits are in the first section. */
static void take_large_counts(struct elf *elf) {
    enum { NAMES_ELSEWHERE = 0xffff };
    struct elf_section first;
    if (elf->section_count != 0 && elf->names != NAMES_ELSEWHERE) return;
    uint32_t count = elf->section_count;
    elf->section_count = elf->sections_at != 0;
    int found = elf_section(elf, 0, &first);
    elf->section_count = count;
    if (!found) return;
    if (count == 0) elf->section_count = first.bytes > MOST_SECTIONS ? 0 : (uint32_t)first.bytes;
    if (elf->names == NAMES_ELSEWHERE) elf->names = first.link;
}

int elf_open(struct elf *elf, const struct source *source) {
    unsigned char head[HEADER_64] = {0};
    size_t got = source_read_some(source, 0, head, sizeof head);
    if (!elf_is(head, got) || (head[4] == 2 && got < HEADER_64)) return 0;
    *elf = (struct elf){.source = *source, .is_64 = head[4] == 2, .os_abi = head[7], .abi_version = head[8]};
    elf->type = take_u16(head + 16);
    elf->machine = take_u16(head + 18);
    const unsigned char *sizes = elf->is_64 ? head + 52 : head + 40;
    elf->segments_at = elf->is_64 ? take_u64(head + 32) : take_u32(head + 28);
    elf->sections_at = elf->is_64 ? take_u64(head + 40) : take_u32(head + 32);
    elf->flags = take_u32(elf->is_64 ? head + 48 : head + 36);
    elf->segment_bytes = take_u16(sizes + 2);
    elf->segment_count = take_u16(sizes + 4);
    elf->section_bytes = take_u16(sizes + 6);
    elf->section_count = take_u16(sizes + 8);
    elf->names = take_u16(sizes + 10);
    if (elf->section_bytes < (elf->is_64 ? SECTION_64 : SECTION_32)) elf->sections_at = 0;
    take_large_counts(elf);
    if (!fits(elf, elf->sections_at, elf->section_count, elf->section_bytes)) elf->section_count = 0;
    if (elf->segment_bytes < (elf->is_64 ? SEGMENT_64 : SEGMENT_32) ||
        !fits(elf, elf->segments_at, elf->segment_count, elf->segment_bytes))
        elf->segment_count = 0;
    return 1;
}

void elf_sections_visit(const struct elf *elf, int (*visit)(const struct elf_section *, const char *name, void *given),
                        void *given) {
    enum { TABLE_ROOM = 8192, NAMES_ROOM = 4096 };
    unsigned char table[TABLE_ROOM];
    char names[NAMES_ROOM];
    struct elf_section section, name_section;
    struct source name_source = {.file = elf->source.file};
    if (elf_section(elf, elf->names, &name_section) && name_section.type != ELF_SECTION_NOBITS)
        name_source = source_part(&elf->source, name_section.at, name_section.bytes);
    size_t names_got = source_read_some(&name_source, 0, names, sizeof names);
    uint32_t at_once = TABLE_ROOM / (elf->section_bytes ? elf->section_bytes : 1);
    for (uint32_t from = 0; at_once > 0 && from < elf->section_count; from += at_once) {
        uint32_t count = elf->section_count - from < at_once ? elf->section_count - from : at_once;
        size_t bytes = (size_t)count * elf->section_bytes;
        if (!source_read(&elf->source, elf->sections_at + (uint64_t)from * elf->section_bytes, table, bytes)) return;
        for (uint32_t at = 0; at < count; at++) {
            char name[ELF_NAME_ROOM] = "";
            take_section(elf, table + (size_t)at * elf->section_bytes, &section);
            if (section.name < names_got && names_got - section.name >= sizeof name)
                memcpy(name, names + section.name, sizeof name);
            else
                source_read_some(&name_source, section.name, name, sizeof name);
            name[sizeof name - 1] = 0;
            if (visit(&section, name, given)) return;
        }
    }
}
