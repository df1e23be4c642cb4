import {
  COMPAT,
  FAMILIES,
  FLOORS,
  FORWARD_BASES,
  type OracleGpu,
  PTX_ISA,
  TOOLKITS,
} from './tables.js';

/**
 * NVIDIA's documented rules once more, as plainly as they can be put: no classes of facts, no evidence, no words. `undefined`
 * says that the documents do not settle the case (or settle it in more than one way).
 */
export interface Pair {
  readonly driver: string;
  readonly driverCuda: string;
  readonly module?: 'open' | 'proprietary';
  readonly gpus: readonly OracleGpu[];
  readonly mode: 'legacy' | 'cdi' | 'jit-cdi';
  readonly hostArchitecture?: 'amd64' | 'arm64';
  readonly imageArchitecture?: 'amd64' | 'arm64';
  /** Toolkit release in the image. */
  readonly toolkit: string;
  readonly env: Readonly<Record<string, string>>;
  readonly compat?: string;
  readonly cubins?: readonly string[];
  readonly ptx?: readonly { readonly target: string; readonly isa: string }[];
  readonly musl?: boolean;
  /** The device code was not read from a file but is what the framework says that it was built for. */
  readonly framework?: boolean;
  /** How far the probe came: each step includes those before it; `refused` is the image's own runtime returning 35. */
  readonly seen?: 'started' | 'kernel' | 'runtime' | 'refused';
  /** Facts that are left out because another one tells them: the driver's CUDA version, the GPU's capability, the image's CUDA. */
  readonly sparse?: readonly ('driver.cuda' | 'computeCapability' | 'image.cuda')[];
}

export interface Answer {
  readonly verdict: 'works' | 'fails' | 'unknown';
  readonly primary: string | null;
}

export function answer(pair: Pair): Answer | undefined {
  if (
    pair.hostArchitecture !== undefined &&
    pair.imageArchitecture !== undefined &&
    pair.hostArchitecture !== pair.imageArchitecture
  )
    return pair.seen === undefined ? { verdict: 'fails', primary: 'platform-mismatch' } : undefined;

  const kernelRan = pair.seen !== undefined && pair.seen !== 'started';

  const runner = runnerFault(pair);
  if (kernelRan && (runner !== undefined || pair.musl || pair.compat !== undefined))
    return undefined;
  const requirement = requirementOf(pair);
  const unmet = requirement !== 'met';
  const enforced = pair.mode === 'legacy' && !requirementsDisabled(pair);
  // A container that started was not refused.
  const refused = unmet && enforced && pair.seen === undefined;
  const noCompute = computeIsMissing(pair) && !kernelRan;
  const library = libraryInUse(pair);
  if (library === 'undocumented') return undefined;
  const dropped = pair.gpus.filter((gpu) => architectureDropped(gpu, pair.toolkit));
  const byTable = library === 'compat' ? forward(pair) : backward(pair);
  if (byTable === 'undocumented') return undefined;
  const start = overruled(byTable, pair);
  const code = coverage(pair, library === 'compat' ? majorMinor(pair.toolkit) : pair.driverCuda);
  if (code === 'undocumented') return undefined;

  // Code for a GPU that the image's CUDA cannot build for any more: made elsewhere, and no document speaks of it.
  if (dropped.length > 0 && hasCode(pair) && code.fails !== 'no-kernel-for-gpu') return undefined;
  if (brandIsUncertain(pair)) return undefined;

  const laterFault =
    start.fails !== undefined ||
    dropped.length > 0 ||
    code.fails !== undefined ||
    pair.musl === true ||
    noCompute;
  if (runner === 'some GPUs') return undefined;
  if (runner !== undefined)
    return refused || laterFault ? undefined : { verdict: 'unknown', primary: runner };
  if (refused)
    return noCompute || pair.musl ? undefined : { verdict: 'fails', primary: 'requirement-unmet' };
  const fault = oneFault({
    musl: pair.musl === true,
    noCompute,
    dropped: dropped.length > 0,
    allDropped: dropped.length === pair.gpus.length,
    start: start.fails,
    code: code.fails,
  });
  if (fault === 'several') return undefined;
  if (fault !== undefined) return { verdict: 'fails', primary: fault };

  // Whether a requirement that nobody reads is a good one, no document says.
  if (requirement === 'invalid') return undefined;
  if (unmet)
    return library === 'compat'
      ? undefined
      : { verdict: 'works', primary: 'requirement-too-strict' };
  return { verdict: 'works', primary: start.note ?? code.note ?? null };
}

/** The image's own runtime has the last word about the driver's age; a kernel of somebody else has none. */
function overruled(byTable: Start, pair: Pair): Start {
  if (pair.seen === 'refused') return { fails: 'driver-too-old' };
  return pair.seen === 'runtime' && byTable.fails === 'driver-too-old' ? {} : byTable;
}

/** What stops the pair first. Where no document tells which of two is first: `several`. */
function oneFault(faults: {
  musl: boolean;
  noCompute: boolean;
  dropped: boolean;
  allDropped: boolean;
  start: string | undefined;
  code: string | undefined;
}): string | undefined {
  const early = [
    ...(faults.musl ? ['libc-incompatible'] : []),
    ...(faults.noCompute ? ['driver-capabilities-missing'] : []),
    ...(faults.start === undefined ? [] : [faults.start]),
    ...(faults.dropped ? ['gpu-architecture-dropped'] : []),
  ];
  if (early.length > 1 || (faults.dropped && !faults.allDropped)) return 'several';
  if ((faults.musl || faults.noCompute) && faults.code !== undefined) return 'several';
  return early[0] ?? faults.code;
}

// ---- the runner

function runnerFault(pair: Pair): string | undefined {
  const branch = major(pair.driver);
  const faults = pair.gpus.map((gpu) => {
    if (branch < gpu.first || branch > gpu.last) return 'gpu-unsupported-by-driver';
    return pair.module === 'proprietary' && number(gpu.cc) >= 10
      ? 'open-kernel-module-required'
      : undefined;
  });
  return new Set(faults).size > 1 ? 'some GPUs' : faults[0];
}

/** Before branch 470 NVML had no brand NVIDIA, so that an A100 was a Tesla then. */
const brandIsUncertain = (pair: Pair): boolean =>
  major(pair.driver) < 470 &&
  pair.gpus.some((gpu) => gpu.class !== 'geforce' && number(gpu.cc) >= 8) &&
  Object.values(pair.env).some((value) => value.includes('brand'));

// ---- requirements: https://github.com/NVIDIA/libnvidia-container src/cli/dsl.c, nvidia-container-toolkit cuda_image.go

const requirementsDisabled = (pair: Pair): boolean =>
  /^(1|t|T|true|TRUE|True)$/.test(pair.env['NVIDIA_DISABLE_REQUIRE'] ?? '');

type Gate = 'met' | 'unmet' | 'invalid';

function requirementOf(pair: Pair): Gate {
  const values = Object.entries(pair.env)
    .filter(([name]) => name.startsWith('NVIDIA_REQUIRE_'))
    .map(([, value]) => value);
  const cuda = pair.env['CUDA_VERSION'];
  if (cuda !== undefined && (pair.env['NVIDIA_REQUIRE_CUDA'] ?? '') === '')
    values.push(`cuda>=${majorMinor(cuda)}`);
  const gates = pair.gpus.flatMap((gpu) => values.map((value) => valueGate(value, pair, gpu)));
  if (gates.includes('invalid')) return 'invalid';
  return gates.includes('unmet') ? 'unmet' : 'met';
}

function valueGate(value: string, pair: Pair, gpu: OracleGpu): Gate {
  const terms = value.split(' ').filter((term) => term !== '');
  if (terms.length === 0) return 'met';
  for (const term of terms) {
    let holds = true;
    for (const factor of term.split(',').filter((text) => text !== '')) {
      const match = /^([A-Za-z]+)(>=|<=|!=|=|<|>)([^=<>!]+)$/.exec(factor);
      if (match === null) return 'invalid';
      const [, key = '', operator = '', wanted = ''] = match;
      const result = factorHolds(key.toLowerCase(), operator, wanted, pair, gpu);
      if (result === 'invalid') return 'invalid';
      if (!result) {
        holds = false;
        break;
      }
    }
    if (holds) return 'met';
  }
  return 'unmet';
}

function factorHolds(
  key: string,
  operator: string,
  wanted: string,
  pair: Pair,
  gpu: OracleGpu,
): boolean | 'invalid' {
  if (key === 'brand') {
    const same = gpu.brands.includes(wanted.toLowerCase());
    if (operator === '=') return same;
    return operator === '!=' ? !same : 'invalid';
  }
  const have = { cuda: pair.driverCuda, driver: pair.driver, arch: gpu.cc }[key];
  if (have === undefined || !/^[0-9.]+$/.test(wanted)) return 'invalid';
  const order = compare(have, wanted);
  if (operator === '=') return order === 0;
  if (operator === '!=') return order !== 0;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  return order >= 0;
}

// ---- capabilities: https://github.com/NVIDIA/nvidia-container-toolkit internal/config/image/capabilities.go

function computeIsMissing(pair: Pair): boolean {
  const value = pair.env['NVIDIA_DRIVER_CAPABILITIES'];
  if (pair.mode !== 'legacy' || value === undefined || value === '') return false;
  return !value.split(',').some((word) => word === 'compute' || word === 'all');
}

// ---- which libcuda: https://github.com/NVIDIA/libnvidia-container src/cli/compat_mode.c, nvidia-container-toolkit cudacompat.go

function libraryInUse(pair: Pair): 'host' | 'compat' | 'shadow' | 'undocumented' {
  if (pair.compat === undefined || pair.compat === pair.driver) return 'host';
  const searched = (pair.env['LD_LIBRARY_PATH'] ?? '')
    .split(':')
    .some((directory) => directory.includes('/compat'));
  if (major(pair.compat) < major(pair.driver)) return searched ? 'shadow' : 'host';
  if (major(pair.compat) === major(pair.driver)) {
    if (compare(pair.compat, pair.driver) < 0) return searched ? 'shadow' : 'host';
    // Newer within a branch: the page says never, the note in some libraries says yes.
    return pair.mode === 'legacy' && !searched ? 'host' : 'undocumented';
  }
  return FORWARD_BASES.includes(major(pair.driver)) ? 'compat' : 'undocumented';
}

interface Start {
  readonly fails?: string;
  readonly note?: string;
}

/** https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html */
function forward(pair: Pair): Start | 'undocumented' {
  const classes = new Set(pair.gpus.map((gpu) => gpu.class));
  if (classes.has('workstation') || classes.size > 1) return 'undocumented';
  if (classes.has('geforce')) return { fails: 'forward-compatibility-unsupported' };
  const branch = major(pair.compat ?? '');
  if (pair.gpus.some((gpu) => branch > gpu.last || branch < gpu.first)) return 'undocumented';
  return { note: 'forward-compatibility-in-use' };
}

/** https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/, https://docs.nvidia.com/deploy/cuda-compatibility/ */
function backward(pair: Pair): Start {
  if (libraryInUse(pair) === 'shadow') return { fails: 'compat-library-shadows-driver' };
  const full = TOOLKITS.find(([toolkit]) => toolkit === pair.toolkit)?.[1];
  if (full === undefined) throw new Error(`no row for ${pair.toolkit}`);
  if (compare(pair.driver, full) >= 0) return {};
  const floor = FLOORS[major(pair.toolkit)];
  if (floor === undefined || compare(pair.driver, floor) < 0) return { fails: 'driver-too-old' };
  return { note: 'minor-version-compatibility' };
}

// ---- device code: https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#binary-compatibility

/** Release notes of CUDA 11.0, 12.0 and 13.0. */
function architectureDropped(gpu: OracleGpu, toolkit: string): boolean {
  const cc = number(gpu.cc);
  if (major(toolkit) >= 13) return cc < 7.5;
  if (major(toolkit) >= 12) return cc < 5;
  return major(toolkit) >= 11 && cc < 3.5;
}

const hasCode = (pair: Pair): boolean => (pair.cubins ?? []).length + (pair.ptx ?? []).length > 0;

function coverage(pair: Pair, driverCuda: string): Start | 'undocumented' {
  if (!hasCode(pair)) return {};
  const isa = PTX_ISA[driverCuda];
  if (isa === undefined) return 'undocumented';
  const each = pair.gpus.map((gpu) => codeFor(gpu.cc, pair.cubins ?? [], pair.ptx ?? [], isa));
  const bad = each.filter((one) => one.fails !== undefined);
  if (bad.length === 0) {
    const notes = each.map((one) => one.note);
    const jit = notes.find((note) => note === 'ptx-compiled-at-first-use');
    const note = jit ?? notes.find((one) => one !== undefined);
    return note === undefined ? {} : { note };
  }
  if (bad.length < each.length) return { fails: 'gpu-partly-covered' };
  return new Set(bad.map((one) => one.fails)).size === 1 ? (bad[0] ?? {}) : 'undocumented';
}

function codeFor(
  cc: string,
  cubins: readonly string[],
  ptx: readonly { target: string; isa: string }[],
  isa: string,
): Start {
  const device = cc.replace('.', '');
  const exact = cubins.some((name) => /^sm_(\d+)[af]?$/.exec(name)?.[1] === device);
  if (exact) return {};
  if (cubins.some((name) => cubinRuns(name.slice(3), cc)))
    return { note: 'binary-compatible-kernels' };
  const usable = ptx.filter(({ target }) => ptxFits(target.slice(8), cc));
  if (usable.length === 0) return { fails: 'no-kernel-for-gpu' };
  return usable.some((one) => compare(one.isa, isa) <= 0)
    ? { note: 'ptx-compiled-at-first-use' }
    : { fails: 'ptx-too-new' };
}

function cubinRuns(target: string, cc: string): boolean {
  if (target.endsWith('a')) return target.slice(0, -1) === cc.replace('.', '');
  if (target.endsWith('f')) return FAMILIES[target.slice(0, -1)]?.includes(cc) ?? false;
  const [deviceMajor, deviceMinor] = [major(cc), Number(cc.split('.')[1])];
  return Number(target.slice(0, -1)) === deviceMajor && Number(target.slice(-1)) <= deviceMinor;
}

function ptxFits(target: string, cc: string): boolean {
  if (/[af]$/.test(target)) return cubinRuns(target, cc);
  return Number(target) <= Number(cc.replace('.', ''));
}

// ---- numbers

export function compatFor(toolkit: string): string | undefined {
  return COMPAT[majorMinor(toolkit)];
}

const number = (cc: string): number => Number(cc);
const major = (version: string): number => Number(version.split('.')[0]);
export const majorMinor = (version: string): string => version.split('.').slice(0, 2).join('.');

/** Field by field as numbers; a rest of zeros counts as equal. */
function compare(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
