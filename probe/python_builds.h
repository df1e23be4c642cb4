/* CUDA and cuDNN that a framework was built with, as its own files say. */
#ifndef PROBE_PYTHON_BUILDS_H
#define PROBE_PYTHON_BUILDS_H

#include "python.h"
#include "python_metadata.h"

/**
 * Fills in `cuda_state`, `cuda`, `cudnn`, and a local version that the metadata lacks. `site` is a path inside `root`; `is_cpu_only`
 * and `named` come from the package's name. PYTHON_CUDA_NONE only where the files are certain of it.
 */
void python_read_build(const char *root, const char *site, const struct python_known *known,
                       struct python_framework *framework);

/** What holds for a framework by the packages beside it in the same folder: JAX gets its CUDA from a plug-in. */
void python_join_builds(const char *root, struct python_found *found);

#endif
