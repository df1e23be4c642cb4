#include "caches.h"

static int ends(const char *text, size_t length, const char *ending) {
    size_t bytes = text_length(ending);
    return length >= bytes && text_equal(text + length - bytes, ending);
}

static void say(const struct reading *reading, const char *path, const char *what) {
    struct json json;
    document_open(reading->documents, &json, "cache");
    json_text(&json, "path", path, WALK_PATH_ROOM);
    json_text(&json, "what", what, 32);
    document_close(reading->documents, &json);
}

static void visit_folder(void *given, const struct walk_entry *entry) {
    const struct reading *reading = given;
    const char *named = environment_value(reading->environment, "TRITON_CACHE_DIR");
    if (ends(entry->path, entry->path_length, "/.triton/cache") || (named && text_equal(entry->path, named)))
        say(reading, entry->path, "triton cache");
}

/** The names that TensorRT's tools and documents give to engine files. */
static int wants(void *given, const struct walk_entry *entry) {
    size_t length = text_length(entry->name);
    (void)given;
    return ends(entry->name, length, ".engine") || ends(entry->name, length, ".plan");
}

static void visit_file(void *given, const struct walk_file *file) {
    enum { LEAST = 1024, LOOKED_AT = 64 };
    int has_zero = 0;
    /* A text of that name, a test plan say, has no zero byte. */
    for (size_t at = 0; at < file->head_bytes && at < LOOKED_AT; at++) has_zero |= file->head[at] == 0;
    if (has_zero && file->size >= LEAST && !file->entry.mounted) say(given, file->entry.path, "tensorrt engine");
}

static int begin(struct walk_visitor *visitor, const struct reading *reading) {
    /* The visitor only reads it. */
    visitor->given = (void *)(uintptr_t)reading;
    visitor->folder = visit_folder;
    visitor->wants = wants;
    visitor->file = visit_file;
    return 0;
}

const struct reader CACHES_READER = {.begin = begin};
