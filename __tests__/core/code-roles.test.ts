import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { packageOf, placeOf } from '../../src/core/code-roles.js';
import type { ImageFacts } from '../../src/core/facts.js';

const SP = '/opt/venv/lib/python3.11/site-packages';
const image: ImageFacts = {
  entrypoint: ['/app/server'],
  frameworks: [{ name: 'PyTorch' }, { name: 'onnxruntime-gpu' }],
};
const role = (path: string, facts = image) => {
  const place = placeOf({ path }, facts);
  return place.role === 'main' ? `main ${place.owner}` : place.role;
};

describe('what a file with device code is to its image', () => {
  it.each([
    [`${SP}/torch/lib/libtorch_cuda.so`, 'main PyTorch'],
    ['libtorch_cuda.so', 'main PyTorch'],
    [`${SP}/torch/lib/libtorch_cuda_linalg.so`, 'extension'],
    [`${SP}/onnxruntime/capi/libonnxruntime_providers_cuda.so`, 'main onnxruntime-gpu'],
    [`${SP}/tensorflow/libtensorflow_cc.so.2`, 'main tensorflow'],
    [`${SP}/vllm/_C.abi3.so`, 'main vllm'],
    [`${SP}/vllm/_flashmla_C.abi3.so`, 'extension'],
    [`${SP}/flash_attn_2_cuda.cpython-311-x86_64-linux-gnu.so`, 'extension'],
    ['/root/.cache/torch_extensions/py311_cu128/op/op.so', 'extension'],
    ['/usr/lib/ollama/cuda_v12/libggml-cuda.so', 'main libggml-cuda.so'],
    ['/app/libggml-cuda.so.0', 'main libggml-cuda.so'],
    ['/app/server', 'main server'],
    ['/app/other', 'program'],
    ['/app/libcuda_kernels.so', 'program'],
    ['/app/kernels.ptx', 'loose'],
    ['/app/libx.a', 'loose'],
    ['/usr/lib/x86_64-linux-gnu/libcuda.so.535.104.05', 'vendor'],
    ['/usr/lib/x86_64-linux-gnu/libcublasLt.so.12.8.4.1', 'vendor'],
    ['/usr/local/cuda-12.8/bin/cuobjdump', 'vendor'],
    [`${SP}/nvidia/cudnn/lib/libcudnn_ops.so.9`, 'vendor'],
    ['/opt/nvidia/nsight-compute/2025.1/libInject.so', 'vendor'],
    ['', 'program'],
  ])('%s: %s', (path, expected) => {
    expect(role(path)).toBe(expected);
  });

  it('follows what starts the container', () => {
    expect(role('/usr/bin/app', { entrypoint: ['app'] })).toBe('main app');
    expect(role('/opt/x/app', { entrypoint: ['app'] })).toBe('program');
    expect(role('/app/server', {})).toBe('program');
  });

  it('takes a file of another kind than a program as loose', () => {
    expect(placeOf({ path: '/app/x', kind: 'cubin' }, image).role).toBe('loose');
    expect(placeOf({ path: '/app/x', kind: 'elf' }, image).role).toBe('program');
  });

  it('answers for any path', () => {
    const roles = ['main', 'program', 'extension', 'loose', 'vendor'];
    fc.assert(
      fc.property(fc.string(), (path) => {
        expect(roles).toContain(placeOf({ path }, image).role);
      }),
    );
  });

  it('knows the package of a module', () => {
    expect(packageOf(`${SP}/xformers/_C.so`)).toBe('xformers');
    expect(packageOf(`${SP}/flash_attn_2_cuda.cpython-311-x86_64-linux-gnu.so`)).toBe(
      'flash_attn_2_cuda',
    );
    expect(packageOf('/app/x.so')).toBeUndefined();
  });
});
