import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadPackages, unpackPackages } from '../debian.js';
import type { Say } from '../lab.js';
import { mustRun } from '../process.js';
import { programPath } from '../requirements.js';

/** A release of Debian, for the engines that are in it: an old Docker and Podman, newer ones, the newest. */
export type Suite = 'bookworm' | 'trixie' | 'sid';

/** The programs of one release, unpacked: a root for processes, as it were installed there. */
export interface SuiteRoot {
  readonly suite: Suite;
  readonly folder: string;
  /** Versions of the packages that an engine consists of, without Debian's own part: `docker.io` → `28.5.2`. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Container engines and what they call. */
const ENGINES = ['docker.io', 'containerd', 'runc', 'podman', 'crun', 'conmon'] as const;

const PACKAGES: Readonly<Record<Suite, readonly string[]>> = {
  // Podman 4.3 has its networks from CNI plug-ins, which containers without a network do not need.
  bookworm: [...ENGINES, 'golang-github-containers-common'],
  trixie: [...ENGINES, 'docker-cli', 'netavark'],
  sid: [...ENGINES, 'docker-cli', 'netavark'],
};

/** What every Debian has and no package names: a shell, mounts, the linker's cache, the tools of a rootless engine. */
const ESSENTIAL = ['base-files', 'coreutils', 'dash', 'libc-bin', 'mount', 'util-linux', 'uidmap'];

/** Part of the key of every cached root: raise it when what a root has changes. */
const ROOT_VERSION = 1;

/** The version of the program in a package's: no epoch, no revision, no `+dfsg4`. Pure. */
const upstreamVersion = (version: string): string =>
  /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? version;

/** The versions of the engines among files of packages, `docker.io_28.5.2+dfsg4-1_amd64.deb`. Pure. */
export const engineVersions = (files: readonly string[]): Record<string, string> => {
  const versions: Record<string, string> = {};
  for (const file of files) {
    const [name = '', version = ''] = file.split('_');
    if ([...ENGINES, 'netavark'].includes(name)) {
      versions[name] = upstreamVersion(decodeURIComponent(version));
    }
  }
  return versions;
};

const make = async (suite: Suite, packages: readonly string[], folder: string): Promise<void> => {
  const work = `${folder}.part`;
  const root = join(work, 'root');
  await rm(work, { recursive: true, force: true });
  try {
    await mkdir(root, { recursive: true });
    await downloadPackages({ suite, packages, alone: false }, work);
    await unpackPackages(work, root);
    const env = { ...process.env, PATH: programPath() };
    await mustRun('ldconfig', ['-r', root], { env });
    await writeFile(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
    await writeFile(join(root, 'etc', 'group'), 'root:x:0:\n');
    const versions = engineVersions(await readdir(join(work, 'archives')));
    await writeFile(join(root, 'versions.json'), JSON.stringify(versions));
    await rename(root, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

/**
 * The engines of a release of Debian, from its own packages. Kept in the cache, so that only the first use downloads anything
 * (about 120 MB); `down --cache` forgets it, and with it which version was the newest.
 * @throws RequirementError where no mirror has the release
 */
export const suiteRoot = async (suite: Suite, cache: string, say: Say): Promise<SuiteRoot> => {
  const packages = [...ESSENTIAL, ...PACKAGES[suite]];
  const key = createHash('sha256')
    .update(JSON.stringify([ROOT_VERSION, packages, process.arch]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cache, 'engines', `${suite}-${key}`);
  const read = async (): Promise<SuiteRoot> => ({
    suite,
    folder,
    versions: JSON.parse(await readFile(join(folder, 'versions.json'), 'utf8')),
  });
  try {
    return await read();
  } catch {
    // Not in the cache yet.
  }
  const began = Date.now();
  await make(suite, packages, folder);
  say(`Unpacked the engines of Debian ${suite} in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  return await read();
};
