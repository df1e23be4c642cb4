import type { Entry } from '../entry.js';
import { hint } from '../entry.js';

const TOOLKIT = 'https://github.com/NVIDIA/nvidia-container-toolkit';

/** The runtime and the hook around it, written in Go. */
export const NVIDIA_CONTAINER_RUNTIME: readonly Entry[] = [
  {
    id: 'nvidia-runtime/seccomp-rule',
    finding: 'container-toolkit-outdated',
    rank: 'cause',
    needles: ['adding seccomp filter rule'],
    pattern: /adding seccomp filter rule for syscall \w{2,40}/i,
    says: 'OCI runtime create failed: error adding seccomp filter rule for syscall clone3: permission denied: unknown',
    source: 'https://github.com/NVIDIA/libnvidia-container/issues/148',
  },
  {
    id: 'nvidia-runtime/no-low-level-runtime',
    finding: 'container-toolkit-misconfigured',
    rank: 'named',
    needles: [
      'candidate list',
      'locating runtime',
      'container runtime hook directly',
      'invoking the nvidia',
    ],
    pattern:
      /no runtime binary found from candidate list|error locating runtime|(?:using|invoking) the NVIDIA Container Runtime Hook directly.{0,120}(?:not supported)?/i,
    says: 'error locating runtime: no runtime binary found from candidate list: [docker-runc runc]',
    source: `${TOOLKIT}/blob/main/internal/oci/runtime_low_level.go`,
  },
  {
    id: 'nvidia-runtime/config-invalid',
    finding: 'container-toolkit-misconfigured',
    rank: 'named',
    needles: [
      'nvidia container',
      'nvidia-container-runtime/config.toml',
      'config.toml',
      'nvidia container toolkit config',
      'setting up toolkit',
      'hook config',
      'failed to unmarshal config',
      'failed to load specified config',
    ],
    pattern:
      /(?:invalid|unable to|failed to|could ?n[o']t|error)[^\n]{0,120}nvidia-container-runtime\/config\.toml|nvidia-container-runtime\/config\.toml[^\n]{0,120}(?:invalid|expected|unexpected|parse|toml|no such)|error (?:creating|loading) NVIDIA Container (?:Runtime|Toolkit) config|error getting hook config|failed to (?:unmarshal config|load specified config file): \(\d{1,5}, ?\d{1,5}\)/i,
    says: 'could not load config: unable to open /etc/nvidia-container-runtime/config.toml: toml: expected = after a key',
    source: `${TOOLKIT}/blob/main/internal/config/config.go`,
  },
  {
    id: 'nvidia-runtime/undefined-symbol',
    finding: 'container-toolkit-outdated',
    rank: 'named',
    needles: ['symbol lookup error'],
    pattern:
      /symbol lookup error: [\w./-]{0,80}nvidia-(?:ctk|cdi-hook|container-[\w-]{3,20}): undefined symbol: (?<symbol>\w{3,60})/i,
    says: 'nvidia-ctk: symbol lookup error: nvidia-ctk: undefined symbol: nvmlGpuInstanceGetComputeInstanceProfileInfoV',
    source: 'https://github.com/immich-app/immich/issues/17271',
  },
  {
    id: 'nvidia-runtime/installer-twice',
    finding: 'container-toolkit-misconfigured',
    rank: 'named',
    needles: ['exclusive lock on', 'nvidia toolkit container'],
    pattern:
      /unable to get exclusive lock on '[^']{0,80}toolkit\.pid'|instance of the NVIDIA toolkit Container is already running/i,
    says: 'This normally means an instance of the NVIDIA toolkit Container is already running, aborting',
    source: `${TOOLKIT}/blob/main/cmd/nvidia-ctk-installer/main.go`,
  },
  {
    id: 'nvidia-runtime/no-device-nodes',
    finding: 'driver-not-loaded',
    rank: 'cause',
    needles: ['required device major', 'no nvidia device'],
    pattern: /missing required device major nvidia|no NVIDIA device nodes found/i,
    says: 'failed to create NVIDIA control device nodes: missing required device major nvidia-frontend',
    source: `${TOOLKIT}/blob/main/cmd/nvidia-ctk/system/create-dev-char-symlinks/all.go`,
  },
  {
    id: 'nvidia-runtime/envvar-unprivileged',
    finding: 'container-toolkit-misconfigured',
    rank: 'named',
    needles: ['insufficient privileges', 'ignoring devices requested'],
    pattern:
      /insufficient privileges to read device list|ignoring devices requested by environment variable(?:\(s\)|s)? in unprivileged container/i,
    says: 'insufficient privileges to read device list from NVIDIA_VISIBLE_DEVICES envvar',
    source: `${TOOLKIT}/blob/main/internal/config/image/cuda_image.go`,
  },
  {
    id: 'nvidia-runtime/not-executable',
    finding: 'container-toolkit-misconfigured',
    rank: 'named',
    needles: ['nvidia-container-', 'nvidia-ctk', 'nvidia-cdi-hook'],
    pattern:
      /(?:fork\/)?exec:? "?(?<path>[\w./-]{0,80}nvidia-(?:container-(?:runtime(?:-hook)?|toolkit|cli)|ctk|cdi-hook))(?:\.real)?"?: (?:permission denied|operation not permitted|is a directory|text file busy)/i,
    says: 'fork/exec /usr/bin/nvidia-container-runtime: permission denied: unknown',
    source: 'https://github.com/NVIDIA/nvidia-container-runtime/issues/89',
  },
  {
    id: 'nvidia-runtime/hook-link',
    finding: 'container-toolkit-misconfigured',
    rank: 'cause',
    needles: ['failed to create link ['],
    pattern: /failed to create link \[[^\n]{0,200}: failed to create symlink/i,
    says: 'failed to create link [/usr/lib/aarch64-linux-gnu/nvidia/nvidia_icd.json /etc/vulkan/icd.d/nvidia_icd.json]: failed to create symlink: failed to remove existing file',
    source: `${TOOLKIT}/blob/main/cmd/nvidia-cdi-hook/create-symlinks/create-symlinks.go`,
  },
  {
    id: 'nvidia-runtime/modifier',
    finding: 'container-toolkit-misconfigured',
    rank: 'consequence',
    needles: ['required modification to oci', 'nvidia container runtime', 'did not terminate'],
    pattern:
      /could not apply required modification to OCI spec|failed to create NVIDIA Container Runtime|nvidia-container-runtime(?:\.real)? did not terminate/i,
    says: 'OCI runtime create failed: could not apply required modification to OCI specification: error modifying OCI spec',
    source: `${TOOLKIT}/issues/1537`,
  },
  {
    id: 'nvidia-runtime/other',
    finding: 'container-toolkit-misconfigured',
    rank: 'consequence',
    needles: [
      'nvidia-container-runtime: ',
      'failed to generate cdi spec',
      'empty device edits',
      'failed to construct oci',
      'failed to construct cdi',
      'create cdi spec file',
    ],
    pattern:
      /ERROR: [\w./-]{0,80}nvidia-container-runtime: (?<text>[^\n]{3,120})|failed to generate CDI spec|invalid device, empty device edits|failed to construct (?:OCI spec|CDI) |unable to create CDI spec file/i,
    says: 'ERROR: /usr/bin/nvidia-container-runtime: find runc path: exec: "runc": executable file not found in $PATH',
    source: `${TOOLKIT}/blob/main/cmd/nvidia-container-runtime/main.go`,
  },
  {
    id: 'lxc/hook-failed',
    finding: 'container-toolkit-misconfigured',
    rank: 'consequence',
    needles: ['failed to run mount hooks'],
    pattern: /Failed to run mount hooks/i,
    says: 'lxc c1 20230301193658.390 ERROR conf - lxc_setup:4437 - Failed to run mount hooks',
    decide: 'lxc-hook',
    source: 'https://github.com/lxc/lxc/blob/main/hooks/nvidia',
  },
  hint(
    'hint/lxc-nvidia',
    ['nvidia.runtime', 'nvidia.driver', 'nvidia.require', 'hooks/nvidia'],
    /\bnvidia\.(?:runtime|driver|require)\b|hooks\/nvidia\b/i,
    'lxc launch ubuntu:20.04 c1 -c nvidia.runtime=true',
    'https://github.com/lxc/lxc/blob/main/hooks/nvidia',
  ),
];
