import { hasStarted } from '../requirement-gate.js';
import { defineRule } from '../rule.js';

/** What the toolkit knows, as it is written: one other name, or `Compute`, and its hook refuses the container. */
const KNOWN: readonly string[] = [
  'compute',
  'compat32',
  'graphics',
  'utility',
  'video',
  'display',
  'ngx',
];

/**
 * Without `compute` among NVIDIA_DRIVER_CAPABILITIES the legacy hook injects no libcuda, and over a name that it does not know it
 * refuses the container. Unset or empty means the default, which has `compute`; CDI specs name all libraries and do not read the
 * variable, nor does the csv mode of Tegra.
 * Source: https://github.com/NVIDIA/nvidia-container-toolkit cmd/nvidia-container-runtime-hook/container_config.go
 * (getDriverCapabilities), pkg/nvcdi (no use of the variable), internal/modifier (for graphics alone)
 */
export const driverCapabilitiesMissing = defineRule({
  id: 'driver-capabilities-missing',
  severity: 'error',
  checks: 'driver capabilities (NVIDIA_DRIVER_CAPABILITIES)',
  needs: ({ image }) => ({ env: image.env }),
  test: ({ env }, { host, seen, probe }) => {
    const text = env['NVIDIA_DRIVER_CAPABILITIES'] ?? '';
    if (text === '' || (host.mode.known && host.mode.value !== 'legacy')) return undefined;
    const names = text.split(',').map((one) => one.trim());
    if (names.includes('all')) return undefined;
    const unknown = names.filter((name) => name !== '' && !KNOWN.includes(name));
    // Where the mode is not known nothing may read the variable, and a refusal would be a guess.
    const refused = unknown.length > 0 && host.mode.known && !hasStarted(probe);
    const named = names.some((name) => name.toLowerCase() === 'compute');
    if (!refused && named) return undefined;
    const injected = seen.initialised || ['host', 'compat'].includes(probe?.libcuda?.origin ?? '');
    return {
      overruledBy: injected ? 'libcuda was there' : undefined,
      details: () => ({
        data: {
          variable: 'NVIDIA_DRIVER_CAPABILITIES',
          text,
          ...(refused ? { invalid: true, clause: unknown.join(',') } : {}),
        },
        evidence: [{ what: 'NVIDIA_DRIVER_CAPABILITIES', value: text, from: 'image environment' }],
      }),
    };
  },
});
