import type { ChildProcess } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep, waitUntil } from '../process.js';
import { invariants } from './invariants.js';
import type { Row } from './row.js';
import { differs, seenOf } from './rows.js';
import { ask, type EngineContainer } from './state.js';

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGKILL';

interface Stage {
  name: string;
  words: string;
  /** Lines of the `docker` in front of the real one; they mark the stage in `$FOLDER/at-stage` and hold it for a second. */
  shim?: string;
  /** Otherwise: what the log says when the stage is reached; or the container runs. */
  log?: string;
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
  },
  { name: 'pull', words: 'in the pull', shim: before('pull') },
  {
    name: 'created',
    words: 'when the container has been made, before the engine’s client has said so',
    shim: after('create'),
  },
  { name: 'copy', words: 'as the probe is copied in', shim: before('cp') },
  { name: 'start', words: 'as the container is started', shim: before('start') },
  { name: 'probing', words: 'while the image runs' },
  { name: 'judged', words: 'as the report is about to be written', log: 'facts are in' },
];

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

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
            : (await ask<EngineContainer[]>(bench.socket, '/containers/json')).some(
                ({ Labels }) => 'cuda-image-check.run' in Labels,
              )),
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
    if (signal === 'SIGKILL') await sleep(1_500);
    const post = await bench.post(name, run);
    const killed = signal === 'SIGKILL';
    const late = stage.name === 'judged';
    return {
      seen: killed ? `exit ${run.exitCode}, then \`post\` removed what was left` : seenOf(run),
      problems: [
        ...(sent ? [] : ['the signal was never sent']),
        ...(killed
          ? run.exitCode === 137
            ? []
            : [`exit code ${run.exitCode}, expected 137`]
          : late
            ? []
            : differs(run, { exitCode: 2, verdict: 'unknown' })),
        ...(await invariants(bench.paths.root, run, {
          report: killed ? 'whole' : 'needed',
          limitSeconds: 40,
        })),
        ...(post.exitCode === 0 ? [] : [`the post step ended with ${post.exitCode}`]),
      ],
    };
  },
});

export const signalRows: readonly Row[] = (['SIGTERM', 'SIGINT', 'SIGKILL'] as const).flatMap(
  (signal) => STAGES.map((stage) => signalRow(stage, signal)),
);
