import type { Entry } from '../entry.js';
import { hint } from '../entry.js';

const XID = 'https://docs.nvidia.com/deploy/xid-errors/index.html';

/** The kernel's log, the loading of the module, and the services beside the driver. */
export const KERNEL_LOG: readonly Entry[] = [
  {
    id: 'kernel/api-mismatch',
    finding: 'driver-library-mismatch',
    rank: 'named',
    needles: ['api mismatch', 'kernel module has the version', 'client has the version'],
    pattern:
      /API mismatch|client has the version (?<driver>[\d.]{5,12}).{0,60}(?:kernel module has the version [\d.]{5,12})?|kernel module has the version [\d.]{5,12}/i,
    says: 'NVRM: API mismatch: the client has the version 367.44, but this kernel module has the version 367.35',
    source: 'https://github.com/NVIDIA/nvidia-docker/issues/149',
  },
  {
    id: 'kernel/open-module-required',
    finding: 'open-kernel-module-required',
    rank: 'named',
    needles: [
      'open kernel module',
      'open gpu kernel',
      'open-source kernel module',
      'open nvidia kernel',
    ],
    pattern:
      /require(?:s|d)?(?: the)?(?: use of)?(?: the)?(?: NVIDIA)? open(?:-source)?(?: GPU| NVIDIA)? kernel modules?|open (?:GPU )?kernel modules? (?:is|are) required/i,
    says: 'NVRM: installed in this system requires use of the NVIDIA open kernel modules.',
    source: 'https://forums.developer.nvidia.com/c/gpu-graphics/linux/148',
  },
  {
    id: 'kernel/gpu-unsupported',
    finding: 'gpu-unsupported-by-driver',
    rank: 'named',
    needles: [
      'legacy driver',
      'is not supported by',
      'not supported by the',
      'unsupported gpu',
      'system processor (gsp)',
      'will ignore this gpu',
      'xx legacy',
      'driver release',
    ],
    pattern:
      /supported through the NVIDIA (?<driver>[\d.x]{3,8}) Legacy|not supported by the (?:open )?(?:NVIDIA )?(?<driver2>[\d.]{3,12})?.{0,20}(?:NVIDIA )?(?:driver release|nvidia\.ko|kernel module)|does not include the required GPU System Processor|driver will ignore this GPU|GPU .{0,60}is not supported by (?:the |this )?(?:installed )?(?:NVIDIA |driver)/i,
    says: 'NVRM: The NVIDIA Tesla K80 GPU installed in this system is supported through the NVIDIA 470.xx Legacy drivers.',
    decide: 'gpu-unsupported',
    source: 'https://www.nvidia.com/en-us/drivers/unix/legacy-gpu/',
  },
  {
    id: 'kernel/rm-init-failed',
    finding: 'gpu-lost',
    rank: 'cause',
    needles: ['rminitadapter', 'rm_init_adapter', 'rmshutdownadapter'],
    pattern: /RmInitAdapter failed|rm_init_adapter failed/i,
    says: 'NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x22:0x56:884)',
    decide: 'rm-init',
    source: 'https://forums.developer.nvidia.com/c/gpu-graphics/linux/148',
  },
  {
    id: 'kernel/xid',
    finding: 'gpu-lost',
    rank: 'named',
    needles: ['xid', 'i/o region', 'bar1', 'bar 1', 'above 4g', 'resizable bar'],
    // 13, 31, 43, 45, 68 and 69 are faults of the application, not of the GPU.
    pattern:
      /Xid \(PCI:[0-9a-fA-F:.]{4,20}\): (?!(?:13|31|43|45|68|69|66|67)\b)(?<code>\d{1,3})|\bXid ?(?:error )?:? ?(?<code2>48|61|62|63|64|74|79|92|94|95|109|11[0-9]|12[0-9]|14\d|15\d)\b|PCI I\/O region assigned to your NVIDIA device is invalid|BAR\d? is \dM @ 0x0/i,
    says: 'NVRM: Xid (PCI:0000:3b:00): 79, pid=1234, GPU has fallen off the bus.',
    source: XID,
  },
  {
    id: 'kernel/module-not-loaded',
    finding: 'driver-not-loaded',
    rank: 'named',
    needles: [
      'modprobe',
      'nouveau',
      'nvidia kernel module',
      'insmod',
      'no nvidia',
      'nvidia devices',
      'nvidia gpu found',
      'dkms',
      'key was rejected',
      'kernel module',
      'nvidia-modprobe',
      'vfio-pci',
      'kernel driver does not appear',
    ],
    pattern:
      /(?:modprobe|insmod)[^\n]{0,80}(?:Module nvidia[\w-]{0,12} not found|could not insert '?nvidia|nvidia[\w.-]{0,16}[^\n]{0,60}(?:not found|rejected|Exec format|Unknown symbol|No such device|Operation not permitted))|nouveau[^\n]{0,80}(?:loaded|in use|obtained ownership|conflict|blacklist|incompatible)|(?:was loaded and obtained ownership of the NVIDIA)|No NVIDIA (?:GPU found|devices probed|graphics adapter probed)|None of the NVIDIA devices were (?:probed|initialized)|(?:nvidia|NVIDIA)(?: GPU)? (?:kernel )?(?:module|driver) (?:is )?(?:not loaded|not (?:currently )?running|missing|failed to load)|unable to load the '?nvidia|already bound to vfio-pci|Bad return status for module build on kernel[^\n]{0,80}nvidia|nvidia[^\n]{0,80}Bad return status for module build|kernel driver does not appear to be running|loading nvidia: Key was rejected|nvidia: (?:disagrees about version|Unknown symbol)|failed to load (?:kernel )?module ["'`]?nvidia/i,
    says: 'modprobe: FATAL: Module nvidia not found in directory /lib/modules/6.8.0-45-generic',
    decide: 'kernel-module',
    source: 'https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/',
  },
  {
    id: 'kernel/persistenced',
    finding: 'driver-not-loaded',
    rank: 'consequence',
    needles: ['nvidia devices. please ensure', 'nvidia-persistenced'],
    pattern: /Failed to query NVIDIA devices|nvidia-persistenced failed to initialize/i,
    says: 'nvidia-persistenced failed to initialize. Check syslog for more details.',
    source: 'https://docs.nvidia.com/deploy/driver-persistence/',
  },
  {
    id: 'fabric/nothing-to-do',
    finding: 'fabric-manager-not-needed',
    rank: 'named',
    needles: ['nothing_to_do', 'nothing to do'],
    pattern: /NV_WARN_NOTHING_TO_DO|fabric ?manager[^\n]{0,80}nothing to do/i,
    says: 'nv-fabricmanager: request to query NVSwitch device information from NVSwitch driver failed with error:WARNING Nothing to do [NV_WARN_NOTHING_TO_DO]',
    source: 'https://github.com/NVIDIA/gpu-operator/issues/610',
  },
  {
    id: 'fabric/not-running',
    finding: 'fabric-manager-not-running',
    rank: 'cause',
    needles: ['fabric manager', 'fabricmanager', 'nv-fabricmanager', 'fabric state', 'nvswitch'],
    pattern:
      /(?:nvidia-|nv-)?fabric ?manager[^\n]{0,120}(?:don'?t match|does not match|mismatch|not running|failed|inactive|error|exited|dead|not found|not installed|is not)|(?:failed|start|error)[^\n]{0,40}nvidia-fabricmanager|Fabric[^\n]{0,40}State ?: ?(?:In Progress|Not Started)|driver interface version[^\n]{0,80}match/i,
    says: "fabric manager NVIDIA GPU driver interface version 535.104.05 don't match with driver version 535.129.03. Please update with matching NVIDIA driver package.",
    decide: 'fabric',
    source: 'https://docs.nvidia.com/datacenter/tesla/fabric-manager-user-guide/index.html',
  },
  {
    id: 'nvlink/not-exposed',
    finding: 'nvlink-not-exposed',
    rank: 'cause',
    needles: ['nvswitch', 'nvidia-caps-imex', 'imex', 'nvidia-nvswitch'],
    pattern:
      /(?:no|0|not find any|cannot find|failed to (?:find|open|detect)|unable to (?:find|open|detect)|missing|not visible)[^\n]{0,60}(?:NVSwitch(?:es)?|nvidia-nvswitch|imex[ -]channels?|nvidia-caps-imex)|(?:nvidia-nvswitch|nvidia-caps-imex-channels|imex[ -]channel)[\w/-]{0,20}[^\n]{0,60}(?:no such|not found|missing|permission denied|not available)/i,
    says: 'failed to open /dev/nvidia-caps-imex-channels/channel0: No such file or directory',
    decide: 'nvlink',
    source: 'https://docs.nvidia.com/multi-node-nvlink-systems/imex-guide/imexchannels.html',
  },
  {
    id: 'vgpu/feature-disabled',
    finding: 'vgpu-feature-disabled',
    rank: 'cause',
    needles: ['vgpu', 'unified memory', 'grid license', 'unlicensed', 'licensed'],
    pattern:
      /(?:unified (?:virtual )?memory|UVM|managed memory)[^\n]{0,80}(?:not supported|unsupported|disabled|unavailable)|(?:not supported|disabled|unsupported)[^\n]{0,60}\bvGPU\b|\bvGPU\b[^\n]{0,80}(?:not supported|unsupported|disabled|unlicensed|License Status: ?Unlicensed)/i,
    says: 'Unified memory is not supported on this vGPU profile',
    source: 'https://docs.nvidia.com/vgpu/latest/grid-vgpu-user-guide/index.html',
  },
  {
    id: 'kernel/feature-missing',
    finding: 'kernel-feature-missing',
    rank: 'cause',
    needles: [
      'seccomp',
      'overlay',
      'bpf',
      'cgroup mountpoint',
      'kernel does not',
      'kernel too old',
      'iptables',
      'user namespaces',
      'fuse-overlayfs',
      'unshare',
    ],
    pattern:
      /seccomp[^\n]{0,60}(?:not (?:supported|enabled|available|compiled)|is disabled|unsupported)|kernel[^\n]{0,40}(?:does not support|without|lacks?|missing)[^\n]{0,20} (?:seccomp|overlay|bpf|user namespaces|cgroup v2|namespaces)|bpf[\w()]{0,40}[^\n]{0,80}function not implemented|(?:cgroups?: )?cgroup mountpoint does not exist|Module overlay not found|iptables[^\n]{0,120}(?:Table does not exist|do you need to insmod)|FATAL: kernel too old|user namespaces are not enabled in|failed to mount overlay: no such device/i,
    says: 'seccomp is not enabled in your kernel, cannot run a custom seccomp profile',
    source: 'https://docs.docker.com/engine/security/seccomp/',
  },
  hint(
    'hint/cuda-kernel-log',
    ['nvrm:'],
    /NVRM: /i,
    'NVRM: loading NVIDIA UNIX x86_64 Kernel Module  535.104.05',
    XID,
  ),
];
