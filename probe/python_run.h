/* Runs a Python of the image with the probe's script, and keeps what it says and prints, within bounds. */
#ifndef PROBE_PYTHON_RUN_H
#define PROBE_PYTHON_RUN_H

#include "step.h"

enum { DOCUMENT_BYTES = 60 * 1024, PRINTED_HEAD = 1024, PRINTED_TAIL = 2960 };

/** Filled while the program runs, in memory that the parent reads when it has had to end it. */
struct python_run {
    /** The last whole line, in the one of two rooms that `latest` names: the other is being written. */
    int latest;
    size_t line_bytes[2];
    char line[2][DOCUMENT_BYTES];
    /** The line `end` came. */
    int ended;
    /** How the program ended, as the kernel encodes it; -1 when it has not. */
    int status;
    int timed_out;
    /** Standard output and error: the first bytes, and the last ones around `printed_bytes` of all. */
    size_t printed_bytes;
    char head[PRINTED_HEAD];
    char tail[PRINTED_TAIL];
};

/**
 * Runs `interpreter -B -c SCRIPT` with these arguments (after the script's first two, the mode and the number of the file to
 * write to), until it ends or the deadline comes. `each_line` is called with every line that it says but `end`; NULL keeps the last one in `run`.
 */
void python_run(struct python_run *run, const char *interpreter, const char *mode, const char *name, const char *number,
                char **environment, int64_t deadline_us, void (*each_line)(const char *line, void *given),
                void *given);

/** What was printed, as one text; `room` bytes at `to`. */
void python_printed(const struct python_run *run, char *to, size_t room);

#endif
