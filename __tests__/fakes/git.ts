import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createShell } from '../../src/platform/shell.js';
import type { FakeProgram } from './shell.js';

const shell = createShell({ PATH: process.env['PATH'] });

/** The real git in a fake shell: what it says of a repository is not ours to invent. */
export const realGit: FakeProgram = async (args, options) => {
  const { stdout, stderr, ...end } = await shell.run('git', args, options);
  return { stdout, stderr, code: end.kind === 'exited' ? end.code : 1 };
};

/** A real repository in a temporary folder, for as long as a test. */
export interface TemporaryRepository {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): void;
  move(from: string, to: string): void;
  remove(path: string): void;
  git(...args: readonly string[]): string;
  /** Commits everything; its id. */
  commit(): string;
  delete(): void;
}

const ENV = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

export function createTemporaryRepository(): TemporaryRepository {
  const folder = mkdtempSync(join(tmpdir(), 'repository-'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', [...args], {
      cwd: folder,
      env: ENV,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    git,
    write: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    },
    move: (from, to) => {
      mkdirSync(dirname(join(folder, to)), { recursive: true });
      renameSync(join(folder, from), join(folder, to));
    },
    remove: (path) => rmSync(join(folder, path)),
    commit: () => {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message=x');
      return git('rev-parse', 'HEAD');
    },
    delete: () => rmSync(folder, { recursive: true, force: true }),
  };
}
