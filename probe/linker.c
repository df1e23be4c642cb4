#include "linker.h"

#include "cuda_names.h"
#include "elf_dynamic.h"
#include "files.h"
#include "linker_cache.h"
#include "root_path.h"

enum { FOLDER_SLOTS = 4096, LOOKUP_SLOTS = 1 << 15, MOST_LIST = 64, MOST_CACHE_BYTES = 16 * 1024 * 1024 };

/** A folder by the text that names it; `path` is NULL when there is none. */
struct folder {
    const char *text, *path;
    /** Folders glibc-hwcaps/… in it, best first. */
    int hwcaps_count;
    const char *hwcaps[4];
};

/** What a folder gives for a soname: `path` NULL for nothing. */
struct lookup {
    const struct folder *folder;
    const char *soname, *path;
    uint16_t machine;
};

struct cached {
    struct cached *next;
    const char *soname, *path;
    uint16_t machine;
    int for_abilities;
    /** What the path led to when it was last looked at for this machine. */
    uint16_t looked_for;
    const char *found;
};

/** What a dynamic linker was built with. */
struct built_in {
    /** Its default folders, with colons between them. */
    char folders[512];
    /** What `$LIB` stands for. */
    char library[64];
};

struct linker {
    struct arena *arena;
    const char *root;
    const char *library_path;
    /** The folders that ldconfig is told of, with colons between them; NULL for none. */
    const char *configured;
    int is_musl;
    /** By machine: first of x86-64. */
    struct built_in built_in[2];
    size_t folder_count, lookup_count;
    struct cached *cached, *cached_last;
    struct folder folders[FOLDER_SLOTS];
    struct lookup lookups[LOOKUP_SLOTS];
};

enum answer { ANSWER_NO, ANSWER_FILE };

/**
 * In the place of a path: a link that leads round in a circle ends the search of its list; other lists and the cache are still
 * asked. Within a list the dynamic linker goes on only after ENOENT and EACCES (glibc, elf/dl-load.c, open_path).
 */
static const char STOPS[] = "";

static enum answer look_at(struct linker *linker, const char *path, uint16_t machine) {
    unsigned char head[64];
    struct sys_status status;
    int file = (int)root_open(linker->root, path);
    /* What may not be read may still be there: the dynamic linker goes on, too. */
    if (file < 0) return ANSWER_NO;
    enum answer answer = ANSWER_NO;
    if (sys_status(file, &status) >= 0 && (status.mode & MODE_TYPE) == MODE_FILE) {
        long got = sys_read_at(file, head, sizeof head, 0);
        switch (elf_kind_of(head, got > 0 ? (size_t)got : 0)) {
        case ELF_NONE: answer = ANSWER_FILE; break;
        case ELF_OTHER: break;
        case ELF_64: answer = elf_machine_of(head) == machine ? ANSWER_FILE : ANSWER_NO; break;
        }
    }
    sys_close(file);
    return answer;
}

/** The file at a path that may hold links, when it is one for this machine. */
static const char *take_file(struct linker *linker, const char *path, uint16_t machine) {
    char real[PATH_ROOM];
    long answer = root_resolve(linker->root, path, real, sizeof real);
    if (answer < 0) return answer == -ERROR_LOOP ? STOPS : NULL;
    return look_at(linker, real, machine) == ANSWER_FILE ? arena_text(linker->arena, real) : NULL;
}

static void add_hwcaps(struct linker *linker, struct folder *folder) {
    static const char *const BELOW[] = {"/x86-64-v4", "/x86-64-v3", "/x86-64-v2"};
    char path[PATH_ROOM];
    text_copy(path, sizeof path, folder->path);
    if (!text_append(path, sizeof path, "/glibc-hwcaps") || !root_has(linker->root, path)) return;
    size_t length = text_length(path);
    for (size_t at = 0; at < sizeof BELOW / sizeof BELOW[0]; at++) {
        path[length] = 0;
        if (text_append(path, sizeof path, BELOW[at]) && root_has(linker->root, path))
            folder->hwcaps[folder->hwcaps_count++] = arena_text(linker->arena, path);
    }
}

static const struct folder *find_folder(struct linker *linker, const char *text) {
    size_t at = text_hash(text) % FOLDER_SLOTS;
    while (linker->folders[at].text) {
        if (text_equal(linker->folders[at].text, text)) return &linker->folders[at];
        at = (at + 1) % FOLDER_SLOTS;
    }
    if (linker->folder_count >= FOLDER_SLOTS / 2) return NULL;
    char real[PATH_ROOM];
    struct folder *folder = &linker->folders[at];
    folder->text = arena_text(linker->arena, text);
    if (!folder->text) return NULL;
    linker->folder_count++;
    if (root_resolve(linker->root, text, real, sizeof real) < 0) return folder;
    folder->path = arena_text(linker->arena, text_equal(real, "/") ? "" : real);
    if (folder->path) add_hwcaps(linker, folder);
    return folder;
}

static const char *in_path(struct linker *linker, const char *folder, const char *soname, uint16_t machine) {
    char path[PATH_ROOM];
    if (!folder || !text_copy(path, sizeof path, folder) || !text_append(path, sizeof path, "/") ||
        !text_append(path, sizeof path, soname))
        return NULL;
    return take_file(linker, path, machine);
}

static const char *in_folder(struct linker *linker, const char *text, const char *soname, uint16_t machine) {
    const struct folder *folder = find_folder(linker, text);
    if (!folder || !folder->path || text_find(soname, "/")) return NULL;
    size_t at = (text_hash(soname) ^ (size_t)(folder - linker->folders) * 2654435761u ^ machine) % LOOKUP_SLOTS;
    for (; linker->lookups[at].folder; at = (at + 1) % LOOKUP_SLOTS) {
        const struct lookup *known = &linker->lookups[at];
        if (known->folder == folder && known->machine == machine && text_equal(known->soname, soname))
            return known->path;
    }
    const char *found = in_path(linker, folder->path, soname, machine);
    for (int level = 0; !found && level < folder->hwcaps_count; level++)
        found = in_path(linker, folder->hwcaps[level], soname, machine);
    if (linker->lookup_count >= LOOKUP_SLOTS / 2) return found;
    struct lookup *lookup = &linker->lookups[at];
    lookup->soname = arena_text(linker->arena, soname);
    if (!lookup->soname) return found;
    lookup->folder = folder;
    lookup->machine = machine;
    lookup->path = found;
    linker->lookup_count++;
    return found;
}

static const struct built_in *built_in_of(const struct linker *linker, uint16_t machine) {
    return &linker->built_in[machine == ELF_MACHINE_AARCH64];
}

/** The length of `$NAME` or `${NAME}` at the text, 0 when it is not that. */
static size_t token_length(const char *text, const char *name) {
    size_t length = text_length(name);
    if (text[0] != '$') return 0;
    if (text_starts(text + 1, name)) {
        char after = text[1 + length];
        int goes_on = (after >= 'A' && after <= 'Z') || (after >= 'a' && after <= 'z') || after == '_' ||
                      (after >= '0' && after <= '9');
        return goes_on ? 0 : 1 + length;
    }
    return text[1] == '{' && text_starts(text + 2, name) && text[2 + length] == '}' ? 3 + length : 0;
}

/** Copies one folder of a list with its tokens replaced; 0 when that cannot be done. */
static int expand(const struct linker *linker, const char *from, size_t length, const char *origin, uint16_t machine,
                  char *to, size_t room) {
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        const char *value = NULL;
        size_t token = token_length(from + at, "ORIGIN");
        if (token) {
            value = origin;
        } else if ((token = token_length(from + at, "LIB")) != 0) {
            value = built_in_of(linker, machine)->library;
        } else if ((token = token_length(from + at, "PLATFORM")) != 0) {
            value = machine == ELF_MACHINE_AARCH64 ? "aarch64" : "x86_64";
        }
        if (token && !value) return 0;
        if (!token) {
            if (used + 1 >= room) return 0;
            to[used++] = from[at++];
            continue;
        }
        size_t bytes = text_length(value);
        if (used + bytes >= room) return 0;
        memcpy(to + used, value, bytes);
        used += bytes;
        at += token;
    }
    to[used] = 0;
    return used > 0;
}

/** Makes a folder that is given relative to the working folder absolute; 0 where that is not known. */
static int make_absolute(const struct linker *linker, const char *text, char *to, size_t room) {
    if (text[0] == '/') return text_copy(to, room, text);
    if (linker->root[0]) return 0;
    long length = sys_readlink("/proc/self/cwd", to, room - 1);
    if (length <= 0) return 0;
    to[length] = 0;
    return text_append(to, room, "/") && text_append(to, room, text);
}

/** Searches the folders of a list; `separators` are the bytes between them. An empty one is the working folder. */
static const char *in_list(struct linker *linker, const char *list, const char *separators, const char *origin,
                           const char *soname, uint16_t machine) {
    const char *found = NULL;
    for (int count = 0; list && *list && !found && count < 4 * MOST_LIST; count++) {
        char expanded[PATH_ROOM], folder[PATH_ROOM];
        size_t length = 0;
        while (list[length] && list[length] != separators[0] && list[length] != separators[1]) length++;
        if (length == 0) text_copy(expanded, sizeof expanded, ".");
        if ((length == 0 || expand(linker, list, length, origin, machine, expanded, sizeof expanded)) &&
            make_absolute(linker, expanded, folder, sizeof folder))
            found = in_folder(linker, folder, soname, machine);
        list += length;
        if (*list) list++;
    }
    return found;
}

const char *linker_in_folder(struct linker *linker, const char *text, const char *soname, uint16_t machine) {
    const char *found = in_folder(linker, text, soname, machine);
    return found == STOPS ? NULL : found;
}

const char *linker_in_list(struct linker *linker, const char *list, const char *origin, const char *soname,
                           uint16_t machine) {
    const char *found = in_list(linker, list, "::", origin, soname, machine);
    return found == STOPS ? NULL : found;
}

static const char *in_cache(struct linker *linker, const char *soname, uint16_t machine) {
    for (int for_abilities = 0; for_abilities < 2; for_abilities++) {
        struct cached *one = linker->cached;
        while (one && (one->for_abilities != for_abilities || (one->machine && one->machine != machine) ||
                       !text_equal(one->soname, soname)))
            one = one->next;
        if (!one) continue;
        if (one->looked_for != machine) one->found = take_file(linker, one->path, machine);
        one->looked_for = machine;
        /* Of what the cache names, the dynamic linker passes over whatever does not open. */
        if (one->found && one->found != STOPS) return one->found;
    }
    return NULL;
}

static const char *in_defaults(struct linker *linker, const char *soname, uint16_t machine) {
    return in_list(linker, built_in_of(linker, machine)->folders, "::", NULL, soname, machine);
}

static int take(struct linker_found *found, const char *path, enum linker_via via) {
    if (!path || path == STOPS) return 0;
    *found = (struct linker_found){.path = path, .via = via};
    return 1;
}

struct linker_found linker_search(struct linker *linker, const struct linker_request *request) {
    struct linker_found found = {.path = NULL, .via = LINKER_NONE};
    const char *soname = request->soname, *origin = request->origin;
    uint16_t machine = request->machine;
    if (request->rpath && !request->runpath &&
        take(&found, in_list(linker, request->rpath, "::", origin, soname, machine), LINKER_RPATH))
        return found;
    if (take(&found, in_list(linker, linker->library_path, ":;", NULL, soname, machine), LINKER_LIBRARY_PATH) ||
        take(&found, in_list(linker, request->runpath, "::", origin, soname, machine), LINKER_RUNPATH))
        return found;
    if (request->no_default_folders) return found;
    if (take(&found, in_cache(linker, soname, machine), LINKER_CACHE)) return found;
    take(&found, in_defaults(linker, soname, machine), LINKER_DEFAULT);
    return found;
}

static void keep_cached(const struct linker_cache_entry *entry, void *given) {
    struct linker *linker = given;
    struct cuda_name name;
    if (cuda_name_of(entry->soname, &name) == CUDA_NEITHER || entry->path[0] != '/') return;
    struct cached *cached = arena_take(linker->arena, sizeof *cached);
    if (!cached) return;
    /* The cache's own bytes stay in the arena. */
    *cached = (struct cached){.soname = entry->soname, .path = entry->path, .machine = entry->machine,
                              .for_abilities = entry->for_abilities};
    if (linker->cached_last)
        linker->cached_last->next = cached;
    else
        linker->cached = cached;
    linker->cached_last = cached;
}

static void read_cache(struct linker *linker) {
    char path[PATH_ROOM];
    if (root_resolve(linker->root, "/etc/ld.so.cache", path, sizeof path) < 0) return;
    int file = (int)root_open(linker->root, path);
    if (file < 0) return;
    struct sys_status status;
    size_t size = 0;
    if (sys_status(file, &status) >= 0 && (status.mode & MODE_TYPE) == MODE_FILE) size = (size_t)status.size;
    unsigned char *bytes = size > 0 && size <= MOST_CACHE_BYTES ? arena_take(linker->arena, size) : NULL;
    size_t used = 0;
    while (bytes && used < size) {
        long got = sys_read_at(file, bytes + used, size - used, used);
        if (got <= 0) break;
        used += (size_t)got;
    }
    if (used > 0) linker_cache_visit(bytes, used, keep_cached, linker);
    sys_close(file);
}

enum { CONFIGURED_ROOM = 8 * 1024, CONFIG_ROOM = 4096 };

struct configured {
    const char *root;
    char folders[CONFIGURED_ROOM];
};

static int separates(char byte) { return byte == ' ' || byte == '\t' || byte == ',' || byte == ':' || byte == '\r'; }

/** Takes the folders of one file. What it includes is read as that on its own. */
static void take_config(struct configured *configured, const char *path) {
    char text[CONFIG_ROOM], folder[PATH_ROOM];
    if (root_read(configured->root, path, text, sizeof text) <= 0) return;
    for (const char *at = text; *at;) {
        int is_include = text_starts(at, "include");
        while (*at && *at != '\n') {
            size_t length = 0;
            if (*at == '#') break;
            while (at[length] && at[length] != '\n' && at[length] != '#' && !separates(at[length])) length++;
            if (*at == '/' && !is_include && length < sizeof folder) {
                memcpy(folder, at, length);
                folder[length] = 0;
                if (text_length(configured->folders) + length + 2 < sizeof configured->folders) {
                    text_append(configured->folders, sizeof configured->folders, folder);
                    text_append(configured->folders, sizeof configured->folders, ":");
                }
            }
            at += length > 0 ? length : 1;
        }
        while (*at && *at != '\n') at++;
        if (*at) at++;
    }
}

static void take_config_in_folder(const char *name, void *given) {
    char path[PATH_ROOM] = "/etc/ld.so.conf.d/";
    size_t length = text_length(name);
    if (length > 5 && text_equal(name + length - 5, ".conf") && text_append(path, sizeof path, name))
        take_config(given, path);
}

static void read_configured(struct linker *linker) {
    static struct configured configured;
    char path[PATH_ROOM], outside[PATH_ROOM];
    configured.root = linker->root;
    configured.folders[0] = 0;
    take_config(&configured, "/etc/ld.so.conf");
    if (root_resolve(linker->root, "/etc/ld.so.conf.d", path, sizeof path) >= 0 &&
        root_outside(linker->root, path, outside, sizeof outside))
        folder_visit(outside, take_config_in_folder, &configured);
    size_t length = text_length(configured.folders);
    if (length == 0) return;
    configured.folders[length - 1] = 0;
    linker->configured = arena_text(linker->arena, configured.folders);
}

const char *linker_in_configured(struct linker *linker, const char *soname, uint16_t machine) {
    return in_list(linker, linker->configured, "::", NULL, soname, machine);
}

static const char *const LOADERS[2] = {"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"};

/** Length of the text at `bytes` when it is an absolute folder with a slash at its end, terminated before `room`. */
static size_t folder_text(const char *bytes, size_t room) {
    size_t length = room > 0 && bytes[0] == '/' ? text_bounded(bytes, room) : 0;
    return length > 1 && length < room && length < PATH_ROOM && bytes[length - 1] == '/' ? length : 0;
}

/**
 * Takes the default folders from the dynamic linker's own file. There they stand one after the other, each terminated:
 * `/lib/x86_64-linux-gnu/`, `/usr/lib/x86_64-linux-gnu/`, `/lib/`, `/usr/lib/` on Debian, `/lib64/`, `/usr/lib64/` on most others
 * (SYSTEM_DIRS in elf/dl-load.c of glibc). 0 when it holds nothing of that kind.
 */
static int take_built_in(const char *bytes, size_t size, struct built_in *built_in) {
    for (size_t at = 0; at + 1 < size; at++) {
        if (bytes[at] || !folder_text(bytes + at + 1, size - at - 1)) continue;
        int count = 0;
        built_in->folders[0] = 0;
        size_t length;
        for (size_t next = at + 1; (length = folder_text(bytes + next, size - next)) != 0; next += length + 1) {
            if (count++ > 0) text_append(built_in->folders, sizeof built_in->folders, ":");
            if (!text_append(built_in->folders, sizeof built_in->folders, bytes + next)) return 0;
        }
        if (count < 2 || !text_find(built_in->folders, "lib")) continue;
        /* On all that are known, `$LIB` is the first of them without its slashes. */
        length = folder_text(bytes + at + 1, size - at - 1);
        if (length - 1 > sizeof built_in->library) return 0;
        memcpy(built_in->library, bytes + at + 2, length - 2);
        built_in->library[length - 2] = 0;
        return 1;
    }
    return 0;
}

static int read_built_in(struct linker *linker, const char *loader, struct built_in *built_in) {
    enum { LOADER_ROOM = 1024 * 1024 };
    char *bytes = arena_take(linker->arena, LOADER_ROOM);
    long got = bytes ? root_read(linker->root, loader, bytes, LOADER_ROOM) : -1;
    return got > 0 && take_built_in(bytes, (size_t)got, built_in);
}

/** Whether musl's dynamic linker is the only one. */
static int has_musl_only(const char *root) {
    for (size_t at = 0; at < sizeof LOADERS / sizeof LOADERS[0]; at++)
        if (root_has(root, LOADERS[at])) return 0;
    return root_has(root, "/lib/ld-musl-x86_64.so.1") || root_has(root, "/lib/ld-musl-aarch64.so.1");
}

struct linker *linker_open(struct arena *arena, const char *root, const char *library_path) {
    static const struct built_in MUSL = {.folders = "/lib:/usr/local/lib:/usr/lib", .library = "lib"};
    static const struct built_in OTHER = {.folders = "/lib64:/usr/lib64", .library = "lib64"};
    struct linker *linker = arena_take(arena, sizeof *linker);
    if (!linker) return NULL;
    linker->arena = arena;
    linker->root = root;
    linker->library_path = library_path;
    linker->is_musl = has_musl_only(root);
    for (size_t at = 0; at < sizeof LOADERS / sizeof LOADERS[0]; at++)
        if (linker->is_musl || !read_built_in(linker, LOADERS[at], &linker->built_in[at]))
            linker->built_in[at] = linker->is_musl ? MUSL : OTHER;
    if (!linker->is_musl) {
        read_cache(linker);
        read_configured(linker);
    }
    return linker;
}
