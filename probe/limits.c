#include "limits.h"

#include "step.h"

/* Exact names, because a prefix such as NVIDIA_ would also take access keys. */
static const char *const VARIABLES[] = {
    "CUDA_CACHE_DISABLE",     "CUDA_CACHE_PATH",        "CUDA_DEVICE_ORDER",
    "CUDA_DISABLE_PTX_JIT",   "CUDA_ENABLE_FORWARD_COMPATIBILITY_MODE", "CUDA_FORCE_PTX_JIT",
    "CUDA_HOME",              "CUDA_LAUNCH_BLOCKING",   "CUDA_MODULE_LOADING",
    "CUDA_MPS_PIPE_DIRECTORY", "CUDA_PATH",             "CUDA_VERSION",
    "CUDA_VISIBLE_DEVICES",   "GPU_DEVICE_ORDINAL",     "LD_LIBRARY_PATH",
    "LD_PRELOAD",             "NCCL_P2P_DISABLE",       "NCCL_SHM_DISABLE",
    "NVIDIA_DISABLE_REQUIRE", "NVIDIA_DRIVER_CAPABILITIES", "NVIDIA_VISIBLE_DEVICES",
    "_CUDA_COMPAT_PATH",      "_CUDA_COMPAT_STATUS"};

static int is_wanted(const char *entry) {
    if (text_starts(entry, "NVIDIA_REQUIRE_")) return text_find(entry, "=") != NULL;
    for (size_t at = 0; at < sizeof VARIABLES / sizeof VARIABLES[0]; at++)
        if (text_starts(entry, VARIABLES[at]) && entry[text_length(VARIABLES[at])] == '=') return 1;
    return 0;
}

static void report_environment(struct json *json, char **environment) {
    enum { NAME_ROOM = 128, VALUE_ROOM = 4096 };
    if (!json_object(json, "env")) return;
    for (; *environment; environment++) {
        if (!is_wanted(*environment)) continue;
        char name[NAME_ROOM];
        size_t length = 0;
        while ((*environment)[length] != '=') length++;
        if (length >= sizeof name) continue;
        memcpy(name, *environment, length);
        name[length] = 0;
        json_text(json, name, *environment + length + 1, VALUE_ROOM);
    }
    json_object_end(json);
}

void limits_report(struct json *json, char **environment) {
    static const uint64_t UNLIMITED = ~(uint64_t)0;
    uint64_t bytes = 0, hard = 0;
    char room[24];
    long answer = sys_file_system_bytes("/dev/shm", &bytes);
    if (answer >= 0)
        json_number(json, "shmBytes", (int64_t)bytes);
    else
        json_text(json, "shmError", sys_error_name(answer, room), sizeof room);
    if (sys_limit_get(LIMIT_MEMLOCK, &bytes, &hard) >= 0) {
        if (bytes == UNLIMITED)
            json_null(json, "memlockBytes");
        else
            json_number(json, "memlockBytes", (int64_t)bytes);
    }
    json_text(json, "glibc", gnu_get_libc_version(), VERSION_ROOM);
    json_number(json, "uid", sys_uid());
    json_number(json, "gid", sys_gid());
    report_environment(json, environment);
}
