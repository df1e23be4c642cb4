#ifndef PROBE_NVML_H
#define PROBE_NVML_H

#include "step.h"

extern const struct step NVML_STEP;
void nvml_report(struct json *json, const void *result, const struct ending *ending);
/** The driver version that NVML gave, at most VERSION_ROOM bytes; NULL when it gave none. */
const char *nvml_driver_version(const void *result);

#endif
