import type { Entry } from '../entry.js';

const CAPABILITIES =
  'https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html#driver-capabilities';
const OPTIX = 'https://raytracing-docs.nvidia.com/optix8/api/group__optix__types.html';
const VIDEO_CODEC =
  'https://docs.nvidia.com/video-technologies/video-codec-sdk/12.1/read-me/index.html';

/**
 * What needs more of the driver than CUDA does: OpenGL, Vulkan and OptiX come with the capability `graphics`, encoding and
 * decoding with `video`, and an image that does not ask for them gets neither.
 */
export const GRAPHICS: readonly Entry[] = [
  {
    id: 'graphics/vulkan',
    finding: 'driver-capabilities-missing',
    rank: 'usual',
    needles: [
      'error_incompatible_driver',
      'compatible vulkan',
      'vk_icdgetinstanceprocaddr',
      'vkcreateinstance',
      'vkenumeratephysicaldevices',
      'vulkan device',
      'vulkan physical device',
      'failed to create any gpu devices',
    ],
    pattern:
      /\bERROR_INCOMPATIBLE_DRIVER|(?:cannot|can'?t|could not|unable to|failed to) find (?:a )?compatible Vulkan|Failed to create any GPU devices|Incompatible Vulkan driver|vk_icdGetInstanceProcAddr[^\n]{0,40} for ICD|vkCreateInstance(?:\(\))?[^\n]{0,24} (?:failed|returned|error)|vkEnumeratePhysicalDevices[^\n]{0,40}(?:failed|returned 0|error)|\bno (?:suitable |compatible )?(?:Vulkan device|Vulkan physical device)s?\b/i,
    data: { clause: 'graphics' },
    says: 'vkCreateInstance failed. Vulkan 1.1 is not supported, or your driver requires an update.',
    decide: 'no-graphics',
    source: CAPABILITIES,
  },
  {
    id: 'graphics/egl',
    finding: 'driver-capabilities-missing',
    rank: 'usual',
    needles: [
      'eglinitialize',
      'egl device display',
      'headless egl display',
      'egl with glad',
      'egl device',
      'eglquerydevices',
      'egl devices',
    ],
    pattern:
      /eglInitialize(?:\(\))?[^\n]{0,30}(?:fail|error)|(?:EGL error|GLError|EGL_\w{3,24})[^\n]{0,60}eglInitialize|cannot initialize a (?:EGL device display|headless EGL display)|failed to (?:load )?EGL with glad|no EGL devices? found|(?:unable to|could not|cannot) find (?:an )?EGL device|eglQueryDevices\w{0,4}(?:\(\))?[^\n]{0,40}(?:fail|error|EGL_BAD)|unable to find CUDA device \d{1,3} among \d{1,3} EGL devices|Detected 0 EGL devices/i,
    data: { clause: 'graphics' },
    says: 'ImportError: Cannot initialize a EGL device display.',
    decide: 'no-graphics',
    source: CAPABILITIES,
  },
  {
    id: 'graphics/glx',
    finding: 'driver-capabilities-missing',
    rank: 'usual',
    needles: ['no matching fbconfigs', 'glxbadfbconfig', 'initialize glx'],
    pattern:
      /libGL error: No matching fbConfigs|GLXBadFBConfig|(?:could not|cannot|failed to|unable to) initialize GLX/i,
    data: { clause: 'graphics' },
    says: 'libGL error: No matching fbConfigs or visuals found',
    decide: 'no-graphics',
    source: CAPABILITIES,
  },
  {
    id: 'graphics/optix-abi',
    finding: 'driver-too-old',
    rank: 'named',
    needles: ['optix_error_', 'optixinit'],
    pattern:
      /OPTIX_ERROR_(?:UNSUPPORTED_ABI_VERSION|ENTRY_SYMBOL_NOT_FOUND)|optixInit[^\n]{0,40}\b780[15]\b/i,
    says: 'OPTIX_ERROR_UNSUPPORTED_ABI_VERSION: Error initializing OptiX',
    data: { framework: 'OptiX' },
    source: OPTIX,
  },
  {
    id: 'graphics/optix-init',
    finding: 'driver-capabilities-missing',
    rank: 'usual',
    needles: ['optixinit'],
    pattern:
      /optixInit(?:\(\))?['")]{0,3} (?:failed|returned|error)(?![^\n]{0,40}\b780[15]\b)|(?:failed|error)[^\n]{0,30}\boptixInit\b(?![^\n]{0,40}\b780[15]\b)/i,
    says: "Optix call 'optixInit()' failed.",
    data: { framework: 'OptiX', clause: 'graphics' },
    decide: 'no-graphics',
    source: OPTIX,
  },
  {
    id: 'graphics/video-library',
    finding: 'driver-capabilities-missing',
    rank: 'cause',
    needles: [
      'libnvcuvid',
      'libnvidia-encode',
      'nvenc library',
      'nvdec library',
      'nvcuvid library',
    ],
    pattern:
      /dlopen[^\n]{0,16}(?<library>lib(?:nvcuvid|nvidia-encode)\.so[\w.]{0,8})"?'? failed|(?:NVENC|NVDEC|NVCUVID) library(?: file)?(?: is| was|:)? (?:not (?:found|loaded|available)|missing)/i,
    data: { clause: 'video' },
    says: 'dlopen "libnvcuvid.so" failed!',
    source: CAPABILITIES,
  },
  {
    id: 'graphics/nvenc-api',
    finding: 'driver-too-old',
    rank: 'named',
    needles: ['nvenc api'],
    pattern: /does not support the required nvenc API version|\brequired:? {1,2}NVENC API \d/i,
    says: 'Driver does not support the required nvenc API version. Required: 12.1 Found: 11.1',
    source: VIDEO_CODEC,
  },
  {
    // ffmpeg prints the lowest driver after every library that it could not load, too.
    id: 'graphics/nvenc-driver',
    finding: 'driver-too-old',
    rank: 'named',
    needles: ['required nvidia driver'],
    pattern:
      /minimum required Nvidia driver (?:for \w{2,10} )?is (?:version )?(?<needsDriver>\d[\d.]{2,9})/i,
    says: 'The minimum required Nvidia driver for nvenc is 570.0 or newer',
    decide: 'nvenc-driver',
    source: VIDEO_CODEC,
  },
  {
    id: 'graphics/folding',
    finding: 'driver-capabilities-missing',
    rank: 'usual',
    needles: ['no compute devices matched gpu', 'opencl device matching'],
    pattern:
      /No compute devices matched GPU #?\d{1,3} NVIDIA|OpenCL device matching slot \d{1,3} not found/i,
    says: 'ERROR:No compute devices matched GPU #0 NVIDIA:7 GP104 [GeForce GTX 1070 Ti] 8186.',
    source: 'https://github.com/johnktims/folding-at-home/issues/9',
  },
];
