import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { mustRun, run } from './process.js';
import { programPath, RequirementError } from './requirements.js';
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

interface Recipe {
  suite: string;
  packages: readonly string[];
  /** Only these packages, without what they depend on. */
  alone: boolean;
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

/** Where releases go that the mirrors have dropped. */
const ARCHIVE = 'http://archive.debian.org/debian';

const DEBIAN_RELEASE =
  /^(bullseye|bookworm|trixie|forky|sid|oldoldstable|oldstable|stable|testing|unstable)$/;

/** The mirrors among apt's own sources that have a Debian release; a machine with another system has none. */
export const debianMirrors = (sources: string): string[] => [
  ...new Set(
    sources.split('\n').flatMap((line) => {
      const [site = '', release = '', component = ''] = line.split(' ');
      return DEBIAN_RELEASE.test(release) && component === 'main' ? [site] : [];
    }),
  ),
];

/** LAB_DEBIAN_MIRROR, or the mirrors that this machine's apt uses. */
const mirrors = async (env: NodeJS.ProcessEnv): Promise<string[]> => {
  const given = env['LAB_DEBIAN_MIRROR'] ?? '';
  if (given !== '') {
    return [given];
  }
  const format = '$(SITE) $(RELEASE) $(COMPONENT)';
  const listed = await mustRun(
    'apt-get',
    ['indextargets', '--no-release-info', '--format', format],
    {
      env,
    },
  );
  const found = debianMirrors(listed);
  if (found.length === 0) {
    throw new RequirementError(
      'The images of the lab are made of Debian packages, and the apt of this machine has no Debian mirror. ' +
        'Set LAB_DEBIAN_MIRROR to the address of one that has bullseye, bookworm and trixie.',
    );
  }
  return [...found, ARCHIVE];
};

/** Downloads packages of one Debian release, checked against Debian's own signature, with a private state of apt. */
const download = async (suite: string, recipe: Recipe, folder: string): Promise<void> => {
  await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
  await mkdir(join(folder, 'archives', 'partial'), { recursive: true });
  await writeFile(join(folder, 'status'), '');
  const options = Object.entries({
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Dir::State': folder,
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::Status': join(folder, 'status'),
    'Dir::Cache::Archives': join(folder, 'archives'),
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'APT::Sandbox::User': 'root',
    'APT::Install-Recommends': 'false',
    'APT::Update::Error-Mode': 'any',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Debug::NoLocking': 'true',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const env = { ...process.env, PATH: programPath(), LC_ALL: 'C.UTF-8' };
  const problems: string[] = [];
  for (const mirror of await mirrors(env)) {
    await writeFile(
      join(folder, 'sources.list'),
      `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} ${suite} main\n`,
    );
    const update = await run('apt-get', [...options, 'update'], { env });
    if (update.code === 0) {
      const get = recipe.alone
        ? ['download', ...recipe.packages]
        : ['install', '-y', '--download-only', ...recipe.packages];
      await mustRun('apt-get', [...options, ...get], { env, cwd: join(folder, 'archives') });
      return;
    }
    problems.push(`${mirror}: ${update.stderr.trim()}`);
  }
  throw new RequirementError(
    `Cannot read the packages of Debian ${suite}.\n${problems.join('\n')}`,
  );
};

/** Unpacks every package below one merged /usr, without documentation. */
const unpack = async (folder: string, root: string): Promise<void> => {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(root, 'usr', name), { recursive: true });
    await symlink(join('usr', name), join(root, name));
  }
  await mustRun(
    'sh',
    [
      '-euc',
      'for package in "$1"/*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x -C "$2" --keep-directory-symlink' +
        ' --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale --exclude=./usr/share/info; done',
      'unpack',
      join(folder, 'archives'),
      root,
    ],
    { env: { ...process.env, PATH: programPath() } },
  );
};

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
    await download(recipe.suite, recipe, work);
    await unpack(work, root);
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
