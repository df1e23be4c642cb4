/* libcuda itself, and cuInit with the number of GPUs. */
#ifndef PROBE_DRIVER_H
#define PROBE_DRIVER_H

#include "driver_api.h"
#include "library.h"

struct driver_result {
    char call[CALL_ROOM];
    struct library library;
    int loaded;
    /** cuDriverGetVersion's number, 12020; 0 when not known. */
    int version;
    int version_asked;
    int init_asked;
    int init_answered;
    int init_code;
    char init_failed_call[CALL_ROOM];
    char init_error[ERROR_ROOM];
    int count_known;
    int device_count;
};

extern const struct step DRIVER_STEP;

/** Loads libcuda.so.1 and looks its functions up; a function that it lacks stays NULL. Returns 0 when there is none. */
int driver_load(struct driver *driver, struct library *library);
/** `CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected`, as far as the driver has words for the code. */
void driver_error_text(const struct driver *driver, cu_result code, char *to, size_t room);

/** The document of step `libcuda`. `nvml_version` (may be NULL) helps to tell an injected file that is not a mount. */
void libcuda_report(struct json *json, const struct driver_result *result, const struct ending *ending,
                    const char *nvml_version, size_t room);
/** Whether the child came as far as cuInit, so that there is a document of step `init`. */
int init_was_tried(const struct driver_result *result);
void init_report(struct json *json, const struct driver_result *result, const struct ending *ending);

#endif
