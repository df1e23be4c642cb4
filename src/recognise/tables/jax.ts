import type { Entry } from '../entry.js';

const PLUGIN = 'https://github.com/jax-ml/jax/blob/main/jax_plugins/cuda/__init__.py';

export const JAX: readonly Entry[] = [
  {
    id: 'jax/cudnn-old',
    finding: 'cudnn-mismatch',
    rank: 'named',
    needles: ['found cudnn version', 'outdated cudnn', 'unable to load cudnn', 'cudnn 9.10.0 had'],
    pattern:
      /Found cuDNN version \d{4,6}, but JAX|Outdated cuDNN installation|cuDNN 9\.10\.0 had a binary/i,
    says: 'Found cuDNN version 8600, but JAX was built against version 8906, which is newer.',
    data: { framework: 'jax' },
    source: PLUGIN,
  },
  {
    id: 'jax/cuda-old',
    finding: 'cuda-library-conflict',
    rank: 'named',
    needles: ['but jax was built against', 'outdated cu', 'issues with cuda components'],
    pattern:
      /Found (?:CUDA|cuBLAS|cuFFT|cuSPARSE|cuSOLVER|cuPTI|NVJITLINK) version \d{4,6}, but JAX was built against|Outdated (?:cuBLAS|cuFFT|cuSPARSE|cuSOLVER|cuPTI|CUDA|nvJitLink)[\w ]{0,20} installation/i,
    says: 'Found CUDA version 12010, but JAX was built against version 12020, which is newer.',
    data: { framework: 'jax' },
    source: PLUGIN,
  },
  {
    id: 'jax/cpu-build',
    finding: 'framework-cpu-only',
    rank: 'named',
    needles: ['cuda-enabled jaxlib is not installed', 'no gpu/tpu found'],
    pattern: /CUDA-enabled jaxlib is not installed/i,
    says: 'An NVIDIA GPU may be present on this machine, but a CUDA-enabled jaxlib is not installed. Falling back to cpu.',
    data: { framework: 'jax' },
    source: 'https://github.com/jax-ml/jax/blob/main/jax/_src/xla_bridge.py',
  },
  {
    id: 'jax/library-unloadable',
    finding: 'cuda-library-missing',
    rank: 'cause',
    needles: ['library was not found', 'is it installed?'],
    pattern:
      /Unable to load (?<library>cuDNN|cuBLAS|cuFFT|cuSPARSE|cuSOLVER|cuPTI|NVRTC|nvJitLink|CUDA)\. Is it installed\?|operation (?:cu|nv)\w{2,20}Get(?:Property|Version)[^\n]{0,80}failed: The (?<library2>\w{3,12}) library was not found/i,
    says: 'Unable to load cuDNN. Is it installed?',
    data: { framework: 'jax' },
    source: PLUGIN,
  },
  {
    id: 'jax/no-gpu-backend',
    finding: 'framework-cpu-only',
    rank: 'usual',
    needles: ['unknown backend'],
    pattern: /Unknown backend:? '?(?:gpu|cuda)'? requested/i,
    says: "RuntimeError: Unknown backend: 'gpu' requested, but no platforms that are instances of gpu are present.",
    data: { framework: 'jax' },
    decide: 'no-gpu-backend',
    source: 'https://github.com/jax-ml/jax/blob/main/jax/_src/xla_bridge.py',
  },
  {
    id: 'jax/plugin-mismatch',
    finding: 'framework-cuda-mismatch',
    rank: 'cause',
    needles: ['mismatched pjrt', 'pjrt api version'],
    pattern: /Mismatched PJRT (?:plugin )?(?:PJRT )?API version/i,
    says: 'Mismatched PJRT plugin PJRT API version (0.51) and framework PJRT API version 0.54).',
    data: { framework: 'jax' },
    source: 'https://github.com/jax-ml/jax/issues/22416',
  },
  {
    id: 'jax/no-supported-devices',
    finding: 'gpu-not-requested',
    rank: 'usual',
    needles: [
      '0 active drivers',
      'no supported devices found for platform cuda',
      'no visible gpu devices',
      'no gpu devices',
    ],
    pattern:
      /no supported devices found for platform CUDA|No visible GPU devices|\b0 active drivers \(\[\]\)/i,
    says: "Unable to initialize backend 'cuda': FAILED_PRECONDITION: No visible GPU devices.",
    decide: 'no-device',
    source: 'https://github.com/jax-ml/jax/blob/main/jax/_src/xla_bridge.py',
  },
];
