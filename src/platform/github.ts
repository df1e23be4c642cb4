/** What is used of `@actions/github`; a file of its own in the bundle, for the REST client that comes with it. */
export { context, getOctokit } from '@actions/github';
