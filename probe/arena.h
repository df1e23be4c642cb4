/* Memory for what one reader keeps: handed out piece by piece, and given back with the process. */
#ifndef PROBE_ARENA_H
#define PROBE_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena {
    char *memory;
    size_t used, room;
    /** Something was asked for that did not fit. */
    int full;
};

/** Reserves `room` bytes that take memory only where they are used; 0, or -1 when there are none. */
int arena_open(struct arena *arena, size_t room);

/** Forgets all that was handed out. */
void arena_clear(struct arena *arena);

/** Zeroed memory for any type, or NULL when there is no more. */
void *arena_take(struct arena *arena, size_t bytes);

/** A copy of the text, or NULL when there is no more memory. */
const char *arena_text(struct arena *arena, const char *text);

/** 32 bits that stand for a text. */
uint32_t text_hash(const char *text);

#endif
