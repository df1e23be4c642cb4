import type { Entry } from '../entry.js';

const CODES = 'https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html';
const DRIVER_CODES = 'https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html';

interface ResultCode extends Omit<Entry, 'pattern' | 'needles' | 'id' | 'source'> {
  readonly code: number;
  /** Names in the driver and the runtime API. */
  readonly names: readonly string[];
  /** What cudaGetErrorString and cuGetErrorString say, as the source of an expression. */
  readonly message: string;
  readonly messageNeedles: readonly string[];
  /** False where the number stands for other things too, so that only name and message count. */
  readonly byNumber?: boolean;
  /** True where `Error NNN:` alone means this: no other program has errors of such numbers. */
  readonly bareError?: boolean;
}

/**
 * The ways in which programs print a CUDA result: by name, by message, or by number behind a word that says what the number is
 * (`Error 803:`, `CUDA failure 803`, `(803 vs. 0)`, `cuInit err: 803`, `error code 803`, `[[ … (error 803) ]]`, `returned 803`).
 */
function byResultCode(result: ResultCode): Entry[] {
  const { code, names, message, messageNeedles, byNumber, bareError, ...rest } = result;
  const source = names[0]?.startsWith('CUDA_') === true ? DRIVER_CODES : CODES;
  const named: Entry = {
    ...rest,
    id: `cuda/${code}`,
    data: { code },
    needles: [...names.map((name) => name.toLowerCase()), ...messageNeedles],
    pattern: new RegExp([...names.map((name) => `\\b${name}\\b`), message].join('|'), 'i'),
    source,
  };
  if (byNumber === false) return [named];
  const numbers = [
    `(?:CUDA|cuda\\w{2,40}|cuInit|cuDevice\\w{1,40}|CUresult)[^\\n]{0,60}?(?:err(?:or)?(?: ?code| number)?|failure|failed(?: with)?|returned)[ :=(]{1,4}(?:code |error |status )?${code}\\b(?![.\\d:])`,
    `(?:cuInit\\(?0?\\)?|cudaGet\\w{3,30}|cudaInit\\w{0,20})[^\\n]{0,30}(?:status|result|rc|ret|=>?|->)[ :=(]{0,3}${code}\\b(?![.\\d])`,
    `\\(${code} vs\\. 0\\)`,
    `CudaAPIError: \\[${code}\\]|\\[${code}\\] Call to cu`,
    `\\binit failure: ${code}\\b`,
    `cuda[^\\n]{0,60}device context ${code}\\b`,
    `\\(error ${code}\\)`,
    `UNKNOWN ERROR \\(${code}\\)`,
    ...(bareError === true ? [`\\bError ${code}:`] : []),
  ];
  const numbered: Entry = {
    ...named,
    id: `cuda/${code}/number`,
    needles: [String(code)],
    beside: [
      'cuda',
      'cuinit',
      'cudevice',
      'curesult',
      ' vs. 0',
      '(error',
      'init failure',
      'unknown error',
      `error ${code}`,
    ],
    pattern: new RegExp(numbers.join('|'), 'i'),
    says: `cuInit(0) failed with error ${code}`,
  };
  return [named, numbered];
}

/** CUDA driver and runtime results by name, number and message. */
export const CUDA: readonly Entry[] = [
  ...byResultCode({
    code: 34,
    names: ['CUDA_ERROR_STUB_LIBRARY', 'cudaErrorStubLibrary'],
    message: 'CUDA driver is a stub library',
    messageNeedles: ['stub library'],
    finding: 'stub-driver-library-loaded',
    rank: 'named',
    says: 'CUDA error: CUDA driver is a stub library',
    decide: 'stub',
  }),
  ...byResultCode({
    code: 35,
    names: ['cudaErrorInsufficientDriver'],
    message: 'CUDA driver version is insufficient for (?:the )?CUDA runtime version',
    messageNeedles: ['version is insufficient'],
    finding: 'driver-too-old',
    rank: 'usual',
    says: 'CUDA driver version is insufficient for CUDA runtime version',
    decide: 'insufficient-driver',
  }),
  ...byResultCode({
    code: 36,
    names: ['CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER', 'cudaErrorCallRequiresNewerDriver'],
    message: 'API call is not supported in the installed CUDA driver',
    messageNeedles: ['installed cuda driver'],
    byNumber: false,
    finding: 'driver-too-old',
    rank: 'cause',
    says: 'API call is not supported in the installed CUDA driver',
  }),
  ...byResultCode({
    code: 46,
    names: ['CUDA_ERROR_DEVICE_UNAVAILABLE', 'cudaErrorDevicesUnavailable'],
    message: '(?:all )?CUDA-capable devices?(?:\\(s\\))? (?:is\\/are|are|is) busy or unavailable',
    messageNeedles: ['busy or unavailable'],
    byNumber: false,
    finding: 'gpu-busy',
    rank: 'cause',
    says: 'CUDA error: all CUDA-capable devices are busy or unavailable',
  }),
  ...byResultCode({
    code: 2,
    names: ['CUDA_ERROR_OUT_OF_MEMORY', 'cudaErrorMemoryAllocation'],
    message: 'CUDA out of memory|CUDA error: out of memory|cuda error: out of memory',
    messageNeedles: ['out of memory'],
    byNumber: false,
    finding: 'gpu-busy',
    rank: 'usual',
    says: 'CUDA error: out of memory',
  }),
  ...byResultCode({
    code: 98,
    names: ['cudaErrorInvalidDeviceFunction'],
    message: 'CUDA[^\\n]{0,60}invalid device function|invalid device function',
    messageNeedles: ['invalid device function'],
    byNumber: false,
    finding: 'no-kernel-for-gpu',
    rank: 'cause',
    says: 'CUDA error: invalid device function',
  }),
  ...byResultCode({
    code: 100,
    names: ['CUDA_ERROR_NO_DEVICE', 'cudaErrorNoDevice'],
    message: 'no CUDA-capable device is detected|no CUDA capable device',
    messageNeedles: ['no cuda-capable device', 'no cuda capable device'],
    byNumber: false,
    finding: 'gpu-not-requested',
    rank: 'usual',
    says: 'CUDA error: no CUDA-capable device is detected',
    decide: 'no-device',
  }),
  ...byResultCode({
    code: 101,
    names: ['CUDA_ERROR_INVALID_DEVICE', 'cudaErrorInvalidDevice'],
    message: 'invalid device ordinal',
    messageNeedles: ['invalid device ordinal'],
    byNumber: false,
    finding: 'visible-devices-mismatch',
    rank: 'cause',
    says: 'CUDA error: invalid device ordinal',
  }),
  ...byResultCode({
    code: 200,
    names: ['CUDA_ERROR_INVALID_IMAGE', 'cudaErrorInvalidKernelImage'],
    message: 'device kernel image is invalid',
    messageNeedles: ['kernel image is invalid'],
    byNumber: false,
    finding: 'no-kernel-for-gpu',
    rank: 'cause',
    says: 'CUDA error: device kernel image is invalid',
  }),
  ...byResultCode({
    code: 209,
    bareError: true,
    names: ['CUDA_ERROR_NO_BINARY_FOR_GPU', 'cudaErrorNoKernelImageForDevice'],
    message: 'no kernel image is available|no binary for GPU',
    messageNeedles: ['no kernel image', 'no binary for gpu'],
    finding: 'no-kernel-for-gpu',
    rank: 'cause',
    says: 'CUDA error: no kernel image is available for execution on the device',
    decide: 'no-kernel',
  }),
  ...byResultCode({
    code: 218,
    names: ['CUDA_ERROR_INVALID_PTX', 'cudaErrorInvalidPtx'],
    message: 'a PTX JIT compilation failed|PTX JIT compilation failed',
    messageNeedles: ['ptx jit compilation'],
    finding: 'no-kernel-for-gpu',
    rank: 'usual',
    says: 'CUDA_ERROR_INVALID_PTX: a PTX JIT compilation failed',
    decide: 'invalid-ptx',
  }),
  ...byResultCode({
    code: 221,
    names: ['CUDA_ERROR_JIT_COMPILER_NOT_FOUND', 'cudaErrorJitCompilerNotFound'],
    message: 'PTX JIT compiler library not found',
    messageNeedles: ['jit compiler library'],
    finding: 'driver-capabilities-missing',
    rank: 'cause',
    says: 'CUDA error: PTX JIT compiler library not found',
  }),
  ...byResultCode({
    code: 222,
    bareError: true,
    names: ['CUDA_ERROR_UNSUPPORTED_PTX_VERSION', 'cudaErrorUnsupportedPtxVersion'],
    message: 'provided PTX was compiled with an unsupported toolchain|unsupported PTX version',
    messageNeedles: ['unsupported toolchain', 'unsupported ptx version'],
    finding: 'ptx-too-new',
    rank: 'named',
    says: 'the provided PTX was compiled with an unsupported toolchain.',
    decide: 'ptx-too-new',
  }),
  ...byResultCode({
    code: 214,
    names: ['CUDA_ERROR_ECC_UNCORRECTABLE', 'cudaErrorECCUncorrectable'],
    message: 'uncorrectable ECC error encountered',
    messageNeedles: ['uncorrectable ecc'],
    byNumber: false,
    finding: 'gpu-lost',
    rank: 'named',
    says: 'CUDA error: uncorrectable ECC error encountered',
  }),
  ...byResultCode({
    code: 217,
    names: ['CUDA_ERROR_PEER_ACCESS_UNSUPPORTED', 'cudaErrorPeerAccessUnsupported'],
    message: 'peer access is not supported between these two devices',
    messageNeedles: ['peer access is not supported'],
    finding: 'peer-to-peer-broken',
    rank: 'named',
    says: 'peer access is not supported between these two devices',
  }),
  ...byResultCode({
    code: 711,
    names: ['CUDA_ERROR_TOO_MANY_PEERS', 'cudaErrorTooManyPeers'],
    message: 'peer mapping resources exhausted',
    messageNeedles: ['peer mapping resources'],
    byNumber: false,
    finding: 'peer-to-peer-broken',
    rank: 'cause',
    says: 'CUDA error: peer mapping resources exhausted',
  }),
  ...byResultCode({
    code: 304,
    names: ['CUDA_ERROR_OPERATING_SYSTEM', 'cudaErrorOperatingSystem'],
    message: 'OS call failed or operation not supported on this OS',
    messageNeedles: ['os call failed'],
    finding: 'uvm-unavailable',
    rank: 'usual',
    says: 'CUDA_ERROR_OPERATING_SYSTEM: OS call failed or operation not supported on this OS',
    decide: 'unknown-cuda-error',
  }),
  ...byResultCode({
    code: 500,
    names: ['CUDA_ERROR_NOT_FOUND', 'cudaErrorSymbolNotFound'],
    message: 'named symbol not found',
    messageNeedles: ['named symbol not found'],
    byNumber: false,
    finding: 'container-toolkit-outdated',
    rank: 'usual',
    says: 'failed call to cuInit: CUDA_ERROR_NOT_FOUND: named symbol not found',
    decide: 'symbol-not-found',
  }),
  ...byResultCode({
    code: 801,
    names: ['CUDA_ERROR_NOT_SUPPORTED', 'cudaErrorNotSupported'],
    message: 'CUDA[^\\n]{0,60}operation not supported|CUDA[^\\n]{0,40}feature is not supported',
    messageNeedles: ['operation not supported', 'feature is not supported'],
    finding: 'vgpu-feature-disabled',
    rank: 'usual',
    says: 'CUDA error: operation not supported',
    decide: 'not-supported',
  }),
  ...byResultCode({
    code: 802,
    bareError: true,
    names: ['CUDA_ERROR_SYSTEM_NOT_READY', 'cudaErrorSystemNotReady'],
    message: 'system not yet initialized',
    messageNeedles: ['system not yet initialized'],
    finding: 'fabric-manager-not-running',
    rank: 'named',
    says: 'Error 802: system not yet initialized',
    decide: 'system-not-ready',
  }),
  ...byResultCode({
    code: 803,
    bareError: true,
    names: ['CUDA_ERROR_SYSTEM_DRIVER_MISMATCH', 'cudaErrorSystemDriverMismatch'],
    message: 'system has unsupported display driver ?\\/ ?cuda driver combination',
    messageNeedles: ['unsupported display driver'],
    finding: 'compat-library-shadows-driver',
    rank: 'cause',
    says: 'Error 803: system has unsupported display driver / cuda driver combination',
    decide: 'driver-mismatch-803',
  }),
  ...byResultCode({
    code: 804,
    bareError: true,
    names: ['CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE', 'cudaErrorCompatNotSupportedOnDevice'],
    message:
      'forward compatibility was attempted|forward[- ]compat(?:ibility)?[^\\n]{0,40}(?:error|not supported|unsupported|failed)|compatibility mode is UNAVAILABLE',
    messageNeedles: ['forward compat', 'forward-compat', 'mode is unavailable'],
    finding: 'forward-compatibility-unsupported',
    rank: 'named',
    says: 'Error 804: forward compatibility was attempted on non supported HW',
    decide: 'forward-compat',
  }),
  ...byResultCode({
    code: 999,
    names: ['CUDA_ERROR_UNKNOWN', 'cudaErrorUnknown'],
    message:
      'CUDA (?:error: )?unknown error|(?:initiali[sz]e CUDA|cuInit(?:\\(0\\))?|cudaGetDeviceCount(?:\\(\\))?)[^\\n]{0,40}: unknown error',
    messageNeedles: ['unknown error'],
    finding: 'uvm-unavailable',
    rank: 'usual',
    says: 'CUDA unknown error - this may be due to an incorrectly set up environment, e.g. changing env variable CUDA_VISIBLE_DEVICES after program start.',
    decide: 'unknown-cuda-error',
  }),
  {
    id: 'cuda/driver-runtime-numbers',
    finding: 'driver-too-old',
    rank: 'named',
    needles: [
      'requires',
      'require ',
      'needs',
      'need ',
      'driver release',
      'too old',
      'insufficient',
      'older than',
    ],
    pattern:
      /driver (?:on your system )?is too old|(?:requires?|needs?)[^\n]{0,60}(?:NVIDIA |GPU |CUDA )driver(?: version| release)?[^\n]{0,20}?(?:>=|at least|(?<needsDriver>r?\d{3}(?:\.[\d.]{1,8})?) or (?:later|newer|above))|NVIDIA Driver Release (?<needsDriver2>[\d.]{3,10}) or later|(?:installed|detected|current)[^\n]{0,30}driver[^\n]{0,60}(?:too old|insufficient|older than)/i,
    says: 'ERROR: This container was built for NVIDIA Driver Release 575.57 or later, but version 535.104.05 was detected and compatibility mode is UNAVAILABLE.',
    decide: 'driver-text-too-old',
    source: 'https://docs.nvidia.com/deploy/cuda-compatibility/',
  },
  {
    id: 'cuda/nvenc-api',
    finding: 'driver-too-old',
    rank: 'named',
    needles: ['nvenc api version', 'driver for nvenc'],
    pattern:
      /does not support the required nvenc API version|minimum required Nvidia driver for nvenc is (?<needsDriver>[\d.]{3,10})/i,
    says: 'Driver does not support the required nvenc API version. Required: 12.1 Found: 11.1',
    source: 'https://docs.nvidia.com/video-technologies/video-codec-sdk/12.1/read-me/index.html',
  },
  {
    id: 'cuda/stub-path',
    finding: 'stub-driver-library-loaded',
    rank: 'cause',
    needles: ['/stubs/libcuda.so'],
    pattern:
      /(?:=>|->|loaded|mapped|paths?:|opened|using)[^\n]{0,160}\/stubs\/libcuda\.so|^[\w./-]{1,160}\/stubs\/libcuda\.so(?:\.1)?$/i,
    says: 'libcuda.so.1 => /usr/local/cuda/lib64/stubs/libcuda.so.1 (0x00007f)',
    source: 'https://github.com/numba/numba/issues/9732',
  },
  {
    id: 'cuda/minor-version-mode',
    finding: 'minor-version-compatibility',
    rank: 'named',
    needles: ['minor version compatibility'],
    pattern: /Minor Version Compatibility(?: mode)?/i,
    says: 'This container was built with CUDA 11.6 and will be run in Minor Version Compatibility mode.',
    source: 'https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html',
  },
  {
    id: 'cuda/forward-mode',
    finding: 'forward-compatibility-in-use',
    rank: 'named',
    needles: ['forward compatibility', 'compatibility mode'],
    pattern:
      /(?:CUDA )?Forward Compatibility mode (?:is )?ENABLED|Using CUDA[^\n]{0,40}forward compatibility mode|compatibility mode (?:is )?ENABLED/i,
    says: 'NOTE: CUDA Forward Compatibility mode ENABLED.',
    source: 'https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html',
  },
  {
    id: 'cuda/compat-link',
    finding: 'forward-compatibility-in-use',
    rank: 'usual',
    needles: ['libcuda.so'],
    pattern: /libcuda\.so(?:\.1)? (?:->|=>) [\w./-]{0,120}(?:\/compat\/[\w./-]{0,40})libcuda\.so/i,
    says: 'libcuda.so.1 => /usr/local/cuda/compat/libcuda.so.1 (0x00007f)',
    source: 'https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html',
  },
  {
    id: 'cuda/gpu-unsupported-here',
    finding: 'no-kernel-for-gpu',
    rank: 'named',
    needles: [
      'not supported by this container',
      'nvidia supported gpu',
      ', which is not',
      ', which may not',
    ],
    pattern:
      /Detected (?:NVIDIA )?(?<gpu>[\w .-]{2,60}?)(?: GPU)?, which (?:is not|may not yet be) supported (?:by|in) this|No NVIDIA supported GPU\(s\) detected/i,
    says: 'ERROR: Detected NVIDIA Tesla K80 GPU, which is not supported by this container',
    source: 'https://docs.nvidia.com/deeplearning/frameworks/support-matrix/index.html',
  },
  {
    id: 'cuda/ngc-no-driver',
    finding: 'gpu-not-requested',
    rank: 'cause',
    needles: ['driver was not detected', 'driver not detected'],
    pattern: /The NVIDIA Driver was not detected|NVIDIA driver (?:was )?not detected/i,
    says: 'WARNING: The NVIDIA Driver was not detected.  GPU functionality will not be available. Use the NVIDIA Container Toolkit to start this container with GPU support',
    decide: 'no-driver',
    source: 'https://docs.nvidia.com/deeplearning/frameworks/user-guide/index.html',
  },
];
