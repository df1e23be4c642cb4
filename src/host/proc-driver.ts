import type { HostDriver } from '../core/facts.js';

/** Where the loaded kernel module tells its version. */
export const PROC_DRIVER = '/proc/driver/nvidia/version';

/**
 * The line `NVRM version:` of /proc/driver/nvidia/version. The two flavours of the module write
 * `NVIDIA UNIX x86_64 Kernel Module  535.104.05  …` and `NVIDIA UNIX Open Kernel Module for x86_64  570.124.06  …`
 * (https://github.com/NVIDIA/open-gpu-kernel-modules/blob/main/kernel-open/nvidia/nv-procfs.c).
 */
export function parseProcDriver(text: string): HostDriver | undefined {
  const line = /^NVRM version:\s*(.*)$/m.exec(text)?.[1];
  const version =
    line === undefined ? undefined : /\s(\d{2,4}(?:\.\d+){1,3})(?:\s|$)/.exec(line)?.[1];
  if (line === undefined || version === undefined) return undefined;
  const kernelModule = / Open Kernel Module /.test(line)
    ? 'open'
    : / Kernel Module /.test(line)
      ? 'proprietary'
      : undefined;
  return { version, ...(kernelModule === undefined ? {} : { kernelModule }) };
}
