import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Base, Framework, ImageFile } from './scenario.js';

/** The Python of each Debian release, which the image has by `packages: ["python3"]`. */
const PYTHON: Partial<Record<Base, string>> = {
  bullseye: '3.9',
  bookworm: '3.11',
  trixie: '3.13',
};

/** Libraries of CUDA as the wheels of NVIDIA place them beside a framework. */
const wheelFiles = (
  site: string,
  folder: string,
  name: string,
  soname: string,
  version: string,
): ImageFile[] => [
  {
    path: `${site}/nvidia/${folder}/lib/${name}.so.${version}`,
    library: soname,
    mode: '755',
  },
  { path: `${site}/nvidia/${folder}/lib/${soname}`, link: `${name}.so.${version}` },
];

const libraryFiles = (
  site: string,
  { cuda, cudnn = '9.10.2', without = [] }: Framework,
): ImageFile[] => {
  if (cuda === null) {
    return [];
  }
  const [major = ''] = cuda.split('.');
  const [cudnnMajor = ''] = cudnn.split('.');
  const cudart = major === '11' ? 'libcudart.so.11.0' : `libcudart.so.${major}`;
  return [
    ...(without.includes('cudart')
      ? []
      : wheelFiles(site, 'cuda_runtime', 'libcudart', cudart, `${cuda}.90`)),
    ...(without.includes('cudnn')
      ? []
      : wheelFiles(site, 'cudnn', 'libcudnn', `libcudnn.so.${cudnnMajor}`, cudnn)),
  ];
};

/** What torch/version.py and tensorflow's build information say of a build. */
const versionModule = ({ version, cuda }: Framework): string =>
  [
    'from typing import Optional',
    `__version__ = '${version}'`,
    'debug = False',
    `cuda: Optional[str] = ${cuda === null ? 'None' : `'${cuda}'`}`,
    'hip: Optional[str] = None',
    '',
  ].join('\n');

/** A virtual environment as `python3 -m venv` leaves it, without pip. */
const venvFiles = (venv: string, python: string): ImageFile[] => [
  { path: `${venv}/bin/python`, link: `/usr/bin/python${python}` },
  { path: `${venv}/pyvenv.cfg`, text: `home = /usr/bin\nversion = ${python}.0\n` },
];

/**
 * The files of the stand-ins of an image, as pip places them for the system's Python, or in a virtual environment of it.
 * @throws Error where the base has no Python that they could belong to.
 */
export const frameworkFiles = async (
  base: Base,
  frameworks: readonly Framework[],
  labFolder: string,
): Promise<ImageFile[]> => {
  const python = PYTHON[base];
  if (frameworks.length > 0 && python === undefined) {
    throw new Error(`the base ${base} has no Python, so that it can have no frameworks`);
  }
  const venvs = new Set(frameworks.flatMap(({ venv }) => venv ?? []));
  const files = [...venvs].flatMap((venv) => venvFiles(venv, python ?? ''));
  for (const framework of frameworks) {
    const { venv } = framework;
    const site =
      venv === undefined
        ? `/usr/local/lib/python${python}/dist-packages`
        : `${venv}/lib/python${python}/site-packages`;
    const { name, version, cuda, cudnn = '9.10.2', targets = [], fault } = framework;
    const text = await readFile(join(labFolder, 'frameworks', `${name}.py`), 'utf8');
    const kernel = await readFile(join(labFolder, '..', 'probe', 'kernel.ptx'), 'utf8');
    const build = { version, cuda, cudnn, targets, ...(fault === undefined ? {} : { fault }) };
    files.push(
      { path: `${site}/${name}/__init__.py`, text },
      { path: `${site}/${name}/version.py`, text: versionModule(framework) },
      { path: `${site}/${name}/kernel.ptx`, text: kernel },
      { path: `${site}/${name}/standin.json`, text: JSON.stringify(build) },
      {
        path: `${site}/${name}-${version}.dist-info/METADATA`,
        text: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
      },
      ...libraryFiles(site, framework),
    );
  }
  return files;
};
