import type { DeviceCode, ImageFacts } from './facts.js';
import { isSameFramework } from './framework-builds.js';

/**
 * What a file with device code is to its image, by its path alone.
 *
 * - `main`: without it nothing of the image runs on a GPU: a framework's own library, or the program that the container starts.
 * - `program`: the image's other programs and libraries. Where there is no main one, they are what the image is about.
 * - `extension`: a module that a Python framework loads when somebody uses it. The framework runs without it.
 * - `loose`: code outside a program (a cubin, a text of PTX, a static archive): what loads it, if anything, is not known.
 * - `vendor`: NVIDIA's libraries and tools. They carry code for every GPU of their time and say nothing of what uses them.
 */
export type CodeRole = 'main' | 'program' | 'extension' | 'loose' | 'vendor';

export interface CodePlace {
  readonly role: CodeRole;
  /** Of a main file: the framework as facts name it, or the name of the file. Variants of one library have one owner. */
  readonly owner: string;
}

interface MainLibrary {
  readonly name: string;
  readonly file: RegExp;
}

/**
 * The library of each framework that holds its kernels. Sources: the wheels and build files of PyTorch (libtorch_cuda), TensorFlow
 * (libtensorflow_cc), JAX (xla_cuda_plugin), ONNX Runtime (libonnxruntime_providers_cuda), PaddlePaddle, MXNet, vLLM (_C),
 * TensorRT-LLM, CTranslate2, and llama.cpp with what is built on it (libggml-cuda).
 */
const MAIN_LIBRARIES: readonly MainLibrary[] = [
  { name: 'torch', file: /(?:^|\/)lib(?:torch_cuda(?:_cu|_cpp)?|torch|caffe2_gpu)\.so$/ },
  {
    name: 'tensorflow',
    file: /(?:^|\/)(?:libtensorflow_cc|libtensorflow|libtensorflow_framework|_pywrap_tensorflow_internal)\.so(?:\.[\d.]+)?$/,
  },
  { name: 'jax', file: /(?:^|\/)(?:xla_cuda_plugin|xla_extension)\.so$/ },
  { name: 'onnxruntime', file: /(?:^|\/)libonnxruntime_providers_cuda\.so$/ },
  { name: 'paddlepaddle', file: /(?:^|\/)paddle\/(?:base|fluid)\/(?:libpaddle|core_avx)\.so$/ },
  { name: 'mxnet', file: /(?:^|\/)libmxnet\.so$/ },
  { name: 'vllm', file: /(?:^|\/)vllm\/_C(?:_stable_libtorch)?\.abi3\.so$/ },
  { name: 'tensorrt_llm', file: /(?:^|\/)libtensorrt_llm\.so$/ },
  { name: 'ctranslate2', file: /(?:^|\/)libctranslate2[^/]*\.so[\d.]*$/ },
  { name: 'libggml-cuda.so', file: /(?:^|\/)libggml-cuda\.so(?:\.[\d.]+)?$/ },
];

/** By the file's name alone: a library of the toolkit or of the driver, wherever it lies. */
const VENDOR_FILE =
  /(^|\/)lib(cublas|cublaslt|cudnn|cufft|curand|cusolver|cusparse|cusparselt|npp|nvjpeg|nccl|nvinfer|nvrtc|cutensor|cupti|nvblas|cudart|cuda(?=\.)|nvjitlink|nvshmem|cufile|cudss|nvidia-|nvoptix|nvcuvid|nvonnxparser|nvtiff|nvcomp|cugraph-ops)[a-z0-9_-]*(?:\.alt)?\.(so|a)/i;

/** The toolkit's folders, NVIDIA's wheels, the profilers, and the compiler's own libraries. */
const VENDOR_FOLDER =
  /^\/usr\/local\/cuda[^/]*\/|^\/opt\/nvidia\/nsight|\/(?:site|dist)-packages\/(?:nvidia|tensorrt_libs|tensorrt_bindings|triton|cutlass_library)\//;

const PYTHON_MODULE =
  /\/(?:site|dist)-packages\/|\/torch_extensions\/|\.(?:cpython-\d[^/]*|abi3)\.so$/;

const LOOSE_KINDS: ReadonlySet<string> = new Set(['cubin', 'ptx', 'fatbin', 'archive']);
const LOOSE_FILE = /\.(?:cubin|ptx|fatbin|a|o)$/;

/** @param path absolute, links resolved. */
export function placeOf(
  { path = '', kind }: Pick<DeviceCode, 'path' | 'kind'>,
  image: ImageFacts,
): CodePlace {
  const owner = path.slice(path.lastIndexOf('/') + 1) || 'a file';
  if (VENDOR_FILE.test(path) || VENDOR_FOLDER.test(path)) return { role: 'vendor', owner };
  if (LOOSE_KINDS.has(kind ?? '') || LOOSE_FILE.test(path)) return { role: 'loose', owner };
  const main = MAIN_LIBRARIES.find(({ file }) => file.test(path));
  if (main !== undefined) return { role: 'main', owner: frameworkName(main.name, image) };
  if (isStarted(path, image)) return { role: 'main', owner };
  return { role: PYTHON_MODULE.test(path) ? 'extension' : 'program', owner };
}

/** Whether the framework has a library of its own that holds its kernels. */
export const hasMainLibrary = (framework: string): boolean =>
  MAIN_LIBRARIES.some(({ name }) => isSameFramework(name, framework));

/** As the facts spell it, so that a framework and its file are known to be one. */
const frameworkName = (name: string, { frameworks }: ImageFacts): string =>
  frameworks?.find((one) => isSameFramework(one.name, name))?.name ?? name;

/** The program that the container starts, named by its path or, where a search finds it, by its name. */
function isStarted(path: string, { entrypoint }: ImageFacts): boolean {
  const [program] = entrypoint ?? [];
  if (program === undefined || program === '') return false;
  return program.startsWith('/')
    ? program === path
    : /\/s?bin\/[^/]+$/.test(path) && path.endsWith(`/${program}`);
}

/** Python packages that are in a folder of their own: `flash_attn` of `…/site-packages/flash_attn/x.so`. */
export const packageOf = (path: string): string | undefined =>
  /\/(?:site|dist)-packages\/([^/]+)\//.exec(path)?.[1] ??
  /\/(?:site|dist)-packages\/(\w+?)\.(?:cpython|abi3)/.exec(path)?.[1];
