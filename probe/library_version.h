/* The version that a library tells by its own function, for files whose name and package do not. */
#ifndef PROBE_LIBRARY_VERSION_H
#define PROBE_LIBRARY_VERSION_H

#include "step.h"

/** Whether a function is known for the library of this name. */
int library_version_is_told(const char *name);

/**
 * Loads the file in a process of its own and asks; no GPU and no driver are needed. Returns 1 with the version at `to`, 0 when the
 * file does not load, has no such function, crashes, or takes longer than `timeout_ms`.
 */
int library_version_ask(const char *path, const char *name, long timeout_ms, char *to, size_t room);

#endif
