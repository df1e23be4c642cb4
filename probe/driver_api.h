/*
 * The CUDA driver API as far as the probe uses it. The names carry the version suffix of the library's symbol: the
 * unsuffixed ones (cuMemAlloc, cuDeviceTotalMem) are 32-bit functions kept for programs from before CUDA 3.2. On Linux
 * they have the ordinary calling convention; __tests__/probe/driver-api.c holds the declarations against NVIDIA's header.
 */
#ifndef PROBE_DRIVER_API_H
#define PROBE_DRIVER_API_H

#include <stddef.h>
#include <stdint.h>

typedef int cu_result;
typedef int cu_device;
typedef uint64_t cu_device_pointer;
typedef struct cu_context *cu_context;
typedef struct cu_module *cu_module;
typedef struct cu_function *cu_function;
typedef struct cu_stream *cu_stream;
struct cu_uuid {
    unsigned char bytes[16];
};

enum {
    CU_COMPUTE_CAPABILITY_MAJOR = 75,
    CU_COMPUTE_CAPABILITY_MINOR = 76,
    JIT_ERROR_LOG = 5,
    JIT_ERROR_LOG_BYTES = 6
};

#define DRIVER_FUNCTIONS(X)                                                                        \
    X(cuDriverGetVersion, (int *version))                                                          \
    X(cuInit, (unsigned flags))                                                                    \
    X(cuDeviceGetCount, (int *count))                                                              \
    X(cuDeviceGet, (cu_device * device, int ordinal))                                              \
    X(cuDeviceGetName, (char *name, int length, cu_device device))                                 \
    X(cuDeviceGetUuid, (struct cu_uuid * uuid, cu_device device))                                  \
    X(cuDeviceGetUuid_v2, (struct cu_uuid * uuid, cu_device device))                               \
    X(cuDeviceGetAttribute, (int *value, int attribute, cu_device device))                         \
    X(cuDeviceTotalMem_v2, (size_t * bytes, cu_device device))                                     \
    X(cuDevicePrimaryCtxRetain, (cu_context * context, cu_device device))                          \
    X(cuCtxSetCurrent, (cu_context context))                                                       \
    X(cuCtxSynchronize, (void))                                                                    \
    X(cuModuleLoadDataEx,                                                                          \
      (cu_module * module, const void *image, unsigned count, int *options, void **values))        \
    X(cuModuleGetFunction, (cu_function * function, cu_module module, const char *name))           \
    X(cuMemAlloc_v2, (cu_device_pointer * pointer, size_t bytes))                                  \
    X(cuMemcpyHtoD_v2, (cu_device_pointer to, const void *from, size_t bytes))                     \
    X(cuMemcpyDtoH_v2, (void *to, cu_device_pointer from, size_t bytes))                           \
    X(cuLaunchKernel,                                                                              \
      (cu_function function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,  \
       unsigned block_y, unsigned block_z, unsigned shared_bytes, cu_stream stream,                \
       void **parameters, void **extra))                                                           \
    X(cuGetErrorName, (cu_result code, const char **text))                                         \
    X(cuGetErrorString, (cu_result code, const char **text))

#define DRIVER_MEMBER(name, parameters) cu_result(*name) parameters;
struct driver {
    DRIVER_FUNCTIONS(DRIVER_MEMBER)
};

#endif
