import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun, run } from './process.js';
import { programPath, RequirementError } from './requirements.js';

/** Packages of one release of Debian. */
export interface Packages {
  /** `bookworm`, `sid`. */
  suite: string;
  packages: readonly string[];
  /** Only these packages, without what they depend on. */
  alone: boolean;
}

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

/**
 * Downloads packages of one Debian release into `folder/archives`, checked against Debian's own signature, with a private state of apt.
 * @throws RequirementError where no mirror has the release
 */
export const downloadPackages = async (
  { suite, packages, alone }: Packages,
  folder: string,
): Promise<void> => {
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
      const get = alone
        ? ['download', ...packages]
        : ['install', '-y', '--download-only', ...packages];
      await mustRun('apt-get', [...options, ...get], { env, cwd: join(folder, 'archives') });
      return;
    }
    problems.push(`${mirror}: ${update.stderr.trim()}`);
  }
  throw new RequirementError(
    `Cannot read the packages of Debian ${suite}.\n${problems.join('\n')}`,
  );
};

/** Unpacks every package of `folder/archives` below one merged /usr, without documentation; no script of a package runs. */
export const unpackPackages = async (folder: string, root: string): Promise<void> => {
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
