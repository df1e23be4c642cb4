/* The frameworks' own tests: frameworks.py in every Python of the image, each framework in a process of its own. */
#ifndef PROBE_FRAMEWORKS_H
#define PROBE_FRAMEWORKS_H

#include "python.h"
#include "supervise.h"

/**
 * Asks every Python of the image which frameworks it has; returns how many documents there are to come. `gpus`: as many as
 * CUDA shows; `pythons`: what the walk over the files found, or NULL. All of it, here and below, is done by the deadline.
 */
size_t frameworks_find(char **environment, int gpus, int64_t deadline_us, const struct python_found *pythons);

/** Tests the framework at this place, from 0, and says what came of it. */
void frameworks_test(size_t at, struct json *json);

#endif
