import { join } from 'node:path';
import { startEngine } from '../engine.js';
import { isAlive, signal, waitUntil } from '../process.js';
import { invariants } from './invariants.js';
import type { Acted, Row } from './row.js';
import { differs, type Expected, failedPost, loudPost, seenOf } from './rows.js';
import { ask, type EngineContainer, filesBelow } from './state.js';
import { mountVolume } from './volume.js';

/** An engine of the row's own, with all that it keeps on a small file system. */
const engineRow = (
  name: string,
  what: string,
  how: string,
  size: string,
  fillAfter: string | undefined,
  expect: Expected,
): Row => ({
  name,
  part: 'disk',
  what,
  how,
  limitSeconds: 60,
  run: async (bench) => {
    await bench.setHost({});
    const image = await bench.publish(name, { labels: { maintainer: name } });
    const folder = join(bench.lab.runtime, `engine-${name}`);
    const volume = await mountVolume(join(folder, 'data'), size);
    const engine = await startEngine({
      folder,
      hookFolder: bench.lab.simulation.hook,
      hostFolder: join(bench.lab.runtime, 'host'),
    });
    try {
      const machine = { DOCKER_HOST: engine.socket };
      const fill = `head -c 1G /dev/zero >"${join(volume.folder, 'filler')}" 2>/dev/null`;
      const run = await bench.act(name, {
        images: [image],
        limitSeconds: 60,
        machine,
        ...(fillAfter === undefined
          ? {}
          : {
              shim: `if [ "$1" = ${fillAfter} ]; then "$REAL_DOCKER" "$@"; code=$?; ${fill}; exit $code; fi`,
            }),
      });
      const post = await bench.post(name, run, { machine });
      await volume.empty();
      const left = await ask<EngineContainer[]>(engine.socket, '/containers/json?all=1');
      return {
        seen: seenOf(run),
        problems: [
          ...differs(run, expect),
          ...(await invariants(bench.paths.root, run, { limitSeconds: 60 })),
          ...loudPost(post),
          ...left.map(({ Names, State }) => `container left: ${Names.join()} ${State}`),
        ],
      };
    } finally {
      signal(engine.pid, 'SIGTERM');
      await waitUntil(() => !isAlive(engine.pid), 20_000);
      await volume.unmount();
    }
  },
});

/** A row in which a place that is written to is on a file system without room; the run itself is one that works. */
const placeRow = (
  name: string,
  what: string,
  how: string,
  inputs: (folder: string) => Record<string, string>,
): Row => ({
  name,
  part: 'disk',
  what,
  how,
  limitSeconds: 60,
  run: async (bench) => {
    await bench.setHost({});
    const image = await bench.publish(name, { labels: { maintainer: name } });
    const volume = await mountVolume(join(bench.lab.runtime, 'torture', name, 'row'), '64k');
    try {
      await volume.fill();
      const before = await filesBelow(volume.folder);
      const run = await bench.act(name, {
        images: [image],
        limitSeconds: 60,
        inputs: inputs(volume.folder),
      });
      const post = await bench.post(name, run);
      const after = await filesBelow(volume.folder);
      return {
        seen: `${run.outputs['verdict']}, exit ${run.exitCode}, a warning names the place`,
        problems: [
          ...notWritten(run),
          ...(await invariants(bench.paths.root, run, { report: 'whole', limitSeconds: 60 })),
          ...failedPost(post),
          ...after
            .filter((file) => !before.includes(file))
            .map((file) => `file left on the full disk: ${file}`),
        ],
      };
    } finally {
      await volume.unmount();
    }
  },
});

/** What must hold where the verdict is `works` and a place could not be written: nothing else is lost, and a warning says so. */
const notWritten = (run: Acted): string[] => {
  const warned = run.annotations.some(
    ({ level, title }) => level === 'warning' && title === 'Result not written everywhere',
  );
  return [
    ...(run.exitCode === 0 ? [] : [`exit code ${run.exitCode}, expected 0`]),
    ...(/\bworks\b/.test(run.log) ? [] : ['the log has no verdict']),
    ...(warned ? [] : ['no warning says that a result was not written']),
  ];
};

const everyFormat = (folder: string): Record<string, string> => ({
  report: join(folder, 'report.json'),
  sarif: join(folder, 'report.sarif'),
  junit: join(folder, 'report.xml'),
  html: join(folder, 'report.html'),
  markdown: join(folder, 'report.md'),
});

export const diskRows: readonly Row[] = [
  engineRow(
    'disk-full-at-pull',
    'has no room for the image',
    'an engine of the row’s own whose data are on a file system of 24 MB',
    '24m',
    undefined,
    { exitCode: 2, verdict: 'unknown', primary: 'disk-full' },
  ),
  engineRow(
    'disk-full-at-copy',
    'is full when the probe is to be copied in',
    'the same with 160 MB, filled to the last byte when the container has been made',
    '160m',
    'create',
    { exitCode: 2, verdict: 'unknown', primary: 'disk-full' },
  ),
  engineRow(
    'disk-full-at-start',
    'is full when the container is to be started',
    'the same, filled when the probe has been copied in',
    '160m',
    'cp',
    { exitCode: 2, verdict: 'unknown', primary: 'disk-full' },
  ),
  placeRow(
    'disk-full-at-report',
    'has no room for the report',
    '`report` on a file system in memory that is full',
    (folder) => ({ report: join(folder, 'report.json') }),
  ),
  placeRow(
    'disk-full-at-every-format',
    'has no room for the report in any format',
    'all of them on a file system in memory that is full',
    everyFormat,
  ),
  placeRow('dev-full', 'refuses every byte of the report', '`report: /dev/full`', () => ({
    report: '/dev/full',
  })),
];
