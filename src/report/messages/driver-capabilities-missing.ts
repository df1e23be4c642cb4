import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const missing = given(data.clause, (c) => short(c, 40)) ?? 'compute';
  const value = given(data.text, (t) => short(t, 40));
  return {
    title: headline(
      value === undefined
        ? `NVIDIA_DRIVER_CAPABILITIES leaves out "${missing}"`
        : `NVIDIA_DRIVER_CAPABILITIES is "${value}" and leaves out "${missing}"`,
    ),
    why: sentences(
      'The container toolkit injects only the driver libraries that this variable asks for.',
      missing === 'compute' &&
        'Without "compute" the container has no libcuda, so no CUDA program can start.',
    ),
    fixes: lines(
      `For one run: docker run -e NVIDIA_DRIVER_CAPABILITIES=compute,utility${missing === 'compute' ? '' : `,${missing}`} …`,
      `In the image: ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility${missing === 'compute' ? '' : `,${missing}`}`,
      'In a job container of a workflow: container: { options: --gpus all, env: { NVIDIA_DRIVER_CAPABILITIES: all } }',
    ),
  };
};
