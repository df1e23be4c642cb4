/*
 * The Python interpreters of an image and the frameworks installed for them, without executing anything: documents `python` and
 * `package`.
 *
 * A reader for reading.h. Whoever wants to use what it finds afterwards (the frameworks' own test) calls python_share() before the
 * step FILES starts, and reads the result when that step is over:
 *
 *     const struct python_found *found = python_share();
 *     ... run FILES_STEP ...
 *     for (int at = 0; at < found->interpreter_count; at++) {
 *         const struct python_interpreter *one = &found->interpreters[at];      best first: see `rank`
 *         for (int number = 0; number < found->framework_count; number++)
 *             if (python_has(one, found->frameworks[number].site)) ...
 *     }
 *
 * Paths are of the container's own root. Texts are terminated. A child wrote all this: counts are to be compared with the rooms.
 */
#ifndef PROBE_PYTHON_H
#define PROBE_PYTHON_H

#include "reading.h"

enum {
    PYTHON_MOST_INTERPRETERS = 24,
    PYTHON_MOST_SITES = 64,
    PYTHON_MOST_FRAMEWORKS = 192,
    PYTHON_PATH_ROOM = 512,
    PYTHON_NAME_ROOM = 40
};

struct python_interpreter {
    /** What to start: `/usr/bin/python3.11` with links resolved; of a virtual environment its own `bin/python`, a link that must not be resolved. */
    char path[PYTHON_PATH_ROOM];
    char prefix[PYTHON_PATH_ROOM];
    /** `3.11`; empty when neither its name nor its folders tell. */
    char version[16];
    /** 1 for the one that `python3` or `python` on PATH is, 2 for the next …; 0 for one that is not on PATH. */
    int rank;
    /** An application gets it: by its rank, as pyenv's chosen one, or because VIRTUAL_ENV or CONDA_PREFIX name its prefix. */
    int is_on_path;
    int is_venv;
    /** It is a Conda environment's. */
    int is_conda;
    /** One bit for each of `sites`: folders whose packages it imports. */
    uint64_t sites;
};

struct python_site {
    /** `/usr/lib/python3/dist-packages`; only folders with a framework in them are kept. */
    char path[PYTHON_PATH_ROOM];
};

struct python_framework {
    /** Number of its folder in `sites`. */
    int site;
    /** As pip has it, in lower case with hyphens: `torch`, `onnxruntime-gpu`; `cupy` for cupy-cuda12x. */
    char name[PYTHON_NAME_ROOM];
    char version[64];
    enum { PYTHON_CUDA_UNKNOWN, PYTHON_CUDA_NONE, PYTHON_CUDA_VERSION } cuda_state;
    /** Versions of CUDA and cuDNN that it was built with; empty when not known. */
    char cuda[16];
    char cudnn[16];
};

struct python_found {
    int interpreter_count, site_count, framework_count;
    struct python_interpreter interpreters[PYTHON_MOST_INTERPRETERS];
    struct python_site sites[PYTHON_MOST_SITES];
    struct python_framework frameworks[PYTHON_MOST_FRAMEWORKS];
};

/** Memory that the step FILES fills, zeroed until then; NULL when there is none. */
const struct python_found *python_share(void);

/** Whether the interpreter imports from this folder. */
int python_has(const struct python_interpreter *interpreter, int site);

extern const struct reader PYTHON_READER;

#endif
