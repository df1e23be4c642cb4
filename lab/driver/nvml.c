/* The simulated libnvidia-ml: what says which driver is there and how many GPUs it has. */
#include "nvml_errors.h"
#include "place.h"
#include "sys.h"
#include "text.h"

enum { OK = 0, UNINITIALIZED = 1, INVALID_ARGUMENT = 2, NOT_FOUND = 6, INSUFFICIENT_SIZE = 7, UNKNOWN = 999 };

static struct {
    int read;
    int usable;
    struct config config;
    struct place place;
    int initialised;
} state;

static int enter(const char *call, int gpu) {
    if (!state.read) {
        state.read = 1;
        place_find(&state.place, &state);
        state.usable = place_read_config(&state.config);
    }
    if (!state.usable) return UNKNOWN;
    const struct fault *fault = fault_of(&state.config, call, gpu, state.place.is_compat);
    return fault && fault->has_code ? fault->code : OK;
}

static int enter_initialised(const char *call, int gpu) {
    int code = enter(call, gpu);
    if (code != OK) return code;
    return state.initialised ? OK : UNINITIALIZED;
}

static int give(char *to, unsigned length, const char *from) {
    return text_copy(to, length, from) ? OK : INSUFFICIENT_SIZE;
}

EXPORT int nvmlInit_v2(void) {
    int code = enter("nvmlInit_v2", -1);
    if (code == OK) state.initialised = 1;
    return code;
}

EXPORT int nvmlInit(void) { return nvmlInit_v2(); }

EXPORT int nvmlShutdown(void) {
    int code = enter_initialised("nvmlShutdown", -1);
    if (code == OK) state.initialised = 0;
    return code;
}

EXPORT int nvmlSystemGetDriverVersion(char *version, unsigned length) {
    int code = enter_initialised("nvmlSystemGetDriverVersion", -1);
    return code == OK ? give(version, length, state.config.driver) : code;
}

EXPORT int nvmlSystemGetCudaDriverVersion_v2(int *version) {
    int code = enter_initialised("nvmlSystemGetCudaDriverVersion_v2", -1);
    if (code == OK) *version = config_cuda_number(state.config.cuda);
    return code;
}

EXPORT int nvmlSystemGetCudaDriverVersion(int *version) { return nvmlSystemGetCudaDriverVersion_v2(version); }

EXPORT int nvmlDeviceGetCount_v2(unsigned *count) {
    int code = enter_initialised("nvmlDeviceGetCount_v2", -1);
    if (code == OK) *count = (unsigned)state.config.gpu_count;
    return code;
}

EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
    int code = enter_initialised("nvmlDeviceGetHandleByIndex_v2", (int)index);
    if (code != OK) return code;
    if (index >= (unsigned)state.config.gpu_count) return INVALID_ARGUMENT;
    *device = &state.config.gpu[index];
    return OK;
}

EXPORT int nvmlDeviceGetName(void *device, char *name, unsigned length) {
    const struct gpu *gpu = device;
    int code = enter_initialised("nvmlDeviceGetName", gpu ? (int)(gpu - state.config.gpu) : -1);
    if (code != OK) return code;
    return gpu ? give(name, length, gpu->name) : NOT_FOUND;
}

EXPORT int nvmlDeviceGetUUID(void *device, char *uuid, unsigned length) {
    const struct gpu *gpu = device;
    int code = enter_initialised("nvmlDeviceGetUUID", gpu ? (int)(gpu - state.config.gpu) : -1);
    if (code != OK) return code;
    return gpu ? give(uuid, length, gpu->uuid) : NOT_FOUND;
}

EXPORT const char *nvmlErrorString(int code) { return nvml_error_words(code); }
