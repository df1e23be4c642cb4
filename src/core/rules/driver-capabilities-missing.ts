import { defineRule } from '../rule.js';

/**
 * Without `compute` among NVIDIA_DRIVER_CAPABILITIES the legacy hook injects no libcuda. Unset or empty means the default, which
 * has it; CDI specs name all libraries and do not read the variable.
 * Source: https://github.com/NVIDIA/nvidia-container-toolkit cmd/nvidia-container-runtime-hook/container_config.go
 * (getDriverCapabilities), pkg/nvcdi (no use of the variable)
 */
export const driverCapabilitiesMissing = defineRule({
  id: 'driver-capabilities-missing',
  severity: 'error',
  checks: 'driver capabilities (NVIDIA_DRIVER_CAPABILITIES)',
  needs: ({ image }) => ({ env: image.env }),
  test: ({ env }, { host, seen, probe }) => {
    const text = env['NVIDIA_DRIVER_CAPABILITIES'] ?? '';
    if (text.trim() === '') return undefined;
    const capabilities = text.split(',').map((one) => one.trim().toLowerCase());
    if (capabilities.includes('compute') || capabilities.includes('all')) return undefined;
    if (host.mode.known && host.mode.value === 'cdi') return undefined;
    const injected = seen.initialised || ['host', 'compat'].includes(probe?.libcuda?.origin ?? '');
    return {
      overruledBy: injected ? 'libcuda was there' : undefined,
      details: () => ({
        data: { variable: 'NVIDIA_DRIVER_CAPABILITIES', text },
        evidence: [{ what: 'NVIDIA_DRIVER_CAPABILITIES', value: text, from: 'image environment' }],
      }),
    };
  },
});
