import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { sleep } from './process.js';

/** What `action.yml` says about how the action is run. */
export interface ActionFile {
  main: string;
  post: string | undefined;
  /** Every input with its default, as the runner fills in those that a workflow leaves out. */
  defaults: Record<string, string>;
}

export interface Annotation {
  level: 'error' | 'warning' | 'notice' | 'debug';
  title: string;
  message: string;
}

/** One step, `main` or `post`, as the runner sees it when the process has ended. */
export interface StepEnd {
  /** The process's exit code; 128 and the signal's number where a signal ended it. */
  exitCode: number;
  ms: number;
  log: string;
  summary: string;
  outputs: Record<string, string>;
  state: Record<string, string>;
  annotations: Annotation[];
  /** The step was ended for taking longer than its limit. */
  timedOut: boolean;
}

export interface StepSettings {
  node: string;
  /** The action's own folder, see `stageAction`. */
  root: string;
  script: string;
  inputs: Record<string, string>;
  state: Record<string, string>;
  /** The folder of this run: home, temp, workspace and command files. */
  folder: string;
  /** PATH, DOCKER_HOST and what else the machine gives. */
  machine: Record<string, string>;
  limitSeconds: number;
  /** Called once the process runs; may send it signals. */
  onStart?: (child: ChildProcess) => void;
  abort?: AbortSignal;
}

const SIGNAL_NUMBERS: Record<string, number> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** @throws when `action.yml` is missing or is not one of a JavaScript action. */
export const readActionFile = async (root: string): Promise<ActionFile> => {
  const document = parse(await readFile(join(root, 'action.yml'), 'utf8')) as {
    inputs?: Record<string, { default?: unknown } | null>;
    runs?: { main?: string; post?: string };
  };
  if (document.runs?.main === undefined) {
    throw new Error('action.yml names no runs.main');
  }
  return {
    main: document.runs.main,
    post: document.runs.post,
    defaults: Object.fromEntries(
      Object.entries(document.inputs ?? {}).map(([name, input]) => [
        name,
        String(input?.default ?? ''),
      ]),
    ),
  };
};

/**
 * Copies what a runner would download of the action: `action.yml` and `dist`, away from the checkout, so that the action has to do with
 * what is committed there. Returns the action's folder.
 */
export const stageAction = async (root: string, runtime: string): Promise<string> => {
  const folder = join(runtime, '_actions', 'cuda-image-check', 'cuda-image-check', 'main');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await copyFile(join(root, 'action.yml'), join(folder, 'action.yml'));
  await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  return folder;
};

/** Upper case, spaces as underscores, hyphens kept: ActionRunner of https://github.com/actions/runner. */
export const inputVariable = (name: string): string =>
  `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;

/** Reads what an action wrote to a file command: `name=value` and `name<<END` blocks. */
export const parseFileCommand = (text: string): Record<string, string> => {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const block = /^([^=]+?)<<(.+)$/.exec(line);
    const simple = /^([^=]+)=(.*)$/.exec(line);
    if (block !== null) {
      const [, name = '', end = ''] = block;
      const close = lines.indexOf(end, index + 1);
      const stop = close === -1 ? lines.length : close;
      values[name] = lines.slice(index + 1, stop).join('\n');
      index = stop;
    } else if (simple !== null) {
      values[simple[1] ?? ''] = simple[2] ?? '';
    }
  }
  return values;
};

const decode = (text: string): string =>
  text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');

/** The annotations among the workflow commands of a log. */
export const parseAnnotations = (log: string): Annotation[] =>
  log.split('\n').flatMap((line) => {
    const found = /^::(error|warning|notice|debug)(?: ([^:]*))?::(.*)$/.exec(line.trimEnd());
    if (found === null) {
      return [];
    }
    const title = /(?:^|,)title=([^,]*)/.exec(found[2] ?? '')?.[1] ?? '';
    return [
      {
        level: found[1] as Annotation['level'],
        title: decode(title),
        message: decode(found[3] ?? ''),
      },
    ];
  });

const COMMAND_FILES = {
  GITHUB_ENV: 'set_env',
  GITHUB_PATH: 'add_path',
  GITHUB_OUTPUT: 'set_output',
  GITHUB_STATE: 'save_state',
  GITHUB_STEP_SUMMARY: 'step_summary',
} as const;

const commandFiles = async (temp: string): Promise<Record<keyof typeof COMMAND_FILES, string>> => {
  const folder = join(temp, '_runner_file_commands');
  await mkdir(folder, { recursive: true });
  const id = randomUUID();
  const files = {} as Record<keyof typeof COMMAND_FILES, string>;
  for (const [variable, prefix] of Object.entries(COMMAND_FILES)) {
    const file = join(folder, `${prefix}_${id}`);
    await writeFile(file, '');
    files[variable as keyof typeof COMMAND_FILES] = file;
  }
  return files;
};

/** What a runner tells every step about its job; https://github.com/actions/runner GitHubContext and RunnerContext. */
const jobVariables = async (folder: string): Promise<Record<string, string>> => {
  const workspace = join(folder, 'work', 'lab', 'lab');
  const temp = join(folder, 'work', '_temp');
  const event = join(temp, '_github_workflow', 'event.json');
  await mkdir(workspace, { recursive: true });
  await mkdir(join(temp, '_github_workflow'), { recursive: true });
  await mkdir(join(folder, 'home'), { recursive: true });
  await writeFile(event, '{}');
  return {
    CI: 'true',
    HOME: join(folder, 'home'),
    LANG: 'C.UTF-8',
    GITHUB_ACTION: '__self',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'lab',
    GITHUB_API_URL: 'http://127.0.0.1:9/api',
    GITHUB_BASE_REF: '',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: event,
    GITHUB_GRAPHQL_URL: 'http://127.0.0.1:9/graphql',
    GITHUB_HEAD_REF: '',
    GITHUB_JOB: 'lab',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: 'lab/lab',
    GITHUB_REPOSITORY_OWNER: 'lab',
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: 'http://127.0.0.1:9',
    GITHUB_SHA: '0000000000000000000000000000000000000000',
    GITHUB_TRIGGERING_ACTOR: 'lab',
    GITHUB_WORKFLOW: 'lab',
    GITHUB_WORKFLOW_REF: 'lab/lab/.github/workflows/lab.yml@refs/heads/main',
    GITHUB_WORKSPACE: workspace,
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_NAME: 'lab',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: join(folder, 'work', '_tool'),
    RUNNER_WORKSPACE: join(folder, 'work', 'lab'),
  };
};

/** As the runner cancels: SIGINT, after 7.5 s SIGTERM, after 2.5 s more SIGKILL (ProcessInvoker of actions/runner). */
export const cancelAsRunner = async (child: ChildProcess): Promise<void> => {
  const ended = new Promise<true>((resolve) => child.once('exit', () => resolve(true)));
  const gone = () => child.exitCode !== null || child.signalCode !== null;
  for (const [name, ms] of [
    ['SIGINT', 7_500],
    ['SIGTERM', 2_500],
  ] as const) {
    if (gone()) {
      return;
    }
    child.kill(name);
    await Promise.race([ended, sleep(ms)]);
  }
  if (!gone()) {
    child.kill('SIGKILL');
  }
};

const readOrEmpty = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/** Runs one script of the built action in its own process, exactly as a runner would, and collects what it wrote. */
export const runStep = async (settings: StepSettings): Promise<StepEnd> => {
  const job = await jobVariables(settings.folder);
  const files = await commandFiles(job['RUNNER_TEMP'] ?? settings.folder);
  const inputs = Object.entries(settings.inputs).map(([name, value]) => [
    inputVariable(name),
    value,
  ]);
  const state = Object.entries(settings.state).map(([name, value]) => [`STATE_${name}`, value]);
  const began = process.hrtime.bigint();
  const child = spawn(settings.node, [join(settings.root, settings.script)], {
    cwd: job['GITHUB_WORKSPACE'],
    env: {
      ...job,
      ...files,
      ...settings.machine,
      ...Object.fromEntries(inputs),
      ...Object.fromEntries(state),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A session of its own: a Ctrl-C at the terminal reaches the lab, which then cancels the step as a runner would.
    detached: true,
  });
  let log = '';
  let timedOut = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const onAbort = () => {
    void cancelAsRunner(child);
  };
  const limit = setTimeout(() => {
    timedOut = true;
    onAbort();
  }, settings.limitSeconds * 1000);
  settings.abort?.addEventListener('abort', onAbort, { once: true });
  if (settings.abort?.aborted === true) {
    onAbort();
  }
  settings.onStart?.(child);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, name) => resolve(code ?? 128 + (SIGNAL_NUMBERS[name ?? ''] ?? 0)));
  });
  const ms = Number(process.hrtime.bigint() - began) / 1e6;
  clearTimeout(limit);
  settings.abort?.removeEventListener('abort', onAbort);
  return {
    exitCode,
    ms,
    log,
    timedOut,
    summary: await readOrEmpty(files.GITHUB_STEP_SUMMARY),
    outputs: parseFileCommand(await readOrEmpty(files.GITHUB_OUTPUT)),
    state: parseFileCommand(await readOrEmpty(files.GITHUB_STATE)),
    annotations: parseAnnotations(log),
  };
};
