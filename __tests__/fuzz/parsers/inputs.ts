import { extract } from 'tar-stream';
import {
  ALLOWED_OPTIONS,
  parseContainerOptions,
  splitWords,
} from '../../../src/container-options.js';
import { capabilityOfName } from '../../../src/core/gpu-names.js';
import { tarOfProgram } from '../../../src/engine/tar.js';
import { ownName, splitPlace } from '../../../src/fleet.js';
import { parseHostOptions } from '../../../src/host-options.js';
import { INPUT_NAMES, type InputMistake, parseInputs } from '../../../src/inputs.js';
import { readInput, readState } from '../../../src/platform/runner.js';
import { parseRunners } from '../../../src/runners.js';
import { call } from '../../cli/call.js';
import { createFakeFiles } from '../../fakes/files.js';
import { bytesOf, holds, type Parser, same } from '../parser.js';

const sayAll = (mistakes: readonly InputMistake[]): void => {
  holds(mistakes.length > 0, 'a refusal has words');
  for (const { input, why, allowed, fix } of mistakes) {
    holds(
      [input, why, allowed, fix].every((part) => part !== ''),
      'a mistake says all',
    );
  }
};

const inputs: Parser = {
  name: 'inputs of the action: durations, numbers, GPUs, lists, paths',
  files: ['src/inputs.ts', 'src/platform/runner.ts'],
  samples: [
    'busybox, nvcr.io/nvidia/cuda:12.8.1',
    '90s',
    '2m',
    '500ms',
    'device=0,GPU-8f3c0000-0000-0000-0000-000000000000',
    'MIG-1/2/3',
    'fails,unknown',
    'never',
    'reports/a.json',
    'origin/main~2',
    'auto',
    'true',
    '16',
  ],
  pieces: [
    '1',
    '90',
    's',
    'm',
    'h',
    'ms',
    ',',
    '\n',
    'device=',
    'GPU-',
    'all',
    'fails',
    'unknown',
    '0',
    'e',
    '+',
    '--',
    '~',
    '^',
    '{',
  ],
  read: (text) => {
    const found = INPUT_NAMES.map((name) => {
      const parsed = parseInputs((one) =>
        one === name ? text : one === 'images' ? (name === 'base' ? 'auto' : 'busybox') : undefined,
      );
      if (parsed.ok) {
        const { timeoutMs, pullTimeoutMs, concurrency, gpus, failOn, base } = parsed.inputs;
        for (const ms of [timeoutMs, pullTimeoutMs]) {
          holds(
            Number.isInteger(ms) && ms >= 1_000 && ms <= 86_400_000,
            'a time is from 1 s to 24 h',
          );
        }
        holds(concurrency >= 1 && concurrency <= 16, 'images at once are 1 to 16');
        holds(gpus.kind !== 'count' || (gpus.count >= 1 && gpus.count <= 128), 'GPUs are 1 to 128');
        holds(failOn.length <= 2 && !base.startsWith('-'), 'git takes a base as no option');
      } else sayAll(parsed.mistakes);
      return parsed;
    });
    readInput({ INPUT_IMAGES: text }, 'images');
    readState({ STATE_x: text }, 'x');
    // All inputs but one have their defaults: what they hold together is looked at once.
    return found.filter(({ ok }) => !ok).concat(found.slice(0, 1));
  },
  growth: { factor: 120, beside: 60_000 },
};

const containerOptions: Parser = {
  name: 'container-options, words of a shell',
  files: ['src/container-options.ts'],
  samples: [
    '--shm-size 8g --ulimit memlock=-1 --ipc=host',
    `-e NCCL_DEBUG=INFO --env 'A=b c' -u 1000:1000 --runtime=nvidia`,
    '--privileged -v /:/host --device /dev/x --security-opt label=disable',
    '--memory "32g" --cpuset-cpus 0-3 -m 1g',
  ],
  pieces: [
    ...ALLOWED_OPTIONS,
    ...[
      '-e',
      '-m',
      '-u',
      '=',
      ' ',
      '8g',
      'A=b',
      '-1',
      '"',
      "'",
      '\\',
      '\\"',
      '--volume',
      '-v',
      '--',
    ],
  ],
  read: (text) => {
    const parsed = parseContainerOptions(text);
    const words = splitWords(text);
    if (words !== undefined) {
      const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
      holds(same(splitWords(quoted), words), 'quoted words are the words');
    }
    if (!parsed.ok) {
      holds(parsed.problems.length > 0, 'a refusal has words');
      return parsed;
    }
    for (const word of parsed.words) {
      const name = word.slice(0, word.indexOf('='));
      holds(ALLOWED_OPTIONS.includes(name), `only allowed options pass: ${word}`);
    }
    const again = parseContainerOptions(
      parsed.words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' '),
    );
    holds(again.ok && same(again.words, parsed.words), 'what was read is read again as it is');
    return parsed;
  },
  growth: { factor: 250, beside: 1_000 },
};

const runners: Parser = {
  name: 'runners by options, and places of profiles',
  files: ['src/host-options.ts', 'src/runners.ts', 'src/fleet.ts'],
  samples: ['535.104.05', 'NVIDIA A100-SXM4-80GB', '8.0', 'linux/amd64', 'fleet.yml:h100', '535'],
  pieces: ['535', '.', '104', 'A100', 'H100', '8.0', 'linux/', 'arm64', ':', '/', ' ', 'v8'],
  read: async (text) => {
    const values = [text];
    const found = [];
    for (const name of ['driver', 'gpu', 'compute-capability'] as const) {
      const parsed = parseHostOptions(
        (one) => (one === name ? values : undefined),
        capabilityOfName,
      );
      if (!parsed.ok) sayAll(parsed.mistakes);
      found.push(parsed);
    }
    for (const name of ['platform', 'profile', 'fleet'] as const) {
      const parsed = await parseRunners(
        (one) => (one === name ? values : name === 'platform' && one === 'driver' ? ['535'] : []),
        createFakeFiles(),
      );
      if (!parsed.ok && 'mistakes' in parsed) sayAll(parsed.mistakes);
      found.push(parsed);
    }
    const { file, name } = splitPlace(text, 'x');
    holds(file === text || `${file}:${name}` === text, 'a place is not changed');
    holds(/^[\w.-]{1,63}$/.test(ownName({ RUNNER_NAME: text })), 'a name fits a fleet file');
    return [found, file, name];
  },
  growth: { factor: 30, beside: 8_000 },
  microseconds: 100,
};

const commandLine: Parser = {
  name: 'command line',
  files: ['src/command-line.ts'],
  samples: [
    'predict\n--facts\nworks.json\n--json',
    'explain\nlog.txt',
    'explain\n-\n--facts=works.json',
    'check\nbusybox\n--gpus=2\n--timeout\n1m\n--container-options\n--shm-size 8g',
    'scan\nbusybox\n--driver\n535',
    'fleet\n--check\n--profile\nx',
    '--version',
  ],
  pieces: [
    ...[
      'predict',
      'explain',
      'check',
      'scan',
      'fleet',
      '\n',
      '--',
      '--facts',
      '--json',
      '=',
      'works.json',
    ],
    ...[
      'bad.json',
      '--driver',
      '535',
      '--gpu',
      'L4',
      '-',
      '--help',
      '--fail-on',
      'never',
      '--no-json',
      '-x',
    ],
  ],
  read: async (text) => {
    const args = text.split('\n').slice(0, 12);
    const fetch = () =>
      Promise.reject(
        Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENOTFOUND' } }),
      );
    const { code, stderr, stdout } = await call(args, { fetch: fetch as typeof globalThis.fetch });
    holds([0, 1, 2, 3].includes(code), `an exit code is 0 to 3: ${code}`);
    holds(code !== 3 || stderr !== '', 'wrong use is told');
    const control = [...stderr].some((one) => one !== '\n' && one < ' ');
    holds(!control, `nothing moves the cursor: ${JSON.stringify(stderr)}`);
    return [code, stdout.length, stderr.length];
  },
  growth: { factor: 0, beside: 100 },
  microseconds: 2_000,
};

const archive: Parser = {
  name: 'the archive that a program is copied in as, read back',
  files: ['src/engine/tar.ts'],
  samples: ['\u007fELF\u0002\u0001\u0001', 'x'.repeat(512), 'x'.repeat(513)],
  pieces: ['\u007fELF', 'x'.repeat(511), 'ustar', '\0'],
  read: async (text) => {
    const program = bytesOf(text);
    const entries: [string, Buffer, number][] = [];
    const reader = extract();
    reader.on('entry', (header, stream, next) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk) => chunks.push(chunk as Buffer));
      stream.on('end', () => {
        entries.push([header.name, Buffer.concat(chunks), header.mode ?? 0]);
        next();
      });
    });
    const ended = new Promise((resolve, reject) => {
      reader.on('finish', () => resolve(undefined));
      reader.on('error', reject);
    });
    reader.end(await tarOfProgram('cuda-image-probe', program));
    await ended;
    const [entry, ...more] = entries;
    holds(entry !== undefined && more.length === 0, 'there is one file');
    holds(entry[0] === 'cuda-image-probe' && entry[2] === 0o555, 'it is the program');
    holds(entry[1].equals(program), 'its bytes are the ones that went in');
    return undefined;
  },
};

export const INPUTS: readonly Parser[] = [inputs, containerOptions, runners, commandLine, archive];
