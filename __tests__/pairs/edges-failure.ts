import type { FindingId, Verdict } from '../../src/core/catalogue.js';
import type { FailureStage } from '../../src/core/facts.js';
import { named } from './edge.js';
import { facts, type Pair, type Sketch } from './pair.js';

const GOOD: Sketch = {
  driver: '580.82.07',
  driverCuda: '13.0',
  gpus: named('NVIDIA A100-SXM4-80GB'),
  mode: 'legacy',
  cuda: '12.8.1',
  hostPlatform: 'linux/amd64',
  platform: 'linux/amd64',
};

const failed = (
  stage: FailureStage,
  text: string,
  verdict: Verdict,
  primary: FindingId,
  source: string,
  more: Sketch = {},
  exitCode = 125,
): Pair => ({
  name: `${stage}: ${text.slice(-120)}${Object.keys(more).length === 0 ? '' : `, ${JSON.stringify(more)}`}`,
  facts: {
    ...facts({ ...GOOD, ...more }),
    failure: { stage, command: `docker ${stage}`, exitCode, text },
  },
  verdict,
  primary,
  source,
});

const DOCKER = 'https://docs.docker.com/engine/containers/gpu/';
const TOOLKIT =
  'https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/troubleshooting.html';
const CODES = 'https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html';
const HOOK =
  "docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected mode as 'legacy'\n";

export const EDGES_FAILURE: Pair[] = [
  failed(
    'create',
    'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
    'unknown',
    'container-toolkit-missing',
    DOCKER,
  ),
  failed(
    'start',
    `${HOOK}nvidia-container-cli: requirement error: unsatisfied condition: cuda>=13.1, please update your driver to a newer version, or use an earlier cuda container: unknown.`,
    'fails',
    'requirement-unmet',
    TOOLKIT,
    { cuda: '13.1.0', require: 'cuda>=13.1' },
  ),
  failed(
    'start',
    `${HOOK}nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update your driver to a newer version, or use an earlier cuda container: unknown.`,
    'fails',
    'requirement-unmet',
    TOOLKIT,
    { driver: '535.183.01', driverCuda: '12.2' },
  ),
  failed(
    'start',
    `${HOOK}nvidia-container-cli: initialization error: nvml error: driver not loaded: unknown.`,
    'unknown',
    'driver-not-loaded',
    TOOLKIT,
  ),
  failed(
    'start',
    `${HOOK}nvidia-container-cli: initialization error: nvml error: driver/library version mismatch: unknown.`,
    'unknown',
    'driver-library-mismatch',
    TOOLKIT,
  ),
  failed(
    'start',
    `${HOOK}nvidia-container-cli: mount error: file creation failed: /var/lib/docker/overlay2/abc/merged/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1: file exists: unknown.`,
    'fails',
    'driver-files-in-image',
    TOOLKIT,
  ),
  failed(
    'start',
    `${HOOK}nvidia-container-cli: container error: cgroup subsystem devices not found: /sys/fs/cgroup/devices: unknown.`,
    'unknown',
    'container-toolkit-outdated',
    TOOLKIT,
  ),
  failed(
    'create',
    'docker: Error response from daemon: unknown or invalid runtime name: nvidia.',
    'unknown',
    'nvidia-runtime-not-registered',
    TOOLKIT,
  ),
  failed(
    'create',
    'Error: setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=all',
    'unknown',
    'cdi-device-unresolved',
    TOOLKIT,
    { mode: 'cdi' },
  ),
  failed(
    'pull',
    'Error response from daemon: manifest for nvidia/cuda:11.0-base-ubuntu20.04 not found: manifest unknown: manifest unknown',
    'unknown',
    'image-not-found',
    DOCKER,
  ),
  failed(
    'pull',
    'Error response from daemon: toomanyrequests: You have reached your pull rate limit.',
    'unknown',
    'registry-rate-limited',
    DOCKER,
  ),
  failed(
    'pull',
    'failed to register layer: write /opt/conda/lib/libtorch_cuda.so: no space left on device',
    'unknown',
    'disk-full',
    DOCKER,
  ),
  failed(
    'pull',
    'no matching manifest for linux/arm64/v8 in the manifest list entries',
    'fails',
    'platform-mismatch',
    DOCKER,
  ),
  failed(
    'run',
    'exec /cuda-image-probe: exec format error',
    'fails',
    'platform-mismatch',
    DOCKER,
    {},
    255,
  ),
  failed(
    'run',
    'RuntimeError: CUDA error: no kernel image is available for execution on the device',
    'fails',
    'no-kernel-for-gpu',
    CODES,
    {},
    1,
  ),
  failed(
    'run',
    'RuntimeError: CUDA error: the provided PTX was compiled with an unsupported toolchain.',
    'fails',
    'ptx-too-new',
    CODES,
    { driver: '535.183.01', driverCuda: '12.2' },
    1,
  ),
  failed(
    'run',
    'Error 803: system has unsupported display driver / cuda driver combination',
    'fails',
    'compat-library-shadows-driver',
    CODES,
    { compat: '570.124.06', env: { LD_LIBRARY_PATH: '/usr/local/cuda/compat' } },
    1,
  ),
  failed(
    'run',
    'Error 804: forward compatibility was attempted on non supported HW',
    'fails',
    'forward-compatibility-unsupported',
    CODES,
    { driver: '535.183.01', driverCuda: '12.2', gpus: named('RTX 3090'), compat: '570.124.06' },
    1,
  ),
  failed(
    'run',
    'RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 802: system not yet initialized',
    'unknown',
    'fabric-manager-not-running',
    CODES,
    {},
    1,
  ),
  failed(
    'run',
    'AssertionError: Torch not compiled with CUDA enabled',
    'fails',
    'framework-cpu-only',
    'https://github.com/pytorch/pytorch/blob/main/torch/cuda/__init__.py',
    {},
    1,
  ),
  failed(
    'run',
    'CUDA driver version is insufficient for CUDA runtime version',
    'fails',
    'driver-too-old',
    CODES,
    { driver: '535.183.01', driverCuda: '12.2', cuda: '13.0.1' },
    1,
  ),
  failed(
    'run',
    'Failed to initialize NVML: Unknown Error',
    'unknown',
    'gpu-device-access-lost',
    TOOLKIT,
    {},
    255,
  ),
  failed(
    'run',
    'ImportError: libcudnn.so.9: cannot open shared object file: No such file or directory',
    'fails',
    'cuda-library-missing',
    TOOLKIT,
    {},
    1,
  ),
];
