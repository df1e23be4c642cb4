#include "reading.h"

#include "caches.h"
#include "code_reader.h"
#include "libraries.h"
#include "python.h"

static const struct reader *const READERS[] = {
    &CODE_READER,
    &CACHES_READER,
    &LIBRARIES_READER,
    &PYTHON_READER,
};
enum { READERS_COUNT = sizeof READERS / sizeof READERS[0] };

/** What the parent knows of a child that reads. */
struct files_result {
    char call[CALL_ROOM];
    /** The file or folder that is being read. */
    char path[WALK_PATH_ROOM];
};

static void say_skipped(struct json *json, const struct walk_notes *notes) {
    if (!json_array(json, "skipped")) return;
    for (int at = 0; at < notes->count && at < WALK_MOST_NOTES; at++) {
        if (!json_object(json, NULL)) break;
        json_text(json, "path", notes->note[at].path, sizeof notes->note[at].path);
        json_text(json, "why", notes->note[at].why, sizeof notes->note[at].why);
        json_object_end(json);
    }
    json_array_end(json);
}

static void say_unreadable(struct json *json, const struct walk_notes *notes) {
    if (notes->count == 0 || !json_array(json, "unreadable")) return;
    for (int at = 0; at < notes->count && at < WALK_MOST_NOTES; at++)
        json_text(json, NULL, notes->note[at].path, sizeof notes->note[at].path);
    json_array_end(json);
}

static void say_files(struct documents *documents, const struct walk *walk, int64_t began_us) {
    struct json json;
    document_open(documents, &json, "files");
    json_number(&json, "files", (int64_t)walk->files);
    json_number(&json, "folders", (int64_t)walk->folders);
    json_number(&json, "opened", (int64_t)walk->opened);
    json_boolean(&json, "complete", !walk->incomplete && walk->unreadable.count == 0);
    say_skipped(&json, &walk->skipped);
    say_unreadable(&json, &walk->unreadable);
    json_thousandths(&json, "ms", sys_clock_us() - began_us);
    document_close(documents, &json);
}

static void say_refused(const char *root, long error) {
    char room[24], text[WALK_PATH_ROOM + 64] = "cuda-image-probe: ";
    text_append(text, sizeof text, root);
    text_append(text, sizeof text, ": ");
    text_append(text, sizeof text, sys_error_name(error, room));
    text_append(text, sizeof text, "\n");
    write_all(2, text, text_length(text));
}

static int read_roots(const struct reading *given, const char *const *roots, size_t count, int64_t deadline_us,
                      char *current) {
    struct walk_visitor visitors[READERS_COUNT];
    const struct reader *readers[READERS_COUNT];
    struct walk walk;
    struct reading with_walk = *given;
    const struct reading *reading = &with_walk;
    with_walk.walk = &walk;
    int64_t began_us = sys_clock_us();
    int refused = 0;
    memset(&walk, 0, sizeof walk);
    walk.visitors = visitors;
    walk.mounts = reading->mounts;
    walk.deadline_us = deadline_us;
    walk.current = current;
    for (size_t at = 0; at < READERS_COUNT; at++) {
        memset(&visitors[walk.visitor_count], 0, sizeof visitors[0]);
        readers[walk.visitor_count] = READERS[at];
        if (READERS[at]->begin(&visitors[walk.visitor_count], reading) == 0) walk.visitor_count++;
    }
    if (walk_begin(&walk) < 0) {
        write_all(2, "cuda-image-probe: no memory\n", 28);
        return (int)count;
    }
    for (size_t at = 0; at < count; at++) {
        long answer = walk_root(&walk, roots[at]);
        if (answer >= 0) continue;
        say_refused(roots[at], answer);
        refused++;
    }
    for (size_t at = 0; at < walk.visitor_count; at++)
        if (readers[at]->end) readers[at]->end(&visitors[at], reading);
    say_files(reading->documents, &walk, began_us);
    return refused;
}

int reading_run(const struct reading *reading, const char *const *roots, size_t count, int64_t deadline_us) {
    return read_roots(reading, roots, count, deadline_us, NULL);
}

static void files_run(void *given, const struct request *request) {
    static const char *const ROOTS[] = {"/"};
    static struct documents documents;
    struct files_result *result = given;
    documents.file = request->lines;
    documents.nonce = request->nonce;
    int64_t began_us = sys_clock_us();
    const struct reading reading = {.documents = &documents, .environment = request->environment, .mounts = WALK_IMAGE_ONLY,
                                    .deadline_us = began_us + (int64_t)request->timeout_ms * 900};
    /* A part of the time is kept for saying what was found. */
    int64_t deadline_us = began_us + (int64_t)request->timeout_ms * 800;
    read_roots(&reading, ROOTS, 1, deadline_us, result->path);
}

void files_report_ending(struct json *json, const struct ending *ending, const void *result) {
    const struct files_result *files = result;
    report_ending(json, ending, result);
    if (files && files->path[0]) json_text(json, "path", files->path, sizeof files->path);
    json_boolean(json, "complete", 0);
}

const struct step FILES_STEP = {
    .name = "files", .result_bytes = sizeof(struct files_result), .run = files_run, .says_lines = 1};
