#include "mount_table.h"

#include "text.h"

enum { MOST_MOUNTS = 16384, SLOTS = 2 * MOST_MOUNTS, PLACES_ROOM = 2 * 1024 * 1024 };

struct slot {
    uint32_t hash;
    /** Offset of the place in the room for them, plus one; 0 for a free slot. */
    uint32_t place;
    enum mount_kind kind;
};

struct mount_table {
    struct slot slot[SLOTS];
    int count;
    size_t used;
    struct mount root;
    char places[PLACES_ROOM];
};

static uint32_t hash_of(const char *text) {
    uint32_t hash = 2166136261u;
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

static int is_pseudo_type(const char *type, const char *place) {
    static const char *const TYPES[] = {
        "autofs",    "binfmt_misc", "bpf",     "cgroup",    "cgroup2",    "configfs", "debugfs", "devpts",
        "devtmpfs",  "efivarfs",    "fusectl", "hugetlbfs", "mqueue",     "nfsd",     "nsfs",    "proc",
        "pstore",    "resctrl",     "rpc_pipefs", "securityfs", "selinuxfs", "sysfs",  "tracefs"};
    for (size_t at = 0; at < sizeof TYPES / sizeof TYPES[0]; at++)
        if (text_equal(type, TYPES[at])) return 1;
    /* In a container the device nodes are on a plain tmpfs; whatever covers a part of /proc or /sys is no file of an image. */
    return path_is_within(place, "/dev") || path_is_within(place, "/proc") || path_is_within(place, "/sys");
}

int is_pseudo_file_system(uint64_t type) {
    /* <linux/magic.h>; tmpfs is not among them, although the device nodes' own file system has its number. */
    static const uint32_t TYPES[] = {
        0x0187, 0x42494e4d, 0xcafe4a11, 0x27e0eb, 0x63677270, 0x62656570, 0x64626720, 0x1cd1, 0xde5e81e4, 0x65735543,
        0x958458f6, 0x19800202, 0x6e667364, 0x6e736673, 0x9fa0, 0x6165676c, 0x7655821, 0x67596969, 0x73636673, 0xf97cff8c,
        0x62656572, 0x74726163};
    for (size_t at = 0; at < sizeof TYPES / sizeof TYPES[0]; at++)
        if (type == TYPES[at]) return 1;
    return 0;
}

static void find_root(const struct mount *mount, void *given) {
    struct mount_table *table = given;
    if (text_equal(mount->place, "/")) table->root = *mount;
}

static struct slot *slot_of(struct mount_table *table, const char *place, uint32_t hash) {
    size_t at = hash % SLOTS;
    while (table->slot[at].place &&
           (table->slot[at].hash != hash || !text_equal(table->places + table->slot[at].place - 1, place)))
        at = (at + 1) % SLOTS;
    return &table->slot[at];
}

/**
 * Docker and nerdctl keep them in `…/volumes/…/_data`, Podman in `…/storage/volumes/…/_data`. Whoever starts the probe mounts no
 * others, and the engine copies the image's files into a new one.
 */
static int is_volume(const char *source) {
    static const char END[] = "/_data";
    size_t length = text_length(source);
    return length >= sizeof END - 1 && text_equal(source + length - (sizeof END - 1), END) && text_find(source, "/volumes/");
}

static enum mount_kind kind_of(const struct mount_table *table, const struct mount *mount) {
    if (is_pseudo_type(mount->type, mount->place)) return MOUNT_PSEUDO;
    if (table->root.place[0] && text_equal(mount->device, table->root.device) &&
        path_is_within(mount->root, table->root.root))
        return MOUNT_REPEATED;
    return is_volume(mount->root) ? MOUNT_VOLUME : MOUNT_OTHER;
}

static void add(const struct mount *mount, void *given) {
    struct mount_table *table = given;
    size_t bytes = text_length(mount->place) + 1;
    if (text_equal(mount->place, "/")) return;
    uint32_t hash = hash_of(mount->place);
    struct slot *slot = slot_of(table, mount->place, hash);
    if (!slot->place) {
        if (table->count >= MOST_MOUNTS || table->used + bytes > sizeof table->places) return;
        memcpy(table->places + table->used, mount->place, bytes);
        slot->place = (uint32_t)table->used + 1;
        slot->hash = hash;
        table->used += bytes;
        table->count++;
    }
    slot->kind = kind_of(table, mount);
}

struct mount_table *mount_table_read(void) {
    struct mount_table *table = sys_memory(sizeof *table);
    if (!table || mounts_visit(find_root, table) < 0 || mounts_visit(add, table) < 0) return NULL;
    return table;
}

enum mount_kind mount_table_find(const struct mount_table *table, const char *path) {
    if (!table || table->count == 0) return MOUNT_NONE;
    uint32_t hash = hash_of(path);
    for (size_t at = hash % SLOTS; table->slot[at].place; at = (at + 1) % SLOTS)
        if (table->slot[at].hash == hash && text_equal(table->places + table->slot[at].place - 1, path))
            return table->slot[at].kind;
    return MOUNT_NONE;
}
