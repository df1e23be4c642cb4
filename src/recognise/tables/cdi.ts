import type { Entry } from '../entry.js';

/** The Container Device Interface: the spec files, the engines that read them, and `nvidia-ctk` that writes them. */
export const CDI: readonly Entry[] = [
  {
    id: 'cdi/spec-unsupported',
    finding: 'cdi-spec-unsupported',
    rank: 'named',
    needles: ['additionalgids', 'cdi', 'unknown field'],
    pattern:
      /unknown field "?(?:additionalGids|containerEdits|intelRdt|hostPath|netDevices|annotations|deviceNodes|cdiVersion)|failed to (?:parse|unmarshal|read|validate) CDI Spec|(?:unsupported|invalid|unknown) CDI (?:spec )?version|CDI (?:spec )?version[^\n]{0,60}(?:unsupported|not supported|invalid|requires at least)|(?:invalid|malformed) CDI Spec|CDI (?:devices? )?(?:support )?(?:is )?(?:not enabled|not supported|disabled)|CDI feature[^\n]{0,40}(?:not enabled|disabled)|failed to load CDI Spec [^\n]{0,160}invalid version/i,
    says: 'failed to parse CDI Spec "/etc/cdi/nvidia.yaml": failed to unmarshal CDI Spec: json: unknown field "additionalGids"',
    source: 'https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md',
  },
  {
    id: 'cdi/unresolvable',
    finding: 'cdi-device-unresolved',
    rank: 'cause',
    needles: ['cdi', 'unresolved devices', 'unqualified device'],
    pattern:
      /unresolvable CDI devices? ?\[?(?<device>[\w.]{0,40}(?:\.com|\.io)\/[\w-]{1,30}=[\w:.,-]{1,120})?|CDI (?:device )?registry.{0,80}not found|CDI device.{0,80}(?:not found|unknown|unresolved)|conflicting device.{0,120}(?:cdi|specs)|failed to (?:get|find) CDI (?:spec|device)|no CDI (?:devices?|specs?)(?: were)? (?:found|available)|unresolved devices (?<device2>nvidia\.com\/[\w-]{1,30}=[\w:.,-]{1,120})|unqualified device "?[\w./-]{0,40}gpu=[\w:.-]{1,60}"?, missing/i,
    says: 'Error: setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=all',
    decide: 'cdi-unresolvable',
    source: 'https://github.com/NVIDIA/nvidia-container-toolkit/issues/146',
  },
  {
    id: 'cdi/stale-device',
    finding: 'cdi-spec-stale',
    rank: 'named',
    needles: ['cdi host device', 'host device', 'host type mismatch'],
    pattern:
      /failed to stat CDI host device "?(?<path>[\w./-]{1,200})"?(?:: no such file)?|CDI host device "?[\w./-]{1,200}"?.{0,40}(?:no such|type mismatch|not a device)|CDI device \("\/dev\/nvidia[\w/-]{0,20}", [^\n]{1,20}host type mismatch/i,
    says: 'Error: setting up CDI devices: failed to inject devices: failed to stat CDI host device "/dev/dri/renderD129": no such file or directory',
    source: 'https://github.com/NVIDIA/nvidia-container-toolkit/issues/885',
  },
  {
    id: 'cdi/stale-mount',
    finding: 'cdi-spec-stale',
    rank: 'cause',
    needles: [
      'error mounting',
      'mount request',
      'failed to mount',
      'error during container init',
      'bind mount',
      'lstat ',
      "stat'ing file",
    ],
    pattern:
      /(?:error mounting|fulfil mount request: open|\blstat|error stat'ing file|failed to mount|bind mount(?: source)?(?: path)?(?: does not exist:)?) ["'`]?(?<path>\/[\w./+-]{0,200}(?:nvidia|libcuda|libnv|libEGL|libGLX|libGLES|gsp_)[\w./+-]{0,120})["'`]?.{0,400}no such file or directory/i,
    says: 'error mounting "/usr/lib/x86_64-linux-gnu/libcuda.so.535.104.05" to rootfs at "/usr/lib/x86_64-linux-gnu/libcuda.so.535.104.05": stat /usr/lib/x86_64-linux-gnu/libcuda.so.535.104.05: no such file or directory',
    decide: 'stale-mount',
    source:
      'https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/cdi-support.html',
  },
  {
    id: 'cdi/stale-hook',
    finding: 'cdi-spec-stale',
    rank: 'cause',
    needles: ['nvidia-ctk', 'nvidia-cdi-hook'],
    pattern:
      /(?:fork\/exec|stat|exec:?) "?(?<path>[\w./-]{1,120}\/nvidia-(?:ctk|cdi-hook))"?: no such file|error (?:running|executing) hook.{0,60}nvidia-(?:ctk|cdi-hook)[`'"]?.{0,20}no such file/i,
    says: 'error running createContainer hook #0: fork/exec /usr/bin/nvidia-cdi-hook: no such file or directory',
    source:
      'https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/cdi-support.html',
  },
  {
    id: 'cdi/generate-no-driver',
    finding: 'driver-not-installed',
    rank: 'cause',
    needles: [
      'libcuda',
      'error_library_not_found',
      'failed to initialize nvml',
      'could not load nvml',
    ],
    pattern:
      /failed to (?:locate|find) libcuda\.so|pattern libcuda\.so\.?[\w*.]{0,12} not found|(?<!OPTIX_)ERROR_LIBRARY_NOT_FOUND|failed to initialize NVML: could not load NVML library/i,
    says: 'failed to create device CDI specs: failed to initialize NVML: ERROR_LIBRARY_NOT_FOUND',
    decide: 'nvml-library-absent',
    source: 'https://github.com/NVIDIA/nvidia-container-toolkit/blob/main/pkg/nvcdi/lib.go',
  },
];
