#include "image_objects.h"

#include "files.h"

/** Conda keeps each package once more in `pkgs` beside its `conda-meta`, as links to the same files. */
static int is_package_cache(const struct walk_entry *entry) {
    char path[PATH_ROOM];
    if (text_equal(entry->name, ".cache")) return 1;
    if (!text_equal(entry->name, "pkgs") || entry->path_length >= sizeof path) return 0;
    text_copy(path, sizeof path, entry->path);
    path[entry->path_length - text_length("pkgs")] = 0;
    return text_append(path, sizeof path, "conda-meta") && sys_access(path, 0) >= 0;
}

static void note_package(struct image_objects *objects, const struct walk_entry *entry) {
    static const char *const PREFIXES[] = {"nvidia_", "nvidia-", "tensorrt", "cutensor"};
    size_t length = text_length(entry->name), at = 0;
    enum { ENDING = 10 };
    if (length <= ENDING || !text_equal(entry->name + length - ENDING, ".dist-info")) return;
    while (at < sizeof PREFIXES / sizeof PREFIXES[0] && !text_starts(entry->name, PREFIXES[at])) at++;
    if (at == sizeof PREFIXES / sizeof PREFIXES[0]) return;
    char site[PATH_ROOM];
    if (!text_copy(site, sizeof site, image_root_inside(&objects->root, entry->path))) return;
    site[text_length(site) - length] = 0;
    struct package_note *note = arena_take(&objects->arena, sizeof *note);
    if (!note) return;
    note->site = arena_text(&objects->arena, site);
    note->name = arena_text(&objects->arena, entry->name);
    if (!note->site || !note->name) return;
    note->next = objects->packages;
    objects->packages = note;
}

void object_folder(struct image_objects *objects, const struct walk_entry *entry) {
    if (objects->ignored[0] && path_is_within(entry->path, objects->ignored)) return;
    if (is_package_cache(entry) && text_copy(objects->ignored, sizeof objects->ignored, entry->path)) return;
    note_package(objects, entry);
}

int object_is_wanted(const struct image_objects *objects, const struct walk_entry *entry) {
    if (entry->path_length >= PATH_ROOM || walk_name_is_data(entry->name)) return 0;
    return !objects->ignored[0] || !path_is_within(entry->path, objects->ignored);
}

/** The folder of a path; kept once for neighbours. */
static const char *keep_folder(struct image_objects *objects, const char *path) {
    char folder[PATH_ROOM];
    text_copy(folder, sizeof folder, path);
    size_t length = text_length(folder);
    while (length > 0 && folder[length - 1] != '/') length--;
    folder[length > 1 ? length - 1 : length] = 0;
    if (objects->last_object && text_equal(objects->last_object->folder, folder)) return objects->last_object->folder;
    return arena_text(&objects->arena, folder);
}

static const char *keep(struct image_objects *objects, const char *text) {
    return text ? arena_text(&objects->arena, text) : NULL;
}

static void add_object(struct image_objects *objects, const struct walk_file *file, enum cuda_family family) {
    const struct elf_dynamic *dynamic = &objects->dynamic;
    size_t before = objects->arena.used;
    struct object *object = arena_take(&objects->arena, sizeof *object);
    uint32_t *hashes = arena_take(&objects->arena, (size_t)dynamic->needed_count * sizeof *hashes);
    const char **cuda = arena_take(&objects->arena, (size_t)dynamic->needed_count * sizeof *cuda);
    if (!object || !hashes || !cuda) return;
    *object = (struct object){
        .path = keep(objects, image_root_inside(&objects->root, file->entry.path)),
        .soname_hash = text_hash(dynamic->soname ? dynamic->soname : file->entry.name),
        .machine = dynamic->machine, .no_default_folders = dynamic->no_default_folders, .family = family,
        .rpath = keep(objects, dynamic->rpath), .runpath = keep(objects, dynamic->runpath),
        .needed_count = dynamic->needed_count, .needed_hash = hashes, .cuda = cuda};
    for (int at = 0; at < dynamic->needed_count; at++) {
        struct cuda_name name;
        hashes[at] = text_hash(dynamic->needed[at]);
        if (cuda_name_of(dynamic->needed[at], &name) == CUDA_LIBRARY && name.version[0])
            cuda[object->cuda_count++] = keep(objects, dynamic->needed[at]);
    }
    object->folder = object->path ? keep_folder(objects, object->path) : NULL;
    if (objects->arena.full || !object->folder) {
        objects->arena.used = before;
        return;
    }
    if (objects->last_object)
        objects->last_object->next = object;
    else
        objects->objects = object;
    objects->last_object = object;
}

/** Digits and dots after `.so.` are the version when they go beyond the soname's, or have three parts. */
static void take_version(struct cuda_file *file, const struct cuda_name *name) {
    struct cuda_name own;
    int parts = 1;
    for (const char *at = name->version; *at; at++) parts += *at == '.';
    if (!name->version[0] || parts < 2) return;
    if (parts == 2 && file->family == CUDA_LIBRARY &&
        (!file->soname || cuda_name_of(file->soname, &own) == CUDA_NEITHER || text_equal(own.version, name->version)))
        return;
    text_copy(file->version, sizeof file->version, name->version);
    file->version_from = VERSION_FILE_NAME;
}

static void add_cuda_file(struct image_objects *objects, const struct walk_file *file, enum cuda_family family,
                          const struct cuda_name *name) {
    for (const struct cuda_file *one = objects->files; file->again && one; one = one->next)
        if (one->device == file->device && one->inode == file->inode) return;
    struct cuda_file *added = arena_take(&objects->arena, sizeof *added);
    if (!added) return;
    *added = (struct cuda_file){
        .path = keep(objects, image_root_inside(&objects->root, file->entry.path)), .family = family,
        .soname = file->size > 0 ? keep(objects, objects->dynamic.soname) : NULL, .size = file->size,
        .device = file->device, .inode = file->inode, .mounted = file->entry.mounted,
        .machine = file->size > 0 ? objects->dynamic.machine : 0};
    if (!added->path) return;
    text_copy(added->name, sizeof added->name, name->name);
    take_version(added, name);
    if (objects->last_file)
        objects->last_file->next = added;
    else
        objects->files = added;
    objects->last_file = added;
}

void object_file(struct image_objects *objects, const struct walk_file *file) {
    struct cuda_name name;
    enum cuda_family family = cuda_name_of(file->entry.name, &name);
    if (file->size == 0) {
        if (family == CUDA_DRIVER) add_cuda_file(objects, file, family, &name);
        return;
    }
    const struct elf_source source = {
        .file = file->file, .size = file->size, .head = file->head, .head_bytes = file->head_bytes};
    if (elf_kind_of(file->head, file->head_bytes) != ELF_64) return;
    if (elf_dynamic_read(&source, &objects->dynamic) < 0) return;
    if (family != CUDA_NEITHER) add_cuda_file(objects, file, family, &name);
    /* With a part of its names unknown, nothing can be said about what it lacks. */
    if (objects->dynamic.needed_count > 0 && !file->entry.mounted && !objects->dynamic.cut)
        add_object(objects, file, family);
}
