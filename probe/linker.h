/*
 * The search of the dynamic linker for a library of CUDA's family, without executing anything.
 *
 * As ld.so(8) has it: DT_RPATH where there is no DT_RUNPATH, LD_LIBRARY_PATH, DT_RUNPATH, ld.so.cache, the default folders. A
 * file of another class or machine is passed over; one that is no ELF file at all, or has no bytes, ends the search,
 * because the real one stops there with an error. For musl: its own folders, and no cache.
 *
 * What lies in a folder `glibc-hwcaps` counts only where the folder above it has no such file: which of them is taken depends on
 * the processor, and both are the same library. The older folders of that kind (`tls`, `haswell`) are not searched.
 */
#ifndef PROBE_LINKER_H
#define PROBE_LINKER_H

#include "arena.h"
#include "step.h"

enum linker_via { LINKER_NONE, LINKER_RPATH, LINKER_LIBRARY_PATH, LINKER_RUNPATH, LINKER_CACHE, LINKER_DEFAULT };

struct linker;

struct linker_request {
    const char *soname;
    uint16_t machine;
    /** NULL, or the file's own, with the folder that it lies in. */
    const char *rpath, *runpath, *origin;
    int no_default_folders;
};

struct linker_found {
    /** Inside the root, links resolved; NULL when nothing was found. It lives as long as the arena. */
    const char *path;
    enum linker_via via;
};

/**
 * Prepares the search below `root` (empty for the own one). `library_path` is the value of LD_LIBRARY_PATH or NULL. Returns NULL
 * when the arena is full.
 */
struct linker *linker_open(struct arena *arena, const char *root, const char *library_path);

/** The first file that fits. */
struct linker_found linker_search(struct linker *linker, const struct linker_request *request);

/** The file that a folder (its path may hold links) gives for the soname, or NULL. */
const char *linker_in_folder(struct linker *linker, const char *folder, const char *soname, uint16_t machine);

/** The same for each folder of a DT_RPATH. */
const char *linker_in_list(struct linker *linker, const char *list, const char *origin, const char *soname,
                           uint16_t machine);

/**
 * What the folders of /etc/ld.so.conf give. The dynamic linker does not read them; ldconfig does, which the container toolkit runs in
 * every container that gets a GPU.
 */
const char *linker_in_configured(struct linker *linker, const char *soname, uint16_t machine);

#endif
