#include "image_root.h"

#include "files.h"

int image_root_is_new(const struct image_root *root, const char *path) {
    return !root->began || !path_is_within(path, root->top);
}

void image_root_enter(struct image_root *root, const char *path) {
    memset(root, 0, sizeof *root);
    root->began = 1;
    text_copy(root->top, sizeof root->top, path);
    root->is_image = text_equal(path, "/") || root_has(path, "/etc/ld.so.cache") || root_has(path, "/usr/lib");
    /* Below any other folder, links lead where they lead for this process. */
    if (root->is_image && !text_equal(path, "/")) text_copy(root->folder, sizeof root->folder, path);
    root->length = text_length(root->folder);
}

const char *image_root_inside(const struct image_root *root, const char *path) { return path + root->length; }
