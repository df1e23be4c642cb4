import type { ChildProcess } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep, waitUntil } from '../process.js';
import { invariants } from './invariants.js';
import type { Acted, Row } from './row.js';
import { differs, failedPost, seenOf } from './rows.js';
import { actionContainers } from './state.js';

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGKILL';

interface Stage {
  name: string;
  words: string;
  /** Lines of the `docker` in front of the real one; they mark the stage in `$FOLDER/at-stage` and hold it for a second. */
  shim?: string;
  /** Otherwise: what the log says when the stage is reached; or the container runs. */
  log?: string;
  /** Containers that a killed run leaves here; undefined where that is a matter of milliseconds. */
  leaves?: number;
  /** The image has been judged: the verdict stands, and so does the exit code, or it depends on milliseconds. */
  late?: 'decided' | 'either';
}

const before = (command: string): string =>
  `if [ "$1" = ${command} ] && [ ! -e "$FOLDER/at-stage" ]; then : >"$FOLDER/at-stage"; sleep 1; fi`;
const after = (command: string): string =>
  `if [ "$1" = ${command} ] && [ ! -e "$FOLDER/at-stage" ]; then "$REAL_DOCKER" "$@"; code=$?; : >"$FOLDER/at-stage"; sleep 1; exit $code; fi`;

const STAGES: readonly Stage[] = [
  {
    name: 'first-question',
    words: 'before the pull, as it asks for the image',
    shim: before('image'),
    leaves: 0,
  },
  { name: 'pull', words: 'in the pull', shim: before('pull'), leaves: 0 },
  {
    name: 'created',
    words: 'when the container has been made, before the engine’s client has said so',
    shim: after('create'),
    leaves: 1,
  },
  { name: 'copy', words: 'as the probe is copied in', shim: before('cp'), leaves: 1 },
  { name: 'start', words: 'as the container is started', shim: before('start'), leaves: 1 },
  { name: 'probing', words: 'while the image runs', leaves: 1 },
  {
    name: 'judged',
    words: 'as the report is about to be written',
    log: 'facts are in',
    late: 'either',
  },
  {
    name: 'reported',
    words: 'when the report is written and the container is being removed',
    late: 'decided',
    shim: `if [ "$1" = rm ] && [ ! -e "$FOLDER/at-stage" ]; then
  for _ in $(seq 200); do ls "$RUNNER_TEMP"/cuda-image-check-*.json >/dev/null 2>&1 && break; sleep 0.05; done
  sleep 0.5; : >"$FOLDER/at-stage"; sleep 1
fi`,
  },
];

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** What must hold of a run that had no time to do anything. */
const killedProblems = (run: Acted, stage: Stage, left: number): string[] => [
  ...(run.exitCode === 137 ? [] : [`exit code ${run.exitCode}, expected 137`]),
  ...(stage.leaves === undefined || left === stage.leaves
    ? []
    : [`${left} containers before \`post\`, expected ${stage.leaves}`]),
];

/** What must hold of a run that was asked to end. */
const endedProblems = (run: Acted, stage: Stage): string[] => {
  const passed = run.report?.passed;
  if (stage.late === undefined) {
    return [
      ...differs(run, { exitCode: 2, verdict: 'unknown', primary: null }),
      ...(passed === false ? [] : [`passed: ${passed}, expected false`]),
    ];
  }
  // Whether the signal comes before or after the decision is a matter of milliseconds; what was found stands either way.
  const exitCode = stage.late === 'either' && passed === false ? 2 : 0;
  return [
    ...differs(run, { exitCode, verdict: 'works', primary: null }),
    ...(passed === (exitCode === 0) ? [] : [`passed: ${passed}, exit code ${run.exitCode}`]),
  ];
};

const signalRow = (stage: Stage, signal: Signal): Row => ({
  name: `${signal.toLowerCase()}-${stage.name}`,
  part: 'signals',
  what: `${signal} ${stage.words}`,
  how: [
    stage.shim === undefined
      ? stage.log === undefined
        ? 'an image that sleeps; the signal comes when its container runs'
        : `the signal comes at the line “${stage.log}” of the log`
      : 'a `docker` in front of the real one holds that command for a second',
    signal === 'SIGKILL' ? 'then `post`' : 'once, as a runner sends it first; then `post`',
  ].join('; '),
  limitSeconds: 40,
  run: async (bench) => {
    const name = `${signal.toLowerCase()}-${stage.name}`;
    await bench.setHost({});
    const sleeps = stage.name === 'probing';
    const image = await bench.publish(name, {
      ...(sleeps ? { wrapper: 'sleep 60; exec "$@"' } : {}),
      labels: { maintainer: name },
    });
    let sent = false;
    let ended = false;
    const send = (child: ChildProcess): void => {
      sent = child.kill(signal);
    };
    const onStart = (child: ChildProcess): void => {
      if (stage.log !== undefined) {
        child.stdout?.on('data', (text: string) => {
          if (!sent && text.includes(stage.log ?? '')) send(child);
        });
        return;
      }
      void waitUntil(
        async () =>
          ended ||
          (stage.shim !== undefined
            ? await exists(join(bench.lab.runtime, 'torture', name, 'at-stage'))
            : (await actionContainers(bench.socket)).length > 0),
        30_000,
        30,
      ).then(() => ended || send(child));
    };
    const run = await bench.act(name, {
      images: [image],
      limitSeconds: 40,
      onStart,
      ...(stage.shim === undefined ? {} : { shim: stage.shim }),
    });
    ended = true;
    // The client that was held makes its container after the action is dead, as a slow engine does.
    const killed = signal === 'SIGKILL';
    if (killed) await sleep(1_500);
    const left = (await actionContainers(bench.socket, '?all=1')).length;
    const post = await bench.post(name, run);
    return {
      seen: killed
        ? `exit ${run.exitCode}, ${left === 0 ? 'no container' : 'a container'} left, nothing after \`post\``
        : seenOf(run),
      problems: [
        ...(sent ? [] : ['the signal was never sent']),
        ...(killed ? killedProblems(run, stage, left) : endedProblems(run, stage)),
        ...(await invariants(bench.paths.root, run, {
          report: killed ? 'whole' : 'needed',
          limitSeconds: 40,
        })),
        ...failedPost(post),
      ],
    };
  },
});

export const signalRows: readonly Row[] = (['SIGTERM', 'SIGINT', 'SIGKILL'] as const).flatMap(
  (signal) => STAGES.map((stage) => signalRow(stage, signal)),
);
