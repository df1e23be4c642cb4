#include "python_run.h"

/* Far above what a starting Python opens. */
enum { DOCUMENT_FILE = 60 };

/* frameworks.py, as one argument. */
__asm__(".section .rodata\n"
        "frameworks_py:\n"
        ".incbin \"frameworks.py\"\n"
        ".byte 0\n"
        ".previous\n");
extern const char frameworks_py[] __attribute__((visibility("hidden")));

_Noreturn static void program_main(const char *interpreter, const char *mode, const char *name, const char *number,
                                   char **environment, int said, int printed) {
    char file[8] = "";
    text_append_number(file, sizeof file, DOCUMENT_FILE);
    /* The kernel copies what they point to. */
    char *arguments[] = {(char *)interpreter, "-B", "-c", (char *)frameworks_py, (char *)mode, file, (char *)name, (char *)number, NULL};
    sys_die_with_parent(SIGNAL_KILL);
    long nothing = sys_open("/dev/null", OPEN_READ);
    if (nothing >= 0) sys_duplicate((int)nothing, 0);
    sys_duplicate(printed, 1);
    sys_duplicate(printed, 2);
    sys_duplicate(said, DOCUMENT_FILE);
    long error = sys_execute(interpreter, arguments, environment);
    char room[24], text[PATH_ROOM + 64] = "";
    text_append(text, sizeof text, interpreter);
    text_append(text, sizeof text, ": cannot be run: ");
    text_append(text, sizeof text, sys_error_name(error, room));
    sys_write(2, text, text_length(text));
    sys_exit(127);
}

struct lines_said {
    struct python_run *run;
    void (*each_line)(const char *line, void *given);
    void *given;
    size_t used;
    int too_long;
    char line[DOCUMENT_BYTES];
};

static void line_said(struct lines_said *lines) {
    struct python_run *run = lines->run;
    lines->line[lines->used] = 0;
    if (text_equal(lines->line, "end")) {
        run->ended = 1;
    } else if (lines->each_line) {
        lines->each_line(lines->line, lines->given);
    } else {
        int next = !run->latest;
        memcpy(run->line[next], lines->line, lines->used + 1);
        run->line_bytes[next] = lines->used;
        *(volatile int *)&run->latest = next;
    }
}

static void take_said(struct lines_said *lines, const char *bytes, size_t count) {
    for (size_t at = 0; at < count; at++) {
        if (bytes[at] == '\n') {
            if (!lines->too_long) line_said(lines);
            lines->used = 0;
            lines->too_long = 0;
        } else if (lines->used + 1 < sizeof lines->line) {
            lines->line[lines->used++] = bytes[at];
        } else {
            lines->too_long = 1;
        }
    }
}

static void take_printed(struct python_run *run, const char *bytes, size_t count) {
    for (size_t at = 0; at < count; at++, run->printed_bytes++) {
        if (run->printed_bytes < PRINTED_HEAD)
            run->head[run->printed_bytes] = bytes[at];
        else
            run->tail[(run->printed_bytes - PRINTED_HEAD) % PRINTED_TAIL] = bytes[at];
    }
}

/** Reads what is there, at most for `wait_ms`; 0 when nothing came. */
static int pump(struct lines_said *lines, struct sys_poll polls[2], long wait_ms) {
    char bytes[4096];
    int came = 0;
    if (sys_wait_readable(polls, 2, wait_ms) <= 0) return 0;
    for (int at = 0; at < 2; at++) {
        if (polls[at].file < 0 || polls[at].got == 0) continue;
        long count = sys_read(polls[at].file, bytes, sizeof bytes);
        if (count <= 0) {
            /* A negative file is one that poll does not look at. */
            sys_close(polls[at].file);
            polls[at].file = -1;
            continue;
        }
        came = 1;
        if (at == 0)
            take_said(lines, bytes, (size_t)count);
        else
            take_printed(lines->run, bytes, (size_t)count);
    }
    return came;
}

void python_run(struct python_run *run, const char *interpreter, const char *mode, const char *name, const char *number,
                char **environment, int64_t deadline_us, void (*each_line)(const char *line, void *given),
                void *given) {
    enum { TICK_MS = 10 };
    static struct lines_said lines;
    int said[2], printed[2];
    memset(run, 0, sizeof *run);
    run->status = -1;
    if (sys_pipe(said) < 0) return;
    if (sys_pipe(printed) < 0) {
        sys_close(said[0]);
        sys_close(said[1]);
        return;
    }
    int pid = fork();
    if (pid == 0) program_main(interpreter, mode, name, number, environment, said[1], printed[1]);
    sys_close(said[1]);
    sys_close(printed[1]);
    lines.run = run;
    lines.each_line = each_line;
    lines.given = given;
    lines.used = 0;
    lines.too_long = 0;
    struct sys_poll polls[2] = {{.file = said[0], .wanted = POLL_READ}, {.file = printed[0], .wanted = POLL_READ}};
    while (pid > 0) {
        int is_open = polls[0].file >= 0 || polls[1].file >= 0;
        if (is_open)
            pump(&lines, polls, TICK_MS);
        else
            sys_sleep_ms(1);
        /* Not by the pipes' end: what it started may hold them open. */
        int status = 0;
        if (sys_wait_now(pid, &status) == 0) {
            if (sys_clock_us() < deadline_us) continue;
            sys_kill(pid, SIGNAL_KILL);
            run->timed_out = 1;
            break;
        }
        run->status = status;
        break;
    }
    while (pump(&lines, polls, 0)) {
    }
    for (int at = 0; at < 2; at++)
        if (polls[at].file >= 0) sys_close(polls[at].file);
}

void python_printed(const struct python_run *run, char *to, size_t room) {
    size_t all = run->printed_bytes, used = 0;
    size_t head = all < PRINTED_HEAD ? all : PRINTED_HEAD, rest = all - head;
    for (size_t at = 0; at < head && used + 1 < room; at++) to[used++] = run->head[at];
    if (rest > PRINTED_TAIL)
        for (const char *gap = "\n...\n"; *gap && used + 1 < room; gap++) to[used++] = *gap;
    size_t kept = rest < PRINTED_TAIL ? rest : PRINTED_TAIL;
    for (size_t at = rest - kept; at < rest && used + 1 < room; at++) to[used++] = run->tail[at % PRINTED_TAIL];
    while (used > 0 && (to[used - 1] == '\n' || to[used - 1] == ' ')) used--;
    /* What came before a byte of zero would otherwise be all. */
    for (size_t at = 0; at < used; at++)
        if (to[at] == 0) to[at] = ' ';
    to[used] = 0;
}
