/*
 * The format has no public description. What is read here was seen in containers of CUDA 12.2 to 13.1 (entries with
 * headers of 64 to 112 bytes, both compressions) and compared with what the compiler was asked for.
 */
#include "fatbin.h"

#include "lz4.h"
#include "text.h"

enum {
    KIND_PTX = 1,
    KIND_CUBIN = 2,
    /** Of an entry: up to and with the flags. */
    ENTRY_LEAST = 48,
    ENTRY_MOST = 64 * 1024,
    FLAG_LZ4 = 0x2000,
    FLAG_ZSTD = 0x8000,
    FLAG_ARCHITECTURE_SPECIFIC = 0x100000,
    FLAG_FAMILY_SPECIFIC = 0x200000,
    MOST_CONTAINERS = 200000,
    MOST_ENTRIES = 1000000,
    /** The first architecture with targets of its own (sm_90a). */
    FIRST_WITH_SUFFIX = 90,
    LARGEST_TARGET = 999
};

void device_code_complain(struct device_code *code, const char *why, uint64_t at) {
    if (code->malformed[0]) return;
    text_copy(code->malformed, sizeof code->malformed, why);
    text_append(code->malformed, sizeof code->malformed, " at byte ");
    text_append_number(code->malformed, sizeof code->malformed, (int64_t)at);
}

static int compare(const struct target *one, const struct target *other) {
    if (one->number != other->number) return one->number < other->number ? -1 : 1;
    if (one->suffix != other->suffix) return one->suffix < other->suffix ? -1 : 1;
    if (one->major != other->major) return one->major < other->major ? -1 : 1;
    if (one->minor != other->minor) return one->minor < other->minor ? -1 : 1;
    return 0;
}

static void add(struct device_code *code, struct target *list, size_t *count, const struct target *target) {
    size_t at = *count;
    for (size_t other = 0; other < *count; other++)
        if (compare(&list[other], target) == 0) return;
    if (*count >= MOST_TARGETS) {
        device_code_complain(code, "more targets than are counted", 0);
        return;
    }
    for (; at > 0 && compare(&list[at - 1], target) > 0; at--) list[at] = list[at - 1];
    list[at] = *target;
    ++*count;
}

void device_code_add_cubin(struct device_code *code, const struct target *target) {
    add(code, code->cubins, &code->cubin_count, target);
}

void device_code_add_ptx(struct device_code *code, const struct target *target) {
    add(code, code->ptx, &code->ptx_count, target);
}

int cubin_target(struct target *target, uint32_t flags, uint8_t os_abi, uint8_t abi_version) {
    enum { OS_ABI_SINCE_13 = 0x41, ABI_SINCE_13 = 8, SPECIFIC_SINCE_13 = 0x8, SPECIFIC_BEFORE = 0x800 };
    int is_new = os_abi == OS_ABI_SINCE_13 || abi_version >= ABI_SINCE_13;
    *target = (struct target){.number = is_new ? flags >> 8 & 0xff : flags & 0xff};
    if (flags & (is_new ? SPECIFIC_SINCE_13 : SPECIFIC_BEFORE)) target->suffix = 'a';
    return target->number != 0;
}

static int is_space(char byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }

/** The text after a directive, or NULL. `text` ends in a zero byte. */
static const char *after_directive(const char *text, const char *name) {
    const char *at = text;
    while ((at = text_find(at, name))) {
        int begins = at == text || is_space(at[-1]);
        at += text_length(name);
        if (!begins || !is_space(*at)) continue;
        while (is_space(*at)) at++;
        return at;
    }
    return NULL;
}

static uint32_t number_at(const char **at, uint32_t most) {
    uint32_t number = 0;
    for (; **at >= '0' && **at <= '9' && number <= most; ++*at) number = number * 10 + (uint32_t)(**at - '0');
    return number > most ? 0 : number;
}

int ptx_target(struct target *target, const char *text, size_t bytes) {
    enum { LONGEST = 4096 };
    char copy[LONGEST + 1];
    size_t length = bytes < LONGEST ? bytes : LONGEST;
    memcpy(copy, text, length);
    copy[length] = 0;
    const char *version = after_directive(copy, ".version"), *name = after_directive(copy, ".target");
    *target = (struct target){0};
    if (!version || !name) return 0;
    target->major = (uint16_t)number_at(&version, 99);
    if (*version == '.') version++;
    target->minor = (uint16_t)number_at(&version, 99);
    name = text_starts(name, "sm_") ? name + 3 : text_starts(name, "compute_") ? name + 8 : "";
    target->number = number_at(&name, LARGEST_TARGET);
    if (*name == 'a' || *name == 'f') target->suffix = *name;
    return target->number != 0 && target->major != 0;
}

struct entry {
    uint16_t kind;
    uint32_t header_bytes;
    uint64_t at, payload_bytes, flags;
    uint32_t stored_bytes;
    struct target target;
};

/**
 * Containers made before their flags told an architecture-specific target name it in the code alone, which is in the first bytes: the
 * flags of a cubin's header, the .target of PTX. What is compressed with zstd is from compilers that set the flags.
 */
static void take_suffix_from_payload(const struct source *source, struct entry *entry) {
    enum { STORED = 1024, SHOWN = 1024 };
    unsigned char stored[STORED], shown[SHOWN];
    struct target found = {0};
    size_t bytes, most = sizeof stored;
    if (entry->target.number < FIRST_WITH_SUFFIX || entry->flags & FLAG_ZSTD) return;
    if (entry->payload_bytes < most) most = (size_t)entry->payload_bytes;
    bytes = source_read_some(source, entry->at + entry->header_bytes, stored, most);
    if (entry->flags & FLAG_LZ4) {
        if (entry->stored_bytes < bytes) bytes = entry->stored_bytes;
        bytes = lz4_beginning(stored, bytes, shown, sizeof shown);
    } else {
        memcpy(shown, stored, bytes);
    }
    int is_found = entry->kind == KIND_PTX ? ptx_target(&found, (const char *)shown, bytes)
                   : bytes >= 64 && take_u32(shown) == 0x464c457f && shown[4] == 2
                       ? cubin_target(&found, take_u32(shown + 48), shown[7], shown[8])
                       : 0;
    if (is_found && found.number == entry->target.number) entry->target.suffix = found.suffix;
}

static void note_kind(struct device_code *code, uint16_t kind) {
    for (size_t at = 0; at < code->other_count; at++)
        if (code->other_kinds[at] == kind) return;
    if (code->other_count < MOST_KINDS) code->other_kinds[code->other_count++] = kind;
}

static void take_entry(struct device_code *code, const struct source *source, struct entry *entry,
                       const unsigned char *header) {
    struct target *target = &entry->target;
    code->entries++;
    if (entry->flags & (FLAG_LZ4 | FLAG_ZSTD)) code->compressed++;
    if (entry->kind != KIND_PTX && entry->kind != KIND_CUBIN) {
        note_kind(code, entry->kind);
        return;
    }
    *target = (struct target){.number = take_u32(header + 28)};
    if (target->number == 0 || target->number > LARGEST_TARGET) {
        device_code_complain(code, "an entry for no known target", source->begin + entry->at);
        return;
    }
    if (entry->flags & FLAG_ARCHITECTURE_SPECIFIC)
        target->suffix = 'a';
    else if (entry->flags & FLAG_FAMILY_SPECIFIC)
        target->suffix = 'f';
    else
        take_suffix_from_payload(source, entry);
    if (entry->kind == KIND_CUBIN) {
        device_code_add_cubin(code, target);
        return;
    }
    target->minor = take_u16(header + 24);
    target->major = take_u16(header + 26);
    device_code_add_ptx(code, target);
}

/** The entries from `at` to `end`. Every step goes forward by the header's bytes at least. */
static void read_entries(struct device_code *code, const struct source *source, uint64_t at, uint64_t end) {
    while (at < end) {
        unsigned char header[ENTRY_LEAST];
        if (end - at < ENTRY_LEAST || !source_read(source, at, header, sizeof header)) {
            device_code_complain(code, "an entry that ends early", source->begin + at);
            return;
        }
        struct entry entry = {.kind = take_u16(header), .header_bytes = take_u32(header + 4), .at = at,
                              .payload_bytes = take_u64(header + 8), .stored_bytes = take_u32(header + 16),
                              .flags = take_u64(header + 40)};
        uint64_t left = end - at;
        if (entry.header_bytes < ENTRY_LEAST || entry.header_bytes > ENTRY_MOST || entry.header_bytes > left ||
            entry.payload_bytes > left - entry.header_bytes) {
            device_code_complain(code, "an entry that is larger than its container", source->begin + at);
            return;
        }
        if (code->entries >= MOST_ENTRIES) {
            device_code_complain(code, "more entries than are counted", source->begin + at);
            return;
        }
        take_entry(code, source, &entry, header);
        at += entry.header_bytes + entry.payload_bytes;
    }
}

int fatbin_is(const unsigned char *head, size_t bytes) {
    enum { VERSION = 1 };
    return bytes >= FATBIN_HEADER_BYTES && take_u32(head) == (uint32_t)FATBIN_MAGIC && take_u16(head + 4) == VERSION &&
           take_u16(head + 6) >= FATBIN_HEADER_BYTES;
}

/** Reads the container at this place; returns where it ends. */
static uint64_t read_container(struct device_code *code, const struct source *source, uint64_t at,
                               const unsigned char *header) {
    uint64_t entries = at + take_u16(header + 6), bytes = take_u64(header + 8);
    code->containers++;
    if (!source_has(source, entries, bytes)) {
        device_code_complain(code, "a container that is larger than what holds it", source->begin + at);
        bytes = entries < source->size ? source->size - entries : 0;
    }
    read_entries(code, source, entries, entries + bytes);
    return entries + bytes;
}

void fatbin_search(struct device_code *code, const struct source *source, uint64_t most) {
    enum { WINDOW = 16 * 1024, STEP = 8 };
    unsigned char window[WINDOW];
    uint64_t at = 0, looked = 0;
    while (at < source->size && looked < most && code->containers < MOST_CONTAINERS) {
        size_t got = source_read_some(source, at, window, sizeof window), place = 0;
        uint64_t next = at + got;
        looked += got;
        /* The next window begins where a header could be cut by the end of this one. */
        for (; place + FATBIN_HEADER_BYTES <= got; place += STEP) {
            if (!fatbin_is(window + place, got - place)) continue;
            next = read_container(code, source, at + place, window + place);
            break;
        }
        if (place + FATBIN_HEADER_BYTES > got) {
            if (got < sizeof window) return;
            next = at + place;
        }
        at = (next + STEP - 1) & ~(uint64_t)(STEP - 1);
        if (next > UINT64_MAX - STEP) return;
    }
}

void fatbin_read(struct device_code *code, const struct source *source) {
    enum { ALIGNED = 8, MOST_PADDING = 1024 * 1024 };
    uint64_t at = 0, padding = 0;
    while (source_has(source, at, FATBIN_HEADER_BYTES) && code->containers < MOST_CONTAINERS) {
        unsigned char header[FATBIN_HEADER_BYTES];
        if (!source_read(source, at, header, sizeof header)) {
            device_code_complain(code, "bytes that cannot be read", source->begin + at);
            return;
        }
        if (fatbin_is(header, sizeof header)) {
            at = read_container(code, source, at, header);
            /* Containers are aligned, counted from the beginning of the file's section. */
            at += (ALIGNED - at % ALIGNED) % ALIGNED;
        } else if (take_u64(header) == 0 && padding < MOST_PADDING) {
            at += ALIGNED;
            padding += ALIGNED;
        } else {
            struct source rest = source_part(source, at, source->size - at);
            device_code_complain(code, "something else than a container", source->begin + at);
            fatbin_search(code, &rest, rest.size);
            return;
        }
    }
}
