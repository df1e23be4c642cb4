#include "arena.h"

#include "sys.h"
#include "text.h"

int arena_open(struct arena *arena, size_t room) {
    *arena = (struct arena){.memory = sys_memory(room), .room = room};
    return arena->memory ? 0 : -1;
}

void arena_clear(struct arena *arena) {
    memset(arena->memory, 0, arena->used);
    arena->used = 0;
    arena->full = 0;
}

void *arena_take(struct arena *arena, size_t bytes) {
    size_t rounded = (bytes + 7) & ~(size_t)7;
    if (rounded < bytes || rounded > arena->room - arena->used) {
        arena->full = 1;
        return NULL;
    }
    void *piece = arena->memory + arena->used;
    arena->used += rounded;
    return piece;
}

const char *arena_text(struct arena *arena, const char *text) {
    size_t length = text_length(text);
    char *copy = arena_take(arena, length + 1);
    if (copy) memcpy(copy, text, length);
    return copy;
}

uint32_t text_hash(const char *text) {
    uint32_t hash = 2166136261u;
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}
