#include "nvml.h"

#include "library.h"

struct nvml_result {
    char call[CALL_ROOM];
    struct library library;
    int answered;
    int code;
    char error[ERROR_ROOM];
    char driver[VERSION_ROOM];
    int cuda;
    int count;
    int count_known;
};

typedef int nvml_no_arguments(void);
typedef int nvml_text(char *to, unsigned length);
typedef int nvml_integer(int *to);
typedef int nvml_unsigned(unsigned *to);
typedef const char *nvml_words(int code);

static void nvml_run(void *shared, const struct request *request) {
    struct nvml_result *result = shared;
    (void)request;
    step_call(result, "dlopen");
    void *handle = library_load(&result->library, "libnvidia-ml.so.1", "nvmlInit_v2");
    if (!handle) return;
    nvml_no_arguments *init = (nvml_no_arguments *)dlsym(handle, "nvmlInit_v2");
    nvml_text *driver = (nvml_text *)dlsym(handle, "nvmlSystemGetDriverVersion");
    nvml_integer *cuda = (nvml_integer *)dlsym(handle, "nvmlSystemGetCudaDriverVersion_v2");
    nvml_unsigned *count = (nvml_unsigned *)dlsym(handle, "nvmlDeviceGetCount_v2");
    nvml_words *words = (nvml_words *)dlsym(handle, "nvmlErrorString");
    if (!cuda) cuda = (nvml_integer *)dlsym(handle, "nvmlSystemGetCudaDriverVersion");

    step_call(result, "nvmlInit_v2");
    result->code = init();
    result->answered = 1;
    if (result->code != 0) {
        step_call(result, "nvmlErrorString");
        const char *text = words ? words(result->code) : NULL;
        if (text) text_copy(result->error, sizeof result->error, text);
        return;
    }
    char version[VERSION_ROOM];
    memset(version, 0, sizeof version);
    step_call(result, "nvmlSystemGetDriverVersion");
    if (driver && driver(version, sizeof version) == 0) text_copy(result->driver, sizeof result->driver, version);
    int number = 0;
    step_call(result, "nvmlSystemGetCudaDriverVersion_v2");
    if (cuda && cuda(&number) == 0) result->cuda = number;
    unsigned devices = 0;
    step_call(result, "nvmlDeviceGetCount_v2");
    if (count && count(&devices) == 0) {
        result->count = (int)devices;
        result->count_known = 1;
    }
}

const char *nvml_driver_version(const void *shared) {
    const struct nvml_result *result = shared;
    return result && result->driver[0] ? result->driver : NULL;
}

void nvml_report(struct json *json, const void *shared, const struct ending *ending) {
    const struct nvml_result *result = shared;
    report_ending(json, ending, result);
    if (!result) return;
    if (result->library.path[0]) json_text(json, "path", result->library.path, sizeof result->library.path);
    if (result->library.origin[0])
        json_text(json, "origin", result->library.origin, sizeof result->library.origin);
    if (result->answered) json_number(json, "code", result->code);
    if (result->driver[0]) json_text(json, "driver", result->driver, sizeof result->driver);
    if (result->cuda > 0) {
        char version[VERSION_ROOM];
        cuda_version_text(version, sizeof version, result->cuda);
        json_text(json, "cuda", version, sizeof version);
    }
    if (result->count_known) json_number(json, "gpuCount", result->count);
    if (result->library.error[0])
        json_text(json, "error", result->library.error, sizeof result->library.error);
    else if (result->error[0])
        json_text(json, "error", result->error, sizeof result->error);
}

const struct step NVML_STEP = {.name = "nvml", .result_bytes = sizeof(struct nvml_result), .run = nvml_run, .stays = 0};
