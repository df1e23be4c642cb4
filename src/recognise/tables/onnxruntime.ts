import type { Entry } from '../entry.js';

export const ONNX_RUNTIME: readonly Entry[] = [
  {
    id: 'onnxruntime/create-failed',
    finding: 'cuda-library-missing',
    rank: 'consequence',
    needles: [
      'executionprovider',
      'failed to create cudaexecutionprovider',
      'loadlibrary failed',
      'tryget',
      'failed to create tensorrtexecutionprovider',
    ],
    pattern:
      /Failed to create (?:CUDA|Tensorrt)ExecutionProvider|LoadLibrary failed with error 126[^\n]{0,120}providers_(?:cuda|tensorrt)/i,
    says: 'Failed to create CUDAExecutionProvider. Require cuDNN 9.* and CUDA 12.*',
    data: { framework: 'onnxruntime' },
    source: 'https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html',
  },
  {
    id: 'onnxruntime/cpu-build',
    finding: 'framework-cpu-only',
    rank: 'cause',
    needles: [
      'cudaexecutionprovider',
      'is not in available provider names',
      'executionprovider not available',
      'executionprovider is not available',
      'cuda execution provider is not enabled',
      'available providers',
      'cuda_ep',
    ],
    pattern:
      /Specified provider '?(?:CUDA|Tensorrt)ExecutionProvider'? is not in available provider names|(?:CUDA|Tensorrt)ExecutionProvider(?: is)? not available|CUDA execution provider is not enabled in this build/i,
    says: "UserWarning: Specified provider 'CUDAExecutionProvider' is not in available provider names.Available providers: 'AzureExecutionProvider, CPUExecutionProvider'",
    data: { framework: 'onnxruntime' },
    source: 'https://github.com/microsoft/onnxruntime/issues/23833',
  },
];
