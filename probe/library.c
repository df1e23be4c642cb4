#include "library.h"

#include "files.h"

/** The path that the dynamic linker's message names for this library, when it names one. */
static int path_in_message(const char *message, const char *name, char *to, size_t room) {
    const char *found = text_find(message, name);
    for (; found; found = text_find(found + 1, name)) {
        const char *begin = found;
        while (begin > message && begin[-1] != ' ' && begin[-1] != '(' && begin[-1] != '\'') begin--;
        if (*begin != '/') continue;
        size_t length = 0;
        for (const char *at = begin; *at && *at != ':' && *at != ' ' && *at != ')' && length + 1 < room; at++)
            to[length++] = *at;
        to[length] = 0;
        return 1;
    }
    return 0;
}

static int is_in_folder(const char *path, const char *folder) {
    return text_find(path, folder) != NULL;
}

struct compat_search {
    const char *folder;
    int found;
};

/** The container toolkit's hook that prefers an image's compat libraries names their folder in such a file. */
static void visit_linker_config(const char *name, void *given) {
    struct compat_search *search = given;
    if (!text_find(name, "compat")) return;
    char path[PATH_ROOM] = "/etc/ld.so.conf.d/";
    struct lines lines;
    if (!text_append(path, sizeof path, name) || lines_open(&lines, path) < 0) return;
    while (lines_next(&lines))
        if (text_equal(lines.line, search->folder)) search->found = 1;
    lines_close(&lines);
}

/** NVIDIA's packages for servers and for Jetson Orin, and Conda's. */
static int is_below_compat(const char *path) {
    return is_in_folder(path, "/compat/") || is_in_folder(path, "/compat_orin/") || is_in_folder(path, "/cuda-compat/");
}

static int is_compat(const char *path) {
    if (is_below_compat(path)) return 1;
    char folder[PATH_ROOM];
    text_copy(folder, sizeof folder, path);
    size_t length = text_length(folder);
    while (length > 0 && folder[length - 1] != '/') length--;
    folder[length > 1 ? length - 1 : length] = 0;
    struct compat_search search = {.folder = folder, .found = 0};
    folder_visit("/etc/ld.so.conf.d", visit_linker_config, &search);
    return search.found;
}

int library_has_version(const struct library *library, const char *version, size_t room) {
    size_t length = text_bounded(version, room);
    size_t path = text_bounded(library->path, sizeof library->path);
    if (length == 0 || length == room || path <= length + 4) return 0;
    if (!text_starts(library->path + path - length - 4, ".so.")) return 0;
    for (size_t at = 0; at < length; at++)
        if (library->path[path - length + at] != version[at]) return 0;
    return 1;
}

/** Whether the kernel module says that it is of the version that the file's name carries. */
static int matches_kernel_module(const struct library *library) {
    struct lines lines;
    int matches = 0;
    if (lines_open(&lines, "/proc/driver/nvidia/version") < 0) return 0;
    const char *last = library->path;
    for (const char *at = text_find(last, ".so."); at; at = text_find(at + 1, ".so.")) last = at + 4;
    while (lines_next(&lines)) {
        const char *at = text_find(lines.line, last);
        if (at && text_length(last) > 3 && text_find(lines.line, "NVRM version")) {
            char before = at > lines.line ? at[-1] : ' ', after = at[text_length(last)];
            matches |= before == ' ' && (after == ' ' || after == 0);
        }
    }
    lines_close(&lines);
    return matches;
}

static const char *origin_of(const struct library *library) {
    char source[PATH_ROOM];
    long bytes = sys_file_size(library->path);
    if (bytes == 0) return "empty";
    if (is_in_folder(library->path, "/stubs/")) return "stub";
    if (is_compat(library->path)) return "compat";
    switch (mounted_how(library->path, source, sizeof source)) {
    case MOUNTED_FROM_OUTSIDE:
        return "host";
    case MOUNTED_FROM_IMAGE:
        /* libnvidia-container mounts an image's compat libraries over the ordinary library folder. */
        return is_below_compat(source) ? "compat" : "image";
    case MOUNTED_WITH_ROOT:
    case MOUNTS_UNREADABLE:
        break;
    }
    return matches_kernel_module(library) ? "host" : "image";
}

static void note_file(struct library *library, const char *path) {
    if (real_path(path, library->path, sizeof library->path) < 0)
        text_copy(library->path, sizeof library->path, path);
    text_copy(library->origin, sizeof library->origin, origin_of(library));
}

static void note_failure(struct library *library, const char *name) {
    const char *message = dlerror();
    char path[PATH_ROOM];
    text_copy(library->error, sizeof library->error, message ? message : "no message");
    if (path_in_message(library->error, name, path, sizeof path) && sys_file_size(path) >= 0)
        note_file(library, path);
    else if (text_starts(library->error, name))
        /* A message that begins with another name is about what the library needs, so that the library itself is there. */
        text_copy(library->origin, sizeof library->origin, "absent");
}

void *library_load(struct library *library, const char *name, const char *symbol) {
    text_copy(library->origin, sizeof library->origin, "");
    void *handle = dlopen(name, DL_NOW);
    if (!handle) {
        note_failure(library, name);
        return NULL;
    }
    struct dl_address found;
    void *address = dlsym(handle, symbol);
    if (!address || !dladdr(address, &found) || !found.file) {
        text_copy(library->error, sizeof library->error, "no symbol ");
        text_append(library->error, sizeof library->error, symbol);
        text_append(library->error, sizeof library->error, " in ");
        text_append(library->error, sizeof library->error, name);
        text_copy(library->origin, sizeof library->origin, "image");
        return NULL;
    }
    note_file(library, found.file);
    return handle;
}
