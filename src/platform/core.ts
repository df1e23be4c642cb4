/** What is used of `@actions/core`; a file of its own in the bundle, for the HTTP stack that comes with it. */
export { setOutput, summary } from '@actions/core';
