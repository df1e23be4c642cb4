/*
 * What is fuzzed: the dynamic section of an ELF file, ld.so.cache, names of files, and the metadata of Python packages. The first byte of
 * the input chooses which; the rest is the file or the text. run-metadata.sh builds it with libFuzzer; with WITH_MAIN it is a program
 * that takes files.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cuda_names.h"
#include "../elf_dynamic.h"
#include "../linker_cache.h"
#include "../python_metadata.h"
#include "../sys.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* The file that is read: a block of exactly its size. */
static const uint8_t *input;
static size_t input_bytes;

long sys_read_at(int file, void *into, size_t bytes, uint64_t offset) {
    (void)file;
    if (offset >= input_bytes) return 0;
    if (bytes > input_bytes - offset) bytes = input_bytes - (size_t)offset;
    memcpy(into, input + offset, bytes);
    return (long)bytes;
}

static void check(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "broken: %s\n", what);
    abort();
}

static void check_text(const struct elf_dynamic *dynamic, const char *text) {
    if (!text) return;
    size_t at = (size_t)(text - dynamic->texts);
    check(at < sizeof dynamic->texts, "a text outside its room");
    check(memchr(text, 0, sizeof dynamic->texts - at) != NULL, "a text without an end");
}

static void fuzz_dynamic(const uint8_t *bytes, size_t count) {
    enum { HEAD = 4096 };
    static struct elf_dynamic dynamic;
    const struct elf_source source = {
        .file = 3, .size = count, .head = bytes, .head_bytes = count < HEAD ? count : HEAD};
    input = bytes;
    input_bytes = count;
    if (elf_dynamic_read(&source, &dynamic) < 0) return;
    check(dynamic.needed_count >= 0 && dynamic.needed_count <= ELF_MOST_NEEDED, "more names than there is room for");
    check_text(&dynamic, dynamic.soname);
    check_text(&dynamic, dynamic.rpath);
    check_text(&dynamic, dynamic.runpath);
    for (int at = 0; at < dynamic.needed_count; at++) check_text(&dynamic, dynamic.needed[at]);
}

struct bounds {
    const uint8_t *begin, *end;
    size_t entries;
};

static void visit(const struct linker_cache_entry *entry, void *given) {
    struct bounds *bounds = given;
    const uint8_t *soname = (const uint8_t *)entry->soname, *path = (const uint8_t *)entry->path;
    check(soname >= bounds->begin && soname + strlen(entry->soname) < bounds->end, "a soname outside the cache");
    check(path >= bounds->begin && path + strlen(entry->path) < bounds->end, "a path outside the cache");
    check(++bounds->entries <= (size_t)(bounds->end - bounds->begin), "more entries than bytes");
}

static void fuzz_cache(const uint8_t *bytes, size_t count) {
    struct bounds bounds = {.begin = bytes, .end = bytes + count, .entries = 0};
    linker_cache_visit(bytes, count, visit, &bounds);
}

static void fuzz_texts(const char *text) {
    char one[24], two[24];
    struct cuda_name name;
    struct python_known known;
    if (cuda_name_of(text, &name) != CUDA_NEITHER) {
        check(name.name[0] != 0 && strlen(name.name) < sizeof name.name, "a library without a name");
        check(name.version >= text && name.version <= text + strlen(text), "a version outside the name");
        cuda_package_of(name.name, one, sizeof one);
    }
    if (python_split(text, one, sizeof one, two, sizeof two)) check(one[0] != 0, "a package without a name");
    if (python_know(text, &known)) check(strlen(known.name) > 0 && strlen(known.cuda) < sizeof known.cuda, "no name");
    if (python_metadata_version(text, one, sizeof one)) check(one[0] != 0, "an empty version");
    if (python_assigned(text, "cuda", one, sizeof one) == PYTHON_TEXT) check(one[0] != 0, "an empty value");
    if (python_member(text, "cuda_version", one, sizeof one) == PYTHON_TEXT) check(one[0] != 0, "an empty member");
    if (python_local_cuda(text, one, sizeof one)) check(strlen(one) < sizeof one, "a text without an end");
    if (python_version_in_name(text, one, sizeof one)) check(one[0] == '3' && one[1] == '.', "another Python");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    if (count == 0) return 0;
    switch (bytes[0] % 3) {
    case 0:
    case 1: {
        /* In a block of its own, so that reading before its begin is noticed, and aligned as memory from a file is. */
        uint8_t *copy = malloc(count > 1 ? count - 1 : 1);
        if (!copy) exit(2);
        memcpy(copy, bytes + 1, count - 1);
        if (bytes[0] % 3 == 0)
            fuzz_dynamic(copy, count - 1);
        else
            fuzz_cache(copy, count - 1);
        free(copy);
        break;
    }
    default: {
        char *text = malloc(count);
        if (!text) exit(2);
        memcpy(text, bytes + 1, count - 1);
        text[count - 1] = 0;
        fuzz_texts(text);
        free(text);
    }
    }
    return 0;
}

#ifdef WITH_MAIN
int main(int argc, char **argv) {
    static uint8_t bytes[1 << 20];
    for (int at = 1; at < argc; at++) {
        FILE *file = fopen(argv[at], "rb");
        if (!file) {
            perror(argv[at]);
            return 2;
        }
        size_t count = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        LLVMFuzzerTestOneInput(bytes, count);
    }
    printf("%d files\n", argc - 1);
    return 0;
}
#endif
