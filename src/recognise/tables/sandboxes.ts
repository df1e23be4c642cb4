import type { Entry } from '../entry.js';

/** Singularity, Apptainer and gVisor, which bring the driver into a container by ways of their own. */
export const SANDBOXES: readonly Entry[] = [
  {
    id: 'singularity/no-nv-files',
    finding: 'driver-not-installed',
    rank: 'usual',
    needles: ['any nv files', 'any nv libraries', 'any nvidia libraries'],
    pattern:
      /Could not find any nv (?:files|libraries) on this host|Could not find any NVIDIA libraries on this host/i,
    says: 'INFO: Could not find any nv files on this host!',
    decide: 'no-nv-files',
    source: 'https://github.com/sylabs/singularity/issues/2805',
  },
  {
    id: 'singularity/nv-with-writable',
    finding: 'gpu-not-requested',
    rank: 'usual',
    needles: ['nv files may not be bound'],
    pattern: /nv files may not be bound with --writable/i,
    says: 'WARNING: nv files may not be bound with --writable',
    source: 'https://apptainer.org/docs/user/latest/gpu.html',
  },
  {
    id: 'singularity/nvccli-refused',
    finding: 'container-toolkit-misconfigured',
    rank: 'named',
    needles: ['nvidia-container-cli not allowed', 'nvidia-container-cli is not owned'],
    pattern: /nvidia-container-cli (?:not allowed in setuid mode|is not owned by root user)/i,
    says: 'FATAL:   nvidia-container-cli not allowed in setuid mode',
    source:
      'https://github.com/apptainer/apptainer/blob/main/internal/pkg/runtime/engine/apptainer/prepare_linux.go',
  },
  {
    id: 'gvisor/driver-unsupported',
    finding: 'engine-build-unsupported',
    rank: 'named',
    needles: ['unsupported nvidia driver version'],
    pattern: /unsupported Nvidia driver version:? (?<driver>[\d.]{5,12})/i,
    says: 'registering nvproxy driver: unsupported Nvidia driver version: 535.161.08',
    source: 'https://gvisor.dev/docs/user_guide/gpu/',
  },
];
