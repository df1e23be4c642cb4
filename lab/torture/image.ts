import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { baseLayer, type Layer, writeLayer } from '../base.js';
import { cudartFiles, packFiles } from '../image.js';
import { publish } from '../registry.js';
import type { Base } from '../scenario.js';

/** An entry of a hostile layer, as a tar can hold it. */
export interface Entry {
  path: string;
  text?: string | Uint8Array;
  link?: string;
  fifo?: true;
  /** Major and minor number of a character device. */
  device?: readonly [number, number];
  folder?: true;
  mode?: number;
}

export interface HostileImage {
  base?: Base;
  /** A shell script in the place of NVIDIA's entry point, which the action keeps; it runs in the container before the probe. */
  wrapper?: string;
  entries?: readonly Entry[];
  env?: Record<string, string>;
  labels?: Record<string, string>;
  user?: string;
  /** Further members of the image's configuration, as the registry stores them. */
  config?: Record<string, unknown>;
  /** Packages in the base. */
  packages?: readonly string[];
  /** Without the simulated libcudart of CUDA 12.2. */
  bare?: true;
}

export interface ImagePlace {
  address: string;
  cache: string;
  /** The folder `lab` of the checkout, and that of the simulated driver's files. */
  lab: string;
  driver: string;
  layers: string;
}

/** Where NVIDIA's images have their entry point. */
export const WRAPPER = '/opt/nvidia/nvidia_entrypoint.sh';

export const CUDA_ENV: Readonly<Record<string, string>> = {
  CUDA_VERSION: '12.2.2',
  NVIDIA_VISIBLE_DEVICES: 'all',
  NVIDIA_DRIVER_CAPABILITIES: 'compute,utility',
  LD_LIBRARY_PATH: '/usr/local/nvidia/lib:/usr/local/nvidia/lib64',
};

const packEntries = async (entries: readonly Entry[]): Promise<Uint8Array> => {
  const archive = pack();
  const done = buffer(archive);
  for (const { path, text, link, fifo, device, folder, mode } of entries) {
    const header = { name: path.replace(/^\//, ''), mtime: new Date(0), mode: mode ?? 0o755 };
    if (link !== undefined) archive.entry({ ...header, type: 'symlink', linkname: link });
    else if (fifo) archive.entry({ ...header, type: 'fifo' });
    else if (folder) archive.entry({ ...header, type: 'directory' });
    else if (device !== undefined) {
      const [devmajor, devminor] = device;
      archive.entry({ ...header, type: 'character-device', devmajor, devminor });
    } else archive.entry({ ...header, mode: mode ?? 0o644 }, Buffer.from(text ?? ''));
  }
  archive.finalize();
  return await done;
};

const keep = (tar: Uint8Array, place: ImagePlace): Promise<Layer> => {
  const name = createHash('sha256').update(tar).digest('hex');
  return writeLayer(tar, join(place.layers, `${name}.tar.gz`), 1);
};

/** Publishes a hostile image and returns its reference. The first layers are those of every image here, so that only the hostile one is pulled. */
export const publishHostile = async (
  name: string,
  image: HostileImage,
  place: ImagePlace,
): Promise<string> => {
  const { base = 'bookworm', wrapper, entries = [] } = image;
  const layers: Layer[] = [];
  if (base !== 'empty') {
    layers.push(await baseLayer(base, image.packages ?? [], place.cache, () => {}));
  }
  if (!image.bare) layers.push(await keep(await packFiles(cudartFiles('12.2.140'), place), place));
  const own: Entry[] = [
    ...(wrapper === undefined
      ? []
      : [{ path: WRAPPER, text: `#!/bin/sh\n${wrapper}\n`, mode: 0o755 }]),
    ...entries,
  ];
  if (own.length > 0 || layers.length === 0) layers.push(await keep(await packEntries(own), place));
  return await publish(
    { address: place.address, repository: `lab/torture-${name}`, login: false },
    layers,
    {
      os: 'linux',
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        ...CUDA_ENV,
        ...image.env,
      },
      labels: image.labels ?? {},
      user: image.user,
      entrypoint: wrapper === undefined ? undefined : [WRAPPER],
      more: image.config,
    },
    false,
  );
};
