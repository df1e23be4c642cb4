import type { Entry } from '../entry.js';

const CLI = 'https://github.com/NVIDIA/libnvidia-container/blob/main/src';
const TOOLKIT = 'https://github.com/NVIDIA/nvidia-container-toolkit';

/** libnvidia-container's command line: what the hook of the legacy mode prints when it refuses or fails. */
export const NVIDIA_CONTAINER_CLI: readonly Entry[] = [
  {
    id: 'nvidia-container/requirement',
    finding: 'requirement-unmet',
    rank: 'named',
    needles: [
      'unsatisfied condition',
      'requirement error',
      'requirements not met',
      'unsatisfied requirement',
    ],
    pattern:
      /unsatisfied condition: ?(?<clause>(?:cuda|driver|arch|brand) ?(?:>=|<=|!=|==|=|<|>) ?[\w.]{1,20})?|requirements? not met|requirement error: (?!invalid|unsatisfied condition)/i,
    says: 'nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update your driver to a newer version, or use an earlier cuda container',
    decide: 'requirement',
    source: `${CLI}/cli/configure.c`,
  },
  {
    id: 'nvidia-container/requirement-grammar',
    finding: 'container-toolkit-outdated',
    rank: 'named',
    needles: ['invalid expression'],
    pattern: /requirement error: invalid expression|invalid expression.{0,60}NVIDIA_REQUIRE/i,
    says: 'nvidia-container-cli: requirement error: invalid expression',
    source: `${CLI}/cli/dsl.c`,
  },
  {
    id: 'nvidia-container/library-mismatch',
    finding: 'driver-library-mismatch',
    rank: 'named',
    needles: ['version mismatch', 'lib_rm_version_mismatch', 'librmversionmismatch'],
    pattern:
      /driver\/library version mismatch|LIB_RM_VERSION_MISMATCH|LibRmVersionMismatch|NVML\/RM version mismatch/i,
    says: 'nvidia-container-cli: initialization error: nvml error: driver/library version mismatch',
    source: 'https://github.com/NVIDIA/nvidia-container-toolkit/issues/171',
  },
  {
    id: 'nvidia-container/nvml-not-loaded',
    finding: 'driver-not-loaded',
    rank: 'named',
    needles: ['driver not loaded', 'driver_not_loaded', 'drivernotloaded'],
    pattern:
      /(?:nvml|nvidia).{0,60}driver not loaded|ERROR_DRIVER_NOT_LOADED|NVMLError_DriverNotLoaded|^driver not loaded/i,
    says: 'nvidia-container-cli: initialization error: nvml error: driver not loaded',
    source: `${CLI}/nvc.c`,
  },
  {
    id: 'nvidia-container/library-absent',
    finding: 'driver-not-installed',
    rank: 'cause',
    needles: ['load library failed', 'initialization error: cannot open shared'],
    pattern:
      /load library failed: (?<library>lib(?:nvidia-ml|cuda|nvidia-[\w-]{1,30})\.so[\w.]{0,16})?.{0,40}cannot open shared object file|initialization error: cannot open shared object file/i,
    says: 'nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: no such file or directory',
    decide: 'host-library-absent',
    source: `${CLI}/nvc.c`,
  },
  {
    id: 'nvidia-container/library-unloadable',
    finding: 'container-toolkit-misconfigured',
    rank: 'cause',
    needles: ['load library failed'],
    pattern:
      /load library failed: .{0,120}(?:undefined symbol|symbol not found|not found \(required|relocat|wrong ELF|version `?'?GLIBC|Error relocating|file too short)/i,
    says: 'nvidia-container-cli: initialization error: load library failed: /usr/lib/libnvidia-ml.so.1: undefined symbol: gnu_get_libc_version',
    decide: 'host-libc',
    source: `${CLI}/nvc.c`,
  },
  {
    id: 'nvidia-container/change-root',
    finding: 'container-toolkit-misconfigured',
    rank: 'named',
    needles: [
      'change root',
      'change root directory',
      'privilege change',
      'capability change',
      'user lookup failed',
      'overflowuid',
      'driver root',
    ],
    pattern:
      /(?:change root failed|failed to change root directory|privilege change failed|capability change failed|user lookup failed|open failed: \/proc\/sys\/kernel\/overflow[ug]id)(?::? ?(?<text>[\w ]{3,60}))?|failed to (?:locate|find|resolve) (?:driver )?root/i,
    says: 'nvidia-container-cli: initialization error: change root failed: no such file or directory',
    source: `${CLI}/nvc.c`,
  },
  {
    id: 'nvidia-container/rpc',
    finding: 'container-toolkit-misconfigured',
    rank: 'cause',
    needles: ['rpc error', 'nvcgo', 'driver error: timed out'],
    pattern:
      /(?:initialization|detection|driver|container|mount|nvcgo|device|ldcache) (?:rpc )?error: (?:driver |nvcgo )?rpc error|(?:driver|nvcgo) rpc (?:error|service).{0,60}(?:timed out|fail|error|refused)|driver error: timed out|nvcgo error/i,
    says: 'nvidia-container-cli: initialization error: driver rpc error: timed out',
    source: `${CLI}/driver.c`,
  },
  {
    id: 'nvidia-container/driver-service',
    finding: 'driver-not-loaded',
    rank: 'usual',
    needles: ['failed to process request'],
    pattern: /driver error: failed to process request/i,
    says: 'nvidia-container-cli: initialization error: driver error: failed to process request',
    decide: 'driver-service',
    source: `${CLI}/driver.c`,
  },
  {
    id: 'nvidia-container/wsl-no-adapter',
    finding: 'wsl-unsupported',
    rank: 'named',
    needles: ['gpu access blocked', 'wsl', 'dxcore', '/dev/dxg'],
    pattern:
      /WSL environment detected but no adapters were found|initialization error: .{0,40}dxcore|libdxcore\.so: cannot open|\/dev\/dxg: no such file|failed to open \/dev\/dxg|GPU access blocked by the operating system/i,
    says: 'nvidia-container-cli: initialization error: WSL environment detected but no adapters were found',
    decide: 'wsl-blocked',
    source: `${CLI}/dxcore.c`,
  },
  {
    id: 'nvidia-container/nvml-unknown',
    finding: 'gpu-device-access-lost',
    rank: 'usual',
    needles: ['nvml error: unknown error'],
    pattern: /(?:initialization|detection) error: nvml error: unknown error/i,
    says: 'nvidia-container-cli: initialization error: nvml error: unknown error',
    decide: 'nvml-unknown',
    source: `${CLI}/nvc_info.c`,
  },
  {
    id: 'nvidia-container/nvml-old',
    finding: 'container-toolkit-outdated',
    rank: 'usual',
    needles: ['nvml error: not', 'function not found', 'argument version mismatch'],
    pattern:
      /nvml error: (?:function not found|argument version mismatch|not found|not supported)/i,
    says: 'nvidia-container-cli: detection error: nvml error: function not found',
    source: `${CLI}/nvc_info.c`,
  },
  {
    id: 'nvidia-container/unknown-device',
    finding: 'visible-devices-mismatch',
    rank: 'named',
    needles: [
      'device handle',
      'unknown device',
      'device error',
      'invalid device',
      'no such device: gpu',
      'failed to get device',
      'failed to find device',
      'failed to resolve device',
    ],
    pattern:
      /device error: ?(?:unknown device(?: id)?:? ?(?<device>[\w:.-]{1,80})|(?<device2>[\w:./-]{1,80}): unknown device)|unknown device(?: id)?:? ?(?<device3>(?:GPU|MIG)-[\w/-]{4,80})|error getting device handle for index '?(?<device4>\d{1,3})|(?:GPU|nvml|nvidia|cuda)[^\n]{0,60}failed to (?:get|find|resolve) device (?:handle )?(?:for|by|with) (?:id|index|uuid) ?"?(?<device5>[\w:-]{1,80})/i,
    says: 'nvidia-container-cli: device error: unknown device id: 4',
    decide: 'unknown-device',
    source: `${CLI}/cli/common.c`,
  },
  {
    id: 'nvidia-container/mig',
    finding: 'mig-device-invalid',
    rank: 'named',
    needles: ['mig'],
    pattern:
      /(?:unknown|invalid|no such|cannot (?:find|resolve)|failed to (?:find|resolve|parse|get)).{0,60}\bMIG\b.{0,60}|\bMIG[- ](?:device|GPU|instance|UUID).{0,60}(?:not found|invalid|unknown|does not exist|failed)|No MIG devices associated|invalid MIG configuration|(?:more than one|at least one) .{0,60}\bmig\b.{0,60}(?:strategy|device)|mig(?:\.|-)?strategy.{0,60}(?:invalid|unsupported|error)|device with (?:MIG|migEnabled).{0,60}(?:no|not).{0,30}devices|(?:all|some) devices (?:on the node )?(?:must be|have) .{0,40}mig/i,
    says: 'nvidia-container-cli: device error: unknown device id: MIG-GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f/1/0',
    decide: 'mig-text',
    source: 'https://docs.nvidia.com/datacenter/tesla/mig-user-guide/',
  },
  {
    id: 'nvidia-container/file-exists',
    finding: 'driver-files-in-image',
    rank: 'named',
    needles: [
      'cross-device',
      'device or resource busy',
      'read-only file system',
      'busy',
      'read-only',
      'file exists',
    ],
    pattern:
      /(?:mount error: |file creation failed: ?|creat(?:e|ing)|failed to create)[^\n]{0,300}?(?<path>\/[\w./+-]{0,200}(?:nvidia|libcuda|libnv|libcudnn|libcublas|libEGL|libGLX|libvdpau|tegra)[\w./+-]{0,120}):? file exists|(?<path2>[\w./+-]{0,200}(?:nvidia|libcuda|libnv)[\w.+-]{0,60}):? file exists|file creation failed: ?(?<path3>\/[^ ]{3,300}): file exists|(?:make backup link of|cannot remove|unable to (?:install|remove|rename))[^\n]{0,80}(?:libnvidia|libcuda|nvidia)[^\n]{0,80}(?:cross-device|busy|read-only)/i,
    says: 'nvidia-container-cli: mount error: file creation failed: /var/lib/docker/overlay2/abc/merged/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1: file exists',
    decide: 'file-exists',
    source: 'https://github.com/NVIDIA/nvidia-docker/issues/1551',
  },
  {
    id: 'nvidia-container/proc-entries',
    finding: 'driver-proc-entries-missing',
    rank: 'named',
    needles: ['/proc/driver/nvidia', 'proc/driver/nvidia'],
    pattern:
      /(?<path>\/?proc\/driver\/nvidia(?!\/version: No such)[\w./:-]{0,120})"?(?:\/[\w/]{0,40})?"?:? .{0,60}(?:no such file|not a directory|permission denied|operation not permitted|input\/output error)|(?:stat|mount|open|failed|error)[^"]{0,160} "?(?<path2>\/proc\/driver\/nvidia(?!\/version)[\w./:-]{0,120}).{0,120}(?:no such file|does not exist)/i,
    says: 'nvidia-container-cli: mount error: stat failed: /proc/driver/nvidia/gpus/cfdd:00:00.0: no such file or directory',
    source: 'https://github.com/NVIDIA/nvidia-docker/issues/1316',
  },
  {
    id: 'nvidia-container/stat-gpu-name',
    finding: 'container-toolkit-outdated',
    rank: 'cause',
    needles: ['stat failed: /'],
    pattern: /mount error: stat failed: \/(?:GeForce|Tesla|Quadro|NVIDIA|A100|TITAN|RTX)\b.{0,40}/i,
    says: 'nvidia-container-cli: mount error: stat failed: /GeForce: no such file or directory',
    source: 'https://github.com/NVIDIA/nvidia-docker/issues/957',
  },
  {
    id: 'nvidia-container/stat-device',
    finding: 'driver-not-loaded',
    rank: 'cause',
    needles: ['/dev/nvidia'],
    pattern:
      /(?:stat failed|mount error|mknod failed|device error|open failed|lstat|gathering device information|adding custom device|failed to (?:stat|find|open))[^\n]{0,80}(?<path>\/dev\/nvidia(?!-uvm|-cap|0\/)[\w/-]{0,30})"?:? .{0,20}no such (?:file|device)/i,
    says: 'nvidia-container-cli: mount error: stat failed: /dev/nvidia-modeset: no such file or directory',
    decide: 'device-node-absent',
    source: `${CLI}/nvc_mount.c`,
  },
  {
    id: 'nvidia-container/uvm-node',
    finding: 'uvm-unavailable',
    rank: 'named',
    needles: ['nvidia-uvm', 'nvidia_uvm'],
    pattern:
      /(?:no such|missing|cannot|could not|failed|not (?:found|present|loaded)|error)[^\n]{0,80}(?:\/dev\/)?nvidia[-_]uvm(?!-tools)|(?:\/dev\/)?nvidia[-_]uvm(?!-tools)"?:? [^\n]{0,40}(?:no such|missing|not (?:found|present|loaded)|cannot|could not|failed|does not exist|input\/output error)/i,
    says: 'nvidia-container-cli: mount error: stat failed: /dev/nvidia-uvm: no such file or directory',
    source: `${CLI}/nvc_mount.c`,
  },
  {
    id: 'nvidia-container/cgroup-write',
    finding: 'cgroup-device-rules',
    rank: 'named',
    needles: [
      '/sys/fs/cgroup',
      'devices.allow',
      'device rules',
      'bpf_prog',
      'device filter',
      'devices cgroup',
      'device cgroup',
    ],
    pattern:
      /(?:\/sys\/fs\/cgroup\/)?[\w./:@\\-]{0,200}devices\.allow:? .{0,60}(?:permission denied|no such file|operation not permitted|read-only)|failed to (?:add|write|set|apply) device rules|bpf_prog_(?:query|attach|load)|device filters?(?: program)?.{0,80}(?:fail|unable|attach|cgroup)|(?:set|write|apply|update|attach)[\w ]{0,40}device cgroup|(?:write|open) (?:error|failed): \/sys\/fs\/cgroup[\w./:@-]{0,160}: (?:operation not permitted|permission denied|read-only)/i,
    says: 'nvidia-container-cli: mount error: failed to add device rules: unable to find any existing device filters attached to the cgroup: bpf_prog_query(BPF_CGROUP_DEVICE) failed: operation not permitted',
    decide: 'bpf',
    source: 'https://github.com/NVIDIA/libnvidia-container/issues/176',
  },
  {
    id: 'nvidia-container/cgroup-v2-unknown',
    finding: 'container-toolkit-outdated',
    rank: 'named',
    needles: ['cgroup'],
    pattern:
      /cgroup subsystem devices not found|container error: (?:failed to (?:find|get|locate|parse) .{0,40}cgroup|cgroup .{0,60}not found)|unsupported cgroup version/i,
    says: 'nvidia-container-cli: container error: cgroup subsystem devices not found',
    source: 'https://github.com/NVIDIA/nvidia-docker/issues/1447',
  },
  {
    id: 'nvidia-container/namespace',
    finding: 'container-toolkit-misconfigured',
    rank: 'cause',
    needles: [
      'namespace association',
      'mount operation failed',
      'path error',
      'operation not permitted',
      'open failed: /proc',
    ],
    pattern:
      /(?:mount|container|initialization|detection) error: (?:namespace association failed|mount operation failed|open failed: \/proc\/\d{1,8}|path error)[^\n]{0,200}/i,
    says: 'nvidia-container-cli: mount error: namespace association failed: operation not permitted',
    source: 'https://github.com/NVIDIA/nvidia-docker/issues/1419',
  },
  {
    id: 'nvidia-container/ldcache',
    finding: 'container-toolkit-misconfigured',
    rank: 'cause',
    needles: ['ldcache error', 'ldconfig', 'ld.so.cache'],
    pattern:
      /ldcache error ?: ?|(?:process|could not start|failed to (?:run|execute|start)|error (?:running|executing)|exec(?: failed)?:?) "?[@\w./-]{0,80}ldconfig(?:\.real)?"?.{0,60}(?:failed|error|no such|not permitted|terminated)|open failed: [\w./-]{0,60}(?:ldconfig|ld\.so\.cache)/i,
    says: 'nvidia-container-cli: ldcache error: process /sbin/ldconfig.real failed with error code: 1',
    decide: 'ldcache',
    source: 'https://github.com/NVIDIA/libnvidia-container/issues/177',
  },
  {
    id: 'nvidia-container/old-option',
    finding: 'container-toolkit-outdated',
    rank: 'named',
    needles: [
      'unrecognized option',
      'unknown option',
      'no help topic',
      'flag provided but not defined',
      'invalid option',
    ],
    pattern:
      /nvidia-container-(?:cli|toolkit|runtime-hook)(?:\.real)?: (?:unrecognized|unknown|invalid) option.{0,40}|No help topic for '(?:prestart|hook)|(?:ctk|nvidia-[\w-]{3,30}).{0,40}flag provided but not defined/i,
    says: "nvidia-container-cli: unrecognized option '--cuda-compat-mode=ldconfig'",
    source: `${CLI}/cli/configure.c`,
  },
  {
    id: 'nvidia-container/invalid-capabilities',
    finding: 'driver-capabilities-missing',
    rank: 'usual',
    needles: [
      'unsupported capabilities',
      'unsupported driver capabilities',
      'nvidia_driver_capabilities',
    ],
    pattern:
      /unsupported (?:driver )?capabilities.{0,40}found in '?(?<text>[\w,]{1,120})|NVIDIA_DRIVER_CAPABILITIES.{0,80}(?:invalid|unsupported|missing|must|does not (?:include|contain)|lacks?)/i,
    says: "unsupported capabilities found in 'compute,video,foo' (allowed 'compute,utility')",
    source: `${TOOLKIT}/blob/main/cmd/nvidia-container-runtime-hook/container_config.go`,
  },
  {
    id: 'nvidia-container/other',
    finding: 'container-toolkit-misconfigured',
    rank: 'consequence',
    needles: ['nvidia-container-', '98-nvidia.sh', 'oci-hook:'],
    pattern:
      /nvidia-container-cli(?:\.real)?: (?:initialization|detection|mount|container|device|ldcache|cli|input|driver) error: (?<text>[^\n]{3,120})|nvidia-container-[\w-]{3,20}(?:\.real)?: error while loading shared libraries: (?<text2>[^\n]{3,120})|98-nvidia\.sh exited with return code|oci-hook:\d{1,3}: /i,
    says: 'nvidia-container-cli: detection error: path error: /usr/lib: too many levels of symbolic links',
    source: `${CLI}/cli/main.c`,
  },
];

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
    ],
    pattern:
      /(?:invalid|unable to|failed to|could ?n[o']t|error)[^\n]{0,120}nvidia-container-runtime\/config\.toml|nvidia-container-runtime\/config\.toml[^\n]{0,120}(?:invalid|expected|unexpected|parse|toml|no such)|error (?:creating|loading) NVIDIA Container (?:Runtime|Toolkit) config/i,
    says: 'could not load config: unable to open /etc/nvidia-container-runtime/config.toml: toml: expected = after a key',
    source: `${TOOLKIT}/blob/main/internal/config/config.go`,
  },
  {
    id: 'nvidia-runtime/envvar-unprivileged',
    finding: 'container-toolkit-misconfigured',
    rank: 'named',
    needles: ['insufficient privileges'],
    pattern: /insufficient privileges to read device list/i,
    says: 'insufficient privileges to read device list from NVIDIA_VISIBLE_DEVICES envvar',
    source: `${TOOLKIT}/blob/main/internal/config/image/cuda_image.go`,
  },
  {
    id: 'nvidia-runtime/modifier',
    finding: 'container-toolkit-misconfigured',
    rank: 'consequence',
    needles: ['required modification to oci', 'nvidia container runtime'],
    pattern:
      /could not apply required modification to OCI spec|failed to create NVIDIA Container Runtime/i,
    says: 'OCI runtime create failed: could not apply required modification to OCI specification: error modifying OCI spec',
    source: `${TOOLKIT}/issues/1537`,
  },
];
