/* Reading small files line by line, folders entry by entry, and where a file is mounted from. */
#ifndef PROBE_FILES_H
#define PROBE_FILES_H

#include "sys.h"

enum { LINE_ROOM = 2048 };

struct lines {
    int file;
    size_t at, end;
    char buffer[4096];
    /** The line last read, without its newline; cut when it is longer than this. */
    char line[LINE_ROOM];
};

/** 0 or a negative error number. */
long lines_open(struct lines *lines, const char *path);
/** 1 while there is a line. */
int lines_next(struct lines *lines);
void lines_close(struct lines *lines);

/** Calls `visit` with each name in the folder but `.` and `..`; returns 0 or a negative error number. */
long folder_visit(const char *folder, void (*visit)(const char *name, void *given), void *given);

/** The file's path with every link resolved; returns 0 or a negative error number. */
long real_path(const char *path, char *to, size_t room);

/** One line of /proc/self/mountinfo. */
struct mount {
    /** `major:minor` */
    char device[32];
    /** The folder or file of that file system that is shown, and where. */
    char root[LINE_ROOM];
    char place[LINE_ROOM];
    /** `overlay`, `proc` … */
    char type[32];
};
/** Calls `visit` with each mount, a later one covering an earlier one at the same place; a negative error number when they cannot be read. */
long mounts_visit(void (*visit)(const struct mount *mount, void *given), void *given);

/** Whether `path` is `folder` or lies below it. */
int path_is_within(const char *path, const char *folder);

enum mounted {
    /** On the file system of the root, as part of the image. */
    MOUNTED_WITH_ROOT,
    /** A mount brought it in from outside the image. */
    MOUNTED_FROM_OUTSIDE,
    /** A mount shows a file of the image itself at another place. */
    MOUNTED_FROM_IMAGE,
    MOUNTS_UNREADABLE
};
/** How the file at a resolved path came to be there; `source` gets its path on the file system it was mounted from. */
enum mounted mounted_how(const char *path, char *source, size_t room);

#endif
