import { describe, expect, it } from '@jest/globals';
import {
  isRecorded,
  isRecordedLabel,
  shownOption,
  withoutValues,
} from '../../src/image/environment.js';

describe('what is recorded of an environment', () => {
  it.each([
    'CUDA_VERSION',
    'CUDA_VISIBLE_DEVICES',
    'NVIDIA_REQUIRE_CUDA',
    'NVIDIA_DRIVER_CAPABILITIES',
    'NVIDIA_DISABLE_REQUIRE',
    'NVIDIA_VISIBLE_DEVICES',
    'NV_CUDA_COMPAT_PACKAGE',
    '_CUDA_COMPAT_PATH',
    'LD_LIBRARY_PATH',
    'PYTORCH_VERSION',
    'NCCL_DEBUG',
    'NVIDIA_PRODUCT_NAME',
    'PATH',
  ])('is the value of %s', (name) => {
    expect(isRecorded(name, 'x')).toBe(true);
  });

  it.each([
    ['API_TOKEN', 'x'],
    ['HF_TOKEN', 'x'],
    ['DATABASE_URL', 'x'],
    ['NVIDIA_API_KEY', 'x'],
    ['NV_NGC_APIKEY', 'x'],
    ['CUDA_REGISTRY_PASSWORD', 'x'],
    ['NVIDIA_MIRROR', 'https://me:word@mirror.example/'],
    ['mycuda_version', 'x'],
    ['', ''],
  ])('is not the value of %s', (name, value) => {
    expect(isRecorded(name, value)).toBe(false);
  });

  it('are NVIDIA’s and the standard labels, of ordinary length', () => {
    expect(isRecordedLabel('com.nvidia.cudnn.version', '9.8.0')).toBe(true);
    expect(isRecordedLabel('org.opencontainers.image.version', '22.04')).toBe(true);
    expect(isRecordedLabel('com.nvidia.build.token', 'x')).toBe(false);
    expect(isRecordedLabel('com.example.deploy', 'x')).toBe(false);
    expect(isRecordedLabel('maintainer', 'x'.repeat(301))).toBe(false);
  });
});

describe('container-options', () => {
  it('are shown without the values of variables', () => {
    expect(
      ['--env=HF_TOKEN=hf_abc=\ndef', '--env=NCCL_DEBUG', '--env=A=', '--shm-size=8g'].map(
        shownOption,
      ),
    ).toEqual(['--env=HF_TOKEN=***', '--env=NCCL_DEBUG', '--env=A=', '--shm-size=8g']);
  });

  it('leave no secret in what a program said, and leave paths that CUDA reads', () => {
    const options = [
      '--env=HF_TOKEN=hf_abcdef',
      '--env=MORE=hf_abcdef_and_more',
      '--env=LD_LIBRARY_PATH=/usr/local/cuda/compat',
      '--env=LEVEL=1',
    ];
    expect(withoutValues('1: hf_abcdef_and_more, hf_abcdef, /usr/local/cuda/compat', options)).toBe(
      '1: ***, ***, /usr/local/cuda/compat',
    );
  });
});
