/* Runs steps in child processes, several at once, each with a deadline of its own. */
#ifndef PROBE_SUPERVISE_H
#define PROBE_SUPERVISE_H

#include "step.h"

struct task {
    const struct step *step;
    int index;
    enum { TASK_WAITING, TASK_RUNNING, TASK_DONE, TASK_REPORTED } state;
    /** Shared with the child; NULL when there was no memory for it. */
    void *result;
    struct ending ending;
    int pid;
    /** The same, kept after its end: the process group of a step that has one. */
    int group;
    /** The child writes one byte here when its result is whole. */
    int done_file;
    int64_t deadline_us;
    /** Of a step that says lines: where they come from (-1 otherwise), and the beginning of a line that is not whole yet. */
    int lines_file;
    struct line_room *unfinished;
};

/** Starts the step's child now, with what `request` says but `index` and `lines`. Failing to is an ending like any other. */
void task_start(struct task *task, const struct request *request);

/** Waits until at least one running task has ended, and marks all that have. Returns 0 when none is running. */
int tasks_wait(struct task *tasks, size_t count);

/** Ends children that stay. Never waits for one that the kernel will not let go. */
void tasks_end(struct task *tasks, size_t count);

#endif
