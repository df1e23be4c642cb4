import { describe, expect, it } from '@jest/globals';
import type { FindingId } from '../../src/core/catalogue.js';
import { recognise } from '../../src/recognise/recognise.js';
import { createTables } from '../../src/recognise/recogniser.js';

const TABLES = createTables();
const first = (text: string): string | undefined => recognise(text, undefined, TABLES)[0]?.id;

/** nvml.h: number, name behind NVML_ERROR_, what nvmlErrorString says, and the finding when NVML's start gives it. */
const RESULTS: readonly (readonly [FindingId, number, string, string])[] = [
  ['gpu-device-permission-denied', 4, 'NO_PERMISSION', 'Insufficient Permissions'],
  ['gpu-lost', 8, 'INSUFFICIENT_POWER', 'Insufficient External Power'],
  ['driver-not-loaded', 9, 'DRIVER_NOT_LOADED', 'Driver Not Loaded'],
  ['gpu-lost', 11, 'IRQ_ISSUE', 'Interrupt Request Issue'],
  ['driver-not-installed', 12, 'LIBRARY_NOT_FOUND', 'NVML Shared Library Not Found'],
  ['driver-too-old', 13, 'FUNCTION_NOT_FOUND', 'Function Not Found'],
  ['gpu-lost', 15, 'GPU_IS_LOST', 'GPU is lost'],
  ['gpu-lost', 16, 'RESET_REQUIRED', 'GPU requires reset'],
  ['wsl-unsupported', 17, 'OPERATING_SYSTEM', 'GPU access blocked by the operating system'],
  ['driver-library-mismatch', 18, 'LIB_RM_VERSION_MISMATCH', 'Driver/library version mismatch'],
  ['gpu-busy', 19, 'IN_USE', 'In use by another client'],
  ['gpu-device-access-lost', 999, 'UNKNOWN', 'Unknown Error'],
];

const camel = (name: string): string =>
  name
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');

const WORDINGS: readonly (readonly [
  string,
  (code: number, name: string, says: string) => string,
])[] = [
  ['nvidia-smi', (_code, _name, says) => `Failed to initialize NVML: ${says}`],
  ['a C program, name', (_code, name) => `nvmlInit() failed: NVML_ERROR_${name}`],
  ['a C program, number', (code) => `nvmlInit_v2 returned ${code}`],
  ['a C program, error code', (code) => `nvmlInit failed with error code ${code}`],
  ['a C program, ret', (code) => `nvmlInit_v2() failed, ret=${code}`],
  ['a C program, parentheses', (code) => `NVML init failed (${code})`],
  ['NCCL', (_code, _name, says) => `ERROR: nvmlInit_v2() failed: ${says}`],
  ['go-nvml', (_code, name) => `failed to initialize NVML: ERROR_${name}`],
  ['an agent on go-nvml', (_code, name) => `failed to init NVML library: ERROR_${name}`],
  ['pynvml', (_code, name, says) => `pynvml.NVMLError_${camel(name)}: ${says}`],
  [
    'a Prometheus exporter',
    (_code, _name, says) => `level=fatal msg="Couldn't initialize nvml: ${says}."`,
  ],
  [
    'OpenTelemetry',
    (_code, _name, says) =>
      `Unable to find and/or initialize Nvidia Management Library; reason: ${says}`,
  ],
];

describe('an NVML result means the same in every wording', () => {
  it.each(WORDINGS)('%s', (_program, print) => {
    const wrong = RESULTS.flatMap(([finding, code, name, says]) => {
      const text = print(code, name, says);
      const found = first(text);
      return found === finding ? [] : [`${text}: ${found} instead of ${finding}`];
    });
    expect(wrong).toEqual([]);
  });
});

describe('numbers that are no results', () => {
  it.each([
    'NVML loaded 18 functions',
    'nvml: 9 devices',
    'nvmlDeviceGetCount returned 8',
    'nvmlInit returned 0',
    'nvmlInit took 18 ms',
    'nvmlDeviceGetPowerUsage returned 3',
    'NVML version 12.550',
    'NVML: 18 GPUs',
    'NVML error 3',
    'nvmlDeviceGetFanSpeed failed: Not Supported',
    'nvmlDeviceGetGpuFabricInfoV failed: Function Not Found',
    'pynvml.NVMLError_NotSupported: Not Supported',
    'WARNING pynvml.NVMLError_FunctionNotFound: Function Not Found (nvmlDeviceGetConfComputeGpusReadyState)',
    'undefined symbol: nvmlDeviceGetComputeRunningProcesses_v3',
    'CUDA device 0x64 selected',
    'CUDA error-free run, 803 tests',
    'CUDA error: 0 errors',
    'CUDA failure rate: 100%',
    'CUDA_ERROR: 0',
    'cuInit ok, version 0x2ee0',
    'cuInit returned 0',
    'cuInit: 100 calls',
    'cuInit took 100 ms',
    'cuDeviceGetCount -> 8',
    'cuDeviceGetCount(): 100 us',
    'cuLaunchKernel = 999 ns',
    'cuMemAlloc: 100 MB',
    'cuMemAlloc ret=0x7f64',
    'cudaGetDeviceCount returned 2',
    'cudaMalloc returned 0x7f0000064',
    'cudaMemcpy result: 100 elements',
    'Downloaded 802 packages for cuda',
    'error 404: cuda not found',
    'exit status 100 while installing cuda-toolkit',
    'cuda-toolkit 12.2 for x64: 222 files',
  ])('%s', (text) => {
    expect(first(text)).toBeUndefined();
  });
});
