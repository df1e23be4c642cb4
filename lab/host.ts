import { chmod, copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from './process.js';
import { programPath } from './requirements.js';
import type { Driver, Fault, Gpu, Host } from './scenario.js';

/** The compiled parts of the simulated host. */
export interface Simulation {
  /** libcuda.so.1, libnvidia-ml.so.1, nvidia-smi, libcudart.so.*. */
  driver: string;
  /** Holds `nvidia-container-runtime-hook` and nothing else: a folder for the engine's PATH. */
  hook: string;
}

/** The simulated host that the hook and nvidia-smi look at. */
export interface HostFolders {
  folder: string;
  /** For the PATH of the action: holds nvidia-smi, or nothing. */
  bin: string;
  /** What nvidia-smi on the host reads, named by SIMULATED_NVIDIA_CONF. */
  description: string;
}

const newest = async (folder: string): Promise<number> =>
  Math.max(
    ...(await Promise.all(
      (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).mtimeMs),
    )),
  );

const builtAt = async (file: string): Promise<number> => {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return 0;
  }
};

/** Compiles the simulated driver and the simulated hook; a second time only when a source is newer. */
export const buildSimulation = async (lab: string, cache: string): Promise<Simulation> => {
  const driver = join(cache, 'driver');
  const hook = join(cache, 'hook');
  const env = { ...process.env, PATH: programPath() };
  await mkdir(driver, { recursive: true });
  await mkdir(hook, { recursive: true });
  const driverMark = join(cache, 'driver.built');
  if ((await builtAt(driverMark)) < (await newest(join(lab, 'driver')))) {
    const began = new Date();
    await mustRun('sh', [join(lab, 'driver', 'build.sh'), driver], { env });
    await writeFile(driverMark, began.toISOString());
  }
  const program = join(hook, 'nvidia-container-runtime-hook');
  const sources = join(lab, 'hook');
  if ((await builtAt(program)) < (await newest(sources))) {
    const files = (await readdir(sources)).filter((name) => name.endsWith('.c'));
    const flags = ['-std=gnu17', '-O2', '-Wall', '-Wextra'];
    await mustRun(
      'gcc',
      [...flags, '-o', `${program}.part`, ...files.map((name) => join(sources, name))],
      { env },
    );
    await rename(`${program}.part`, program);
  }
  return { driver, hook };
};

/** The UUID of a simulated GPU that was given none; the simulated driver's own default is the same. */
const uuidOf = (gpu: Gpu, index: number): string =>
  gpu.uuid ?? `GPU-00000000-0000-0000-0000-${String(index).padStart(12, '0')}`;

const section = (
  name: string,
  values: Record<string, string | number | boolean | undefined>,
): string =>
  [
    `[${name}]`,
    ...Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key} = ${value === true ? 'yes' : value}`],
    ),
    '',
  ].join('\n');

const faultSection = (fault: Fault): string =>
  section('fault', {
    call: fault.call,
    gpu: fault.gpu,
    from: fault.from,
    code: fault.code,
    hang: fault.hang,
    crash: fault.crash,
    'delay-ms': fault.delayMs,
    'wrong-elements': fault.wrongElements,
  });

/** The text of `simulated-nvidia.conf`, as lab/driver/README.md defines it. */
export const driverDescription = (
  driver: Driver,
  gpus: readonly Gpu[],
  faults: readonly Fault[],
): string =>
  [
    `driver = ${driver.version}`,
    `cuda = ${driver.cuda}`,
    `kernel-module = ${driver.kernelModule ?? 'open'}`,
    ...(driver.compatCuda === undefined ? [] : [`compat-cuda = ${driver.compatCuda}`]),
    '',
    ...gpus.map((gpu, index) =>
      section('gpu', {
        name: gpu.name,
        uuid: uuidOf(gpu, index),
        'compute-capability': gpu.computeCapability,
        'memory-mib': gpu.memoryMiB,
        mig: gpu.mig ? 'on' : undefined,
      }),
    ),
    ...faults.map(faultSection),
  ].join('\n');

/** The driver's kernel module is not loaded: what NVML, and with it nvidia-smi and the toolkit, run into. */
const NOT_LOADED: Fault = { call: 'nvmlInit_v2', code: 9 };

const LEGACY = "Auto-detected mode as 'legacy'\nnvidia-container-cli: initialization error:";

/** What the toolkit's hook says when it cannot do its work on such a host; undefined when it can. */
const hookFailure = (host: Host): string | undefined => {
  if (host.hook !== undefined) {
    return host.hook.fails;
  }
  if (host.driver === null) {
    return `${LEGACY} load library failed: libnvidia-ml.so.1: cannot open shared object file: no such file or directory`;
  }
  return host.driver.loaded === false ? `${LEGACY} nvml error: driver not loaded` : undefined;
};

/** The text of `hook.conf`: what the simulated hook knows about the host. */
export const hookDescription = (host: Host): string => {
  const failure = hookFailure(host);
  return [
    ...(host.driver === null ? [] : [`driver ${host.driver.version}`, `cuda ${host.driver.cuda}`]),
    ...host.gpus.map(
      (gpu, index) =>
        `gpu ${uuidOf(gpu, index)} ${gpu.computeCapability} ${gpu.brand ?? 'Unknown'}`,
    ),
    ...(host.missingDevices ?? []).map((name) => `without ${name}`),
    ...(failure === undefined
      ? []
      : [
          `failure-status ${host.hook?.exitCode ?? 1}`,
          ...failure.split('\n').map((line) => `failure ${line}`),
        ]),
    '',
  ].join('\n');
};

const replace = async (file: string, text: string): Promise<void> => {
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
};

/** Turns the machine into the scenario's host: what its nvidia-smi answers, and what its hook does. */
export const setHost = async (
  folder: string,
  host: Host,
  simulation: Simulation,
): Promise<HostFolders> => {
  const bin = join(folder, 'bin');
  const lib = join(folder, 'lib');
  await rm(bin, { recursive: true, force: true });
  await mkdir(bin, { recursive: true });
  await mkdir(lib, { recursive: true });
  for (const name of ['libcuda.so.1', 'libnvidia-ml.so.1', 'nvidia-smi']) {
    // A new file and a rename, because a container may still have the old one mounted.
    await copyFile(join(simulation.driver, name), join(lib, `${name}.part`));
    await chmod(join(lib, `${name}.part`), 0o755);
    await rename(join(lib, `${name}.part`), join(lib, name));
  }
  const description = join(folder, 'host.conf');
  const driver = host.driver;
  await replace(join(folder, 'hook.conf'), hookDescription(host));
  if (driver === null) {
    await rm(description, { force: true });
    await rm(join(folder, 'driver.conf'), { force: true });
    return { folder, bin, description };
  }
  const faults = [...(driver.loaded === false ? [NOT_LOADED] : []), ...(host.faults ?? [])];
  const seenBy = (place: 'host' | 'container') =>
    faults.filter((fault) => fault.where === undefined || fault.where === place);
  await replace(description, driverDescription(driver, host.gpus, seenBy('host')));
  await replace(
    join(folder, 'driver.conf'),
    driverDescription(driver, host.gpus, seenBy('container')),
  );
  if (host.nvidiaSmi !== false) {
    await copyFile(join(lib, 'nvidia-smi'), join(bin, 'nvidia-smi'));
    await chmod(join(bin, 'nvidia-smi'), 0o755);
  }
  return { folder, bin, description };
};
