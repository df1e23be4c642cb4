#include "missing.h"

enum { DEEPEST = 6 };

/* Tools and samples of the toolkit, tests, and plug-ins of programs that do without them. */
static const char *const NO_NEEDER[] = {
    "/stubs/",    "/compat/",   "/extras/",   "/nsight",  "/compute-sanitizer/", "/libnvvp/", "/samples/", "/examples/",
    "/test/",     "/tests/",    "/testing/",  "/usr/src/", "/usr/lib/debug/",    "/ucx/",     "/ucc/",     "/hwloc/",
    "/openmpi/",  "/pmix/",     "/gstreamer-1.0/", "/.cache/", "/doc/"};

/*
 * One of several for different sets of libraries, or for a library that is there by choice; the program goes without it.
 * Sources: ONNX Runtime's execution providers, bitsandbytes' libraries per CUDA version.
 */
static const char *const OPTIONAL_FILES[] = {"libonnxruntime_providers_tensorrt", "libonnxruntime_providers_nv_tensorrt",
                                             "libbitsandbytes_cuda"};

static int contains_any(const char *path, const char *const *parts, size_t count) {
    for (size_t at = 0; at < count; at++)
        if (text_find(path, parts[at])) return 1;
    return 0;
}

/** Below /usr/local/cuda-12.8/bin and the like. */
static int is_toolkit_program(const char *path) {
    if (!text_starts(path, "/usr/local/cuda")) return 0;
    const char *below = text_find(path + text_length("/usr/local/cuda"), "/");
    return below && (text_starts(below, "/bin/") || text_starts(below, "/tools/") || text_starts(below, "/gds/") ||
                     text_starts(below, "/nvvm/"));
}

static int needs_hash(const struct object *object, uint32_t hash) {
    for (int at = 0; at < object->needed_count; at++)
        if (object->needed_hash[at] == hash) return 1;
    return 0;
}

static int needs_soname(const struct object *object, const char *soname) {
    for (int at = 0; at < object->cuda_count; at++)
        if (text_equal(object->cuda[at], soname)) return 1;
    return 0;
}

/** CuPy binds each of these in a module of its own, and imports them only when they are used. */
static int is_optional_for(const struct object *object, const char *soname) {
    static const char *const BY_CHOICE[] = {"libcudnn", "libnccl", "libcutensor", "libcusparseLt"};
    if (contains_any(object->path, OPTIONAL_FILES, sizeof OPTIONAL_FILES / sizeof OPTIONAL_FILES[0])) return 1;
    if (!text_find(object->path, "/cupy_backends/") && !text_find(object->path, "/cupy/")) return 0;
    for (size_t at = 0; at < sizeof BY_CHOICE / sizeof BY_CHOICE[0]; at++)
        if (text_starts(soname, BY_CHOICE[at])) return 1;
    return 0;
}

/** Whether what this file lacks is a lack of the image's. */
static int is_program_of_image(const struct object *object) {
    return object->family == CUDA_NEITHER &&
           !contains_any(object->path, NO_NEEDER, sizeof NO_NEEDER / sizeof NO_NEEDER[0]) &&
           !is_toolkit_program(object->path);
}

/**
 * Of NVIDIA's own libraries only those count that something in the image is linked against: images often hold a part of the
 * toolkit, with libraries in it that nobody loads.
 */
static int is_needed_by_image(const struct image_objects *objects, struct object *object, int depth) {
    if (object->family == CUDA_NEITHER) return is_program_of_image(object);
    if (object->family == CUDA_DRIVER || depth > DEEPEST || object->visit == objects->visits) return 0;
    object->visit = objects->visits;
    if (contains_any(object->path, NO_NEEDER, sizeof NO_NEEDER / sizeof NO_NEEDER[0])) return 0;
    for (struct object *one = objects->objects; one; one = one->next)
        if (one != object && needs_hash(one, object->soname_hash) && is_needed_by_image(objects, one, depth + 1))
            return 1;
    return 0;
}

/** Asked in the innermost loops, so that it mostly does not ask the clock. */
static int is_late(struct image_objects *objects) {
    enum { CLOCK_EVERY = 4096 };
    if (!objects->is_late && objects->checks++ % CLOCK_EVERY == 0) objects->is_late = sys_clock_us() >= objects->deadline_us;
    return objects->is_late;
}

static int finds_itself(struct linker *linker, const struct object *object, const char *soname) {
    const struct linker_request request = {.soname = soname, .machine = object->machine, .rpath = object->rpath,
                                           .runpath = object->runpath, .origin = object->folder,
                                           .no_default_folders = object->no_default_folders};
    return linker_search(linker, &request).path != NULL;
}

/**
 * A library that is already in the process serves by its soname, whoever loaded it; and a DT_RPATH also serves what is
 * loaded below. So what the loaders of this file find, and what the files find that they load too, counts.
 */
static int found_by_loaders(struct image_objects *objects, struct linker *linker, struct object *object,
                            const char *soname, int inherits, int depth) {
    if (depth > DEEPEST || object->visit == objects->visits) return 0;
    object->visit = objects->visits;
    for (struct object *one = objects->objects; one && !is_late(objects); one = one->next) {
        if (one == object || one->machine != object->machine || !needs_hash(one, object->soname_hash)) continue;
        if (inherits && one->rpath && !one->runpath &&
            linker_in_list(linker, one->rpath, one->folder, soname, one->machine))
            return 1;
        if (needs_soname(one, soname) && finds_itself(linker, one, soname)) return 1;
        for (const struct object *other = objects->objects; other; other = other->next)
            if (needs_soname(other, soname) && needs_hash(one, other->soname_hash) &&
                finds_itself(linker, other, soname))
                return 1;
        if (found_by_loaders(objects, linker, one, soname, inherits, depth + 1)) return 1;
    }
    return 0;
}

/**
 * What is opened while the program runs is searched for by the program's own DT_RPATH as well, unless the file that asks has a
 * DT_RUNPATH (_dl_map_object in elf/dl-load.c of glibc). Which program that is, nobody knows: of those installed in the same place
 * (`/opt/x` of `/opt/x/bin/program`) the doubt is for the image.
 */
static int is_installed_with(const struct object *object, const struct object *program) {
    char prefix[PATH_ROOM];
    text_copy(prefix, sizeof prefix, program->folder);
    size_t length = text_length(prefix);
    if (length >= 4 && text_equal(prefix + length - 4, "/bin")) prefix[length - 4] = 0;
    return !prefix[0] || path_is_within(object->path, prefix);
}

static int found_by_programs(const struct image_objects *objects, struct linker *linker, const struct object *object,
                             const char *soname) {
    if (object->runpath) return 0;
    for (const struct object *one = objects->objects; one; one = one->next) {
        if (!one->rpath || one->runpath || one->machine != object->machine || text_find(one->path, ".so")) continue;
        if (is_installed_with(object, one) && linker_in_list(linker, one->rpath, one->folder, soname, one->machine)) return 1;
    }
    return 0;
}

static int is_named(const struct cuda_file *file, const char *soname) {
    const char *last = file->path;
    for (const char *at = file->path; *at; at++)
        if (*at == '/') last = at + 1;
    return text_equal(last, soname) || (file->soname && text_equal(file->soname, soname));
}

/** The first file of the image that goes by this soname and is for this machine. */
static const struct cuda_file *somewhere(const struct cuda_file *file, const char *soname, uint16_t machine) {
    for (; file; file = file->next)
        if (file->machine == machine && is_named(file, soname) && !text_find(file->path, "/stubs/")) return file;
    return NULL;
}

/** Length of the path up to the folder of Python packages that the file is in, 0 when it is in none. */
static size_t packages_length(const char *path) {
    static const char *const FOLDERS[] = {"/site-packages/", "/dist-packages/"};
    for (size_t at = 0; at < sizeof FOLDERS / sizeof FOLDERS[0]; at++) {
        const char *found = text_find(path, FOLDERS[at]);
        if (found) return (size_t)(found - path) + text_length(FOLDERS[at]);
    }
    return 0;
}

/** The system's own interpreter reads all of /usr/lib, /usr/local/lib and a user's ~/.local/lib. */
static int is_systems_package(const char *path) { return text_starts(path, "/usr/") || text_find(path, "/.local/lib/"); }

/** Whether the packages are of a virtual environment that sees those of the interpreter it was made from, too. */
static int sees_other_packages(const char *root, const char *path, size_t length) {
    enum { UP_TO_PREFIX = 3, CONFIG_ROOM = 4096 };
    char config[PATH_ROOM], text[CONFIG_ROOM];
    if (!text_copy(config, sizeof config, path)) return 0;
    /* PREFIX/lib/python3.12/site-packages/ */
    size_t end = length - 1;
    for (int up = 0; up < UP_TO_PREFIX && end > 0; up++)
        for (end--; end > 0 && config[end] != '/';) end--;
    config[end] = 0;
    return text_append(config, sizeof config, "/pyvenv.cfg") && root_read(root, config, text, sizeof text) > 0 &&
           text_find(text, "include-system-site-packages = true") != NULL;
}

/** Whether the needer lies in the folder of packages (`pip install --target`) that has `nvidia/cudnn/lib` with the file. */
static int is_beside_nvidia(const char *needer, const char *file) {
    const char *below = text_find(file, "/nvidia/");
    if (!below || below == file) return 0;
    size_t length = (size_t)(below - file) + 1;
    for (size_t at = 0; at < length; at++)
        if (needer[at] != file[at]) return 0;
    return 1;
}

/** Whether one interpreter has the packages of both files. */
static int are_packages_of_one(const char *root, const char *one, const char *other) {
    size_t length = packages_length(one);
    if (length == 0) return is_beside_nvidia(one, other);
    if (packages_length(other) == 0) return 0;
    if (is_systems_package(one) && is_systems_package(other)) return 1;
    /* Which interpreter that was, the doubt is for the image. */
    if (sees_other_packages(root, one, length)) return 1;
    if (packages_length(other) != length) return 0;
    for (size_t at = 0; at < length; at++)
        if (one[at] != other[at]) return 0;
    return 1;
}

/** Below a Conda environment: python there has a DT_RPATH to `lib`, and what it loads inherits that. */
static int is_in_conda_library_folder(const struct image_objects *objects, struct linker *linker,
                                      const struct object *object, const char *soname) {
    char prefix[PATH_ROOM], path[PATH_ROOM];
    text_copy(prefix, sizeof prefix, object->folder);
    for (size_t length = text_length(prefix); length > 0; length--) {
        if (prefix[length] && prefix[length] != '/') continue;
        prefix[length] = 0;
        text_copy(path, sizeof path, prefix);
        if (!text_append(path, sizeof path, "/conda-meta") || !root_has(objects->root.folder, path)) continue;
        text_copy(path, sizeof path, prefix);
        return text_append(path, sizeof path, "/lib") &&
               linker_in_folder(linker, path, soname, object->machine) != NULL;
    }
    return 0;
}

/**
 * A file that the search of the linker does not reach, but the program does by other ways: it lies in the same folder
 * (programs with plug-ins set LD_LIBRARY_PATH for their own processes, as Ollama does), among the packages of the same
 * Python (PyTorch, TensorRT, CuPy and JAX load the libraries of other packages before their own), or in the Conda environment.
 */
static int is_within_reach(const struct image_objects *objects, struct linker *linker, const struct object *object,
                           const char *soname) {
    if (linker_in_folder(linker, object->folder, soname, object->machine)) return 1;
    if (!object->no_default_folders && linker_in_configured(linker, soname, object->machine)) return 1;
    const struct cuda_file *file = somewhere(objects->files, soname, object->machine);
    for (; file; file = somewhere(file->next, soname, object->machine))
        if (are_packages_of_one(objects->root.folder, object->path, file->path)) return 1;
    return is_in_conda_library_folder(objects, linker, object, soname);
}

/** The architecture of most files: cross compilers bring those of another. */
static uint16_t machine_of_image(const struct image_objects *objects) {
    int x86_64 = 0, aarch64 = 0;
    for (const struct object *object = objects->objects; object; object = object->next) {
        x86_64 += object->machine == ELF_MACHINE_X86_64;
        aarch64 += object->machine == ELF_MACHINE_AARCH64;
    }
    return aarch64 > x86_64 ? ELF_MACHINE_AARCH64 : ELF_MACHINE_X86_64;
}

/** How many needers were told for each soname: the first few are enough. */
enum { MOST_SONAMES = 64, MOST_NEEDERS = 8 };

struct said {
    int count;
    const char *soname[MOST_SONAMES];
    int needers[MOST_SONAMES];
};

/** The place of a soname in the list; -1 when enough was said about it, or when there is no room. */
static int place_for(struct said *said, const char *soname) {
    int at = 0;
    while (at < said->count && !text_equal(said->soname[at], soname)) at++;
    if (at == said->count) {
        if (said->count == MOST_SONAMES) return -1;
        said->soname[said->count] = soname;
        said->needers[said->count++] = 0;
    }
    return said->needers[at] < MOST_NEEDERS ? at : -1;
}

static int was_said_enough(const struct said *said, const char *soname) {
    for (int at = 0; at < said->count; at++)
        if (text_equal(said->soname[at], soname)) return said->needers[at] >= MOST_NEEDERS;
    return said->count == MOST_SONAMES;
}

int missing_visit(struct image_objects *objects, struct linker *linker, const char *preload,
                   void (*visit)(const struct missing *missing, void *given), void *given) {
    struct said said = {.count = 0};
    uint16_t machine = machine_of_image(objects);
    for (struct object *object = objects->objects; object; object = object->next) {
        if (object->cuda_count == 0 || object->machine != machine) continue;
        if (is_late(objects)) return 0;
        int counts = -1;
        for (int at = 0; at < object->cuda_count; at++) {
            const char *soname = object->cuda[at];
            /* Before the search through all files, which is long where thousands of them lack the same library. */
            if (is_optional_for(object, soname) || was_said_enough(&said, soname)) continue;
            if (finds_itself(linker, object, soname) || is_within_reach(objects, linker, object, soname)) continue;
            objects->visits++;
            if (counts < 0) counts = is_needed_by_image(objects, object, 0);
            if (!counts || (preload && text_find(preload, soname))) continue;
            objects->visits++;
            if (found_by_programs(objects, linker, object, soname) ||
                found_by_loaders(objects, linker, object, soname, !object->runpath, 0))
                continue;
            /* What was broken off found nothing, and says nothing. */
            if (is_late(objects)) return 0;
            const struct cuda_file *elsewhere = somewhere(objects->files, soname, machine);
            int place = place_for(&said, soname);
            if (place < 0) continue;
            said.needers[place]++;
            visit(&(struct missing){.soname = soname, .needed_by = object->path,
                                    .elsewhere = elsewhere ? elsewhere->path : NULL},
                  given);
        }
    }
    return 1;
}
