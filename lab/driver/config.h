/* The description of the simulated driver, as README.md has it. */
#ifndef SIMULATED_CONFIG_H
#define SIMULATED_CONFIG_H

#include <stddef.h>
#include <stdint.h>

enum { MOST_GPUS = 32, MOST_FAULTS = 64, NAME_ROOM = 160, WORD_ROOM = 64, PROBLEM_ROOM = 256 };

#define DEFAULT_CONFIG "/etc/simulated-nvidia.conf"
#define SUFFIX " (simulated)"

struct gpu {
    /** With the suffix. */
    char name[NAME_ROOM];
    char uuid[WORD_ROOM];
    int major, minor;
    int64_t memory_mib;
    int mig;
};

struct fault {
    char call[WORD_ROOM];
    /** -1: any. */
    int gpu;
    enum { FROM_ANYWHERE, FROM_HOST, FROM_COMPAT } from;
    int has_code;
    int code;
    int hang;
    int crash;
    int64_t delay_ms;
    int wrong_elements;
};

struct config {
    char driver[WORD_ROOM];
    char cuda[WORD_ROOM];
    char compat_cuda[WORD_ROOM];
    char kernel_module[WORD_ROOM];
    int gpu_count;
    struct gpu gpu[MOST_GPUS];
    int fault_count;
    struct fault fault[MOST_FAULTS];
    /** What is wrong with the file; empty when it is right. */
    char problem[PROBLEM_ROOM];
};

/** Reads the file; 0 when it could not be opened or is wrong, which `problem` then says. */
int config_read(struct config *config, const char *path);

/** `12.2` as 12020. */
int config_cuda_number(const char *version);

/** The 16 bytes of a UUID's hexadecimal digits. */
void config_uuid_bytes(const char *uuid, unsigned char bytes[16]);

/**
 * Makes the call's fault happen: sleeps, hangs, crashes. Returns the fault when it goes on, NULL when there is none.
 * `gpu` is -1 in calls that name no GPU.
 */
const struct fault *fault_of(const struct config *config, const char *call, int gpu, int is_compat);

#endif
