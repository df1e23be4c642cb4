#include "driver.h"

int driver_load(struct driver *driver, struct library *library) {
    void *handle = library_load(library, "libcuda.so.1", "cuInit");
    memset(driver, 0, sizeof *driver);
    if (!handle) return 0;
#define LOOK_UP(name, parameters) driver->name = (cu_result(*) parameters)dlsym(handle, #name);
    DRIVER_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
    return 1;
}

void driver_error_text(const struct driver *driver, cu_result code, char *to, size_t room) {
    const char *name = NULL, *words = NULL;
    text_copy(to, room, "");
    if (driver->cuGetErrorName && driver->cuGetErrorName(code, &name) == 0 && name) text_copy(to, room, name);
    if (driver->cuGetErrorString && driver->cuGetErrorString(code, &words) == 0 && words) {
        if (name) text_append(to, room, ": ");
        text_append(to, room, words);
    }
}

static void init_failed(struct driver_result *result, const struct driver *driver, const char *call, int code) {
    result->init_code = code;
    result->init_answered = 1;
    text_copy(result->init_failed_call, sizeof result->init_failed_call, call);
    step_call(result, "cuGetErrorString");
    driver_error_text(driver, code, result->init_error, sizeof result->init_error);
}

static void driver_run(void *shared, const struct request *request) {
    struct driver_result *result = shared;
    struct driver driver;
    (void)request;
    step_call(result, "dlopen");
    if (!driver_load(&driver, &result->library)) return;
    result->loaded = 1;
    if (driver.cuDriverGetVersion) {
        int version = 0;
        result->version_asked = 1;
        step_call(result, "cuDriverGetVersion");
        if (driver.cuDriverGetVersion(&version) == 0) result->version = version;
    }
    result->init_asked = 1;
    step_call(result, "cuInit");
    int code = driver.cuInit(0);
    if (code != 0) {
        init_failed(result, &driver, "cuInit", code);
        return;
    }
    int count = 0;
    step_call(result, "cuDeviceGetCount");
    if (!driver.cuDeviceGetCount) {
        text_copy(result->init_error, sizeof result->init_error, "libcuda has no cuDeviceGetCount");
        return;
    }
    code = driver.cuDeviceGetCount(&count);
    if (code != 0) {
        init_failed(result, &driver, "cuDeviceGetCount", code);
        return;
    }
    result->device_count = count;
    result->count_known = 1;
    result->init_code = 0;
    result->init_answered = 1;
}

int init_was_tried(const struct driver_result *result) { return result && result->init_asked; }

void libcuda_report(struct json *json, const struct driver_result *result, const struct ending *ending,
                    const char *nvml_version, size_t room) {
    if (!init_was_tried(result)) report_ending(json, ending, result);
    if (!result) return;
    const struct library *library = &result->library;
    if (library->path[0]) json_text(json, "path", library->path, sizeof library->path);
    if (text_equal(library->origin, "image") && nvml_version && library_has_version(library, nvml_version, room))
        json_text(json, "origin", "host", 5);
    else if (library->origin[0])
        json_text(json, "origin", library->origin, sizeof library->origin);
    if (result->version > 0) {
        char version[VERSION_ROOM];
        cuda_version_text(version, sizeof version, result->version);
        json_text(json, "cuda", version, sizeof version);
    }
    if (library->error[0]) json_text(json, "error", library->error, sizeof library->error);
}

void init_report(struct json *json, const struct driver_result *result, const struct ending *ending) {
    if (!result->init_answered) {
        report_ending(json, ending, result);
        if (result->init_error[0]) json_text(json, "error", result->init_error, sizeof result->init_error);
        return;
    }
    json_number(json, "code", result->init_code);
    if (result->init_code != 0) json_text(json, "call", result->init_failed_call, sizeof result->init_failed_call);
    if (result->init_error[0]) json_text(json, "error", result->init_error, sizeof result->init_error);
    if (result->count_known) json_number(json, "deviceCount", result->device_count);
}

const struct step DRIVER_STEP = {
    .name = "libcuda", .result_bytes = sizeof(struct driver_result), .run = driver_run, .stays = 1};
