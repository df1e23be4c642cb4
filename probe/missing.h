/* Which sonames of CUDA's libraries the programs and libraries of an image need and would not find. */
#ifndef PROBE_MISSING_H
#define PROBE_MISSING_H

#include "image_objects.h"
#include "linker.h"

struct missing {
    /** The paths are inside the root. */
    const char *soname, *needed_by;
    /** A file of that soname which the search does not reach; NULL when the image has none at all. */
    const char *elsewhere;
};

/**
 * Calls `visit` for each soname that is not found and each of the first files that need it. What counts, and what never does, is
 * told in PROTOCOL.md: every doubt is for the image. `preload` is the value of LD_PRELOAD or NULL. Returns 0 when the objects' deadline
 * came first: then not all was asked about.
 */
int missing_visit(struct image_objects *objects, struct linker *linker, const char *preload,
                   void (*visit)(const struct missing *missing, void *given), void *given);

#endif
