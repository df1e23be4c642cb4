import { describe, expect, it } from '@jest/globals';
import { baseName, isDriverLibrary, isInOrdinaryFolder } from '../../src/core/driver-libraries.js';

describe('libraries that the container toolkit brings', () => {
  it.each([
    ['libcuda.so.1', true],
    ['libcuda.so', true],
    ['libcudadebugger.so.1', true],
    ['libnvidia-ml.so.1', true],
    ['libnvidia-ptxjitcompiler.so.1', true],
    ['libnvcuvid.so.1', true],
    ['libnvoptix.so.1', true],
    ['libvdpau_nvidia.so', true],
    ['libGLX_nvidia.so.0', true],
    ['libEGL_nvidia.so.0', true],
    ['libGLESv2_nvidia.so.2', true],
    ['libGLESv1_CM_nvidia.so.1', true],
    ['libcudart.so.12', false],
    ['libcudnn.so.9', false],
    ['mylibcuda.so.1', false],
    ['libnvidia.so', false],
    ['libnvjpeg.so.12', false],
  ])('%s: %s', (soname, expected) => {
    expect(isDriverLibrary(soname)).toBe(expected);
  });
});

describe('folders in which the driver’s files are expected', () => {
  it.each([
    ['/lib/libcuda.so.1', true],
    ['/lib64/libcuda.so.1', true],
    ['/usr/lib/libcuda.so.1', true],
    ['/usr/lib64/libcuda.so.1', true],
    ['/usr/local/lib/libcuda.so.1', true],
    ['/usr/lib/x86_64-linux-gnu/libcuda.so.1', true],
    ['/usr/lib/aarch64-linux-gnu/libcuda.so.1', true],
    ['/usr/lib/x86_64-linux-gnu/nvidia/libcuda.so.1', true],
    ['/usr/lib/x86_64-linux-gnu/nvidia/current/libcuda.so.1', true],
    ['/usr/lib64/nvidia/libcuda.so.1', true],
    ['/usr/local/nvidia/lib/libcuda.so.1', true],
    ['/usr/local/nvidia/lib64/libcuda.so.1', true],
    ['/usr/local/cuda/compat/libcuda.so.1', false],
    ['/usr/local/cuda/lib64/stubs/libcuda.so', false],
    ['/usr/lib/aarch64-linux-gnu/tegra/libcuda.so.1', false],
    ['/usr/lib/x86_64-linux-gnu/nvidia/old/libcuda.so.1', false],
    ['/opt/usr/lib/libcuda.so.1', false],
    ['/opt/usr/local/nvidia/lib/libcuda.so.1', false],
    ['/usr/local/nvidia/lib/x/libcuda.so.1', false],
    ['/usr/lib/x/libcuda.so.1', false],
    ['/usr/lib/', false],
    ['libcuda.so.1', false],
  ])('%s: %s', (path, expected) => {
    expect(isInOrdinaryFolder(path)).toBe(expected);
  });
});

it('the name of a file is what follows its last folder', () => {
  expect(['/a/b.so', 'b.so', '/a/', ''].map(baseName)).toEqual(['b.so', 'b.so', '', '']);
});
