#include "walk.h"

#include "text.h"

enum { ENTRIES_ROOM = 32 * 1024, SEEN_SLOTS = 1 << 17 };

/** One open folder. */
struct level {
    int folder;
    size_t path_length;
    long at, end;
    uint64_t device;
    _Alignas(8) char entries[ENTRIES_ROOM];
};

struct walk_state {
    struct mount_table *mounts;
    /** Opening without a trace in the access time was refused once: it is for the owner of a file only. */
    int keeps_no_atime;
    int stopped;
    /** Names of every kind. */
    uint64_t names;
    unsigned char head[WALK_HEAD_BYTES];
    char path[WALK_PATH_ROOM];
    /** Device and inode of files with several names that were visited. */
    size_t seen_count;
    uint64_t seen[SEEN_SLOTS][2];
    struct level level[WALK_DEEPEST + 1];
};

static void note(struct walk_notes *notes, const char *path, const char *why) {
    if (notes->count < WALK_MOST_NOTES) {
        struct walk_note *one = &notes->note[notes->count];
        text_copy(one->path, sizeof one->path, path);
        text_copy(one->why, sizeof one->why, why);
    }
    notes->count++;
}

static void note_error(struct walk *walk, const char *path, long error) {
    char room[24];
    /* It went away, or became a link, since its folder was read. */
    if (error == -ERROR_NOENT || error == -ERROR_LOOP || error == -ERROR_NXIO) return;
    int refused = error == -ERROR_ACCES || error == -ERROR_PERM;
    note(refused ? &walk->unreadable : &walk->skipped, path, sys_error_name(error, room));
    if (!refused) walk->incomplete = 1;
}

void walk_leave_out(struct walk *walk, const char *path, const char *why) {
    walk->incomplete = 1;
    note(&walk->skipped, path, why);
}

static void stop(struct walk *walk, const char *path, const char *why) {
    walk->state->stopped = 1;
    walk_leave_out(walk, path, why);
}

static long open_quietly(struct walk_state *state, int folder, const char *name, int flags) {
    flags |= OPEN_READ | OPEN_NO_FOLLOW | OPEN_NONBLOCK | OPEN_CLOEXEC | OPEN_NO_TERMINAL;
    if (!state->keeps_no_atime) {
        long file = sys_open_in(folder, name, flags | OPEN_NO_ATIME);
        if (file != -ERROR_PERM) return file;
        state->keeps_no_atime = 1;
    }
    return sys_open_in(folder, name, flags);
}

/** Whether a file with several names was visited before; notes it when it was not. */
static int was_seen(struct walk_state *state, uint64_t device, uint64_t inode) {
    uint64_t mixed = (inode ^ device << 40) * 0x9e3779b97f4a7c15u;
    size_t at = (size_t)(mixed >> 40) % SEEN_SLOTS;
    while (state->seen[at][1]) {
        if (state->seen[at][0] == device && state->seen[at][1] == inode) return 1;
        at = (at + 1) % SEEN_SLOTS;
    }
    if (state->seen_count < SEEN_SLOTS / 2) {
        state->seen[at][0] = device;
        state->seen[at][1] = inode;
        state->seen_count++;
    }
    return 0;
}

/** Calls the visitors that want this file; `folder` and `name` are what it is opened by. */
static long visit_file(struct walk *walk, int folder, const char *name, const struct walk_entry *entry) {
    enum { MOST_VISITORS = 32, LARGE = 128 * 1024 };
    struct walk_state *state = walk->state;
    struct sys_status status;
    int wanted[MOST_VISITORS], any = 0;
    for (size_t at = 0; at < walk->visitor_count && at < MOST_VISITORS; at++) {
        const struct walk_visitor *visitor = &walk->visitors[at];
        wanted[at] = visitor->file && (!visitor->wants || visitor->wants(visitor->given, entry));
        any |= wanted[at];
    }
    if (!any) return 0;
    if (walk->current) text_copy(walk->current, WALK_PATH_ROOM, entry->path);
    long file = open_quietly(state, folder, name, 0);
    if (file < 0) return file;
    walk->opened++;
    long answer = sys_status((int)file, &status);
    if (answer >= 0 && (status.mode & MODE_TYPE) == MODE_FILE) {
        struct walk_file visited = {.entry = *entry, .file = (int)file, .size = status.size, .device = status.device,
                                    .inode = status.inode, .head = state->head};
        /* Of a large file only places far apart are of interest. */
        if (status.size > LARGE) sys_expect_jumps((int)file);
        long got = status.size > 0 ? sys_read_at((int)file, state->head, sizeof state->head, 0) : 0;
        if (got < 0) answer = got;
        visited.head_bytes = got < 0 ? 0 : (size_t)got;
        visited.again = status.links > 1 && was_seen(state, status.device, status.inode);
        for (size_t at = 0; got >= 0 && at < walk->visitor_count && at < MOST_VISITORS; at++)
            if (wanted[at]) walk->visitors[at].file(walk->visitors[at].given, &visited);
    }
    sys_close((int)file);
    return answer < 0 ? answer : 0;
}

static void tell_folder(struct walk *walk, const struct walk_entry *entry) {
    walk->folders++;
    for (size_t at = 0; at < walk->visitor_count; at++)
        if (walk->visitors[at].folder) walk->visitors[at].folder(walk->visitors[at].given, entry);
}

static void tell_link(struct walk *walk, const struct walk_entry *entry) {
    for (size_t at = 0; at < walk->visitor_count; at++)
        if (walk->visitors[at].link) walk->visitors[at].link(walk->visitors[at].given, entry);
}

/** Why a folder is not entered; NULL when it is. Asked before it is opened, because opening alone mounts an automount point. */
static const char *why_skipped(const struct walk *walk, const char *path, enum mount_kind kind) {
    if (kind == MOUNT_PSEUDO) return "pseudo file system";
    if (walk->mounts == WALK_ALL_MOUNTS) return NULL;
    if (kind == MOUNT_REPEATED) return "mounted from another place of the image";
    if (kind == MOUNT_OTHER) return "mounted from outside the image";
    /* Where the mounts cannot be read, these are still what they always are. */
    if (text_equal(path, "/proc") || text_equal(path, "/sys") || text_equal(path, "/dev")) return "pseudo file system";
    return NULL;
}

/** Opens the folder as the next level. Returns 0 when it is not entered. */
static int enter(struct walk *walk, int depth, int parent, const char *name, const struct walk_entry *entry) {
    struct walk_state *state = walk->state;
    struct level *level = &state->level[depth];
    struct sys_status status;
    uint64_t type = 0;
    if (depth > WALK_DEEPEST) {
        walk->incomplete = 1;
        note(&walk->skipped, entry->path, "too many folders deep");
        return 0;
    }
    if (walk->current) text_copy(walk->current, WALK_PATH_ROOM, entry->path);
    long folder = open_quietly(state, parent, name, OPEN_FOLDER);
    if (folder < 0) {
        note_error(walk, entry->path, folder);
        return 0;
    }
    long answer = sys_status((int)folder, &status);
    /* Another file system than the parent's, although the mounts did not name it, or could not be read. */
    int other = answer >= 0 && (depth == 0 || status.device != level[-1].device);
    if (other && sys_file_system_type((int)folder, &type) >= 0 && is_pseudo_file_system(type)) {
        note(&walk->skipped, entry->path, "pseudo file system");
        answer = -1;
    } else if (other && depth > 0 && !state->mounts && walk->mounts == WALK_IMAGE_ONLY) {
        note(&walk->skipped, entry->path, "mounted from outside the image");
        answer = -1;
    }
    if (answer < 0) {
        sys_close((int)folder);
        return 0;
    }
    level->folder = (int)folder;
    level->path_length = entry->path_length;
    level->at = level->end = 0;
    level->device = status.device;
    tell_folder(walk, entry);
    return 1;
}

static int type_of(const struct level *level, const struct sys_folder_entry *entry) {
    struct sys_status status;
    if (entry->type != ENTRY_UNKNOWN) return entry->type;
    if (sys_status_in(level->folder, entry->name, &status) < 0) return ENTRY_UNKNOWN;
    switch (status.mode & MODE_TYPE) {
    case MODE_FOLDER: return ENTRY_FOLDER;
    case MODE_FILE: return ENTRY_FILE;
    case MODE_LINK: return ENTRY_LINK;
    default: return ENTRY_UNKNOWN;
    }
}

/** The next entry of the folder, or NULL at its end. */
static const struct sys_folder_entry *next_entry(struct walk *walk, struct level *level) {
    if (level->at >= level->end) {
        long got = sys_read_folder(level->folder, level->entries, sizeof level->entries);
        level->at = 0;
        level->end = got;
        if (got < 0) note_error(walk, walk->state->path, got);
        if (got <= 0) return NULL;
    }
    const struct sys_folder_entry *entry = (const void *)(level->entries + level->at);
    level->at += entry->length;
    return entry;
}

static int is_time_up(struct walk *walk) {
    return (walk->state->names++ & 127) == 0 && sys_clock_us() >= walk->deadline_us;
}

/** Deals with one entry. Returns 1 when it is a folder that was entered as the level below. */
static int take_entry(struct walk *walk, int depth, const struct sys_folder_entry *found) {
    struct walk_state *state = walk->state;
    struct level *level = &state->level[depth];
    size_t length = level->path_length, name_length = text_length(found->name);
    if (text_equal(found->name, ".") || text_equal(found->name, "..")) return 0;
    state->path[length] = 0;
    if (length + name_length + 2 > sizeof state->path) {
        walk->incomplete = 1;
        note(&walk->skipped, state->path, "path too long");
        return 0;
    }
    if (length > 1) state->path[length++] = '/';
    memcpy(state->path + length, found->name, name_length + 1);
    struct walk_entry entry = {
        .path = state->path, .path_length = length + name_length, .name = state->path + length, .mounted = 0};
    int type = type_of(level, found);
    if (type == ENTRY_LINK) {
        tell_link(walk, &entry);
        return 0;
    }
    if (type != ENTRY_FOLDER && type != ENTRY_FILE) return 0;
    enum mount_kind kind = mount_table_find(state->mounts, entry.path);
    if (type == ENTRY_FOLDER) {
        const char *why = why_skipped(walk, entry.path, kind);
        if (why) note(&walk->skipped, entry.path, why);
        return !why && enter(walk, depth + 1, level->folder, found->name, &entry);
    }
    walk->files++;
    entry.mounted = walk->mounts == WALK_IMAGE_ONLY && kind == MOUNT_OTHER;
    long answer = visit_file(walk, level->folder, found->name, &entry);
    if (answer < 0) note_error(walk, entry.path, answer);
    if (walk->files >= WALK_MOST_FILES) stop(walk, entry.path, "too many files; this and what follows was not read");
    return 0;
}

static void walk_levels(struct walk *walk) {
    struct walk_state *state = walk->state;
    int depth = 0;
    while (depth >= 0) {
        struct level *level = &state->level[depth];
        const struct sys_folder_entry *entry = state->stopped ? NULL : next_entry(walk, level);
        if (!entry) {
            sys_close(level->folder);
            depth--;
            continue;
        }
        depth += take_entry(walk, depth, entry);
        if (!state->stopped && is_time_up(walk)) {
            state->path[state->level[depth].path_length] = 0;
            stop(walk, state->path, "the time ran out here; what follows was not read");
        }
    }
}

int walk_begin(struct walk *walk) {
    walk->state = sys_memory(sizeof *walk->state);
    if (!walk->state) return -1;
    walk->state->mounts = mount_table_read();
    return 0;
}

long walk_root(struct walk *walk, const char *root) {
    enum { WORKING_FOLDER = -100 };
    struct walk_state *state = walk->state;
    struct sys_status status;
    long length = real_path(root, state->path, sizeof state->path);
    if (length == -ERROR_NOENT && sys_file_size(root) >= 0)
        /* There is no /proc to ask. */
        length = text_copy(state->path, sizeof state->path, root) ? 0 : -ERROR_INVAL;
    if (length < 0) return length;
    size_t path_length = text_length(state->path), name = path_length;
    while (path_length > 1 && state->path[path_length - 1] == '/') state->path[--path_length] = 0;
    while (name > 0 && state->path[name - 1] != '/') name--;
    const struct walk_entry entry = {.path = state->path, .path_length = path_length, .name = state->path + name};
    long answer = sys_status_in(WORKING_FOLDER, state->path, &status);
    if (answer < 0) return answer;
    if ((status.mode & MODE_TYPE) == MODE_FILE) {
        walk->files++;
        return visit_file(walk, WORKING_FOLDER, state->path, &entry);
    }
    if ((status.mode & MODE_TYPE) != MODE_FOLDER) return -ERROR_NOTDIR;
    state->stopped = 0;
    if (enter(walk, 0, WORKING_FOLDER, state->path, &entry)) walk_levels(walk);
    return 0;
}

int walk_name_is_data(const char *name) {
    /* With a space before and after each. No numbers: libcudart.so.12 is no manual page. */
    static const char ENDINGS[] =
        " arrow asc avi bash bat bmp c cc cer cfg cmake conf conffiles cpp crl crt csh css csv cu cuh cxx desktop doc docx "
        "dtd egg el elc eot fish gif go gpg gz h h5 hdf5 hh hpp htm html hxx ico in ini inl ipp ipynb jar java jinja jinja2 "
        "jpeg jpg js json jsonl jsx less list log lua m4 map md md5sums mjs mk mo mp3 mp4 mpeg npy npz odt ogg onnx otf "
        "parquet patch pc pdf pem php pickle pkl pl pm png po postinst postrm pot preinst prerm properties proto ps ps1 pt "
        "pth pub pxd pxi py pyc pyi pyo pyx rb rc rs rst rtf safetensors sass scss service sh sha256 shlibs sig sql srt svg "
        "svgz symbols tar tcl tex tflite tgz tif tiff toml triggers ts tsv tsx ttc ttf ttl txt vim vue wav webm webp whl "
        "woff woff2 xhtml xls xlsx xml xsd xsl xz yaml yml zip zsh zst ";
    enum { LONGEST = 12 };
    size_t length = text_length(name), from = length;
    while (from > 0 && name[from - 1] != '.' && length - from <= LONGEST) from--;
    if (from < 2 || name[from - 1] != '.' || from == length) return 0;
    char ending[LONGEST + 4] = " ";
    size_t used = 1;
    for (size_t at = from; at < length; at++) {
        char byte = name[at];
        ending[used++] = byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
    }
    ending[used++] = ' ';
    ending[used] = 0;
    return text_find(ENDINGS, ending) != NULL;
}
