/* The image's own CUDA runtime: where it is, its version, and whether it gets on with the driver. */
#ifndef PROBE_RUNTIME_H
#define PROBE_RUNTIME_H

#include "step.h"

extern const struct step RUNTIME_STEP;
void runtime_report(struct json *json, const void *result, const struct ending *ending);

/** How the runtime's cudaGetDeviceCount went, for who writes no document. */
struct runtime_answer {
    /** The image has a runtime. */
    int found;
    int answered;
    int code;
    /** Words about the code, empty when there are none. */
    const char *error;
};
void runtime_answer(struct runtime_answer *answer, const void *result);

#endif
