/* One GPU: what it is, and whether the test kernel computes rightly on it. */
#ifndef PROBE_DEVICE_H
#define PROBE_DEVICE_H

#include "step.h"

extern const struct step DEVICE_STEP;
void device_report(struct json *json, int index, const void *result, const struct ending *ending);
void kernel_report(struct json *json, int index, const void *result, const struct ending *ending);

#endif
