#ifndef LAB_HOOK_MOUNTS_H
#define LAB_HOOK_MOUNTS_H

#include "container.h"
#include "description.h"

typedef struct {
    int tree;
    char *target;
    unsigned long flags;
} attachment;

typedef struct {
    attachment items[MAX_GPUS + 8];
    int count;
} attachments;

/* Where the container's linker looks: Debian and what comes from it keep libraries by architecture, others in lib64. */
const char *library_folder(const container *box);

/* Opens what NVIDIA_DRIVER_CAPABILITIES and the visible GPUs ask for. To be called while the host's own mounts are in sight. */
attachments plan_attachments(const char *host_folder, const container *box, const host_description *host,
                             const int visible[MAX_GPUS]);

/* Mounts the files below the container's root and ends the process: nothing leads back out of a chroot. */
__attribute__((noreturn)) void fill_root(const container *box, const attachments *list, const char *driver);

#endif
