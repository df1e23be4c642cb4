import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const name = given(data.image, (v) => short(v, 100));
  return {
    title: headline(`${name ?? 'What this name stands for'} is no usable container image`),
    why: 'The registry has something under this name, but no engine can run it: another kind of artifact (a Helm chart, a model, an attestation), an image of the old schema 1, or one whose configuration is missing, damaged or too large.',
    fixes: lines(
      `See what it is: docker buildx imagetools inspect ${name ?? 'IMAGE'} --raw`,
      'Check that the name is that of the image, and not of a chart or another artifact beside it',
      'Build and push the image again with a current builder',
    ),
  };
};
