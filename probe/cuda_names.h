/* The file names of CUDA's libraries and of the driver's. */
#ifndef PROBE_CUDA_NAMES_H
#define PROBE_CUDA_NAMES_H

#include <stddef.h>

enum { CUDA_NAME_ROOM = 48 };

enum cuda_family {
    CUDA_NEITHER,
    /** A library of the toolkit, or one that goes with it: cuDNN, NCCL, TensorRT … */
    CUDA_LIBRARY,
    /** A file of the driver, which the container toolkit brings into a container. */
    CUDA_DRIVER
};

struct cuda_name {
    /** Without `lib`, `.so` and the mark that a repaired Python wheel puts in: `cudart`. */
    char name[CUDA_NAME_ROOM];
    /** What follows `.so.`; empty when nothing does. */
    const char *version;
};

/** Takes apart the name of a file or a soname: `libcudart.so.12`, `libcudart-d0da41ae.so.11.0`, `libcuda.so.535.104.05`. */
enum cuda_family cuda_name_of(const char *file, struct cuda_name *name);

/**
 * How the Python package is called that brings a library, without `nvidia_`: `cuda_runtime` for cudart, `cudnn` for cudnn_ops.
 */
void cuda_package_of(const char *name, char *to, size_t room);

#endif
