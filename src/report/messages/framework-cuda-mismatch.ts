import { Framework, given, headline, lines, listed, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data, severity }) => {
  const built = given(data.frameworkCuda, (v) => short(v, 16));
  const tag = built === undefined ? undefined : built.split('.').slice(0, 2).join('');
  return {
    title: headline(
      `${Framework(data)} was built for ${built === undefined ? 'another CUDA major version' : `CUDA ${built}`}, the image has ${data.cuda === undefined ? 'another one' : `CUDA ${short(data.cuda, 16)}`}`,
    ),
    why: sentences(
      'CUDA libraries of one major version cannot stand in for those of another: the framework or its extension does not find libcudart.so, libcublas.so … of its major.',
      severity === 'warning' && 'What uses the extension fails; PyTorch itself does not need it.',
      (data.files ?? []).length > 0 && `Concerned: ${listed(data.files ?? [], 4)}.`,
    ),
    fixes: lines(
      data.cuda === undefined
        ? "Install the build for the image's CUDA: pip install --force-reinstall torch --index-url https://download.pytorch.org/whl/cuXYZ"
        : `Install the build for the image's CUDA: pip install --force-reinstall torch --index-url https://download.pytorch.org/whl/cu${data.cuda.split('.').slice(0, 2).join('')}`,
      tag === undefined
        ? 'Or base the image on the CUDA version that the framework was built for'
        : `Or base the image on CUDA ${built}: FROM nvidia/cuda:${built}…`,
      'Rebuild extensions against the framework that is installed: pip install --no-build-isolation --force-reinstall EXTENSION',
    ),
  };
};
