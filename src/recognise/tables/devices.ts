import type { Entry } from '../entry.js';

/** Jetson, and the choice of devices by variable. */
export const DEVICES: readonly Entry[] = [
  {
    id: 'jetson/device-node',
    finding: 'gpu-device-permission-denied',
    rank: 'usual',
    needles: ['opening channel /dev/nvhost', 'channel handle', 'nvrmgpulibopen', '/dev/nvhost-'],
    pattern:
      /Opening channel \/dev\/nvhost-[\w-]{2,30} failed|Could not get NV(?:DEC|ENC|JPG) Channel handle|NvRmGpuLibOpen failed|\/dev\/nvhost-[\w-]{2,30}[^\n]{0,20}no such file/i,
    says: 'Opening channel /dev/nvhost-nvdec failed',
    source: 'https://github.com/idavis/jetson-containers/issues/28',
  },
  {
    id: 'jetson/l4t-mismatch',
    finding: 'jetson-l4t-mismatch',
    rank: 'named',
    needles: ['l4t', 'jetpack', 'libnvrm', 'nvrmmem', 'tegra', 'nvbufsurf', 'nvmap'],
    pattern:
      /(?:L4T|JetPack|R3\d(?:\.\d)?)[^\n]{0,80}(?:mismatch|does not match|not compatible|incompatible|unsupported|different|requires?)|(?:libnvrm\w{0,12}|libnvbufsurf\w{0,12}|libnvos|libnvdla\w{0,10}|libnvmedia\w{0,10}|libnvinfer\w{0,12}|libnvdsbufferpool)\.so[\w.]{0,8}[^\n]{0,20}(?:cannot open|not found)|NvRmMem(?:Init|Handle)\w{0,20}(?![^\n]{0,60}permission)[^\n]{0,60}(?:fail|error)|\/tegra\/[\w.-]{2,60}[^\n]{0,40}(?:no such file|not found|cannot open)/i,
    says: 'libnvrm_gpu.so: cannot open shared object file: No such file or directory',
    decide: 'jetson',
    source: 'https://github.com/dusty-nv/jetson-containers',
  },
  {
    id: 'jetson/dla-symbol',
    finding: 'jetson-l4t-mismatch',
    rank: 'named',
    needles: ['nvdla', 'nvcudla'],
    pattern:
      /undefined symbol: _ZNK?\d{1,2}nvdla|libnv(?:cudla|dla\w{0,12})\.so[\w.]{0,8}(?:: undefined symbol|\))/i,
    says: 'libnvcudla.so: undefined symbol: _ZN5nvdla15IRuntimeManager',
    decide: 'jetson',
    source: 'https://github.com/dusty-nv/jetson-containers',
  },
  {
    id: 'devices/visible-devices',
    finding: 'visible-devices-mismatch',
    rank: 'cause',
    needles: [
      'cuda_visible_devices',
      'nvidia_visible_devices',
      'invalid device id',
      'device index',
      'invalid cuda',
      'gpu id',
      'gpu index',
      'gpu ordinal',
      'cuda device id',
      'cuda device index',
      'cuda device ordinal',
    ],
    pattern:
      /(?:invalid|wrong|bad|unknown|not (?:set|visible|found)|out of range|mismatch)[^\n]{0,60}(?:CUDA|NVIDIA)_VISIBLE_DEVICES(?! after program)|(?:CUDA|NVIDIA)_VISIBLE_DEVICES[^\n]{0,80}(?:invalid|does not|not (?:found|exist|available|visible)|out of range|no such|mismatch)|AssertionError: Invalid device id|Invalid CUDA '?device=?(?<device>[\w,]{1,30})?|(?:GPU|CUDA device) (?:id|index|ordinal)[^\n]{0,20}(?:out of range|invalid|not found)/i,
    says: 'AssertionError: Invalid device id',
    source:
      'https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#cuda-environment-variables',
  },
];
