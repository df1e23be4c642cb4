import { gpuEvidence, hostEvidence, labels } from '../evidence.js';
import { defineRule } from '../rule.js';
import { gpusWithCapability } from '../situation.js';

/**
 * Blackwell and later, and Grace Hopper, are driven by the open kernel modules only.
 * Source: https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/kernel-modules.html
 */
export const openKernelModuleRequired = defineRule({
  id: 'open-kernel-module-required',
  severity: 'error',
  checks: 'flavour of the kernel module',
  needs: (situation) => {
    const gpus = gpusWithCapability(situation);
    // On older GPUs either flavour will do, so nothing is left unchecked there.
    const matters = gpus.known && gpus.value.some((gpu) => gpu.needsOpenModule);
    const module = situation.host.kernelModule;
    return {
      gpus,
      module: matters ? module : ({ known: true, value: 'any', from: 'GPU' } as const),
    };
  },
  test: ({ gpus, module }, situation) => {
    const concerned = gpus.filter((gpu) => gpu.needsOpenModule);
    if (module !== 'proprietary' || concerned.length === 0) return undefined;
    const { seen } = situation;
    return {
      gpus: concerned,
      overruledBy: concerned.every((gpu) => seen.kernelRanOn(gpu) || seen.computedOn(gpu))
        ? 'a kernel ran on the GPU'
        : undefined,
      details: () => ({
        data: { kernelModule: module, gpus: labels(concerned) },
        evidence: [
          { what: 'kernel module', value: module, from: 'host' },
          ...hostEvidence(situation).slice(0, 1),
          ...gpuEvidence(concerned),
        ],
      }),
    };
  },
});
