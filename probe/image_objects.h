/* The ELF files of one image that the dynamic linker deals with, and which of them bring CUDA's libraries. */
#ifndef PROBE_IMAGE_OBJECTS_H
#define PROBE_IMAGE_OBJECTS_H

#include "arena.h"
#include "cuda_names.h"
#include "elf_dynamic.h"
#include "image_root.h"
#include "walk.h"

/** An ELF file that needs others. Paths are inside the root. */
struct object {
    struct object *next;
    const char *path, *folder;
    /** Stands for the name by which others need it. */
    uint32_t soname_hash;
    uint16_t machine;
    int no_default_folders;
    enum cuda_family family;
    const char *rpath, *runpath;
    int needed_count;
    const uint32_t *needed_hash;
    /** Of what it needs, the sonames of CUDA's libraries without the driver's. */
    int cuda_count;
    const char *const *cuda;
    /** For a search through the objects that need one another. */
    uint32_t visit;
};

enum version_from { VERSION_UNKNOWN, VERSION_FILE_NAME, VERSION_PACKAGE, VERSION_FUNCTION };

/** A file of a library of CUDA or of the driver. */
struct cuda_file {
    struct cuda_file *next;
    const char *path;
    enum cuda_family family;
    char name[CUDA_NAME_ROOM];
    /** As the file says; NULL when it does not. */
    const char *soname;
    char version[VERSION_ROOM];
    enum version_from version_from;
    uint64_t size, device, inode;
    uint16_t machine;
    int mounted;
};

/** Folder of an installed package's metadata that may tell a library's version. */
struct package_note {
    struct package_note *next;
    /** The folder that it is in, and its own name. */
    const char *site, *name;
};

struct image_objects {
    struct arena arena;
    struct image_root root;
    struct object *objects, *last_object;
    struct cuda_file *files, *last_file;
    struct package_note *packages;
    /** Files that nobody runs in place: a package cache. */
    char ignored[PATH_ROOM];
    uint32_t visits;
    /** By sys_clock_us, for the search through the objects. */
    int64_t deadline_us;
    int is_late;
    uint32_t checks;
    struct elf_dynamic dynamic;
};

/** Notes a folder: whether it is a cache of packages, or tells of a package. */
void object_folder(struct image_objects *objects, const struct walk_entry *entry);

int object_is_wanted(const struct image_objects *objects, const struct walk_entry *entry);

void object_file(struct image_objects *objects, const struct walk_file *file);

#endif
