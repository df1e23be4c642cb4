import { parseFleet } from './contract/fleet.js';
import { capabilityOfName } from './core/gpu-names.js';
import { nearest } from './core/near.js';
import type { RunnerProfile } from './core/profile.js';
import { parseHostOptions } from './host-options.js';
import type { InputMistake } from './inputs.js';
import { createKnowledge } from './knowledge/index.js';
import type { Files } from './platform/ports.js';
import { FLEET_FILE, RUNNER_OPTIONS, type RunnerOption } from './runner-options.js';

export type ParsedRunners =
  | { readonly ok: true; readonly profiles: readonly RunnerProfile[]; readonly fleet?: string }
  | { readonly ok: false; readonly mistakes: readonly InputMistake[] }
  /** The fleet file cannot be used: a line for each mistake in it. */
  | { readonly ok: false; readonly problems: readonly string[] };

export type ReadRunnerOption = (name: RunnerOption) => readonly string[];

/**
 * The runners to judge for: one from `driver`, `gpu` and `compute-capability`, or those of a fleet file. None of them is given and
 * there is no fleet file: no profile, which the caller may accept (`scan` on a machine with a driver) or not.
 */
export async function parseRunners(
  read: ReadRunnerOption,
  files: Pick<Files, 'readText'>,
): Promise<ParsedRunners> {
  const given = RUNNER_OPTIONS.filter((name) => read(name).length > 0);
  const described = given.filter((name) => name !== 'fleet' && name !== 'profile');
  const fromFleet = given.filter((name) => name === 'fleet' || name === 'profile');
  if (described.length > 0 && fromFleet.length > 0) {
    return mistake(
      fromFleet[0] ?? 'fleet',
      read(fromFleet[0] ?? 'fleet').join(', '),
      `the runner is described by ${described.map((name) => `--${name}`).join(', ')} too`,
      'a fleet file, or a driver with GPUs',
      'leave one of them out',
    );
  }
  return described.length > 0 ? oneRunner(read) : fleet(read, files);
}

const mistake = (
  input: string,
  value: string,
  why: string,
  allowed: string,
  fix: string,
): ParsedRunners => ({ ok: false, mistakes: [{ input, value, why, allowed, fix }] });

function oneRunner(read: ReadRunnerOption): ParsedRunners {
  const host = parseHostOptions(read, capabilityOfName);
  const platforms = read('platform').map((text) => text.trim());
  const mistakes: InputMistake[] = [
    ...(host.ok ? [] : host.mistakes),
    ...(read('driver').length > 0
      ? []
      : [
          {
            input: '--driver',
            value: '',
            why: 'there is no driver version, without which nothing can be told',
            allowed: 'one driver version as nvidia-smi prints it: 535.104.05, or a branch: 535',
            fix: 'see nvidia-smi --query-gpu=driver_version --format=csv on the runner',
          },
        ]),
    ...(platforms.length < 2 && platforms.every((text) => PLATFORM.test(text))
      ? []
      : [
          {
            input: '--platform',
            value: platforms.join(' '),
            why: 'it is no platform',
            allowed: 'one of linux/amd64, linux/arm64',
            fix: 'leave it out where images are for linux/amd64',
          },
        ]),
  ];
  if (!host.ok || mistakes.length > 0) return { ok: false, mistakes };
  const [platform] = platforms;
  const { driver, gpus } = host.host ?? {};
  return {
    ok: true,
    profiles: [
      {
        name: 'given',
        ...(driver?.version === undefined ? {} : { driver: driver.version }),
        ...(platform === undefined ? {} : { platform }),
        ...(gpus === undefined ? {} : { gpus: gpus.map(({ index: _, ...gpu }) => gpu) }),
      },
    ],
  };
}

const PLATFORM = /^[a-z0-9]+\/[a-z0-9_]+(?:\/v\d+)?$/;

async function fleet(
  read: ReadRunnerOption,
  files: Pick<Files, 'readText'>,
): Promise<ParsedRunners> {
  const file = read('fleet').at(-1) ?? FLEET_FILE;
  const wanted = read('profile');
  const text = await files.readText(file);
  if (text === undefined) {
    if (read('fleet').length === 0 && wanted.length === 0) return { ok: true, profiles: [] };
    return mistake(
      'fleet',
      file,
      'the file does not exist or cannot be read',
      'a fleet file, see docs/fleet.md',
      'write one on a GPU runner: cuda-image-check check IMAGE --write-profile FILE',
    );
  }
  const parsed = parseFleet(text, file, gpuProblem);
  if (!parsed.ok) return parsed;
  const names = parsed.profiles.map(({ name }) => name);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const [near] = nearest(unknown[0] ?? '', names, 1);
    return mistake(
      'profile',
      unknown.join(', '),
      `${file} has no such profile`,
      names.join(', '),
      near === undefined ? 'use one of these' : `did you mean ${near}?`,
    );
  }
  return {
    ok: true,
    fleet: file,
    profiles: parsed.profiles.filter(({ name }) => wanted.length === 0 || wanted.includes(name)),
  };
}

const knowledge = createKnowledge();

/** What may stand in place of a GPU's name that tells no compute capability; undefined for one that does. */
export function gpuProblem(name: string): string | undefined {
  if (capabilityOfName(name) !== undefined) return undefined;
  const near = nearest(
    name,
    knowledge.gpuNames.rows.map((row) => row.name),
  );
  return near.length === 0
    ? 'a name as nvidia-smi -L prints it, such as NVIDIA L4'
    : `a name as nvidia-smi -L prints it. Near: ${near.join(', ')}`;
}
