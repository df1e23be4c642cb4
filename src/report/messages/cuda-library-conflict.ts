import { given, headline, lines, listed, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data, severity }) => ({
  title: headline(
    severity === 'warning'
      ? `${given(data.library, (l) => short(l, 50)) ?? 'A CUDA library'} of LD_LIBRARY_PATH is older than the one that the framework brings`
      : `${given(data.library, (l) => short(l, 50)) ?? 'A CUDA library'} is loaded from a place or in a version that does not fit the rest`,
  ),
  why: sentences(
    'The image holds more than one copy of the CUDA libraries, and the loader takes one that does not belong to the others.',
    given(data.path, (p) => `Loaded: ${short(p, 120)}.`),
    given(data.text, (t) => `Version: ${short(t, 80)}.`),
    (data.notes ?? []).length > 1 && `So it is for ${listed(data.notes ?? [], 6)}.`,
    severity === 'warning' &&
      'It may do; where the framework calls what the older copy does not have, it fails.',
    'Typical: LD_LIBRARY_PATH puts /usr/local/cuda before the libraries that pip installed with the framework.',
  ),
  fixes: lines(
    'Try without the search path: docker run -e LD_LIBRARY_PATH= …',
    'In the image: take /usr/local/cuda/lib64 out of ENV LD_LIBRARY_PATH when the framework brings its own libraries (pip list | grep nvidia-)',
    'Reinstall the libraries that the framework pins: pip install --force-reinstall torch',
  ),
});
