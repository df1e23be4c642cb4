#include "supervise.h"

#include "documents.h"

enum { MOST_POLLED = 128, TICK_MS = 20 };

struct line_room {
    size_t used;
    char text[DOCUMENT_ROOM];
};

_Noreturn static void child_main(const struct task *task, const struct request *request, int done_file, int parent) {
    sys_die_with_parent(SIGNAL_KILL);
    if (sys_parent() != parent) sys_exit(0);
    if (task->step->has_group) sys_session();
    signal(SIGNAL_PIPE, NULL);
    signal(SIGNAL_TERM, NULL);
    signal(SIGNAL_INT, NULL);
    /* What a library prints must not land between the documents. */
    sys_duplicate(2, 1);
    /* A limit of one byte, unlike none, also keeps a crash handler program from being started. */
    sys_limit_set(LIMIT_CORE, 1, 1);
    task->step->run(task->result, request);
    sys_write(done_file, "d", 1);
    sys_close(done_file);
    /*
     * A driver without persistence mode shuts a GPU down when the last process leaves, and takes seconds to start it
     * for the next one. So the first process to open it stays until the probe's end.
     */
    while (task->step->stays) sys_sleep_ms(1000);
    sys_exit(0);
}

/** A pipe for the child's lines when its step says any; 0 or a negative error number. */
static long open_lines(struct task *task, int ends[2]) {
    ends[0] = ends[1] = -1;
    if (!task->step->says_lines) return 0;
    task->unfinished = sys_memory(sizeof *task->unfinished);
    return task->unfinished ? sys_pipe(ends) : -12;
}

static void close_ends(const int ends[2]) {
    for (int at = 0; at < 2; at++)
        if (ends[at] >= 0) sys_close(ends[at]);
}

void task_start(struct task *task, const struct request *given) {
    int ends[2], lines[2];
    struct request request = *given;
    task->state = TASK_DONE;
    task->ending = (struct ending){.exit_status = -1};
    task->done_file = task->lines_file = -1;
    task->result = sys_shared_memory(task->step->result_bytes);
    if (!task->result) {
        task->ending.not_started = 12;
        return;
    }
    long answer = sys_pipe(ends);
    if (answer < 0) {
        task->ending.not_started = (int)-answer;
        return;
    }
    answer = open_lines(task, lines);
    if (answer < 0) {
        close_ends(ends);
        task->ending.not_started = (int)-answer;
        return;
    }
    request.index = task->index;
    request.lines = lines[1];
    int own_pid = (int)sys_own_pid();
    task->pid = fork();
    if (task->pid == 0) {
        sys_close(ends[0]);
        if (lines[0] >= 0) sys_close(lines[0]);
        child_main(task, &request, ends[1], own_pid);
    }
    sys_close(ends[1]);
    if (lines[1] >= 0) sys_close(lines[1]);
    if (task->pid < 0) {
        sys_close(ends[0]);
        if (lines[0] >= 0) sys_close(lines[0]);
        task->ending.not_started = ERROR_AGAIN;
        return;
    }
    task->group = task->pid;
    task->done_file = ends[0];
    task->lines_file = lines[0];
    task->deadline_us = sys_clock_us() + (int64_t)request.timeout_ms * 1000;
    task->state = TASK_RUNNING;
}

/** Passes on the lines in `room` that are whole, and keeps the rest. */
static void pass_on(struct line_room *room) {
    size_t whole = room->used;
    while (whole > 0 && room->text[whole - 1] != '\n') whole--;
    write_all(1, room->text, whole);
    /* A line longer than a document can be is none. */
    if (whole == 0 && room->used == sizeof room->text) whole = room->used;
    for (size_t at = whole; at < room->used; at++) room->text[at - whole] = room->text[at];
    room->used -= whole;
}

/** Passes on what the child has said by now; never waits for it, and comes to an end while it goes on saying. */
static void take_lines(struct task *task) {
    /* More than a pipe holds. */
    enum { MOST_READS = 64 };
    struct line_room *room = task->unfinished;
    for (int reads = 0; task->lines_file >= 0 && reads < MOST_READS; reads++) {
        struct sys_poll poll = {.file = task->lines_file, .wanted = POLL_READ};
        if (sys_wait_readable(&poll, 1, 0) <= 0) return;
        long got = sys_read(task->lines_file, room->text + room->used, sizeof room->text - room->used);
        if (got <= 0) {
            sys_close(task->lines_file);
            task->lines_file = -1;
            return;
        }
        room->used += (size_t)got;
        pass_on(room);
    }
}

static void finish(struct task *task) {
    /* Before the child is forgotten: its number is not given anew while nobody has asked how it ended. */
    if (task->step->has_group) sys_kill(-task->group, SIGNAL_KILL);
    sys_close(task->done_file);
    task->done_file = -1;
    task->state = TASK_DONE;
    /* All that was said before the child was done, or ended, is in the pipe. */
    take_lines(task);
    if (task->lines_file >= 0) sys_close(task->lines_file);
    task->lines_file = -1;
}

/** Whether the child wrote that its result is whole; never waits. */
static int is_whole(const struct task *task) {
    struct sys_poll poll = {.file = task->done_file, .wanted = POLL_READ};
    char byte = 0;
    return sys_wait_readable(&poll, 1, 0) > 0 && sys_read(task->done_file, &byte, 1) == 1;
}

/** The child is gone, or about to be: notes how. Returns 0 while the kernel still takes it down. */
static int note_exit(struct task *task) {
    int status = 0;
    long answer = sys_wait_now(task->pid, &status);
    if (answer == 0) return 0;
    task->pid = 0;
    /* It may have become ready and ended after the last look at its pipe. */
    if (is_whole(task)) {
        finish(task);
        return 1;
    }
    int number = status & 0x7f;
    if (number != 0)
        task->ending.signal = number;
    else
        task->ending.exit_status = status >> 8 & 0xff;
    finish(task);
    return 1;
}

static void examine(struct task *task, int readable) {
    if (readable && is_whole(task)) {
        finish(task);
    } else if (!note_exit(task) && sys_clock_us() >= task->deadline_us) {
        /* Not waited for: a process stuck inside the kernel ends when it can, and the probe goes on without it. */
        sys_kill(task->pid, SIGNAL_KILL);
        task->ending.timed_out = 1;
        finish(task);
    }
}

int tasks_wait(struct task *tasks, size_t count) {
    for (;;) {
        struct sys_poll polls[MOST_POLLED];
        size_t owner[MOST_POLLED];
        size_t running = 0, ended = 0, polled;
        for (size_t at = 0; at < count && running < MOST_POLLED; at++) {
            if (tasks[at].state == TASK_DONE) ended++;
            if (tasks[at].state != TASK_RUNNING) continue;
            owner[running] = at;
            polls[running++] = (struct sys_poll){.file = tasks[at].done_file, .wanted = POLL_READ};
        }
        if (ended > 0) return 1;
        if (running == 0) return 0;
        polled = running;
        for (size_t at = 0; at < running && polled < MOST_POLLED; at++)
            if (tasks[owner[at]].lines_file >= 0)
                polls[polled++] = (struct sys_poll){.file = tasks[owner[at]].lines_file, .wanted = POLL_READ};
        /* The tick is for a child whose pipe is held open by a process that it started. */
        if (sys_wait_readable(polls, polled, TICK_MS) < 0)
            for (size_t at = 0; at < running; at++) polls[at].got = 0;
        int hung_up = 0;
        for (size_t at = 0; at < running; at++) {
            struct task *task = &tasks[owner[at]];
            take_lines(task);
            examine(task, polls[at].got != 0);
            hung_up |= polls[at].got != 0 && task->state == TASK_RUNNING;
        }
        /* Pipe closed but process not gone yet: the kernel is at it. */
        if (hung_up) sys_sleep_ms(1);
    }
}

void tasks_end(struct task *tasks, size_t count) {
    for (size_t at = 0; at < count; at++)
        if (tasks[at].pid > 0 && tasks[at].step->stays) sys_kill(tasks[at].pid, SIGNAL_KILL);
}
