#ifndef PROBE_RUNTIME_SEARCH_H
#define PROBE_RUNTIME_SEARCH_H

#include "library.h"

/**
 * Loads the libcudart that a program in this image would meet first: by the dynamic linker's own search, of the version
 * that CUDA_VERSION names before the newest; then in the toolkit's folders; then in Python and Conda environments, whose
 * packages bring their own. When none loads, `library` names the first that was found and why it did not, and the answer
 * is NULL.
 */
void *runtime_search(struct library *library, char **environment, struct refused *refused);

#endif
