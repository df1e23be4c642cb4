import { lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The NVIDIA kernel module is not loaded on the host',
  why: 'The user-space files of the driver are there, but the kernel has no working nvidia module: it was not built for this kernel, is blocked by Secure Boot or nouveau, or finds no GPU.',
  fixes: lines(
    'sudo modprobe nvidia && nvidia-smi',
    'Read why it does not load: `sudo dmesg | grep -iE "nvrm|nvidia|nouveau|secure"`',
    'After a kernel update, build the module for it: `sudo apt-get install -y linux-headers-$(uname -r) && sudo dkms autoinstall`',
    'nouveau in the way: blacklist it, rebuild the initramfs and reboot; Secure Boot: enrol the key with mokutil or switch it off',
  ),
});
