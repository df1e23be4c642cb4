import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A CUDA binary that somebody else built and published on npm. */
export interface NpmBinary {
  readonly name: string;
  readonly version: string;
  /** Of the package's archive, as the registry gives it: `sha512-` and base 64. */
  readonly integrity: string;
  /** The file inside the archive. */
  readonly file: string;
}

/** The registry did not give it; nothing is said about its content. */
export class NotFetched extends Error {}

const CACHE = resolve('.lab/cache/binaries');

/** The file, unpacked below a folder that git ignores. Throws `NotFetched`, or an error when it is not what was pinned. */
export async function npmBinary({ name, version, integrity, file }: NpmBinary): Promise<string> {
  const base = `${name.replace('@', '').replace('/', '-')}-${version}`;
  const archive = join(CACHE, `${base}.tgz`);
  const unpacked = join(CACHE, base);
  const path = join(unpacked, file);
  mkdirSync(CACHE, { recursive: true });
  if (!existsSync(archive)) {
    const args = ['pack', `${name}@${version}`, '--silent', '--pack-destination', CACHE];
    const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8', timeout: 600_000 });
    if (status !== 0) throw new NotFetched(`npm ${args.join(' ')} left with ${status}: ${stderr}`);
  }
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive), hash);
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== integrity) {
    rmSync(archive);
    throw new Error(`${name}@${version} has the integrity ${found}, not the pinned ${integrity}`);
  }
  if (existsSync(path)) return path;
  const half = `${unpacked}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half);
  execFileSync('tar', ['-xzf', archive, '-C', half, file]);
  rmSync(unpacked, { recursive: true, force: true });
  renameSync(half, unpacked);
  return path;
}
