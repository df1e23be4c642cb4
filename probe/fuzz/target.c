/*
 * What is fuzzed: one file through the reader of device code, as the walk hands it over. probe/fuzz/run.sh builds it with libFuzzer;
 * probe/fuzz/replay.c feeds it files and their mutations without.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../code.h"
#include "memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "broken: %s\n", what);
    abort();
}

static void check_targets(const struct target *list, size_t count) {
    check(count <= MOST_TARGETS, "a list is longer than its room");
    for (size_t at = 0; at < count; at++) {
        check(list[at].number > 0 && list[at].number <= 999, "a target that there cannot be");
        check(list[at].suffix == 0 || list[at].suffix == 'a' || list[at].suffix == 'f', "a suffix that there is not");
        check(at == 0 || list[at - 1].number <= list[at].number, "a list that is not sorted");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static const char *const NAMES[] = {"libx.so", "x.cubin", "x.fatbin", "x.ptx"};
    enum { HEAD = 4096 };
    struct device_code code;
    const struct source source = {.file = 3, .size = count};
    memory_set(bytes, count);
    for (size_t at = 0; at < sizeof NAMES / sizeof NAMES[0]; at++) {
        const char *kind = code_read(&code, &source, bytes, count < HEAD ? count : HEAD, NAMES[at]);
        check_targets(code.cubins, code.cubin_count);
        check_targets(code.ptx, code.ptx_count);
        check(code.other_count <= MOST_KINDS, "more kinds than there is room for");
        check(memchr(code.malformed, 0, sizeof code.malformed) != NULL, "a text without an end");
        check(kind || (code.cubin_count == 0 && code.ptx_count == 0), "device code in a file of no kind");
    }
    return 0;
}
