import { readFileSync } from 'node:fs';
import { explainText } from '../../../src/explain.js';
import { createProbeReader } from '../../../src/probe/protocol.js';
import { normaliseLine } from '../../../src/recognise/normalise.js';
import { createTables } from '../../../src/recognise/recogniser.js';
import { readCases } from '../../recognise/corpus.js';
import { SIBLINGS } from '../../recognise/siblings.js';
import { bytesOf, holds, type Parser, same } from '../parser.js';

const NONCE = 'deadbeef00112233';

const line = (step: string, fields: object = {}): string =>
  `${JSON.stringify({ probe: 'cuda-image-check/probe@1', nonce: NONCE, step, ...fields })}\n`;

const STEPS = [
  line('begin', { architecture: 'x86_64' }),
  line('limits', {
    shmBytes: 67108864,
    memlockBytes: null,
    glibc: '2.36',
    uid: 0,
    gid: 0,
    env: { LD_LIBRARY_PATH: '/x' },
  }),
  line('nodes', {
    nodes: [
      { path: '/dev/nvidia0', access: 'rw' },
      { path: '/dev/nvidiactl', access: 'none', error: 'EPERM' },
    ],
  }),
  line('libcuda', { path: '/usr/lib/libcuda.so.535.104.05', origin: 'host', cuda: '12.2' }),
  line('init', { code: 0, deviceCount: 2 }),
  line('device', { index: 0, name: 'NVIDIA L4 (simulated)', computeCapability: '8.9', mig: false }),
  line('kernel', { index: 0, code: 0, correct: true, ms: 3.5 }),
  line('kernel', { index: 1, timedOut: true, call: 'cuCtxSynchronize' }),
  line('nvml', { path: '/usr/lib/libnvidia-ml.so.1', code: 0, driver: '535.104.05', gpuCount: 2 }),
  line('runtime', {
    found: true,
    path: '/x/libcudart.so.13',
    version: '13.0',
    code: 35,
    error: 'x',
    unreadable: ['/root'],
  }),
];

const FILES = [
  line('code', {
    path: '/opt/liba.so',
    kind: 'elf',
    cubins: ['sm_80', 'sm_90a'],
    ptx: [{ target: 'compute_90', isa: '8.7' }],
  }),
  line('library', {
    path: '/usr/lib/libcudart.so.12',
    name: 'cudart',
    soname: 'libcudart.so.12',
    version: '12.8.90',
    loaded: true,
    via: 'cache',
  }),
  line('missing', { path: '/opt/liba.so', needs: ['libcudnn.so.9'], soname: 'libcudnn.so.9' }),
  line('cache', { path: '/root/.triton/x.cubin', targets: ['sm_90'] }),
  line('python', { path: '/usr/bin/python3', version: '3.12' }),
  line('package', { name: 'torch', version: '2.9.0', path: '/x', cuda: '12.8' }),
  line('files', { files: 40_000, folders: 5_000, complete: true, unreadable: [] }),
];

const FRAMEWORK = line('framework', {
  name: 'torch',
  version: '2.9.0+cu128',
  interpreter: '/usr/bin/python3',
  cuda: '12.8',
  targets: ['sm_80', 'compute_90'],
  available: true,
  devices: [{ index: 0, name: 'L4', correct: true, operations: ['matmul'], error: null }],
  nccl: { correct: true },
  warnings: ['x'],
  printed: 'y',
  error: null,
  stage: 'compute',
});

function probe(text: string, size: number) {
  const reader = createProbeReader(NONCE);
  const bytes = bytesOf(text);
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return reader.end();
}

/** Documents alone are changed as trees, streams of them as text. */
function documentRow(name: string, files: readonly string[], documents: readonly string[]): Parser {
  return {
    name,
    files,
    json: true,
    samples: documents.map((one) => one.trimEnd()),
    pieces: [
      '{',
      '}',
      '[',
      ']',
      ',',
      '"step":',
      '"index":',
      '"code":',
      '0',
      '"path":',
      '"x"',
      'null',
      '\n',
    ],
    read: (text) => answerOf(`${line('begin')}${text}\n${line('end')}`),
    growth: { factor: 8, beside: 2_000 },
  };
}

function answerOf(text: string): unknown {
  const whole = probe(text, 1 << 20);
  const { facts, image, noise } = whole;
  holds(noise.length <= 33 * 1024, 'noise is bounded');
  holds(same(probe(text, 1 + (text.length % 61)), whole), 'the same however the bytes are cut');
  for (const { index } of facts.gpus ?? []) holds(index >= 0 && index < 64, 'a GPU is one of 64');
  holds((facts.frameworks ?? []).length <= 64, 'frameworks are bounded');
  return [facts, image, noise];
}

const stream: Parser = {
  name: "output of a container with the probe's documents",
  files: ['src/probe/protocol.ts'],
  samples: [
    `== CUDA ==\r\n${STEPS.join('')}${line('end', { ms: 21.5 })}bye`,
    `${STEPS.slice(0, 4).join('')}Segmentation fault\n`,
    `noise ${line('begin')}{"probe":"cuda-image-check/probe@1","nonce":"other","step":"init","code":0}\n`,
  ],
  pieces: [
    ...[
      ...STEPS.slice(0, 7),
      line('end'),
      '\n',
      '\r\n',
      '{"probe":"cuda-image-check/probe@1","nonce":"',
      NONCE,
    ],
    ...['","step":"', '"}', 'init', ',"code":0', ',"nonce":"other"', '{', '::set-output name=x::'],
  ],
  read: answerOf,
  growth: { factor: 4, beside: 2_000 },
};

const RECORDED = new URL('../../recorded/ordinary/', import.meta.url);

const LOGS = [
  ...readCases().flatMap(({ output = '' }) => (output.length < 1_500 ? [output] : [])),
  ...SIBLINGS.map(([, text]) => text),
  ...['nvidia-smi-t4.log', 'docker-info.log', 'dmesg-healthy.log', 'github-actions-runner.log'].map(
    (name) => readFileSync(new URL(name, RECORDED), 'utf8').slice(0, 2_000),
  ),
].filter((text) => text !== '');

const TABLES = createTables();

const logs: Parser = {
  name: 'logs of any program',
  files: [
    'src/explain.ts',
    'src/recognise/recogniser.ts',
    'src/recognise/normalise.ts',
    'src/recognise/lines.ts',
    'src/recognise/needles.ts',
    'src/recognise/excerpt.ts',
    'src/recognise/extract.ts',
  ],
  samples: LOGS,
  pieces: [
    ...TABLES.entries.map(({ says }) => says.slice(0, 160)),
    ...[
      '\u001b[31;1m',
      '\u001b[0m',
      '2024-05-01T10:00:00.0000000Z ',
      '##[error]',
      '#12 0.345 ',
      'web-1  | ',
    ],
    ...[
      '\\n',
      '\\"',
      '\\u003e',
      '&gt;',
      '“',
      '\n',
      '\r\n',
      '\r',
      '  ',
      'sm_90',
      'cuda>=12.8',
      'NVRM: ',
      '\0',
    ],
  ],
  read: async (text) => {
    const bytes = bytesOf(text);
    const middle = bytes.length >> 1;
    const chunks = [bytes.subarray(0, middle), bytes.subarray(middle)];
    const explanation = await explainText([bytes], undefined, TABLES);
    holds(
      same(await explainText(chunks, undefined, TABLES), explanation),
      'the same however the bytes are cut',
    );
    holds(explanation.findings.length > 0, 'there is an answer');
    for (const { title, why } of explanation.findings) {
      holds(title !== '' && why !== '', 'a finding has words');
    }
    const plain = normaliseLine(text.split('\n')[0] ?? '').text;
    holds(plain === plain.trim(), 'a plain line is trimmed');
    return explanation;
  },
  growth: { factor: 40, beside: 40_000 },
  microseconds: 100,
};

export const RUN: readonly Parser[] = [
  stream,
  documentRow('documents of the probe', ['src/probe/documents.ts', 'src/probe/values.ts'], STEPS),
  documentRow("documents about an image's files", ['src/probe/image-documents.ts'], FILES),
  documentRow('documents of a framework', ['src/probe/framework-document.ts'], [FRAMEWORK]),
  logs,
];
