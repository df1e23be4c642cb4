import type { FindingId } from '../../../src/core/catalogue.js';

/** One CUDA result as the two interfaces know it, and what it means without further facts. */
export interface CudaResult {
  readonly finding: FindingId;
  readonly code: number;
  readonly driverName?: string;
  readonly runtimeName?: string;
  /** What cuGetErrorString and cudaGetErrorString say. */
  readonly message: string;
  /** Number in the runtime of CUDA 10.0 and earlier, where it was another. */
  readonly oldCode?: number;
}

/** https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html */
export const CUDA_RESULTS: readonly CudaResult[] = [
  {
    finding: 'stub-driver-library-loaded',
    code: 34,
    driverName: 'CUDA_ERROR_STUB_LIBRARY',
    runtimeName: 'cudaErrorStubLibrary',
    message: 'CUDA driver is a stub library',
  },
  {
    finding: 'driver-too-old',
    code: 35,
    runtimeName: 'cudaErrorInsufficientDriver',
    message: 'CUDA driver version is insufficient for CUDA runtime version',
  },
  {
    finding: 'gpu-busy',
    code: 46,
    driverName: 'CUDA_ERROR_DEVICE_UNAVAILABLE',
    runtimeName: 'cudaErrorDevicesUnavailable',
    message: 'CUDA-capable device(s) is/are busy or unavailable',
  },
  {
    finding: 'gpu-not-requested',
    code: 100,
    driverName: 'CUDA_ERROR_NO_DEVICE',
    runtimeName: 'cudaErrorNoDevice',
    message: 'no CUDA-capable device is detected',
    oldCode: 38,
  },
  {
    finding: 'visible-devices-mismatch',
    code: 101,
    driverName: 'CUDA_ERROR_INVALID_DEVICE',
    runtimeName: 'cudaErrorInvalidDevice',
    message: 'invalid device ordinal',
    oldCode: 10,
  },
  {
    finding: 'no-kernel-for-gpu',
    code: 209,
    driverName: 'CUDA_ERROR_NO_BINARY_FOR_GPU',
    runtimeName: 'cudaErrorNoKernelImageForDevice',
    message: 'no kernel image is available for execution on the device',
    oldCode: 48,
  },
  {
    finding: 'gpu-lost',
    code: 214,
    driverName: 'CUDA_ERROR_ECC_UNCORRECTABLE',
    runtimeName: 'cudaErrorECCUncorrectable',
    message: 'uncorrectable ECC error encountered',
  },
  {
    finding: 'gpu-lost',
    code: 220,
    driverName: 'CUDA_ERROR_NVLINK_UNCORRECTABLE',
    runtimeName: 'cudaErrorNvlinkUncorrectable',
    message: 'uncorrectable NVLink error detected during the execution',
  },
  {
    finding: 'ptx-too-new',
    code: 222,
    driverName: 'CUDA_ERROR_UNSUPPORTED_PTX_VERSION',
    runtimeName: 'cudaErrorUnsupportedPtxVersion',
    message: 'the provided PTX was compiled with an unsupported toolchain.',
  },
  {
    finding: 'fabric-manager-not-running',
    code: 802,
    driverName: 'CUDA_ERROR_SYSTEM_NOT_READY',
    runtimeName: 'cudaErrorSystemNotReady',
    message: 'system not yet initialized',
  },
  {
    finding: 'compat-library-shadows-driver',
    code: 803,
    driverName: 'CUDA_ERROR_SYSTEM_DRIVER_MISMATCH',
    runtimeName: 'cudaErrorSystemDriverMismatch',
    message: 'system has unsupported display driver / cuda driver combination',
  },
  {
    finding: 'forward-compatibility-unsupported',
    code: 804,
    driverName: 'CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE',
    runtimeName: 'cudaErrorCompatNotSupportedOnDevice',
    message: 'forward compatibility was attempted on non supported HW',
  },
  {
    finding: 'uvm-unavailable',
    code: 999,
    driverName: 'CUDA_ERROR_UNKNOWN',
    runtimeName: 'cudaErrorUnknown',
    message: 'unknown error',
    oldCode: 30,
  },
];

/** How one program prints a result; `undefined` where the program cannot meet this one. */
export interface Wording {
  readonly program: string;
  readonly print: (result: CudaResult) => string | undefined;
}

const driver =
  (print: (name: string, result: CudaResult) => string) =>
  (result: CudaResult): string | undefined =>
    result.driverName === undefined ? undefined : print(result.driverName, result);
const runtime =
  (print: (name: string, result: CudaResult) => string) =>
  (result: CudaResult): string | undefined =>
    result.runtimeName === undefined ? undefined : print(result.runtimeName, result);
const old =
  (print: (code: number, result: CudaResult) => string) =>
  (result: CudaResult): string | undefined =>
    result.oldCode === undefined ? undefined : print(result.oldCode, result);
/** `NoDevice` of `cudaErrorNoDevice` or `CUDA_ERROR_NO_DEVICE`. */
const camel = (name: string): string =>
  name
    .replace(/^CUDA_ERROR_UNKNOWN$/, 'UNKNOWN_ERROR')
    .replace(/^CUDA_ERROR_/, '')
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');

export const WORDINGS: readonly Wording[] = [
  // C and C++
  {
    program: 'CUDA samples, helper_cuda.h, runtime',
    print: runtime(
      (name, { code }) =>
        `CUDA error at ../../Common/helper_cuda.h:777 code=${code}(${name}) "cudaGetDeviceCount(&device_count)"`,
    ),
  },
  {
    program: 'CUDA samples, helper_cuda.h, without the name',
    print: ({ code }) =>
      `CUDA error at /usr/local/cuda-12.2/samples/common/inc/helper_cuda.h:777 code=${code}(<unknown>) "cudaSetDevice(0)"`,
  },
  {
    program: 'CUDA samples, helper_cuda_drvapi.h',
    print: driver(
      (name, { code }) =>
        `checkCudaErrors() Driver API error = ${String(code).padStart(4, '0')} "${name}" from file <matrixMulDrv.cpp>, line 128.`,
    ),
  },
  {
    program: 'CUDA samples, helper_cuda_drvapi.h, number only',
    print: ({ code }) =>
      `checkCudaErrors() Driver API error = ${String(code).padStart(4, '0')} from file <vectorAddDrv.cpp>, line 79.`,
  },
  {
    program: 'deviceQuery',
    print: ({ code, message }) =>
      `cudaGetDeviceCount returned ${code}\n-> ${message}\nResult = FAIL`,
  },
  {
    program: 'deviceQuery, first line only',
    print: ({ code }) => `cudaGetDeviceCount returned ${code}`,
  },
  {
    program: 'deviceQuery of an old toolkit',
    print: old(
      (code, { message }) => `cudaGetDeviceCount returned ${code}\n-> ${message}\nResult = FAIL`,
    ),
  },
  {
    program: 'vectorAdd',
    print: ({ message }) => `Failed to allocate device vector A (error code ${message})!`,
  },
  {
    program: 'thrust',
    print: runtime(
      (name, { message }) =>
        `terminate called after throwing an instance of 'thrust::system::system_error'\n  what():  parallel_for failed: ${name}: ${message}`,
    ),
  },
  {
    program: 'RAPIDS rmm',
    print: runtime(
      (name, { message }) =>
        `RuntimeError: CUDA error at: /opt/conda/include/rmm/cuda_device.hpp:59: ${name} ${message}`,
    ),
  },
  {
    program: 'GROMACS',
    print: runtime(
      (name, { code, message }) => `Error: (CUDA error #${code} (${name}): ${message}.)`,
    ),
  },
  {
    program: 'NAMD',
    print: ({ message }) => `FATAL ERROR: CUDA error cudaGetDeviceCount(&deviceCount): ${message}`,
  },
  {
    program: 'darknet',
    print: ({ message }) => `CUDA Error: ${message}: No such file or directory`,
  },
  { program: 'a program that prints the number', print: ({ code }) => `CUDA error: ${code}` },
  {
    program: 'a program that prints the number with #',
    print: ({ code }) => `CUDA error #${code} in file src/gpu.cu`,
  },
  { program: 'a program that prints err=', print: ({ code }) => `cuInit failed, err=${code}` },
  { program: 'a program that prints rc=', print: ({ code }) => `cuInit(0) rc=${code}` },
  {
    program: 'a program that prints ret',
    print: ({ code }) => `cuDeviceGetCount() failed with ret = ${code}`,
  },
  {
    program: 'a program that prints status',
    print: ({ code }) => `cudaSetDevice failed with status ${code}`,
  },
  {
    program: 'a program that prints an error code',
    print: ({ code }) => `CUDA Runtime Error Code: ${code}`,
  },
  {
    program: 'a program that prints an error number',
    print: ({ code }) => `CUDA driver API call failed, error number ${code}`,
  },
  {
    program: 'a program that prints CUresult',
    print: ({ code }) => `cuDevicePrimaryCtxRetain: CUresult = ${code}`,
  },
  { program: 'gpu-burn', print: driver((name) => `Couldn't init CUDA: Error in "init": ${name}`) },
  {
    program: 'nvbandwidth',
    print: driver(
      (name, { message }) =>
        `[${name}] ${message} in expression cuInit(0) in main() : nvbandwidth.cpp:196`,
    ),
  },
  {
    program: 'Caffe',
    print: ({ code, message }) =>
      `F0410 10:12:01.123456 17 common.cpp:152] Check failed: error == cudaSuccess (${code} vs. 0)  ${message}`,
  },
  {
    program: 'Caffe of an old CUDA',
    print: old(
      (code, { message }) => `Check failed: error == cudaSuccess (${code} vs. 0)  ${message}`,
    ),
  },
  {
    program: 'Kokkos',
    print: runtime(
      (name, { message }) =>
        `cudaGetDeviceCount(&count) error( ${name}): ${message} /kokkos/core/src/Cuda/Kokkos_Cuda_Instance.cpp:134`,
    ),
  },
  {
    program: 'a program that prints hexadecimal',
    print: ({ code }) => `cuInit ret: 0x${code.toString(16)}`,
  },
  {
    program: 'a program that prints padded hexadecimal',
    print: ({ code }) => `cuCtxCreate failed with CUresult 0x${code.toString(16).padStart(8, '0')}`,
  },
  { program: 'a program that prints an assignment', print: ({ code }) => `cuInit = ${code}` },
  {
    program: 'a program that prints an arrow',
    print: ({ code }) => `cudaGetDeviceCount -> ${code}`,
  },
  { program: 'a program that prints the type', print: ({ code }) => `cudaError_t = ${code}` },
  {
    program: 'a program that allocates',
    print: ({ code }) => `cuMemAlloc failed with error ${code}`,
  },
  {
    program: 'Open MPI',
    print: ({ code }) =>
      `The call to cuInit failed. This is an unrecoverable error.\n  cuInit return value: ${code}`,
  },
  // Python
  {
    program: 'cuda-python',
    print: driver((name, { code }) => `RuntimeError: CUDA error code=${code}(b'${name}')`),
  },
  {
    program: 'cuda-python enum',
    print: driver((name, { code }) => `AssertionError: <CUresult.${name}: ${code}>`),
  },
  {
    program: 'cuda-python runtime enum',
    print: runtime((name, { code }) => `RuntimeError: cudart: <cudaError_t.${name}: ${code}>`),
  },
  {
    program: 'cuda.core',
    print: driver(
      (name) => `cuda.core._utils.cuda_utils.CUDAError: ${name}: see the documentation`,
    ),
  },
  {
    program: 'Numba',
    print: driver(
      (name, { code }) =>
        `numba.cuda.cudadrv.driver.CudaAPIError: [${code}] Call to cuInit results in ${name}`,
    ),
  },
  {
    program: 'Numba, unknown name',
    print: ({ code }) =>
      `numba.cuda.cudadrv.driver.CudaAPIError: [${code}] Call to cuLinkAddData results in UNKNOWN_CUDA_ERROR`,
  },
  {
    program: 'Numba, driver init',
    print: driver(
      (name, { code }) =>
        `numba.cuda.cudadrv.error.CudaSupportError: Error at driver init: \n${name} (${code})`,
    ),
  },
  {
    program: 'Numba, driver init by number',
    print: ({ code }) =>
      `numba.cuda.cudadrv.error.CudaSupportError: Error at driver init: \n[${code}] Call to cuInit results in UNKNOWN_CUDA_ERROR`,
  },
  {
    program: 'CuPy',
    print: runtime(
      (name, { message }) => `cupy_backends.cuda.api.runtime.CUDARuntimeError: ${name}: ${message}`,
    ),
  },
  {
    program: 'CuPy, driver',
    print: driver(
      (name, { message }) => `cupy_backends.cuda.api.driver.CUDADriverError: ${name}: ${message}`,
    ),
  },
  {
    program: 'PyCUDA',
    print: ({ message }) => `pycuda._driver.LogicError: cuInit failed: ${message}`,
  },
  {
    program: 'PyTorch',
    print: ({ message }) =>
      `RuntimeError: CUDA error: ${message}\nCUDA kernel errors might be asynchronously reported at some other API call`,
  },
  {
    program: 'PyTorch, lower-case',
    print: ({ message }) => `runtimeerror: cuda error: ${message.toLowerCase()}`,
  },
  {
    program: 'PyTorch 0.4',
    print: ({ code, message }) =>
      `RuntimeError: cuda runtime error (${code}) : ${message} at /pytorch/aten/src/THC/THCGeneral.cpp:50`,
  },
  {
    program: 'PyTorch 0.4, old number',
    print: old(
      (code, { message }) =>
        `RuntimeError: cuda runtime error (${code}) : ${message} at torch/csrc/cuda/Module.cpp:33`,
    ),
  },
  {
    program: 'PyTorch 0.4, old number, cut',
    print: old((code) => `cuda runtime error (${code}) :`),
  },
  {
    program: 'PyTorch warning',
    print: ({ code, message }) =>
      `UserWarning: CUDA initialization: Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions before calling NumCudaDevices() that might have already set an error? Error ${code}: ${message} (Triggered internally at ../c10/cuda/CUDAFunctions.cpp:108.)`,
  },
  {
    program: 'PyTorch driver API',
    print: ({ message }) => `RuntimeError: CUDA driver error: ${message}`,
  },
  { program: 'Triton', print: ({ message }) => `RuntimeError: Triton Error [CUDA]: ${message}` },
  {
    program: 'Paddle',
    print: ({ code, message }) =>
      `OSError: (External) CUDA error(${code}), ${message}. \n  [Hint: Please search for the error code(${code}) on website]`,
  },
  { program: 'Paddle, cut', print: ({ code }) => `ExternalError: Cuda error(${code})` },
  {
    program: 'MXNet',
    print: ({ message }) =>
      `mxnet.base.MXNetError: [07:28:00] src/engine/threaded_engine_perdevice.cc:101: Check failed: e == cudaSuccess: CUDA: ${message}`,
  },
  {
    program: 'XGBoost',
    print: runtime(
      (name, { message }) =>
        `xgboost.core.XGBoostError: [10:00:00] /workspace/src/common/device_helpers.cuh:132: ${name}: ${message}`,
    ),
  },
  {
    program: 'TensorFlow',
    print: driver(
      (name, { message }) =>
        `2024-05-01 10:00:00.123456: E tensorflow/stream_executor/cuda/cuda_driver.cc:265] failed call to cuInit: ${name}: ${message}`,
    ),
  },
  {
    program: 'TensorFlow without a name',
    print: ({ code }) =>
      `failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: UNKNOWN ERROR (${code})`,
  },
  {
    program: 'TensorFlow 2.0',
    print: ({ message }) =>
      `tensorflow.python.framework.errors_impl.InternalError: cudaGetDevice() failed. Status: ${message}`,
  },
  {
    program: 'JAX',
    print: driver(
      (name, { message }) =>
        `RuntimeError: Unable to initialize backend 'cuda': INTERNAL: Failed call to cuInit: ${name}: ${message}`,
    ),
  },
  {
    program: 'jaxlib',
    print: ({ message }) =>
      `jaxlib/cuda/versions_helpers.cc:81: operation cudaGetDeviceCount(&device_count) failed: ${message}`,
  },
  // Other languages
  {
    program: 'Rust cust',
    print: driver(
      (name) =>
        `thread 'main' panicked at 'called \`Result::unwrap()\` on an \`Err\` value: ${camel(name)}'`,
    ),
  },
  {
    program: 'Rust cudarc',
    print: driver((name, { message }) => `Error: DriverError(${name}, "${message}")`),
  },
  {
    program: 'Julia',
    print: driver(
      (name, { code, message }) =>
        `ERROR: CUDA error: ${message} (code ${code}, ${name.replace('CUDA_', '')})`,
    ),
  },
  {
    program: 'Julia, cut',
    print: driver((name, { code }) => `CUDA error (code ${code}, ${name.replace('CUDA_', '')})`),
  },
  {
    program: 'JCuda',
    print: driver((name) => `Exception in thread "main" jcuda.CudaException: ${name}`),
  },
  { program: 'JCuda runtime', print: runtime((name) => `jcuda.CudaException: ${name}`) },
  {
    program: 'managedCuda',
    print: driver(
      (name) => `ManagedCuda.CudaException: Error${camel(name)}: see CUDA documentation`,
    ),
  },
  {
    program: 'Rust cudarc, a number without a name',
    print: ({ code }) => `Err value: DriverError(cudaError_enum(${code}))`,
  },
  {
    program: 'ND4J',
    print: ({ code }) =>
      `java.lang.RuntimeException: cudaGetDeviceCount(...) failed; Error code: [${code}]`,
  },
  // Inference
  {
    program: 'ONNX Runtime',
    print: ({ code, message }) =>
      `CUDA failure ${code}: ${message} ; GPU=0 ; hostname=node1 ; file=/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_execution_provider.cc ; line=245 ; expr=cudaSetDevice(info_.device_id);`,
  },
  {
    program: 'ONNX Runtime, cut',
    print: ({ code }) => `onnxruntime::CudaCall CUDA failure ${code}`,
  },
  {
    program: 'TensorRT',
    print: ({ code }) =>
      `[E] [TRT] 6: CUDA initialization failure with error: ${code}. Please check your CUDA installation: http://docs.nvidia.com/cuda/cuda-installation-guide-linux/index.html`,
  },
  {
    program: 'TensorRT, message',
    print: ({ message }) =>
      `[TRT] [E] 1: [defaultAllocator.cpp::allocate::20] Error Code 1: Cuda Runtime (${message})`,
  },
  {
    program: 'TensorRT samples',
    print: ({ code }) => `Cuda failure: ${code}\nAborted (core dumped)`,
  },
  {
    program: 'llama.cpp',
    print: ({ message }) => `ggml_cuda_init: failed to initialize CUDA: ${message}`,
  },
  {
    program: 'llama.cpp, call',
    print: ({ message }) =>
      `CUDA error: ${message}\n  current device: 0, in function ggml_cuda_compute_forward at ggml/src/ggml-cuda/ggml-cuda.cu:2298`,
  },
  {
    program: 'llama.cpp, number',
    print: ({ code, message }) => `CUDA error ${code} at ggml-cuda.cu:5522: ${message}`,
  },
  {
    program: 'ollama',
    print: ({ code }) =>
      `level=INFO source=gpu.go:612 msg="Unable to load cudart library /usr/lib/x86_64-linux-gnu/libcuda.so.550: cuda driver library init failure: ${code}"`,
  },
  { program: 'ollama cudart', print: ({ code }) => `cudart init failure: ${code}` },
  { program: 'NCCL', print: ({ code, message }) => `NCCL WARN Cuda failure ${code} '${message}'` },
  {
    program: 'NCCL, old',
    print: ({ message }) => `node1:71:71 [0] include/shm.h:42 NCCL WARN Cuda failure '${message}'`,
  },
  {
    program: 'nccl-tests',
    print: ({ message }) => `node1: Test CUDA failure common.cu:732 '${message}'`,
  },
  {
    program: 'ffmpeg',
    print: driver(
      (name, { message }) =>
        `[AVHWDeviceContext @ 0x55d0c8] cu->cuInit(0) failed -> ${name}: ${message}`,
    ),
  },
  {
    program: 'OpenCV',
    print: ({ message }) =>
      `cv2.error: OpenCV(4.8.0) /opencv/modules/core/src/cuda_info.cpp:62: error: (-217:Gpu API call) ${message} in function 'getCudaEnabledDeviceCount'`,
  },
  { program: 'hashcat', print: ({ message }) => `cuInit(): ${message}` },
  {
    program: 'Blender',
    print: driver(
      (_name, { message }) => `CUDA cuInit: ${message.charAt(0).toUpperCase()}${message.slice(1)}`,
    ),
  },
  { program: 'a miner', print: ({ message }) => `CUDA exception! Error code: ${message}` },
  {
    program: 'an issue title, runtime name',
    print: runtime((name, { code }) => `${name}(${code}) in docker`),
  },
  {
    program: 'an issue title, bracketed',
    print: driver((name, { code }) => `[Bug] cuInit fails: ${name.toLowerCase()} [${code}]`),
  },
];
