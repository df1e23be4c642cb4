#include "device.h"

#include "driver.h"

/* 512 blocks of 64 threads: at least two for each multiprocessor of the largest GPUs. */
enum { ELEMENTS = 32768, BLOCK = 64, JIT_LOG_ROOM = 1024 };

struct device_result {
    char call[CALL_ROOM];
    struct library library;
    char name[256];
    unsigned char uuid[16];
    int uuid_known;
    int mig;
    int mig_known;
    int major, minor;
    uint64_t memory_bytes;
    /** Everything about the device was asked; the kernel's turn began. */
    int kernel_began;
    /** 1 when the code is the answer of a call, 2 when the result was compared. */
    int outcome;
    int code;
    char error[ERROR_ROOM];
    int wrong_elements;
    int64_t kernel_us;
};

enum { OUTCOME_NONE, OUTCOME_FAILED, OUTCOME_COMPARED };

/* The module's text; the driver wants it terminated. */
__asm__(".section .rodata\n"
        ".balign 8\n"
        "kernel_ptx:\n"
        ".incbin \"kernel.ptx\"\n"
        ".byte 0\n"
        ".previous\n");
extern const char kernel_ptx[] __attribute__((visibility("hidden")));

/** What element `index` of the result must be: the kernel's arithmetic, done here. */
static uint32_t expected(uint32_t index, uint32_t input) {
    return ((input * 1664525u + 1013904223u) ^ (index * 2654435761u)) + (3u * (index & 1023u) + 1u);
}

static uint32_t input_of(uint32_t index) { return index * 2246822519u ^ 0x9e3779b9u; }

static int failed(struct device_result *result, const struct driver *driver, int code) {
    if (code == 0) return 0;
    result->code = code;
    result->outcome = OUTCOME_FAILED;
    driver_error_text(driver, code, result->error, sizeof result->error);
    return 1;
}

/* Makes a call, remembered by name; leaves the function when it fails or when the library lacks it. */
#define CALL(name, ...)                                                                            \
    do {                                                                                           \
        step_call(result, #name);                                                                  \
        if (!driver->name) {                                                                       \
            text_copy(result->error, sizeof result->error, "libcuda has no " #name);               \
            return;                                                                                \
        }                                                                                          \
        if (failed(result, driver, driver->name(__VA_ARGS__))) return;                             \
    } while (0)

static void describe(struct device_result *result, const struct driver *driver, cu_device device) {
    struct cu_uuid whole, part;
    size_t bytes = 0;
    int value = 0;
    step_call(result, "cuDeviceGetName");
    if (driver->cuDeviceGetName) driver->cuDeviceGetName(result->name, sizeof result->name, device);
    step_call(result, "cuDeviceGetAttribute");
    if (driver->cuDeviceGetAttribute) {
        if (driver->cuDeviceGetAttribute(&value, CU_COMPUTE_CAPABILITY_MAJOR, device) == 0) result->major = value;
        if (driver->cuDeviceGetAttribute(&value, CU_COMPUTE_CAPABILITY_MINOR, device) == 0) result->minor = value;
    }
    step_call(result, "cuDeviceTotalMem_v2");
    if (driver->cuDeviceTotalMem_v2 && driver->cuDeviceTotalMem_v2(&bytes, device) == 0)
        result->memory_bytes = bytes;
    step_call(result, "cuDeviceGetUuid");
    int has_whole = driver->cuDeviceGetUuid && driver->cuDeviceGetUuid(&whole, device) == 0;
    step_call(result, "cuDeviceGetUuid_v2");
    int has_part = driver->cuDeviceGetUuid_v2 && driver->cuDeviceGetUuid_v2(&part, device) == 0;
    if (has_whole || has_part) {
        memcpy(result->uuid, has_part ? part.bytes : whole.bytes, sizeof result->uuid);
        result->uuid_known = 1;
    }
    if (has_whole && has_part) {
        /* The second version answers with the MIG instance where there is one, the first always with the GPU. */
        for (size_t at = 0; at < sizeof whole.bytes; at++) result->mig |= whole.bytes[at] != part.bytes[at];
        result->mig_known = 1;
    }
}

static void load_module(struct device_result *result, const struct driver *driver, cu_module *module) {
    char log[JIT_LOG_ROOM];
    int options[2] = {JIT_ERROR_LOG, JIT_ERROR_LOG_BYTES};
    void *values[2] = {log, (void *)(uintptr_t)sizeof log};
    log[0] = 0;
    step_call(result, "cuModuleLoadDataEx");
    if (!driver->cuModuleLoadDataEx) {
        text_copy(result->error, sizeof result->error, "libcuda has no cuModuleLoadDataEx");
        return;
    }
    int code = driver->cuModuleLoadDataEx(module, kernel_ptx, 2, options, values);
    log[sizeof log - 1] = 0;
    if (failed(result, driver, code) && log[0]) {
        if (result->error[0]) text_append(result->error, sizeof result->error, "; ");
        text_append(result->error, sizeof result->error, log);
    }
}

static void compute(struct device_result *result, const struct driver *driver) {
    static uint32_t input[ELEMENTS], output[ELEMENTS];
    cu_device_pointer device_input = 0, device_output = 0;
    cu_module module = NULL;
    cu_function function = NULL;
    uint32_t count = ELEMENTS;
    void *parameters[] = {&device_input, &device_output, &count};

    for (uint32_t at = 0; at < ELEMENTS; at++) {
        input[at] = input_of(at);
        /* No element is right by accident when the kernel did not write it. */
        output[at] = ~expected(at, input[at]);
    }
    int64_t begin = sys_clock_us();
    load_module(result, driver, &module);
    if (!module || result->outcome == OUTCOME_FAILED) return;
    CALL(cuModuleGetFunction, &function, module, "cuda_image_check");
    CALL(cuMemAlloc_v2, &device_input, sizeof input);
    CALL(cuMemAlloc_v2, &device_output, sizeof output);
    CALL(cuMemcpyHtoD_v2, device_input, input, sizeof input);
    CALL(cuMemcpyHtoD_v2, device_output, output, sizeof output);
    CALL(cuLaunchKernel, function, ELEMENTS / BLOCK, 1, 1, BLOCK, 1, 1, 0, NULL, parameters, NULL);
    CALL(cuCtxSynchronize);
    CALL(cuMemcpyDtoH_v2, output, device_output, sizeof output);

    int wrong = 0;
    for (uint32_t at = 0; at < ELEMENTS; at++) wrong += output[at] != expected(at, input[at]);
    result->wrong_elements = wrong;
    result->kernel_us = sys_clock_us() - begin;
    result->code = 0;
    result->outcome = OUTCOME_COMPARED;
}

static void device_work(struct device_result *result, const struct driver *driver, int index) {
    cu_device device = 0;
    cu_context context = NULL;
    CALL(cuInit, 0);
    CALL(cuDeviceGet, &device, index);
    describe(result, driver, device);
    result->kernel_began = 1;
    /* The primary context is the one that every program on the CUDA runtime uses. */
    CALL(cuDevicePrimaryCtxRetain, &context, device);
    CALL(cuCtxSetCurrent, context);
    compute(result, driver);
}

/**
 * The test kernel is PTX only, so that one text serves every GPU. An image that forbids compiling runs on its machine code and
 * would not notice; that the kernel does not compile there says nothing about the GPU.
 */
static void allow_compiling(char **environment) {
    char *value = environment_value(environment, "CUDA_DISABLE_PTX_JIT");
    if (value && value[0]) text_copy(value, 2, "0");
}

static void device_run(void *shared, const struct request *request) {
    struct device_result *result = shared;
    struct driver driver;
    allow_compiling(request->environment);
    step_call(result, "dlopen");
    if (!driver_load(&driver, &result->library)) {
        text_copy(result->error, sizeof result->error, result->library.error);
        return;
    }
    device_work(result, &driver, request->index);
}

static void uuid_text(char to[48], const struct device_result *result) {
    static const char hex[] = "0123456789abcdef";
    text_copy(to, 48, result->mig ? "MIG-" : "GPU-");
    for (size_t at = 0; at < 16; at++) {
        unsigned char byte = result->uuid[at];
        const char pair[3] = {hex[byte >> 4], hex[byte & 15], 0};
        if (at == 4 || at == 6 || at == 8 || at == 10) text_append(to, 48, "-");
        text_append(to, 48, pair);
    }
}

void device_report(struct json *json, int index, const void *shared, const struct ending *ending) {
    const struct device_result *result = shared;
    json_number(json, "index", index);
    if (!result || !result->kernel_began) report_ending(json, ending, result);
    if (!result) return;
    if (result->name[0]) json_text(json, "name", result->name, sizeof result->name);
    if (result->uuid_known) {
        char uuid[48];
        uuid_text(uuid, result);
        json_text(json, "uuid", uuid, sizeof uuid);
    }
    if (result->major > 0) {
        char version[VERSION_ROOM] = "";
        text_append_number(version, sizeof version, result->major);
        text_append(version, sizeof version, ".");
        text_append_number(version, sizeof version, result->minor);
        json_text(json, "computeCapability", version, sizeof version);
    }
    if (result->memory_bytes > 0) json_number(json, "memoryMiB", (int64_t)(result->memory_bytes >> 20));
    if (result->mig_known) json_boolean(json, "mig", result->mig);
}

void kernel_report(struct json *json, int index, const void *shared, const struct ending *ending) {
    const struct device_result *result = shared;
    json_number(json, "index", index);
    if (!result || (result->outcome == OUTCOME_NONE && !result->error[0])) {
        report_ending(json, ending, result);
        return;
    }
    if (result->outcome != OUTCOME_NONE) json_number(json, "code", result->code);
    if (result->outcome == OUTCOME_COMPARED) {
        json_boolean(json, "correct", result->wrong_elements == 0);
        json_number(json, "wrongElements", result->wrong_elements);
        json_number(json, "elements", ELEMENTS);
        json_thousandths(json, "ms", result->kernel_us);
        return;
    }
    json_text(json, "call", result->call, sizeof result->call);
    if (result->error[0]) json_text(json, "error", result->error, sizeof result->error);
}

void kernel_answer(struct kernel_answer *answer, const void *shared) {
    const struct device_result *result = shared;
    *answer = (struct kernel_answer){.call = "", .error = ""};
    if (!result) return;
    answer->answered = result->outcome != OUTCOME_NONE;
    answer->code = result->code;
    answer->call = result->call;
    answer->error = result->error;
    answer->compared = result->outcome == OUTCOME_COMPARED;
    answer->right = answer->compared && result->wrong_elements == 0;
}

const struct step DEVICE_STEP = {
    .name = "kernel", .result_bytes = sizeof(struct device_result), .run = device_run, .stays = 0};
