import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { markerLine, readMarker } from '../../src/github/marker.js';
import { placeKey, placeName, type StepPlace, stepPlace } from '../../src/github/place.js';
import { headOf, isFromFork, pullRequestOf } from '../../src/github/pull-request.js';
import { commentBody, resolvedBody } from '../../src/report/comment.js';
import { driverTooOld } from '../report/examples.js';
import { hostileText } from '../report/hostile.js';
import { report } from '../report/reports.js';
import { ENV, HEAD, pullRequest } from './steps.js';

const place = (env: object = {}, matrix = 'null'): StepPlace => {
  const made = stepPlace({ ...ENV, GITHUB_RUN_ID: '12', ...env }, matrix);
  if ('missing' in made) throw new Error(made.missing);
  return made;
};

describe('the place of a step', () => {
  it('names the variable that is missing outside of a workflow run', () => {
    expect(stepPlace({}, '')).toEqual({ missing: 'GITHUB_REPOSITORY' });
    expect(stepPlace(ENV, '')).toEqual({ missing: 'GITHUB_RUN_ID' });
  });

  it('has one key whatever a run’s number, and another for any other name', () => {
    expect(placeKey(place())).toBe(placeKey(place({ GITHUB_RUN_ID: '99', GITHUB_SHA: HEAD })));
    const keys = [
      place(),
      place({ GITHUB_WORKFLOW: 'CI / gpu', GITHUB_JOB: '' }),
      place({}, '{"a":"1"}'),
      place({}, '{"b":"1"}'),
      place({}, '{"a":1,"b":"2"}'),
      place({}, '1'),
    ].map(placeKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each([
    ['', '{"gpu":"a100","list":[1,2],"deep":{"x":null}}', 'CI / gpu (a100, [1,2], {"x":null})'],
    ['', '', 'CI / gpu'],
    ['', '{}', 'CI / gpu'],
    ['__acme_check_3', 'null', 'CI / gpu #3'],
    ['gate', '"text"', 'CI / gpu (text) gate'],
  ])('%s %s', (action, matrix, name) => {
    expect(placeName(place({ GITHUB_ACTION: action }, matrix))).toBe(name);
  });
});

/** What a page has of raw HTML, as GitHub's Markdown reads it; code is not. */
function tags(page: string): string {
  const all = new MarkdownIt({ html: true }).parse(page, {});
  return all
    .flatMap((token) => [token, ...(token.children ?? [])])
    .filter(({ type }) => type === 'html_block' || type === 'html_inline')
    .map(({ content }) => content)
    .join('\n');
}

describe('the marker', () => {
  const marker = { key: placeKey(place()), run: { id: 12, attempt: 2 }, state: 'open' } as const;

  it('is read as it was written, with either line end', () => {
    expect(readMarker(`${markerLine(marker)}\nbody`)).toEqual(marker);
    expect(readMarker(`${markerLine(marker)}\r\nbody`)).toEqual(marker);
    expect(readMarker(markerLine({ ...marker, state: 'resolved' }))?.state).toBe('resolved');
  });

  it.each([' ', '\n', 'x', '> ', '<!-- -->'])(
    'counts only at the very beginning, not after %j',
    (before) => {
      expect(readMarker(`${before}${markerLine(marker)}`)).toBeUndefined();
    },
  );

  it.each([
    markerLine(marker).replace('1 key', '2 key'),
    markerLine(marker).replace('open', 'shut'),
    `${markerLine(marker)} more`,
    markerLine(marker).replace('12.2', '12.'),
  ])('is not %s', (line) => {
    expect(readMarker(line)).toBeUndefined();
  });

  it('cannot be written by any name or text from outside', () => {
    const page = { open: commentBody, resolved: resolvedBody };
    fc.assert(
      fc.property(
        hostileText(),
        hostileText(),
        fc.constantFrom('open', 'resolved'),
        (name, title, state) => {
          const there = place(
            { GITHUB_WORKFLOW: name, GITHUB_JOB: name },
            JSON.stringify({ leg: name }),
          );
          expect(markerLine({ ...marker, key: placeKey(there) })).toMatch(/^<!-- [\w =.-]+ -->$/);
          const [first] = driverTooOld().findings;
          const images = [
            {
              ...driverTooOld(title),
              findings: first === undefined ? [] : [{ ...first, title, why: title }],
            },
          ];
          const where = { step: placeName(there), sha: title, runUrl: 'https://github.com/a/b' };
          const body = page[state](report(images), where, 60_000);
          const html = tags(body);
          expect(html).toContain('<sub>');
          expect(html).not.toContain('<!--');
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the pull request of an event', () => {
  const of = (name: string, payload: unknown, ref = '') => pullRequestOf({ name, payload, ref });

  it.each([
    ['pull_request', { pull_request: { number: 3 } }, '', 3],
    ['pull_request_target', { pull_request: { number: 3 } }, '', 3],
    ['pull_request_review', { pull_request: { number: 3 } }, '', 3],
    ['pull_request_review_comment', { pull_request: { number: 3 } }, '', 3],
    ['issue_comment', { issue: { number: 4, pull_request: { url: '' } } }, '', 4],
    ['push', {}, 'refs/heads/pull-request/5', 5],
    [
      'merge_group',
      { merge_group: { head_ref: `refs/heads/gh-readonly-queue/main/pr-6-${HEAD}` } },
      '',
      6,
    ],
    [
      'workflow_run',
      {
        repository: { id: 1 },
        workflow_run: {
          pull_requests: [
            { number: 7, base: { repo: { id: 1 } } },
            { number: 8, base: { repo: { id: 2 } } },
          ],
        },
      },
      '',
      7,
    ],
  ])('%s', (name, payload, ref, number) => {
    expect(of(name, payload, ref)).toEqual({ told: true, value: number });
  });

  it.each([
    ['push', {}, 'refs/heads/main'],
    ['push', {}, 'refs/heads/pull-request/x'],
    ['push', {}, 'refs/tags/pull-request/5'],
    ['issue_comment', { issue: { number: 4 } }, ''],
    ['schedule', {}, 'refs/heads/main'],
    ['workflow_dispatch', {}, 'refs/heads/main'],
    ['merge_group', {}, ''],
    ['workflow_run', { repository: { id: 1 }, workflow_run: { pull_requests: [] } }, ''],
    ['pull_request', null, ''],
    ['pull_request', { pull_request: { number: '3' } }, ''],
  ])('%s %j %s has none, and says why', (name, payload, ref) => {
    const answer = of(name, payload, ref);
    expect(answer.told).toBe(false);
    expect(answer).toHaveProperty('why');
  });

  it('answers any payload', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('pull_request', 'issue_comment', 'push', 'merge_group', 'workflow_run'),
        fc.jsonValue(),
        (name, payload) => {
          expect(typeof of(name, payload).told).toBe('boolean');
          expect(typeof headOf({ name, payload, ref: '' }, HEAD).told).toBe('boolean');
          expect(typeof isFromFork({ name, payload, ref: '' })).toBe('boolean');
        },
      ),
    );
  });

  it('knows a fork, also one that is gone', () => {
    expect(isFromFork(pullRequest())).toBe(false);
    expect(isFromFork(pullRequest({ head: { sha: HEAD, repo: { id: 2 } } }))).toBe(true);
    expect(isFromFork(pullRequest({ head: { sha: HEAD, repo: null } }))).toBe(true);
    expect(isFromFork({ name: 'push', ref: '', payload: {} })).toBe(false);
  });
});
