import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const libc = given(data.library, (l) => short(l, 40));
  return {
    title: headline(
      `The image's C library${libc === undefined ? '' : ` (${libc})`} cannot load the NVIDIA driver${given(data.clause, (c) => `, which needs ${c}`) ?? ''}`,
    ),
    why: sentences(
      "The driver's libraries are injected from the runner and are built for glibc: they cannot be loaded on musl (Alpine), nor on a glibc older than they were built for.",
      given(data.text, (t) => `Seen: "${short(t, 160)}".`),
    ),
    fixes: lines(
      'Use a glibc base image: FROM nvidia/cuda:12.8.1-base-ubuntu24.04, debian:bookworm-slim or rockylinux:9 in place of alpine',
      'On an old distribution, move to one with a newer glibc (see with: ldd --version)',
    ),
  };
};
