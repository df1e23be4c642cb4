#include "nodes.h"

#include "files.h"

enum { MOST_NODES = 160, NODE_PATH_ROOM = 96 };

struct node {
    char path[NODE_PATH_ROOM];
    char access[8];
    char error[24];
};

struct nodes {
    char call[CALL_ROOM];
    int count;
    struct node node[MOST_NODES];
};

struct visit {
    struct nodes *nodes;
    const char *folder;
};

/* NVIDIA's own, WSL's and Jetson's. */
static int is_gpu_node(const char *name) {
    return text_starts(name, "nvidia") || text_equal(name, "dxg") || text_starts(name, "nvhost-") ||
           text_equal(name, "nvmap");
}

static void set_access_by_mode(struct node *node) {
    int may_read = sys_access(node->path, ACCESS_READ) >= 0;
    int may_write = sys_access(node->path, ACCESS_WRITE) >= 0;
    text_copy(node->access, sizeof node->access, may_read ? (may_write ? "rw" : "r") : "none");
}

/*
 * Only opening the file tells the truth: a device cgroup that lost its rules refuses with EPERM what the file's mode
 * allows. What is opened stays open until the probe's end, so that a driver without persistence starts its GPU once.
 */
static void examine(struct node *node) {
    const int flags = OPEN_CLOEXEC | OPEN_NONBLOCK | OPEN_NO_TERMINAL;
    char room[24];
    long file = sys_open(node->path, OPEN_READ_WRITE | flags);
    if (file >= 0) {
        text_copy(node->access, sizeof node->access, "rw");
        return;
    }
    text_copy(node->error, sizeof node->error, sys_error_name(file, room));
    if (file != -ERROR_ACCES && file != -ERROR_PERM) {
        /* The right is there; what failed is behind it: no driver (ENXIO, ENODEV), a lost GPU (EIO). */
        set_access_by_mode(node);
        return;
    }
    if (sys_open(node->path, OPEN_READ | flags) >= 0) {
        text_copy(node->access, sizeof node->access, "r");
        node->error[0] = 0;
        return;
    }
    text_copy(node->access, sizeof node->access, "none");
}

static void visit_node(const char *name, void *given) {
    const struct visit *visit = given;
    struct nodes *nodes = visit->nodes;
    if (text_equal(visit->folder, "/dev/") && !is_gpu_node(name)) return;
    if (text_starts(name, "nvidia-caps")) return;
    if (nodes->count >= MOST_NODES) return;
    struct node *node = &nodes->node[nodes->count];
    text_copy(node->path, sizeof node->path, visit->folder);
    if (!text_append(node->path, sizeof node->path, name)) return;
    text_copy(node->access, sizeof node->access, "unknown");
    nodes->count++;
}

static void nodes_run(void *result, const struct request *request) {
    static const char *const FOLDERS[] = {"/dev/", "/dev/nvidia-caps/", "/dev/nvidia-caps-imex-channels/"};
    (void)request;
    for (size_t at = 0; at < sizeof FOLDERS / sizeof FOLDERS[0]; at++) {
        struct visit visit = {.nodes = result, .folder = FOLDERS[at]};
        step_call(result, FOLDERS[at]);
        folder_visit(FOLDERS[at], visit_node, &visit);
    }
    /* Only after all are listed, so that one that hangs hides none of the others. */
    struct nodes *nodes = result;
    for (int at = 0; at < nodes->count; at++) {
        step_call(nodes, nodes->node[at].path);
        examine(&nodes->node[at]);
    }
}

void nodes_report(struct json *json, const void *result, const struct ending *ending) {
    const struct nodes *nodes = result;
    report_ending(json, ending, result);
    int count = nodes ? nodes->count : 0;
    if (!json_array(json, "nodes")) return;
    for (int at = 0; at < count && at < MOST_NODES; at++) {
        const struct node *node = &nodes->node[at];
        if (!json_object(json, NULL)) break;
        json_text(json, "path", node->path, sizeof node->path);
        json_text(json, "access", node->access, sizeof node->access);
        if (node->error[0]) json_text(json, "error", node->error, sizeof node->error);
        json_object_end(json);
    }
    json_array_end(json);
}

const struct step NODES_STEP = {
    .name = "nodes", .result_bytes = sizeof(struct nodes), .run = nodes_run, .stays = 1};
