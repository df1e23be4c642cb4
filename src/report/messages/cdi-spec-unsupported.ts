import type { Words } from '../words.js';

export const words: Words = () => ({
  title: "The engine cannot parse the spec's version or fields, or predates CDI",
  why: "the engine cannot parse the spec's version or fields, or predates CDI",
  fixes: [],
});
