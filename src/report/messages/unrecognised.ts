import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `It failed in a way that no rule knows${given(lastLine(data.text), (t) => `: ${short(t, 76)}`) ?? ''}`,
  ),
  why: sentences(
    'The original words are shown whole; they are the best lead there is.',
    ...(data.notes ?? []),
    given(data.code, (c) => `Exit code or result: ${c}.`),
  ),
  fixes: lines(
    'Read the original words from their first error on: later ones often follow from it',
    'Try a plain CUDA image on the same runner, to see which side it is: docker run --rm --gpus all nvidia/cuda:12.4.1-base-ubuntu22.04 nvidia-smi',
    'Report it with the text, so that it gets a rule: `https://github.com/cuda-image-check/cuda-image-check/issues/new`',
  ),
});

/** Tools put the deciding words last more often than first. */
function lastLine(text: string | undefined): string | undefined {
  return text
    ?.split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .at(-1);
}
