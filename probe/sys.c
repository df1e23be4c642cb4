/* System calls by number, so that the probe needs no symbol newer than the oldest ABI of glibc. */
#include "sys.h"

/* The kernel's tables, so that building takes a compiler and nothing else. */
#if defined(__x86_64__)
enum call_number {
    CALL_READ = 0, CALL_WRITE = 1, CALL_CLOSE = 3, CALL_FSTAT = 5, CALL_MMAP = 9, CALL_PREAD64 = 17,
    CALL_NANOSLEEP = 35, CALL_GETPID = 39, CALL_EXECVE = 59, CALL_WAIT4 = 61,
    CALL_KILL = 62, CALL_GETUID = 102, CALL_GETGID = 104, CALL_GETPPID = 110,
    CALL_SETSID = 112, CALL_STATFS = 137, CALL_FSTATFS = 138, CALL_PRCTL = 157, CALL_GETDENTS64 = 217, CALL_FADVISE64 = 221,
    CALL_CLOCK_GETTIME = 228,
    CALL_EXIT_GROUP = 231, CALL_OPENAT = 257, CALL_NEWFSTATAT = 262, CALL_READLINKAT = 267,
    CALL_FACCESSAT = 269, CALL_PPOLL = 271, CALL_DUP3 = 292, CALL_PIPE2 = 293, CALL_PRLIMIT64 = 302
};
#elif defined(__aarch64__)
enum call_number {
    CALL_DUP3 = 24, CALL_STATFS = 43, CALL_FSTATFS = 44, CALL_FACCESSAT = 48, CALL_OPENAT = 56, CALL_CLOSE = 57,
    CALL_PIPE2 = 59, CALL_GETDENTS64 = 61, CALL_READ = 63, CALL_WRITE = 64, CALL_PREAD64 = 67,
    CALL_PPOLL = 73, CALL_READLINKAT = 78, CALL_NEWFSTATAT = 79, CALL_FSTAT = 80, CALL_EXIT_GROUP = 94, CALL_NANOSLEEP = 101,
    CALL_CLOCK_GETTIME = 113, CALL_KILL = 129, CALL_SETSID = 157, CALL_PRCTL = 167, CALL_GETPID = 172, CALL_GETPPID = 173,
    CALL_GETUID = 174, CALL_GETGID = 176, CALL_EXECVE = 221, CALL_MMAP = 222,
    CALL_FADVISE64 = 223, CALL_WAIT4 = 260, CALL_PRLIMIT64 = 261
};
#endif

static long call6(long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
#else
#error "the probe is written for x86-64 and aarch64"
#endif
}

static long call3(long number, long a, long b, long c) { return call6(number, a, b, c, 0, 0, 0); }

static long call4(long number, long a, long b, long c, long d) {
    return call6(number, a, b, c, d, 0, 0);
}

enum { AT_WORKING_FOLDER = -100 };

struct kernel_time {
    int64_t seconds;
    int64_t nanoseconds;
};

long sys_open(const char *path, int flags) {
    return call4(CALL_OPENAT, AT_WORKING_FOLDER, (long)path, flags, 0);
}

long sys_open_in(int folder, const char *name, int flags) {
    return call4(CALL_OPENAT, folder, (long)name, flags, 0);
}

long sys_close(int file) { return call3(CALL_CLOSE, file, 0, 0); }

long sys_read(int file, void *into, size_t bytes) {
    long got;
    do {
        got = call3(CALL_READ, file, (long)into, (long)bytes);
    } while (got == -ERROR_INTR);
    return got;
}

long sys_read_at(int file, void *into, size_t bytes, uint64_t offset) {
    long got;
    do {
        got = call4(CALL_PREAD64, file, (long)into, (long)bytes, (long)offset);
    } while (got == -ERROR_INTR);
    return got;
}

void sys_expect_jumps(int file) {
    enum { RANDOM = 1 };
    call4(CALL_FADVISE64, file, 0, 0, RANDOM);
}

long sys_write(int file, const void *from, size_t bytes) {
    return call3(CALL_WRITE, file, (long)from, (long)bytes);
}

long sys_readlink(const char *path, char *into, size_t bytes) {
    return call4(CALL_READLINKAT, AT_WORKING_FOLDER, (long)path, (long)into, (long)bytes);
}

long sys_access(const char *path, int mode) {
    return call3(CALL_FACCESSAT, AT_WORKING_FOLDER, (long)path, mode);
}

/* The kernel's `struct stat`; on both architectures the size is the seventh of the 64-bit words. */
struct kernel_status {
    uint64_t device, inode;
#if defined(__x86_64__)
    uint64_t links;
    uint32_t mode, uid, gid, padding;
    uint64_t node;
#else
    uint32_t mode, links, uid, gid;
    uint64_t node, padding;
#endif
    int64_t size;
    int64_t rest[11];
};

static void take_status(const struct kernel_status *about, struct sys_status *status) {
    status->device = about->device;
    status->inode = about->inode;
    status->size = about->size < 0 ? 0 : (uint64_t)about->size;
    status->mode = about->mode;
    status->links = (uint32_t)about->links;
}

long sys_status(int file, struct sys_status *status) {
    struct kernel_status about;
    long answer = call3(CALL_FSTAT, file, (long)&about, 0);
    if (answer >= 0) take_status(&about, status);
    return answer;
}

long sys_status_in(int folder, const char *name, struct sys_status *status) {
    enum { NO_FOLLOW = 0x100 };
    struct kernel_status about;
    long answer = call4(CALL_NEWFSTATAT, folder, (long)name, (long)&about, NO_FOLLOW);
    if (answer >= 0) take_status(&about, status);
    return answer;
}

long sys_file_size(const char *path) {
    struct kernel_status about;
    long answer = call4(CALL_NEWFSTATAT, AT_WORKING_FOLDER, (long)path, (long)&about, 0);
    return answer < 0 ? answer : (long)about.size;
}

long sys_pipe(int ends[2]) { return call3(CALL_PIPE2, (long)ends, OPEN_CLOEXEC, 0); }

long sys_duplicate(int from, int to) { return call3(CALL_DUP3, from, to, 0); }

long sys_kill(int pid, int signal_number) { return call3(CALL_KILL, pid, signal_number, 0); }

long sys_execute(const char *path, char **arguments, char **environment) {
    return call3(CALL_EXECVE, (long)path, (long)arguments, (long)environment);
}

long sys_wait_now(int pid, int *status) {
    enum { NO_HANG = 1 };
    return call4(CALL_WAIT4, pid, (long)status, NO_HANG, 0);
}

long sys_session(void) { return call3(CALL_SETSID, 0, 0, 0); }

long sys_parent(void) { return call3(CALL_GETPPID, 0, 0, 0); }

long sys_own_pid(void) { return call3(CALL_GETPID, 0, 0, 0); }

long sys_uid(void) { return call3(CALL_GETUID, 0, 0, 0); }

long sys_gid(void) { return call3(CALL_GETGID, 0, 0, 0); }

long sys_die_with_parent(int signal_number) {
    enum { SET_PARENT_DEATH_SIGNAL = 1 };
    return call3(CALL_PRCTL, SET_PARENT_DEATH_SIGNAL, signal_number, 0);
}

long sys_limit_get(int resource, uint64_t *soft, uint64_t *hard) {
    uint64_t both[2] = {0, 0};
    long answer = call4(CALL_PRLIMIT64, 0, resource, 0, (long)both);
    *soft = both[0];
    *hard = both[1];
    return answer;
}

long sys_limit_set(int resource, uint64_t soft, uint64_t hard) {
    const uint64_t both[2] = {soft, hard};
    return call4(CALL_PRLIMIT64, 0, resource, (long)both, 0);
}

void *sys_shared_memory(size_t bytes) {
    enum { READ_WRITE = 3, SHARED_ANONYMOUS = 0x21 };
    long at = call6(CALL_MMAP, 0, (long)bytes, READ_WRITE, SHARED_ANONYMOUS, -1, 0);
    return at < 0 && at > -4096 ? NULL : (void *)at;
}

void *sys_memory(size_t bytes) {
    enum { READ_WRITE = 3, PRIVATE_ANONYMOUS_UNRESERVED = 0x4022 };
    long at = call6(CALL_MMAP, 0, (long)bytes, READ_WRITE, PRIVATE_ANONYMOUS_UNRESERVED, -1, 0);
    return at < 0 && at > -4096 ? NULL : (void *)at;
}

struct kernel_file_system {
    int64_t type, block_bytes;
    uint64_t blocks, free, available, files, free_files;
    int32_t id[2];
    int64_t name_bytes, fragment_bytes, flags, spare[4];
};

long sys_file_system_type(int file, uint64_t *type) {
    struct kernel_file_system about;
    long answer = call3(CALL_FSTATFS, file, (long)&about, 0);
    if (answer >= 0) *type = (uint64_t)about.type & 0xffffffff;
    return answer;
}

long sys_file_system_bytes(const char *path, uint64_t *bytes) {
    struct kernel_file_system about;
    long answer = call3(CALL_STATFS, (long)path, (long)&about, 0);
    if (answer >= 0) *bytes = about.blocks * (uint64_t)about.block_bytes;
    return answer;
}

long sys_read_folder(int file, void *into, size_t bytes) {
    return call3(CALL_GETDENTS64, file, (long)into, (long)bytes);
}

void sys_sleep_ms(long ms) {
    const struct kernel_time time = {ms / 1000, ms % 1000 * 1000000};
    call3(CALL_NANOSLEEP, (long)&time, 0, 0);
}

_Noreturn void sys_exit(int status) {
    for (;;) call3(CALL_EXIT_GROUP, status, 0, 0);
}

long sys_wait_readable(struct sys_poll *polls, size_t count, long timeout_ms) {
    const struct kernel_time time = {timeout_ms / 1000, timeout_ms % 1000 * 1000000};
    return call6(CALL_PPOLL, (long)polls, (long)count, (long)&time, 0, 0, 0);
}

int64_t sys_clock_us(void) {
    enum { MONOTONIC = 1 };
    struct kernel_time time = {0, 0};
    call3(CALL_CLOCK_GETTIME, MONOTONIC, (long)&time, 0);
    return time.seconds * 1000000 + time.nanoseconds / 1000;
}

int64_t sys_time(void) {
    enum { REALTIME = 0 };
    struct kernel_time time = {0, 0};
    call3(CALL_CLOCK_GETTIME, REALTIME, (long)&time, 0);
    return time.seconds;
}

const char *sys_error_name(long error, char room[24]) {
    if (error < 0) error = -error;
    switch (error) {
    case ERROR_PERM: return "EPERM";
    case ERROR_NOENT: return "ENOENT";
    case ERROR_IO: return "EIO";
    case ERROR_NXIO: return "ENXIO";
    case ERROR_AGAIN: return "EAGAIN";
    case ERROR_ACCES: return "EACCES";
    case ERROR_BUSY: return "EBUSY";
    case ERROR_NODEV: return "ENODEV";
    case ERROR_NOTDIR: return "ENOTDIR";
    case ERROR_LOOP: return "ELOOP";
    default: break;
    }
    char digits[8];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + error % 10);
        error /= 10;
    } while (error > 0 && count < sizeof digits);
    size_t at = 0;
    for (const char *word = "error "; *word; word++) room[at++] = *word;
    while (count > 0) room[at++] = digits[--count];
    room[at] = 0;
    return room;
}
