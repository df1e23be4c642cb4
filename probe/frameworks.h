/* The frameworks' own tests: frameworks.py in every Python of the image, each framework in a process of its own. */
#ifndef PROBE_FRAMEWORKS_H
#define PROBE_FRAMEWORKS_H

#include "supervise.h"

/**
 * Asks every Python of the image which frameworks it has; returns how many documents there are to come. `gpus`: as many as
 * CUDA shows. All of it, here and below, is done by the deadline.
 */
size_t frameworks_find(char **environment, int gpus, int64_t deadline_us);

/** Tests the framework at this place, from 0, and says what came of it. */
void frameworks_test(size_t at, struct json *json);

#endif
