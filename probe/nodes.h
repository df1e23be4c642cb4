/* Device files that lead to a GPU, and whether this user may open them. */
#ifndef PROBE_NODES_H
#define PROBE_NODES_H

#include "step.h"

extern const struct step NODES_STEP;
void nodes_report(struct json *json, const void *result, const struct ending *ending);

#endif
