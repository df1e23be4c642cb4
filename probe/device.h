/* One GPU: what it is, and whether the test kernel computes rightly on it. */
#ifndef PROBE_DEVICE_H
#define PROBE_DEVICE_H

#include "step.h"

extern const struct step DEVICE_STEP;
void device_report(struct json *json, int index, const void *result, const struct ending *ending);
void kernel_report(struct json *json, int index, const void *result, const struct ending *ending);

/** How the test kernel went, for who writes no document. */
struct kernel_answer {
    /** A call answered with `code`; `call` is its name. */
    int answered;
    int code;
    const char *call;
    /** Words about it, empty when there are none. */
    const char *error;
    /** The result came back and was compared. */
    int compared;
    int right;
};
void kernel_answer(struct kernel_answer *answer, const void *result);

#endif
