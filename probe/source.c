#include "source.h"

int source_has(const struct source *source, uint64_t at, uint64_t bytes) {
    return at <= source->size && bytes <= source->size - at;
}

size_t source_read_some(const struct source *source, uint64_t at, void *into, size_t bytes) {
    size_t done = 0;
    if (at >= source->size) return 0;
    if (bytes > source->size - at) bytes = (size_t)(source->size - at);
    while (done < bytes) {
        long got = sys_read_at(source->file, (char *)into + done, bytes - done, source->begin + at + done);
        if (got <= 0) break;
        done += (size_t)got;
    }
    return done;
}

int source_read(const struct source *source, uint64_t at, void *into, size_t bytes) {
    return source_has(source, at, bytes) && source_read_some(source, at, into, bytes) == bytes;
}

struct source source_part(const struct source *source, uint64_t at, uint64_t bytes) {
    if (at > source->size) at = source->size;
    if (bytes > source->size - at) bytes = source->size - at;
    return (struct source){.file = source->file, .begin = source->begin + at, .size = bytes};
}

uint16_t take_u16(const void *at) {
    const unsigned char *byte = at;
    return (uint16_t)(byte[0] | byte[1] << 8);
}

uint32_t take_u32(const void *at) {
    const unsigned char *byte = at;
    return (uint32_t)take_u16(byte) | (uint32_t)take_u16(byte + 2) << 16;
}

uint64_t take_u64(const void *at) {
    const unsigned char *byte = at;
    return (uint64_t)take_u32(byte) | (uint64_t)take_u32(byte + 4) << 32;
}
