import { lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The registry refuses further pulls for now: rate limit reached',
  why: 'The registry answered 429. Docker Hub counts pulls without a login by IP address, so all runners behind one address share a limit.',
  fixes: lines(
    'Log in, which raises the limit: docker login',
    'Pull from a mirror or a pull-through cache: `docker pull mirror.gcr.io/library/ubuntu:22.04`',
    'Keep the image on the runner between jobs: set `pull: missing`',
  ),
});
