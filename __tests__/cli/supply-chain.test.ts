import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FILES } from './call.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'supply-chain-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Refuses every way out of the process that Node has, and writes down that it was tried. */
const WATCH = `
import { appendFileSync } from 'node:fs';
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
const refuse = (what) => () => {
  appendFileSync(process.env.TRIED, what + '\\n');
  throw Object.assign(new Error(what + ' is refused here'), { code: 'ECONNREFUSED' });
};
net.Socket.prototype.connect = refuse('connect');
net.connect = net.createConnection = refuse('connect');
dgram.Socket.prototype.send = refuse('send');
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) dns[name] = dns.promises[name] = refuse(name);
`;

/** An engine that has every image, makes no container, and writes down what it was asked. */
const ENGINE = `#!/bin/sh
echo "$@" >> "$HOME/called"
case "$1" in
  image) echo '{"Id":"sha256:${'0a'.repeat(32)}","RepoDigests":[],"Os":"linux","Architecture":"amd64","Config":{}}' ;;
  *) echo 'refused' >&2; exit 1 ;;
esac
`;

/** The built command in a folder with recorded facts and a log, with that engine. */
function built(args: readonly string[], dist = join(process.cwd(), 'dist')) {
  writeFileSync(join(folder, 'watch.mjs'), WATCH);
  writeFileSync(join(folder, 'tried'), '');
  writeFileSync(join(folder, 'called'), '');
  writeFileSync(join(folder, 'docker'), ENGINE, { mode: 0o755 });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const result = spawnSync(
    process.execPath,
    ['--import', join(folder, 'watch.mjs'), join(dist, 'cli.js'), ...args],
    {
      encoding: 'utf8',
      cwd: folder,
      env: { PATH: folder, HOME: folder, TRIED: join(folder, 'tried') },
      timeout: 60_000,
    },
  );
  const lines = (name: string) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  return { ...result, tried: lines('tried'), called: lines('called') };
}

describe('the network', () => {
  it.each<[string, number, string[]]>([
    ['--version', 0, ['--version']],
    ['--help', 0, ['--help']],
    [
      'predict from facts',
      1,
      ['predict', '--facts', 'fails.json', '--facts', 'works.json', '--json'],
    ],
    ['explain', 0, ['explain', 'log.txt']],
    ['explain with facts', 0, ['explain', 'log.txt', '--facts', 'fails.json', '--json']],
    ['wrong use', 3, ['predict', 'busybox']],
    ['check, which leaves it to the engine', 2, ['check', 'busybox', '--pull', 'never']],
    ['scan, which leaves it to the engine', 2, ['scan', 'busybox', '--pull', 'never']],
  ])('is not used by %s', (_name, code, args) => {
    const { status, tried, stderr } = built(args);
    expect({ status, tried, stderr: status === code ? '' : stderr }).toEqual({
      status: code,
      tried: [],
      stderr: '',
    });
  });

  it('is used by predict for an image, which is asked of its registry: what is watched is what is used', () => {
    const { status, tried } = built(['predict', 'r.example/a:1', '--driver', '535']);
    expect(status).toBe(2);
    expect(tried.length).toBeGreaterThan(0);
  });
});

describe('a probe with one flipped bit', () => {
  it.each(['cuda-image-probe-linux-x64', 'cuda-image-probe-linux-arm64'])(
    '%s is not run',
    (name) => {
      const copy = join(folder, 'copy', 'dist');
      cpSync('dist', copy, { recursive: true });
      cpSync('package.json', join(folder, 'copy', 'package.json'));
      const file = join(copy, 'probe', name);
      const bytes = readFileSync(file);
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      const { status, stderr, called } = built(['check', 'busybox'], copy);
      expect(stderr).toContain(name);
      expect(stderr).toContain('its checksum');
      expect(status).toBe(3);
      expect(called.filter((line) => /^(?:create|cp|start|pull)/.test(line))).toEqual([]);
    },
  );
});
