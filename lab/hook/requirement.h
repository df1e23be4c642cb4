#ifndef LAB_HOOK_REQUIREMENT_H
#define LAB_HOOK_REQUIREMENT_H

#include <stddef.h>

/* What NVIDIA_REQUIRE_* is compared with. An empty text is a fact that the host cannot tell; it counts as satisfied. */
typedef struct {
    const char *cuda;
    const char *driver;
    const char *arch;
    const char *brand;
} requirement_facts;

/*
 * Evaluates one NVIDIA_REQUIRE_* value: terms separated by spaces of which one must hold, each of factors separated by commas
 * that must all hold. Returns 1 when it is met. Otherwise writes the words of nvidia-container-cli into `message` and returns 0.
 * Grammar and words: https://github.com/NVIDIA/libnvidia-container src/cli/dsl.c and src/cli/configure.c.
 */
int requirement_met(const char *value, const requirement_facts *facts, char *message, size_t size);

#endif
