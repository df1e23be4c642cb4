import type { FindingData } from '../../core/finding.js';
import { given, headline, lines, short } from '../phrases.js';
import type { Message, Words } from '../words.js';

export const words: Words = ({ data }) =>
  data.step === 'local' ? notOnThisMachine(data) : notInTheRegistry(data);

const notInTheRegistry = (data: FindingData): Message => ({
  title: headline(`${name(data)} does not exist in its registry`),
  why: 'The registry answered that there is no such tag, digest or repository. NVIDIA deletes the tags of CUDA versions that reached their end of life, so a name that worked for years can stop working.',
  fixes: lines(
    'List the tags that exist: `skopeo list-tags docker://REPOSITORY`',
    'Move to a supported tag of the same CUDA major version',
    'Pin the image by digest in a registry of your own, so that a deletion elsewhere cannot break the job',
  ),
});

/** The engine looked only among its own images: no registry was asked. */
const notOnThisMachine = (data: FindingData): Message => ({
  title: headline(`${name(data)} is not on this machine, and nothing was pulled`),
  why: 'The engine has no image of this name, and no registry was asked for one.',
  fixes: lines(
    'Let it be pulled: set `pull: missing`',
    given(data.image, (image) => `docker pull ${short(image, 200)}`),
    'See what the engine has, and under which names: `docker image ls`',
  ),
});

const name = (data: FindingData): string =>
  given(data.image, (image) => `Image ${short(image, 80)}`) ?? 'The image';
