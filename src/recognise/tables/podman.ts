import type { Entry } from '../entry.js';

/** What Podman, Buildah and crun print beside what they share with Docker. */
export const PODMAN: readonly Entry[] = [
  {
    id: 'podman/unreachable',
    finding: 'engine-unreachable',
    rank: 'named',
    needles: ['podman'],
    pattern:
      /Cannot connect to Podman|unable to connect to Podman(?: socket)?|podman(?:-compose)?: (?:command )?not found|spawn podman ENOENT|exec: "podman": executable file not found|podman\.sock: connect: |'podman' is not recognized/i,
    says: 'Cannot connect to Podman. Please verify your connection to the Linux system using `podman system connection list`',
    source: 'https://github.com/containers/podman/blob/main/cmd/podman/registry/remote.go',
  },
  {
    id: 'podman/predates-cdi',
    finding: 'cdi-spec-unsupported',
    rank: 'named',
    needles: ['nvidia.com/', 'nvidia.com\\/'],
    pattern:
      /(?:stat|lstat|open) "?(?<device>(?:[\w.]{1,40}\.)?nvidia\.com\/(?:gpu|mig[\w-]{0,10})=[\w:.-]{1,80})"?: no such file|adding custom device "?(?<device2>nvidia\.com\/[\w-]{1,20}=[\w:.-]{1,80})"?: (?:no such file|not a device)|"?nvidia\.com\/[\w-]{1,20}=[\w:.-]{1,80}"? is not an absolute path|invalid (?:device|argument)[^"]{0,40}"?nvidia\.com\/[\w-]{1,20}=|bad (?:mode|format)[^"]{0,40}nvidia\.com\/gpu/i,
    says: 'Error: stat nvidia.com/gpu=all: no such file or directory',
    source: 'https://github.com/NVIDIA/nvidia-container-toolkit/issues/63',
  },
  {
    id: 'podman/ulimit-refused',
    finding: 'ulimit-refused',
    rank: 'named',
    needles: ['setrlimit'],
    pattern:
      /setrlimit [`'"]?RLIMIT_(?<rlimit>[A-Z]{2,12})[`'"]?: (?:Operation not permitted|Permission denied)/i,
    says: 'Error: crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted: OCI permission denied',
    source: 'https://github.com/containers/podman/issues/24508',
  },
  {
    id: 'podman/hook-failed',
    finding: 'container-toolkit-misconfigured',
    rank: 'consequence',
    needles: ['error executing hook', 'executing hook'],
    pattern:
      /executing hook [`'"]?(?<path>[\w./-]{0,120}nvidia-(?:container-toolkit|container-runtime-hook|ctk|cdi-hook))[`'"]?.{0,40}exit code/i,
    says: 'Error: OCI runtime error: error executing hook `/usr/bin/nvidia-container-toolkit` (exit code: 1)',
    source: 'https://github.com/NVIDIA/nvidia-container-runtime/issues/85',
  },
  {
    id: 'podman/gpu-missing-path',
    finding: 'cdi-spec-stale',
    rank: 'cause',
    needles: ['cannot stat', "error stat'ing", 'statfs', 'stat file'],
    pattern:
      /(?:cannot stat|error stat'ing file|statfs|cannot `?stat`? file)[ `'"]{1,3}(?<path>\/[\w./+-]{1,200}(?:nvidia|libcuda|libnv|libnvcuvid|libEGL|libGLX|libGLES|gsp_)[\w./+-]{0,120})['"`]{0,2}:? ?.{0,10}no such file/i,
    says: 'Error: crun: cannot stat `/usr/lib64/libEGL_nvidia.so.535.129.03`: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    source: 'https://github.com/containers/podman/issues/17539',
  },
];
