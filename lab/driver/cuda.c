/* The simulated libcuda: the part of the driver API that a program needs to run one kernel. */
#include "errors.h"
#include "place.h"
#include "ptx.h"
#include "sys.h"
#include "text.h"

enum {
    OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, STUB = 34, NO_DEVICE = 100, INVALID_DEVICE = 101,
    INVALID_CONTEXT = 201, INVALID_PTX = 218, UNSUPPORTED_PTX = 222, JIT_COMPILATION_DISABLED = 223,
    NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, UNKNOWN = 999
};
enum { MOST_ALLOCATIONS = 64 };

static struct {
    int read;
    int usable;
    struct config config;
    struct place place;
    /** Process that called cuInit: a context does not survive fork. */
    long initialised_by;
    /** Indices of `config.gpu` that CUDA_VISIBLE_DEVICES leaves. */
    int visible[MOST_GPUS];
    int visible_count;
    /** Ordinal of the current context's device and one more; 0 for none. */
    int context;
    int pending_error;
    struct {
        uint64_t at;
        size_t bytes;
    } allocation[MOST_ALLOCATIONS];
} state;

static struct ptx_kernel loaded_kernel;

static void add_visible(int index) {
    for (int at = 0; at < state.visible_count; at++)
        if (state.visible[at] == index) return;
    state.visible[state.visible_count++] = index;
}

/** Indices or UUID beginnings, in order; the first that names no GPU ends the list, as the driver documents. */
static void find_visible(void) {
    const char *list = getenv("CUDA_VISIBLE_DEVICES");
    if (!list) {
        for (int at = 0; at < state.config.gpu_count; at++) add_visible(at);
        return;
    }
    while (*list) {
        char word[WORD_ROOM];
        size_t length = 0;
        while (list[length] && list[length] != ',' && length + 1 < sizeof word) {
            word[length] = list[length];
            length++;
        }
        word[length] = 0;
        list += length;
        if (*list == ',') list++;
        int index = -1, number = 0;
        if (text_starts(word, "GPU-") || text_starts(word, "MIG-")) {
            for (int at = 0; at < state.config.gpu_count; at++)
                if (text_starts(state.config.gpu[at].uuid, word)) index = at;
        } else if (word[0]) {
            index = 0;
            for (const char *digit = word; *digit && index >= 0; digit++) {
                if (*digit < '0' || *digit > '9' || number > 1000) index = -1;
                number = number * 10 + (*digit - '0');
            }
            if (index == 0) index = number;
        }
        if (index < 0 || index >= state.config.gpu_count) return;
        add_visible(index);
    }
}

static int current_gpu(void) { return state.context > 0 ? state.visible[state.context - 1] : -1; }

static int gpu_of(int ordinal) {
    return ordinal >= 0 && ordinal < state.visible_count ? state.visible[ordinal] : -1;
}

/** What every call begins with: its fault, or the code that the library's place or state demands; OK to go on. */
static int enter(const char *call, int gpu) {
    if (!state.read) {
        state.read = 1;
        place_find(&state.place, &state);
        state.usable = place_read_config(&state.config);
        if (state.usable) find_visible();
    }
    if (state.place.is_stub) return STUB;
    if (!state.usable) return UNKNOWN;
    const struct fault *fault = fault_of(&state.config, call, gpu, state.place.is_compat);
    return fault && fault->has_code ? fault->code : OK;
}

static int enter_initialised(const char *call, int gpu) {
    int code = enter(call, gpu);
    if (code != OK) return code;
    return state.initialised_by == sys_own_pid() ? OK : NOT_INITIALIZED;
}

static int enter_context(const char *call) {
    int code = enter_initialised(call, current_gpu());
    if (code != OK) return code;
    if (state.context == 0) return INVALID_CONTEXT;
    return state.pending_error;
}

EXPORT int cuDriverGetVersion(int *version) {
    int code = enter("cuDriverGetVersion", -1);
    if (code != OK) return code;
    *version = config_cuda_number(state.place.is_compat ? state.config.compat_cuda : state.config.cuda);
    return OK;
}

EXPORT int cuInit(unsigned flags) {
    int code = enter("cuInit", -1);
    if (code != OK) return code;
    if (flags != 0) return INVALID_VALUE;
    if (state.visible_count == 0) return NO_DEVICE;
    state.initialised_by = sys_own_pid();
    return OK;
}

EXPORT int cuDeviceGetCount(int *count) {
    int code = enter_initialised("cuDeviceGetCount", -1);
    if (code == OK) *count = state.visible_count;
    return code;
}

EXPORT int cuDeviceGet(int *device, int ordinal) {
    int code = enter_initialised("cuDeviceGet", gpu_of(ordinal));
    if (code != OK) return code;
    if (gpu_of(ordinal) < 0) return INVALID_DEVICE;
    *device = ordinal;
    return OK;
}

EXPORT int cuDeviceGetName(char *name, int length, int device) {
    int code = enter_initialised("cuDeviceGetName", gpu_of(device));
    if (code != OK) return code;
    if (gpu_of(device) < 0) return INVALID_DEVICE;
    if (length <= 0) return INVALID_VALUE;
    text_copy(name, (size_t)length, state.config.gpu[gpu_of(device)].name);
    return OK;
}

static int get_uuid(const char *call, unsigned char *bytes, int device, int whole) {
    int code = enter_initialised(call, gpu_of(device));
    if (code != OK) return code;
    if (gpu_of(device) < 0) return INVALID_DEVICE;
    const struct gpu *gpu = &state.config.gpu[gpu_of(device)];
    config_uuid_bytes(gpu->uuid, bytes);
    if (whole && gpu->mig) bytes[0] = (unsigned char)~bytes[0];
    return OK;
}

EXPORT int cuDeviceGetUuid(unsigned char *bytes, int device) { return get_uuid("cuDeviceGetUuid", bytes, device, 1); }

EXPORT int cuDeviceGetUuid_v2(unsigned char *bytes, int device) {
    return get_uuid("cuDeviceGetUuid_v2", bytes, device, 0);
}

EXPORT int cuDeviceGetAttribute(int *value, int attribute, int device) {
    enum { MAJOR = 75, MINOR = 76 };
    int code = enter_initialised("cuDeviceGetAttribute", gpu_of(device));
    if (code != OK) return code;
    if (gpu_of(device) < 0) return INVALID_DEVICE;
    const struct gpu *gpu = &state.config.gpu[gpu_of(device)];
    if (attribute != MAJOR && attribute != MINOR) return INVALID_VALUE;
    *value = attribute == MAJOR ? gpu->major : gpu->minor;
    return OK;
}

EXPORT int cuDeviceTotalMem_v2(size_t *bytes, int device) {
    int code = enter_initialised("cuDeviceTotalMem_v2", gpu_of(device));
    if (code != OK) return code;
    if (gpu_of(device) < 0) return INVALID_DEVICE;
    *bytes = (size_t)state.config.gpu[gpu_of(device)].memory_mib << 20;
    return OK;
}

EXPORT int cuDevicePrimaryCtxRetain(void **context, int device) {
    int code = enter_initialised("cuDevicePrimaryCtxRetain", gpu_of(device));
    if (code != OK) return code;
    if (gpu_of(device) < 0) return INVALID_DEVICE;
    *context = &state.visible[device];
    return OK;
}

EXPORT int cuCtxSetCurrent(void *context) {
    int ordinal = context ? (int)((int *)context - state.visible) : -1;
    int code = enter_initialised("cuCtxSetCurrent", gpu_of(ordinal));
    if (code != OK) return code;
    if (context && gpu_of(ordinal) < 0) return INVALID_CONTEXT;
    state.context = ordinal + 1;
    return OK;
}

EXPORT int cuCtxSynchronize(void) { return enter_context("cuCtxSynchronize"); }

/** Major and minor of the newest PTX ISA that a driver of this CUDA version compiles, as major * 10 + minor. */
static int newest_ptx(int cuda) {
    int major = cuda / 1000, minor = cuda % 1000 / 10;
    if (major == 9) return 60 + minor;
    if (major == 10) return 63 + minor;
    return major > 10 ? (major - 4) * 10 + minor : 0;
}

static void jit_log(unsigned count, const int *options, void **values, const char *text) {
    enum { LOG = 5, LOG_BYTES = 6 };
    char *log = NULL;
    size_t room = 0;
    for (unsigned at = 0; at < count; at++) {
        if (options[at] == LOG) log = values[at];
        if (options[at] == LOG_BYTES) room = (size_t)(uintptr_t)values[at];
    }
    if (log && room > 0) text_copy(log, room, text);
}

EXPORT int cuModuleLoadDataEx(void **module, const void *image, unsigned count, int *options, void **values) {
    int code = enter_context("cuModuleLoadDataEx");
    if (code == UNSUPPORTED_PTX)
        jit_log(count, options, values, "ptxas application ptx input, line 1; fatal   : Unsupported .version");
    if (code != OK) return code;
    const char *jit_disabled = getenv("CUDA_DISABLE_PTX_JIT");
    if (jit_disabled && jit_disabled[0] && !text_equal(jit_disabled, "0")) return JIT_COMPILATION_DISABLED;
    if (!image || !ptx_read(&loaded_kernel, image)) {
        jit_log(count, options, values, "ptxas application ptx input; fatal   : unknown to the simulated machine");
        return INVALID_PTX;
    }
    int version = loaded_kernel.version_major * 10 + loaded_kernel.version_minor;
    if (version > newest_ptx(config_cuda_number(state.config.cuda))) {
        jit_log(count, options, values, "ptxas application ptx input; fatal   : Unsupported .version");
        return UNSUPPORTED_PTX;
    }
    *module = &loaded_kernel;
    return OK;
}

EXPORT int cuModuleGetFunction(void **function, void *module, const char *name) {
    int code = enter_context("cuModuleGetFunction");
    if (code != OK) return code;
    if (module != &loaded_kernel || !text_equal(name, loaded_kernel.name)) return NOT_FOUND;
    *function = module;
    return OK;
}

EXPORT int cuMemAlloc_v2(uint64_t *pointer, size_t bytes) {
    int code = enter_context("cuMemAlloc_v2");
    if (code != OK) return code;
    if (bytes == 0) return INVALID_VALUE;
    if (bytes > (size_t)state.config.gpu[current_gpu()].memory_mib << 20) return OUT_OF_MEMORY;
    for (int at = 0; at < MOST_ALLOCATIONS; at++) {
        if (state.allocation[at].bytes > 0) continue;
        void *memory = sys_shared_memory(bytes);
        if (!memory) return OUT_OF_MEMORY;
        state.allocation[at].at = *pointer = (uint64_t)(uintptr_t)memory;
        state.allocation[at].bytes = bytes;
        return OK;
    }
    return OUT_OF_MEMORY;
}

static int is_device_memory(uint64_t address, size_t bytes) {
    for (int at = 0; at < MOST_ALLOCATIONS && state.allocation[at].bytes > 0; at++) {
        uint64_t offset = address - state.allocation[at].at;
        if (address >= state.allocation[at].at && bytes <= state.allocation[at].bytes &&
            offset <= state.allocation[at].bytes - bytes)
            return 1;
    }
    return 0;
}

EXPORT int cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes) {
    int code = enter_context("cuMemcpyHtoD_v2");
    if (code != OK) return code;
    if (!is_device_memory(to, bytes)) return INVALID_VALUE;
    memcpy((void *)(uintptr_t)to, from, bytes);
    return OK;
}

EXPORT int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes) {
    int code = enter_context("cuMemcpyDtoH_v2");
    if (code != OK) return code;
    if (!is_device_memory(from, bytes)) return INVALID_VALUE;
    memcpy(to, (const void *)(uintptr_t)from, bytes);
    return OK;
}

/** Spoils this many 32-bit elements, spread over what the kernel's second pointer leads to. */
static void spoil(uint64_t address, int elements) {
    for (int at = 0; at < MOST_ALLOCATIONS && elements > 0; at++) {
        if (state.allocation[at].at != address) continue;
        size_t count = state.allocation[at].bytes / 4;
        if ((size_t)elements > count) elements = (int)count;
        uint32_t *element = (uint32_t *)(uintptr_t)address;
        for (int wrong = 0; wrong < elements; wrong++) element[(size_t)wrong * count / (size_t)elements] ^= 0x100;
    }
}

EXPORT int cuLaunchKernel(void *function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                          unsigned block_y, unsigned block_z, unsigned shared_bytes, void *stream, void **parameters,
                          void **extra) {
    uint64_t values[PTX_PARAMETERS] = {0};
    int code = enter_context("cuLaunchKernel");
    (void)shared_bytes;
    (void)stream;
    if (code != OK) return code;
    if (function != &loaded_kernel || extra || grid_y != 1 || grid_z != 1 || block_y != 1 || block_z != 1 ||
        grid_x == 0 || block_x == 0 || block_x > 1024)
        return INVALID_VALUE;
    for (int at = 0; at < loaded_kernel.parameter_count; at++)
        memcpy(&values[at], parameters[at], (size_t)loaded_kernel.parameter_bytes[at]);
    if (!ptx_run(&loaded_kernel, values, grid_x, block_x, is_device_memory)) state.pending_error = ILLEGAL_ADDRESS;
    for (int at = 0; at < state.config.fault_count; at++) {
        const struct fault *fault = &state.config.fault[at];
        if (text_equal(fault->call, "cuLaunchKernel") && (fault->gpu < 0 || fault->gpu == current_gpu()))
            spoil(values[1], fault->wrong_elements);
    }
    return OK;
}

EXPORT int cuMemFree_v2(uint64_t pointer) {
    (void)pointer;
    return enter_context("cuMemFree_v2");
}

EXPORT int cuModuleUnload(void *module) {
    (void)module;
    return enter_context("cuModuleUnload");
}

EXPORT int cuDevicePrimaryCtxRelease_v2(int device) {
    return enter_initialised("cuDevicePrimaryCtxRelease_v2", gpu_of(device));
}

EXPORT int cuGetErrorName(int code, const char **text) {
    *text = cuda_error_name(code);
    return *text ? OK : INVALID_VALUE;
}

EXPORT int cuGetErrorString(int code, const char **text) {
    *text = cuda_error_words(code);
    return *text ? OK : INVALID_VALUE;
}
