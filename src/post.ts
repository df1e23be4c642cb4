import { cleanUpAfter } from './after.js';
import { annotationLine } from './platform/annotation.js';
import { readState, withoutToken } from './platform/runner.js';
import { createShell } from './platform/shell.js';

const env = withoutToken(process.env);

// A step that already has its verdict must not fail for a container that would not go.
for (const warning of await cleanUpAfter((name) => readState(env, name), createShell(env))) {
  process.stdout.write(`${annotationLine(warning)}\n`);
}
