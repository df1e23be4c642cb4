#include "elf_dynamic.h"

#include "sys.h"
#include "text.h"

enum { HEADER_BYTES = 64, SEGMENT_BYTES = 56, MOST_SEGMENTS = 256, MOST_LOADED = 64 };
enum { SEGMENT_LOAD = 1, SEGMENT_DYNAMIC = 2 };
enum { ENTRY_BYTES = 16, MOST_DYNAMIC_BYTES = 256 * 1024, WINDOW_BYTES = 4096 };

enum tag {
    TAG_END = 0,
    TAG_NEEDED = 1,
    TAG_STRINGS = 5,
    TAG_STRINGS_BYTES = 10,
    TAG_SONAME = 14,
    TAG_RPATH = 15,
    TAG_RUNPATH = 29,
    TAG_FLAGS_1 = 0x6ffffffb
};
enum { FLAG_NO_DEFAULT_FOLDERS = 0x800 };

static uint64_t little(const unsigned char *at, size_t bytes) {
    uint64_t number = 0;
    while (bytes-- > 0) number = number << 8 | at[bytes];
    return number;
}

enum elf_kind elf_kind_of(const unsigned char *head, size_t bytes) {
    enum { CLASS = 4, ORDER = 5, CLASS_64 = 2, LITTLE = 1 };
    if (bytes < 52 || head[0] != 0x7f || head[1] != 'E' || head[2] != 'L' || head[3] != 'F') return ELF_NONE;
    if (head[CLASS] != CLASS_64 || head[ORDER] != LITTLE) return ELF_OTHER;
    return bytes < HEADER_BYTES ? ELF_NONE : ELF_64;
}

uint16_t elf_type_of(const unsigned char *head) { return (uint16_t)little(head + 16, 2); }

uint16_t elf_machine_of(const unsigned char *head) { return (uint16_t)little(head + 18, 2); }

/** Fills `to` from an offset of the file; 0 unless all of it is there. */
static int read_at(const struct elf_source *source, uint64_t offset, unsigned char *to, size_t bytes) {
    if (bytes > source->size || offset > source->size - bytes) return 0;
    if (bytes <= source->head_bytes && offset <= source->head_bytes - bytes) {
        memcpy(to, source->head + offset, bytes);
        return 1;
    }
    while (bytes > 0) {
        long got = sys_read_at(source->file, to, bytes, offset);
        if (got <= 0) return 0;
        to += got;
        offset += (uint64_t)got;
        bytes -= (size_t)got;
    }
    return 1;
}

struct segment {
    uint64_t address, offset, bytes;
};

struct layout {
    size_t loaded_count;
    struct segment loaded[MOST_LOADED];
    struct segment dynamic;
};

static int read_layout(const struct elf_source *source, const unsigned char *header, struct layout *layout) {
    uint64_t at = little(header + 32, 8);
    size_t bytes = little(header + 54, 2), count = little(header + 56, 2);
    memset(layout, 0, sizeof *layout);
    if (bytes != SEGMENT_BYTES || count > MOST_SEGMENTS) return 0;
    for (size_t number = 0; number < count; number++) {
        unsigned char segment[SEGMENT_BYTES];
        if (at > source->size || !read_at(source, at + number * SEGMENT_BYTES, segment, sizeof segment)) return 0;
        const struct segment found = {
            .address = little(segment + 16, 8), .offset = little(segment + 8, 8), .bytes = little(segment + 32, 8)};
        uint64_t type = little(segment, 4);
        if (type == SEGMENT_LOAD && layout->loaded_count < MOST_LOADED) layout->loaded[layout->loaded_count++] = found;
        if (type == SEGMENT_DYNAMIC) layout->dynamic = found;
    }
    return layout->dynamic.bytes > 0;
}

/** Where in the file the bytes at an address are, and at most how many. */
static int find_address(const struct layout *layout, uint64_t address, uint64_t *offset, uint64_t *bytes) {
    for (size_t at = 0; at < layout->loaded_count; at++) {
        const struct segment *loaded = &layout->loaded[at];
        if (address < loaded->address || address - loaded->address >= loaded->bytes) continue;
        *offset = loaded->offset + (address - loaded->address);
        *bytes = loaded->bytes - (address - loaded->address);
        return *offset >= loaded->offset;
    }
    return 0;
}

/** The numbers of the dynamic section; a name is an offset into its texts, plus one so that 0 is none. */
struct numbers {
    uint64_t strings, strings_bytes, soname, rpath, runpath;
    int needed_count;
    uint64_t needed[ELF_MOST_NEEDED];
};

static void take_entry(struct numbers *numbers, struct elf_dynamic *dynamic, uint64_t tag, uint64_t value) {
    switch (tag) {
    case TAG_NEEDED:
        if (numbers->needed_count < ELF_MOST_NEEDED)
            numbers->needed[numbers->needed_count++] = value + 1;
        else
            dynamic->cut = 1;
        break;
    case TAG_STRINGS: numbers->strings = value; break;
    case TAG_STRINGS_BYTES: numbers->strings_bytes = value; break;
    case TAG_SONAME: numbers->soname = value + 1; break;
    case TAG_RPATH: numbers->rpath = value + 1; break;
    case TAG_RUNPATH: numbers->runpath = value + 1; break;
    case TAG_FLAGS_1: dynamic->no_default_folders = (value & FLAG_NO_DEFAULT_FOLDERS) != 0; break;
    default: break;
    }
}

static int read_numbers(const struct elf_source *source, const struct layout *layout, struct numbers *numbers,
                        struct elf_dynamic *dynamic) {
    uint64_t left = layout->dynamic.bytes, offset = layout->dynamic.offset;
    if (left > MOST_DYNAMIC_BYTES || offset > source->size) return 0;
    while (left >= ENTRY_BYTES) {
        unsigned char block[64 * ENTRY_BYTES];
        size_t bytes = left < sizeof block ? (size_t)left & ~(size_t)(ENTRY_BYTES - 1) : sizeof block;
        if (!read_at(source, offset, block, bytes)) return 0;
        for (size_t at = 0; at < bytes; at += ENTRY_BYTES) {
            uint64_t tag = little(block + at, 8);
            if (tag == TAG_END) return 1;
            take_entry(numbers, dynamic, tag, little(block + at + 8, 8));
        }
        offset += bytes;
        left -= bytes;
    }
    return 1;
}

/** The part of the file that texts were last read from: they lie close together. */
struct window {
    uint64_t offset;
    size_t bytes;
    unsigned char byte[WINDOW_BYTES];
};

/** Keeps the text at an offset of the file, of at most `most` bytes; NULL when it has no end there. */
static const char *keep_text(const struct elf_source *source, struct window *window, uint64_t offset, uint64_t most,
                             struct elf_dynamic *dynamic) {
    for (int again = 0; again < 2; again++) {
        if (offset >= window->offset && offset - window->offset < window->bytes) {
            const char *text = (const char *)window->byte + (offset - window->offset);
            size_t room = window->bytes - (size_t)(offset - window->offset);
            if (room > most) room = (size_t)most;
            size_t length = text_bounded(text, room);
            if (length < room) {
                if (length >= sizeof dynamic->texts - dynamic->texts_used) break;
                char *kept = dynamic->texts + dynamic->texts_used;
                memcpy(kept, text, length + 1);
                dynamic->texts_used += length + 1;
                return kept;
            }
        }
        size_t bytes = sizeof window->byte;
        if (offset >= source->size) break;
        if (bytes > source->size - offset) bytes = (size_t)(source->size - offset);
        window->offset = offset;
        window->bytes = read_at(source, offset, window->byte, bytes) ? bytes : 0;
    }
    dynamic->cut = 1;
    return NULL;
}

int elf_dynamic_read(const struct elf_source *source, struct elf_dynamic *dynamic) {
    unsigned char header[HEADER_BYTES];
    struct layout layout;
    struct numbers numbers;
    struct window window;
    uint64_t strings, most;
    memset(dynamic, 0, offsetof(struct elf_dynamic, texts));
    memset(&numbers, 0, sizeof numbers);
    window.offset = window.bytes = 0;
    if (!read_at(source, 0, header, sizeof header) || elf_kind_of(header, sizeof header) != ELF_64) return -1;
    dynamic->machine = elf_machine_of(header);
    dynamic->type = elf_type_of(header);
    if (dynamic->type != ELF_PROGRAM && dynamic->type != ELF_SHARED) return -1;
    if (!read_layout(source, header, &layout) || !read_numbers(source, &layout, &numbers, dynamic)) return -1;
    if (!find_address(&layout, numbers.strings, &strings, &most)) return -1;
    if (numbers.strings_bytes < most) most = numbers.strings_bytes;
    const uint64_t offsets[3] = {numbers.soname, numbers.rpath, numbers.runpath};
    const char **const places[3] = {&dynamic->soname, &dynamic->rpath, &dynamic->runpath};
    for (int at = 0; at < 3; at++)
        if (offsets[at] && offsets[at] - 1 < most)
            *places[at] = keep_text(source, &window, strings + (offsets[at] - 1), most - (offsets[at] - 1), dynamic);
    for (int at = 0; at < numbers.needed_count; at++) {
        uint64_t offset = numbers.needed[at] - 1;
        const char *name = offset < most ? keep_text(source, &window, strings + offset, most - offset, dynamic) : NULL;
        if (name && *name) dynamic->needed[dynamic->needed_count++] = name;
    }
    return 0;
}
