/* A file, or a part of one, whose bytes nobody vouches for: read by offset, never as a whole, never outside. */
#ifndef PROBE_SOURCE_H
#define PROBE_SOURCE_H

#include "sys.h"

struct source {
    int file;
    /** The part's place in the file, and its bytes. */
    uint64_t begin, size;
};

/** Whether `bytes` at `at` lie within the source; sums cannot overflow. */
int source_has(const struct source *source, uint64_t at, uint64_t bytes);

/** Reads exactly `bytes`; 0 when they are not all there. */
int source_read(const struct source *source, uint64_t at, void *into, size_t bytes);

/** Reads as many as there are, up to `bytes`; returns how many. */
size_t source_read_some(const struct source *source, uint64_t at, void *into, size_t bytes);

/** A part of it; what lies outside is cut off. */
struct source source_part(const struct source *source, uint64_t at, uint64_t bytes);

/* Little-endian numbers at any place. */
uint16_t take_u16(const void *at);
uint32_t take_u32(const void *at);
uint64_t take_u64(const void *at);

#endif
