/* What is mounted where, kept for many questions: a walk asks it about every folder and file. */
#ifndef PROBE_MOUNT_TABLE_H
#define PROBE_MOUNT_TABLE_H

#include "files.h"

enum mount_kind {
    /** Nothing is mounted at this place itself. */
    MOUNT_NONE,
    /** A file system of the kernel's own making: proc, sysfs, cgroup, the device nodes, and automount points. */
    MOUNT_PSEUDO,
    /** A part of the root's own file system, shown a second time. */
    MOUNT_REPEATED,
    /** A volume that the engine made for a VOLUME of the image, filled with what the image has at that place. */
    MOUNT_VOLUME,
    /** Any other file system, folder or file: not from the image when the root is a container's. */
    MOUNT_OTHER
};

struct mount_table;

/** Reads the mounts of this process; NULL when they cannot be read. The root itself is left out. */
struct mount_table *mount_table_read(void);

/** What is mounted at exactly this path. */
enum mount_kind mount_table_find(const struct mount_table *table, const char *path);

/** Whether a file system of this kernel magic number is of the kernel's own making. */
int is_pseudo_file_system(uint64_t type);

#endif
