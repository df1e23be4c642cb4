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

  it.each([
    // each framework's library with its kernels, wherever it lies
    ['/x/libtorch_cuda_cu.so', 'main PyTorch'],
    ['/x/libtorch_cuda_cpp.so', 'main PyTorch'],
    ['/x/libtorch.so', 'main PyTorch'],
    ['/x/libcaffe2_gpu.so', 'main PyTorch'],
    ['/x/libtensorflow_cc.so', 'main tensorflow'],
    ['/x/libtensorflow.so.2.15.0', 'main tensorflow'],
    ['/x/libtensorflow_framework.so.2', 'main tensorflow'],
    ['/x/_pywrap_tensorflow_internal.so', 'main tensorflow'],
    ['/x/xla_cuda_plugin.so', 'main jax'],
    ['/x/xla_extension.so', 'main jax'],
    ['/x/paddle/base/libpaddle.so', 'main paddlepaddle'],
    ['/x/paddle/fluid/core_avx.so', 'main paddlepaddle'],
    ['/x/libmxnet.so', 'main mxnet'],
    ['/x/vllm/_C_stable_libtorch.abi3.so', 'main vllm'],
    ['/x/libtensorrt_llm.so', 'main tensorrt_llm'],
    ['/x/libctranslate2.so', 'main ctranslate2'],
    ['/x/libctranslate2-1a2b.so.4.5.0', 'main ctranslate2'],
    ['/x/libggml-cuda.so.0.9.1', 'main libggml-cuda.so'],
    ['libggml-cuda.so', 'main libggml-cuda.so'],
    // names that only hold one of these
    ['/x/libtorch_cuda.so.bak', 'program'],
    ['/x/mylibtorch_cuda.so', 'program'],
    ['/x/libtensorflow_cc.so.2.bak', 'program'],
    ['/x/mylibtensorflow_cc.so.2', 'program'],
    ['/x/myxla_extension.so', 'program'],
    ['/x/xla_extension.so.1', 'program'],
    ['/x/mylibonnxruntime_providers_cuda.so', 'program'],
    ['/x/libonnxruntime_providers_cuda.so.1', 'program'],
    ['/x/mypaddle/base/libpaddle.so', 'program'],
    ['/x/paddle/base/libpaddle.so.1', 'program'],
    ['/x/mylibmxnet.so', 'program'],
    ['/x/libmxnet.so.1', 'program'],
    ['/x/myvllm/_C.abi3.so', 'extension'],
    ['/x/mylibtensorrt_llm.so', 'program'],
    ['/x/libtensorrt_llm.so.1', 'program'],
    ['/x/mylibctranslate2.so', 'program'],
    ['/x/libctranslate2/other.so', 'program'],
    ['/x/libctranslate2.so.4.bak', 'program'],
    ['/x/mylibggml-cuda.so', 'program'],
    ['/x/libggml-cuda.so.bak', 'program'],
    // libraries and tools of NVIDIA, by their name or by their folder
    ['/x/libcublasLt_static.a', 'vendor'],
    ['/x/libcudnn_ops.alt.so.9', 'vendor'],
    ['libnccl.so.2', 'vendor'],
    ['/x/libcudart.so.12', 'vendor'],
    ['/x/libnvidia-ml.so.1', 'vendor'],
    ['/x/mylibcublas.so.12', 'program'],
    ['/x/libcuda_kernels.so', 'program'],
    ['/usr/local/cuda/bin/nvcc', 'vendor'],
    ['/opt/x/usr/local/cuda/bin/tool', 'program'],
    ['/usr/local/cudafiles', 'program'],
    ['/opt/nvidia/nsight-systems/x', 'vendor'],
    ['/x/opt/nvidia/nsight-systems/y', 'program'],
    ['/opt/nvidia/other/x', 'program'],
    [`${SP}/tensorrt_libs/x.so`, 'vendor'],
    [`${SP}/triton/x.so`, 'vendor'],
    ['/usr/lib/python3/dist-packages/cutlass_library/x.so', 'vendor'],
    ['/x/nvidia/x.so', 'program'],
    // modules of Python
    ['/usr/lib/python3/dist-packages/x/y.so', 'extension'],
    ['/x/y.cpython-312-x86_64-linux-gnu.so', 'extension'],
    ['/x/y.abi3.so', 'extension'],
    ['/x/y.cpython-312/z.so', 'program'],
    ['/x/y.abi3.so.1', 'program'],
    // code outside a program
    ['/x/k.cubin', 'loose'],
    ['/x/k.fatbin', 'loose'],
    ['/x/k.o', 'loose'],
    ['/x/k.cubin.d', 'program'],
  ])('%s: %s', (path, expected) => {
    expect(role(path)).toBe(expected);
  });

  it.each(['cubin', 'ptx', 'fatbin', 'archive'])('takes a file of kind %s for loose', (kind) => {
    expect(placeOf({ path: '/app/x', kind }, image).role).toBe('loose');
  });

  it('names a file that has no path, and a library as its makers do where no framework is known', () => {
    expect(placeOf({}, image)).toEqual({ role: 'program', owner: 'a file' });
    expect(placeOf({ path: '/app/' }, image).owner).toBe('a file');
    expect(role('/x/libtorch_cuda.so', {})).toBe('main torch');
    expect(role('/x/libtorch_cuda.so', { frameworks: [{ name: 'jax' }] })).toBe('main torch');
  });

  it('follows what starts the container', () => {
    expect(role('/usr/bin/app', { entrypoint: ['app'] })).toBe('main app');
    expect(role('/opt/x/app', { entrypoint: ['app'] })).toBe('program');
    expect(role('/app/server', {})).toBe('program');
    expect(role('/app/server', { entrypoint: [] })).toBe('program');
    expect(role('/app/server/', { entrypoint: [''] })).toBe('program');
    for (const path of ['/usr/sbin/app', '/bin/app', '/opt/x/bin/app'])
      expect(role(path, { entrypoint: ['app', '--x'] })).toBe('main app');
    for (const path of ['/usr/bin/x/app', '/usr/xbin/app', '/usr/bin/myapp'])
      expect(role(path, { entrypoint: ['app'] })).toBe('program');
    expect(role('/x/app/server', { entrypoint: ['/app/server'] })).toBe('program');
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
    expect(packageOf('/usr/lib/python3/dist-packages/cupy/x.so')).toBe('cupy');
    expect(packageOf('/usr/lib/python3/dist-packages/one.abi3.so')).toBe('one');
    expect(packageOf(`${SP}/a/b/c.so`)).toBe('a');
    expect(packageOf('/app/x.so')).toBeUndefined();
    expect(packageOf('/mysite-packages/cupy/x.so')).toBeUndefined();
    expect(packageOf(`${SP}/one.so`)).toBeUndefined();
  });
});
