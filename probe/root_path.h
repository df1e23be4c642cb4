/* Paths of an image whose root is some folder: links are followed as a process inside would follow them. */
#ifndef PROBE_ROOT_PATH_H
#define PROBE_ROOT_PATH_H

#include "step.h"

/**
 * Resolves an absolute path inside `root` (empty for the root of this process) to one without links, `.` and `..`. Returns 0
 * or a negative error number.
 */
long root_resolve(const char *root, const char *path, char *to, size_t room);

/** Opens a file for reading by a path inside that holds no links. */
long root_open(const char *root, const char *path);

/** Whether the path leads to anything inside. */
int root_has(const char *root, const char *path);

/** The path as this process sees it; 0 when it is too long. */
int root_outside(const char *root, const char *path, char *to, size_t room);

/** Reads the beginning of a file (its path may hold links) as text of at most `room` - 1 bytes; the length or a negative error number. */
long root_read(const char *root, const char *path, char *to, size_t room);

#endif
