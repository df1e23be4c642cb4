import { Framework, given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(`${Framework(data)} uses the CPU although CUDA works in the container`),
  why: sentences(
    'The driver, the GPU and a kernel of our own work here; the framework found no usable GPU and went on without saying so, so jobs are slow rather than red.',
    given(data.text, (t) => `It says: "${short(t, 200)}".`),
  ),
  fixes: lines(
    'Ask it why: python -c "import torch; torch.cuda.init()", or python -c "import tensorflow as tf; print(tf.config.list_physical_devices(\'GPU\'))"',
    'Empty what hides GPUs: docker run -e CUDA_VISIBLE_DEVICES=… (an empty value or -1 hides all)',
    'Make the framework find its CUDA libraries: pip install "tensorflow[and-cuda]", or name their directory in LD_LIBRARY_PATH',
  ),
});
