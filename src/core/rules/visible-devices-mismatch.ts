import type { GpuView } from '../host-view.js';
import { defineRule } from '../rule.js';
import type { Situation } from '../situation.js';

/**
 * CUDA_VISIBLE_DEVICES names a GPU that is not in the container, or hides all of them. CUDA ends the list at the first name
 * that it does not find.
 * Source: https://docs.nvidia.com/cuda/cuda-c-programming-guide/ (CUDA environment variables, CUDA_VISIBLE_DEVICES)
 */
export const visibleDevicesMismatch = defineRule({
  id: 'visible-devices-mismatch',
  severity: 'error',
  checks: 'CUDA_VISIBLE_DEVICES',
  needs: ({ image }) => ({ env: image.env }),
  test: ({ env }, situation) => {
    const fromProbe = situation.probe?.env?.['CUDA_VISIBLE_DEVICES'];
    const text = fromProbe ?? env['CUDA_VISIBLE_DEVICES'];
    if (text === undefined) return undefined;
    const wrong = wrongNames(text, situation);
    if (wrong === undefined) return undefined;
    return {
      overruledBy: situation.seen.computed ? 'a framework computed on a GPU' : undefined,
      details: () => ({
        data: { variable: 'CUDA_VISIBLE_DEVICES', device: wrong, text },
        evidence: [
          {
            what: 'CUDA_VISIBLE_DEVICES',
            value: text,
            from: fromProbe === undefined ? 'image environment' : 'probe',
          },
        ],
      }),
    };
  },
});

/** The first name that cannot be found; an empty text when all GPUs are hidden; undefined when all is well or not known. */
function wrongNames(text: string, situation: Situation): string | undefined {
  const names = text.split(',').map((one) => one.trim());
  if (names[0] === '' || names[0] === '-1' || /^(none|void|nodevfiles)$/i.test(names[0] ?? '')) {
    return names[0] ?? '';
  }
  const runner = situation.runnerGpus();
  if (!runner.known) return undefined;
  const gpus = runner.value;
  // With MIG the numbers and names count instances, which no fact of the host lists.
  if (gpus.some((gpu) => gpu.mig)) return undefined;
  return names.find((name) => !isThere(name, gpus));
}

function isThere(name: string, gpus: readonly GpuView[]): boolean {
  if (/^\d+$/.test(name)) return Number(name) < gpus.length;
  if (!/^GPU-/i.test(name)) return false;
  const known = gpus.every((gpu) => gpu.uuid !== undefined);
  return !known || gpus.some((gpu) => gpu.uuid?.toLowerCase().startsWith(name.toLowerCase()));
}
