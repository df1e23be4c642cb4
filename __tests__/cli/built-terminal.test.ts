import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ESC = '\u001b';
const CLI = join(process.cwd(), 'dist/cli.js');

/** A client of an engine whose registry takes its time and then does not have the image. */
const DOCKER = `#!/bin/sh
case "$1 $2" in
  "pull "*)
    echo "0123456789ab: Pulling fs layer"
    sleep 0.3
    echo "0123456789ab: Pull complete"
    echo "Error response from daemon: manifest for r.example/a:1 not found: manifest unknown: manifest unknown" >&2
    exit 1;;
  "image inspect") echo "Error response from daemon: No such image: r.example/a:1" >&2; exit 1;;
  *) exit 1;;
esac
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'terminal-'));
  writeFileSync(join(folder, 'docker'), DOCKER, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const PATH = () => `${folder}:/usr/bin:/bin`;

/** The built program with a pseudo terminal of 80 columns for its standard streams, and all that it wrote there. */
function onTerminal(env: Record<string, string> = {}): string {
  const command = `stty cols 80; exec '${process.execPath}' '${CLI}' check r.example/a:1`;
  const { stdout, error } = spawnSync(
    'script',
    ['--quiet', '--echo', 'never', '--command', command, '/dev/null'],
    {
      encoding: 'utf8',
      cwd: folder,
      env: { PATH: PATH(), TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
    },
  );
  if (error !== undefined) throw error;
  return stdout.replaceAll('\r\n', '\n');
}

/** The same without a terminal. */
function inLog(env: Record<string, string> = {}): { stdout: string; stderr: string } {
  return spawnSync(process.execPath, [CLI, 'check', 'r.example/a:1'], {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: PATH(), ...env },
  });
}

const colours = new RegExp(`${ESC}\\[\\d+m`);
const controls = new RegExp(`[\\r${ESC}]`);

describe('the built program on a terminal', () => {
  it('shows a line of progress during the pull, which is gone when the report comes', () => {
    const written = onTerminal();
    expect(written).toContain(`\r${ESC}[2Kpulling r.example/a:1`);
    expect(written).toContain('pulling r.example/a:1: 1 of 1 layers');
    const at = written.lastIndexOf(`\r${ESC}[2K`);
    // Erased, and not drawn again.
    expect(written.slice(at + `\r${ESC}[2K`.length)).toMatch(
      new RegExp(`^(?:${ESC}\\[\\d+m)*\\? (?:${ESC}\\[\\d+m)*could not tell: `),
    );
    expect(written.slice(at)).not.toContain('pulling');
  });

  it('has colours, unless they are not wanted', () => {
    expect(onTerminal()).toMatch(colours);
    expect(onTerminal({ NO_COLOR: '1' })).not.toMatch(colours);
    expect(onTerminal({ FORCE_COLOR: '0' })).not.toMatch(colours);
    expect(onTerminal({ TERM: 'dumb' })).not.toMatch(controls);
  });
});

describe('the built program without a terminal', () => {
  it('writes progress as lines, and no control character', () => {
    const { stdout, stderr } = inLog();
    expect(stdout).not.toMatch(controls);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      'pulling r.example/a:1',
      'pulling r.example/a:1: 1 of 1 layers',
    ]);
    expect(stderr).not.toMatch(controls);
  });

  it('has colours where they are asked for, and progress all the same in lines', () => {
    const { stdout, stderr } = inLog({ FORCE_COLOR: '1' });
    expect(stdout).toMatch(colours);
    expect(stderr).not.toMatch(controls);
  });
});
