/* The image's own CUDA runtime: where it is, its version, and whether it gets on with the driver. */
#ifndef PROBE_RUNTIME_H
#define PROBE_RUNTIME_H

#include "step.h"

extern const struct step RUNTIME_STEP;
void runtime_report(struct json *json, const void *result, const struct ending *ending);

#endif
