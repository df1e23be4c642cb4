/*
 * Feeds files, and each of them changed in many ways, to the fuzz target: usage: replay ROUNDS FILE...
 * The changes follow from the file and the round alone, so that a failure comes again.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void change(unsigned char *bytes, size_t count, uint64_t *state) {
    static const uint64_t EXTREMES[] = {0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff,
                                        0x7fffffffffffffff, 0xffffffffffffffff, 0xfffffffffffffff8};
    size_t at = next_random(state) % count;
    size_t room = count - at;
    uint64_t value = EXTREMES[next_random(state) % (sizeof EXTREMES / sizeof EXTREMES[0])];
    size_t width = (size_t)1 << next_random(state) % 4;
    if (next_random(state) % 2) {
        bytes[at] ^= (unsigned char)(1 << next_random(state) % 8);
        return;
    }
    at -= at % width;
    memcpy(bytes + at, &value, width < room ? width : room);
}

/** In a block of exactly its size, so that the first byte too far is noticed. */
static void feed(const unsigned char *bytes, size_t count) {
    unsigned char *copy = malloc(count ? count : 1);
    if (!copy) exit(2);
    memcpy(copy, bytes, count);
    LLVMFuzzerTestOneInput(copy, count);
    free(copy);
}

static void feed_file(const char *path, long rounds) {
    enum { LARGEST = 1 << 20 };
    static unsigned char whole[LARGEST], changed[LARGEST];
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    size_t count = fread(whole, 1, sizeof whole, file);
    fclose(file);
    uint64_t state = 0x9e3779b97f4a7c15u + count;
    feed(whole, count);
    for (long round = 0; round < rounds && count > 0; round++) {
        memcpy(changed, whole, count);
        for (uint64_t changes = 1 + next_random(&state) % 4; changes > 0; changes--) change(changed, count, &state);
        feed(changed, next_random(&state) % 8 ? count : next_random(&state) % count);
    }
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: replay ROUNDS FILE...\n");
        return 2;
    }
    long rounds = strtol(argv[1], NULL, 10);
    for (int at = 2; at < argc; at++) feed_file(argv[at], rounds);
    printf("%d files, %ld changes of each\n", argc - 2, rounds);
    return 0;
}
