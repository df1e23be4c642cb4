import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ProbeFacts } from '../../src/core/facts.js';
import { createProbeReader } from '../../src/probe/protocol.js';

export const PROBE_X64 = resolve('dist/probe/cuda-image-probe-linux-x64');
export const PROBE_ARM64 = resolve('dist/probe/cuda-image-probe-linux-arm64');
const NONCE = '00112233445566778899aabbccddeeff';

export interface Simulated {
  /** Folder of the test's own. */
  readonly folder: string;
  /** Folder with the simulated libraries and nvidia-smi. */
  readonly libraries: string;
  /** Writes a description and gives its path. */
  describe(text: string): string;
  [Symbol.dispose](): void;
}

/** Builds the simulated driver into a new folder. */
export function buildSimulated(architecture: 'x86_64' | 'aarch64'): Simulated {
  const folder = mkdtempSync(join(tmpdir(), 'simulated-driver-'));
  const libraries = join(folder, 'lib');
  mkdirSync(libraries);
  const built = spawnSync('lab/driver/build.sh', [libraries, architecture], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`lab/driver/build.sh: ${built.stderr}`);
  let descriptions = 0;
  return {
    folder,
    libraries,
    describe(text) {
      descriptions += 1;
      const path = join(folder, `${descriptions}.conf`);
      writeFileSync(path, text);
      return path;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Probed {
  readonly facts: ProbeFacts;
  readonly noise: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
  readonly ms: number;
}

export interface ProbeRun {
  readonly command?: readonly string[];
  readonly stepMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the files below the root are read, too: here all of the machine's, unless the command changes the root. */
  readonly files?: boolean;
}

/** Runs the committed probe and reads what it says. The environment is only what is given. */
export function probe({
  command = [PROBE_X64],
  stepMs = 10_000,
  env = {},
  files = false,
}: ProbeRun): Probed {
  const [program = '', ...before] = command;
  const options = ['--nonce', NONCE, '--step-timeout', String(stepMs)];
  const began = performance.now();
  const run = spawnSync(program, [...before, ...options, '--files', files ? 'yes' : 'no'], {
    env: { ...env },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const ms = performance.now() - began;
  if (run.error !== undefined) throw run.error;
  const reader = createProbeReader(NONCE);
  reader.push(run.stdout);
  const { facts, noise } = reader.end();
  const stdout = run.stdout.toString('utf8');
  return { facts, noise, stdout, stderr: run.stderr.toString('utf8'), status: run.status, ms };
}

export const ONE_GPU = `driver = 535.104.05
cuda = 12.2
[gpu]
name = NVIDIA A100-SXM4-80GB
compute-capability = 8.0
memory-mib = 81920
`;

export const FOUR_GPUS = `driver = 570.124.06
cuda = 12.8
${[0, 1, 2, 3]
  .map(
    (index) => `[gpu]
name = NVIDIA L4
uuid = GPU-0000000${index}-1111-2222-3333-444444444444
compute-capability = 8.9
memory-mib = 23034
`,
  )
  .join('')}`;

export const fault = (lines: Readonly<Record<string, string | number>>): string =>
  `[fault]\n${Object.entries(lines)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')}`;
