import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `${given(data.image, (v) => `"${short(v, 60)}"`) ?? 'The image name'} is not a valid image reference`,
  ),
  why: 'A reference is `[registry/]repository[:tag][@digest]`: the repository is lower case, without spaces, and an empty variable in a Dockerfile or workflow leaves a broken one.',
  fixes: lines(
    'Check the spelling: the repository part may hold only lower-case letters, digits and . _ - /',
    'If the name comes from a variable, print it before it is used: an unset variable gives an empty name or a tag that begins with a colon',
    'With Podman, write the registry too: `podman pull docker.io/nvidia/cuda:12.4.1-base-ubuntu22.04`',
  ),
});
