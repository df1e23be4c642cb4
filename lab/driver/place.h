/* Where a simulated library was loaded from, which decides how it behaves, as with the real ones. */
#ifndef SIMULATED_PLACE_H
#define SIMULATED_PLACE_H

#include "config.h"

/* Imported from libc, besides what sys.h declares. */
char *getenv(const char *name);

struct place {
    /** Links resolved. */
    char path[1024];
    int is_compat;
    int is_stub;
};

/** `own` is an address within the library. */
void place_find(struct place *place, const void *own);

/** Reads the description that the environment or the standard path names. */
int place_read_config(struct config *config);

#define EXPORT __attribute__((visibility("default")))

#endif
