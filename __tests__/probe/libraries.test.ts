import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { closeWorkshop, createImageTree, type ImageTree } from './image-tree.js';
import { createRoot, type Root } from './root.js';
import { itNeeding, needsProgram, needsRoot } from './tools.js';

const NEEDS = [
  { met: process.arch === 'x64', missing: 'needs an x86-64 machine' },
  needsProgram('x86_64-linux-gnu-gcc', 'apt-get install gcc binutils'),
  needsProgram('aarch64-linux-gnu-gcc', 'apt-get install gcc-aarch64-linux-gnu'),
  needsRoot,
];

const CUDART = 'libcudart.so.12';
const MULTIARCH = '/usr/lib/x86_64-linux-gnu';

describe('the libraries of an image', () => {
  let tree: ImageTree;
  beforeEach(() => {
    tree = createImageTree();
  });
  afterEach(() => tree[Symbol.dispose]());
  afterAll(closeWorkshop);

  const libraries = (env?: Readonly<Record<string, string>>) =>
    tree.scanInside(env).filter(({ step }) => step === 'library');
  const missing = (env?: Readonly<Record<string, string>>) =>
    tree
      .scanInside(env)
      .filter(({ step }) => step === 'missing')
      .map(({ step: _, ...rest }) => rest);
  const loaded = (env?: Readonly<Record<string, string>>) =>
    libraries(env)
      .filter((one) => one['loaded'] === true)
      .map(({ path, via }) => [path, via]);
  /** The file that the real dynamic linker takes for a program without search paths of its own. */
  const linkerTakes = (soname: string, env?: Readonly<Record<string, string>>) => {
    tree.program('/app/plain', { needs: [soname] });
    const found = tree.trace('/app/plain', env);
    if (typeof found === 'string') return found;
    const path = found[soname];
    return typeof path === 'string'
      ? realpathSync(join(tree.folder, path)).slice(tree.folder.length)
      : path;
  };

  describe('the one that a program gets', () => {
    const cudart = { soname: CUDART };

    itNeeding(NEEDS, 'comes from the default folders', () => {
      tree.library(`${MULTIARCH}/libcudart.so.12.8.90`, cudart);
      tree.link(`${MULTIARCH}/${CUDART}`, 'libcudart.so.12.8.90');
      tree.link('/lib', 'usr/lib');
      const path = `${MULTIARCH}/libcudart.so.12.8.90`;
      expect(libraries()).toEqual([
        {
          step: 'library',
          name: 'cudart',
          soname: CUDART,
          path,
          version: '12.8.90',
          versionFrom: 'file name',
          kind: 'library',
          loaded: true,
          via: 'default',
        },
      ]);
    });

    for (const format of ['new', 'old', 'compat'] as const) {
      itNeeding(NEEDS, `comes from a cache in the ${format} form`, () => {
        tree.library('/usr/local/cuda-12.8/lib64/libcudart.so.12.8.90', cudart);
        tree.library('/usr/local/cuda-12.2/lib64/libcudart.so.12.2.140', cudart);
        tree.ldconfig(['/usr/local/cuda-12.8/lib64', '/usr/local/cuda-12.2/lib64'], format);
        const takes = linkerTakes(CUDART);
        // Newer dynamic linkers read no cache in the old form alone.
        const path = format === 'old' ? '/usr/local/cuda-12.8/lib64/libcudart.so.12.8.90' : takes;
        expect(loaded()).toEqual([[path, 'cache']]);
      });
    }

    itNeeding(NEEDS, 'comes from LD_LIBRARY_PATH in its order, whatever lies in the cache', () => {
      tree.library('/a/libcudart.so.12', cudart);
      tree.library('/b/libcudart.so.12.8.90', cudart);
      tree.link('/b/libcudart.so.12', 'libcudart.so.12.8.90');
      tree.library('/c/libcudart.so.12', cudart);
      tree.ldconfig(['/a']);
      tree.link('/link-to-b', 'b');
      for (const list of ['/b:/c', '/absent:/link-to-b', '/c;/b', '/b/../c', ':/c', '/c/']) {
        const env = { LD_LIBRARY_PATH: list };
        expect([list, loaded(env)]).toEqual([
          list,
          [[linkerTakes(CUDART, env), 'LD_LIBRARY_PATH']],
        ]);
      }
      expect(loaded({ LD_LIBRARY_PATH: '/absent' })).toEqual([['/a/libcudart.so.12', 'cache']]);
    });

    itNeeding(NEEDS, 'is never of another machine', () => {
      tree.library('/a/libcudart.so.12', { ...cudart, machine: 'aarch64' });
      tree.library('/b/libcudart.so.12', cudart);
      const env = { LD_LIBRARY_PATH: '/a:/b' };
      expect(linkerTakes(CUDART, env)).toBe('/b/libcudart.so.12');
      // For an aarch64 program it would be the other.
      expect(loaded(env).map(([path]) => path)).toEqual(
        expect.arrayContaining(['/a/libcudart.so.12', '/b/libcudart.so.12']),
      );
      expect(missing(env)).toEqual([]);
    });

    itNeeding(
      NEEDS,
      'may be a stub on the path, or an empty file, at which the search ends',
      () => {
        tree.library('/usr/local/cuda/lib64/stubs/libcuda.so.1', { soname: 'libcuda.so.1' });
        tree.write('/empty/libcuda.so.1');
        tree.library(`${MULTIARCH}/libcuda.so.535.104.05`, { soname: 'libcuda.so.1' });
        tree.link(`${MULTIARCH}/libcuda.so.1`, 'libcuda.so.535.104.05');
        tree.ldconfig([MULTIARCH]);
        const kinds = (list: string) =>
          Object.fromEntries(
            libraries({ LD_LIBRARY_PATH: list }).map((one) => [one['kind'], one['loaded']]),
          );
        expect(kinds('/usr/local/cuda/lib64/stubs')).toEqual({
          stub: true,
          driver: false,
          empty: false,
        });
        expect(kinds('/empty')).toEqual({ stub: false, driver: false, empty: true });
        expect(linkerTakes('libcuda.so.1', { LD_LIBRARY_PATH: '/empty' })).toMatch(
          'file too short',
        );
        expect(kinds('')).toEqual({ stub: false, driver: true, empty: false });
      },
    );

    itNeeding(NEEDS, 'is found without a cache and without glibc', () => {
      tree.write('/lib/ld-musl-x86_64.so.1');
      tree.library('/usr/local/lib/libcudart.so.12', cudart);
      tree.library('/usr/lib/libcudart.so.12', cudart);
      const [first] = tree.scan().filter((one) => one['loaded'] === true);
      // This tree has glibc's dynamic linker too, so that its folders count.
      expect(first?.['path']).toBe(join(tree.folder, '/usr/lib/libcudart.so.12'));
    });

    itNeeding(NEEDS, 'comes from a folder for newer processors where there is no other', () => {
      const special = `${MULTIARCH}/glibc-hwcaps/x86-64-v2/${CUDART}`;
      tree.library(special, cudart);
      expect(loaded()).toEqual([[special, 'default']]);
      tree.ldconfig([MULTIARCH]);
      expect(loaded()).toEqual([[special, 'cache']]);
      expect(linkerTakes(CUDART)).toBe(special);
    });

    itNeeding(NEEDS, 'is none behind a link that leads round in a circle', () => {
      put(tree, '/a', 'cycle');
      put(tree, '/b', 'library');
      const env = { LD_LIBRARY_PATH: '/a:/b' };
      expect(linkerTakes(CUDART, env)).toBe(null);
      expect(loaded(env)).toEqual([]);
      expect(loaded({ LD_LIBRARY_PATH: '/b:/a' })).toEqual([[`/b/${CUDART}`, 'LD_LIBRARY_PATH']]);
    });

    itNeeding(
      NEEDS,
      'is what the real dynamic linker takes in any tree',
      () => {
        const folder = fc.constantFrom('/a', '/b', '/c/d', MULTIARCH, '/usr/lib', '/lib64');
        const content = fc.constantFrom(
          'library',
          'link',
          'dangling',
          'cycle',
          'other machine',
          'empty',
          'text',
        );
        const shape = fc.record({
          files: fc.uniqueArray(fc.tuple(folder, content), {
            maxLength: 5,
            selector: ([place]) => place,
          }),
          list: fc.array(fc.oneof(folder, fc.constantFrom('', '/absent', '/c/../a', '/link-b/')), {
            maxLength: 4,
          }),
          cached: fc.option(fc.uniqueArray(folder, { maxLength: 3 })),
        });
        fc.assert(
          fc.property(shape, ({ files, list, cached }) => {
            tree[Symbol.dispose]();
            tree = createImageTree();
            tree.link('/link-b', 'b');
            for (const [place, what] of files) put(tree, place, what);
            if (cached !== null) tree.ldconfig(cached);
            const env: Record<string, string> =
              list.length > 0 ? { LD_LIBRARY_PATH: list.join(':') } : {};
            const forArm = files
              .filter(([, what]) => what === 'other machine')
              .map(([at]) => `${at}/${CUDART}`);
            const takes = linkerTakes(CUDART, env);
            const ours = loaded(env)
              .map(([path]) => path)
              .filter((path) => !forArm.includes(String(path)));
            const refused = takes?.includes('error while loading') === true;
            expect(ours).toEqual(takes === null || refused ? [] : [takes]);
            const lacks = missing(env).map((one) => one['soname']);
            // ldconfig leaves out what is no library; that it lies where ldconfig looks is enough for us not to call it missing.
            const configured = files.some(
              ([at, what]) => cached?.includes(at) && (what === 'text' || what === 'empty'),
            );
            // A link in a circle is an error of its own to the dynamic linker, and a library that is not there to us.
            const circular = refused && files.some(([, what]) => what === 'cycle');
            if (takes !== null && !circular) expect(lacks).toEqual([]);
            else if (
              takes === null &&
              !configured &&
              files.every(([, what]) => what !== 'library' && what !== 'link')
            )
              expect(lacks).toEqual([CUDART]);
          }),
          { numRuns: 40 },
        );
      },
      120_000,
    );
  });

  describe('a missing library', () => {
    let root: Root | undefined;
    afterEach(() => {
      root?.[Symbol.dispose]();
      root = undefined;
    });

    itNeeding(
      [...NEEDS, needsProgram('unshare', 'apt-get install util-linux')],
      'is looked for in bounds, where thousands of files need one another and lack many',
      () => {
        root = createRoot();
        const names = ['cublas', 'cublasLt', 'cudnn', 'cufft', 'curand', 'cusolver', 'cusparse'];
        const more = ['nccl', 'nvrtc', 'nvJitLink', 'cudart', 'cupti', 'nvinfer', 'cutensor'];
        const places = ['q00000', 'q11111', 'q22222', 'q33333'];
        tree.library('/template', {
          soname: `lib${places[0]}.so`,
          needs: [
            ...places.slice(1).map((one) => `lib${one}.so`),
            ...[...names, ...more].map((one) => `lib${one}.so.12`),
          ],
        });
        const template = readFileSync(join(tree.folder, '/template'), 'latin1');
        const count = 3000;
        for (let at = 0; at < count; at += 1) {
          const numbers = [at, at * 7 + 1, at * 13 + 5, at * 29 + 3];
          const text = places.reduce(
            (whole, place, index) =>
              whole.replaceAll(place, `z${String((numbers[index] ?? 0) % count).padStart(5, '0')}`),
            template,
          );
          root.write(`/app/libz${at}.so`, '');
          writeFileSync(join(root.folder, `/app/libz${at}.so`), text, 'latin1');
        }
        root.write(
          `/opt/lib/python3.11/site-packages/vllm-1.0.dist-info/METADATA`,
          'Version: 1.0\n',
        );
        const { stdout } = root.probe({ files: true, stepMs: 4000 });
        const documents = stdout
          .split('\n')
          .filter((line) => line !== '')
          .map((line): Record<string, unknown> => JSON.parse(line));
        const files = documents.find(({ step }) => step === 'files');
        // A quick machine has done it all by then, and a slow one says that it has not.
        expect(files).not.toHaveProperty('timedOut');
        const late = expect.objectContaining({ why: expect.stringMatching(/^the time ran out/) });
        if (files?.['complete'] === false) expect(files['skipped']).toContainEqual(late);
        // What is read after the libraries is told all the same.
        expect(documents.find(({ step }) => step === 'package')).toMatchObject({ name: 'vllm' });
      },
    );

    itNeeding(NEEDS, 'is not one that a program’s DT_RPATH gives its plug-ins', () => {
      tree.library('/opt/cuda/lib/libcublas.so.12', { soname: 'libcublas.so.12' });
      tree.library('/srv/plugins/libplugin.so', {
        soname: 'libplugin.so',
        needs: ['libcublas.so.12'],
      });
      const elsewhere = '/opt/cuda/lib/libcublas.so.12';
      tree.program('/srv/bin/host', { needs: ['libc.so.6'], runpath: '/opt/cuda/lib' });
      expect(missing()).toMatchObject([{ neededBy: '/srv/plugins/libplugin.so', elsewhere }]);
      tree.program('/srv/bin/host', { needs: ['libc.so.6'], rpath: '/opt/cuda/lib' });
      expect(missing()).toEqual([]);
      tree.library('/srv/plugins/libplugin.so', {
        soname: 'libplugin.so',
        needs: ['libcublas.so.12'],
        runpath: '/srv/other',
      });
      expect(missing()).toMatchObject([{ neededBy: '/srv/plugins/libplugin.so', elsewhere }]);
    });

    const FOO = { soname: 'libfoo.so' };

    itNeeding(
      NEEDS,
      'is told with who needs it, as the real dynamic linker finds it missing',
      () => {
        tree.program('/app/server', { needs: [CUDART, 'libcudnn.so.9'] });
        tree.library(`${MULTIARCH}/${CUDART}`, { soname: CUDART });
        expect(missing()).toEqual([{ soname: 'libcudnn.so.9', neededBy: '/app/server' }]);
        expect(tree.trace('/app/server')).toEqual({ 'libcudnn.so.9': null });
        expect(tree.scan().filter(({ step }) => step === 'missing')).toEqual([
          { step: 'missing', soname: 'libcudnn.so.9', neededBy: join(tree.folder, '/app/server') },
        ]);
      },
    );

    itNeeding(NEEDS, 'is told with the file that the search does not reach', () => {
      tree.program('/app/server', { needs: ['libcudnn.so.9'] });
      tree.library('/opt/cudnn/lib/libcudnn.so.9', { soname: 'libcudnn.so.9' });
      const elsewhere = '/opt/cudnn/lib/libcudnn.so.9';
      expect(missing()).toEqual([{ soname: 'libcudnn.so.9', neededBy: '/app/server', elsewhere }]);
      expect(missing({ LD_LIBRARY_PATH: '/opt/cudnn/lib' })).toEqual([]);
      expect(missing({ LD_PRELOAD: elsewhere })).toEqual([]);
    });

    itNeeding(NEEDS, 'is none where a DT_RUNPATH or DT_RPATH leads to it', () => {
      tree.library('/opt/cuda/lib/libcudart.so.12', { soname: CUDART });
      tree.link('/opt/cuda/lib64', 'lib');
      const paths = [
        '/opt/cuda/lib',
        '$ORIGIN/../opt/cuda/lib64',
        '/absent:$' + '{ORIGIN}/../opt/cuda/lib',
        '/opt/cuda/$LIB/../lib',
      ];
      tree.link('/opt/cuda/lib/x86_64-linux-gnu', '.');
      for (const path of paths) {
        for (const kind of ['rpath', 'runpath'] as const) {
          tree.program('/app/server', { needs: [CUDART], [kind]: path });
          expect([path, tree.trace('/app/server')]).not.toEqual([path, { [CUDART]: null }]);
          expect([path, missing()]).toEqual([path, []]);
        }
      }
      expect(libraries()[0]).toMatchObject({ loaded: false, via: 'runpath' });
    });

    itNeeding(
      NEEDS,
      'is one where a DT_RUNPATH is for the program alone, none where a DT_RPATH is for all',
      () => {
        tree.library('/opt/cuda/lib/libcudart.so.12', { soname: CUDART });
        tree.library('/app/lib/libfoo.so', { ...FOO, needs: [CUDART] });
        const own = '/app/lib:/opt/cuda/lib';
        tree.program('/app/bin/server', { needs: ['libfoo.so'], runpath: own });
        expect(tree.trace('/app/bin/server')).toMatchObject({ [CUDART]: null });
        expect(missing()).toMatchObject([{ soname: CUDART, neededBy: '/app/lib/libfoo.so' }]);
        tree.program('/app/bin/server', { needs: ['libfoo.so'], rpath: own });
        expect(tree.trace('/app/bin/server')).toMatchObject({
          [CUDART]: '/opt/cuda/lib/libcudart.so.12',
        });
        expect(missing()).toEqual([]);
        // What the program itself needs is there already when the library asks for it.
        tree.program('/app/bin/server', { needs: ['libfoo.so', CUDART], runpath: own });
        expect(tree.trace('/app/bin/server')).toMatchObject({
          [CUDART]: '/opt/cuda/lib/libcudart.so.12',
        });
        expect(missing()).toEqual([]);
      },
    );

    itNeeding(NEEDS, 'is none where the driver brings it', () => {
      tree.program('/app/server', {
        needs: ['libcuda.so.1', 'libnvidia-ml.so.1', 'libnvcuvid.so.1'],
      });
      expect(missing()).toEqual([]);
    });

    itNeeding(NEEDS, 'is none of a folder that the toolkit tells ldconfig of', () => {
      tree.program('/app/serve', { needs: [CUDART] });
      tree.library(`/opt/cuda/lib/${CUDART}`, { soname: CUDART });
      expect(missing()).toMatchObject([{ soname: CUDART, elsewhere: `/opt/cuda/lib/${CUDART}` }]);
      tree.write('/etc/ld.so.conf', 'include /etc/ld.so.conf.d/*.conf\n');
      tree.write('/etc/ld.so.conf.d/cuda.conf', '# /opt/other\n/opt/none, /opt/cuda/lib # ours\n');
      expect(missing()).toEqual([]);
      expect(loaded()).toEqual([]);
    });

    itNeeding(NEEDS, 'is none of a virtual environment that sees the packages below', () => {
      const venv = '/opt/venv/lib/python3.12/site-packages';
      const below = '/usr/local/lib/python3.12/dist-packages';
      tree.library(`${venv}/flash_attn_2_cuda.so`, { needs: [CUDART] });
      tree.library(`${below}/nvidia/cuda_runtime/lib/${CUDART}`, { soname: CUDART });
      tree.write('/opt/venv/pyvenv.cfg', 'home = /usr/bin\ninclude-system-site-packages = false\n');
      expect(missing()).toHaveLength(1);
      tree.write('/opt/venv/pyvenv.cfg', 'home = /usr/bin\ninclude-system-site-packages = true\n');
      expect(missing()).toEqual([]);
    });

    itNeeding(NEEDS, 'is none of packages in a folder of any name', () => {
      tree.library('/opt/packages/flash_attn_2_cuda.so', { needs: [CUDART] });
      tree.library('/opt/packages-2/other.so', { needs: [CUDART] });
      tree.library(`/opt/packages/nvidia/cuda_runtime/lib/${CUDART}`, { soname: CUDART });
      expect(missing()).toMatchObject([{ neededBy: '/opt/packages-2/other.so' }]);
    });

    itNeeding(NEEDS, 'is still told where many others are found', () => {
      const needs = Array.from({ length: 70 }, (_, at) => `libcudnn_part${at}.so.9`);
      tree.library('/a/libmany.so', { needs, runpath: '$ORIGIN/parts' });
      for (const soname of needs) tree.library(`/a/parts/${soname}`, { soname });
      tree.program('/z/serve', { needs: ['libnccl.so.2'] });
      expect(missing()).toEqual([{ soname: 'libnccl.so.2', neededBy: '/z/serve' }]);
    });

    itNeeding(NEEDS, 'is none of a Python package whose neighbours load it', () => {
      const site = '/opt/venv/lib/python3.11/site-packages';
      tree.library(`${site}/nvidia/cudnn/lib/libcudnn.so.9`, { soname: 'libcudnn.so.9' });
      tree.library(`${site}/flash_attn_2_cuda.cpython-311-x86_64-linux-gnu.so`, {
        needs: ['libcudnn.so.9'],
      });
      tree.library(`${site}/torch/lib/libtorch_cuda.so`, {
        needs: ['libcudnn.so.9', CUDART],
        runpath: '$ORIGIN/../../nvidia/cudnn/lib',
      });
      tree.library('/opt/other/lib/python3.11/site-packages/x.so', { needs: ['libcudnn.so.9'] });
      expect(missing()).toEqual([
        { soname: CUDART, neededBy: `${site}/torch/lib/libtorch_cuda.so` },
        {
          soname: 'libcudnn.so.9',
          neededBy: '/opt/other/lib/python3.11/site-packages/x.so',
          elsewhere: `${site}/nvidia/cudnn/lib/libcudnn.so.9`,
        },
      ]);
    });

    itNeeding(
      NEEDS,
      'is none beside the needer, nor in its Conda environment, nor of a cache of packages',
      () => {
        tree.library('/usr/lib/ollama/cuda_v12/libcudart.so.12', { soname: CUDART });
        tree.library('/usr/lib/ollama/cuda_v12/libggml-cuda.so', { needs: [CUDART] });
        tree.write('/opt/conda/conda-meta/history');
        tree.library('/opt/conda/lib/libcublas.so.12', { soname: 'libcublas.so.12' });
        tree.library('/opt/conda/lib/python3.11/site-packages/x.so', {
          needs: ['libcublas.so.12'],
        });
        tree.library('/opt/conda/pkgs/torch-2-1/lib/x.so', { needs: ['libnccl.so.2'] });
        tree.library('/opt/conda/pkgs/nccl/lib/libnvrtc.so.12', { soname: 'libnvrtc.so.12' });
        expect(missing()).toEqual([]);
        expect(
          libraries()
            .map(({ name }) => name)
            .toSorted(),
        ).toEqual(['cublas', 'cudart']);
      },
    );

    itNeeding(NEEDS, 'is none of tools, samples, tests and what is there by choice', () => {
      const needs = ['libcudnn.so.9', 'libnvinfer.so.10'];
      for (const path of [
        '/usr/local/cuda-12.8/extras/CUPTI/samples/a/a',
        '/usr/local/cuda-12.8/nsight-compute-2025.1.1/host/x',
        '/opt/nvidia/nsight-systems/2025/target/x',
        '/usr/local/cuda-12.8/bin/cuda-gdb',
        '/usr/local/cuda-12.8/compute-sanitizer/x',
        '/usr/lib/x86_64-linux-gnu/ucx/libuct_cuda.so',
      ]) {
        tree.program(path, { needs });
      }
      const site = '/opt/venv/lib/python3.11/site-packages';
      tree.library(`${site}/onnxruntime/capi/libonnxruntime_providers_tensorrt.so`, {
        needs: ['libnvinfer.so.10'],
      });
      tree.library(`${site}/bitsandbytes/libbitsandbytes_cuda118.so`, {
        needs: ['libcublas.so.11'],
      });
      tree.library(`${site}/cupy_backends/cuda/libs/cudnn.cpython-311-x86_64-linux-gnu.so`, {
        needs: ['libcudnn.so.8'],
      });
      expect(missing()).toEqual([]);
    });

    itNeeding(
      NEEDS,
      "is one of NVIDIA's own libraries only where something is linked against it",
      () => {
        tree.library(`${MULTIARCH}/libcusolver.so.11`, {
          soname: 'libcusolver.so.11',
          needs: ['libcusparse.so.12'],
        });
        expect(missing()).toEqual([]);
        tree.program('/app/server', { needs: ['libcusolver.so.11'] });
        expect(missing()).toEqual([
          { soname: 'libcusparse.so.12', neededBy: `${MULTIARCH}/libcusolver.so.11` },
        ]);
      },
    );
  });

  describe('the version', () => {
    itNeeding(NEEDS, "is that of the file's name, else of the package that brought it", () => {
      const site = '/opt/venv/lib/python3.11/site-packages';
      const wheel = (folder: string, file: string, info: string) => {
        tree.library(`${site}/nvidia/${folder}/lib/${file}`, { soname: file });
        tree.write(`${site}/${info}/METADATA`, 'Name: x\n');
      };
      wheel('cudnn', 'libcudnn_ops.so.9', 'nvidia_cudnn_cu12-9.8.0.87.dist-info');
      wheel('cuda_runtime', CUDART, 'nvidia_cuda_runtime_cu12-12.8.90.dist-info');
      wheel('cu13', 'libcublasLt.so.13', 'nvidia_cublas-13.0.0.19.dist-info');
      wheel('nccl', 'libnccl.so.2', 'nvidia_nccl_cu12-2.27.3.dist-info');
      tree.library(`${site}/tensorrt_libs/libnvinfer.so.10`, { soname: 'libnvinfer.so.10' });
      tree.write(`${site}/tensorrt_cu12_libs-10.9.0.34.dist-info/METADATA`);
      tree.library('/opt/a/libcudart-d0da41ae.so.11.0', { soname: 'libcudart-d0da41ae.so.11.0' });
      tree.library('/opt/a/libcublas.so.12.8.4.1', { soname: 'libcublas.so.12' });
      tree.library('/opt/a/libcufft.so.11', { soname: 'libcufft.so.11' });
      const found = Object.fromEntries(
        libraries().map((one) => [one['name'], [one['version'], one['versionFrom']]]),
      );
      expect(found).toEqual({
        cudnn_ops: ['9.8.0.87', 'package'],
        cudart: expect.anything(),
        cublasLt: ['13.0.0.19', 'package'],
        nccl: ['2.27.3', 'package'],
        nvinfer: ['10.9.0.34', 'package'],
        cublas: ['12.8.4.1', 'file name'],
        cufft: [undefined, undefined],
      });
      const cudarts = libraries().filter(({ name }) => name === 'cudart');
      expect(cudarts.map(({ version }) => version)).toEqual(
        expect.arrayContaining(['12.8.90', undefined]),
      );
    });

    itNeeding(NEEDS, 'of a package is unknown where two could have brought the file', () => {
      const site = '/opt/venv/lib/python3.11/site-packages';
      tree.library(`${site}/nvidia/cudnn/lib/libcudnn.so.9`, { soname: 'libcudnn.so.9' });
      tree.write(`${site}/nvidia_cudnn_cu12-9.8.0.87.dist-info/METADATA`);
      tree.write(`${site}/nvidia_cudnn_cu13-9.10.0.1.dist-info/METADATA`);
      expect(libraries()).toMatchObject([{ name: 'cudnn' }]);
      expect(libraries()[0]).not.toHaveProperty('version');
    });
  });
});

function put(tree: ImageTree, folder: string, what: string): void {
  const path = `${folder}/${CUDART}`;
  const cudart = { soname: CUDART };
  if (what === 'library') tree.library(path, cudart);
  else if (what === 'other machine') tree.library(path, { ...cudart, machine: 'aarch64' });
  else if (what === 'link') tree.library(`${folder}/libcudart.so.12.8.90`, cudart);
  if (what === 'link') tree.link(path, 'libcudart.so.12.8.90');
  if (what === 'dangling') tree.link(path, '/nowhere');
  if (what === 'cycle') tree.link(path, CUDART);
  if (what === 'empty') tree.write(path);
  if (what === 'text')
    tree.write(path, `no library, but longer than its header:${' '.repeat(64)}\n`);
}
