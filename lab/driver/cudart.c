/* The simulated libcudart: an image's own CUDA runtime, whose version is in the name of its file. */
#include "errors.h"
#include "place.h"
#include "sys.h"
#include "text.h"

enum { OK = 0, INSUFFICIENT_DRIVER = 35 };

/** The number after `libcudart.so.`, 12.8.90 as 12080. */
static int own_version(const struct place *place) {
    const char *at = text_find(place->path, "libcudart.so.");
    int part[2] = {0, 0};
    if (!at) return 0;
    at += text_length("libcudart.so.");
    for (int index = 0; index < 2; index++) {
        for (; *at >= '0' && *at <= '9' && part[index] < 1000; at++) part[index] = part[index] * 10 + (*at - '0');
        if (*at == '.') at++;
    }
    return part[0] * 1000 + part[1] * 10;
}

/** The fault of a call; without a description there is no driver, and nothing is to be simulated. */
static int faulty(const char *call) {
    static struct config config;
    if (!place_read_config(&config)) return OK;
    const struct fault *fault = fault_of(&config, call, -1, 0);
    return fault && fault->has_code ? fault->code : OK;
}

static int find_version(int *version) {
    struct place place;
    place_find(&place, (const void *)&find_version);
    *version = own_version(&place);
    return OK;
}

EXPORT int cudaRuntimeGetVersion(int *version) {
    int code = faulty("cudaRuntimeGetVersion");
    return code == OK ? find_version(version) : code;
}

/** From CUDA 11 on, a driver of the same major version is enough; before, it had to be as new as the runtime. */
static int is_sufficient(int driver, int runtime) {
    return runtime >= 11000 ? driver / 1000 >= runtime / 1000 : driver >= runtime;
}

EXPORT int cudaGetDeviceCount(int *count) {
    int runtime = 0, driver = 0;
    int code = faulty("cudaGetDeviceCount");
    *count = 0;
    if (code != OK) return code;
    void *handle = dlopen("libcuda.so.1", DL_NOW);
    if (!handle) return INSUFFICIENT_DRIVER;
    int (*get_version)(int *) = (int (*)(int *))dlsym(handle, "cuDriverGetVersion");
    int (*init)(unsigned) = (int (*)(unsigned))dlsym(handle, "cuInit");
    int (*get_count)(int *) = (int (*)(int *))dlsym(handle, "cuDeviceGetCount");
    if (!get_version || !init || !get_count) return INSUFFICIENT_DRIVER;
    find_version(&runtime);
    code = get_version(&driver);
    if (code != OK) return code;
    if (!is_sufficient(driver, runtime)) return INSUFFICIENT_DRIVER;
    code = init(0);
    return code == OK ? get_count(count) : code;
}

EXPORT int cudaDriverGetVersion(int *version) {
    void *handle = dlopen("libcuda.so.1", DL_NOW);
    int (*get_version)(int *) = handle ? (int (*)(int *))dlsym(handle, "cuDriverGetVersion") : NULL;
    *version = 0;
    return get_version ? get_version(version) : OK;
}

EXPORT const char *cudaGetErrorName(int code) { return runtime_error_name(code); }

EXPORT const char *cudaGetErrorString(int code) { return runtime_error_words(code); }
