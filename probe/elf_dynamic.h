/* What an ELF file tells the dynamic linker: its own name, what it needs, and where to look for it. */
#ifndef PROBE_ELF_DYNAMIC_H
#define PROBE_ELF_DYNAMIC_H

#include <stddef.h>
#include <stdint.h>

enum { ELF_MOST_NEEDED = 128, ELF_TEXTS_ROOM = 16 * 1024 };
enum { ELF_MACHINE_X86_64 = 62, ELF_MACHINE_AARCH64 = 183 };
enum { ELF_PROGRAM = 2, ELF_SHARED = 3 };

/** An open file; all that is read of it is checked against its size. */
struct elf_source {
    int file;
    uint64_t size;
    /** Its first bytes, if they were read before. */
    const unsigned char *head;
    size_t head_bytes;
};

struct elf_dynamic {
    uint16_t machine, type;
    /** NULL where it has none. They point into `texts`. */
    const char *soname, *rpath, *runpath;
    int needed_count;
    const char *needed[ELF_MOST_NEEDED];
    /** DF_1_NODEFLIB: neither the cache nor the default folders are for it. */
    int no_default_folders;
    /** It has more, or longer, names than are kept here. */
    int cut;
    size_t texts_used;
    char texts[ELF_TEXTS_ROOM];
};

enum elf_kind {
    /** Not as long as a header, or no ELF file: the dynamic linker stops at it with an error. */
    ELF_NONE,
    /** Of 32 bits or of the other byte order: no concern of ours, and the dynamic linker passes over it. */
    ELF_OTHER,
    ELF_64
};

/** What kind of file begins with these bytes. */
enum elf_kind elf_kind_of(const unsigned char *head, size_t bytes);

/** Machine and type of a header that is ELF_64. */
uint16_t elf_machine_of(const unsigned char *head);
uint16_t elf_type_of(const unsigned char *head);

/** Reads the dynamic section. Returns 0, or -1 when the file has none, or one that cannot be followed. */
int elf_dynamic_read(const struct elf_source *source, struct elf_dynamic *dynamic);

#endif
