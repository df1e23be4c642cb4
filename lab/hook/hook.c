/*
 * A simulated nvidia-container-runtime-hook. The container engine finds it on its PATH and runs it as an OCI prestart hook:
 * argument `prestart`, the OCI state on standard input. It does what the real one does in its legacy mode, with simulated
 * driver files: evaluates NVIDIA_REQUIRE_*, refuses with the real words, or puts libcuda, NVML, nvidia-smi and device nodes into
 * the container as mounts of their own and refreshes the container's linker cache with the host's ldconfig.
 *
 * SIMULATED_NVIDIA_HOST names the folder of the simulated host: hook.conf, driver.conf, lib/ and bin/.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "description.h"
#include "json.h"
#include "requirement.h"

#if defined(__aarch64__)
#define MULTIARCH_FOLDER "/usr/lib/aarch64-linux-gnu"
#else
#define MULTIARCH_FOLDER "/usr/lib/x86_64-linux-gnu"
#endif

/* Not in the C library of every distribution that builds this. */
#define TREE_CLONE 1
#define MOVE_FROM_EMPTY_PATH 4

typedef struct {
    char *bundle;
    char *root;
    char **env;
    long pid;
} container;

__attribute__((noreturn, format(printf, 1, 2))) static void refuse(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("Auto-detected mode as 'legacy'\nnvidia-container-cli: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(1);
}

static char *join(const char *left, const char *right)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", left, right) < 0) {
        refuse("initialization error: out of memory");
    }
    return path;
}

static const char *variable(const container *box, const char *name)
{
    size_t length = strlen(name);
    const char *value = NULL;
    for (char **entry = box->env; *entry != NULL; entry++) {
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') {
            value = *entry + length + 1;
        }
    }
    return value;
}

static container read_container(void)
{
    container box = {NULL, NULL, NULL, -1};
    size_t length = 0;
    size_t count = 0;
    char *state = read_file("/dev/stdin", &length);
    char *config_path;
    char *config;
    const char *position = NULL;
    json_value document;
    json_value item;
    if (state == NULL) {
        refuse("initialization error: no container state on standard input");
    }
    document = json_document(state, length);
    box.pid = json_number(json_member(document, "pid"));
    box.bundle = json_string(json_member(document, "bundle"));
    if (box.bundle == NULL) {
        box.bundle = json_string(json_member(document, "bundlePath"));
    }
    if (box.pid <= 0 || box.bundle == NULL) {
        refuse("initialization error: the container state names no pid or bundle");
    }
    config_path = join(box.bundle, "config.json");
    config = read_file(config_path, &length);
    if (config == NULL) {
        refuse("initialization error: open failed: %s: %s", config_path, strerror(errno));
    }
    document = json_document(config, length);
    box.root = json_string(json_member(json_member(document, "root"), "path"));
    if (box.root == NULL) {
        refuse("initialization error: %s names no root", config_path);
    }
    if (box.root[0] != '/') {
        box.root = join(box.bundle, box.root);
    }
    document = json_member(json_member(document, "process"), "env");
    while (json_next(document, &position, &item)) {
        count++;
    }
    box.env = calloc(count + 1, sizeof *box.env);
    position = NULL;
    for (size_t index = 0; box.env != NULL && index < count && json_next(document, &position, &item); index++) {
        box.env[index] = json_string(item);
    }
    if (box.env == NULL) {
        refuse("initialization error: out of memory");
    }
    return box;
}

static int is_true(const char *value)
{
    static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"};
    for (size_t index = 0; value != NULL && index < sizeof yes / sizeof yes[0]; index++) {
        if (strcmp(value, yes[index]) == 0) {
            return 1;
        }
    }
    return 0;
}

static void check_one(const char *requirement, const host_description *host, const int visible[MAX_GPUS])
{
    char message[1024];
    int tested = 0;
    for (int index = 0; index < host->gpu_count; index++) {
        if (visible[index] >= 0) {
            requirement_facts facts = {host->cuda, host->driver, host->gpus[index].arch, host->gpus[index].brand};
            tested = 1;
            if (!requirement_met(requirement, &facts, message, sizeof message)) {
                refuse("%s", message);
            }
        }
    }
    if (!tested) {
        requirement_facts facts = {host->cuda, host->driver, "", ""};
        if (!requirement_met(requirement, &facts, message, sizeof message)) {
            refuse("%s", message);
        }
    }
}

/* As the container toolkit: every NVIDIA_REQUIRE_*, and cuda>=CUDA_VERSION for an image that declares no NVIDIA_REQUIRE_CUDA. */
static void check_requirements(const container *box, const host_description *host, const int visible[MAX_GPUS])
{
    const char *declared = variable(box, "NVIDIA_REQUIRE_CUDA");
    const char *cuda = variable(box, "CUDA_VERSION");
    if (is_true(variable(box, "NVIDIA_DISABLE_REQUIRE"))) {
        return;
    }
    for (char **entry = box->env; *entry != NULL; entry++) {
        if (strncmp(*entry, "NVIDIA_REQUIRE_", 15) == 0 && strncmp(*entry, "NVIDIA_REQUIRE_JETPACK", 22) != 0) {
            check_one(strchr(*entry, '=') + 1, host, visible);
        }
    }
    if (cuda != NULL && (declared == NULL || declared[0] == '\0')) {
        int major;
        int minor;
        char requirement[64];
        if (sscanf(cuda, "%d.%d", &major, &minor) == 2) {
            snprintf(requirement, sizeof requirement, "cuda>=%d.%d", major, minor);
            check_one(requirement, host, visible);
        }
    }
}

static int open_tree_of(const char *path)
{
    return (int)syscall(SYS_open_tree, AT_FDCWD, path, TREE_CLONE | O_CLOEXEC);
}

static void make_folders(const char *path)
{
    char *copy = strdup(path);
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

typedef struct {
    int tree;
    char *target;
    unsigned long flags;
} attachment;

typedef struct {
    attachment items[MAX_GPUS + 8];
    int count;
} attachments;

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

static attachments plan_attachments(const char *host_folder, const container *box, const host_description *host, const int visible[MAX_GPUS])
{
    const unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV;
    const char *capabilities = variable(box, "NVIDIA_DRIVER_CAPABILITIES");
    const char *folder = access(join(box->root, "etc/debian_version"), F_OK) == 0 ? MULTIARCH_FOLDER : "/usr/lib64";
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

/* In a child, because nothing leads back out of a chroot. */
__attribute__((noreturn)) static void fill_root(const container *box, const attachments *list, const char *driver)
{
    if (chroot(box->root) != 0 || chdir("/") != 0) {
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

static int run_child(void)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        return 1;
    }
    if (child < 0 || waitpid(child, &status, 0) < 0) {
        refuse("initialization error: %s", strerror(errno));
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
    }
    return 0;
}

static void enter_mounts_of(long pid)
{
    char path[64];
    int space;
    snprintf(path, sizeof path, "/proc/%ld/ns/mnt", pid);
    space = open(path, O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNS) != 0) {
        refuse("initialization error: namespace association failed: %s: %s", path, strerror(errno));
    }
    close(space);
}

static void refresh_linker_cache(const container *box, const char *ldconfig)
{
    if (run_child()) {
        const char *folder = access(join(box->root, "etc/debian_version"), F_OK) == 0 ? MULTIARCH_FOLDER : "/usr/lib64";
        int nothing = open("/dev/null", O_RDWR);
        /* The warnings of ldconfig about an unusual root are not what this hook is asked about. */
        dup2(nothing, 1);
        dup2(nothing, 2);
        execl(ldconfig, "ldconfig", "-r", box->root, "-f", "/etc/ld.so.conf", "-C", "/etc/ld.so.cache", folder, (char *)NULL);
        _exit(127);
    }
}

int main(int argc, char **argv)
{
    const char *host_folder = getenv("SIMULATED_NVIDIA_HOST");
    host_description host;
    container box;
    const char *devices;
    char unknown[128];
    int visible[MAX_GPUS];
    attachments list;
    char *driver;
    if (argc < 2 || strcmp(argv[1], "prestart") != 0) {
        return 0;
    }
    box = read_container();
    devices = variable(&box, "NVIDIA_VISIBLE_DEVICES");
    if (devices == NULL || devices[0] == '\0' || strcmp(devices, "void") == 0) {
        return 0;
    }
    if (host_folder == NULL || !read_description(join(host_folder, "hook.conf"), &host)) {
        refuse("initialization error: the simulated host has no hook.conf");
    }
    if (host.failure != NULL) {
        fputs(host.failure, stderr);
        return host.failure_status;
    }
    if (!select_gpus(&host, devices, visible, unknown, sizeof unknown)) {
        refuse("device error: %s: unknown device", unknown);
    }
    check_requirements(&box, &host, visible);
    driver = read_file(join(host_folder, "driver.conf"), NULL);
    driver = driver == NULL ? NULL : visible_driver(driver, visible);
    if (driver == NULL) {
        refuse("initialization error: open failed: %s/driver.conf: %s", host_folder, strerror(errno));
    }
    enter_mounts_of(box.pid);
    list = plan_attachments(host_folder, &box, &host, visible);
    if (run_child()) {
        fill_root(&box, &list, driver);
    }
    refresh_linker_cache(&box, "/sbin/ldconfig");
    return 0;
}
