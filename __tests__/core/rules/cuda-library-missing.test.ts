import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../src/core/diagnose.js';
import type { ImageFacts, MissingLibrary, ProbeFacts } from '../../../src/core/facts.js';
import type { Finding } from '../../../src/core/finding.js';
import { facts, host } from '../pair.js';

const SP = '/usr/lib/python3/site-packages';
const READ: ImageFacts = { cuda: '12.8', deviceCode: [], files: { complete: true } };
const CUDNN = 'libcudnn.so.9';
const lacks = (neededBy: string, soname = CUDNN): MissingLibrary => ({ soname, neededBy });

function findingOn(image: ImageFacts, probe?: ProbeFacts): Finding | undefined {
  const rest = probe === undefined ? {} : { probe };
  const pair = facts(host('580.95.05', ['NVIDIA A100-SXM4-80GB']), { ...READ, ...image }, rest);
  return diagnose(pair, []).findings.find(({ id }) => id === 'cuda-library-missing');
}
const severity = (neededBy: string, image: ImageFacts = {}) =>
  findingOn({ missingLibraries: [lacks(neededBy)], ...image })?.severity ?? 'none';

describe('what nothing runs without', () => {
  it.each([
    ['/app/server', 'error'],
    ['/usr/bin/app', 'error'],
    ['/opt/lib/app', 'error'],
    ['/srv/usr/lib/app', 'error'],
    ['/app/x.social', 'error'],
    ['/app/x.so', 'warning'],
    ['/app/x.so.4', 'warning'],
    ['/app/x.so.4.8.0', 'warning'],
    ['/lib/x/plugin', 'warning'],
    ['/lib64/x/plugin', 'warning'],
    ['/usr/lib/x/plugin', 'warning'],
    ['/usr/libexec/x/plugin', 'warning'],
    ['/usr/share/x/plugin', 'warning'],
    [`${SP}/torch/lib/libtorch_python.so`, 'error'],
    [`${SP}/torch/lib/libtorch_cpu.so`, 'error'],
    [`${SP}/torch/lib/libtorch_global_deps.so`, 'error'],
    [`${SP}/torch/lib/libc10_cuda.so.bak`, 'warning'],
    [`${SP}/torch/lib/libshm.so`, 'warning'],
    // what may never be loaded: code to link with, a module of Python
    ['/app/kernels.a', 'warning'],
    ['/app/kernels.cubin', 'warning'],
  ])('%s: %s', (path, expected) => {
    expect(severity(path)).toBe(expected);
  });

  it('is a program where no framework with CUDA is what the image is about', () => {
    const cpu = { name: 'torch', version: '2.9.0+cpu', cuda: null };
    const jax = { name: 'jax', version: '0.4', cuda: '12.3' };
    expect(severity('/app/run', { frameworks: [cpu] })).toBe('error');
    expect(severity('/app/run', { frameworks: [cpu, jax] })).toBe('warning');
  });

  it('is not sure where the image has a library of that soname', () => {
    const libraries = (soname: string, kind?: string) => ({
      libraries: [{ name: 'cudnn', soname, ...(kind === undefined ? {} : { kind }) }],
    });
    expect(severity('/app/run', libraries(CUDNN))).toBe('warning');
    expect(severity('/app/run', libraries(CUDNN, 'library'))).toBe('warning');
    expect(severity('/app/run', libraries(CUDNN, 'stub'))).toBe('error');
    expect(severity('/app/run', libraries('libcudnn.so.8'))).toBe('error');
    expect(severity('/app/run', { libraries: [{ name: 'cudnn' }] })).toBe('error');
  });

  it('is not sure where the walk was not allowed to look', () => {
    expect(severity('/app/run', { files: { complete: true, unreadable: ['/root'] } })).toBe(
      'warning',
    );
  });
});

describe('whether the files were read', () => {
  const unchecked = (image: ImageFacts) =>
    diagnose(facts({}, image), []).unchecked.some(
      ({ what }) => what === 'libraries of CUDA in the image',
    );
  it.each<[ImageFacts, boolean]>([
    [{}, true],
    [{ libraries: [] }, true],
    [{ files: {} }, false],
    [{ deviceCode: [] }, false],
    [{ missingLibraries: [] }, false],
  ])('%j: unchecked %s', (image, expected) => {
    expect(unchecked(image)).toBe(expected);
  });
});

describe('several', () => {
  it('are told with the one that decides first, and each once', () => {
    const missingLibraries = [
      lacks('/app/libplug.so', 'libnppc.so.12'),
      lacks('/app/server'),
      lacks('/app/server', 'libcublas.so.12'),
    ];
    const finding = findingOn({ missingLibraries });
    expect(finding?.data).toEqual({
      library: CUDNN,
      owner: 'server',
      files: ['/app/server', '/app/libplug.so'],
      notes: [CUDNN, 'libcublas.so.12', 'libnppc.so.12'],
    });
    expect(finding?.evidence).toHaveLength(3);
  });

  it('are shown up to eight, and named all', () => {
    const missingLibraries = Array.from({ length: 10 }, (_, at) => lacks(`/app/lib${at}.so`));
    const finding = findingOn({ missingLibraries });
    expect(finding?.evidence).toHaveLength(8);
    expect(finding?.data.files).toHaveLength(10);
  });

  it('without a word of who needs them', () => {
    expect(findingOn({ missingLibraries: [{ soname: CUDNN }] })?.data).toEqual({
      library: CUDNN,
      files: [],
      notes: [CUDNN],
    });
  });
});

describe('a framework that computed found what its own files need', () => {
  const torch = { name: 'torch', version: '2.9.0', cuda: '12.8', targets: ['sm_80'] };
  const vllm = { name: 'vllm', version: '0.11', cuda: '12.8', targets: ['sm_80'] };
  const TORCH_CUDA = `${SP}/torch/lib/libtorch_cuda.so`;
  const ran = (...names: string[]): ProbeFacts => ({
    started: true,
    init: { code: 0 },
    frameworks: names.map((name) => ({
      name,
      available: true,
      devices: [{ index: 0, correct: true }],
    })),
  });
  const severityAfter = (probe: ProbeFacts, ...files: string[]) =>
    findingOn(
      { frameworks: [torch, vllm], missingLibraries: files.map((file) => lacks(file)) },
      probe,
    )?.severity;

  it('by the file that holds its kernels, or another one of its package', () => {
    expect(severityAfter(ran('torch'), TORCH_CUDA)).toBe('notice');
    expect(severityAfter(ran('torch'), `${SP}/torch/lib/libc10_cuda.so`)).toBe('notice');
  });
  it('not what another one’s need', () => {
    expect(severityAfter(ran('vllm'), TORCH_CUDA)).toBe('error');
    expect(severityAfter(ran('torch'), `${SP}/vllm/_C.abi3.so`)).toBe('error');
    expect(severityAfter(ran(), TORCH_CUDA)).toBe('error');
  });
  it('and all of them, where files of several lack something', () => {
    expect(severityAfter(ran('torch'), TORCH_CUDA, `${SP}/vllm/_C.abi3.so`)).toBe('error');
    expect(severityAfter(ran('torch', 'vllm'), TORCH_CUDA, `${SP}/vllm/_C.abi3.so`)).toBe('notice');
  });
});
