#include "libraries.h"

#include "files.h"
#include "image_objects.h"
#include "library_version.h"
#include "linker.h"
#include "missing.h"

enum { ARENA_ROOM = 96 * 1024 * 1024, MOST_ASKED = 12, ASK_MS = 1500 };

struct libraries {
    const struct reading *reading;
    struct image_objects objects;
    /** The folder is a root of an image, and this its dynamic linker; else NULL. */
    struct linker *linker;
    int asked;
};

static struct libraries the_libraries;

static const char *const KIND_LIBRARY = "library";

static const char *kind_of(const struct cuda_file *file) {
    if (file->size == 0) return "empty";
    if (text_find(file->path, "/stubs/")) return "stub";
    if (file->family != CUDA_DRIVER) return KIND_LIBRARY;
    int is_compat = text_find(file->path, "/compat/") || text_find(file->path, "/compat_orin/") ||
                    text_find(file->path, "/cuda-compat/");
    return is_compat ? "compat" : "driver";
}

/** What follows the package's name in `nvidia_cudnn_cu12-9.8.0.87.dist-info`: the version's begin, or NULL for another package. */
static const char *version_in_note(const char *note, const char *package) {
    if (text_starts(note, "nvidia_") || text_starts(note, "nvidia-")) note += text_length("nvidia_");
    if (!text_starts(note, package)) return NULL;
    note += text_length(package);
    if (text_starts(note, "_cu")) {
        for (note += 3; *note >= '0' && *note <= '9'; note++) continue;
    }
    if (text_starts(note, "_libs")) note += text_length("_libs");
    return *note == '-' && note[1] >= '0' && note[1] <= '9' ? note + 1 : NULL;
}

/** The version of the wheel that brought the file; none when two wheels of different versions could have. */
static void take_package_version(const struct image_objects *objects, struct cuda_file *file) {
    char package[CUDA_NAME_ROOM], found[VERSION_ROOM];
    cuda_package_of(file->name, package, sizeof package);
    for (const struct package_note *note = objects->packages; note; note = note->next) {
        const char *version = text_starts(file->path, note->site) ? version_in_note(note->name, package) : NULL;
        if (!version || !text_copy(found, sizeof found, version)) continue;
        found[text_length(found) - text_length(".dist-info")] = 0;
        if (file->version_from == VERSION_PACKAGE && !text_equal(found, file->version)) {
            file->version[0] = 0;
            file->version_from = VERSION_UNKNOWN;
            return;
        }
        text_copy(file->version, sizeof file->version, found);
        file->version_from = VERSION_PACKAGE;
    }
}

static int is_own_machine(uint16_t machine) {
#if defined(__x86_64__)
    return machine == ELF_MACHINE_X86_64;
#else
    return machine == ELF_MACHINE_AARCH64;
#endif
}

/** libnvidia-container shows an image's compat libraries a second time in the ordinary library folder. */
static int is_shown_again(const struct libraries *libraries, const struct cuda_file *file) {
    char source[PATH_ROOM];
    return libraries->reading->mounts == WALK_IMAGE_ONLY && file->family == CUDA_DRIVER &&
           mounted_how(file->path, source, sizeof source) == MOUNTED_FROM_IMAGE;
}

/** Only in the image's own container: on a host, nothing of what is scanned is loaded. */
static void ask_version(struct libraries *libraries, struct cuda_file *file) {
    if (libraries->reading->mounts != WALK_IMAGE_ONLY || !is_own_machine(file->machine)) return;
    if (kind_of(file) != KIND_LIBRARY || file->mounted || !library_version_is_told(file->name)) return;
    /* The time for reading is for asking, too; what comes after it is for saying what was found. */
    int64_t left_ms = (libraries->reading->walk->deadline_us - sys_clock_us()) / 1000;
    if (libraries->asked >= MOST_ASKED || left_ms <= 0) return;
    libraries->asked++;
    long limit_ms = left_ms < ASK_MS ? (long)left_ms : ASK_MS;
    if (library_version_ask(file->path, file->name, limit_ms, file->version, sizeof file->version))
        file->version_from = VERSION_FUNCTION;
}

static const char *via_text(enum linker_via via) {
    switch (via) {
    case LINKER_LIBRARY_PATH: return "LD_LIBRARY_PATH";
    case LINKER_RPATH:
    case LINKER_RUNPATH: return "runpath";
    case LINKER_CACHE: return "cache";
    case LINKER_DEFAULT: return "default";
    case LINKER_NONE: break;
    }
    return NULL;
}

/** The soname that programs ask for, of an empty file the one that it would have. */
static int soname_of(const struct cuda_file *file, char *to, size_t room) {
    if (file->soname) return text_copy(to, room, file->soname);
    if (file->size > 0) return 0;
    return text_copy(to, room, "lib") && text_append(to, room, file->name) && text_append(to, room, ".so.1");
}

/** Whether a program without a DT_RUNPATH gets this file, else whether one that needs it finds it by its own; and how. */
static const char *say_loaded(struct json *json, const struct libraries *libraries, const struct cuda_file *file) {
    char soname[128];
    if (!libraries->linker || !soname_of(file, soname, sizeof soname)) return NULL;
    struct linker_request request = {
        .soname = soname, .machine = file->machine ? file->machine : (uint16_t)ELF_MACHINE_X86_64};
    if (!file->machine && libraries->objects.objects) request.machine = libraries->objects.objects->machine;
    struct linker_found found = linker_search(libraries->linker, &request);
    int loaded = found.path && text_equal(found.path, file->path);
    json_boolean(json, "loaded", loaded);
    if (loaded) return via_text(found.via);
    for (const struct object *object = libraries->objects.objects; object; object = object->next) {
        if (object->machine != file->machine || (!object->rpath && !object->runpath)) continue;
        for (int at = 0; at < object->cuda_count; at++) {
            if (!text_equal(object->cuda[at], soname)) continue;
            request.rpath = object->rpath;
            request.runpath = object->runpath;
            request.origin = object->folder;
            found = linker_search(libraries->linker, &request);
            if (found.path && text_equal(found.path, file->path)) return via_text(found.via);
        }
    }
    return NULL;
}

static void say_path(struct json *json, const char *name, const char *root, const char *path) {
    char outside[2 * PATH_ROOM];
    if (root_outside(root, path, outside, sizeof outside)) json_text(json, name, outside, sizeof outside);
}

static void say_library(struct libraries *libraries, const struct cuda_file *file) {
    static const char *const FROM[] = {
        [VERSION_FILE_NAME] = "file name", [VERSION_PACKAGE] = "package", [VERSION_FUNCTION] = "function"};
    struct json json;
    document_open(libraries->reading->documents, &json, "library");
    json_text(&json, "name", file->name, sizeof file->name);
    if (file->soname) json_text(&json, "soname", file->soname, LINE_ROOM);
    say_path(&json, "path", libraries->objects.root.folder, file->path);
    if (file->version_from != VERSION_UNKNOWN) {
        json_text(&json, "version", file->version, sizeof file->version);
        json_text(&json, "versionFrom", FROM[file->version_from], 16);
    }
    json_text(&json, "kind", kind_of(file), 16);
    const char *via = say_loaded(&json, libraries, file);
    if (via) json_text(&json, "via", via, 24);
    if (file->mounted) json_boolean(&json, "mounted", 1);
    if (file->family == CUDA_DRIVER) json_number(&json, "bytes", (int64_t)file->size);
    document_close(libraries->reading->documents, &json);
}

static void say_missing(const struct missing *missing, void *given) {
    struct libraries *libraries = given;
    struct json json;
    document_open(libraries->reading->documents, &json, "missing");
    json_text(&json, "soname", missing->soname, LINE_ROOM);
    say_path(&json, "neededBy", libraries->objects.root.folder, missing->needed_by);
    if (missing->elsewhere) say_path(&json, "elsewhere", libraries->objects.root.folder, missing->elsewhere);
    document_close(libraries->reading->documents, &json);
}

static void say_all_missing(struct libraries *libraries, const char *preload) {
    const struct reading *reading = libraries->reading;
    libraries->objects.deadline_us = reading->deadline_us;
    if (missing_visit(&libraries->objects, libraries->linker, preload, say_missing, libraries)) return;
    walk_leave_out(reading->walk, libraries->objects.root.top, "the time ran out while missing libraries were looked for");
}

/** Says what the walk of one root showed. */
static void finish(struct libraries *libraries) {
    struct image_objects *objects = &libraries->objects;
    const struct image_root *root = &objects->root;
    if (!root->began) return;
    /* The environment is the image's only where the image's root is the own one. */
    char **environment = root->folder[0] ? NULL : libraries->reading->environment;
    const char *path = environment ? environment_value(environment, "LD_LIBRARY_PATH") : NULL;
    const char *preload = environment ? environment_value(environment, "LD_PRELOAD") : NULL;
    libraries->linker = root->is_image ? linker_open(&objects->arena, root->folder, path) : NULL;
    for (struct cuda_file *file = objects->files; file; file = file->next) {
        if (is_shown_again(libraries, file)) file->mounted = 1;
        if (file->version_from == VERSION_UNKNOWN) take_package_version(objects, file);
        if (file->version_from == VERSION_UNKNOWN) ask_version(libraries, file);
        say_library(libraries, file);
    }
    /* What was not seen may be what is needed. */
    if (libraries->linker && !objects->arena.full && !libraries->reading->walk->incomplete)
        say_all_missing(libraries, preload);
}

static void start_root(struct libraries *libraries, const char *path) {
    finish(libraries);
    struct arena arena = libraries->objects.arena;
    arena_clear(&arena);
    memset(&libraries->objects, 0, sizeof libraries->objects);
    libraries->objects.arena = arena;
    image_root_enter(&libraries->objects.root, path);
}

static void visit_folder(void *given, const struct walk_entry *entry) {
    struct libraries *libraries = given;
    struct image_objects *objects = &libraries->objects;
    if (image_root_is_new(&objects->root, entry->path)) start_root(libraries, entry->path);
    object_folder(objects, entry);
}

static int wants(void *given, const struct walk_entry *entry) {
    const struct libraries *libraries = given;
    return libraries->objects.root.began && object_is_wanted(&libraries->objects, entry);
}

static void visit_file(void *given, const struct walk_file *file) {
    struct libraries *libraries = given;
    object_file(&libraries->objects, file);
}

static int begin(struct walk_visitor *visitor, const struct reading *reading) {
    the_libraries.reading = reading;
    if (arena_open(&the_libraries.objects.arena, ARENA_ROOM) < 0) return -1;
    visitor->given = &the_libraries;
    visitor->folder = visit_folder;
    visitor->wants = wants;
    visitor->file = visit_file;
    return 0;
}

static void end(struct walk_visitor *visitor, const struct reading *reading) {
    (void)reading;
    finish(visitor->given);
}

const struct reader LIBRARIES_READER = {.begin = begin, .end = end};
