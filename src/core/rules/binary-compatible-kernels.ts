import { codeNote } from '../code-note.js';
import { defineRule } from '../rule.js';
import { gpusWithCapability } from '../situation.js';

/**
 * No target of exactly this GPU, but machine code of the same major (or family) that runs on it.
 * Source: CUDA programming guide (binary compatibility), NVCC manual (family targets)
 */
export const binaryCompatibleKernels = defineRule({
  id: 'binary-compatible-kernels',
  severity: 'notice',
  checks: 'device code against the GPU',
  needs: (situation) => ({ code: situation.image.code, gpus: gpusWithCapability(situation) }),
  test: (_values, situation) => codeNote(situation, 'compatible', 'machine code'),
});
