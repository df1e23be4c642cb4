import { Framework, given, headline, lines, listed, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data, severity }) => ({
  title: headline(`${Framework(data)} in the image is a CPU build`),
  why: sentences(
    'It was installed from a package without CUDA, so it cannot use a GPU on any runner.',
    severity === 'warning' &&
      'The image has GPU code of another program: if that is what it is for, nothing has to be done.',
    given(data.path, (p) => `Read in ${short(p, 120)}.`),
  ),
  fixes: lines(
    (data.variants ?? []).length > 0 &&
      `Use the GPU variant of the image: ${listed(data.variants ?? [], 3)}`,
    ...gpuBuild(data.framework),
  ),
});

function gpuBuild(framework: string | undefined): string[] {
  switch (framework) {
    case 'tensorflow':
      return [
        'In the image: RUN pip install "tensorflow[and-cuda]" (and pip uninstall tensorflow-cpu)',
      ];
    case 'jax':
    case 'jaxlib':
      return ['In the image: RUN pip install -U "jax[cuda12]"'];
    case 'onnxruntime':
      return ['In the image: RUN pip uninstall -y onnxruntime && pip install onnxruntime-gpu'];
    default:
      return [
        'In the image, install a build for CUDA (cu126 for older drivers and GPUs before Turing): RUN pip install --force-reinstall torch --index-url https://download.pytorch.org/whl/cu128',
        'See that this does not print None: python -c "import torch; print(torch.version.cuda)"',
      ];
  }
}
