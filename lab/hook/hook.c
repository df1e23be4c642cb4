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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "container.h"
#include "description.h"
#include "mounts.h"
#include "requirement.h"

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

/* The host's ldconfig: Ubuntu's is a script around the program, as the real toolkit's configuration knows. */
static int open_ldconfig(void)
{
    int program = open("/sbin/ldconfig.real", O_RDONLY | O_CLOEXEC);
    return program >= 0 ? program : open("/sbin/ldconfig", O_RDONLY | O_CLOEXEC);
}

static void refresh_linker_cache(const container *box, int ldconfig, const char *folder)
{
    if (run_child()) {
        char *const arguments[] = {"ldconfig", "-r", ".", "-f", "/etc/ld.so.conf", "-C", "/etc/ld.so.cache", (char *)folder, NULL};
        char *const environment[] = {NULL};
        int nothing = open("/dev/null", O_RDWR);
        /* The warnings of ldconfig about an unusual root are not what this hook is asked about. */
        dup2(nothing, 1);
        dup2(nothing, 2);
        if (fchdir(box->root) == 0) {
            fexecve(ldconfig, arguments, environment);
        }
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
    const char *folder;
    char *driver;
    int ldconfig;
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
    /* All of the host's files are opened before its mounts are left behind. */
    list = plan_attachments(host_folder, &box, &host, visible);
    folder = library_folder(&box);
    ldconfig = open_ldconfig();
    enter_mounts_of(box.pid);
    if (run_child()) {
        fill_root(&box, &list, driver);
    }
    refresh_linker_cache(&box, ldconfig, folder);
    return 0;
}
