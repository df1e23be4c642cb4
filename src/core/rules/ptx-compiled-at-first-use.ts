import { codeNote } from '../code-note.js';
import { defineRule } from '../rule.js';
import { gpusWithCapability } from '../situation.js';

/**
 * Only PTX fits the GPU, and the driver can compile it: the first start is slow, later ones use the cache.
 * Source: CUDA programming guide (just-in-time compilation, CUDA_CACHE_PATH)
 */
export const ptxCompiledAtFirstUse = defineRule({
  id: 'ptx-compiled-at-first-use',
  severity: 'notice',
  checks: 'device code against the GPU',
  needs: (situation) => ({ code: situation.image.code, gpus: gpusWithCapability(situation) }),
  test: (_values, situation) => codeNote(situation, 'ptx', 'PTX'),
});
