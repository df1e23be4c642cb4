import type { Facts, ImageFacts, ProbeFacts } from '../../src/core/facts.js';
import { compatFor, majorMinor, type Pair } from './oracle.js';
import { DRIVERS, FLOORS, GPUS, type OracleGpu, PTX_ISA, TOOLKITS } from './tables.js';

/** Mulberry32: the same pairs on every machine. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const TARGETS = [
  '35',
  '37',
  '50',
  '52',
  '60',
  '61',
  '70',
  '75',
  '80',
  '86',
  '89',
  '90',
  '90a',
  '100',
  '100a',
  '100f',
  '103',
  '103a',
  '120',
  '120a',
  '120f',
] as const;

export function generate(next: () => number): Pair {
  const one = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
  const chance = (p: number): boolean => next() < p;

  const first = one(GPUS);
  // Most pairs keep to drivers that know the GPU, or nothing else would ever be reached.
  const fitting = DRIVERS.filter(([d]) => knows(first, d));
  const [driver, driverCuda] = chance(0.93) ? one(fitting) : one(DRIVERS);
  const others = GPUS.filter((gpu) => knows(gpu, driver) && gpu.class === first.class);
  const gpus =
    chance(0.12) && others.length > 0
      ? [first, one(others)]
      : chance(0.1)
        ? [first, first]
        : [first];
  const near = TOOLKITS.filter(([t]) => Math.abs(Number(majorMinor(t)) - Number(driverCuda)) <= 1);
  const [toolkit] = chance(0.6) && near.length > 0 ? one(near) : one(TOOLKITS);
  const compat = chance(0.25) ? compatFor(toolkit) : undefined;
  const env = environment(driver, toolkit, compat, { one, chance });

  const framework = chance(0.2);
  const code = chance(0.55) ? deviceCode(first, toolkit, framework, { one, chance }) : {};
  return {
    driver,
    driverCuda,
    gpus,
    mode: one(['legacy', 'legacy', 'cdi', 'jit-cdi'] as const),
    toolkit,
    env,
    ...(chance(0.3) ? { module: moduleFor(gpus, chance) } : {}),
    ...(chance(0.4)
      ? {
          hostArchitecture: 'amd64' as const,
          imageArchitecture: chance(0.95) ? ('amd64' as const) : ('arm64' as const),
        }
      : {}),
    ...(compat === undefined ? {} : { compat }),
    ...code,
    ...(chance(0.02) ? { musl: true } : {}),
    ...(framework ? { framework } : {}),
    ...(compat === undefined && chance(0.2)
      ? { seen: one(['started', 'kernel', 'runtime', 'refused'] as const) }
      : {}),
    sparse: (['driver.cuda', 'computeCapability', 'image.cuda'] as const).filter(() =>
      chance(0.15),
    ),
  };
}

const knows = (gpu: OracleGpu, driver: string): boolean => {
  const branch = Number(driver.split('.')[0]);
  return branch >= gpu.first && branch <= gpu.last;
};

/** The open modules know Turing and newer only; a runner with an older GPU has the proprietary ones. */
function moduleFor(gpus: readonly OracleGpu[], chance: (p: number) => boolean) {
  if (gpus.some((gpu) => Number(gpu.cc) < 7.5)) return 'proprietary' as const;
  return chance(0.7) ? ('open' as const) : ('proprietary' as const);
}

interface Dice {
  one<T>(items: readonly T[]): T;
  chance(p: number): boolean;
}

function environment(
  driver: string,
  toolkit: string,
  compat: string | undefined,
  { one, chance }: Dice,
): Record<string, string> {
  const cuda = majorMinor(toolkit);
  const branch = Number(driver.split('.')[0]);
  const near = one([branch - 5, branch, branch, branch + 5]);
  const floor = FLOORS[Number(cuda.split('.')[0])] ?? '384.81';
  const official = ['unknown', 'tesla', 'nvidia', 'geforce']
    .filter(() => chance(0.7))
    .map((brand) => `brand=${brand},driver>=${near},driver<${near + 1}`);
  const values = [
    `cuda>=${cuda}`,
    `cuda>=${cuda} ${official.join(' ')}`,
    `cuda>=9.0`,
    `driver>=${floor}`,
    `driver>=${branch},driver<${branch + 1}`,
    `driver<=${branch}`,
    `driver=${driver}`,
    `cuda>=${cuda},arch>=7.0`,
    `arch>=8.0 brand=geforce`,
    `brand!=geforce`,
    `CUDA>=${cuda}`,
    `cuda==${cuda}`,
    `cuda>=${cuda} nonsense`,
    `colour=green`,
    `cuda>=${cuda}.0`,
    `cuda>=${cuda}.1`,
    ' ',
    `cuda>=9.0 colour=green`,
  ];
  return {
    ...(chance(0.45) ? { NVIDIA_REQUIRE_CUDA: one(values) } : {}),
    ...(chance(0.06) ? { NVIDIA_REQUIRE_ARCH: one(['arch>=7.0', 'arch<9.0', 'brand=tesla']) } : {}),
    ...(chance(0.3) ? { CUDA_VERSION: toolkit } : {}),
    ...(chance(0.12)
      ? { NVIDIA_DISABLE_REQUIRE: one(['1', 'true', 'T', 'yes', '0', 'false', '']) }
      : {}),
    ...(chance(0.3)
      ? {
          NVIDIA_DRIVER_CAPABILITIES: one([
            'compute,utility',
            'compute,utility',
            'all',
            'compute,utility,video',
            '',
            'utility',
            'video,utility',
          ]),
        }
      : {}),
    ...(compat !== undefined && chance(0.2)
      ? { LD_LIBRARY_PATH: '/usr/local/cuda/compat:/usr/local/nvidia/lib64' }
      : {}),
  };
}

/** What a framework was built for is of the PTX ISA of its own CUDA version. */
function deviceCode(gpu: OracleGpu, toolkit: string, framework: boolean, { one, chance }: Dice) {
  const device = gpu.cc.replace('.', '');
  const all = TARGETS as readonly string[];
  const around = all.filter((t) => Math.abs(Number.parseInt(t, 10) - Number(device)) <= 15);
  const cubins = [
    ...new Set(
      Array.from({ length: one([1, 2, 3, 4]) }, () => `sm_${one(chance(0.6) ? around : all)}`),
    ),
  ];
  const isa = PTX_ISA[majorMinor(toolkit)] ?? '7.0';
  const older = one(Object.values(PTX_ISA));
  const ptx = chance(0.55)
    ? [
        {
          target: `compute_${one(chance(0.7) ? around : all)}`,
          isa: framework || chance(0.7) ? isa : older,
        },
      ]
    : [];
  return { cubins: chance(0.8) ? cubins : [], ptx };
}

/** The same pair as a facts document. */
export function toFacts(pair: Pair): Facts {
  return {
    schema: 'cuda-image-check/facts@1',
    host: {
      ...(pair.hostArchitecture === undefined
        ? {}
        : { platform: `linux/${pair.hostArchitecture}` }),
      driver: {
        version: pair.driver,
        ...(pair.sparse?.includes('driver.cuda') ? {} : { cuda: pair.driverCuda }),
        ...(pair.module === undefined ? {} : { kernelModule: pair.module }),
      },
      gpus: pair.gpus.map((gpu, index) => ({
        index,
        name: gpu.name,
        ...(pair.sparse?.includes('computeCapability') ? {} : { computeCapability: gpu.cc }),
      })),
      engine: { name: 'docker', gpuMode: pair.mode },
    },
    image: {
      ...(pair.imageArchitecture === undefined
        ? {}
        : { platform: `linux/${pair.imageArchitecture}` }),
      // CUDA_VERSION says the same, where the image has it.
      ...(pair.sparse?.includes('image.cuda') && pair.env['CUDA_VERSION'] !== undefined
        ? {}
        : { cuda: pair.toolkit }),
      env: { ...pair.env },
      ...(pair.compat === undefined
        ? {}
        : {
            compatDriver: {
              version: pair.compat,
              path: `/usr/local/cuda/compat/libcuda.so.${pair.compat}`,
            },
          }),
      ...deviceCodeFacts(pair),
      ...(pair.musl ? { libc: { family: 'musl', version: '1.2.5' } } : {}),
    },
    ...(pair.seen === undefined ? {} : { probe: probeFacts(pair, pair.seen) }),
  };
}

function deviceCodeFacts(pair: Pair): ImageFacts {
  const cubins = [...(pair.cubins ?? [])];
  const ptx = [...(pair.ptx ?? [])];
  if (cubins.length + ptx.length === 0) return {};
  if (pair.framework !== true) return { deviceCode: [{ path: '/app/program', cubins, ptx }] };
  const targets = [...cubins, ...ptx.map(({ target }) => target)];
  return {
    frameworks: [{ name: 'own', version: '1.0', cuda: majorMinor(pair.toolkit), targets }],
  };
}

function probeFacts(pair: Pair, seen: NonNullable<Pair['seen']>): ProbeFacts {
  if (seen === 'started') return { started: true };
  const runtime = { version: majorMinor(pair.toolkit), code: seen === 'refused' ? 35 : 0 };
  return {
    started: true,
    libcuda: { path: '/usr/lib/x86_64-linux-gnu/libcuda.so.1', origin: 'host' },
    init: { code: 0 },
    ...(seen === 'kernel' ? {} : { runtime }),
    gpus: pair.gpus.map((_, index) => ({ index, kernel: { code: 0, correct: true } })),
    complete: true,
  };
}
