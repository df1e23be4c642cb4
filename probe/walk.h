/*
 * A bounded walk over folders that opens each file at most once, for several visitors at a time.
 *
 * It follows no links, enters no file system of the kernel's own making, never opens what is no plain file, and says
 * what it left out. Paths are absolute, with the links of the root resolved.
 */
#ifndef PROBE_WALK_H
#define PROBE_WALK_H

#include "mount_table.h"
#include "sys.h"

enum {
    WALK_PATH_ROOM = 4096,
    /** Deepest nesting of folders below a root; each level holds a folder open. */
    WALK_DEEPEST = 100,
    /** First bytes of a file that every visitor gets without reading. */
    WALK_HEAD_BYTES = 4096,
    WALK_MOST_FILES = 5000000,
    /** Places named as skipped, and as unreadable; more are only counted. */
    WALK_MOST_NOTES = 48
};

/** A name in a folder. Everything here is valid only during the call that gets it. */
struct walk_entry {
    const char *path;
    size_t path_length;
    /** The path's last part. */
    const char *name;
    /** A mount brought the file into the container from outside: it is not the image's. */
    int mounted;
};

struct walk_file {
    struct walk_entry entry;
    /** Open for reading; to be read with sys_read_at only, and not to be closed. */
    int file;
    uint64_t size, device, inode;
    /** The same file was visited before under another name. */
    int again;
    const unsigned char *head;
    size_t head_bytes;
};

/** Each function may be NULL. `given` is the visitor's own. */
struct walk_visitor {
    void *given;
    /** Every folder that the walk enters, the roots too, before what is in it. */
    void (*folder)(void *given, const struct walk_entry *entry);
    /** Every symbolic link; it is not followed. */
    void (*link)(void *given, const struct walk_entry *entry);
    /** Whether `file` is to be called for this name. A file that no visitor wants is not opened. */
    int (*wants)(void *given, const struct walk_entry *entry);
    void (*file)(void *given, const struct walk_file *file);
};

enum walk_mounts {
    /** In a container: a folder that is mounted into it is skipped, a file is marked as `mounted`. */
    WALK_IMAGE_ONLY,
    /** On a host: mounted folders are walked like any other. */
    WALK_ALL_MOUNTS
};

struct walk_note {
    char path[512];
    /** In words, or an error name. */
    char why[64];
};

struct walk_notes {
    int count;
    struct walk_note note[WALK_MOST_NOTES];
};

struct walk {
    /* To be set before. */
    struct walk_visitor *visitors;
    size_t visitor_count;
    enum walk_mounts mounts;
    /** By sys_clock_us. */
    int64_t deadline_us;
    /** WALK_PATH_ROOM bytes that always hold what is being read, for who watches from outside; or NULL. */
    char *current;

    /* What was seen. */
    /** Plain files by name, opened or not; folders entered. */
    uint64_t files, folders, opened;
    struct walk_notes skipped, unreadable;
    /** A limit (time, files, depth, path length) left a part unseen. */
    int incomplete;

    struct walk_state *state;
};

/** Notes after the walk that something about this place stays unknown. */
void walk_leave_out(struct walk *walk, const char *path, const char *why);

/** Prepares a walk; 0, or -1 when there is no memory. */
int walk_begin(struct walk *walk);

/** Walks a folder, or visits a file. Returns 0, or a negative error number when the root itself cannot be opened. */
long walk_root(struct walk *walk, const char *root);

/** Whether a name's ending says that the file is source text, a document, a picture, an archive or model data: no program loads code from it. */
int walk_name_is_data(const char *name);

#endif
