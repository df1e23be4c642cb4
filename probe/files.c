#include "files.h"

#include "text.h"

long lines_open(struct lines *lines, const char *path) {
    lines->at = lines->end = 0;
    lines->file = (int)sys_open(path, OPEN_READ | OPEN_CLOEXEC | OPEN_NONBLOCK | OPEN_NO_TERMINAL);
    return lines->file < 0 ? lines->file : 0;
}

int lines_next(struct lines *lines) {
    size_t length = 0;
    int any = 0;
    for (;;) {
        if (lines->at == lines->end) {
            long got = sys_read(lines->file, lines->buffer, sizeof lines->buffer);
            if (got <= 0) break;
            lines->at = 0;
            lines->end = (size_t)got;
        }
        char byte = lines->buffer[lines->at++];
        any = 1;
        if (byte == '\n') break;
        if (length + 1 < sizeof lines->line) lines->line[length++] = byte;
    }
    lines->line[length] = 0;
    return any;
}

void lines_close(struct lines *lines) { sys_close(lines->file); }

long folder_visit(const char *folder, void (*visit)(const char *name, void *given), void *given) {
    int file = (int)sys_open(folder, OPEN_READ | OPEN_CLOEXEC | OPEN_NONBLOCK);
    if (file < 0) return file;
    /* A folder that never ends, as a hostile file system may give, ends here. */
    enum { MOST_ENTRIES = 20000 };
    _Alignas(8) char room[4096];
    long answer = 0;
    for (int seen = 0; seen < MOST_ENTRIES;) {
        long got = sys_read_folder(file, room, sizeof room);
        if (got <= 0) {
            answer = got;
            break;
        }
        for (long at = 0; at < got; seen++) {
            const struct sys_folder_entry *entry = (const void *)(room + at);
            if (!text_equal(entry->name, ".") && !text_equal(entry->name, "..")) visit(entry->name, given);
            at += entry->length;
        }
    }
    sys_close(file);
    return answer;
}

long real_path(const char *path, char *to, size_t room) {
    int file = (int)sys_open(path, OPEN_PATH | OPEN_CLOEXEC);
    if (file < 0) return file;
    char link[40] = "/proc/self/fd/";
    text_append_number(link, sizeof link, file);
    long length = sys_readlink(link, to, room - 1);
    to[length < 0 ? 0 : length] = 0;
    sys_close(file);
    return length < 0 ? length : 0;
}

/** Copies the field at `*at` with the kernel's octal escapes undone, and moves on to the next. */
static void take_field(const char **at, char *to, size_t room) {
    size_t length = 0;
    const char *from = *at;
    while (*from && *from != ' ') {
        char byte = *from++;
        if (byte == '\\' && from[0] >= '0' && from[0] <= '3' && from[1] >= '0' && from[1] <= '7' &&
            from[2] >= '0' && from[2] <= '7') {
            byte = (char)((from[0] - '0') * 64 + (from[1] - '0') * 8 + (from[2] - '0'));
            from += 3;
        }
        if (length + 1 < room) to[length++] = byte;
    }
    to[length] = 0;
    while (*from == ' ') from++;
    *at = from;
}

/** id, parent, device, root, place, options, any number of optional fields, a hyphen, type, … */
static void take_mount(const char *line, struct mount *mount) {
    char skipped[32];
    take_field(&line, skipped, sizeof skipped);
    take_field(&line, skipped, sizeof skipped);
    take_field(&line, mount->device, sizeof mount->device);
    take_field(&line, mount->root, sizeof mount->root);
    take_field(&line, mount->place, sizeof mount->place);
    const char *type = text_find(line, " - ");
    if (type) type += 3;
    mount->type[0] = 0;
    if (type) take_field(&type, mount->type, sizeof mount->type);
}

long mounts_visit(void (*visit)(const struct mount *mount, void *given), void *given) {
    struct lines lines;
    struct mount mount;
    long answer = lines_open(&lines, "/proc/self/mountinfo");
    if (answer < 0) return answer;
    while (lines_next(&lines)) {
        take_mount(lines.line, &mount);
        if (mount.place[0] == '/') visit(&mount, given);
    }
    lines_close(&lines);
    return 0;
}

int path_is_within(const char *path, const char *folder) {
    size_t length = text_length(folder);
    if (!text_starts(path, folder)) return 0;
    return folder[length - 1] == '/' || path[length] == 0 || path[length] == '/';
}

enum mounted mounted_how(const char *path, char *source, size_t room) {
    struct lines lines;
    struct mount mount, root, best;
    int have_root = 0, have_best = 0;
    size_t best_length = 0;
    text_copy(source, room, "");
    if (lines_open(&lines, "/proc/self/mountinfo") < 0) return MOUNTS_UNREADABLE;
    while (lines_next(&lines)) {
        take_mount(lines.line, &mount);
        size_t length = text_length(mount.place);
        if (length == 0 || !path_is_within(path, mount.place)) continue;
        if (text_equal(mount.place, "/")) {
            root = mount;
            have_root = 1;
        } else if (!have_best || length >= best_length) {
            /* Of two mounts at one place, the later one covers the earlier. */
            best = mount;
            have_best = 1;
            best_length = length;
        }
    }
    lines_close(&lines);
    if (!have_best) return have_root ? MOUNTED_WITH_ROOT : MOUNTS_UNREADABLE;
    text_copy(source, room, text_equal(best.root, "/") ? "" : best.root);
    text_append(source, room, path + best_length);
    if (have_root && text_equal(best.device, root.device) && path_is_within(best.root, root.root))
        return MOUNTED_FROM_IMAGE;
    return MOUNTED_FROM_OUTSIDE;
}
