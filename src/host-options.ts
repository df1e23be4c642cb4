import type { HostFacts, HostGpu } from './core/facts.js';
import type { InputMistake } from './inputs.js';

/** Options that describe a runner which is not this machine; `predict IMAGE` and `scan` take them. Each may be repeated. */
export const HOST_OPTIONS = ['driver', 'gpu', 'compute-capability'] as const;
export type HostOption = (typeof HOST_OPTIONS)[number];

export type ParsedHost =
  /** Without a host when none of the options was given: then nothing is known about the runner. */
  | { readonly ok: true; readonly host?: HostFacts }
  | { readonly ok: false; readonly mistakes: readonly InputMistake[] };

/** As nvidia-smi prints it, or the branch alone. */
const DRIVER = /^[1-9]\d{2,3}(?:\.\d{1,5}){0,3}$/;
const CAPABILITY = /^[1-9]\d?\.\d$/;
const MAX_NAME = 200;
/** As many as the probe visits. */
const MAX_GPUS = 64;

/**
 * Reads the options that describe a runner: every mistake of every option is in the answer. Several GPUs are several `--gpu`; a
 * compute capability stands in place of a name, or beside one that no table has, in the same order.
 * @param capabilityOf the compute capability that a GPU's name tells; undefined for a name that tells none
 */
export function parseHostOptions(
  read: (name: HostOption) => readonly string[] | undefined,
  capabilityOf: (name: string) => string | undefined,
): ParsedHost {
  const valuesOf = (name: HostOption) => (read(name) ?? []).map((value) => value.trim());
  const [drivers, names, capabilities] = HOST_OPTIONS.map(valuesOf);
  const given = { drivers: drivers ?? [], names: names ?? [], capabilities: capabilities ?? [] };
  const mistakes = [
    ...driverMistakes(given.drivers),
    ...capabilityMistakes(given.capabilities),
    ...gpuMistakes(given.names, given.capabilities, capabilityOf),
  ];
  if (mistakes.length > 0) return { ok: false, mistakes };
  const [driver] = given.drivers;
  const gpus = gpusOf(given.names, given.capabilities);
  if (driver === undefined && gpus.length === 0) return { ok: true };
  return {
    ok: true,
    host: {
      ...(driver === undefined ? {} : { driver: { version: driver } }),
      ...(gpus.length === 0 ? {} : { gpus }),
    },
  };
}

function driverMistakes(drivers: readonly string[]): InputMistake[] {
  const allowed = 'one driver version as nvidia-smi prints it: 535.104.05, or a branch: 535';
  const fix = 'see nvidia-smi --query-gpu=driver_version --format=csv on the runner';
  if (drivers.length > 1) {
    const why = 'a runner has one driver';
    return [{ input: '--driver', value: drivers.join(' '), why, allowed, fix }];
  }
  return drivers
    .filter((value) => !DRIVER.test(value))
    .map((value) => ({ input: '--driver', value, why: 'it is no driver version', allowed, fix }));
}

function capabilityMistakes(capabilities: readonly string[]): InputMistake[] {
  return capabilities
    .filter((value) => !CAPABILITY.test(value))
    .map((value) => ({
      input: '--compute-capability',
      value,
      why: 'it is no compute capability',
      allowed: 'two numbers with a point between them: 8.0, 12.0',
      fix: 'see nvidia-smi --query-gpu=compute_cap --format=csv on the runner, or give --gpu',
    }));
}

function gpuMistakes(
  names: readonly string[],
  capabilities: readonly string[],
  capabilityOf: (name: string) => string | undefined,
): InputMistake[] {
  const allowed =
    'a name as nvidia-smi -L prints it, "NVIDIA A100-SXM4-80GB", or a short one: A100';
  if (Math.max(names.length, capabilities.length) > MAX_GPUS) {
    return [
      {
        input: '--gpu',
        value: `${Math.max(names.length, capabilities.length)} GPUs`,
        why: 'these are too many for one runner',
        allowed: `up to ${MAX_GPUS} GPUs`,
        fix: 'name each kind of GPU once',
      },
    ];
  }
  if (names.length > 0 && capabilities.length > 0 && names.length !== capabilities.length) {
    return [
      {
        input: '--compute-capability',
        value: capabilities.join(' '),
        why: `there are ${names.length} --gpu and ${capabilities.length} --compute-capability`,
        allowed: 'one for each --gpu, in the same order, or no --gpu',
        fix: 'leave --compute-capability out: a known name tells it',
      },
    ];
  }
  return names.flatMap((value): InputMistake[] => {
    if (value === '' || value.length > MAX_NAME || /\p{Cc}/u.test(value)) {
      const fix = 'copy it from nvidia-smi -L';
      return [{ input: '--gpu', value, why: 'it is no name of a GPU', allowed, fix }];
    }
    if (capabilities.length > 0 || capabilityOf(value) !== undefined) return [];
    return [
      {
        input: '--gpu',
        value,
        why: 'no table has a GPU of this name, or several that differ',
        allowed,
        fix: 'write the whole name, or add its --compute-capability X.Y',
      },
    ];
  });
}

function gpusOf(names: readonly string[], capabilities: readonly string[]): HostGpu[] {
  return Array.from({ length: Math.max(names.length, capabilities.length) }, (_, index) => {
    const [name, computeCapability] = [names[index], capabilities[index]];
    return {
      index,
      ...(name === undefined ? {} : { name }),
      ...(computeCapability === undefined ? {} : { computeCapability }),
    };
  });
}
