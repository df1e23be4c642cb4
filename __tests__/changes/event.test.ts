import { describe, expect, it } from '@jest/globals';
import { againstOf } from '../../src/changes/event.js';

const SHA = 'a'.repeat(40);

describe('what a workflow run is compared with', () => {
  it.each([
    [
      'pull_request',
      'refs/pull/3/merge',
      { pull_request: { base: { sha: SHA }, head: { sha: 'b' } } },
      { kind: 'common', base: SHA, head: 'b' },
    ],
    ['merge_group', 'x', { merge_group: { base_sha: SHA } }, { kind: 'common', base: SHA }],
    ['push', 'refs/heads/main', { before: SHA }, { kind: 'commit', commit: SHA }],
    [
      'push',
      'refs/heads/topic',
      { before: '0'.repeat(40), repository: { default_branch: 'trunk' } },
      { kind: 'common', base: 'refs/remotes/origin/trunk' },
    ],
    [
      'push',
      'refs/heads/pull-request/17',
      { before: SHA, repository: { default_branch: 'main' } },
      { kind: 'common', base: 'refs/remotes/origin/main' },
    ],
    [
      'push',
      'refs/heads/topic',
      { before: SHA, forced: true, repository: { default_branch: 'main' } },
      { kind: 'common', base: 'refs/remotes/origin/main' },
    ],
    [
      'push',
      'refs/heads/main',
      { before: SHA, forced: true, repository: { default_branch: 'main' } },
      { kind: 'nothing' },
    ],
    [
      'push',
      'refs/heads/main',
      { before: '0'.repeat(40), repository: { default_branch: 'main' } },
      { kind: 'nothing' },
    ],
    ['push', 'refs/tags/v1', { before: SHA }, { kind: 'nothing' }],
    ['push', 'refs/heads/topic', null, { kind: 'nothing' }],
    ['schedule', 'refs/heads/main', {}, { kind: 'nothing' }],
    ['workflow_dispatch', 'refs/heads/main', null, { kind: 'nothing' }],
    ['pull_request', 'x', { pull_request: [] }, { kind: 'nothing' }],
    ['push', 'x', 'not an object', { kind: 'nothing' }],
  ])('%s of %s', (name, ref, payload, against) => {
    expect(againstOf({ name, ref, payload })).toMatchObject(against);
  });
});
