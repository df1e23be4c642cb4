import { execFileSync } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFiles } from '../../src/platform/files.js';
import { createPublisher } from '../../src/platform/publisher.js';
import { readInput, readState, workflowFiles } from '../../src/platform/runner.js';
import { createFakeFiles } from '../fakes/files.js';

const files = createFiles();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('files', () => {
  it('are written whole, in a folder that is made', async () => {
    const path = join(folder, 'new', 'report.json');
    await files.writeText(path, 'one');
    await files.writeText(path, 'two');
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await readdir(join(folder, 'new'))).toEqual(['report.json']);
  });

  it('that cannot be written leave nothing beside them', async () => {
    const path = join(folder, 'taken');
    await mkdir(path);
    await expect(files.writeText(path, 'x')).rejects.toThrow();
    expect(await files.whyNotWritable(path)).toBe('it is a folder');
    expect(await files.whyNotWritable('/proc/nothing/report.json')).toBeDefined();
    expect(await files.whyNotWritable(join(folder, 'fine.json'))).toBeUndefined();
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await readdir(folder)).not.toContain('fine.json');
  });

  it('never replace a device', async () => {
    // The node itself needs root; a link to it must not be replaced either.
    const path = join(folder, 'null');
    await symlink('/dev/null', path);
    expect(await files.whyNotWritable(path)).toBeUndefined();
    await files.writeText(path, 'gone');
    expect((await stat(path)).isCharacterDevice()).toBe(true);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
  });

  it('never wait for a pipe: it is refused', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    expect(await files.whyNotWritable(path)).toBe('it is a pipe, not a regular file');
    await expect(files.writeText(path, 'x')).rejects.toThrow('it is a pipe, not a regular file');
    expect((await stat(path)).isFIFO()).toBe(true);
  });

  it('behind a link are replaced, and the link stays', async () => {
    const target = join(folder, 'elsewhere', 'target.json');
    const path = join(folder, 'link.json');
    await files.writeText(target, 'old');
    await symlink(target, path);
    await files.writeText(path, 'new');
    expect(await readFile(target, 'utf8')).toBe('new');
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
  });

  it('that a process has open as /proc/self/fd are written into, not replaced', async () => {
    const path = join(folder, 'stdout.txt');
    const output = await open(path, 'a');
    await files.writeText(`/proc/self/fd/${output.fd}`, 'text');
    await output.writeFile(' and more');
    await output.close();
    expect(await readFile(path, 'utf8')).toBe('text and more');
    expect(await readdir(folder)).not.toContain('1');
  });

  it('hold a program that anyone can run, for as long as it is used', async () => {
    const [path, text] = await files.withProgram(
      Buffer.from('#!/bin/sh\necho ran\n'),
      async (at) => {
        expect((await stat(at)).mode & 0o777).toBe(0o555);
        return [at, execFileSync(at, { encoding: 'utf8' })];
      },
    );
    expect(text).toBe('ran\n');
    await expect(stat(dirname(path ?? ''))).rejects.toThrow('ENOENT');
  });

  it('that are not there are undefined', async () => {
    expect(await files.readText(join(folder, 'none'))).toBeUndefined();
    expect(await files.readBytes(join(folder, 'none'))).toBeUndefined();
    expect(await files.list(join(folder, 'none'))).toEqual([]);
    expect(await files.freeBytes(join(folder, 'none'))).toBeUndefined();
    expect(await files.freeBytes(folder)).toBeGreaterThan(0);
  });
});

describe('the runner’s files', () => {
  it('are told apart: unset, usable, unusable', async () => {
    const output = join(folder, 'output');
    await writeFile(output, '');
    const found = await workflowFiles(
      { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: join(folder, 'gone'), GITHUB_STATE: '' },
      files,
    );
    expect(found.unset).toEqual(['GITHUB_STATE']);
    expect(found.unusable.map(({ variable }) => variable)).toEqual(['GITHUB_STEP_SUMMARY']);
    await chmod(output, 0o600);
  });

  it('are refused where something else is at the path, without waiting for it', async () => {
    const pipe = join(folder, 'runner-pipe');
    execFileSync('mkfifo', [pipe]);
    const found = await workflowFiles(
      { GITHUB_OUTPUT: pipe, GITHUB_STEP_SUMMARY: folder, GITHUB_STATE: join(folder, 'gone') },
      files,
    );
    expect(found.unusable.map(({ variable, why }) => `${variable}: ${why}`)).toEqual([
      'GITHUB_OUTPUT: it is a pipe, not a regular file',
      'GITHUB_STATE: the file does not exist',
      'GITHUB_STEP_SUMMARY: it is a folder',
    ]);
    expect(await readdir(folder)).not.toContain('gone');
  });

  it('that are there and cannot be written are refused, but for the page', async () => {
    const held = createFakeFiles({ '/ro/output': '', '/ro/page': '' }, ['/ro']);
    const env = { GITHUB_OUTPUT: '/ro/output', GITHUB_STEP_SUMMARY: '/ro/page' };
    const { unusable } = await workflowFiles(env, held);
    expect(unusable).toMatchObject([
      { variable: 'GITHUB_OUTPUT', path: '/ro/output', why: expect.stringMatching(/EROFS/) },
    ]);
  });

  it('inputs and state have the runner’s names', () => {
    const env = { 'INPUT_FAIL-ON': ' never ', STATE_engine: 'docker' };
    expect(readInput(env, 'fail-on')).toBe('never');
    expect(readInput(env, 'images')).toBeUndefined();
    expect(readState(env, 'engine')).toBe('docker');
    expect(readState(env, 'run-id')).toBe('');
  });
});

describe('the publisher', () => {
  it('adds nothing to a page that GitHub would then drop whole', async () => {
    const page = join(folder, 'page');
    const held = 'x'.repeat(1024 * 1024 - 10);
    await writeFile(page, held);
    const publisher = createPublisher({ GITHUB_STEP_SUMMARY: page }, files);
    await expect(publisher.summary('0123456789a')).rejects.toThrow(/1048566 bytes.*GitHub/);
    expect(await readFile(page, 'utf8')).toBe(held);
  });

  it('leaves out what has no file', async () => {
    const publisher = createPublisher({ GITHUB_STATE: '' }, files);
    await publisher.summary('# x');
    await publisher.output('a', 'b');
    await publisher.saveState('a', 'b');
  });

  it('writes state as the runner reads it', async () => {
    const path = join(folder, 'state');
    await createPublisher({ GITHUB_STATE: path }, files).saveState('run-id', 'x');
    expect(await readFile(path, 'utf8')).toMatch(/^run-id<<(\S+)\nx\n\1\n$/);
  });
});
