#include "python_image.h"

#include "files.h"
#include "python_builds.h"

static struct python the_python;
static struct python_found *shared;

const struct python_found *python_share(void) {
    if (!shared) shared = sys_shared_memory(sizeof *shared);
    return shared;
}

int python_has(const struct python_interpreter *interpreter, int site) {
    return site >= 0 && site < PYTHON_MOST_SITES && (interpreter->sites >> site & 1) != 0;
}

/** Copies the path inside the root of the folder that the entry is in; 0 when it is too long. */
static int folder_of(const struct python *python, const struct walk_entry *entry, char *to, size_t room) {
    return text_copy(to, room, image_root_inside(&python->root, entry->path)) && python_pop(to);
}

static int is_ignored(const struct python *python, const struct walk_entry *entry) {
    return python->ignored[0] && path_is_within(entry->path, python->ignored);
}

static int is_framework(const char *entry) {
    char package[80], version[64];
    struct python_known known;
    return python_split(entry, package, sizeof package, version, sizeof version) && python_know(package, &known);
}

static void note_package(struct python *python, const struct walk_entry *entry) {
    if (python->note_count >= MOST_NOTES || !is_framework(entry->name)) return;
    struct note *note = &python->notes[python->note_count];
    if (!folder_of(python, entry, note->folder, sizeof note->folder)) return;
    if (text_copy(note->entry, sizeof note->entry, entry->name)) python->note_count++;
}

/** `python`, `python3`, `python3.11` in a folder `bin`. */
static int is_program(const struct walk_entry *entry) {
    char version[16];
    size_t name = text_length(entry->name);
    if (!text_starts(entry->name, "python") || entry->path_length < name + 5) return 0;
    if (!text_starts(entry->path + entry->path_length - name - 5, "/bin/")) return 0;
    if (text_find(entry->path, "/usr/lib/debug/")) return 0;
    const char *rest = entry->name + text_length("python");
    if (!*rest || text_equal(rest, "3")) return 1;
    return python_version_in_name(entry->name, version, sizeof version) &&
           text_length(version) + text_length("python") == name;
}

static void finish(struct python *python);

static void start_root(struct python *python, const char *path) {
    const struct reading *reading = python->reading;
    struct python_found *found = python->found;
    finish(python);
    memset(python, 0, sizeof *python);
    memset(found, 0, sizeof *found);
    python->reading = reading;
    python->found = found;
    image_root_enter(&python->root, path);
}

static void visit_folder(void *given, const struct walk_entry *entry) {
    struct python *python = given;
    if (image_root_is_new(&python->root, entry->path)) start_root(python, entry->path);
    if (is_ignored(python, entry)) return;
    if (text_equal(entry->name, ".cache")) text_copy(python->ignored, sizeof python->ignored, entry->path);
    if (text_equal(entry->name, "conda-meta") && python->conda_count < MOST_CONDA &&
        folder_of(python, entry, python->conda[python->conda_count], PYTHON_PATH_ROOM))
        python->conda_count++;
    if (python_name_ends(entry->name, "-info")) note_package(python, entry);
}

/** Opens no file of the walk: names are enough until it is over. */
static int wants(void *given, const struct walk_entry *entry) {
    struct python *python = given;
    char folder[PYTHON_PATH_ROOM];
    if (!python->root.began || is_ignored(python, entry)) return 0;
    switch (entry->name[0]) {
    case 'p':
        if (text_equal(entry->name, "pyvenv.cfg") && python->venv_count < MOST_VENVS &&
            folder_of(python, entry, python->venvs[python->venv_count], PYTHON_PATH_ROOM))
            python->venv_count++;
        if (is_program(entry) && python->program_count < MOST_PROGRAMS &&
            text_copy(python->programs[python->program_count], PYTHON_PATH_ROOM, image_root_inside(&python->root, entry->path)))
            python->program_count++;
        break;
    default: break;
    }
    if (python_name_ends(entry->name, ".egg-info")) note_package(python, entry);
    if (python_name_ends(entry->name, ".json") && folder_of(python, entry, folder, sizeof folder) && python_name_ends(folder, "/conda-meta"))
        note_package(python, entry);
    return 0;
}

static void visit_file(void *given, const struct walk_file *file) {
    (void)given;
    (void)file;
}

static int site_number(struct python_found *found, const char *path) {
    for (int at = 0; at < found->site_count; at++)
        if (text_equal(found->sites[at].path, path)) return at;
    if (found->site_count >= PYTHON_MOST_SITES) return -1;
    if (!text_copy(found->sites[found->site_count].path, PYTHON_PATH_ROOM, path)) return -1;
    return found->site_count++;
}

static int is_known(const struct python_found *found, int site, const char *name) {
    for (int at = 0; at < found->framework_count; at++)
        if (found->frameworks[at].site == site && text_equal(found->frameworks[at].name, name)) return 1;
    return 0;
}

/** Version of the metadata itself, which the folder's name may lack. Returns 0 when the metadata is but a leftover. */
static int read_metadata(const struct python *python, const struct note *note, char *version, size_t room) {
    char path[PATH_ROOM], text[4096], told[64];
    int is_dist = python_name_ends(note->entry, ".dist-info");
    text_copy(path, sizeof path, note->folder);
    if (!text_append(path, sizeof path, "/") || !text_append(path, sizeof path, note->entry)) return 0;
    if (!text_append(path, sizeof path, is_dist ? "/METADATA" : "/PKG-INFO")) return 0;
    long got = root_read(python->root.folder, path, text, sizeof text);
    if (is_dist && got == -ERROR_NOENT) return 0;
    if (got > 0 && python_metadata_version(text, told, sizeof told)) text_copy(version, room, told);
    return 1;
}

/** The folder of packages of a Conda environment, for packages that leave no metadata of Python's; else the prefix. */
static void conda_site(const struct python *python, const char *meta, char *to, size_t room) {
    char version[16];
    text_copy(to, room, meta);
    python_pop(to);
    python_version_by_folders(python, to, version, sizeof version);
    if (!version[0]) return;
    size_t length = text_length(to);
    if (!text_append(to, room, "/lib/python") || !text_append(to, room, version) ||
        !text_append(to, room, "/site-packages"))
        to[length] = 0;
}

static void add_framework(struct python *python, const struct note *note, int is_conda_package) {
    struct python_found *found = python->found;
    struct python_known known;
    char package[80], version[64], folder[PYTHON_PATH_ROOM];
    if (!python_split(note->entry, package, sizeof package, version, sizeof version) || !python_know(package, &known)) return;
    if (is_conda_package)
        conda_site(python, note->folder, folder, sizeof folder);
    else if (text_copy(folder, sizeof folder, note->folder) && !read_metadata(python, note, version, sizeof version))
        return;
    int site = site_number(found, folder);
    if (site < 0 || is_known(found, site, known.name) || found->framework_count >= PYTHON_MOST_FRAMEWORKS) return;
    struct python_framework *framework = &found->frameworks[found->framework_count++];
    memset(framework, 0, sizeof *framework);
    framework->site = site;
    text_copy(framework->name, sizeof framework->name, known.name);
    text_copy(framework->version, sizeof framework->version, version);
    python_read_build(python->root.folder, folder, &known, framework);
}

/** The container's own root: PATH is the one that its programs get. */
static int is_own_image(const struct python *python) { return python->root.is_image && !python->root.folder[0]; }

static void say_interpreter(const struct python *python, const struct python_interpreter *one) {
    struct json json;
    char path[PATH_ROOM + PYTHON_PATH_ROOM];
    document_open(python->reading->documents, &json, "python");
    if (root_outside(python->root.folder, one->path, path, sizeof path)) json_text(&json, "path", path, sizeof path);
    if (one->version[0]) json_text(&json, "version", one->version, sizeof one->version);
    if (root_outside(python->root.folder, one->prefix, path, sizeof path)) json_text(&json, "prefix", path, sizeof path);
    if (is_own_image(python)) json_boolean(&json, "onPath", one->is_on_path);
    document_close(python->reading->documents, &json);
}

/** Whether a Python on PATH imports from this folder; -1 when none does at all. */
static int is_site_on_path(const struct python_found *found, int site) {
    int answer = -1;
    for (int at = 0; at < found->interpreter_count; at++)
        if (python_has(&found->interpreters[at], site) && answer < found->interpreters[at].is_on_path)
            answer = found->interpreters[at].is_on_path;
    return answer;
}

static void say_framework(const struct python *python, const struct python_framework *one) {
    struct json json;
    char path[PATH_ROOM + PYTHON_PATH_ROOM];
    document_open(python->reading->documents, &json, "package");
    json_text(&json, "name", one->name, sizeof one->name);
    if (one->version[0]) json_text(&json, "version", one->version, sizeof one->version);
    if (one->cuda_state == PYTHON_CUDA_VERSION) json_text(&json, "cuda", one->cuda, sizeof one->cuda);
    if (one->cuda_state == PYTHON_CUDA_NONE) json_null(&json, "cuda");
    if (one->cudnn[0]) json_text(&json, "cudnn", one->cudnn, sizeof one->cudnn);
    if (root_outside(python->root.folder, python->found->sites[one->site].path, path, sizeof path))
        json_text(&json, "path", path, sizeof path);
    int on_path = is_site_on_path(python->found, one->site);
    if (is_own_image(python) && on_path >= 0) json_boolean(&json, "onPath", on_path);
    document_close(python->reading->documents, &json);
}

static void finish(struct python *python) {
    struct python_found *found = python->found;
    if (!python->root.began) return;
    /* The environment is the image's only where the image's root is the own one. */
    char **environment = python->root.folder[0] ? NULL : python->reading->environment;
    const char *path = environment ? environment_value(environment, "PATH") : NULL;
    if (!path) path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    python_find_interpreters(python, path);
    python_mark_active(python, path, environment);
    for (int is_conda_package = 0; is_conda_package < 2; is_conda_package++)
        for (int at = 0; at < python->note_count; at++)
            if (python_name_ends(python->notes[at].entry, ".json") == is_conda_package)
                add_framework(python, &python->notes[at], is_conda_package);
    python_join_builds(python->root.folder, found);
    for (int at = 0; at < found->interpreter_count; at++) {
        python_join_sites(python, &found->interpreters[at], environment);
        say_interpreter(python, &found->interpreters[at]);
    }
    for (int at = 0; at < found->framework_count; at++) say_framework(python, &found->frameworks[at]);
}

static int begin(struct walk_visitor *visitor, const struct reading *reading) {
    if (!python_share()) return -1;
    the_python.reading = reading;
    the_python.found = shared;
    visitor->given = &the_python;
    visitor->folder = visit_folder;
    visitor->wants = wants;
    visitor->file = visit_file;
    return 0;
}

static void end(struct walk_visitor *visitor, const struct reading *reading) {
    (void)reading;
    finish(visitor->given);
}

const struct reader PYTHON_READER = {.begin = begin, .end = end};
