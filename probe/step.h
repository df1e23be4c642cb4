/*
 * A step of the probe: what runs in a child process, and what the parent says about it.
 *
 * The parent never calls into a driver library. A child fills a result in shared memory and the parent reports what is
 * there when the child has finished, was ended by a signal, or ran out of time: what came before the bad call is kept.
 */
#ifndef PROBE_STEP_H
#define PROBE_STEP_H

#include "sys.h"
#include "text.h"

enum { CALL_ROOM = 40, PATH_ROOM = 1024, ERROR_ROOM = 1024, VERSION_ROOM = 96 };

/** How the child ended. */
struct ending {
    int timed_out;
    /** Number of the signal that ended it, 0 for none. */
    int signal;
    /** It left by itself before it was done, with this status; -1 when it did not. */
    int exit_status;
    /** There was no child: fork or memory failed with this error number. */
    int not_started;
};

/** What a child gets to know. */
struct request {
    char **environment;
    /** Index of the GPU, for the steps that are made once per GPU. */
    int index;
    long timeout_ms;
    const char *nonce;
    /** For a step that says documents itself: where their lines go. */
    int lines;
};

struct step {
    const char *name;
    /** Bytes of the result. It begins zeroed, with the call that is being made in its first CALL_ROOM bytes. */
    size_t result_bytes;
    /** In the child. */
    void (*run)(void *result, const struct request *request);
    /** The child stays until the probe's end, holding the driver's device files open: see supervise.c. */
    int stays;
    /** The child writes whole documents, a line each, and the parent passes them on as they come. */
    int says_lines;
    /** It starts programs of the image: all of their processes are ended with it. */
    int has_group;
};

/** Notes the call that is about to be made, in case it never returns. */
void step_call(void *result, const char *name);

/* Members that every step's document has: timedOut, signal, error and call of a step that did not end well. */
void report_ending(struct json *json, const struct ending *ending, const void *result);

/** Name of the signal that ended a process. */
void report_signal(struct json *json, int number);

/** Value of an environment variable, or NULL. */
char *environment_value(char **environment, const char *name);

/* Places that could not be looked at for lack of a right; at most a few are kept. */
enum { REFUSED_PLACES = 8 };
struct refused {
    int count;
    char path[REFUSED_PLACES][256];
};
void refused_add(struct refused *refused, const char *path);
void refused_report(struct json *json, const struct refused *refused);

/** CUDA's number 12020 as `12.2`; `room` bytes at `to`. */
void cuda_version_text(char *to, size_t room, int number);

#endif
