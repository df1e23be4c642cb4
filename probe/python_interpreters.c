#include "python_image.h"

#include "elf_dynamic.h"
#include "files.h"
#include "python_metadata.h"

int python_name_ends(const char *text, const char *ending) {
    size_t length = text_length(text), wanted = text_length(ending);
    return length >= wanted && text_equal(text + length - wanted, ending);
}

int python_pop(char *path) {
    size_t length = text_length(path);
    while (length > 0 && path[length - 1] != '/') length--;
    if (length == 0) return 0;
    path[length - 1] = 0;
    return 1;
}

static int is_elf_program(const struct python *python, const char *path) {
    unsigned char head[64];
    int file = (int)root_open(python->root.folder, path);
    if (file < 0) return 0;
    long got = sys_read_at(file, head, sizeof head, 0);
    sys_close(file);
    return elf_kind_of(head, got > 0 ? (size_t)got : 0) != ELF_NONE;
}

static int is_conda(const struct python *python, const char *prefix) {
    for (int at = 0; at < python->conda_count; at++)
        if (text_equal(python->conda[at], prefix)) return 1;
    return 0;
}

struct version_search {
    char *to;
    size_t room;
    int count;
};

static void visit_library_name(const char *name, void *given) {
    struct version_search *search = given;
    if (python_version_in_name(name, search->to, search->room)) search->count++;
}

void python_version_by_folders(const struct python *python, const char *prefix, char *to, size_t room) {
    char path[PATH_ROOM];
    struct version_search search = {.to = to, .room = room, .count = 0};
    to[0] = 0;
    if (root_outside(python->root.folder, prefix, path, sizeof path) && text_append(path, sizeof path, "/lib"))
        folder_visit(path, visit_library_name, &search);
    if (search.count != 1) to[0] = 0;
}

static struct python_interpreter *add_interpreter(struct python *python, const char *prefix) {
    struct python_found *found = python->found;
    if (found->interpreter_count >= PYTHON_MOST_INTERPRETERS) return NULL;
    struct python_interpreter *added = &found->interpreters[found->interpreter_count];
    memset(added, 0, sizeof *added);
    if (!text_copy(added->prefix, sizeof added->prefix, prefix[0] ? prefix : "/")) return NULL;
    added->is_conda = is_conda(python, prefix);
    found->interpreter_count++;
    return added;
}

/** Reads `key = value` of pyvenv.cfg. */
static void config_value(const char *text, const char *key, char *to, size_t room) {
    size_t length = text_length(key), used = 0;
    to[0] = 0;
    while (*text) {
        if (text_starts(text, key) && (text[length] == ' ' || text[length] == '=')) {
            for (text += length; *text == ' ' || *text == '=';) text++;
            while (*text && *text != '\n' && *text != '\r' && used + 1 < room) to[used++] = *text++;
            to[used] = 0;
            return;
        }
        while (*text && *text != '\n') text++;
        if (*text) text++;
    }
}

struct venv {
    char version[16];
    /** Prefix of the interpreter that it was made from. */
    char base[PYTHON_PATH_ROOM];
    int sees_base;
};

static int read_venv(const struct python *python, const char *prefix, struct venv *venv) {
    char path[PATH_ROOM], text[4096], value[PYTHON_PATH_ROOM];
    text_copy(path, sizeof path, prefix);
    if (!text_append(path, sizeof path, "/pyvenv.cfg") || root_read(python->root.folder, path, text, sizeof text) <= 0) return 0;
    config_value(text, "version", value, sizeof value);
    if (!value[0]) config_value(text, "version_info", value, sizeof value);
    char name[32] = "python";
    if (!text_append(name, sizeof name, value) || !python_version_in_name(name, venv->version, sizeof venv->version))
        venv->version[0] = 0;
    config_value(text, "include-system-site-packages", value, sizeof value);
    venv->sees_base = text_equal(value, "true");
    config_value(text, "home", venv->base, sizeof venv->base);
    if (python_name_ends(venv->base, "/bin")) python_pop(venv->base);
    return 1;
}

static void add_venvs(struct python *python) {
    for (int at = 0; at < python->venv_count; at++) {
        char path[PATH_ROOM];
        struct venv venv;
        const char *prefix = python->venvs[at];
        text_copy(path, sizeof path, prefix);
        if (!text_append(path, sizeof path, "/bin/python") || !root_has(python->root.folder, path)) continue;
        if (!read_venv(python, prefix, &venv)) continue;
        struct python_interpreter *added = add_interpreter(python, prefix);
        if (!added) return;
        added->is_venv = 1;
        text_copy(added->version, sizeof added->version, venv.version);
        if (!added->version[0]) python_version_by_folders(python, prefix, added->version, sizeof added->version);
        text_copy(added->path, sizeof added->path, path);
    }
}

static void add_programs(struct python *python) {
    struct python_found *found = python->found;
    for (int at = 0; at < python->program_count; at++) {
        char prefix[PYTHON_PATH_ROOM], version[16];
        const char *path = python->programs[at], *name = path;
        text_copy(prefix, sizeof prefix, path);
        if (!python_pop(prefix) || !python_pop(prefix)) continue;
        for (const char *byte = path; *byte; byte++)
            if (*byte == '/') name = byte + 1;
        if (!python_version_in_name(name, version, sizeof version))
            python_version_by_folders(python, prefix, version, sizeof version);
        /* One per prefix and version; `python3` beside `python3.11` may be the same file once more. */
        int known = 0;
        for (int other = 0; other < found->interpreter_count; other++) {
            const struct python_interpreter *one = &found->interpreters[other];
            known |= text_equal(one->prefix, prefix[0] ? prefix : "/") &&
                     (one->is_venv || text_equal(one->version, version));
        }
        if (known || !is_elf_program(python, path)) continue;
        struct python_interpreter *added = add_interpreter(python, prefix);
        if (!added) return;
        text_copy(added->path, sizeof added->path, path);
        text_copy(added->version, sizeof added->version, version);
    }
}

/** Gives ranks to the interpreters that one name on PATH leads to. */
static void rank_name(struct python *python, const char *folder, const char *name, int *next) {
    char path[PATH_ROOM], real[PATH_ROOM], prefix[PATH_ROOM];
    struct python_found *found = python->found;
    text_copy(path, sizeof path, folder);
    if (!text_append(path, sizeof path, "/") || !text_append(path, sizeof path, name)) return;
    if (root_resolve(python->root.folder, folder, prefix, sizeof prefix) < 0) return;
    if (python_name_ends(prefix, "/bin")) python_pop(prefix);
    if (root_resolve(python->root.folder, path, real, sizeof real) < 0) return;
    for (int pass = 0; pass < 2; pass++) {
        for (int at = 0; at < found->interpreter_count; at++) {
            struct python_interpreter *one = &found->interpreters[at];
            int fits = one->is_venv ? pass == 0 && text_equal(one->prefix, prefix) : pass == 1 && text_equal(one->path, real);
            if (!fits) continue;
            if (!one->rank) one->rank = (*next)++;
            return;
        }
    }
}

static void rank_by_path(struct python *python, const char *path) {
    static const char *const NAMES[] = {"python3", "python"};
    int next = 1;
    for (int folders = 0; path && *path && folders < 64; folders++) {
        char folder[PATH_ROOM];
        size_t length = 0;
        while (path[length] && path[length] != ':') length++;
        if (length > 0 && length < sizeof folder && path[0] == '/') {
            memcpy(folder, path, length);
            folder[length] = 0;
            for (size_t at = 0; at < sizeof NAMES / sizeof NAMES[0]; at++) rank_name(python, folder, NAMES[at], &next);
        }
        path += length;
        if (*path) path++;
    }
}

/** Those on PATH first, in its order. */
static void sort_interpreters(struct python_found *found) {
    for (int at = 1; at < found->interpreter_count; at++) {
        struct python_interpreter *list = found->interpreters;
        for (int place = at; place > 0; place--) {
            int earlier = list[place].rank && (!list[place - 1].rank || list[place].rank < list[place - 1].rank);
            if (!earlier) break;
            static struct python_interpreter one;
            one = list[place];
            list[place] = list[place - 1];
            list[place - 1] = one;
        }
    }
}

void python_find_interpreters(struct python *python, const char *path) {
    add_venvs(python);
    add_programs(python);
    rank_by_path(python, path);
    sort_interpreters(python->found);
}

/** Whether the site is `prefix` + `/lib/python3.11/site-packages` or one of its kin. */
static int is_site_of(const char *site, const char *prefix, const char *version) {
    static const char *const LIBRARIES[] = {"/lib/python", "/lib64/python", "/local/lib/python"};
    size_t length = text_equal(prefix, "/") ? 0 : text_length(prefix);
    if (length > 0 && !text_starts(site, prefix)) return 0;
    for (size_t at = 0; at < sizeof LIBRARIES / sizeof LIBRARIES[0]; at++) {
        if (!text_starts(site + length, LIBRARIES[at])) continue;
        const char *rest = site + length + text_length(LIBRARIES[at]);
        /* Debian's own packages are for every version: /usr/lib/python3/dist-packages. */
        if (text_equal(rest, "3/dist-packages")) return 1;
        if (!version[0] || !text_starts(rest, version)) continue;
        rest += text_length(version);
        if (text_equal(rest, "/site-packages") || text_equal(rest, "/dist-packages")) return 1;
    }
    return 0;
}

/** Whether the value of PYTHONPATH names the folder. */
static int is_named(const char *list, const char *folder) {
    size_t wanted = text_length(folder);
    while (list && *list) {
        size_t length = 0;
        while (list[length] && list[length] != ':') length++;
        if (length == wanted && text_starts(list, folder)) return 1;
        list += length;
        if (*list) list++;
    }
    return 0;
}

/** Whether the list of versions, in a file or a variable of pyenv, holds this one: `3.11` is the newest 3.11.x. */
static int lists_version(const char *list, const char *name) {
    while (*list) {
        size_t length = 0;
        while (list[length] && list[length] != ':' && list[length] != '\n' && list[length] != ' ' && list[length] != '\r') length++;
        size_t same = 0;
        while (same < length && name[same] == list[same]) same++;
        if (length > 0 && same == length && (!name[same] || name[same] == '.')) return 1;
        list += length;
        if (*list) list++;
    }
    return 0;
}

/** Whether pyenv's shims, scripts on PATH, lead to it: its prefix is BASE/versions/NAME, and NAME is chosen. */
static int is_chosen_by_pyenv(const struct python *python, const char *prefix, const char *path, char **environment) {
    char base[PATH_ROOM], shims[PATH_ROOM], text[1024];
    text_copy(base, sizeof base, prefix);
    if (!python_pop(base) || !python_name_ends(base, "/versions") || !python_pop(base)) return 0;
    const char *name = prefix + text_length(base) + text_length("/versions/");
    text_copy(shims, sizeof shims, base);
    if (!text_append(shims, sizeof shims, "/shims") || !is_named(path, shims)) return 0;
    const char *chosen = environment ? environment_value(environment, "PYENV_VERSION") : NULL;
    if (chosen && *chosen) return lists_version(chosen, name);
    return text_append(base, sizeof base, "/version") && root_read(python->root.folder, base, text, sizeof text) > 0 &&
           lists_version(text, name);
}

void python_mark_active(struct python *python, const char *path, char **environment) {
    static const char *const NAMES[] = {"VIRTUAL_ENV", "CONDA_PREFIX"};
    for (int at = 0; at < python->found->interpreter_count; at++) {
        struct python_interpreter *one = &python->found->interpreters[at];
        one->is_on_path = one->rank > 0 || is_chosen_by_pyenv(python, one->prefix, path, environment);
        for (size_t name = 0; environment && name < sizeof NAMES / sizeof NAMES[0]; name++) {
            const char *value = environment_value(environment, NAMES[name]);
            if (value && text_equal(value, one->prefix)) one->is_on_path = 1;
        }
    }
}

void python_join_sites(struct python *python, struct python_interpreter *one, char **environment) {
    const struct python_found *found = python->found;
    struct venv venv;
    int sees_base = one->is_venv && read_venv(python, one->prefix, &venv) && venv.sees_base;
    const char *listed = environment ? environment_value(environment, "PYTHONPATH") : NULL;
    const char *home = environment ? environment_value(environment, "HOME") : NULL;
    char local[PYTHON_PATH_ROOM];
    text_copy(local, sizeof local, home ? home : "/root");
    text_append(local, sizeof local, "/.local");
    for (int site = 0; site < found->site_count; site++) {
        const char *path = found->sites[site].path;
        int has = is_site_of(path, one->prefix, one->version) || is_named(listed, path);
        if (!one->is_venv) has |= is_site_of(path, local, one->version);
        if (sees_base) has |= is_site_of(path, venv.base, one->version);
        if (has) one->sites |= (uint64_t)1 << site;
    }
}
