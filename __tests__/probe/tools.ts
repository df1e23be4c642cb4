import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { it } from '@jest/globals';

/** Whether a program is there to be run. */
const hasProgram = (name: string): boolean =>
  spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0;

export interface Need {
  readonly met: boolean;
  /** What is missing and how to get it. */
  readonly missing: string;
  /** It cannot be installed from a public package, so that its absence is no failure in CI. */
  readonly optional?: boolean;
}

export const needsProgram = (name: string, how: string): Need => ({
  met: hasProgram(name),
  missing: `${name} is missing: ${how}`,
});

export const needsFile = (path: string, how: string): Need => ({
  met: existsSync(path),
  missing: `${path} is missing: ${how}`,
});

export const needsRoot: Need = {
  met: process.getuid?.() === 0,
  missing: 'needs root, to mount files',
};

/** A test that says loudly that it could not run; under CI it then fails, unless the need cannot be met there. */
export function itNeeding(
  needs: readonly Need[],
  name: string,
  test: () => void | Promise<void>,
  limitMs = 30_000,
) {
  const unmet = needs.filter(({ met }) => !met);
  if (unmet.length === 0) {
    it(name, test, limitMs);
    return;
  }
  const why = unmet.map(({ missing }) => missing).join('; ');
  if (process.env['CI'] === 'true' && unmet.every(({ optional }) => !optional)) {
    it(name, () => {
      throw new Error(why);
    });
    return;
  }
  process.stderr.write(`\nNOT TESTED: ${name}: ${why}\n`);
  it.skip(`${name} (${why})`, test);
}
