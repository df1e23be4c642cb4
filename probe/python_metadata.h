/* Reading the metadata of installed Python packages: pure functions on text. */
#ifndef PROBE_PYTHON_METADATA_H
#define PROBE_PYTHON_METADATA_H

#include <stddef.h>

/** What a package's name says, when it is one of a framework that computes on GPUs. */
struct python_known {
    /** The name to report. */
    char name[40];
    /** CUDA version in the package's own name, `12` of cupy-cuda12x; empty without one. */
    char cuda[16];
    /** The package of this name is never built with CUDA. */
    int is_cpu_only;
};

/** Knows a package by its name in any spelling (`Flash_Attn`); 0 when it is none of the frameworks. */
int python_know(const char *package, struct python_known *known);

/**
 * Takes apart the name of a metadata folder or file: `torch-2.9.0+cu128.dist-info`, `torch-1.4.0-py3.7.egg-info`, or, of Conda,
 * `pytorch-2.1.0-py3.11_cuda12.1_cudnn8.9.2_0.json`. Returns 0 when it is none.
 */
int python_split(const char *entry, char *package, size_t package_room, char *version, size_t version_room);

/** Version in the text of a METADATA or PKG-INFO file; 0 when it has none. */
int python_metadata_version(const char *text, char *to, size_t room);

enum python_value { PYTHON_ABSENT, PYTHON_TEXT, PYTHON_NOTHING, PYTHON_TRUE };

/**
 * What a module assigns to a name at the begin of a line: `cuda: Optional[str] = '12.8'`. PYTHON_NOTHING for None and False. `to` is
 * empty but for PYTHON_TEXT.
 */
enum python_value python_assigned(const char *text, const char *name, char *to, size_t room);

/** The same for a member of a dictionary or list of pairs: `'cuda_version': '12.5.1'`. */
enum python_value python_member(const char *text, const char *name, char *to, size_t room);

/** CUDA of a local version: `12.8` of `2.9.0+cu128`, `12` of `2.8.0+cu12torch2.6`; `none` for +cpu; 0 when it says nothing. */
int python_local_cuda(const char *version, char *to, size_t room);

/** `3.11` of `python3.11`, or of any text that goes on after it with something else than digits; 0 otherwise. */
int python_version_in_name(const char *name, char *to, size_t room);

#endif
