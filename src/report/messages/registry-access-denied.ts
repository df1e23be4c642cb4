import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The registry denies access to ${given(data.image, (v) => short(v, 80)) ?? 'this image'}`,
  ),
  why: 'The registry knows who asks and does not give the image to that account (403 or `denied`), or the repository is private or does not exist.',
  fixes: lines(
    'Check that the name is right: several registries answer the same for a repository that does not exist',
    'Give the account or token read access: on ghcr.io add the repository under Package settings, Manage Actions access',
    'docker logout ghcr.io && docker login ghcr.io',
  ),
});
