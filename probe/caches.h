/* Compiled code that is kept for one GPU, driver or version: named, because nothing here can judge it. */
#ifndef PROBE_CACHES_H
#define PROBE_CACHES_H

#include "reading.h"

/** Says `cache` for Triton's cache folders and TensorRT's engine files. */
extern const struct reader CACHES_READER;

#endif
