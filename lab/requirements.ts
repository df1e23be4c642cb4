import { access, constants, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { mustRun } from './process.js';

interface Needed {
  program: string;
  package: string;
  why: string;
}

/** The programs that the lab runs, with the Debian or Ubuntu package that has each. */
const NEEDED: readonly Needed[] = [
  { program: 'dockerd', package: 'docker.io', why: 'the container engine' },
  { program: 'containerd', package: 'docker.io', why: 'the container engine' },
  { program: 'runc', package: 'docker.io', why: 'the container engine' },
  { program: 'docker', package: 'docker.io', why: 'its command line' },
  { program: 'docker-registry', package: 'docker-registry', why: 'the registry' },
  { program: 'gcc', package: 'gcc libc6-dev', why: 'builds the simulated driver and hook' },
  { program: 'tar', package: 'tar', why: 'packs image layers' },
  { program: 'dpkg-deb', package: 'dpkg', why: 'unpacks what the images consist of' },
  { program: 'apt-get', package: 'apt', why: 'downloads what the images consist of' },
];

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Something the lab cannot do without; the message says what to do about it. */
export class RequirementError extends Error {}

/** Folders of system programs, which an ordinary user's PATH often lacks. */
export const programPath = (): string =>
  [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin']
    .filter((part) => part !== '')
    .join(delimiter);

export const findProgram = async (name: string): Promise<string | undefined> => {
  for (const folder of programPath().split(delimiter)) {
    const path = join(folder, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
};

const missing = async (): Promise<Needed[]> => {
  const lacking: Needed[] = [];
  for (const needed of NEEDED) {
    if ((await findProgram(needed.program)) === undefined) {
      lacking.push(needed);
    }
  }
  try {
    await access(KEYRING);
  } catch {
    lacking.push({
      program: KEYRING,
      package: 'debian-archive-keyring',
      why: 'proves that the packages are Debian’s',
    });
  }
  return lacking;
};

const packagesOf = (lacking: readonly Needed[]): string[] => [
  ...new Set(lacking.flatMap((needed) => needed.package.split(' '))),
];

const list = (lacking: readonly Needed[]): string =>
  lacking.map((needed) => `  ${needed.program} (${needed.why})`).join('\n');

/**
 * Makes sure that everything the lab runs is there: installs Debian packages when it may.
 * @throws RequirementError that names what is missing and the command that brings it.
 */
export const ensureRequirements = async (say: (line: string) => void): Promise<void> => {
  if (process.platform !== 'linux') {
    throw new RequirementError(
      `The lab runs a Linux container engine of its own; this is ${process.platform}.`,
    );
  }
  const lacking = await missing();
  const isRoot = process.getuid?.() === 0;
  if (lacking.length > 0) {
    const packages = packagesOf(lacking);
    const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
    if (!isRoot || (await findProgram('apt-get')) === undefined) {
      throw new RequirementError(
        `The lab needs programs that are not here:\n${list(lacking)}\nOn Debian or Ubuntu: sudo ${command}`,
      );
    }
    say(`Installing ${packages.join(', ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PATH: programPath() };
    await mustRun('apt-get', ['update', '-q'], { env });
    // Debian starts a service when its package is installed; the lab wants the program and starts its own.
    const install = (names: readonly string[]) =>
      withoutServices(() =>
        mustRun('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], { env }),
      );
    await install(packages);
    if ((await findProgram('docker')) === undefined) {
      // Since Debian 13 the command line is a package of its own.
      await install(['docker-cli']);
    }
    const still = await missing();
    if (still.length > 0) {
      throw new RequirementError(`Installed ${packages.join(', ')}, but missing:\n${list(still)}`);
    }
  }
  if (!isRoot) {
    throw new RequirementError(
      'The lab starts a container engine of its own, which only root may: sudo npm run lab -- …',
    );
  }
};

const withoutServices = async <T>(install: () => Promise<T>): Promise<T> => {
  const policy = '/usr/sbin/policy-rc.d';
  let ours = false;
  try {
    await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
    ours = true;
  } catch {
    // The machine has a policy of its own, which stays.
  }
  try {
    return await install();
  } finally {
    if (ours) {
      await rm(policy, { force: true });
    }
  }
};
