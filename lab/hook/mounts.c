#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__aarch64__)
#define MULTIARCH_FOLDER "/usr/lib/aarch64-linux-gnu"
#else
#define MULTIARCH_FOLDER "/usr/lib/x86_64-linux-gnu"
#endif

/* Not in the C library of every distribution that builds this. */
#define TREE_CLONE 1
#define MOVE_FROM_EMPTY_PATH 4

static int open_tree_of(const char *path)
{
    return (int)syscall(SYS_open_tree, AT_FDCWD, path, TREE_CLONE | O_CLOEXEC);
}

static void make_folders(const char *path)
{
    char *copy = strdup(path);
    if (copy == NULL) {
        refuse("initialization error: out of memory");
    }
    for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(copy, 0755);
        *slash = '/';
    }
    free(copy);
}

/* Runs inside the container's root. The target is created as the real tool does: an empty file under the mount. */
static void attach(int tree, const char *target, unsigned long flags)
{
    int file;
    make_folders(target);
    file = open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) {
        refuse("mount error: file creation failed: %s: %s", target, strerror(errno));
    }
    close(file);
    if (syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_FROM_EMPTY_PATH) != 0) {
        refuse("mount error: mount operation failed: %s: %s", target, strerror(errno));
    }
    if (flags != 0 && mount(NULL, target, NULL, MS_BIND | MS_REMOUNT | flags, NULL) != 0) {
        refuse("mount error: mount operation failed: %s: %s", target, strerror(errno));
    }
}

static void write_text(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    size_t length = strlen(text);
    if (file < 0 || write(file, text, length) != (ssize_t)length) {
        refuse("mount error: file creation failed: %s: %s", path, strerror(errno));
    }
    close(file);
}

static int has_capability(const char *capabilities, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = capabilities; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
        size_t item = strcspn(at, ",");
        if ((item == length && strncmp(at, name, length) == 0) || (item == 3 && strncmp(at, "all", 3) == 0)) {
            return 1;
        }
    }
    return 0;
}

static void plan(attachments *list, const char *source, char *target, unsigned long flags)
{
    attachment item = {open_tree_of(source), target, flags};
    if (item.tree < 0) {
        refuse("mount error: open failed: %s: %s", source, strerror(errno));
    }
    list->items[list->count++] = item;
}

static char *format_path(const char *folder, const char *name, const char *tail)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s%s", folder, name, tail) < 0) {
        refuse("initialization error: out of memory");
    }
    return path;
}

/* The device nodes are the host's /dev/null under the driver's names: they can be opened, and reach nothing. */
static void plan_device(attachments *list, const host_description *host, const char *name)
{
    if (!host_lacks(host, name)) {
        plan(list, "/dev/null", format_path("/dev", name, ""), 0);
    }
}

const char *library_folder(const container *box)
{
    return faccessat(box->root, "etc/debian_version", F_OK, 0) == 0 ? MULTIARCH_FOLDER : "/usr/lib64";
}

attachments plan_attachments(const char *host_folder, const container *box, const host_description *host,
                             const int visible[MAX_GPUS])
{
    const unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV;
    const char *capabilities = variable(box, "NVIDIA_DRIVER_CAPABILITIES");
    const char *folder = library_folder(box);
    attachments list = {.count = 0};
    if (capabilities == NULL || capabilities[0] == '\0') {
        capabilities = "utility,compute";
    }
    if (has_capability(capabilities, "compute")) {
        plan(&list, join(host_folder, "lib/libcuda.so.1"), format_path(folder, "libcuda.so.", host->driver), flags);
    }
    if (has_capability(capabilities, "utility")) {
        plan(&list, join(host_folder, "lib/libnvidia-ml.so.1"), format_path(folder, "libnvidia-ml.so.", host->driver), flags);
        plan(&list, join(host_folder, "lib/nvidia-smi"), format_path("/usr/bin", "nvidia-smi", ""), flags);
    }
    plan_device(&list, host, "nvidiactl");
    plan_device(&list, host, "nvidia-uvm");
    plan_device(&list, host, "nvidia-uvm-tools");
    for (int index = 0; index < host->gpu_count; index++) {
        char name[32];
        snprintf(name, sizeof name, "nvidia%d", index);
        if (visible[index] >= 0) {
            plan_device(&list, host, name);
        }
    }
    return list;
}

void fill_root(const container *box, const attachments *list, const char *driver)
{
    if (fchdir(box->root) != 0 || chroot(".") != 0 || chdir("/") != 0) {
        refuse("initialization error: change root failed: %s", strerror(errno));
    }
    for (int index = 0; index < list->count; index++) {
        const attachment *item = &list->items[index];
        const char *name = strstr(item->target, "/libcuda.so.");
        attach(item->tree, item->target, item->flags);
        if (name != NULL) {
            char *link = strndup(item->target, (size_t)(name - item->target) + strlen("/libcuda.so"));
            if (link == NULL || (symlink("libcuda.so.1", link) != 0 && errno != EEXIST)) {
                refuse("mount error: file creation failed: %s: %s", link, strerror(errno));
            }
        }
    }
    write_text("/etc/simulated-nvidia.conf", driver);
    exit(0);
}
