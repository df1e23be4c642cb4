import { describe, expect, it } from '@jest/globals';
import type { FindingId } from '../../src/core/catalogue.js';
import { diagnose } from '../../src/core/diagnose.js';
import type { HostFacts, ImageFacts, ImageLibrary, ProbeFacts } from '../../src/core/facts.js';
import { facts, host } from './pair.js';

const A100 = host('580.95.05', ['NVIDIA A100-SXM4-80GB']);
const WHOLE = { complete: true };
const READ: ImageFacts = { cuda: '12.8', deviceCode: [], files: WHOLE };

/** Severity of a finding, and whether it decides the verdict; `none` where there is no such finding. */
function told(id: FindingId, image: ImageFacts, machine: HostFacts = A100, probe?: ProbeFacts) {
  const given = facts(machine, { ...READ, ...image }, probe === undefined ? {} : { probe });
  const { primary, findings } = diagnose(given, []);
  const finding = findings.find((one) => one.id === id);
  if (finding === undefined) return 'none';
  return primary === id ? `${finding.severity}, leads` : finding.severity;
}

const computed = (name: string): ProbeFacts => ({
  started: true,
  init: { code: 0 },
  frameworks: [{ name, available: true, devices: [{ index: 0, correct: true }] }],
});
const initialised: ProbeFacts = {
  started: true,
  libcuda: { origin: 'host', path: '/usr/lib/libcuda.so.580.95.05' },
  init: { code: 0 },
};

const SP = '/usr/lib/python3/site-packages';
const TORCH = { name: 'torch', version: '2.9.0', cuda: '12.8', targets: ['sm_80'] };

describe('missing libraries', () => {
  const missing = (soname: string, neededBy: string, elsewhere?: string): ImageFacts => ({
    missingLibraries: [{ soname, neededBy, ...(elsewhere === undefined ? {} : { elsewhere }) }],
  });
  const CUDNN = 'libcudnn.so.9';

  it.each<[string, ImageFacts, string]>([
    ['of a framework', missing(CUDNN, `${SP}/torch/lib/libtorch_cuda.so`), 'error, leads'],
    ['of a part of a framework', missing(CUDNN, `${SP}/torch/lib/libc10_cuda.so`), 'error, leads'],
    [
      'of an execution provider',
      missing('libcudnn.so.9', `${SP}/onnxruntime/capi/libonnxruntime_providers_cuda.so`),
      'error, leads',
    ],
    ['of a program of its own', missing('libcublas.so.12', '/app/server'), 'error, leads'],
    [
      'of the program that starts, beside a framework',
      { ...missing(CUDNN, '/app/server'), frameworks: [TORCH], entrypoint: ['/app/server'] },
      'error, leads',
    ],
    [
      'of a program beside a framework',
      { ...missing(CUDNN, '/app/x'), frameworks: [TORCH] },
      'warning',
    ],
    [
      'of an extension',
      missing(CUDNN, `${SP}/flash_attn_2_cuda.cpython-311-x86_64-linux-gnu.so`),
      'warning',
    ],
    ['of a library of its own', missing('libnppig.so.12', '/opt/x/lib/libx.so.4.8'), 'warning'],
    [
      'of a plug-in of the system',
      missing(CUDNN, '/usr/lib/x86_64-linux-gnu/x/libplugin.so'),
      'warning',
    ],
    [
      'that lies where nothing searches',
      missing(CUDNN, '/app/server', '/opt/cudnn/libcudnn.so.9'),
      'warning',
    ],
    [
      'that another library of the image goes by',
      {
        ...missing(CUDNN, '/app/server'),
        libraries: [{ name: 'cudnn', soname: CUDNN, path: '/opt/libcudnn.so.9.1' }],
      },
      'warning',
    ],
    [
      'where not all was read',
      { ...missing(CUDNN, '/app/server'), files: { complete: false } },
      'warning',
    ],
    ['of the driver', missing('libcuda.so.1', '/app/server'), 'none'],
    ['of the driver, another', missing('libnvidia-ml.so.1', '/app/server'), 'none'],
    ['none', {}, 'none'],
  ])('%s: %s', (_name, image, expected) => {
    expect(told('cuda-library-missing', image)).toBe(expected);
  });

  it('is a note where the framework computed all the same', () => {
    const image = { ...missing(CUDNN, `${SP}/torch/lib/libtorch_cuda.so`), frameworks: [TORCH] };
    expect(told('cuda-library-missing', image, A100, computed('torch'))).toBe('notice');
  });

  it('names the main one first, and all that lack something', () => {
    const image: ImageFacts = {
      ...READ,
      missingLibraries: [
        { soname: 'libnppc.so.12', neededBy: `${SP}/torchcodec/x.so` },
        { soname: CUDNN, neededBy: `${SP}/torch/lib/libtorch_cuda.so` },
      ],
    };
    const [finding] = diagnose(facts(A100, image), []).findings;
    expect(finding?.data).toMatchObject({
      library: CUDNN,
      owner: 'libtorch_cuda.so',
      files: [`${SP}/torch/lib/libtorch_cuda.so`, `${SP}/torchcodec/x.so`],
    });
  });

  it('proves a failure on every runner, and says where nobody looked', () => {
    const image = { ...READ, ...missing(CUDNN, `${SP}/torch/lib/libtorch_cuda.so`) };
    expect(diagnose(facts({}, image), [])).toMatchObject({
      verdict: 'fails',
      primary: 'cuda-library-missing',
    });
    expect(diagnose(facts(A100, { cuda: '12.8' }), []).unchecked).toContainEqual({
      what: 'libraries of CUDA in the image',
      why: "the image's files were not read",
    });
  });
});

describe('libraries that LD_LIBRARY_PATH puts before the framework’s', () => {
  const pair = (name: string, soname: string, loaded: string, own: string): ImageLibrary[] => [
    {
      name,
      soname,
      version: loaded,
      path: `/usr/local/cuda/lib64/${soname}`,
      loaded: true,
      via: 'LD_LIBRARY_PATH',
    },
    {
      name,
      soname,
      version: own,
      path: `${SP}/nvidia/x/lib/${soname}`,
      loaded: false,
      via: 'runpath',
    },
  ];
  const cusparse = {
    name: 'cusparse',
    soname: 'libcusparse.so.12',
    version: '12.5.8',
    path: `${SP}/nvidia/cusparse/lib/libcusparse.so.12`,
  };
  const jit = pair('nvJitLink', 'libnvJitLink.so.12', '12.1.105', '12.8.93');

  it.each<[string, ImageLibrary[], string]>([
    ['nvJitLink beside cuSPARSE', [...jit, cusparse], 'error, leads'],
    ['nvJitLink alone', jit, 'warning'],
    ['cudart', pair('cudart', 'libcudart.so.12', '12.1.105', '12.8.90'), 'warning'],
    ['another build of a release', pair('cudart', 'libcudart.so.12', '12.8.57', '12.8.90'), 'none'],
    ['a newer one', pair('cudart', 'libcudart.so.12', '12.9.79', '12.8.90'), 'none'],
    [
      'cuDNN, which has a rule of its own',
      pair('cudnn', 'libcudnn.so.9', '9.1.0', '9.8.0'),
      'none',
    ],
    [
      'an older one of the cache, which comes after',
      jit.map((one) => (one.loaded === true ? { ...one, via: 'cache' } : one)),
      'none',
    ],
  ])('%s: %s', (_name, libraries, expected) => {
    expect(told('cuda-library-conflict', { libraries, frameworks: [TORCH] })).toBe(expected);
  });

  it('are nobody’s trouble without a framework, and a note where it computed', () => {
    const libraries = [...jit, cusparse];
    expect(told('cuda-library-conflict', { libraries })).toBe('none');
    const frameworks = [TORCH];
    expect(told('cuda-library-conflict', { libraries, frameworks }, A100, computed('torch'))).toBe(
      'notice',
    );
    expect(
      told('cuda-library-conflict', { libraries: jit, frameworks }, A100, computed('torch')),
    ).toBe('none');
  });

  it('fail PyTorch by an older cuDNN', () => {
    const torch = { ...TORCH, cudnn: '9.10.2' };
    const cudnn = (via: string) => ({
      frameworks: [torch],
      libraries: pair('cudnn', 'libcudnn.so.9', '9.1.0', '9.10.2').map((one) =>
        one.loaded === true ? { ...one, via } : one,
      ),
    });
    expect(told('cudnn-mismatch', cudnn('LD_LIBRARY_PATH'))).toBe('error, leads');
    expect(told('cudnn-mismatch', cudnn('cache'))).toBe('none');
  });
});

describe('the stub of libcuda', () => {
  const stub = (rest: object): ImageFacts => ({
    libraries: [
      { name: 'cuda', kind: 'stub', path: '/usr/local/cuda/lib64/stubs/libcuda.so.1', ...rest },
    ],
  });
  const first = stub({ loaded: true, via: 'LD_LIBRARY_PATH' });

  it.each<[string, ImageFacts, string]>([
    ['first in LD_LIBRARY_PATH', first, 'error, leads'],
    ['in the cache', stub({ loaded: true, via: 'cache' }), 'warning'],
    ['beside the search path', stub({ loaded: false }), 'none'],
  ])('%s: %s', (_name, image, expected) => {
    expect(told('stub-driver-library-loaded', image)).toBe(expected);
  });

  it('is a note, or nothing, where the probe got another', () => {
    expect(told('stub-driver-library-loaded', first, A100, initialised)).toBe('notice');
    const cached = stub({ loaded: true, via: 'cache' });
    expect(told('stub-driver-library-loaded', cached, A100, initialised)).toBe('none');
  });
});

describe('files of the driver in the image', () => {
  const file = (path: string, version?: string, bytes?: number): ImageFacts => ({
    driverFiles: [
      {
        path,
        ...(version === undefined ? {} : { version }),
        ...(bytes === undefined ? {} : { bytes }),
      },
    ],
  });
  const LIB = '/usr/lib/x86_64-linux-gnu';

  it.each<[string, ImageFacts, string]>([
    ['newer than the host’s', file(`${LIB}/libcuda.so.590.44.01`, '590.44.01'), 'error, leads'],
    ['newer by its name', file(`${LIB}/libcuda.so.590.44.01`), 'error, leads'],
    ['older', file(`${LIB}/libcuda.so.535.104.05`, '535.104.05'), 'warning'],
    ['empty', file(`${LIB}/libnvidia-ml.so.1`, undefined, 0), 'warning'],
    ['of another kind', file(`${LIB}/libnvidia-glcore.so.590.44.01`, '590.44.01'), 'none'],
    ['of JetPack', file('/usr/lib/aarch64-linux-gnu/tegra/libcuda.so.1', undefined, 0), 'none'],
    ['of a program', file('/opt/app/libcuda.so.590.44.01', '590.44.01'), 'none'],
  ])('%s: %s', (_name, image, expected) => {
    expect(told('driver-files-in-image', image)).toBe(expected);
  });

  it('are a note where cuInit succeeded, and a warning where the driver is not known', () => {
    const newer = file(`${LIB}/libcuda.so.590.44.01`, '590.44.01');
    expect(told('driver-files-in-image', newer, A100, initialised)).toBe('notice');
    expect(told('driver-files-in-image', newer, {})).toBe('warning');
  });
});

describe('the compiler that the image brings for run time', () => {
  const nvrtc = (version: string, rest: object = {}) => ({ name: 'nvrtc', version, ...rest });
  const B200 = host('580.95.05', ['NVIDIA B200']);

  it.each<[string, ImageLibrary[], HostFacts, string]>([
    ['older than the GPU', [nvrtc('12.6.85')], B200, 'warning'],
    ['of the GPU’s first release', [nvrtc('12.8.93')], B200, 'none'],
    ['older, beside a newer one', [nvrtc('12.6.85'), nvrtc('12.8.93')], B200, 'none'],
    ['older and loaded', [nvrtc('12.6.85', { loaded: true }), nvrtc('12.8.93')], B200, 'warning'],
    ['old, for an old GPU', [nvrtc('12.1.105')], A100, 'none'],
    ['of an unknown version', [nvrtc('12')], B200, 'none'],
  ])('%s: %s', (_name, libraries, machine, expected) => {
    expect(told('runtime-compiler-too-old', { libraries }, machine)).toBe(expected);
  });
});

describe('extensions of PyTorch for another CUDA major', () => {
  const extension = (soname: string, neededBy: string): ImageFacts => ({
    frameworks: [TORCH],
    missingLibraries: [{ soname, neededBy }],
  });

  it.each<[string, ImageFacts, string]>([
    [
      'by the runtime that it needs',
      extension('libcudart.so.11.0', `${SP}/xformers/_C.so`),
      'warning',
    ],
    ['of the same major', extension('libcudart.so.12', `${SP}/xformers/_C.so`), 'none'],
    [
      'a library without a CUDA version',
      extension('libcudnn.so.8', `${SP}/xformers/_C.so`),
      'none',
    ],
    ['a program', extension('libcudart.so.11.0', '/app/x'), 'none'],
    [
      'by its metadata',
      { frameworks: [TORCH, { name: 'xformers', cuda: '11.8' }] },
      'error, leads',
    ],
  ])('%s: %s', (_name, image, expected) => {
    expect(told('framework-cuda-mismatch', image)).toBe(expected);
  });
});

describe('a CPU build beside other GPU code', () => {
  const cpu = (path?: string): ImageFacts => ({
    frameworks: [{ name: 'torch', version: '2.9.0+cpu', cuda: null }],
    ...(path === undefined ? {} : { deviceCode: [{ path, cubins: ['sm_80'] }] }),
  });

  it.each<[string, ImageFacts, string]>([
    ['alone', cpu(), 'error, leads'],
    ['of a known program', cpu('/app/libggml-cuda.so'), 'none'],
    ['of a program', cpu('/app/libkernels.so'), 'warning'],
    ['of NVIDIA’s libraries', cpu('/usr/local/cuda-12.8/lib64/libcublas.so.12'), 'error, leads'],
    ['of an extension', cpu(`${SP}/x/_C.so`), 'error, leads'],
    ['of a file that nothing places', cpu(''), 'error, leads'],
    ['of the framework itself', cpu(`${SP}/torch/lib/libtorch_cuda.so`), 'error, leads'],
    [
      'of another installation of it',
      {
        ...cpu(`${SP}/torch/lib/libtorch_cuda.so`),
        frameworks: [
          { name: 'torch', version: '2.9.0+cpu', cuda: null },
          { name: 'torch', version: '2.9.0' },
        ],
      },
      'none',
    ],
  ])('%s: %s', (_name, image, expected) => {
    expect(told('framework-cpu-only', image)).toBe(expected);
  });
});

describe('the tag of the image', () => {
  const tagged = (reference: string, rest: ImageFacts = { cuda: '12.8.1' }): ImageFacts => ({
    reference,
    ...rest,
  });

  it.each<[string, ImageFacts, string]>([
    ['names another', tagged('a/b:v1-cu118'), 'notice'],
    ['names another, dotted', tagged('a/b:2.1-cuda11.8-devel'), 'notice'],
    ['names another, of nvidia/cuda', tagged('nvidia/cuda:12.1.0-base-ubuntu22.04'), 'notice'],
    ['names it', tagged('a/b:v1-cu128'), 'none'],
    ['names its major', tagged('a/b:cuda12-latest'), 'none'],
    ['names it with its update', tagged('a/b:1.0-cu1281-torch260'), 'none'],
    [
      'names the framework’s',
      tagged('a/b:v1-cu128', { cuda: '12.4', frameworks: [TORCH] }),
      'none',
    ],
    ['names none', tagged('a/b:v0.6.3'), 'none'],
    ['has other digits', tagged('a/b:1.0-ubuntu2204-py310'), 'none'],
    ['moves', tagged('a/b:latest'), 'notice'],
    ['is left out', tagged('localhost:5000/a/b'), 'notice'],
    ['cannot be: an id', tagged('d1f2a3b4c5d6'), 'none'],
    ['cannot be: the id of the content', tagged(`sha256:${'0c'.repeat(32)}`), 'none'],
    ['cannot be: some text', tagged('JOB-17'), 'none'],
    ['cannot be: a path', tagged('./image.tar'), 'none'],
    ['moves, with a digest', tagged('a/b:latest@sha256:00'), 'none'],
    ['moves, and nothing is known', tagged('a/b:latest', { cuda: 'x' }), 'none'],
  ])('%s: %s', (_name, image, expected) => {
    expect(told('image-tag-misleading', image)).toBe(expected);
  });

  it('names each version inside once', () => {
    const image = tagged('a/b:latest', { cuda: '12.8.1', frameworks: [TORCH] });
    const note = diagnose(facts(A100, image), []).findings.find(
      ({ id }) => id === 'image-tag-misleading',
    );
    const inside = note?.data.notes ?? [];
    expect(inside.length).toBeGreaterThan(0);
    expect(inside).toEqual([...new Set(inside)]);
  });

  it('never leads, and stands beside a failure', () => {
    const image = tagged('a/b:v1-cu118');
    expect(diagnose(facts(A100, image), [])).toMatchObject({ verdict: 'works', primary: null });
    expect(told('image-tag-misleading', image, host('470.82.01'))).toBe('notice');
  });
});

describe('code of which not all was read', () => {
  const H100 = host('580.95.05', ['NVIDIA H100 80GB HBM3']);
  const image = (rest: ImageFacts): ImageFacts => ({
    ...READ,
    deviceCode: [{ path: '/app/x', cubins: ['sm_80'] }],
    ...rest,
  });

  it.each<[string, ImageFacts]>([
    ['a damaged file', { deviceCode: [{ path: '/app/x', cubins: ['sm_80'], malformed: 'cut' }] }],
    ['a walk that did not end', { files: { complete: false } }],
  ])('%s proves no lack, and is told', (_name, rest) => {
    const { verdict, findings, unchecked } = diagnose(facts(H100, image(rest)), []);
    expect([verdict, findings]).toEqual(['works', []]);
    expect(unchecked).toContainEqual({
      what: 'device code against the GPU',
      why: expect.stringContaining('was not read whole'),
    });
  });

  it('fails where all of it was', () => {
    expect(diagnose(facts(H100, image({})), [])).toMatchObject({ primary: 'no-kernel-for-gpu' });
  });
});

describe('what a scan saw of driver and GPUs', () => {
  const scanned: ProbeFacts = {
    started: true,
    complete: true,
    requestedGpus: 0,
    libcuda: { origin: 'absent', error: 'libcuda.so.1: cannot open shared object file' },
    init: { code: 100 },
    nvml: { code: 9, error: 'Driver Not Loaded' },
    runtime: { code: 35 },
    frameworks: [{ name: 'torch', available: false }],
  };

  it('is no finding, with a runner or without one', () => {
    for (const machine of [A100, {}]) {
      expect(diagnose(facts(machine, READ, { probe: scanned }), []).findings).toEqual([]);
    }
  });

  it('does not prove that a requirement is not enforced', () => {
    const image = { ...READ, env: { NVIDIA_REQUIRE_CUDA: 'cuda>=13.9' } };
    const legacy = { ...A100, engine: { name: 'docker', gpuMode: 'legacy' } };
    expect(diagnose(facts(legacy, image, { probe: scanned }), []).primary).toBe(
      'requirement-unmet',
    );
  });
});
