/*
 * The operating system below the probe: system calls by number and the few functions imported from the image's libc.
 * Nothing here depends on libc headers, whose macros bind programs to the symbol versions of the build machine.
 */
#ifndef PROBE_SYS_H
#define PROBE_SYS_H

#include <stddef.h>
#include <stdint.h>

/* Imported from the image's libc.so.6 and libdl.so.2; abi/imports.txt lists the same names. */
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end);
int fork(void);
void (*signal(int number, void (*handler)(int)))(int);
const char *gnu_get_libc_version(void);
void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *at, int value, size_t bytes);
void *dlopen(const char *name, int flags);
void *dlsym(void *handle, const char *name);
char *dlerror(void);

struct dl_address {
    const char *file;
    void *base;
    const char *symbol;
    void *address;
};
int dladdr(const void *address, struct dl_address *found);

enum { DL_LAZY = 1, DL_NOW = 2 };

enum { SIGNAL_INT = 2, SIGNAL_KILL = 9, SIGNAL_PIPE = 13, SIGNAL_TERM = 15 };

/* Flags of open; two of them differ between x86-64 and aarch64. */
enum {
    OPEN_READ = 0,
    OPEN_READ_WRITE = 2,
    OPEN_NO_TERMINAL = 0400,
    OPEN_NONBLOCK = 04000,
    OPEN_NO_ATIME = 01000000,
    OPEN_CLOEXEC = 02000000,
    OPEN_PATH = 010000000,
#if defined(__aarch64__)
    OPEN_FOLDER = 040000,
    OPEN_NO_FOLLOW = 0100000
#else
    OPEN_FOLDER = 0200000,
    OPEN_NO_FOLLOW = 0400000
#endif
};

enum {
    ERROR_PERM = 1,
    ERROR_NOENT = 2,
    ERROR_INTR = 4,
    ERROR_IO = 5,
    ERROR_NXIO = 6,
    ERROR_AGAIN = 11,
    ERROR_ACCES = 13,
    ERROR_BUSY = 16,
    ERROR_NODEV = 19,
    ERROR_NOTDIR = 20,
    ERROR_INVAL = 22,
    ERROR_LOOP = 40
};

enum { ACCESS_READ = 4, ACCESS_WRITE = 2, ACCESS_EXECUTE = 1 };

/* Each returns the kernel's answer: zero or more, or a negative error number. */
long sys_open(const char *path, int flags);
/** Opens `name` relative to an open folder. */
long sys_open_in(int folder, const char *name, int flags);
long sys_close(int file);
long sys_read(int file, void *into, size_t bytes);
/** Reads at an offset; may give less than asked for. */
long sys_read_at(int file, void *into, size_t bytes, uint64_t offset);
/** Tells the kernel that reads will jump about, so that it reads nothing ahead. */
void sys_expect_jumps(int file);
long sys_write(int file, const void *from, size_t bytes);
long sys_readlink(const char *path, char *into, size_t bytes);
long sys_access(const char *path, int mode);
/** Size of the file in bytes, links followed. */
long sys_file_size(const char *path);

enum { MODE_TYPE = 0170000, MODE_FOLDER = 0040000, MODE_FILE = 0100000, MODE_LINK = 0120000 };
struct sys_status {
    uint64_t device, inode, size;
    uint32_t mode;
    uint32_t links;
};
long sys_status(int file, struct sys_status *status);
/** The same of a name in an open folder; a link is not followed. */
long sys_status_in(int folder, const char *name, struct sys_status *status);
/** Magic number of the file system that the open file is on, as <linux/magic.h> has them. */
long sys_file_system_type(int file, uint64_t *type);
/** Fills a pipe whose two ends close on exec. */
long sys_pipe(int ends[2]);
long sys_duplicate(int from, int to);
long sys_kill(int pid, int signal_number);
/** Becomes another program; returns only when that fails. */
long sys_execute(const char *path, char **arguments, char **environment);
/** Pid of the ended child, 0 while it runs; status as the kernel encodes it. */
long sys_wait_now(int pid, int *status);
/** The caller leads a session and a process group of its own from now on. */
long sys_session(void);
long sys_parent(void);
long sys_own_pid(void);
long sys_uid(void);
long sys_gid(void);
/** The kernel sends this signal to the caller when its parent is gone. */
long sys_die_with_parent(int signal_number);
long sys_limit_get(int resource, uint64_t *soft, uint64_t *hard);
long sys_limit_set(int resource, uint64_t soft, uint64_t hard);
/** Anonymous memory that children share; NULL when there is none. */
void *sys_shared_memory(size_t bytes);
/** Anonymous memory of this process, zeroed, that takes room only where it is touched; NULL when there is none. */
void *sys_memory(size_t bytes);
/** Total bytes of the file system at `path`. */
long sys_file_system_bytes(const char *path, uint64_t *bytes);
long sys_read_folder(int file, void *into, size_t bytes);
void sys_sleep_ms(long ms);
_Noreturn void sys_exit(int status);

struct sys_poll {
    int file;
    short wanted;
    short got;
};
enum { POLL_READ = 1 };
long sys_wait_readable(struct sys_poll *polls, size_t count, long timeout_ms);

/** Microseconds of a clock that only moves forward. */
int64_t sys_clock_us(void);

/** Seconds since 1970 in UTC. */
int64_t sys_time(void);

/** Name of an error number, `EPERM`; `error N` for the rare ones. */
const char *sys_error_name(long error, char room[24]);

/* One entry of a folder as the kernel lays it out. */
struct sys_folder_entry {
    uint64_t inode;
    int64_t next;
    uint16_t length;
    uint8_t type;
    char name[];
};

/* What `type` says. */
enum { ENTRY_UNKNOWN = 0, ENTRY_FOLDER = 4, ENTRY_FILE = 8, ENTRY_LINK = 10 };

enum { LIMIT_CORE = 4, LIMIT_MEMLOCK = 8 };

#endif
