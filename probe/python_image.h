/* What python.c and its parts share: the names that a walk met, until they are made into what is found. */
#ifndef PROBE_PYTHON_IMAGE_H
#define PROBE_PYTHON_IMAGE_H

#include "image_root.h"
#include "python.h"

enum { MOST_VENVS = 32, MOST_PROGRAMS = 64, MOST_CONDA = 32, MOST_NOTES = 512 };

/** A metadata folder or file of a framework, as it was met. */
struct note {
    char folder[PYTHON_PATH_ROOM];
    char entry[160];
};

struct python {
    const struct reading *reading;
    struct python_found *found;
    struct image_root root;
    /** A cache of packages, whose files nobody runs in place. */
    char ignored[PATH_ROOM];
    int note_count, venv_count, program_count, conda_count;
    struct note notes[MOST_NOTES];
    char venvs[MOST_VENVS][PYTHON_PATH_ROOM];
    char programs[MOST_PROGRAMS][PYTHON_PATH_ROOM];
    char conda[MOST_CONDA][PYTHON_PATH_ROOM];
};

int python_name_ends(const char *text, const char *ending);

/** Cuts the last part off the path; 0 when nothing is left to cut. */
int python_pop(char *path);

/** The version that `lib` below the prefix tells by a folder `python3.11`; empty unless there is exactly one. */
void python_version_by_folders(const struct python *python, const char *prefix, char *to, size_t room);

/** Makes the programs and environments into interpreters, best first. `path` is the value of PATH. */
void python_find_interpreters(struct python *python, const char *path);

/** Says of each whether an application would get it, by PATH (with pyenv's shims), VIRTUAL_ENV or CONDA_PREFIX. */
void python_mark_active(struct python *python, const char *path, char **environment);

/** Tells the interpreter which folders of packages it has. `environment` is NULL where it is not the image's. */
void python_join_sites(struct python *python, struct python_interpreter *one, char **environment);

#endif
