import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTree, scan, type Tree } from './scan.js';
import { PROBE_X64 } from './simulated.js';
import { itNeeding, needsProgram, needsRoot } from './tools.js';

const NEEDS = [{ met: process.arch === 'x64', missing: 'needs an x86-64 machine' }];
const PTX = '.version 8.4\n.target sm_80\n';

describe('the walk over files', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = createTree();
  });
  afterEach(() => tree[Symbol.dispose]());

  const paths = (folder = tree.folder): string[] =>
    scan([folder])
      .code.map(({ path }) => path.slice(tree.folder.length + 1))
      .sort();

  itNeeding(NEEDS, 'opens neither pipes nor sockets', async () => {
    tree.write('k.ptx', PTX);
    execFileSync('mkfifo', [join(tree.folder, 'pipe.ptx')]);
    const server = createServer().listen(join(tree.folder, 'socket.ptx'));
    await once(server, 'listening');
    const { code, files } = scan([tree.folder]);
    server.close();
    expect(code).toHaveLength(1);
    expect(files).toMatchObject({ files: 1, opened: 1, complete: true, skipped: [] });
  });

  itNeeding([...NEEDS, needsRoot], 'opens no device', () => {
    tree.write('k.ptx', PTX);
    // Memory that never ends, and a terminal that would wait.
    execFileSync('mknod', [join(tree.folder, 'zero.ptx'), 'c', '1', '5']);
    execFileSync('mknod', [join(tree.folder, 'tty.ptx'), 'c', '5', '0']);
    expect(scan([tree.folder]).files).toMatchObject({ files: 1, opened: 1, complete: true });
  });

  itNeeding(NEEDS, 'follows no link, so that none leads out or round', () => {
    tree.write('in/k.ptx', PTX);
    tree.write('out/other.ptx', PTX);
    symlinkSync('k.ptx', join(tree.folder, 'in/again.ptx'));
    symlinkSync('../out', join(tree.folder, 'in/out'));
    symlinkSync('.', join(tree.folder, 'in/self'));
    symlinkSync('..', join(tree.folder, 'in/up'));
    symlinkSync('gone', join(tree.folder, 'in/gone'));
    for (let at = 0; at < 500; at += 1)
      symlinkSync(`farm${(at + 1) % 500}`, join(tree.folder, `in/farm${at}`));
    expect(paths(join(tree.folder, 'in'))).toEqual(['in/k.ptx']);
  });

  itNeeding(NEEDS, 'reads a file of several names once', () => {
    const path = tree.write('a/k.ptx', PTX);
    mkdirSync(join(tree.folder, 'b'));
    linkSync(path, join(tree.folder, 'b/k.ptx'));
    linkSync(path, join(tree.folder, 'b/l.ptx'));
    expect(paths()).toHaveLength(1);
    expect(scan([tree.folder]).files.files).toBe(3);
  });

  itNeeding(
    [...NEEDS, needsRoot, needsProgram('setpriv', 'apt-get install util-linux')],
    'names what another user may not read, and is not complete then',
    () => {
      chmodSync(tree.folder, 0o755);
      tree.write('k.ptx', PTX);
      const folder = join(tree.folder, 'closed');
      mkdirSync(folder, { mode: 0o700 });
      const file = tree.write('closed.ptx', PTX);
      chmodSync(file, 0o600);
      const other = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
      // The program's own folder may be closed to that user as well.
      const program = join(tree.folder, 'probe');
      execFileSync('install', ['-m', '755', PROBE_X64, program]);
      const { code, files } = scan([tree.folder], [...other, program]);
      expect(code).toHaveLength(1);
      expect(files).toMatchObject({ complete: false });
      expect([...(files.unreadable ?? [])].sort()).toEqual([folder, file].sort());
    },
  );

  itNeeding(NEEDS, 'goes no deeper than its limit, and says where it stopped', () => {
    const parts = Array.from({ length: 300 }, () => 'd');
    tree.write('k.ptx', PTX);
    tree.write(`${parts.join('/')}/deep.ptx`, PTX);
    const { code, files } = scan([tree.folder]);
    expect(code).toHaveLength(1);
    expect(files.complete).toBe(false);
    expect(files.skipped).toEqual([
      { path: expect.stringMatching(/\/d\/d$/), why: 'too many folders deep' },
    ]);
    expect(files.folders).toBeLessThan(300);
  });

  itNeeding(NEEDS, 'does not enter a pseudo file system', () => {
    expect(scan(['/proc']).files).toMatchObject({
      files: 0,
      skipped: [{ path: '/proc', why: 'pseudo file system' }],
    });
  });

  itNeeding(NEEDS, 'ends when nobody reads what it says', async () => {
    for (let at = 0; at < 3000; at += 1) tree.write(`${at}.ptx`, PTX);
    const child = spawn(PROBE_X64, ['--scan', tree.folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.once('data', () => child.stdout.destroy());
    const [status, signal] = await once(child, 'exit');
    expect(signal).toBeNull();
    expect(status).not.toBeNull();
  });

  it('is refused without a path', () => {
    const { status, stderr } = spawnSync(PROBE_X64, ['--scan'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^usage: /);
  });
});
