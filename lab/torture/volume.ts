import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mountsOf } from '../cleanup.js';
import { mustRun, run, waitUntil } from '../process.js';
import { programPath } from '../requirements.js';

/** A file system of its own, as small as is wanted. */
export interface Volume {
  folder: string;
  /** Takes all of its room. */
  fill: () => Promise<void>;
  /** Gives the room back. */
  empty: () => Promise<void>;
  unmount: () => Promise<void>;
}

const FILLER = 'filler';
const env = () => ({ ...process.env, PATH: programPath() });

/** Appends zeros to a file until nothing more fits: whole pages first, then what is left of the last one. */
const fillUp = async (path: string): Promise<void> => {
  const file = await open(path, 'a');
  try {
    for (const size of [1024 * 1024, 4096, 1]) {
      while (await fits(file, Buffer.alloc(size))) {}
    }
  } finally {
    await file.close();
  }
};

const fits = async (file: FileHandle, bytes: Uint8Array): Promise<boolean> => {
  try {
    await file.appendFile(bytes);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
};

/** Mounts a file system in memory on a new folder. @param size as `mount` takes it, for example `64k` */
export const mountVolume = async (folder: string, size: string): Promise<Volume> => {
  await mkdir(folder, { recursive: true });
  await mustRun('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'torture', folder], {
    env: env(),
  });
  const filler = join(folder, FILLER);
  return {
    folder,
    fill: () => fillUp(filler),
    empty: () => rm(filler, { force: true }),
    unmount: () => unmount(folder),
  };
};

/** An engine that has just ended may hold something below for some seconds; then the mount goes with its last user. */
const unmount = async (point: string): Promise<void> => {
  const done = async () => (await run('umount', [point], { env: env() })).code === 0;
  if (await waitUntil(done, 5_000, 500)) return;
  await mustRun('umount', ['--lazy', point], { env: env() });
};

/** Takes away every mount below a folder, innermost first. */
export const unmountBelow = async (folder: string): Promise<void> => {
  for (const point of await mountsOf(folder)) await unmount(point);
};

/** Makes a file read-only even for root, by a mount of it upon itself; returns what ends that. */
export const mountReadOnly = async (file: string): Promise<() => Promise<void>> => {
  await mustRun('mount', ['--bind', file, file], { env: env() });
  await mustRun('mount', ['-o', 'remount,bind,ro', file], { env: env() });
  return async () => {
    await unmount(file);
  };
};
