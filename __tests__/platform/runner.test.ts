import { describe, expect, it } from '@jest/globals';
import { workflowEvent } from '../../src/platform/runner.js';
import { createFakeFiles } from '../fakes/files.js';

const files = createFakeFiles({ '/event.json': '{"before":"abc"}', '/broken.json': '{' });
const env = {
  GITHUB_EVENT_NAME: 'push',
  GITHUB_EVENT_PATH: '/event.json',
  GITHUB_REF: 'refs/heads/main',
};

describe('the event of a workflow run', () => {
  it('is what the runner tells', async () => {
    expect(await workflowEvent(env, files)).toEqual({
      name: 'push',
      ref: 'refs/heads/main',
      payload: { before: 'abc' },
    });
  });

  it.each(['/broken.json', '/absent.json', ''])(
    'has no payload where %j is its file',
    async (path) => {
      expect(await workflowEvent({ ...env, GITHUB_EVENT_PATH: path }, files)).toEqual({
        name: 'push',
        ref: 'refs/heads/main',
        payload: null,
      });
    },
  );

  it('is none outside of a workflow', async () => {
    expect(await workflowEvent({}, files)).toBeUndefined();
    expect(await workflowEvent({ GITHUB_EVENT_NAME: '' }, files)).toBeUndefined();
  });
});
