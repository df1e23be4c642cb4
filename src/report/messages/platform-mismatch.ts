import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const host = given(data.hostPlatform, (p) => short(p, 40));
  const image = given(data.platform, (p) => short(p, 40));
  const architecture = host?.split('/')[1];
  const name = data.image ?? 'IMAGE';
  return {
    title: headline(
      `Image is ${image === undefined ? 'for another platform' : `for ${image}`}, the runner is ${host ?? 'another machine'}`,
    ),
    why: 'A program for another processor architecture cannot start here, and emulation does not reach the GPU.',
    fixes: lines(
      host === undefined
        ? `See which platforms the image has: docker buildx imagetools inspect ${name}`
        : `Pull the variant for this machine, if there is one: docker pull --platform ${host} ${name}`,
      `Build the image for it: docker buildx build . --platform ${host ?? 'linux/amd64,linux/arm64'} -t ${name} --push`,
      architecture === undefined
        ? "Run the job on a runner of the image's architecture"
        : `Run the job on a runner that is not ${architecture}: give runs-on the label of one with the image's architecture`,
    ),
  };
};
