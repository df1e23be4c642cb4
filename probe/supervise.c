#include "supervise.h"

enum { MOST_POLLED = 128, TICK_MS = 20 };

_Noreturn static void child_main(const struct task *task, char **environment, int done_file, int parent) {
    sys_die_with_parent(SIGNAL_KILL);
    if (sys_parent() != parent) sys_exit(0);
    signal(SIGNAL_PIPE, NULL);
    signal(SIGNAL_TERM, NULL);
    signal(SIGNAL_INT, NULL);
    /* What a library prints must not land between the documents. */
    sys_duplicate(2, 1);
    /* A limit of one byte, unlike none, also keeps a crash handler program from being started. */
    sys_limit_set(LIMIT_CORE, 1, 1);
    const struct request request = {.environment = environment, .index = task->index};
    task->step->run(task->result, &request);
    sys_write(done_file, "d", 1);
    sys_close(done_file);
    /*
     * A driver without persistence mode shuts a GPU down when the last process leaves, and takes seconds to start it
     * for the next one. So the first process to open it stays until the probe's end.
     */
    while (task->step->stays) sys_sleep_ms(1000);
    sys_exit(0);
}

void task_start(struct task *task, char **environment, long timeout_ms) {
    int ends[2];
    task->state = TASK_DONE;
    task->ending = (struct ending){.exit_status = -1};
    task->done_file = -1;
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
    int own_pid = (int)sys_own_pid();
    task->pid = fork();
    if (task->pid == 0) {
        sys_close(ends[0]);
        child_main(task, environment, ends[1], own_pid);
    }
    sys_close(ends[1]);
    if (task->pid < 0) {
        sys_close(ends[0]);
        task->ending.not_started = ERROR_AGAIN;
        return;
    }
    task->done_file = ends[0];
    task->deadline_us = sys_clock_us() + (int64_t)timeout_ms * 1000;
    task->state = TASK_RUNNING;
}

static void finish(struct task *task) {
    sys_close(task->done_file);
    task->done_file = -1;
    task->state = TASK_DONE;
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
        size_t running = 0, ended = 0;
        for (size_t at = 0; at < count && running < MOST_POLLED; at++) {
            if (tasks[at].state == TASK_DONE) ended++;
            if (tasks[at].state != TASK_RUNNING) continue;
            owner[running] = at;
            polls[running++] = (struct sys_poll){.file = tasks[at].done_file, .wanted = POLL_READ};
        }
        if (ended > 0) return 1;
        if (running == 0) return 0;
        /* The tick is for a child whose pipe is held open by a process that it started. */
        if (sys_wait_readable(polls, running, TICK_MS) < 0)
            for (size_t at = 0; at < running; at++) polls[at].got = 0;
        int hung_up = 0;
        for (size_t at = 0; at < running; at++) {
            struct task *task = &tasks[owner[at]];
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
