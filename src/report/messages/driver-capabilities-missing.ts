import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const missing = given(data.clause, (c) => short(c, 40)) ?? 'compute';
  const value = given(data.text, (t) => short(t, 40));
  if (data.invalid === true)
    return refused(
      value,
      given(data.clause, (c) => short(c, 40)),
    );
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

const refused = (value: string | undefined, names: string | undefined): ReturnType<Words> => ({
  title: headline(
    `NVIDIA_DRIVER_CAPABILITIES${value === undefined ? '' : ` is "${value}" and`} has a name that the container toolkit does not take${names === undefined ? '' : `: ${names}`}`,
  ),
  why: sentences(
    'The container toolkit refuses the container over any name but compute, compat32, graphics, utility, video, display, ngx and all, in lower case.',
    'An older one knows fewer, and supported-driver-capabilities in its config.toml can leave some out.',
  ),
  fixes: lines(
    'For one run: docker run -e NVIDIA_DRIVER_CAPABILITIES=compute,utility …',
    'In the image: ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility',
  ),
});
