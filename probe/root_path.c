#include "root_path.h"

enum { MOST_LINKS = 40 };

int root_outside(const char *root, const char *path, char *to, size_t room) {
    return text_copy(to, room, root) && text_append(to, room, path);
}

static void pop(char *path) {
    size_t length = text_length(path);
    while (length > 0 && path[length - 1] != '/') length--;
    path[length > 0 ? length - 1 : 0] = 0;
}

/** Takes the next part off the front of `rest`; 0 at the end, -1 when it is too long. */
static int take_part(char *rest, char *part, size_t room) {
    size_t from = 0, length = 0;
    while (rest[from] == '/') from++;
    while (rest[from + length] && rest[from + length] != '/') length++;
    if (length == 0) return 0;
    if (length + 2 > room) return -1;
    part[0] = '/';
    memcpy(part + 1, rest + from, length);
    part[length + 1] = 0;
    size_t to = 0;
    for (size_t at = from + length; rest[at]; at++) rest[to++] = rest[at];
    rest[to] = 0;
    return 1;
}

long root_resolve(const char *root, const char *path, char *to, size_t room) {
    char rest[PATH_ROOM], part[PATH_ROOM], link[PATH_ROOM], outside[PATH_ROOM];
    int links = 0, more;
    to[0] = 0;
    if (!text_copy(rest, sizeof rest, path)) return -ERROR_INVAL;
    while ((more = take_part(rest, part, sizeof part)) > 0) {
        if (text_equal(part, "/.")) continue;
        if (text_equal(part, "/..")) {
            pop(to);
            continue;
        }
        if (!text_append(to, room, part) || !root_outside(root, to, outside, sizeof outside)) return -ERROR_INVAL;
        long length = sys_readlink(outside, link, sizeof link);
        if (length == -ERROR_INVAL) continue;
        if (length < 0) return length;
        if (++links > MOST_LINKS) return -ERROR_LOOP;
        if ((size_t)length >= sizeof link) return -ERROR_INVAL;
        link[length] = 0;
        pop(to);
        if (link[0] == '/') to[0] = 0;
        if (!text_append(link, sizeof link, rest) || !text_copy(rest, sizeof rest, link)) return -ERROR_INVAL;
    }
    if (more < 0) return -ERROR_INVAL;
    return to[0] || text_copy(to, room, "/") ? 0 : -ERROR_INVAL;
}

long root_open(const char *root, const char *path) {
    char outside[PATH_ROOM];
    if (!root_outside(root, path, outside, sizeof outside)) return -ERROR_INVAL;
    return sys_open(outside, OPEN_READ | OPEN_CLOEXEC | OPEN_NONBLOCK | OPEN_NO_TERMINAL | OPEN_NO_FOLLOW);
}

int root_has(const char *root, const char *path) {
    char found[PATH_ROOM];
    return root_resolve(root, path, found, sizeof found) == 0;
}

long root_read(const char *root, const char *path, char *to, size_t room) {
    char found[PATH_ROOM];
    struct sys_status status;
    size_t used = 0;
    to[0] = 0;
    long answer = root_resolve(root, path, found, sizeof found);
    if (answer < 0) return answer;
    int file = (int)root_open(root, found);
    if (file < 0) return file;
    answer = sys_status(file, &status);
    /* Never a pipe or a device, which may keep a reader waiting or give without end. */
    if (answer >= 0 && (status.mode & MODE_TYPE) != MODE_FILE) answer = -ERROR_INVAL;
    while (answer >= 0 && used + 1 < room) {
        answer = sys_read_at(file, to + used, room - 1 - used, used);
        if (answer <= 0) break;
        used += (size_t)answer;
    }
    sys_close(file);
    to[used] = 0;
    return answer < 0 ? answer : (long)used;
}
