import type { Host } from '../scenario.js';
import type { HostileImage } from './image.js';
import { invariants } from './invariants.js';
import type { Acted, Bench, Outcome, Part, Row } from './row.js';

export interface Expected {
  exitCode: number;
  verdict: string;
  primary?: string | null;
  /** Ids among the findings. */
  findings?: readonly string[];
}

/** The verdict, cause and exit code of a run, as the table says them. */
export const seenOf = ({ report, exitCode, timedOut }: Acted): string => {
  const [image] = report?.images ?? [];
  const cause = image?.primary == null ? '' : ` (\`${image.primary}\`)`;
  const verdict = image?.verdict === undefined ? 'no report' : `\`${image.verdict}\`${cause}`;
  return `${verdict}, exit ${exitCode}${timedOut ? ', had to be ended' : ''}`;
};

export const differs = (run: Acted, expected: Expected): string[] => {
  const problems: string[] = [];
  const [image] = run.report?.images ?? [];
  if (run.exitCode !== expected.exitCode)
    problems.push(`exit code ${run.exitCode}, expected ${expected.exitCode}`);
  if (image?.verdict !== expected.verdict)
    problems.push(`verdict ${image?.verdict}, expected ${expected.verdict}`);
  if (expected.primary !== undefined && (image?.primary ?? null) !== expected.primary)
    problems.push(`primary ${image?.primary}, expected ${expected.primary}`);
  const ids = (image?.findings ?? []).map(({ id }) => id);
  for (const id of expected.findings ?? [])
    if (!ids.includes(id)) problems.push(`finding ${id} is missing, seen: ${ids.join(', ')}`);
  return problems;
};

/** What is wrong with a `post` step, which never fails, whatever it finds. */
export const failedPost = ({ exitCode, log }: Pick<Acted, 'exitCode' | 'log'>): string[] =>
  exitCode === 0 ? [] : [`the post step ended with ${exitCode}: ${log}`];

/** The same of one that has nothing to say. */
export const loudPost = ({ exitCode, log }: Pick<Acted, 'exitCode' | 'log'>): string[] =>
  exitCode === 0 && log !== '' ? [`the post step said ${log}`] : failedPost({ exitCode, log });

export interface ImageRow {
  name: string;
  part: Part;
  what: string;
  how: string;
  image: HostileImage | ((bench: Bench) => HostileImage);
  host?: Partial<Host>;
  inputs?: Record<string, string>;
  limitSeconds?: number;
  expect: Expected & Required<Pick<Expected, 'primary'>>;
  /** What else must hold of the run; words for each that does not. */
  also?: (run: Acted, bench: Bench) => string[] | Promise<string[]>;
  /** Watches the engine while the action runs; what it returns are problems. */
  during?: (bench: Bench, ended: () => boolean) => Promise<string[]>;
  /** Words for the table after verdict and exit code. */
  say?: (run: Acted) => string;
}

/** A row in which the image does something and the action is run on it once. */
export const imageRow = (row: ImageRow): Row => ({
  name: row.name,
  part: row.part,
  what: row.what,
  how: row.how,
  limitSeconds: row.limitSeconds ?? 45,
  run: async (bench): Promise<Outcome> => {
    const image = typeof row.image === 'function' ? row.image(bench) : row.image;
    await bench.setHost(row.host ?? {});
    const reference = await bench.publish(row.name, image);
    const limitSeconds = row.limitSeconds ?? 45;
    let ended = false;
    const watching = row.during?.(bench, () => ended) ?? Promise.resolve([]);
    const run = await bench.act(row.name, {
      images: [reference],
      limitSeconds,
      ...(row.inputs === undefined ? {} : { inputs: row.inputs }),
    });
    ended = true;
    const post = await bench.post(row.name, run);
    const more = row.say?.(run);
    return {
      seen: [seenOf(run), more].filter(Boolean).join('; '),
      problems: [
        ...differs(run, row.expect),
        ...(await invariants(bench.paths.root, run, { limitSeconds })),
        ...(await watching),
        ...((await row.also?.(run, bench)) ?? []),
        ...failedPost(post),
      ],
    };
  },
});
