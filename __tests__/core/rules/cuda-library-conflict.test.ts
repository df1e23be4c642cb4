import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../src/core/diagnose.js';
import type { ImageFramework, ImageLibrary } from '../../../src/core/facts.js';
import type { Finding } from '../../../src/core/finding.js';
import { facts, host } from '../pair.js';

const WHEELS = '/opt/venv/lib/python3.12/site-packages/nvidia';
const TORCH: ImageFramework = { name: 'torch', version: '2.9.0', cuda: '12.8', targets: ['sm_80'] };

/** What LD_LIBRARY_PATH gives to programs, and what the framework's wheel has. */
const first = (name: string, version: string, rest: Partial<ImageLibrary> = {}): ImageLibrary => ({
  name,
  soname: `lib${name}.so.12`,
  version,
  path: `/usr/local/cuda/lib64/lib${name}.so.12`,
  loaded: true,
  via: 'LD_LIBRARY_PATH',
  ...rest,
});
const own = (name: string, version: string, rest: Partial<ImageLibrary> = {}): ImageLibrary => ({
  name,
  soname: `lib${name}.so.12`,
  version,
  path: `${WHEELS}/${name}/lib/lib${name}.so.12`,
  ...rest,
});

const findingOn = (libraries: ImageLibrary[], frameworks = [TORCH]): Finding | undefined =>
  diagnose(
    facts(host('580.95.05', ['NVIDIA A100-SXM4-80GB']), { cuda: '12.8', libraries, frameworks }),
    [],
  ).findings.find(({ id }) => id === 'cuda-library-conflict');
/** The severity and which library it is about. */
const told = (libraries: ImageLibrary[], frameworks?: ImageFramework[]) => {
  const finding = findingOn(libraries, frameworks);
  return finding === undefined ? 'none' : `${finding.severity} ${finding.data.library}`;
};

const CUBLAS = [first('cublas', '12.1.3'), own('cublas', '12.8.4')];
const JIT = [first('nvJitLink', '12.1.105'), own('nvJitLink', '12.8.93')];

describe('an older copy in LD_LIBRARY_PATH', () => {
  it.each<[string, ImageLibrary[], string]>([
    ['by its minor number', CUBLAS, 'warning libcublas.so.12'],
    ['without more than two numbers', [first('x', '12.1'), own('x', '12.8')], 'warning libx.so.12'],
    ['by its major number', [first('x', '11.9'), own('x', '12.1')], 'warning libx.so.12'],
    ['a build of the same release', [first('x', '12.8.1'), own('x', '12.8.2')], 'none'],
    ['of a version that is one number', [first('x', '11'), own('x', '12.8')], 'none'],
    ['beside one that is one number', [first('x', '11.8'), own('x', '12')], 'none'],
    ['of no readable version', [first('x', 'old'), own('x', '12.8')], 'none'],
    ['beside one of no readable version', [first('x', '12.1'), own('x', 'new')], 'none'],
    [
      'of which no version is known',
      [first('x', '1', { version: undefined } as never), own('x', '12.8')],
      'none',
    ],
    [
      'beside one of which no version is known',
      [first('x', '12.1'), own('x', '1', { version: undefined } as never)],
      'none',
    ],
    ['that no program gets', [first('x', '12.1', { loaded: false }), own('x', '12.8')], 'none'],
    ['that the cache gives', [first('x', '12.1', { via: 'cache' }), own('x', '12.8')], 'none'],
    ['of another soname', [first('x', '11.8', { soname: 'libx.so.11' }), own('x', '12.8')], 'none'],
    [
      'without a soname, beside one without',
      [
        first('x', '11.8', { soname: undefined } as never),
        own('x', '12.8', { soname: undefined } as never),
      ],
      'none',
    ],
    [
      'without a path',
      [first('x', '12.1', { path: undefined } as never), own('x', '12.8')],
      'warning libx.so.12',
    ],
    [
      'that is a wheel’s itself',
      [first('x', '12.1', { path: `${WHEELS}/old/lib/libx.so.12` }), own('x', '12.8')],
      'none',
    ],
    [
      'beside one that is no wheel’s',
      [first('x', '12.1'), own('x', '12.8', { path: '/opt/x/lib/libx.so.12' })],
      'none',
    ],
    [
      'beside one of PyTorch’s own folder',
      [
        first('x', '12.1'),
        own('x', '12.8', { path: '/usr/lib/python3/dist-packages/torch/lib/libx.so.12' }),
      ],
      'warning libx.so.12',
    ],
    ['beside a stub', [first('x', '12.1'), own('x', '12.8', { kind: 'stub' })], 'none'],
    ['of cuDNN', [first('cudnn', '9.1'), own('cudnn', '9.8')], 'none'],
    ['of a part of cuDNN', [first('cudnn_ops', '9.1'), own('cudnn_ops', '9.8')], 'none'],
    ['alone', [first('x', '12.1')], 'none'],
  ])('%s: %s', (_name, libraries, expected) => {
    expect(told(libraries)).toBe(expected);
  });

  it('is nobody’s trouble unless a framework has CUDA', () => {
    expect(told(CUBLAS, [])).toBe('none');
    expect(told(CUBLAS, [{ name: 'numpy' }])).toBe('none');
    expect(told(CUBLAS, [{ name: 'numpy' }, TORCH])).toBe('warning libcublas.so.12');
  });
});

describe('an older nvJitLink', () => {
  it.each<[string, ImageLibrary[], string]>([
    ['fails cuSPARSE of a wheel', [...JIT, own('cusparse', '12.5')], 'error libnvJitLink.so.12'],
    ['fails cuSOLVER of a wheel', [...JIT, own('cusolver', '11.7')], 'error libnvJitLink.so.12'],
    [
      'leads, whatever else is older',
      [...CUBLAS, ...JIT, own('cusparse', '12.5')],
      'error libnvJitLink.so.12',
    ],
    ['may fail others', [...JIT, own('cufft', '11.4')], 'warning libnvJitLink.so.12'],
    ['does not lead where it need not fail', [...CUBLAS, ...JIT], 'warning libcublas.so.12'],
    ['may fail cuSPARSELt', [...JIT, own('cusparseLt', '0.7')], 'warning libnvJitLink.so.12'],
    ['may fail a namesake', [...JIT, own('xcusparse', '12.5')], 'warning libnvJitLink.so.12'],
    [
      'may fail cuSPARSE of the toolkit, which calls the toolkit’s',
      [...JIT, own('cusparse', '12.5', { path: '/usr/local/cuda/lib64/libcusparse.so.12' })],
      'warning libnvJitLink.so.12',
    ],
    [
      'may fail cuSPARSE of an unknown place',
      [...JIT, own('cusparse', '12.5', { path: undefined } as never)],
      'warning libnvJitLink.so.12',
    ],
    [
      'is not blamed where another is older',
      [...CUBLAS, own('cusparse', '12.5')],
      'warning libcublas.so.12',
    ],
  ])('%s', (_name, libraries, expected) => {
    expect(told(libraries)).toBe(expected);
  });
});
