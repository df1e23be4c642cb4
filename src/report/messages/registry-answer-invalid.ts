import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const registry = given(data.registry, (v) => short(v, 60));
  return {
    title: headline(`${registry ?? 'The registry'} gave an answer that cannot be used`),
    why: 'It answered, and what came is not what a registry sends for an image: bytes of another digest, redirects without end, or a page of some other server. A proxy or a captive portal between runner and registry does this too. Nothing is known about the GPU side yet.',
    fixes: lines(
      `See who answers: curl -sSIL https://${registry ?? 'registry-1.docker.io'}/v2/`,
      'Ask the registry without the proxy or the pull-through cache in between, if there is one',
      'Push the image again where its content is damaged in the registry, or pull it from another one',
    ),
  };
};
