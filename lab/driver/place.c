#include "place.h"

#include "files.h"
#include "text.h"

static int has_folder(const char *one, const char *other, const char *folder) {
    return text_find(one, folder) != NULL || text_find(other, folder) != NULL;
}

void place_find(struct place *place, const void *own) {
    struct dl_address found;
    memset(place, 0, sizeof *place);
    if (!dladdr(own, &found) || !found.file) return;
    if (real_path(found.file, place->path, sizeof place->path) < 0)
        text_copy(place->path, sizeof place->path, found.file);
    place->is_compat = has_folder(found.file, place->path, "/compat/");
    place->is_stub = has_folder(found.file, place->path, "/stubs/");
}

int place_read_config(struct config *config) {
    const char *path = getenv("SIMULATED_NVIDIA_CONF");
    return config_read(config, path && *path ? path : DEFAULT_CONFIG);
}
