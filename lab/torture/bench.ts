import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setHost } from '../host.js';
import type { Lab } from '../lab.js';
import type { LabPaths } from '../paths.js';
import { mustRun } from '../process.js';
import { findProgram, programPath } from '../requirements.js';
import { readActionFile, runStep } from '../runner.js';
import type { Host } from '../scenario.js';
import { type HostileImage, publishHostile } from './image.js';
import { buildPrograms } from './programs.js';
import type { Acted, ActSettings, Bench } from './row.js';
import { ask } from './state.js';

/** One simulated A100 with driver 535: what the machine is unless a row says otherwise. */
export const HOST: Host = {
  driver: { version: '535.104.05', cuda: '12.2' },
  gpus: [{ name: 'NVIDIA A100-SXM4-80GB', computeCapability: '8.0', memoryMiB: 81920 }],
};

/** Values that a runner has in the environment of a step, and that nothing may pass on. */
export const SECRETS: Readonly<Record<string, string>> = {
  GITHUB_TOKEN: 'ghs_CANARYgithubtoken0000000000000000000',
  ACTIONS_RUNTIME_TOKEN: 'CANARY.runtime.token',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'CANARY.id.token',
  AWS_SECRET_ACCESS_KEY: 'CANARYawssecret',
  NVIDIA_API_KEY: 'nvapi-CANARY',
};

/** Name, label and image of the containers that are not the action's, which it must not touch. */
export const FOREIGN = ['cuda-image-check-of-somebody-else', 'cuda-image-check'] as const;

const REAL_DOCKER = 'REAL_DOCKER';

/** A `docker` that runs some shell lines before, or in the place of, the real one. `$FOLDER` is the run's folder. */
const shimText = (lines: string, docker: string, folder: string): string =>
  `#!/bin/sh\n${REAL_DOCKER}='${docker}'\nFOLDER='${folder}'\n${lines}\nexec "$${REAL_DOCKER}" "$@"\n`;

const watchMemory = (pid: number | undefined): { peak: () => number; end: () => void } => {
  let peak = 0;
  const timer = setInterval(() => {
    void readFile(`/proc/${pid}/status`, 'utf8').then(
      (text) => {
        peak = Math.max(peak, Number(/VmHWM:\s*(\d+)/.exec(text)?.[1] ?? 0) / 1024);
      },
      () => {},
    );
  }, 50);
  return { peak: () => peak, end: () => clearInterval(timer) };
};

const readJson = (text: string): Acted['report'] => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** What every row has: the lab's engine and registry, the staged action, an image and containers that are somebody else's. */
export const openBench = async (
  lab: Lab,
  paths: LabPaths,
  action: string,
  node: string,
): Promise<Bench> => {
  const runs = join(lab.runtime, 'torture');
  await mkdir(runs, { recursive: true });
  const { socket } = await lab.engine(true);
  const programs = await buildPrograms(paths.lab, join(runs, 'programs'));
  const docker = (await findProgram('docker')) ?? 'docker';
  const file = await readActionFile(action);
  let variables: Record<string, string> = {};
  const place = {
    address: lab.registries.open.address,
    cache: paths.cache,
    lab: paths.lab,
    driver: lab.simulation.driver,
    layers: join(lab.runtime, 'layers'),
  };
  const folderOf = (name: string) => join(runs, name);
  const step = async (
    name: string,
    script: string,
    state: Record<string, string>,
    settings: Partial<ActSettings>,
  ) => {
    const folder = folderOf(settings.as ?? name);
    const tmp = join(folder, 'tmp');
    const bin = join(folder, 'bin');
    await mkdir(tmp, { recursive: true });
    const path = [variables['PATH'] ?? ''];
    if (settings.shim !== undefined) {
      await mkdir(bin, { recursive: true });
      await writeFile(join(bin, 'docker'), shimText(settings.shim, docker, folder));
      await chmod(join(bin, 'docker'), 0o755);
      path.unshift(bin);
    }
    let memory: ReturnType<typeof watchMemory> | undefined;
    const ended = await runStep({
      node,
      root: action,
      script,
      folder,
      inputs: {
        ...file.defaults,
        images: (settings.images ?? []).join('\n'),
        timeout: '30s',
        'pull-timeout': '60s',
        ...settings.inputs,
      },
      state,
      machine: {
        ...SECRETS,
        TMPDIR: tmp,
        ...variables,
        PATH: path.join(':'),
        ...settings.machine,
      },
      limitSeconds: settings.limitSeconds ?? 60,
      onStart: (child) => {
        memory = watchMemory(child.pid);
        settings.onStart?.(child);
      },
    });
    memory?.end();
    return { ended, folder, peak: memory?.peak() ?? 0 };
  };
  const bench: Bench = {
    paths,
    lab,
    programs,
    socket,
    registry: place.address,
    node,
    publish: (name, image: HostileImage) => publishHostile(name, image, place),
    setHost: async (host) => {
      const folders = await setHost(
        join(lab.runtime, 'host'),
        { ...HOST, ...host },
        lab.simulation,
      );
      variables = {
        PATH: [folders.bin, programPath()].join(':'),
        DOCKER_HOST: socket,
        SIMULATED_NVIDIA_CONF: folders.description,
      };
    },
    act: async (name, settings) => {
      const { ended, folder, peak } = await step(name, file.main, {}, settings);
      const given = settings.inputs?.['report'];
      const reportText = await readFile(
        ended.outputs['report'] || given || (await reportIn(folder)),
        'utf8',
      ).catch(() => '');
      const record = join(paths.root, '.lab', 'torture', settings.as ?? name);
      await mkdir(record, { recursive: true });
      for (const [file, text] of [
        ['report.json', reportText],
        ['log.txt', ended.log],
        ['summary.md', ended.summary],
      ] as const) {
        await writeFile(join(record, file), text);
      }
      return {
        ...ended,
        reportText,
        report: readJson(reportText),
        peakMiB: peak,
        folder,
      };
    },
    post: async (name, run, settings = {}) => {
      const { ended } = await step(name, file.post ?? '', run.state, settings);
      return { exitCode: ended.exitCode, log: ended.log };
    },
    folder: async (name) => {
      const folder = folderOf(name);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      return folder;
    },
  };
  await bench.setHost({});
  await plantForeign(bench);
  return bench;
};

/** The report that a run left where it goes unless told: at most one. */
const reportIn = async (folder: string): Promise<string> => {
  const { filesBelow } = await import('./state.js');
  const temporary = join(folder, 'work', '_temp');
  const names = (await filesBelow(temporary)).filter((name) =>
    /^cuda-image-check-[0-9a-f-]+\.json$/.test(name),
  );
  return join(temporary, names[0] ?? 'none');
};

/** The `docker` of the machine, on the bench's engine. */
export const dockerOf =
  (bench: Bench) =>
  (...args: string[]): Promise<string> =>
    mustRun('docker', args, {
      env: { PATH: programPath(), DOCKER_HOST: bench.socket, HOME: '/nonexistent' },
      timeoutMs: 60_000,
    });

/** An image, a container that runs and one that does not, with names and labels much like the action's own. */
const plantForeign = async (bench: Bench): Promise<void> => {
  const docker = dockerOf(bench);
  const held = await ask<{ Names: string[] }[]>(bench.socket, '/containers/json?all=1');
  if (held.some(({ Names }) => Names.includes(`/${FOREIGN[0]}`))) return;
  const image = await bench.publish('somebody-else', {});
  await docker('pull', '--quiet', image);
  const label = ['--label', 'cuda-image-check.run-of=somebody-else', '--network', 'none'];
  await docker('run', '--detach', '--name', FOREIGN[0], ...label, image, 'sleep', 'infinity');
  await docker('create', '--name', FOREIGN[1], ...label, image, 'sleep', 'infinity');
};
