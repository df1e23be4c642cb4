#ifndef LAB_HOOK_DESCRIPTION_H
#define LAB_HOOK_DESCRIPTION_H

#include <stddef.h>

#define MAX_GPUS 64
#define MAX_LACKING 16

/* What the simulated host tells its hook: the lines of hook.conf, see lab/README.md. */
typedef struct {
    char uuid[64];
    char arch[16];
    char brand[32];
} host_gpu;

typedef struct {
    char driver[64];
    char cuda[16];
    host_gpu gpus[MAX_GPUS];
    int gpu_count;
    /* The hook's own words and exit status when it is told to fail; NULL when it is not. */
    char *failure;
    int failure_status;
    /* Device nodes that the host does not have, as names under /dev. */
    char lacking[MAX_LACKING][64];
    int lacking_count;
} host_description;

/* The whole of a file, to be freed and ended by a NUL; NULL when it cannot be read. */
char *read_file(const char *path, size_t *length);

/* Reads hook.conf. Returns 0 when it cannot be read. */
int read_description(const char *path, host_description *host);

int host_lacks(const host_description *host, const char *device);

/*
 * Fills `visible` with the index each host GPU gets in the container, or -1 when it is not visible there.
 * Returns 0 and names the device in `unknown` when NVIDIA_VISIBLE_DEVICES asks for one that the host does not have.
 */
int select_gpus(const host_description *host, const char *devices, int visible[MAX_GPUS], char *unknown, size_t size);

/* The driver description as this container may see it: GPUs that are not visible left out, faults renumbered. To be freed. */
char *visible_driver(const char *text, const int visible[MAX_GPUS]);

#endif
