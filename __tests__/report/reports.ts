import { CATALOGUE, type FindingId, type Severity } from '../../src/core/catalogue.js';
import type { Facts, HostGpu, ProbeFacts, ProbeGpu } from '../../src/core/facts.js';
import type { Evidence } from '../../src/core/finding.js';
import type { ImageReport, Report, ReportedFinding } from '../../src/report/report.js';

/** Reports as literals: what a page looks like must not change when the words of a finding do. */

export const A100: HostGpu = {
  name: 'NVIDIA A100-SXM4-80GB',
  computeCapability: '8.0',
  memoryMiB: 81_920,
};
export const T4: HostGpu = { name: 'Tesla T4', computeCapability: '7.5', memoryMiB: 15_360 };
export const L4: HostGpu = { name: 'NVIDIA L4', computeCapability: '8.9', memoryMiB: 23_034 };

export const numbered = (gpus: readonly HostGpu[]): HostGpu[] =>
  gpus.map((gpu, index) => ({
    index,
    uuid: `GPU-${`${index}`.repeat(8)}-5c3d-4b4e-9a52-1f0c7a9b2d1e`,
    ...gpu,
  }));

export const simulated = (gpu: HostGpu): HostGpu => ({ ...gpu, name: `${gpu.name} (simulated)` });

export const probeGpu = (
  gpu: HostGpu,
  kernel: ProbeGpu['kernel'] = { code: 0, correct: true, ms: 3.14 },
): ProbeGpu => ({
  index: gpu.index ?? 0,
  ...(gpu.uuid === undefined ? {} : { uuid: gpu.uuid }),
  ...(gpu.name === undefined ? {} : { name: gpu.name }),
  ...(gpu.computeCapability === undefined ? {} : { computeCapability: gpu.computeCapability }),
  ...(kernel === undefined ? {} : { kernel }),
});

export interface Pair {
  reference?: string;
  driver?: string;
  driverCuda?: string;
  cuda?: string;
  gpus?: HostGpu[];
  probe?: ProbeFacts;
  failure?: Facts['failure'];
}

export function pairFacts(pair: Pair = {}): Facts {
  const gpus = pair.gpus ?? numbered([A100]);
  return {
    schema: 'cuda-image-check/facts@1',
    host: {
      platform: 'linux/amd64',
      os: 'Ubuntu 22.04.5 LTS',
      driver: {
        version: pair.driver ?? '580.65.06',
        cuda: pair.driverCuda ?? '13.0',
        kernelModule: 'open',
      },
      gpus,
      engine: { name: 'docker', version: '28.2.2', gpuMode: 'legacy' },
      containerToolkit: { version: '1.17.8' },
    },
    image: {
      reference: pair.reference ?? 'nvidia/cuda:12.8.1-base-ubuntu22.04',
      digest: DIGEST,
      platform: 'linux/amd64',
      compressedBytes: 94_371_840,
      env: {
        CUDA_VERSION: pair.cuda ?? '12.8.1',
        NVIDIA_REQUIRE_CUDA: 'cuda>=12.8 brand=unknown,driver>=535,driver<536',
        SECRET_TOKEN: 'not for the page',
      },
      cuda: pair.cuda ?? '12.8.1',
      libc: { family: 'glibc', version: '2.35' },
    },
    ...(pair.probe === undefined ? {} : { probe: pair.probe }),
    ...(pair.failure === undefined ? {} : { failure: pair.failure }),
  };
}

const DIGEST = 'sha256:4b9ed5fa8361736996499f64ecebf25d4ec37ff56e4d11323ccde10aa36e0c43';

export const goodProbe = (gpus: readonly HostGpu[], pair: Pair = {}): ProbeFacts => ({
  started: true,
  libcuda: {
    path: `/usr/lib/x86_64-linux-gnu/libcuda.so.${pair.driver ?? '580.65.06'}`,
    origin: 'host',
    cuda: pair.driverCuda ?? '13.0',
  },
  init: { code: 0 },
  runtime: {
    path: '/usr/local/cuda/lib64/libcudart.so.12',
    version: '12.8',
    code: 0,
    deviceCount: gpus.length,
  },
  gpus: gpus.map((gpu) => probeGpu(gpu)),
  nvml: { driver: pair.driver ?? '580.65.06', gpuCount: gpus.length, code: 0 },
  limits: { shmBytes: 67_108_864, memlockBytes: 67_108_864 },
  libc: { family: 'glibc', version: '2.35' },
  user: { uid: 0, gid: 0 },
  deviceNodes: [
    { path: '/dev/nvidiactl', access: 'rw' },
    { path: '/dev/nvidia0', access: 'rw' },
    { path: '/dev/nvidia-uvm', access: 'rw' },
  ],
  complete: true,
});

export interface FindingWords {
  severity?: Severity;
  title: string;
  why: string;
  fixes?: string[];
  evidence?: Evidence[];
}

export const finding = (id: FindingId, words: FindingWords): ReportedFinding => ({
  id,
  severity: words.severity ?? (CATALOGUE[id].verdict === 'works' ? 'notice' : 'error'),
  blame: CATALOGUE[id].blame,
  title: words.title,
  why: words.why,
  fixes: words.fixes ?? [],
  evidence: words.evidence ?? [],
  data: {},
  docs: `https://example.com/cuda-image-check/docs/findings/${id}.md`,
});

export const image = (facts: Facts, more: Partial<ImageReport> = {}): ImageReport => {
  const findings = more.findings ?? [];
  const first = findings[0];
  const primary = more.primary === undefined ? (first?.id ?? null) : more.primary;
  return {
    reference: facts.image?.reference ?? '(unnamed image)',
    ...(facts.image?.digest === undefined ? {} : { digest: facts.image.digest }),
    verdict: primary === null ? 'works' : CATALOGUE[primary].verdict,
    basis: 'probe',
    primary,
    blame: primary === null ? null : CATALOGUE[primary].blame,
    findings,
    unchecked: [],
    facts,
    ...more,
  };
};

export const report = (images: ImageReport[], passed?: boolean): Report => ({
  schema: 'cuda-image-check/report@1',
  passed: passed ?? images.every(({ verdict }) => verdict === 'works'),
  images,
});
