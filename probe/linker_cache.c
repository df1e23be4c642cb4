#include "linker_cache.h"

#include "elf_dynamic.h"
#include "text.h"

/* Both are followed by a count of 32 bits. Sources: elf/cache.c and sysdeps/generic/dl-cache.h of glibc. */
static const char OLD_MAGIC[] = "ld.so-1.7.0";
static const char NEW_MAGIC[] = "glibc-ld.so.cache1.1";

enum {
    OLD_HEADER = 16, OLD_ENTRY = 12, OLD_COUNT = 12,
    NEW_HEADER = 48, NEW_ENTRY = 24, NEW_COUNT = 20, NEW_ORDER = 28
};

/* What `flags` says: the kind of library in the low byte, the machine in the next. */
enum { KIND_ELF = 1, KIND_ELF_LIBC6 = 3, FOR_X86_64 = 0x0300, FOR_AARCH64 = 0x0a00 };

static uint32_t number_at(const unsigned char *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static int begins_with(const unsigned char *bytes, size_t length, const char *magic) {
    for (size_t at = 0; magic[at]; at++)
        if (at >= length || bytes[at] != (unsigned char)magic[at]) return 0;
    return 1;
}

struct table {
    const unsigned char *entries;
    size_t count, entry_bytes;
    /** Texts are given as offsets from here. */
    const unsigned char *base;
    size_t base_bytes;
};

static const char *text_at(const struct table *table, uint32_t offset) {
    if (offset >= table->base_bytes) return NULL;
    const char *text = (const char *)table->base + offset;
    size_t room = table->base_bytes - offset;
    return text_bounded(text, room) < room ? text : NULL;
}

/** 0 for an entry of another machine. */
static int take_flags(uint32_t flags, struct linker_cache_entry *entry) {
    entry->machine = 0;
    if (flags == KIND_ELF) return 1;
    if ((flags & 0xff) != KIND_ELF_LIBC6) return 0;
    if ((flags & 0xff00) == FOR_X86_64) entry->machine = ELF_MACHINE_X86_64;
    if ((flags & 0xff00) == FOR_AARCH64) entry->machine = ELF_MACHINE_AARCH64;
    return entry->machine != 0;
}

static int visit_table(const struct table *table, void (*visit)(const struct linker_cache_entry *, void *),
                       void *given) {
    for (size_t number = 0; number < table->count; number++) {
        const unsigned char *at = table->entries + number * table->entry_bytes;
        struct linker_cache_entry entry = {.soname = text_at(table, number_at(at + 4)),
                                           .path = text_at(table, number_at(at + 8))};
        if (!entry.soname || !entry.path) return -1;
        if (!take_flags(number_at(at), &entry)) continue;
        if (table->entry_bytes == NEW_ENTRY) entry.for_abilities = number_at(at + 16) != 0 || number_at(at + 20) != 0;
        visit(&entry, given);
    }
    return 0;
}

static int visit_new(const unsigned char *bytes, size_t length,
                     void (*visit)(const struct linker_cache_entry *, void *), void *given) {
    enum { ORDER_MASK = 3, ORDER_LITTLE = 2, ORDER_UNSAID = 0 };
    if (length < NEW_HEADER) return -1;
    int order = bytes[NEW_ORDER] & ORDER_MASK;
    if (order != ORDER_LITTLE && order != ORDER_UNSAID) return -1;
    struct table table = {.entries = bytes + NEW_HEADER, .count = number_at(bytes + NEW_COUNT),
                          .entry_bytes = NEW_ENTRY, .base = bytes, .base_bytes = length};
    if (table.count > (length - NEW_HEADER) / NEW_ENTRY) return -1;
    return visit_table(&table, visit, given);
}

int linker_cache_visit(const unsigned char *bytes, size_t length,
                       void (*visit)(const struct linker_cache_entry *entry, void *given), void *given) {
    if (begins_with(bytes, length, NEW_MAGIC)) return visit_new(bytes, length, visit, given);
    if (!begins_with(bytes, length, OLD_MAGIC) || length < OLD_HEADER) return -1;
    size_t count = number_at(bytes + OLD_COUNT);
    if (count > (length - OLD_HEADER) / OLD_ENTRY) return -1;
    size_t end = OLD_HEADER + count * OLD_ENTRY, aligned = (end + 7) & ~(size_t)7;
    /* In one file with the new form, the old is for dynamic linkers before 2.2 only. */
    if (aligned < length && begins_with(bytes + aligned, length - aligned, NEW_MAGIC))
        return visit_new(bytes + aligned, length - aligned, visit, given);
    const struct table table = {.entries = bytes + OLD_HEADER, .count = count, .entry_bytes = OLD_ENTRY,
                                .base = bytes + end, .base_bytes = length - end};
    return visit_table(&table, visit, given);
}
