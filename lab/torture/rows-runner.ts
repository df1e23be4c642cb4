import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invariants } from './invariants.js';
import type { Acted, Row } from './row.js';
import { differs, failedPost, seenOf } from './rows.js';
import { mountReadOnly, mountVolume } from './volume.js';

const FILES = {
  summary: 'GITHUB_STEP_SUMMARY',
  output: 'GITHUB_OUTPUT',
  state: 'GITHUB_STATE',
} as const;
type File = keyof typeof FILES;

/** The most that GitHub takes of a step's summary, in bytes. */
const LIMIT = 1024 * 1024;
const BEFORE = `${'x'.repeat(LIMIT - 101)}\n`.padEnd(LIMIT - 100, '\n');

/** A place for one of the runner's files; what it does to the run; how it is taken away again. */
interface Trouble {
  name: string;
  words: string;
  how: string;
  make: (folder: string) => Promise<{ path: string; end?: () => Promise<void> }>;
  /** What stands in the file before the run. */
  holds?: string;
  /** The run is refused before anything starts; or one thing is not written; or nothing happens. */
  leads: (which: File) => 'refused' | 'warning' | 'nothing';
}

const file = async (folder: string, text = ''): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'file');
  await writeFile(path, text);
  return path;
};

const TROUBLES: readonly Trouble[] = [
  {
    name: 'read-only',
    words: 'is read-only',
    how: 'a read-only mount of the file upon itself, which holds for root, too',
    // The page is for people alone: nothing that follows is computed with it.
    leads: (which) => (which === 'summary' ? 'warning' : 'refused'),
    make: async (folder) => {
      const path = await file(folder);
      return { path, end: await mountReadOnly(path) };
    },
  },
  {
    name: 'missing',
    words: 'does not exist',
    how: 'a path without a file',
    leads: () => 'refused',
    make: async (folder) => ({ path: join(folder, 'none') }),
  },
  {
    name: 'a-folder',
    words: 'is a folder',
    how: 'a folder at the path',
    leads: () => 'refused',
    make: async (folder) => {
      await mkdir(folder, { recursive: true });
      return { path: folder };
    },
  },
  {
    name: 'huge',
    words: 'is 100 bytes short of GitHub’s limit of 1 MiB',
    how: 'a file that an earlier command of the step has written to',
    holds: BEFORE,
    // GitHub drops a page beyond its limit whole, with what stood there before; it has none for the others that the action comes near.
    leads: (which) => (which === 'summary' ? 'warning' : 'nothing'),
    make: async (folder) => ({ path: await file(folder, BEFORE) }),
  },
  {
    name: 'on-a-full-disk',
    words: 'is on a disk without room',
    how: 'an empty file on a file system in memory that is full',
    leads: () => 'warning',
    make: async (folder) => {
      const volume = await mountVolume(folder, '64k');
      const path = await file(folder);
      await volume.fill();
      return { path, end: volume.unmount };
    },
  },
];

const refusedProblems = (run: Acted, variable: string, path: string): string[] => {
  const errors = run.annotations.filter(({ level }) => level === 'error');
  return [
    ...(run.exitCode === 3 ? [] : [`exit code ${run.exitCode}, expected 3`]),
    ...(errors.some(({ message }) => message.includes(variable) && message.includes(path))
      ? []
      : ['no error names the variable and the path']),
    ...(run.log.includes('starting the probe') ? ['a container was made'] : []),
  ];
};

const problemsOf = async (
  run: Acted,
  path: string,
  which: File,
  trouble: Trouble,
): Promise<string[]> => {
  const leads = trouble.leads(which);
  if (leads === 'refused') return refusedProblems(run, FILES[which], path);
  const title = which === 'state' ? 'Run not recorded' : 'Result not written everywhere';
  const warned = run.annotations.some((one) => one.level === 'warning' && one.title === title);
  const text = await readFile(path, 'utf8');
  const held = trouble.holds ?? '';
  const added = text.slice(held.length);
  return [
    ...differs(run, { exitCode: 0, verdict: 'works', primary: null }),
    ...(warned === (leads === 'warning') ? [] : [`warning “${title}”: ${warned}`]),
    ...(text.startsWith(held) ? [] : ['what stood in the file is gone']),
    ...((added !== '') === (leads === 'nothing') ? [] : [`the file got: ${added.slice(0, 100)}`]),
  ];
};

const row = (which: File, trouble: Trouble): Row => ({
  name: `${which}-${trouble.name}`,
  part: 'runner',
  what: `\`${FILES[which]}\` ${trouble.words}`,
  how: trouble.how,
  limitSeconds: 60,
  run: async (bench) => {
    const name = `${which}-${trouble.name}`;
    const folder = join(bench.lab.runtime, 'torture', name, 'row');
    await bench.setHost({});
    const image = await bench.publish('runner-files', { labels: { maintainer: 'runner-files' } });
    const { path, end } = await trouble.make(folder);
    try {
      const run = await bench.act(name, {
        images: [image],
        limitSeconds: 60,
        machine: { [FILES[which]]: path },
      });
      const post = await bench.post(name, run);
      const refused = trouble.leads(which) === 'refused';
      return {
        seen: refused
          ? `refused with the variable, the path and what to do, exit ${run.exitCode}`
          : `${seenOf(run)}${trouble.leads(which) === 'warning' ? ', a warning' : ''}`,
        problems: [
          ...(await problemsOf(run, path, which, trouble)),
          ...(await invariants(bench.paths.root, run, { report: refused ? 'whole' : 'needed' })),
          ...failedPost(post),
        ],
      };
    } finally {
      await end?.();
    }
  },
});

export const runnerRows: readonly Row[] = (Object.keys(FILES) as File[]).flatMap((which) =>
  TROUBLES.map((trouble) => row(which, trouble)),
);
