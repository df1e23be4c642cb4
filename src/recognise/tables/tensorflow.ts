import type { Entry } from '../entry.js';

const XLA = 'https://github.com/openxla/xla/blob/main/xla/stream_executor/cuda';

/** TensorFlow and the parts of XLA that it shares with JAX. */
export const TENSORFLOW: readonly Entry[] = [
  {
    id: 'tensorflow/no-drivers',
    finding: 'gpu-not-requested',
    rank: 'usual',
    needles: ['could not find cuda drivers'],
    pattern: /Could not find cuda drivers on your machine/i,
    says: 'Could not find cuda drivers on your machine, GPU will not be used.',
    decide: 'no-driver',
    source: 'https://github.com/tensorflow/tensorflow/issues/66750',
  },
  {
    // 303 is what TensorFlow's own stand-in for libcuda returns when there is no library to load; -1 comes from a compat libcuda
    // without devices (https://github.com/tensorflow/tensorflow/issues/41785).
    id: 'tensorflow/no-libcuda',
    finding: 'gpu-not-requested',
    rank: 'usual',
    needles: ['unknown error (303)', 'unknown error (-1)'],
    pattern: /failed call to cuInit: UNKNOWN ERROR \((?:303|-1)\)/i,
    says: 'failed call to cuInit: UNKNOWN ERROR (303)',
    decide: 'no-driver',
    source: 'https://github.com/openxla/xla/blob/main/xla/tsl/cuda/cuda_stub.cc',
  },
  {
    id: 'tensorflow/dso-mismatch',
    finding: 'driver-library-mismatch',
    rank: 'named',
    needles: ['does not match dso version'],
    pattern:
      /kernel version (?<driver>[\d.]{5,12}) does not match DSO version|does not match DSO version/i,
    says: 'kernel version 470.57.2 does not match DSO version 470.82.1 -- cannot find working devices in this configuration',
    decide: 'dso-mismatch',
    source: `${XLA}/cuda_diagnostics.cc`,
  },
  {
    id: 'tensorflow/missing-libraries',
    finding: 'cuda-library-missing',
    rank: 'cause',
    needles: [
      'cannot dlopen some gpu libraries',
      "couldn't open cuda library",
      'missing libraries mentioned above',
    ],
    pattern:
      /Cannot dlopen some GPU libraries|Couldn'?t open CUDA library (?<library>lib[\w.]{3,30})/i,
    says: 'Cannot dlopen some GPU libraries. Please make sure the missing libraries mentioned above are installed properly',
    decide: 'tf-missing-libraries',
    source:
      'https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/common_runtime/gpu/gpu_device.cc',
  },
  {
    id: 'tensorflow/ptx-only',
    finding: 'ptx-compiled-at-first-use',
    rank: 'named',
    needles: ['cuda kernel binaries', 'jit-compiled from ptx', 'jit compiled from ptx'],
    pattern:
      /not built with CUDA kernel binaries compatible with compute capability (?<computeCapability>\d{1,2}\.\d)|jit-?compiled from PTX/i,
    says: 'TensorFlow was not built with CUDA kernel binaries compatible with compute capability 12.0. CUDA kernels will be jit-compiled from PTX, which could take 30 minutes or longer.',
    source: 'https://github.com/tensorflow/tensorflow/issues/97387',
  },
  {
    id: 'tensorflow/ignoring-gpu',
    finding: 'no-kernel-for-gpu',
    rank: 'named',
    needles: ['ignoring visible gpu', 'minimum required cuda capability', 'compute capability'],
    pattern:
      /Ignoring visible gpu device[^\n]{0,200}(?:compute capability:? ?(?<computeCapability>\d{1,2}\.\d))?|minimum required Cuda capability is \d|(?:GPU|device|compute capability)[^\n]{0,60}(?:compute capability )?(?<computeCapability2>\d{1,2}\.\d)?[^\n]{0,20}(?:is )?(?:below|lower than|less than|not supported by)[^\n]{0,30}(?:minimum|required|compute capability)/i,
    says: 'Ignoring visible gpu device (device: 0, name: Tesla K40, compute capability: 3.5). The minimum required Cuda capability is 6.0.',
    source:
      'https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/common_runtime/gpu/gpu_device.cc',
  },
  {
    id: 'tensorflow/cudnn-loaded',
    finding: 'cudnn-mismatch',
    rank: 'named',
    needles: ['source was compiled with'],
    pattern:
      /Loaded (?:runtime )?CuDNN library: ?[\d.]{3,14}[^\n]{0,20}but source was compiled with/i,
    says: 'Loaded runtime CuDNN library: 8.5.0 but source was compiled with: 8.6.0.',
    source: `${XLA}/cuda_dnn.cc`,
  },
  {
    id: 'tensorflow/cudnn-handle',
    finding: 'cudnn-mismatch',
    rank: 'usual',
    needles: [
      'cudnn handle',
      'cudnn_status_not_initialized',
      'cudnn_status_internal_error',
      'dnn library',
    ],
    pattern:
      /could not create cudnn handle|CUDNN_STATUS_NOT_INITIALIZED|DNN library initialization failed|DNN library is not found/i,
    says: 'Could not create cudnn handle: CUDNN_STATUS_NOT_INITIALIZED',
    decide: 'cudnn-handle',
    source: `${XLA}/cuda_dnn.cc`,
  },
  {
    id: 'tensorflow/insufficient-driver',
    finding: 'driver-too-old',
    rank: 'usual',
    needles: ['possibly insufficient driver'],
    pattern: /Possibly insufficient driver version:? ?(?<driver>[\d.]{5,12})?/i,
    says: 'Possibly insufficient driver version: 384.130.0',
    source: `${XLA}/cuda_dnn.cc`,
  },
  {
    id: 'tensorflow/cpu-build',
    finding: 'framework-cpu-only',
    rank: 'cause',
    needles: [
      'is_built_with_cuda',
      'tensorflow-cpu',
      'tensorflow_cpu',
      'not compiled to support',
      'not built with cuda',
    ],
    pattern:
      /is_built_with_cuda\(?\)?[^\n]{0,20}False|tensorflow[-_]cpu(?:==|[ -]\d)|(?:binary|TensorFlow) (?:was )?not (?:compiled to support|built with) (?:CUDA|GPU)/i,
    says: 'tf.test.is_built_with_cuda() False',
    data: { framework: 'tensorflow' },
    source: 'https://www.tensorflow.org/api_docs/python/tf/test/is_built_with_cuda',
  },
];
