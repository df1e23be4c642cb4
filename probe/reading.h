/*
 * Reading what the files of an image say, by one walk for all readers.
 *
 * A reader of another kind is a `struct reader` of its own, with a line in READERS in reading.c. It says documents by
 * document_open(reading->documents, …) and document_close, whenever it knows something; each is written at once.
 */
#ifndef PROBE_READING_H
#define PROBE_READING_H

#include "documents.h"
#include "step.h"
#include "walk.h"

struct reading {
    struct documents *documents;
    /** As the program got it: in a container, the image's. */
    char **environment;
    enum walk_mounts mounts;
    /** The walk that goes on, or that is over. */
    struct walk *walk;
    /** By sys_clock_us: what a reader has not done by then after the walk, it leaves out, and says so by walk_leave_out. */
    int64_t deadline_us;
};

struct reader {
    /** Sets the visitor's functions and `given`. Returns 0, or -1 for having no memory. */
    int (*begin)(struct walk_visitor *visitor, const struct reading *reading);
    /** When the walk is over; NULL for a reader that has said all by then. */
    void (*end)(struct walk_visitor *visitor, const struct reading *reading);
};

/** Walks these roots and says everything about them, `files` last. Returns how many of the roots could not be opened. */
int reading_run(const struct reading *reading, const char *const *roots, size_t count, int64_t deadline_us);

/** The step of the probe that reads the whole image; its documents come as lines. */
extern const struct step FILES_STEP;

/** `files` in place of a child that did not get to say it. */
void files_report_ending(struct json *json, const struct ending *ending, const void *result);

#endif
