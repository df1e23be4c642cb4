import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { downloadPackages, type Packages, unpackPackages } from './debian.js';
import { mustRun, run } from './process.js';
import { programPath } from './requirements.js';
import type { Base } from './scenario.js';

/** A layer of an image: the file that the registry gets, and the digests that name it. */
export interface Layer {
  file: string;
  bytes: number;
  /** `sha256:…` of the compressed file. */
  digest: string;
  /** `sha256:…` of the tar inside. */
  diffId: string;
}

interface Recipe extends Packages {
  /** Paths that stay; everything when left out. */
  keep?: readonly string[];
}

const DEBIAN = ['base-files', 'libc6', 'libc-bin', 'dash', 'coreutils'];

const RECIPES: Record<Exclude<Base, 'empty'>, Recipe> = {
  bullseye: { suite: 'bullseye', packages: DEBIAN, alone: false },
  bookworm: { suite: 'bookworm', packages: DEBIAN, alone: false },
  trixie: { suite: 'trixie', packages: DEBIAN, alone: false },
  busybox: { suite: 'bookworm', packages: ['busybox-static'], alone: true },
  distroless: {
    suite: 'bookworm',
    packages: ['base-files', 'libc6'],
    alone: true,
    keep: ['etc', 'usr/lib', 'lib', 'lib64', 'tmp', 'usr/lib64'],
  },
};

/** Part of the key of every cached layer: raise it when a recipe's meaning changes. */
const RECIPE_VERSION = 1;

const PASSWD = [
  'root:x:0:0:root:/root:/bin/sh',
  'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
  'user:x:1000:1000:user:/home/user:/bin/sh',
  '',
].join('\n');

/** What a package's own scripts would have done, as far as a container of the lab needs it. */
const configure = async (base: Base, root: string): Promise<void> => {
  for (const name of ['etc', 'dev', 'proc', 'sys', 'run', 'root', 'home/user', 'usr/bin']) {
    await mkdir(join(root, name), { recursive: true });
  }
  await mkdir(join(root, 'tmp'), { recursive: true });
  await mustRun('chmod', ['1777', join(root, 'tmp')]);
  await mustRun('chown', ['1000:1000', join(root, 'home/user')]);
  await writeFile(join(root, 'etc/passwd'), PASSWD);
  await writeFile(
    join(root, 'etc/group'),
    'root:x:0:\nvideo:x:44:\nnogroup:x:65534:\nuser:x:1000:\n',
  );
  if (base === 'busybox') {
    const applets = await mustRun(join(root, 'usr/bin/busybox'), ['--list']);
    for (const applet of applets.split('\n').filter((name) => /^[\w[.-]+$/.test(name))) {
      if (applet !== 'busybox') {
        await symlink('busybox', join(root, 'usr/bin', applet)).catch(() => undefined);
      }
    }
  } else if (base !== 'distroless') {
    await symlink('dash', join(root, 'usr/bin/sh')).catch(() => undefined);
    await mustRun('ldconfig', ['-r', root], { env: { ...process.env, PATH: programPath() } });
  }
};

const sha256 = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Writes a tar as a compressed layer, whole or not at all. */
export const writeLayer = async (tar: Uint8Array, file: string, level: number): Promise<Layer> => {
  const compressed = gzipSync(tar, { level });
  const layer: Layer = {
    file,
    bytes: compressed.length,
    digest: sha256(compressed),
    diffId: sha256(tar),
  };
  await writeFile(`${file}.part`, compressed);
  await rename(`${file}.part`, file);
  return layer;
};

const build = async (base: Base, recipe: Recipe, file: string): Promise<Layer> => {
  const work = `${file}.work`;
  const root = join(work, 'root');
  await rm(work, { recursive: true, force: true });
  try {
    await mkdir(root, { recursive: true });
    await downloadPackages(recipe, work);
    await unpackPackages(work, root);
    await configure(base, root);
    const names = recipe.keep ?? ['.'];
    const present: string[] = [];
    for (const name of names) {
      const there = await run('test', ['-e', join(root, name)]);
      if (there.code === 0) {
        present.push(name);
      }
    }
    const archive = join(work, 'layer.tar');
    await mustRun('tar', [
      '-c',
      '--sort=name',
      '--mtime=@0',
      '--numeric-owner',
      '-f',
      archive,
      '-C',
      root,
      ...present,
    ]);
    return await writeLayer(await readFile(archive), file, 3);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

/**
 * The first layer of an image: a small Debian (or busybox, or glibc alone) made of Debian's own packages.
 * Kept in the cache, so that only the first use of a base downloads anything.
 */
export const baseLayer = async (
  base: Exclude<Base, 'empty'>,
  extra: readonly string[],
  cache: string,
  say: (line: string) => void,
): Promise<Layer> => {
  const recipe = { ...RECIPES[base], packages: [...RECIPES[base].packages, ...extra] };
  const key = createHash('sha256')
    .update(JSON.stringify([RECIPE_VERSION, recipe, PASSWD, process.arch]))
    .digest('hex')
    .slice(0, 12);
  const file = join(cache, `${base}-${key}.tar.gz`);
  try {
    const layer = JSON.parse(await readFile(`${file}.json`, 'utf8')) as Layer;
    await readFile(file, { flag: 'r' });
    return { ...layer, file };
  } catch {
    // Not in the cache yet.
  }
  const began = Date.now();
  await mkdir(cache, { recursive: true });
  const layer = await build(base, recipe, file);
  await writeFile(`${file}.json`, JSON.stringify(layer));
  say(
    `Made the base image ${base} (${Math.round(layer.bytes / 1e6)} MB) in ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
  return layer;
};
