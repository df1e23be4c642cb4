#define _GNU_SOURCE
#include "container.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "description.h"
#include "json.h"

void refuse(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("Auto-detected mode as 'legacy'\nnvidia-container-cli: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(1);
}

char *join(const char *left, const char *right)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", left, right) < 0) {
        refuse("initialization error: out of memory");
    }
    return path;
}

const char *variable(const container *box, const char *name)
{
    size_t length = strlen(name);
    const char *value = NULL;
    for (char **entry = box->env; *entry != NULL; entry++) {
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') {
            value = *entry + length + 1;
        }
    }
    return value;
}

container read_container(void)
{
    container box = {NULL, -1, NULL, -1};
    char *root;
    char *path;
    size_t length = 0;
    size_t count = 0;
    char *state = read_file("/dev/stdin", &length);
    char *config_path;
    char *config;
    const char *position = NULL;
    json_value document;
    json_value item;
    if (state == NULL) {
        refuse("initialization error: no container state on standard input");
    }
    document = json_document(state, length);
    box.pid = json_number(json_member(document, "pid"));
    box.bundle = json_string(json_member(document, "bundle"));
    if (box.bundle == NULL) {
        box.bundle = json_string(json_member(document, "bundlePath"));
    }
    if (box.pid <= 0 || box.bundle == NULL) {
        refuse("initialization error: the container state names no pid or bundle");
    }
    config_path = join(box.bundle, "config.json");
    config = read_file(config_path, &length);
    if (config == NULL) {
        refuse("initialization error: open failed: %s: %s", config_path, strerror(errno));
    }
    document = json_document(config, length);
    root = json_string(json_member(json_member(document, "root"), "path"));
    if (root == NULL) {
        refuse("initialization error: %s names no root", config_path);
    }
    if (root[0] != '/') {
        root = join(box.bundle, root);
    }
    if (asprintf(&path, "/proc/%ld/root%s", box.pid, root) < 0) {
        refuse("initialization error: out of memory");
    }
    box.root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (box.root < 0) {
        refuse("initialization error: open failed: %s: %s", path, strerror(errno));
    }
    document = json_member(json_member(document, "process"), "env");
    while (json_next(document, &position, &item)) {
        count++;
    }
    box.env = calloc(count + 1, sizeof *box.env);
    position = NULL;
    for (size_t index = 0; box.env != NULL && index < count && json_next(document, &position, &item); index++) {
        box.env[index] = json_string(item);
    }
    if (box.env == NULL) {
        refuse("initialization error: out of memory");
    }
    return box;
}

int is_true(const char *value)
{
    static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"};
    for (size_t index = 0; value != NULL && index < sizeof yes / sizeof yes[0]; index++) {
        if (strcmp(value, yes[index]) == 0) {
            return 1;
        }
    }
    return 0;
}
