import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Job {
  permissions: Record<string, string>;
  steps: { uses: string; with: Record<string, unknown> }[];
}

const action = parse(readFileSync('action.yml', 'utf8')) as { inputs: object };
const snippets = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
const recipe = snippets('docs/recipes/pull-request-comment.md');

describe('the recipe for pull requests', () => {
  it.each(recipe)(
    'has whole workflows that ask for inputs there are and for what those need: %#',
    (text) => {
      const workflow = parse(text) as { on: object; jobs: Record<string, Job> };
      expect(workflow.on).toBeTruthy();
      for (const { permissions, steps } of Object.values(workflow.jobs))
        for (const { uses, with: inputs } of steps) {
          expect(uses).toMatch(/^cuda-image-check\/cuda-image-check@/);
          expect(Object.keys(inputs).filter((name) => !(name in action.inputs))).toEqual([]);
          expect(permissions['pull-requests'] === 'write').toBe('comment' in inputs);
          expect(permissions['checks'] === 'write').toBe('check-run' in inputs);
        }
    },
  );

  it('lets nothing of a fork run where the token can write', () => {
    const targets = recipe
      .map((text) => parse(text))
      .filter(({ on }) => JSON.stringify(on).includes('pull_request_target'));
    expect(targets).toHaveLength(1);
    for (const { jobs } of targets)
      for (const { steps } of Object.values(jobs as Record<string, Job>)) {
        expect(steps).toHaveLength(1);
        expect(steps[0]?.with['mode']).toBe('predict');
      }
  });

  it('has snippets at all', () => {
    expect(recipe.length).toBeGreaterThanOrEqual(5);
  });
});
