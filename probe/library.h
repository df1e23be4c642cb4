/* Shared libraries as the image's dynamic linker finds them, and where the file came from. */
#ifndef PROBE_LIBRARY_H
#define PROBE_LIBRARY_H

#include "step.h"

enum { ORIGIN_ROOM = 12 };

struct library {
    /** The file, links resolved; empty when there is none. */
    char path[PATH_ROOM];
    /** What the dynamic linker said; empty when it loaded. */
    char error[ERROR_ROOM];
    /** `host`, `compat`, `stub`, `image`, `empty` or `absent`; empty when it is there but what it needs is not. */
    char origin[ORIGIN_ROOM];
};

/**
 * Loads the library as an application would, `name` being a soname or a path, and notes its file and origin.
 * `symbol` is one that it must have. Returns NULL when it does not load.
 */
void *library_load(struct library *library, const char *name, const char *symbol);

/** Whether the file's name ends in this driver version: libcuda.so.535.104.05. */
int library_has_version(const struct library *library, const char *version, size_t room);

#endif
