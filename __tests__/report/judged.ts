import { assess } from '../../src/assess.js';
import type { FindingId } from '../../src/core/catalogue.js';
import {
  FACTS_SCHEMA,
  type Facts,
  type FailureFacts,
  type HostFacts,
  type HostGpu,
  type ImageFacts,
  type ProbeFacts,
} from '../../src/core/facts.js';
import { hostOf } from '../../src/core/profile.js';
import type { Basis, ImageReport, Report } from '../../src/report/report.js';
import { A100, goodProbe, numbered, probeGpu, report, T4 } from './reports.js';

/** Reports as people get them: facts of whole runs, judged and worded by the program itself. */

const H100: HostGpu = {
  name: 'NVIDIA H100 80GB HBM3',
  computeCapability: '9.0',
  memoryMiB: 81_559,
};
const B200: HostGpu = { name: 'NVIDIA B200', computeCapability: '10.0', memoryMiB: 183_359 };
const V100: HostGpu = {
  name: 'Tesla V100-SXM2-16GB',
  computeCapability: '7.0',
  memoryMiB: 16_384,
};
const RTX3090: HostGpu = {
  name: 'NVIDIA GeForce RTX 3090',
  computeCapability: '8.6',
  memoryMiB: 24_576,
};
const RTX4090: HostGpu = {
  name: 'NVIDIA GeForce RTX 4090',
  computeCapability: '8.9',
  memoryMiB: 24_564,
};
const RTX5090: HostGpu = {
  name: 'NVIDIA GeForce RTX 5090',
  computeCapability: '12.0',
  memoryMiB: 32_607,
};
const ORIN: HostGpu = { name: 'Orin (nvgpu)', computeCapability: '8.7' };

/** The CUDA version of each driver that these runners have. */
const CUDA_OF: Readonly<Record<string, string>> = {
  '470.82.01': '11.4',
  '535.183.01': '12.2',
  '550.54.15': '12.4',
  '570.124.06': '12.8',
  '576.02': '12.9',
  '580.82.07': '13.0',
};

function host(driver: string, gpus: readonly HostGpu[], more: Partial<HostFacts> = {}): HostFacts {
  const cuda = CUDA_OF[driver];
  return {
    platform: 'linux/amd64',
    os: 'Ubuntu 22.04.5 LTS',
    driver: { version: driver, ...(cuda === undefined ? {} : { cuda }), kernelModule: 'open' },
    gpus: numbered(gpus),
    engine: { name: 'docker', version: '28.2.2', gpuMode: 'legacy' },
    containerToolkit: { version: '1.17.8' },
    ...more,
  };
}

const DIGEST = 'sha256:9d2b4b37c3b0c5c7a5f5e9a7c1f5c8f1f7fd3b1a8f5f0e9f4b2f0b4fd3d14bc1';
const CU128 = ['sm_75', 'sm_80', 'sm_86', 'sm_90', 'sm_100', 'sm_120', 'compute_120'];
/** A build of somebody's own, for data centres of today. */
const NEWER = ['sm_80', 'sm_86', 'sm_90'];
const CU126 = ['sm_50', 'sm_60', 'sm_70', 'sm_75', 'sm_80', 'sm_86', 'sm_90'];

function image(reference: string, cuda: string | undefined, more: ImageFacts = {}): ImageFacts {
  return {
    reference,
    digest: DIGEST,
    platform: 'linux/amd64',
    compressedBytes: 4_812_374_016,
    ...(cuda === undefined
      ? {}
      : { cuda, env: { CUDA_VERSION: cuda, NVIDIA_REQUIRE_CUDA: 'cuda>=9.0' } }),
    libc: { family: 'glibc', version: '2.35' },
    ...more,
  };
}

const torch = (version: string, cuda: string | null, targets: string[] = []): ImageFacts => ({
  frameworks: [
    {
      name: 'torch',
      version,
      cuda,
      ...(targets.length === 0 ? {} : { targets }),
      path: '/usr/local/lib/python3.11/site-packages/torch',
    },
  ],
});

/** What a probe sees on that host when all is well. */
const ran = (on: HostFacts, cuda: string, more: Partial<ProbeFacts> = {}): ProbeFacts => ({
  ...goodProbe(on.gpus ?? [], {
    driver: on.driver?.version ?? '',
    driverCuda: on.driver?.cuda ?? '',
  }),
  runtime: {
    path: `/usr/local/cuda/lib64/libcudart.so.${cuda.split('.', 1)[0]}`,
    version: cuda.split('.').slice(0, 2).join('.'),
    code: 0,
    deviceCount: on.gpus?.length ?? 0,
  },
  requestedGpus: 'all',
  ...more,
});

const HOOK =
  "docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected mode as 'legacy'\nnvidia-container-cli: ";

const started = (text: string): FailureFacts => ({
  stage: 'start',
  command: 'docker start --attach cuda-image-check-4f1d',
  exitCode: 1,
  text,
});

interface Run {
  readonly host?: HostFacts;
  readonly image?: ImageFacts;
  readonly probe?: ProbeFacts;
  readonly failure?: FailureFacts;
  readonly basis?: Basis;
  readonly profile?: string;
}

function judged({ basis = 'probe', profile, ...seen }: Run): ImageReport {
  const facts: Facts = { schema: FACTS_SCHEMA, ...seen };
  return assess(facts, basis, profile);
}

const one = (run: Run): Report => {
  const image = judged(run);
  return report([image], image.verdict === 'works');
};

const host535 = host('535.183.01', [A100]);
const host580 = host('580.82.07', [H100, H100]);
const cuda130 = image('nvcr.io/nvidia/pytorch:25.09-py3', '13.0.1');
const cuda128 = image('nvidia/cuda:12.8.1-runtime-ubuntu22.04', '12.8.1');
const REQUIRE =
  'cuda>=12.8 brand=unknown,driver>=470,driver<471 brand=grid,driver>=470,driver<471 brand=tesla,driver>=535,driver<536 brand=nvidia,driver>=535,driver<536 brand=tesla,driver>=550,driver<551 brand=nvidia,driver>=550,driver<551';
const requiring: ImageFacts = {
  ...cuda128,
  env: { CUDA_VERSION: '12.8.1', NVIDIA_REQUIRE_CUDA: REQUIRE },
};

function pullFails(text: string, reference = 'ghcr.io/acme/train:2025-09'): Report {
  const command = `docker pull ${reference}`;
  return one({
    host: host580,
    image: { reference },
    failure: { stage: 'pull', command, exitCode: 1, text },
  });
}

function frameworkTest(more: NonNullable<ProbeFacts['frameworks']>[number]): ProbeFacts {
  return ran(host580, '12.8', { frameworks: [more] });
}

const TORCH_TEST = {
  name: 'torch',
  version: '2.9.0',
  interpreter: '/usr/bin/python3.11',
  cuda: '12.8',
  cudnn: '9.10.2',
  targets: CU128,
};
const trainImage = image('ghcr.io/acme/train:2025-09', '12.8.1', torch('2.9.0', '12.8', CU128));

function severalImages(): Report {
  const reports = [
    judged({ host: host535, image: cuda128, probe: ran(host535, '12.8') }),
    judged({
      host: host535,
      image: { reference: 'ghcr.io/acme/gone:1' },
      failure: {
        stage: 'pull',
        command: 'docker pull ghcr.io/acme/gone:1',
        exitCode: 1,
        text: 'Error response from daemon: manifest unknown',
      },
    }),
    judged({ host: host535, image: cuda130, probe: tooOldProbe(host535) }),
    judged({
      host: host535,
      image: image('ghcr.io/acme/serve:4', '12.2.2'),
      probe: ran(host535, '12.2'),
    }),
  ];
  return report(reports, false);
}

const tooOldProbe = (on: HostFacts): ProbeFacts => ({
  ...ran(on, '13.0'),
  runtime: { path: '/usr/local/cuda/lib64/libcudart.so.13', version: '13.0', code: 35 },
});

function mixedGpus(): Report {
  const mixed = host('580.82.07', [H100, T4]);
  const gpus = mixed.gpus ?? [];
  return one({
    host: mixed,
    image: image('ghcr.io/acme/train:2025-09', '12.8.1', torch('2.9.0', '12.8', NEWER)),
    probe: ran(mixed, '12.8', {
      gpus: gpus.map((gpu) => probeGpu(gpu)),
      frameworks: [
        {
          ...TORCH_TEST,
          targets: NEWER,
          available: true,
          devices: [
            { index: 0, name: 'NVIDIA H100 80GB HBM3', correct: true, operations: ['matmul'] },
            {
              index: 1,
              name: 'Tesla T4',
              correct: false,
              error: 'CUDA error: no kernel image is available for execution on the device',
            },
          ],
          error: null,
          stage: 'compute',
        },
      ],
    }),
  });
}

/** The fleet of a team of today, and three images of it: each cell judged from what registries tell. */
function fleetTable(): Report {
  const runners = [
    {
      name: 'h100-train',
      driver: '550.54.15',
      gpus: [{ name: 'NVIDIA H100 80GB HBM3', count: 8 }],
    },
    { name: 't4-serve', driver: '470.82.01', gpus: [{ name: 'Tesla T4' }] },
    { name: 'b200-new', driver: '580.82.07', gpus: [{ name: 'NVIDIA B200', count: 8 }] },
  ];
  const images = [
    image('nvcr.io/nvidia/pytorch:25.09-py3', '13.0.1'),
    image('ghcr.io/acme/train:2025-09', '12.8.1'),
    image('ghcr.io/acme/serve:4', '11.8.0'),
  ];
  return report(
    images.flatMap((each) =>
      runners.map((profile) =>
        judged({
          host: hostOf(profile),
          image: each,
          basis: 'prediction',
          profile: profile.name,
        }),
      ),
    ),
    false,
  );
}

interface Expected {
  readonly make: () => Report;
  /** What the first image is found to be, so that a page shows what its name says. */
  readonly primary: FindingId | null;
}

const page = (primary: FindingId | null, make: () => Report): Expected => ({ make, primary });

/** By the name of their golden pages. */
export const JUDGED: Readonly<Record<string, Expected>> = {
  'real-works-plain': page(null, () =>
    one({ host: host580, image: cuda128, probe: ran(host580, '12.8') }),
  ),
  'real-works-minor-version': page('minor-version-compatibility', () =>
    one({ host: host535, image: cuda128, probe: ran(host535, '12.8') }),
  ),
  'real-driver-too-old': page('driver-too-old', () =>
    one({ host: host535, image: cuda130, probe: tooOldProbe(host535) }),
  ),
  'real-forward-compatibility': page('forward-compatibility-in-use', () =>
    one({
      host: host535,
      image: {
        ...cuda130,
        compatDriver: {
          version: '580.82.07',
          path: '/usr/local/cuda/compat/lib.real/libcuda.so.580.82.07',
        },
      },
      probe: ran(host535, '13.0', {
        libcuda: {
          path: '/usr/local/cuda/compat/lib.real/libcuda.so.580.82.07',
          origin: 'compat',
          cuda: '13.0',
        },
      }),
    }),
  ),
  'real-forward-compatibility-unsupported': page('forward-compatibility-unsupported', () => {
    const gaming = host('535.183.01', [RTX4090]);
    return one({
      host: gaming,
      image: {
        ...cuda130,
        compatDriver: {
          version: '580.82.07',
          path: '/usr/local/cuda/compat/libcuda.so.580.82.07',
        },
      },
      probe: {
        ...ran(gaming, '13.0'),
        libcuda: {
          path: '/usr/local/cuda/compat/libcuda.so.580.82.07',
          origin: 'compat',
          cuda: '13.0',
        },
        init: { code: 804 },
        runtime: { path: '/usr/local/cuda/lib64/libcudart.so.13', version: '13.0', code: 804 },
        gpus: [],
      },
    });
  }),
  'real-requirement-refused': page('requirement-unmet', () =>
    one({
      host: host('470.82.01', [RTX3090, RTX3090]),
      image: requiring,
      failure: started(
        `${HOOK}requirement error: unsatisfied condition: cuda>=12.8, please update your driver to a newer version, or use an earlier cuda container: unknown.`,
      ),
    }),
  ),
  'real-requirement-not-enforced': page('requirement-too-strict', () => {
    const cdi = host('535.183.01', [RTX4090], {
      engine: { name: 'podman', version: '5.4.0', gpuMode: 'cdi', rootless: true },
      cdiDevices: ['nvidia.com/gpu=0', 'nvidia.com/gpu=all'],
    });
    return one({ host: cdi, image: requiring, probe: ran(cdi, '12.8') });
  }),
  'real-toolkit-missing': page('container-toolkit-missing', () => {
    const { containerToolkit: _none, ...bare } = host580;
    return one({
      host: bare,
      image: cuda128,
      failure: {
        stage: 'create',
        command: 'docker create --gpus all nvidia/cuda@sha256:9d2b…',
        exitCode: 125,
        text: 'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
      },
    });
  }),
  'real-driver-library-mismatch': page('driver-library-mismatch', () =>
    one({
      host: host580,
      image: cuda128,
      failure: started(
        `${HOOK}initialization error: nvml error: driver/library version mismatch: unknown.`,
      ),
    }),
  ),
  'real-no-driver': page('driver-not-installed', () =>
    one({
      host: {
        platform: 'linux/amd64',
        os: 'Ubuntu 24.04.2 LTS',
        gpus: [],
        engine: { name: 'docker', version: '28.2.2' },
      },
      image: cuda128,
      failure: started(
        `${HOOK}initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: no such file or directory: unknown.`,
      ),
    }),
  ),
  'real-cdi-device-unresolved': page('cdi-device-unresolved', () =>
    one({
      host: host('580.82.07', [A100], {
        engine: { name: 'podman', version: '5.4.0', gpuMode: 'cdi' },
        cdiDevices: [],
      }),
      image: cuda128,
      failure: {
        stage: 'create',
        command: 'podman create --device nvidia.com/gpu=all …',
        exitCode: 126,
        text: 'Error: setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=all',
      },
    }),
  ),
  'real-no-kernel-for-gpu': page('no-kernel-for-gpu', () => {
    const b200 = host('580.82.07', [B200, B200]);
    return one({
      host: b200,
      image: image('ghcr.io/acme/train:2024-06', '12.6.3', torch('2.6.0', '12.6', CU126)),
      probe: ran(b200, '12.6', {
        frameworks: [
          {
            ...TORCH_TEST,
            version: '2.6.0',
            cuda: '12.6',
            targets: CU126,
            available: true,
            devices: [
              {
                index: 0,
                name: 'NVIDIA B200',
                correct: false,
                error: 'CUDA error: no kernel image is available for execution on the device',
              },
            ],
            stage: 'compute',
            error: 'CUDA error: no kernel image is available for execution on the device',
          },
        ],
      }),
    });
  }),
  'real-mixed-gpus': page('gpu-partly-covered', mixedGpus),
  'real-ptx-too-new': page('ptx-too-new', () => {
    const h100 = host('535.183.01', [H100]);
    return one({
      host: h100,
      image: {
        ...image('ghcr.io/acme/kernels:7', '12.8.1'),
        deviceCode: [
          {
            path: '/opt/kernels/libkernels.so',
            kind: 'elf',
            cubins: ['sm_80'],
            ptx: [{ target: 'compute_80', isa: '8.7' }],
          },
        ],
        files: { files: 41_212, folders: 3011, complete: true },
      },
      basis: 'scan',
    });
  }),
  'real-ptx-at-first-use': page('ptx-compiled-at-first-use', () =>
    one({
      host: host580,
      image: image(
        'ghcr.io/acme/legacy:3',
        '11.8.0',
        torch('1.12.1', '11.6', ['sm_80', 'sm_86', 'compute_80']),
      ),
      probe: ran(host580, '11.8'),
    }),
  ),
  'real-architecture-dropped': page('gpu-architecture-dropped', () =>
    one({
      host: {
        ...host('580.82.07', [V100]),
        driver: { version: '580.82.07', cuda: '13.0', kernelModule: 'proprietary' },
      },
      image: cuda130,
      basis: 'prediction',
    }),
  ),
  'real-framework-cpu-only': page('framework-cpu-only', () =>
    one({
      host: host580,
      image: image('ghcr.io/acme/notebook:main', '12.8.1', torch('2.9.0+cpu', null)),
      probe: ran(host580, '12.8'),
    }),
  ),
  'real-library-conflict': page('cuda-library-conflict', () =>
    one({
      host: host580,
      image: trainImage,
      probe: frameworkTest({
        ...TORCH_TEST,
        available: false,
        devices: [],
        stage: 'import',
        error:
          'ImportError: /usr/local/lib/python3.11/site-packages/torch/lib/../../nvidia/cusparse/lib/libcusparse.so.12: undefined symbol: __nvJitLinkComplete_12_4, version libnvJitLink.so.12',
      }),
    }),
  ),
  'real-library-missing': page('cuda-library-missing', () =>
    one({
      host: host580,
      image: {
        ...trainImage,
        missingLibraries: [
          {
            soname: 'libcudnn.so.9',
            neededBy: '/usr/local/lib/python3.11/site-packages/torch/lib/libtorch_cuda.so',
          },
        ],
      },
      probe: frameworkTest({
        ...TORCH_TEST,
        available: false,
        devices: [],
        stage: 'import',
        error:
          'ImportError: libcudnn.so.9: cannot open shared object file: No such file or directory',
      }),
    }),
  ),
  'real-framework-passed': page(null, () =>
    one({
      host: host580,
      image: trainImage,
      probe: frameworkTest({
        ...TORCH_TEST,
        available: true,
        devices: [0, 1].map((index) => ({
          index,
          name: 'NVIDIA H100 80GB HBM3',
          correct: true,
          operations: ['matmul', 'convolution'],
        })),
        nccl: { correct: true, error: null },
        error: null,
      }),
    }),
  ),
  'real-framework-hung': page('probe-timed-out', () =>
    one({
      host: host580,
      image: trainImage,
      probe: {
        ...frameworkTest({
          ...TORCH_TEST,
          available: true,
          devices: [],
          stage: 'nccl',
          timedOut: true,
          error: null,
        }),
        complete: true,
      },
    }),
  ),
  'real-libc-incompatible': page('libc-incompatible', () =>
    one({
      host: host580,
      image: {
        ...image('ghcr.io/acme/tiny:1', '12.8.1'),
        libc: { family: 'musl', version: '1.2.5' },
      },
      basis: 'scan',
    }),
  ),
  'real-platform-mismatch': page('platform-mismatch', () =>
    one({
      host: host('580.82.07', [A100], { platform: 'linux/arm64' }),
      image: cuda128,
      failure: {
        stage: 'run',
        command: 'docker start --attach cuda-image-check-4f1d',
        exitCode: 255,
        text: 'exec /cuda-image-probe: exec format error',
      },
    }),
  ),
  'real-mig': page(null, () => {
    const mig = host('580.82.07', [{ ...A100, mig: true }]);
    const instance: HostGpu = {
      index: 0,
      name: 'NVIDIA A100-SXM4-80GB MIG 1g.10gb',
      computeCapability: '8.0',
      uuid: 'MIG-5c3d2f1e-2d5a-5d1f-9f7e-0a8b9a5f3c11',
      memoryMiB: 9728,
      mig: true,
    };
    return one({
      host: mig,
      image: cuda128,
      probe: ran(mig, '12.8', {
        requestedGpus: [instance.uuid ?? ''],
        gpus: [{ ...probeGpu(instance), mig: true }],
      }),
    });
  }),
  'real-vgpu': page('vgpu-feature-disabled', () => {
    const grid = host('550.54.15', [{ ...A100, name: 'GRID A100D-40C', memoryMiB: 40_960 }]);
    return one({
      host: grid,
      image: image('ghcr.io/acme/render:9', '12.4.1'),
      probe: {
        ...ran(grid, '12.4'),
        init: { code: 102 },
        gpus: [],
      },
    });
  }),
  'real-wsl': page('driver-too-old', () => {
    const wsl = host('576.02', [RTX4090], { os: 'Ubuntu 24.04.2 LTS (WSL2)' });
    return one({ host: wsl, image: cuda130, probe: tooOldProbe(wsl) });
  }),
  'real-jetson': page('driver-too-old', () => {
    const jetson: HostFacts = {
      platform: 'linux/arm64',
      os: 'Ubuntu 22.04.4 LTS (Jetson Linux R36.4)',
      driver: { version: '540.4.0', cuda: '12.6' },
      gpus: numbered([ORIN]),
      engine: { name: 'docker', version: '27.5.1', gpuMode: 'csv' },
      containerToolkit: { version: '1.16.2' },
    };
    return one({
      host: jetson,
      image: { ...cuda130, platform: 'linux/arm64' },
      basis: 'prediction',
    });
  }),
  'real-open-module-required': page('open-kernel-module-required', () =>
    one({
      host: {
        ...host('570.124.06', [RTX5090]),
        driver: { version: '570.124.06', cuda: '12.8', kernelModule: 'proprietary' },
      },
      image: cuda128,
      basis: 'prediction',
    }),
  ),
  'real-fabric-manager': page('fabric-manager-not-running', () => {
    const eight = host(
      '580.82.07',
      Array.from({ length: 8 }, () => H100),
    );
    return one({
      host: eight,
      image: cuda128,
      probe: {
        ...ran(eight, '12.8'),
        init: { code: 802 },
        runtime: { path: '/usr/local/cuda/lib64/libcudart.so.12', version: '12.8', code: 802 },
        gpus: [],
      },
    });
  }),
  'real-registry-login': page('registry-login-required', () =>
    pullFails(
      'Error response from daemon: Head "https://ghcr.io/v2/acme/train/manifests/2025-09": unauthorized: authentication required',
    ),
  ),
  'real-registry-rate-limited': page('registry-rate-limited', () =>
    pullFails(
      'Error response from daemon: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit',
      'nvidia/cuda:12.8.1-base-ubuntu22.04',
    ),
  ),
  'real-disk-full': page('disk-full', () =>
    pullFails(
      'failed to register layer: write /usr/local/cuda-12.8/lib64/libcublasLt.so.12.8.4.1: no space left on device',
    ),
  ),
  'real-unknown-cuda': page(null, () =>
    one({
      host: host580,
      image: image('ghcr.io/acme/service:3', undefined),
      basis: 'prediction',
    }),
  ),
  'real-scan': page('binary-compatible-kernels', () =>
    one({
      host: { ...hostOf({ name: 'l4', driver: '570.124.06', gpus: [{ name: 'NVIDIA L4' }] }) },
      image: {
        ...trainImage,
        deviceCode: [
          {
            path: '/opt/ext/_C.cpython-311-x86_64-linux-gnu.so',
            kind: 'elf',
            cubins: ['sm_80', 'sm_90'],
            ptx: [],
          },
        ],
        files: { files: 88_112, folders: 7034, complete: true },
      },
      probe: { started: true, requestedGpus: 0, complete: true },
      basis: 'scan',
    }),
  ),
  'real-note-only': page(null, () =>
    one({
      host: host580,
      image: {
        ...image('ghcr.io/acme/train:nightly-cu118', '12.8.1'),
        libraries: [{ name: 'cudart', version: '12.8.90' }],
      },
      probe: ran(host580, '12.8', { limits: { shmBytes: 67_108_864, memlockBytes: 65_536 } }),
    }),
  ),
  'real-several-images': page('minor-version-compatibility', severalImages),
  'real-fleet': page('driver-too-old', fleetTable),
  'real-t4-old-cuda': page('driver-too-old', () =>
    one({
      host: host('470.82.01', [T4]),
      image: image('ghcr.io/acme/serve:5', '12.4.1'),
      basis: 'prediction',
    }),
  ),
};
