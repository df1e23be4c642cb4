#include "code.h"

#include "elf.h"
#include "text.h"

enum {
    /** Bytes looked through for containers in a file that has lost its section table. */
    MOST_SEARCHED = 256 * 1024 * 1024
};

struct sections {
    struct device_code *code;
    const struct elf *elf;
    /** Whether there are sections with containers. */
    int found;
};

static int is_container_section(const char *name) {
    /* What is linked for the device beforehand, and what is still to be. */
    return text_equal(name, ".nv_fatbin") || text_equal(name, "__nv_relfatbin");
}

static int visit_section(const struct elf_section *section, const char *name, void *given) {
    struct sections *sections = given;
    if (!is_container_section(name)) return 0;
    sections->found = 1;
    /* Debug files keep the name and have left the bytes out. */
    if (section->type == ELF_SECTION_NOBITS || section->bytes == 0) return 0;
    if (!source_has(&sections->elf->source, section->at, section->bytes))
        device_code_complain(sections->code, "a section of device code that ends after the file", section->at);
    struct source source = source_part(&sections->elf->source, section->at, section->bytes);
    fatbin_read(sections->code, &source);
    return 0;
}

/** Without a section table, containers are where the program has its data. */
static void search_segments(struct device_code *code, const struct elf *elf) {
    uint64_t left = MOST_SEARCHED;
    for (uint32_t at = 0; at < elf->segment_count && left > 0; at++) {
        struct elf_segment segment;
        if (!elf_segment(elf, at, &segment)) return;
        if (segment.type != ELF_SEGMENT_LOAD) continue;
        /* Containers are aligned in the file as they are in memory. */
        uint64_t begin = segment.at & ~(uint64_t)7;
        struct source source = source_part(&elf->source, begin, segment.bytes);
        fatbin_search(code, &source, left);
        left -= source.size < left ? source.size : left;
    }
}

struct cubin_note {
    const struct elf *elf;
    struct target *target;
};

/**
 * The compiler's note on itself, which has its command line: `-arch sm_90a`. Code for sm_90a that happens to use nothing of
 * its own has no flag in the header that says so.
 */
static int visit_cubin_section(const struct elf_section *section, const char *name, void *given) {
    enum { NOTE_ROOM = 4096 };
    struct cubin_note *note = given;
    char text[NOTE_ROOM + 1];
    if (!text_equal(name, ".note.nv.tkinfo") || section->type == ELF_SECTION_NOBITS) return 0;
    struct source source = source_part(&note->elf->source, section->at, section->bytes);
    size_t bytes = source_read_some(&source, 0, text, NOTE_ROOM);
    for (size_t at = 0; at < bytes; at++)
        if (text[at] == 0) text[at] = ' ';
    text[bytes] = 0;
    const char *found = text_find(text, "-arch sm_");
    if (!found) return 1;
    uint32_t number = 0;
    for (found += 9; *found >= '0' && *found <= '9' && number < 1000; found++)
        number = number * 10 + (uint32_t)(*found - '0');
    if (number == note->target->number && (*found == 'a' || *found == 'f')) note->target->suffix = *found;
    return 1;
}

static void read_cubin(struct device_code *code, const struct elf *elf) {
    struct target target;
    if (!cubin_target(&target, elf->flags, elf->os_abi, elf->abi_version)) {
        device_code_complain(code, "a header that names no target", elf->source.begin);
        return;
    }
    struct cubin_note note = {.elf = elf, .target = &target};
    elf_sections_visit(elf, visit_cubin_section, &note);
    device_code_add_cubin(code, &target);
}

/** Returns the kind, or NULL when it is no ELF file with device code. */
static const char *read_elf(struct device_code *code, const struct source *source) {
    struct elf elf;
    struct sections sections = {.code = code, .elf = &elf};
    if (!elf_open(&elf, source)) return NULL;
    if (elf.machine == ELF_MACHINE_CUDA) {
        read_cubin(code, &elf);
        return "cubin";
    }
    elf_sections_visit(&elf, visit_section, &sections);
    if (elf.section_count == 0) search_segments(code, &elf);
    return code->containers > 0 || code->malformed[0] ? "elf" : NULL;
}

/** The object files in a static library. */
static const char *read_archive(struct device_code *code, const struct source *source) {
    enum { MAGIC_BYTES = 8, HEADER_BYTES = 60, SIZE_AT = 48, SIZE_DIGITS = 10, MOST_MEMBERS = 200000 };
    uint64_t at = MAGIC_BYTES;
    int found = 0;
    for (int members = 0; members < MOST_MEMBERS && at < source->size; members++) {
        char header[HEADER_BYTES];
        uint64_t bytes = 0;
        int is_header = source_read(source, at, header, sizeof header) && header[58] == '`' && header[59] == '\n';
        for (int digit = 0; is_header && digit < SIZE_DIGITS && header[SIZE_AT + digit] != ' '; digit++) {
            is_header = header[SIZE_AT + digit] >= '0' && header[SIZE_AT + digit] <= '9';
            bytes = bytes * 10 + (uint64_t)(header[SIZE_AT + digit] - '0');
        }
        if (!is_header || !source_has(source, at + HEADER_BYTES, bytes)) {
            if (found) device_code_complain(code, "a member of the archive that cannot be read", at);
            break;
        }
        struct source member = source_part(source, at + HEADER_BYTES, bytes);
        found |= read_elf(code, &member) != NULL;
        at += HEADER_BYTES + bytes + (bytes & 1);
    }
    return found ? "archive" : NULL;
}

static int begins(const unsigned char *head, size_t bytes, const char *text) {
    size_t length = text_length(text);
    for (size_t at = 0; at < length; at++)
        if (at >= bytes || head[at] != (unsigned char)text[at]) return 0;
    return 1;
}

static int ends(const char *name, const char *ending) {
    size_t length = text_length(name), bytes = text_length(ending);
    return length > bytes && text_equal(name + length - bytes, ending);
}

/** Text that could be PTX: a comment, a directive or space at its beginning. */
static int may_be_ptx(const unsigned char *head, size_t bytes, const char *name) {
    if (bytes == 0) return 0;
    return ends(name, ".ptx") || head[0] == '.' || head[0] == '/' || head[0] == '\n' || head[0] == ' ' || head[0] == '\r';
}

static const char *read_ptx(struct device_code *code, const unsigned char *head, size_t bytes, const char *name) {
    struct target target;
    if (!ptx_target(&target, (const char *)head, bytes)) {
        if (!ends(name, ".ptx")) return NULL;
        device_code_complain(code, "no .version and .target in its first 4096 bytes", 0);
        return "ptx";
    }
    device_code_add_ptx(code, &target);
    return "ptx";
}

const char *code_read(struct device_code *code, const struct source *file, const unsigned char *head, size_t head_bytes,
                      const char *name) {
    memset(code, 0, sizeof *code);
    if (elf_is(head, head_bytes)) return read_elf(code, file);
    if (fatbin_is(head, head_bytes)) {
        fatbin_read(code, file);
        return "fatbin";
    }
    if (begins(head, head_bytes, "!<arch>\n")) return read_archive(code, file);
    if (may_be_ptx(head, head_bytes, name)) return read_ptx(code, head, head_bytes, name);
    if (head_bytes > 0 && (ends(name, ".cubin") || ends(name, ".fatbin"))) {
        device_code_complain(code, "not of the kind that its name says", 0);
        return ends(name, ".cubin") ? "cubin" : "fatbin";
    }
    return NULL;
}
