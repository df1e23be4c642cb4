import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect } from '@jest/globals';
import { closeWorkshop, createImageTree, type ImageTree } from './image-tree.js';
import { itNeeding, needsProgram, needsRoot } from './tools.js';

const NEEDS = [
  { met: process.arch === 'x64', missing: 'needs an x86-64 machine' },
  needsProgram('x86_64-linux-gnu-gcc', 'apt-get install gcc binutils'),
  needsRoot,
];

const SITE = '/usr/local/lib/python3.11/site-packages';

describe('the Python of an image', () => {
  let tree: ImageTree;
  beforeEach(() => {
    tree = createImageTree();
    // A folder `usr/lib` makes it the root of an image.
    tree.write('/usr/lib/os-release', 'ID=test\n');
  });
  afterEach(() => tree[Symbol.dispose]());
  afterAll(closeWorkshop);

  const told = (step: string, env?: Readonly<Record<string, string>>) =>
    tree
      .scanInside(env)
      .filter((one) => one['step'] === step)
      .map(({ step: _, ...rest }) => rest);
  const interpreters = (env?: Readonly<Record<string, string>>) =>
    told('python', env).map(({ path, version, prefix }) => [path, version, prefix]);
  /** name: [version, cuda, cudnn]; what is not known is left out at the end. */
  const packages = () =>
    Object.fromEntries(
      told('package').map(({ name, version, cuda, cudnn }) => {
        const all = [version, cuda, cudnn];
        while (all.length > 1 && all.at(-1) === undefined) all.pop();
        return [name, all];
      }),
    );
  const install = (entry: string, files: Readonly<Record<string, string>> = {}, site = SITE) => {
    const [name, version = ''] = entry.replace(/\.(dist|egg)-info$/, '').split('-');
    const file = entry.endsWith('.dist-info') ? 'METADATA' : 'PKG-INFO';
    tree.write(
      `${site}/${entry}/${file}`,
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n\nVersion: 9\n`,
    );
    for (const [path, text] of Object.entries(files)) tree.write(`${site}/${path}`, text);
  };

  describe('interpreters', () => {
    itNeeding(NEEDS, 'are all found, each once, those on PATH first', () => {
      tree.program('/usr/bin/python3.11');
      tree.link('/usr/bin/python3', 'python3.11');
      tree.link('/bin', 'usr/bin');
      tree.program('/usr/local/bin/python3.12');
      tree.link('/usr/local/bin/python', '/etc/alternatives/python');
      tree.link('/etc/alternatives/python', '/usr/local/bin/python3.12');
      tree.program('/opt/conda/bin/python3.10');
      tree.program('/opt/conda/envs/a/bin/python3.9');
      tree.program('/root/.pyenv/versions/3.8.18/bin/python3.8');
      tree.write('/root/.pyenv/shims/python3', '#!/usr/bin/env bash\n');
      tree.program('/root/.local/share/uv/python/cpython-3.13.1-linux-x86_64-gnu/bin/python3.13');
      tree.write('/usr/bin/python3.11-config', '#!/bin/sh\n');
      tree.write('/usr/bin/python3-pip', '#!/bin/sh\n');
      tree.write('/opt/script/bin/python3', '#!/bin/sh\nexec /usr/bin/python3 "$@"\n');
      const found = interpreters({ PATH: '/opt/conda/bin:/usr/local/bin:/bin' });
      expect(found.slice(0, 3)).toEqual([
        ['/usr/local/bin/python3.12', '3.12', '/usr/local'],
        ['/usr/bin/python3.11', '3.11', '/usr'],
        expect.anything(),
      ]);
      expect(found.map(([path]) => path).toSorted()).toEqual([
        '/opt/conda/bin/python3.10',
        '/opt/conda/envs/a/bin/python3.9',
        '/root/.local/share/uv/python/cpython-3.13.1-linux-x86_64-gnu/bin/python3.13',
        '/root/.pyenv/versions/3.8.18/bin/python3.8',
        '/usr/bin/python3.11',
        '/usr/local/bin/python3.12',
      ]);
    });

    itNeeding(NEEDS, 'of a virtual environment are named by its own link', () => {
      tree.program('/usr/bin/python3.11');
      tree.link('/usr/bin/python3', 'python3.11');
      tree.link('/opt/venv/bin/python', '/usr/bin/python3.11');
      tree.link('/opt/venv/bin/python3', 'python');
      tree.write('/opt/venv/pyvenv.cfg', 'home = /usr/bin\nversion = 3.11.7\n');
      tree.link('/opt/uv/bin/python', '/usr/bin/python3.11');
      tree.write('/opt/uv/pyvenv.cfg', 'home=/usr/bin\nversion_info = 3.11.7.final.0\n');
      // Copied from another build stage without its interpreter.
      tree.link('/opt/broken/bin/python', '/nowhere/python3.12');
      tree.write('/opt/broken/pyvenv.cfg', 'home = /nowhere\n');
      expect(interpreters({ PATH: '/opt/venv/bin:/usr/bin' })).toEqual([
        ['/opt/venv/bin/python', '3.11', '/opt/venv'],
        ['/usr/bin/python3.11', '3.11', '/usr'],
        ['/opt/uv/bin/python', '3.11', '/opt/uv'],
      ]);
    });

    itNeeding(NEEDS, 'say whether a program gets them', () => {
      tree.program('/usr/bin/python3.11');
      tree.link('/usr/bin/python3', 'python3.11');
      tree.program('/opt/conda/envs/a/bin/python3.9');
      tree.program('/opt/conda/envs/b/bin/python3.9');
      tree.program('/root/.pyenv/versions/3.8.18/bin/python3.8');
      tree.program('/root/.pyenv/versions/3.12.4/bin/python3.12');
      tree.write('/root/.pyenv/shims/python3', '#!/usr/bin/env bash\n');
      tree.write('/root/.pyenv/version', '3.12\n');
      const onPath = (env: Readonly<Record<string, string>>) =>
        told('python', env)
          .filter((one) => one['onPath'] === true)
          .map(({ prefix }) => prefix)
          .toSorted();
      expect(onPath({ PATH: '/usr/bin' })).toEqual(['/usr']);
      expect(onPath({ PATH: '/bin', CONDA_PREFIX: '/opt/conda/envs/b' })).toEqual([
        '/opt/conda/envs/b',
      ]);
      const shims = '/root/.pyenv/shims:/usr/bin';
      expect(onPath({ PATH: shims })).toEqual(['/root/.pyenv/versions/3.12.4', '/usr']);
      expect(onPath({ PATH: shims, PYENV_VERSION: '3.8.18:system' })).toEqual([
        '/root/.pyenv/versions/3.8.18',
        '/usr',
      ]);
      expect(onPath({ PATH: shims, PYENV_VERSION: '3.1' })).toEqual(['/usr']);
      const site = '/opt/conda/envs/a/lib/python3.9/site-packages';
      install('torch-2.8.0.dist-info', {}, site);
      install('jax-0.6.0.dist-info', {}, '/usr/lib/python3/dist-packages');
      install('vllm-0.9.0.dist-info', {}, '/srv/packages');
      const placed = (env: Readonly<Record<string, string>>) =>
        Object.fromEntries(told('package', env).map((one) => [one['name'], one['onPath']]));
      expect(placed({ PATH: '/usr/bin' })).toEqual({ torch: false, jax: true, vllm: undefined });
      expect(placed({ PATH: '/opt/conda/envs/a/bin', PYTHONPATH: '/srv/packages' })).toEqual({
        torch: false,
        jax: false,
        vllm: false,
      });
    });

    itNeeding(NEEDS, 'of a tree that is no image are found, too', () => {
      tree.write('/plain/venv/pyvenv.cfg', 'home = /usr/bin\nversion = 3.11.7\n');
      tree.program('/plain/venv/bin/python');
      const outside = tree.scan().find(({ step }) => step === 'python');
      expect(outside).toMatchObject({ path: join(tree.folder, '/plain/venv/bin/python') });
    });
  });

  describe('frameworks', () => {
    itNeeding(NEEDS, 'are known by metadata of every kind, under the names that pip has', () => {
      install('torch-2.9.0+cu128.dist-info');
      install('Flash_Attn-2.7.4.post1.dist-info');
      install('cupy_cuda12x-13.4.1.dist-info');
      install('tensorrt_cu12-10.9.0.34.dist-info');
      install('tensorrt_cu12_libs-10.9.0.34.dist-info');
      install('transformer_engine_cu12-2.1.dist-info');
      install('bitsandbytes-0.45.0-py3.11.egg-info');
      tree.write(`${SITE}/xformers-0.0.28-py3.11.egg-info`, 'Name: xformers\nVersion: 0.0.28\n');
      install('vllm-0.9.1.dist-info');
      install('torchmetrics-1.0.dist-info');
      install('~orch-2.8.0.dist-info');
      tree.write(`${SITE}/triton-3.0.0.dist-info/INSTALLER`, 'a leftover without METADATA');
      expect(packages()).toEqual({
        torch: ['2.9.0+cu128', '12.8'],
        'flash-attn': ['2.7.4.post1'],
        cupy: ['13.4.1', '12'],
        tensorrt: ['10.9.0.34', '12'],
        'transformer-engine': ['2.1', '12'],
        bitsandbytes: ['0.45.0'],
        xformers: ['0.0.28'],
        vllm: ['0.9.1'],
      });
      expect(told('package').find(({ name }) => name === 'torch')?.['path']).toBe(SITE);
    });

    itNeeding(NEEDS, 'of Conda are known by what Conda keeps, once', () => {
      const prefix = '/opt/conda/envs/a';
      tree.write(`${prefix}/conda-meta/pytorch-2.1.0-py3.11_cuda12.1_cudnn8.9.2_0.json`, '{}');
      tree.write(`${prefix}/conda-meta/tensorflow-2.15.0-cuda118py311h6_0.json`, '{}');
      tree.write(`${prefix}/conda-meta/pytorch-cuda-12.1-ha16c6d3_5.json`, '{}');
      tree.write(`${prefix}/lib/python3.11/os.py`, '');
      const site = `${prefix}/lib/python3.11/site-packages`;
      install(
        'torch-2.1.0-py3.11.egg-info',
        { 'torch/version.py': "cuda = '12.1'\nhip = None\n" },
        site,
      );
      expect(told('package')).toEqual([
        { name: 'torch', version: '2.1.0', cuda: '12.1', path: site },
        { name: 'tensorflow', version: '2.15.0', path: site },
      ]);
    });

    const VERSION =
      "__version__ = '2.9.0+cu130'\ncuda: Optional[str] = '13.0'\nhip: Optional[str] = None\n";
    const TENSORFLOW =
      'build_info = collections.OrderedDict({"cpu_compiler": "/usr/lib/llvm-18/bin/clang", ' +
      '"cuda_compute_capabilities": ["sm_60", "compute_90"], "cuda_version": "12.5.1", "cudnn_version": "9", ' +
      '"is_cuda_build": True, "is_rocm_build": False})';
    const CASES: readonly [
      string,
      string,
      Readonly<Record<string, string>>,
      Readonly<Record<string, unknown>>,
    ][] = [
      [
        'torch with CUDA',
        'torch-2.9.0.dist-info',
        { 'torch/version.py': VERSION },
        { torch: ['2.9.0+cu130', '13.0'] },
      ],
      [
        'torch for the CPU',
        'torch-2.9.0+cpu.dist-info',
        {
          'torch/version.py':
            "__version__ = '2.9.0+cpu'\ncuda: Optional[str] = None\nhip: Optional[str] = None\n",
        },
        { torch: ['2.9.0+cpu', null] },
      ],
      [
        'torch for another kind of GPU',
        'torch-2.9.0+rocm6.4.dist-info',
        { 'torch/version.py': "cuda = None\nhip = '6.4.43482'\n" },
        { torch: ['2.9.0+rocm6.4'] },
      ],
      [
        'tensorflow with CUDA',
        'tensorflow-2.20.0.dist-info',
        { 'tensorflow/python/platform/build_info.py': TENSORFLOW },
        { tensorflow: ['2.20.0', '12.5.1', '9'] },
      ],
      [
        'tensorflow without',
        'tensorflow-2.20.0.dist-info',
        { 'tensorflow/python/platform/build_info.py': TENSORFLOW.replace('True', 'False') },
        { tensorflow: ['2.20.0', null] },
      ],
      [
        'tensorflow of old',
        'tensorflow_gpu-2.2.0.dist-info',
        {
          'tensorflow/python/platform/build_info.py':
            "is_cuda_build = True\ncuda_version_number = '10.1'\ncudnn_version_number = '7'\n",
        },
        { 'tensorflow-gpu': ['2.2.0', '10.1', '7'] },
      ],
      ['tensorflow-cpu', 'tensorflow_cpu-2.20.0.dist-info', {}, { tensorflow: ['2.20.0', null] }],
      [
        'tensorflow that says nothing',
        'tensorflow-2.20.0.dist-info',
        {},
        { tensorflow: ['2.20.0'] },
      ],
      ['onnxruntime', 'onnxruntime-1.22.0.dist-info', {}, { onnxruntime: ['1.22.0', null] }],
      [
        'onnxruntime-gpu',
        'onnxruntime_gpu-1.22.0.dist-info',
        {
          'onnxruntime/capi/build_and_package_info.py':
            "package_name = 'onnxruntime-gpu'\n__version__ = '1.22.0'\ncuda_version = '12.8'\n",
          'onnxruntime/capi/libonnxruntime_providers_cuda.so': '',
        },
        { 'onnxruntime-gpu': ['1.22.0', '12.8'] },
      ],
      [
        'paddlepaddle-gpu',
        'paddlepaddle_gpu-3.0.0.dist-info',
        { 'paddle/version/__init__.py': "cuda_version     = '12.6'\ncudnn_version    = '9.5.1'\n" },
        { 'paddlepaddle-gpu': ['3.0.0', '12.6', '9.5.1'] },
      ],
      [
        'paddlepaddle',
        'paddlepaddle-3.0.0.dist-info',
        {
          'paddle/version/__init__.py': "cuda_version     = 'False'\ncudnn_version    = 'False'\n",
        },
        { paddlepaddle: ['3.0.0', null] },
      ],
      [
        'jaxlib of old',
        'jaxlib-0.4.7+cuda11.cudnn86.dist-info',
        {},
        { jaxlib: ['0.4.7+cuda11.cudnn86', '11', '8.6'] },
      ],
      ['cupy for an old CUDA', 'cupy_cuda110-8.6.0.dist-info', {}, { cupy: ['8.6.0', '11.0'] }],
      ['cupy from source', 'cupy-13.0.0.dist-info', {}, { cupy: ['13.0.0'] }],
      [
        'flash-attn',
        'flash_attn-2.8.0+cu12torch2.6.dist-info',
        {},
        { 'flash-attn': ['2.8.0+cu12torch2.6', '12'] },
      ],
    ];
    for (const [name, entry, files, expected] of CASES) {
      itNeeding(NEEDS, `tell the CUDA that they were built with: ${name}`, () => {
        install(entry, files);
        expect(packages()).toEqual(expected);
      });
    }

    itNeeding(
      NEEDS,
      'JAX has the CUDA of its plug-in, and is for the CPU alone without one',
      () => {
        install('jax-0.6.0.dist-info');
        install('jaxlib-0.6.0.dist-info');
        expect(packages()).toEqual({ jax: ['0.6.0', null], jaxlib: ['0.6.0', null] });
        install('jax_cuda12_plugin-0.6.0.dist-info');
        install('jax_cuda12_pjrt-0.6.0.dist-info');
        expect(packages()).toEqual({
          jax: ['0.6.0', '12'],
          jaxlib: ['0.6.0', '12'],
          'jax-cuda12-plugin': ['0.6.0', '12'],
        });
      },
    );

    itNeeding(NEEDS, 'JAX with a plug-in for something else is of unknown CUDA', () => {
      install('jax-0.6.0.dist-info');
      install('jaxlib-0.6.0.dist-info', { 'jax_plugins/xla_rocm60/__init__.py': '' });
      expect(packages()).toEqual({ jax: ['0.6.0'], jaxlib: ['0.6.0'] });
    });

    itNeeding(NEEDS, 'tensorflow-cpu beside a build for CUDA is not surely for the CPU', () => {
      const build = { 'tensorflow/python/platform/build_info.py': TENSORFLOW };
      install('tensorflow_cpu-2.20.0.dist-info', build);
      expect(packages()).toEqual({ tensorflow: ['2.20.0', '12.5.1', '9'] });
    });

    itNeeding(
      NEEDS,
      'jaxlib with its plug-in in a virtual environment is not surely for the CPU',
      () => {
        install('jaxlib-0.6.0.dist-info');
        const venv = '/opt/venv/lib/python3.11/site-packages';
        install('jax_cuda12_plugin-0.6.0.dist-info', {}, venv);
        expect(packages()).toMatchObject({ jaxlib: ['0.6.0'] });
      },
    );

    itNeeding(
      NEEDS,
      'onnxruntime of Conda with the provider in lib is not surely for the CPU',
      () => {
        install('onnxruntime-1.22.0.dist-info');
        tree.write(`${SITE}/../../libonnxruntime_providers_cuda.so`);
        expect(packages()).toEqual({ onnxruntime: ['1.22.0'] });
      },
    );

    itNeeding(NEEDS, 'onnxruntime beside onnxruntime-gpu is not surely for the CPU', () => {
      install('onnxruntime-1.22.0.dist-info', {
        'onnxruntime/capi/libonnxruntime_providers_cuda.so': '',
      });
      install('onnxruntime_gpu-1.22.0.dist-info');
      expect(packages()).toEqual({ onnxruntime: ['1.22.0'], 'onnxruntime-gpu': ['1.22.0'] });
    });

    itNeeding(
      NEEDS,
      'with files that make no sense are still named, and nothing is invented',
      () => {
        install('torch-2.9.0.dist-info', { 'torch/version.py': "cuda = '\n" });
        tree.write(`${SITE}/torch-2.9.0.dist-info/METADATA`, `Version:\n${'x'.repeat(100_000)}`);
        install('tensorflow-2.20.0.dist-info', {
          'tensorflow/python/platform/build_info.py':
            '"cuda_version": "not a number", "is_cuda_build": ',
        });
        install('vllm-.dist-info');
        tree.link(`${SITE}/jax-1.dist-info`, 'jax-1.dist-info');
        expect(packages()).toEqual({ torch: ['2.9.0'], tensorflow: ['2.20.0'], vllm: [undefined] });
      },
    );
  });
});
