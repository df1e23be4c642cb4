/* Which root a reader is in: the container's own, that of an unpacked image, or none, below some folder. */
#ifndef PROBE_IMAGE_ROOT_H
#define PROBE_IMAGE_ROOT_H

#include "root_path.h"

struct image_root {
    int began;
    /** Where the walk began, as this process sees it. */
    char top[PATH_ROOM];
    /** The folder that stands for the root, empty for the root of this process. */
    char folder[PATH_ROOM];
    size_t length;
    /** It has a dynamic linker's cache or default folders, so that one can tell what a program there would load. */
    int is_image;
};

/** Whether the walk enters the first folder of another root; then it is made the current one. */
int image_root_is_new(const struct image_root *root, const char *path);
void image_root_enter(struct image_root *root, const char *path);

/** The path inside the root of one that this process sees. */
const char *image_root_inside(const struct image_root *root, const char *path);

#endif
