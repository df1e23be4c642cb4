import { cuda, given, headline, lines, listed, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const named = given(data.text, (text) => short(text, 16));
  const inside = data.notes ?? [];
  return {
    title: headline(
      named === undefined
        ? `The image's tag moves and does not name its CUDA version: now ${cuda(data)}`
        : `The image's tag names CUDA ${named}, the image has ${cuda(data)}`,
    ),
    why: sentences(
      named === undefined
        ? 'The next pull of the same tag may bring another CUDA version, which other drivers and GPUs serve.'
        : `Nothing in the image is of CUDA ${named}.`,
      inside.length > 1 && `CUDA versions inside: ${listed([...new Set(inside)], 6)}.`,
      'What is inside was judged, not the tag.',
    ),
    fixes: lines(
      named === undefined
        ? 'Pin the image by a tag that names its version, or by its digest: IMAGE@sha256:…'
        : 'Name the tag after the CUDA version that the image has, or choose the image by its digest: IMAGE@sha256:…',
      'See what is inside: docker image inspect --format "{{.Config.Env}}" IMAGE',
    ),
  };
};
