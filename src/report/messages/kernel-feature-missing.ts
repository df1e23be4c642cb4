import { lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: "The host's kernel lacks a feature that the engine or the toolkit needs",
  why: 'seccomp, BPF for device cgroups, overlay file systems or namespaces are not built into this kernel. Custom, embedded and very old kernels leave them out.',
  fixes: lines(
    'uname -r && zgrep -E "SECCOMP|CGROUP_BPF|OVERLAY_FS|USER_NS" /proc/config.gz',
    'Boot a kernel of the distribution, or build one with CONFIG_SECCOMP_FILTER, CONFIG_CGROUP_BPF and CONFIG_OVERLAY_FS',
    'Without BPF for cgroups (Jetson kernels 4.9): boot with `systemd.unified_cgroup_hierarchy=0`',
  ),
});
