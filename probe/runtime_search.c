#include "runtime_search.h"

#include "files.h"

static const char *const SONAMES[] = {
    "libcudart.so.16",   "libcudart.so.15",   "libcudart.so.14",  "libcudart.so.13",
    "libcudart.so.12",   "libcudart.so.11.0", "libcudart.so.10.2", "libcudart.so.10.1",
    "libcudart.so.10.0", "libcudart.so.9.2",  "libcudart.so.9.1", "libcudart.so.9.0",
    "libcudart.so.8.0"};

static const char *const TOOLKIT_FILES[] = {
    "/usr/local/cuda/lib64/libcudart.so.*", "/usr/local/cuda/targets/*/lib/libcudart.so.*",
    "/usr/local/cuda-*/lib64/libcudart.so.*", "/usr/local/cuda-*/targets/*/lib/libcudart.so.*"};

/* Below the prefix of an environment: Python packages (nvidia/cuda_runtime, nvidia/cu13), then Conda's own folder. */
static const char *const ENVIRONMENT_FILES[] = {
    "/lib/python3*/site-packages/nvidia/*/lib/libcudart.so.*",
    "/lib/python3*/dist-packages/nvidia/*/lib/libcudart.so.*",
    "/lib64/python3*/site-packages/nvidia/*/lib/libcudart.so.*", "/lib/libcudart.so.*",
    "/targets/*/lib/libcudart.so.*"};

static const char *const PREFIXES[] = {"/usr/local", "/usr", "/opt/conda", "/opt/venv", "/venv", "/app/.venv"};

struct search {
    struct refused *refused;
    /** Folders still allowed to be listed: a hostile image must not make this endless. */
    int folders_left;
    char best[PATH_ROOM];
    int best_version[3];
};

struct level {
    struct search *search;
    const char *folder;
    /** The path's part that is matched here, of this length, and what follows it. */
    const char *pattern;
    size_t pattern_length;
    const char *rest;
};

/** One star at most, anywhere in the pattern. */
static int matches(const char *name, const char *pattern, size_t length) {
    size_t before = 0, name_length = text_length(name);
    while (before < length && pattern[before] != '*') before++;
    size_t after = before < length ? length - before - 1 : 0;
    if (before == length ? name_length != length : name_length < before + after) return 0;
    for (size_t at = 0; at < before; at++)
        if (name[at] != pattern[at]) return 0;
    for (size_t at = 0; at < after; at++)
        if (name[name_length - after + at] != pattern[before + 1 + at]) return 0;
    return 1;
}

static void version_of(const char *path, int version[3]) {
    const char *at = text_find(path, "libcudart.so.");
    version[0] = version[1] = version[2] = 0;
    if (!at) return;
    at += text_length("libcudart.so.");
    for (int part = 0; part < 3; part++) {
        for (; *at >= '0' && *at <= '9' && version[part] < 100000; at++)
            version[part] = version[part] * 10 + (*at - '0');
        if (*at != '.') return;
        at++;
    }
}

static void offer(struct search *search, const char *path) {
    int version[3];
    version_of(path, version);
    if (version[0] == 0) return;
    for (int part = 0; search->best[0] && part < 3; part++) {
        if (version[part] < search->best_version[part]) return;
        if (version[part] > search->best_version[part]) break;
        if (part == 2) return;
    }
    text_copy(search->best, sizeof search->best, path);
    for (int part = 0; part < 3; part++) search->best_version[part] = version[part];
}

static void expand(struct search *search, const char *folder, const char *pattern);

static void visit_match(const char *name, void *given) {
    const struct level *level = given;
    if (!matches(name, level->pattern, level->pattern_length)) return;
    char path[PATH_ROOM];
    text_copy(path, sizeof path, level->folder);
    if (!text_append(path, sizeof path, "/") || !text_append(path, sizeof path, name)) return;
    if (*level->rest)
        expand(level->search, path, level->rest);
    else
        offer(level->search, path);
}

/** Offers every file below `folder` that `pattern` (which begins with a slash) matches. */
static void expand(struct search *search, const char *folder, const char *pattern) {
    char place[PATH_ROOM];
    text_copy(place, sizeof place, folder);
    for (;;) {
        const char *part = ++pattern;
        int star = 0;
        while (*pattern && *pattern != '/') star |= *pattern++ == '*';
        if (star) {
            if (search->folders_left-- <= 0) return;
            struct level level = {.search = search, .folder = place, .pattern = part,
                                  .pattern_length = (size_t)(pattern - part), .rest = pattern};
            long answer = folder_visit(place[0] ? place : "/", visit_match, &level);
            if (answer == -ERROR_ACCES || answer == -ERROR_PERM) refused_add(search->refused, place);
            return;
        }
        size_t used = text_length(place), length = (size_t)(pattern - part);
        if (used + length + 2 > sizeof place) return;
        place[used++] = '/';
        memcpy(place + used, part, length);
        place[used + length] = 0;
    }
}

/** Loads the best file that the pattern gives; keeps the first failure in `library` when there was none yet. */
static void *load_best(struct library *library, struct search *search, const char *prefix, const char *pattern) {
    search->best[0] = 0;
    expand(search, prefix, pattern);
    if (!search->best[0]) return NULL;
    struct library found;
    memset(&found, 0, sizeof found);
    void *handle = library_load(&found, search->best, "cudaGetDeviceCount");
    if (!found.path[0]) text_copy(found.path, sizeof found.path, search->best);
    if (handle || !library->path[0]) *library = found;
    return handle;
}

static void *load_from_prefix(struct library *library, struct search *search, const char *prefix) {
    void *handle = NULL;
    for (size_t at = 0; !handle && at < sizeof ENVIRONMENT_FILES / sizeof ENVIRONMENT_FILES[0]; at++)
        handle = load_best(library, search, prefix, ENVIRONMENT_FILES[at]);
    return handle;
}

/** The prefixes of the environments on PATH: /opt/conda for /opt/conda/bin. */
static void *load_from_path(struct library *library, struct search *search, const char *path) {
    void *handle = NULL;
    while (path && *path && !handle) {
        char prefix[PATH_ROOM];
        size_t length = 0;
        while (path[length] && path[length] != ':') length++;
        if (length > 4 && length < sizeof prefix && text_starts(path + length - 4, "/bin")) {
            memcpy(prefix, path, length - 4);
            prefix[length - 4] = 0;
            handle = load_from_prefix(library, search, prefix);
        }
        path += length;
        if (*path) path++;
    }
    return handle;
}

static void *load_soname(struct library *library, const char *soname) {
    struct library found;
    memset(&found, 0, sizeof found);
    void *handle = library_load(&found, soname, "cudaGetDeviceCount");
    if (handle || (found.path[0] && !library->path[0])) *library = found;
    return handle;
}

/** Whether the soname is that of the CUDA version: libcudart.so.12 of 12.8.1, libcudart.so.11.0 of 11.8. */
static int is_of_version(const char *soname, const char *cuda) {
    const char *version = soname + text_length("libcudart.so.");
    size_t major = 0;
    while (version[major] && version[major] != '.') major++;
    for (size_t at = 0; at < major; at++)
        if (cuda[at] != version[at]) return 0;
    if (cuda[major] != '.') return 0;
    /* From 11 on, one soname serves the whole major version. */
    int is_whole_major = text_length(version) == major || text_equal(version, "11.0");
    return is_whole_major || text_starts(cuda, version);
}

/** The one that the image names as its own by CUDA_VERSION, else the newest. */
static void *load_by_linker(struct library *library, const char *cuda) {
    void *handle = NULL;
    enum { COUNT = sizeof SONAMES / sizeof SONAMES[0] };
    for (size_t at = 0; cuda && !handle && at < COUNT; at++)
        if (is_of_version(SONAMES[at], cuda)) handle = load_soname(library, SONAMES[at]);
    for (size_t at = 0; !handle && at < COUNT; at++) handle = load_soname(library, SONAMES[at]);
    return handle;
}

void *runtime_search(struct library *library, char **environment, struct refused *refused) {
    enum { MOST_FOLDERS = 400 };
    struct search search = {.refused = refused, .folders_left = MOST_FOLDERS};
    void *handle = load_by_linker(library, environment_value(environment, "CUDA_VERSION"));
    for (size_t at = 0; !handle && at < sizeof TOOLKIT_FILES / sizeof TOOLKIT_FILES[0]; at++)
        handle = load_best(library, &search, "", TOOLKIT_FILES[at]);
    if (!handle) handle = load_from_path(library, &search, environment_value(environment, "PATH"));
    const char *conda = environment_value(environment, "CONDA_PREFIX");
    const char *virtual = environment_value(environment, "VIRTUAL_ENV");
    const char *home = environment_value(environment, "HOME");
    if (!handle && conda) handle = load_from_prefix(library, &search, conda);
    if (!handle && virtual) handle = load_from_prefix(library, &search, virtual);
    for (size_t at = 0; !handle && at < sizeof PREFIXES / sizeof PREFIXES[0]; at++)
        handle = load_from_prefix(library, &search, PREFIXES[at]);
    if (!handle && home) {
        char local[PATH_ROOM];
        text_copy(local, sizeof local, home);
        if (text_append(local, sizeof local, "/.local")) handle = load_from_prefix(library, &search, local);
    }
    return handle;
}
