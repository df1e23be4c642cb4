import { describe, expect, it } from '@jest/globals';
import { withFiles } from '../../src/image/files.js';

const CONFIG = { reference: 'a:1', env: { CUDA_VERSION: '12.8.1' } };

describe('the facts of configuration, files and tests together', () => {
  it('are the configuration’s alone where nothing was read', () => {
    expect(withFiles(CONFIG, undefined, undefined)).toEqual(CONFIG);
    expect(withFiles(CONFIG, undefined, { started: true })).toEqual(CONFIG);
  });

  it('have what the files say in place of what the configuration said', () => {
    const files = { deviceCode: [], libraries: [{ name: 'cudart' }], files: { complete: true } };
    expect(withFiles({ ...CONFIG, libraries: [] }, files, undefined)).toEqual({
      ...CONFIG,
      ...files,
    });
  });

  it('have what a framework said of itself in place of its metadata', () => {
    const frameworks = [
      { name: 'torch', version: '2.9.0', path: '/sp' },
      { name: 'onnxruntime-gpu', version: '1.20.0' },
      { name: 'torch', version: '2.1.0', path: '/old' },
    ];
    const probe = {
      frameworks: [
        {
          name: 'torch',
          version: '2.9.0+cu128',
          cuda: '12.8',
          cudnn: '9.10.2',
          targets: ['sm_80'],
        },
        { name: 'jax', version: '0.5.0', cuda: null },
        { name: 'cupy', version: '13.0.0', error: 'it cannot be imported' },
      ],
    };
    expect(withFiles(CONFIG, { frameworks }, probe).frameworks).toEqual([
      {
        name: 'torch',
        version: '2.9.0+cu128',
        path: '/sp',
        cuda: '12.8',
        cudnn: '9.10.2',
        targets: ['sm_80'],
      },
      { name: 'onnxruntime-gpu', version: '1.20.0' },
      { name: 'torch', version: '2.1.0', path: '/old' },
      { name: 'jax', version: '0.5.0', cuda: null },
    ]);
  });
});
