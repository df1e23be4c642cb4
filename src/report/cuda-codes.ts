// Names as in https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html (CUresult) and
// https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html (cudaError_t).
const DRIVER: Readonly<Record<number, string>> = {
  1: 'CUDA_ERROR_INVALID_VALUE',
  2: 'CUDA_ERROR_OUT_OF_MEMORY',
  3: 'CUDA_ERROR_NOT_INITIALIZED',
  34: 'CUDA_ERROR_STUB_LIBRARY',
  46: 'CUDA_ERROR_DEVICE_UNAVAILABLE',
  100: 'CUDA_ERROR_NO_DEVICE',
  101: 'CUDA_ERROR_INVALID_DEVICE',
  200: 'CUDA_ERROR_INVALID_IMAGE',
  209: 'CUDA_ERROR_NO_BINARY_FOR_GPU',
  214: 'CUDA_ERROR_ECC_UNCORRECTABLE',
  218: 'CUDA_ERROR_INVALID_PTX',
  220: 'CUDA_ERROR_NVLINK_UNCORRECTABLE',
  221: 'CUDA_ERROR_JIT_COMPILER_NOT_FOUND',
  222: 'CUDA_ERROR_UNSUPPORTED_PTX_VERSION',
  223: 'CUDA_ERROR_JIT_COMPILATION_DISABLED',
  304: 'CUDA_ERROR_OPERATING_SYSTEM',
  700: 'CUDA_ERROR_ILLEGAL_ADDRESS',
  701: 'CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES',
  702: 'CUDA_ERROR_LAUNCH_TIMEOUT',
  715: 'CUDA_ERROR_ILLEGAL_INSTRUCTION',
  719: 'CUDA_ERROR_LAUNCH_FAILED',
  800: 'CUDA_ERROR_NOT_PERMITTED',
  801: 'CUDA_ERROR_NOT_SUPPORTED',
  802: 'CUDA_ERROR_SYSTEM_NOT_READY',
  803: 'CUDA_ERROR_SYSTEM_DRIVER_MISMATCH',
  804: 'CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE',
  805: 'CUDA_ERROR_MPS_CONNECTION_FAILED',
  999: 'CUDA_ERROR_UNKNOWN',
};

const RUNTIME: Readonly<Record<number, string>> = {
  1: 'cudaErrorInvalidValue',
  2: 'cudaErrorMemoryAllocation',
  3: 'cudaErrorInitializationError',
  34: 'cudaErrorStubLibrary',
  35: 'cudaErrorInsufficientDriver',
  36: 'cudaErrorCallRequiresNewerDriver',
  46: 'cudaErrorDevicesUnavailable',
  100: 'cudaErrorNoDevice',
  101: 'cudaErrorInvalidDevice',
  209: 'cudaErrorNoKernelImageForDevice',
  222: 'cudaErrorUnsupportedPtxVersion',
  304: 'cudaErrorOperatingSystem',
  802: 'cudaErrorSystemNotReady',
  803: 'cudaErrorSystemDriverMismatch',
  804: 'cudaErrorCompatNotSupportedOnDevice',
  999: 'cudaErrorUnknown',
};

/** A CUresult with its name: `803 CUDA_ERROR_SYSTEM_DRIVER_MISMATCH`. */
export const driverResult = (code: number): string => named(code, DRIVER);

/** A cudaError_t with its name: `35 cudaErrorInsufficientDriver`. */
export const runtimeResult = (code: number): string => named(code, RUNTIME);

const named = (code: number, names: Readonly<Record<number, string>>): string => {
  const name = names[code];
  return name === undefined ? `${code}` : `${code} ${name}`;
};
