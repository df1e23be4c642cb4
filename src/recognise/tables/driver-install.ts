import type { Entry } from '../entry.js';

const GUIDE = 'https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/';
const INSTALLER = 'https://github.com/NVIDIA/nvidia-installer';
const DKMS = 'https://github.com/dkms-project/dkms/blob/master/dkms.in';

/** What builds, installs and loads the driver's kernel modules: DKMS, nvidia-installer, and the tools of the initramfs. */
export const DRIVER_INSTALL: readonly Entry[] = [
  {
    id: 'install/dkms',
    finding: 'driver-not-loaded',
    rank: 'cause',
    needles: [
      'failed for nvidia',
      'autoinstall on',
      'autoinstall failed',
      'missing module nvidia',
      'module nvidia',
      "module 'nvidia",
      'headers for module nvidia',
      'install --no-depmod nvidia',
      'install nvidia/',
    ],
    pattern:
      /autoinstall on [^\n]{3,80} failed for nvidia|autoinstall on [^\n]{3,80} failed for module\(s\)[^\n]{0,80}nvidia|nvidia[\w-]{0,16}\/[\d.]{3,14} autoinstall failed|missing module nvidia[\w-]{0,12} in|module nvidia[\w-]{0,16}\/[\d.]{3,14} (?:\([^)]{1,40}\) )?is (?:not (?:built|installed)|broken)|(?:building )?DKMS module 'nvidia[\w.-]{0,24}'[^\n]{0,60}failed|missing [\w.+-]{3,60} kernel headers for module nvidia|dkms install (?:--no-depmod )?nvidia[^\n]{0,80} exited \d/i,
    says: 'dkms autoinstall on 6.8.0-45-generic/x86_64 failed for nvidia(10)',
    source: DKMS,
  },
  {
    id: 'install/dkms-headers',
    finding: 'driver-not-loaded',
    rank: 'cause',
    needles: ['your kernel headers', 'kernel header file', 'kernel source path'],
    pattern:
      /your kernel headers for kernel [\w.+-]{3,60} cannot be found|the kernel header file '[^']{3,200}' does not exist|the kernel source path '[^']{3,200}' (?:does not exist|is invalid)/i,
    says: 'Error! Your kernel headers for kernel 5.15.0-91-generic cannot be found at /lib/modules/5.15.0-91-generic/build',
    decide: 'module-build',
    source: DKMS,
  },
  {
    id: 'install/module-absent',
    finding: 'driver-not-loaded',
    rank: 'named',
    needles: [
      "module not found: 'nvidia",
      "installing module 'nvidia",
      "find module 'nvidia",
      'for module nvidia',
      'kernel module nvidia',
    ],
    pattern:
      /module not found: '?nvidia'|error: installing module 'nvidia'|failed to find module 'nvidia'|error running install command [^\n]{1,60} for module nvidia\b|could not load kernel module nvidia$|kernel module nvidia is not loaded/i,
    says: "==> ERROR: module not found: 'nvidia'",
    source: GUIDE,
  },
  {
    id: 'install/module-in-use',
    finding: 'gpu-busy',
    rank: 'usual',
    needles: ['unload the', 'nvidia is in use', 'nvidia_', 'appears to be already loaded'],
    pattern:
      /unable to unload the '?nvidia[\w-]{0,12}'? kernel module|module nvidia[\w-]{0,12} is in use\b|NVIDIA kernel module '?nvidia[\w-]{0,12}'? appears to (?:be already|already be) loaded/i,
    says: "ERROR: Unable to unload the 'nvidia' kernel module: 'rmmod: ERROR: Module nvidia is in use by: nvidia_uvm'",
    source: INSTALLER,
  },
  {
    id: 'install/wrong-flavour',
    finding: 'open-kernel-module-required',
    rank: 'named',
    needles: ["'proprietary' kernel modules are incompatible"],
    pattern: /the 'proprietary' kernel modules are incompatible with the GPU/i,
    says: "WARNING: The 'proprietary' kernel modules are incompatible with the GPU(s) detected on this system.",
    source: INSTALLER,
  },
  {
    id: 'install/unsupported-gpu',
    finding: 'gpu-unsupported-by-driver',
    rank: 'usual',
    needles: [
      'appear to have an nvidia gpu',
      "'open' kernel modules are incompatible",
      'guest/host drivers',
    ],
    pattern:
      /you do not appear to have an NVIDIA GPU supported by the|the 'open' kernel modules are incompatible with the GPU|incompatible guest\/host drivers/i,
    says: 'WARNING: You do not appear to have an NVIDIA GPU supported by the 535.161.07 NVIDIA Linux graphics driver installed in this system.',
    source: INSTALLER,
  },
  {
    id: 'install/failed',
    finding: 'driver-not-installed',
    rank: 'consequence',
    needles: [
      'nvidia-installer',
      'alternate driver installation',
      'installation has failed. you may find suggestions',
      'development tool `',
      'kernel source tree for the currently',
      'nvidia driver is currently installed',
      'process package',
      'error processing package',
      'unable to locate package nvidia',
      'depends: nvidia',
      'driver-',
    ],
    pattern:
      /installation has failed\.[^\n]{0,60}nvidia-installer|availability or presence of an alternate driver installation|installation has failed\. you may find suggestions|error: unable to find the development tool `|unable to find the kernel source tree for the currently running kernel|no NVIDIA driver is currently installed|unable to locate package nvidia-(?:driver|dkms|kernel|headless)|error processing package nvidia[\w-]{0,40}|nvidia-(?:driver|dkms|kernel)-[\w-]{1,40} : Depends: /i,
    says: "ERROR: Installation has failed.  Please see the file '/var/log/nvidia-installer.log' for details.",
    source: INSTALLER,
  },
];
