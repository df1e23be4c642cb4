import { Framework, given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data, severity }) => {
  const found = given(data.notes?.[0], (n) => short(n, 120).replace(/\.$/, ''));
  const wanted = found === undefined || !/^[\d.]+$/.test(found) ? undefined : `${found}.*`;
  return {
    title: headline(
      `The cuDNN in the image ${severity === 'warning' ? 'may' : 'does'} not fit ${data.framework === undefined ? 'the framework' : Framework(data)}${given(data.clause, (c) => `: ${c}`) ?? ''}`,
    ),
    why: sentences(
      'A framework needs a cuDNN of the major version that it was built with, and at least as new.',
      found === undefined
        ? undefined
        : `Built with cuDNN ${found}${given(data.text, (t) => `, the image has ${short(t, 60)}`) ?? ''}.`,
      severity === 'warning' &&
        "That is what the release's official build was made with; the image does not say what its own was, and the framework may still take an older one.",
      given(data.path, (p) => `Loaded: ${short(p, 120)}.`),
    ),
    fixes: lines(
      'See which cuDNN is loaded: python -c "import torch; print(torch.backends.cudnn.version())"',
      "Let the framework's own copy win: docker run -e LD_LIBRARY_PATH= …",
      `Install the cuDNN that the framework was built with: pip install "nvidia-cudnn-cu12==${wanted ?? 'VERSION'}" (cu11, cu13 for other CUDA majors)`,
    ),
  };
};
