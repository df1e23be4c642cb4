#include "code_reader.h"

#include "code.h"

static void put_target(char *to, size_t room, const char *prefix, const struct target *target) {
    const char suffix[2] = {target->suffix, 0};
    text_copy(to, room, prefix);
    text_append_number(to, room, target->number);
    text_append(to, room, suffix);
}

static void say_cubins(struct json *json, const struct device_code *code) {
    char text[24];
    if (!json_array(json, "cubins")) return;
    for (size_t at = 0; at < code->cubin_count; at++) {
        put_target(text, sizeof text, "sm_", &code->cubins[at]);
        json_text(json, NULL, text, sizeof text);
    }
    json_array_end(json);
}

static void say_ptx(struct json *json, const struct device_code *code) {
    char text[24];
    if (!json_array(json, "ptx")) return;
    for (size_t at = 0; at < code->ptx_count; at++) {
        if (!json_object(json, NULL)) break;
        put_target(text, sizeof text, "compute_", &code->ptx[at]);
        json_text(json, "target", text, sizeof text);
        if (code->ptx[at].major) {
            text[0] = 0;
            text_append_number(text, sizeof text, code->ptx[at].major);
            text_append(text, sizeof text, ".");
            text_append_number(text, sizeof text, code->ptx[at].minor);
            json_text(json, "isa", text, sizeof text);
        }
        json_object_end(json);
    }
    json_array_end(json);
}

static void say_counts(struct json *json, const struct device_code *code) {
    if (code->containers == 0) return;
    json_number(json, "containers", (int64_t)code->containers);
    json_number(json, "entries", (int64_t)code->entries);
    json_number(json, "compressed", (int64_t)code->compressed);
    if (code->other_count == 0 || !json_array(json, "otherKinds")) return;
    for (size_t at = 0; at < code->other_count; at++) json_number(json, NULL, code->other_kinds[at]);
    json_array_end(json);
}

static void visit_file(void *given, const struct walk_file *file) {
    const struct reading *reading = given;
    struct device_code code;
    struct json json;
    const struct source source = {.file = file->file, .size = file->size};
    /* The driver's files are none of the image's, and a second name adds nothing. */
    if (file->again || file->entry.mounted) return;
    const char *kind = code_read(&code, &source, file->head, file->head_bytes, file->entry.name);
    if (!kind) return;
    document_open(reading->documents, &json, "code");
    json_text(&json, "path", file->entry.path, WALK_PATH_ROOM);
    json_text(&json, "kind", kind, 16);
    say_cubins(&json, &code);
    say_ptx(&json, &code);
    say_counts(&json, &code);
    if (code.malformed[0]) json_text(&json, "malformed", code.malformed, sizeof code.malformed);
    document_close(reading->documents, &json);
}

static int wants(void *given, const struct walk_entry *entry) {
    (void)given;
    return !walk_name_is_data(entry->name);
}

static int begin(struct walk_visitor *visitor, const struct reading *reading) {
    /* The visitor only reads it. */
    visitor->given = (void *)(uintptr_t)reading;
    visitor->wants = wants;
    visitor->file = visit_file;
    return 0;
}

const struct reader CODE_READER = {.begin = begin};
