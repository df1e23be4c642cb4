import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { baseLayer, type Layer, writeLayer } from './base.js';
import { frameworkFiles } from './frameworks.js';
import { type ImageConfig, publish } from './registry.js';
import type { Image, ImageFile, Scenario } from './scenario.js';

/** This machine, as an image would declare it. */
const machineArchitecture = (): string =>
  process.arch === 'x64' ? 'amd64' : process.arch === 'arm64' ? 'arm64' : process.arch;

/** The toolkit's place for libcudart in an image, with the links and the linker configuration of NVIDIA's own images. */
export const cudartFiles = (version: string): ImageFile[] => {
  const [major = '', minor = ''] = version.split('.');
  const folder = `/usr/local/cuda-${major}.${minor}`;
  const soname = major === '11' ? 'libcudart.so.11.0' : `libcudart.so.${major}`;
  return [
    { path: '/usr/local/cuda', link: `cuda-${major}.${minor}` },
    { path: `/etc/ld.so.conf.d/988_cuda-${major}.conf`, text: `${folder}/lib64\n` },
    { path: `${folder}/lib64/libcudart.so.${version}`, library: soname, mode: '755' },
    { path: `${folder}/lib64/${soname}`, link: `libcudart.so.${version}` },
  ];
};

/** A forward-compatibility libcuda as the cuda-compat packages place it. */
const compatFiles = (version: string, cuda: string | undefined): ImageFile[] => {
  const [major = '12', minor = '0'] = (cuda ?? '').split('.');
  const folder = `/usr/local/cuda-${major}.${minor}/compat`;
  return [
    ...(cuda === undefined ? [{ path: '/usr/local/cuda', link: `cuda-${major}.${minor}` }] : []),
    { path: `${folder}/libcuda.so.${version}`, library: 'libcuda.so.1', mode: '755' },
    { path: `${folder}/libcuda.so.1`, link: `libcuda.so.${version}` },
    { path: `${folder}/libcuda.so`, link: 'libcuda.so.1' },
  ];
};

const filesOf = async (image: Image, lab: string): Promise<ImageFile[]> => [
  ...(await frameworkFiles(image.base, image.frameworks ?? [], lab)),
  ...(image.cudart === undefined ? [] : cudartFiles(image.cudart)),
  ...(image.compatDriver === undefined ? [] : compatFiles(image.compatDriver, image.cudart)),
  ...(image.files ?? []),
];

/** Every folder above the paths, outermost first. */
const foldersAbove = (paths: readonly string[]): string[] => {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/').slice(0, -1);
    for (let length = 1; length <= parts.length; length += 1) {
      folders.add(parts.slice(0, length).join('/'));
    }
  }
  return [...folders].sort();
};

/** Folders that a merged /usr makes links of: a layer must not turn them into folders again. */
const mergedUsr = (path: string): string => path.replace(/^(bin|sbin|lib|lib64)(?=\/)/, 'usr/$1');

const contentOf = async (
  { text = '', library, deviceCode }: ImageFile,
  { driver, lab }: Pick<PublishPlace, 'driver' | 'lab'>,
): Promise<Buffer> => {
  if (library !== undefined) return await readFile(join(driver, library));
  if (deviceCode !== undefined) {
    return await readFile(join(lab, '..', 'probe', 'fuzz', 'corpus', deviceCode));
  }
  return Buffer.from(text);
};

/** A layer's tar with these files. */
export const packFiles = async (
  files: readonly ImageFile[],
  place: Pick<PublishPlace, 'driver' | 'lab'>,
): Promise<Uint8Array> => {
  const archive = pack();
  const named = files.map((file) => ({ ...file, path: mergedUsr(file.path.slice(1)) }));
  for (const folder of foldersAbove(named.map((file) => file.path))) {
    archive.entry({ name: `${folder}/`, type: 'directory', mode: 0o755, mtime: new Date(0) });
  }
  for (const file of named) {
    const header = { name: file.path, mtime: new Date(0) };
    if (file.link !== undefined) {
      archive.entry({ ...header, type: 'symlink', linkname: file.link });
    } else {
      const mode = Number.parseInt(file.mode ?? '644', 8);
      archive.entry({ ...header, mode }, await contentOf(file, place));
    }
  }
  archive.finalize();
  return await buffer(archive);
};

export interface PublishPlace {
  /** `127.0.0.1:PORT` of the open registry and of the one with a login. */
  open: string;
  login: string;
  /** Folder of the simulated driver's files. */
  driver: string;
  cache: string;
  /** The folder `lab` of the checkout. */
  lab: string;
  /** Holds the layers of this run. */
  layers: string;
}

/** Publishes a scenario's image (the n-th, from 0) in the lab's registry and returns its reference. */
export const publishImage = async (
  scenario: Scenario,
  index: number,
  place: PublishPlace,
  say: (line: string) => void,
): Promise<string> => {
  const image = scenario.images[index];
  if (image === undefined) {
    throw new Error(`${scenario.name} has no image ${index}`);
  }
  const address = image.registry === 'login' ? place.login : place.open;
  const repository = `lab/${scenario.name}${index === 0 ? '' : `-${index + 1}`}`;
  if (image.published === false) {
    return `${address}/${repository}:latest`;
  }
  const layers: Layer[] = [];
  if (image.base !== 'empty') {
    layers.push(await baseLayer(image.base, image.packages ?? [], place.cache, say));
  }
  const files = await filesOf(image, place.lab);
  if (files.length > 0 || layers.length === 0) {
    const tar = await packFiles(files, place);
    const name = createHash('sha256').update(tar).digest('hex');
    layers.push(await writeLayer(tar, join(place.layers, `${name}.tar.gz`), 1));
  }
  const [os = 'linux', architecture = machineArchitecture()] = (image.platform ?? '').split('/');
  const config: ImageConfig = {
    os: os === '' ? 'linux' : os,
    architecture,
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ...image.env,
    },
    labels: image.labels ?? {},
    user: image.user,
    entrypoint: image.entrypoint,
  };
  return await publish(
    { address, repository, login: image.registry === 'login' },
    layers,
    config,
    image.index === true,
  );
};
