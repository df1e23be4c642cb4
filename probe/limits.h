#ifndef PROBE_LIMITS_H
#define PROBE_LIMITS_H

#include "text.h"

/** /dev/shm, memlock, libc, user and the environment variables that steer CUDA. In the parent: nothing here can hang. */
void limits_report(struct json *json, char **environment);

#endif
