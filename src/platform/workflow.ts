/**
 * The page of the workflow run this program is part of, or undefined outside of GitHub Actions. `@actions/github` knows it;
 * it is loaded only here, late, as it brings a REST client along.
 */
export async function workflowRunUrl(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if (env['GITHUB_ACTIONS'] !== 'true' || !env['GITHUB_REPOSITORY'] || !env['GITHUB_RUN_ID']) {
    return undefined;
  }
  const { context } = await import(/* webpackIgnore: true */ './github.js');
  const { owner, repo } = context.repo;
  return `${context.serverUrl}/${owner}/${repo}/actions/runs/${context.runId}`;
}
