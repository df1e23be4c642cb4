import { cleanUpAfter } from './after.js';
import { annotationLine } from './platform/annotation.js';
import { createClock } from './platform/clock.js';
import { readState, withoutToken } from './platform/runner.js';
import { createShell } from './platform/shell.js';

const env = withoutToken(process.env);

// A step that already has its verdict must not fail for a container that would not go.
const warnings = await cleanUpAfter(
  (name) => readState(env, name),
  createShell(env),
  createClock(),
);
for (const warning of warnings) {
  process.stdout.write(`${annotationLine(warning)}\n`);
}
