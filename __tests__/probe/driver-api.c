/*
 * Compiled, never run: holds the probe's declarations of the driver API against NVIDIA's cuda.h. Types that the probe
 * names by itself (handles, the UUID) count as the same when they are passed the same way.
 */
#define __CUDA_API_VERSION_INTERNAL
#include <cuda.h>

#include "driver_api.h"

#define SAME_SIZE(ours, theirs) _Static_assert(sizeof(ours) == sizeof(theirs), #ours " is not like " #theirs)
SAME_SIZE(cu_result, CUresult);
SAME_SIZE(cu_device, CUdevice);
SAME_SIZE(cu_device_pointer, CUdeviceptr);
SAME_SIZE(cu_context, CUcontext);
SAME_SIZE(cu_module, CUmodule);
SAME_SIZE(cu_function, CUfunction);
SAME_SIZE(cu_stream, CUstream);
SAME_SIZE(struct cu_uuid, CUuuid);
SAME_SIZE(int, CUjit_option);
SAME_SIZE(int, CUdevice_attribute);

#define SAME_NUMBER(ours, theirs) _Static_assert((int)(ours) == (int)(theirs), #ours " is not " #theirs)
SAME_NUMBER(CU_COMPUTE_CAPABILITY_MAJOR, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
SAME_NUMBER(CU_COMPUTE_CAPABILITY_MINOR, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
SAME_NUMBER(JIT_ERROR_LOG, CU_JIT_ERROR_LOG_BUFFER);
SAME_NUMBER(JIT_ERROR_LOG_BYTES, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES);

#define IS(name, type) _Static_assert(__builtin_types_compatible_p(__typeof__(&name), type), #name " has another type")
IS(cuDriverGetVersion, CUresult (*)(int *));
IS(cuInit, CUresult (*)(unsigned));
IS(cuDeviceGetCount, CUresult (*)(int *));
IS(cuDeviceGet, CUresult (*)(CUdevice *, int));
IS(cuDeviceGetName, CUresult (*)(char *, int, CUdevice));
IS(cuDeviceGetUuid, CUresult (*)(CUuuid *, CUdevice));
IS(cuDeviceGetUuid_v2, CUresult (*)(CUuuid *, CUdevice));
IS(cuDeviceGetAttribute, CUresult (*)(int *, CUdevice_attribute, CUdevice));
IS(cuDeviceTotalMem_v2, CUresult (*)(size_t *, CUdevice));
IS(cuDevicePrimaryCtxRetain, CUresult (*)(CUcontext *, CUdevice));
IS(cuCtxSetCurrent, CUresult (*)(CUcontext));
IS(cuCtxSynchronize, CUresult (*)(void));
IS(cuModuleLoadDataEx, CUresult (*)(CUmodule *, const void *, unsigned, CUjit_option *, void **));
IS(cuModuleGetFunction, CUresult (*)(CUfunction *, CUmodule, const char *));
IS(cuMemAlloc_v2, CUresult (*)(CUdeviceptr *, size_t));
IS(cuMemcpyHtoD_v2, CUresult (*)(CUdeviceptr, const void *, size_t));
IS(cuMemcpyDtoH_v2, CUresult (*)(void *, CUdeviceptr, size_t));
IS(cuLaunchKernel, CUresult (*)(CUfunction, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
                                CUstream, void **, void **));
IS(cuGetErrorName, CUresult (*)(CUresult, const char **));
IS(cuGetErrorString, CUresult (*)(CUresult, const char **));

/* Every function that the probe looks up is among those above: a new one does not compile here until it is added. */
#define COUNT(name, parameters) +1
_Static_assert(DRIVER_FUNCTIONS(COUNT) == 20, "a function was added to or taken from driver_api.h");
