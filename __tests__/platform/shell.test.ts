import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandLine, createShell } from '../../src/platform/shell.js';

const shell = createShell(process.env);
const node = (script: string, ...args: string[]): [string, string[]] => [
  process.execPath,
  ['-e', script, ...args],
];

/** Whether a process runs; one that has ended and whom nobody has asked about yet does not. */
const isAlive = async (pid: number): Promise<boolean> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && !/\) Z /.test(stat);
};

describe('a program', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shell-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('ends with its code and both streams', async () => {
    const [program, args] = node('console.log("out"); console.error("err"); process.exit(3)');
    expect(await shell.run(program, args)).toMatchObject({
      kind: 'exited',
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      truncated: false,
    });
  });

  it('that is missing is a value', async () => {
    expect(await shell.run('no-such-program-here', ['x'])).toEqual({
      kind: 'not-found',
      command: 'no-such-program-here x',
      stdout: '',
      stderr: '',
    });
    expect(await shell.find('no-such-program-here')).toBeUndefined();
    expect(await shell.find('sh')).toMatch(/\/sh$/);
  });

  it('that cannot be executed is a value', async () => {
    const file = join(folder, 'text');
    await writeFile(file, 'text', { mode: 0o644 });
    expect(await shell.run(file, [])).toMatchObject({ kind: 'exited', code: 126 });
  });

  it('gets no shell: its arguments are its own', async () => {
    const [program, args] = node(
      'console.log(JSON.stringify(process.argv.slice(1)))',
      '$HOME',
      '; x',
      '',
    );
    expect((await shell.run(program, args)).stdout).toBe('["$HOME","; x",""]\n');
  });

  it('reads its input, or ends without reading it', async () => {
    const input = Buffer.alloc(1_000_000, 'a');
    const [cat, read] = node(
      'let n = 0; process.stdin.on("data", (c) => (n += c.length)).on("end", () => console.log(n))',
    );
    expect((await shell.run(cat, read, { input })).stdout).toBe('1000000\n');
    const [quit, args] = node('process.exit(0)');
    expect(await shell.run(quit, args, { input })).toMatchObject({ kind: 'exited', code: 0 });
  });

  it('that prints without end and without a line end costs no memory', async () => {
    let seen = 0;
    const before = process.memoryUsage().rss;
    const [program, args] = node(
      'const b = Buffer.alloc(1 << 20, 97); let n = 0; const w = () => { while (n++ < 200) if (!process.stdout.write(b)) return process.stdout.once("drain", w); }; w();',
    );
    const outcome = await shell.run(program, args, {
      keepBytes: 1000,
      onStdout: (chunk) => {
        seen += chunk.length;
      },
    });
    expect(seen).toBe(200 << 20);
    expect(outcome).toMatchObject({ kind: 'exited', truncated: true });
    expect(outcome.stdout).toHaveLength(1000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20);
  });

  it('is ended at its limit, with its children', async () => {
    const file = join(folder, 'pids');
    const [program, args] = node(
      `const { pid } = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]); require("node:fs").writeFileSync(${JSON.stringify(file)}, String(pid)); console.log("up"); setInterval(() => {}, 1000)`,
    );
    const outcome = await shell.run(program, args, { timeoutMs: 1_500 });
    expect(outcome).toMatchObject({ kind: 'timed-out', afterMs: 1_500, stdout: 'up\n' });
    await wait(100);
    expect(await isAlive(Number(await readFile(file, 'utf8')))).toBe(false);
  });

  it('that ignores SIGTERM is killed', async () => {
    const [program, args] = node('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)');
    const start = Date.now();
    expect((await shell.run(program, args, { timeoutMs: 500 })).kind).toBe('timed-out');
    expect(Date.now() - start).toBeLessThan(6_000);
  });

  it('ends with the abort, and does not start after it', async () => {
    const controller = new AbortController();
    const [program, args] = node('setInterval(() => {}, 1000)');
    const running = shell.run(program, args, { signal: controller.signal });
    setTimeout(() => controller.abort(), 300);
    expect((await running).kind).toBe('aborted');
    expect((await shell.run(program, args, { signal: controller.signal })).kind).toBe('aborted');
  });

  it('that was ended by a signal says which', async () => {
    const [program, args] = node('process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 10)');
    expect(await shell.run(program, args)).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' });
  });
});

describe('commandLine', () => {
  it('quotes what a shell would split or expand', () => {
    expect(commandLine('docker', ['info', '--format', '{{json .}}', "it's", ''])).toBe(
      "docker info --format '{{json .}}' 'it'\\''s' ''",
    );
  });
});
