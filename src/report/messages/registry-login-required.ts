import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `${given(data.registry, (v) => short(v, 60)) ?? 'The registry'} asks for a login before it gives the image`,
  ),
  why: 'The registry answered 401: no credentials were sent, or they are wrong or have expired. Nothing is known about the GPU side yet.',
  fixes: lines(
    `Log in on the runner: docker login ${given(data.registry, (v) => short(v, 100)) ?? 'REGISTRY'}`,
    "For nvcr.io the user name is the word $oauthtoken and the password an NGC API key: `docker login nvcr.io -u '$oauthtoken'`",
    'In GitHub Actions, log in with docker/login-action in a step before this one, and give the job `permissions: packages: read` for ghcr.io',
  ),
});
