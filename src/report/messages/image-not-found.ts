import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `${given(data.image, (v) => `Image ${short(v, 80)}`) ?? 'The image'} does not exist in its registry`,
  ),
  why: 'The registry answered that there is no such tag, digest or repository. NVIDIA deletes the tags of CUDA versions that reached their end of life, so a name that worked for years can stop working.',
  fixes: lines(
    'List the tags that exist: `skopeo list-tags docker://docker.io/nvidia/cuda`',
    'Move to a supported tag of the same CUDA major version',
    'Pin the image by digest in a registry of your own, so that a deletion elsewhere cannot break the job',
  ),
});
