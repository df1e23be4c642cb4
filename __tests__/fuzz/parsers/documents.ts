import { assess } from '../../../src/assess.js';
import { againstOf } from '../../../src/changes/event.js';
import { openRepository } from '../../../src/changes/git.js';
import { parseFacts } from '../../../src/contract/facts.js';
import { parseFleet, withProfile } from '../../../src/contract/fleet.js';
import { parseJson } from '../../../src/contract/json.js';
import { hostOf, profileOf } from '../../../src/core/profile.js';
import { markerLine, readMarker } from '../../../src/github/marker.js';
import { placeKey, stepPlace } from '../../../src/github/place.js';
import { pullRequestOf } from '../../../src/github/pull-request.js';
import { resultOf } from '../../../src/github/trouble.js';
import { matchesPattern, whyNoPattern } from '../../../src/image/pattern.js';
import { workflowEvent } from '../../../src/platform/runner.js';
import { diagnosisPath } from '../../../src/report/path.js';
import { gpuProblem } from '../../../src/runners.js';
import { parseWaiverFile } from '../../../src/waive.js';
import { createFakeFiles } from '../../fakes/files.js';
import { createFakeShell } from '../../fakes/shell.js';
import { holds, type Parser, same } from '../parser.js';

const FACTS = {
  schema: 'cuda-image-check/facts@1',
  host: {
    platform: 'linux/amd64',
    driver: { version: '535.104.05', cuda: '12.2', kernelModule: 'open' },
    gpus: [
      {
        index: 0,
        name: 'NVIDIA A100-SXM4-80GB',
        computeCapability: '8.0',
        uuid: 'GPU-0',
        memoryMiB: 81920,
      },
      { index: 1, name: 'Tesla T4', computeCapability: '7.5' },
    ],
    engine: { name: 'docker', version: '28.2.2', gpuMode: 'legacy' },
    containerToolkit: { version: '1.17.8' },
  },
  image: {
    reference: 'nvcr.io/nvidia/pytorch:25.03-py3',
    digest: `sha256:${'0a'.repeat(32)}`,
    platform: 'linux/amd64',
    env: { CUDA_VERSION: '12.8.1.012', NVIDIA_REQUIRE_CUDA: 'cuda>=9.0' },
    labels: {},
    cuda: '12.8.1',
    compatDriver: { version: '570.124.06', path: '/usr/local/cuda/compat/lib.real/libcuda.so.1' },
    libraries: [{ name: 'cudart', version: '12.8.90', path: '/usr/lib/libcudart.so.12' }],
    deviceCode: [
      {
        path: '/opt/libtorch_cuda.so',
        cubins: ['sm_75', 'sm_80', 'sm_90a'],
        ptx: [{ target: 'compute_90', isa: '8.7' }],
      },
    ],
    frameworks: [{ name: 'torch', version: '2.9.0', cuda: '12.8', targets: ['sm_70', 'sm_120'] }],
    libc: { family: 'glibc', version: '2.35' },
  },
  probe: {
    started: true,
    libcuda: { path: '/usr/lib/libcuda.so.535.104.05', origin: 'host', cuda: '12.2' },
    init: { code: 0 },
    runtime: { path: '/usr/local/cuda/lib64/libcudart.so.12', version: '12.8', code: 0 },
    gpus: [{ index: 0, uuid: 'GPU-0', kernel: { code: 0, correct: true, ms: 3.1 } }],
    nvml: { driver: '535.104.05', gpuCount: 1 },
    frameworks: [
      { name: 'torch', available: true, devices: [{ index: 0, correct: true }], error: null },
    ],
    limits: { shmBytes: 67108864, memlockBytes: 67108864 },
  },
  failure: {
    stage: 'start',
    command: 'docker start x',
    exitCode: 125,
    text: 'nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update your driver',
  },
};

const { failure: _failed, probe: _probed, ...PREDICTED } = FACTS;

const facts: Parser = {
  name: 'facts and reports, and what the rules make of them',
  files: ['src/contract/facts.ts', 'src/contract/problems.ts'],
  json: true,
  samples: [
    JSON.stringify(FACTS),
    JSON.stringify(PREDICTED),
    JSON.stringify({
      schema: 'cuda-image-check/report@1',
      passed: false,
      images: [{ reference: 'a', facts: PREDICTED }, { facts: { probe: FACTS.probe } }],
    }),
  ],
  pieces: [
    ...['{', '}', '[', ']', ',', '"schema":', '"cuda-image-check/facts@1"', '"host":', '"image":'],
    ...[
      '"driver":',
      '"gpus":',
      'null',
      '1',
      '"535"',
      '"sm_90a"',
      '"12.8"',
      '"probe":',
      '"failure":',
    ],
  ],
  read: (text) => {
    const parsed = parseFacts(text, 'facts.json');
    if (!parsed.ok) {
      holds(parsed.problems.length > 0, 'a refusal has words');
      for (const problem of parsed.problems) {
        holds(problem.startsWith('facts.json'), 'a problem names the file');
        holds(problem.length < 2_000, 'a problem is a line');
      }
      return parsed;
    }
    const reports = parsed.facts.map((one) => {
      const again = parseFacts(JSON.stringify(one), 'again');
      holds(again.ok && same(again.facts, [one]), 'what was read is read again as it is');
      const report = assess(one, 'prediction');
      holds(
        report.verdict === 'works' || report.primary !== null || report.verdict === 'unknown',
        'a failure has a leading finding',
      );
      for (const { title, why } of report.findings) {
        holds(title !== '' && why !== '', 'a finding has words');
        holds(!`${title} ${why}`.includes('undefined'), `a finding says all: ${title} ${why}`);
      }
      const { facts: _own, ...rest } = report;
      return [rest, diagnosisPath(report)];
    });
    return [parsed, reports];
  },
  growth: { factor: 60, beside: 30_000 },
  microseconds: 60,
};

const json: Parser = {
  name: 'JSON with the place of its fault',
  files: ['src/contract/json.ts'],
  json: true,
  samples: [JSON.stringify(PREDICTED, null, 2), '[1, -0.5e3, "a\\u0041", true, null]'],
  pieces: [
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    '\\"',
    '\\u00',
    '\\x',
    '1',
    '-',
    '.5',
    'e',
    'tru',
    '//',
    "'",
  ],
  read: (text) => {
    const parsed = parseJson(text);
    if (parsed.ok) {
      holds(
        same(parsed.value, JSON.parse(text.replace(/^\ufeff/, ''))),
        'it is what JSON.parse says',
      );
      return undefined;
    }
    const lines = text.split('\n');
    holds(parsed.line >= 1 && parsed.line <= lines.length, 'the line is one of the text');
    const length = (lines[parsed.line - 1] ?? '').length;
    holds(parsed.column >= 1 && parsed.column <= length + 2, 'the column is one of the line');
    return parsed;
  },
  growth: { factor: 0, beside: 200 },
};

const FLEET = `# runners
schema: cuda-image-check/gpu-fleet@1
profiles:
  - name: h100
    labels: [self-hosted, gpu] # of the runner
    platform: linux/amd64
    driver: "535.104.05"
    driverCuda: "12.2"
    kernelModule: open
    gpus:
      - name: NVIDIA H100 80GB HBM3
        count: 8
        memoryMiB: 81559
    engine: { name: docker, version: "28.2.2", gpuMode: cdi, rootless: false }
    containerToolkit: { version: "1.17.8" }
  - name: old
    driver: "470.82"
    gpus: [{ computeCapability: "7.5" }]
`;

const fleet: Parser = {
  name: 'fleet file',
  files: ['src/contract/fleet.ts', 'src/contract/yaml-file.ts'],
  samples: [
    FLEET,
    'schema: cuda-image-check/gpu-fleet@1\nprofiles:\n  - name: a\n    driver: "535"\n',
  ],
  pieces: [
    ...[
      'schema:',
      'profiles:',
      '\n  - ',
      'name: ',
      'driver: ',
      '"535"',
      'gpus:',
      '&a ',
      '*a',
      '<<: *a',
    ],
    ...[
      '[',
      ']',
      '{',
      '}',
      ', ',
      ': ',
      '\n',
      '\n    ',
      '|',
      '>',
      '"',
      "'",
      '? ',
      '!!binary ',
      '---\n',
      '#',
    ],
  ],
  read: (text) => {
    const parsed = parseFleet(text, 'fleet.yml', gpuProblem);
    if (!parsed.ok) {
      holds(parsed.problems.length > 0, 'a refusal has words');
      for (const one of parsed.problems)
        holds(one.startsWith('fleet.yml'), 'a problem names the file');
      return parsed;
    }
    const [first] = parsed.profiles;
    if (first !== undefined) {
      const seen = profileOf(first.name, hostOf(first));
      const written = parseFleet(withProfile(text, seen), 'fleet.yml', gpuProblem);
      holds(written.ok, `a profile written into it is read: ${written.ok || written.problems[0]}`);
      holds(
        written.profiles.map(({ name }) => name).join() ===
          parsed.profiles.map(({ name }) => name).join(),
        'the profiles stay',
      );
    }
    return parsed;
  },
  growth: { factor: 120, beside: 5_000 },
  microseconds: 200,
};

const EVENT = {
  ref: 'refs/heads/main',
  before: '1'.repeat(40),
  forced: false,
  pull_request: { base: { sha: 'b'.repeat(40) }, head: { sha: 'a'.repeat(40) } },
  merge_group: { base_sha: 'c'.repeat(40) },
  repository: { default_branch: 'main' },
};

const event: Parser = {
  name: 'payload of a workflow event',
  files: ['src/changes/event.ts', 'src/platform/runner.ts'],
  json: true,
  samples: [
    JSON.stringify(EVENT),
    JSON.stringify({ ...EVENT, before: '0'.repeat(40), forced: true }),
  ],
  pieces: [
    '{',
    '}',
    '"before":',
    '"pull_request":',
    '"base":',
    '"sha":',
    '"main"',
    ',',
    'null',
    '"--x"',
  ],
  read: async (text) => {
    const found = [];
    const files = createFakeFiles({ '/e': text });
    for (const name of ['push', 'pull_request', 'pull_request_target', 'merge_group', 'schedule']) {
      for (const ref of ['refs/heads/main', 'refs/heads/pull-request/7', 'refs/tags/v1']) {
        const env = { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: '/e', GITHUB_REF: ref };
        const read = await workflowEvent(env, files);
        holds(read !== undefined, 'there is an event');
        const against = againstOf(read);
        holds(against.because !== '', 'it says why');
        found.push(against);
      }
    }
    return found;
  },
  growth: { factor: 40, beside: 5_000 },
};

const RAW = `:100644 100644 ${'a'.repeat(40)} ${'b'.repeat(40)} M\0Dockerfile\0:100644 100644 ${'a'.repeat(40)} ${'0'.repeat(40)} R087\0old/Dockerfile\0new/Dockerfile\0:000000 120000 ${'0'.repeat(40)} ${'0'.repeat(40)} A\0link\0`;

const git: Parser = {
  name: 'output of git',
  files: ['src/changes/git.ts'],
  samples: [
    RAW,
    `100644 ${'a'.repeat(40)} 0\tDockerfile\u0000120000 ${'a'.repeat(40)} 0\tlink\u0000100755 ${'a'.repeat(40)} 0\ta\tb\0`,
    `${'a'.repeat(40)} blob 10\nFROM a:1\nX\n${'b'.repeat(40)} missing\n:x tree 3\nabc\n`,
    "fatal: detected dubious ownership in repository at '/x'\n",
  ],
  pieces: [
    ...[':100644', ' 100644 ', ' M', '\0', 'R100\0', 'a\0', '\t', ' blob ', ' tree ', '5', '\n'],
    ...['99999999999', ' missing\n', 'not a git repository', 'dubious ownership', '-1'],
  ],
  read: async (text) => {
    const answer = (args: readonly string[]) =>
      args.includes('rev-parse') ? { stdout: '/r\n' } : { stdout: text };
    const opened = await openRepository(createFakeShell({ git: answer }), '/r');
    holds(opened.ok, 'the folder is a repository');
    const repository = opened.value;
    const [files, changed, contents] = [
      await repository.files(),
      await repository.changed('HEAD'),
      await repository.contents(['a', 'b', '__proto__', 'HEAD:x']),
    ];
    holds(files.ok && changed.ok && contents.ok, 'what git says is read');
    for (const content of contents.value.values()) {
      holds(content.length <= text.length, 'a content is a part of what came');
    }
    const failing = createFakeShell({ git: () => ({ code: 128, stderr: text }) });
    const refused = await openRepository(failing, '/r');
    holds(!refused.ok && refused.problem.why !== '', 'a failure has words');
    return [files.value, changed.value, contents.value, refused];
  },
  growth: { factor: 12, beside: 500 },
};

const WAIVERS = `waivers:
  - finding: gpu-busy # of the night shift
    image: "ghcr.io/team/train:v1.*"
    profile: h100
    reason: known
    until: 2026-12-31
  - { finding: image-tag-misleading, image: "busybox@sha256:${'0a'.repeat(32)}", reason: x, until: "2027-01-01" }
`;

const waivers: Parser = {
  name: 'waiver file, and patterns of images',
  files: ['src/contract/waivers.ts', 'src/contract/yaml-file.ts', 'src/waive.ts'],
  samples: [WAIVERS, 'schema: cuda-image-check/gpu-waivers@1\nwaivers: []\n'],
  pieces: [
    ...[
      'waivers:',
      '\n  - ',
      'finding: ',
      'gpu-busy',
      'image: ',
      'a/**:1.*',
      'until: ',
      '2026-12-31',
      'reason: x',
    ],
    ...[
      '&a ',
      '*a',
      '<<: *a',
      '? ',
      '{',
      '}',
      '[',
      ']',
      ', ',
      ': ',
      '\n',
      '\n    ',
      '*',
      '**',
      '?',
      '@sha256:',
    ],
  ],
  read: (text) => {
    const parsed = parseWaiverFile(text, 'w.yml');
    if (!parsed.ok) {
      holds(parsed.problems.length > 0, 'a refusal has words');
      for (const one of parsed.problems) holds(one.startsWith('w.yml'), 'a problem names the file');
    } else {
      for (const { line, column } of parsed.waivers) {
        holds(
          line >= 1 && line <= text.split('\n').length && column >= 1,
          'a waiver has its place',
        );
      }
    }
    const pattern = text.slice(0, 200);
    whyNoPattern(pattern);
    holds(!/^[a-z]+$/.test(pattern) || matchesPattern(pattern, pattern), 'a name matches itself');
    return [parsed, matchesPattern(pattern, 'ghcr.io/team/train:v1.2')];
  },
  growth: { factor: 120, beside: 10_000 },
  microseconds: 200,
};

const github: Parser = {
  name: 'answers of GitHub, comments and the matrix of a job',
  files: [
    'src/github/trouble.ts',
    'src/github/marker.ts',
    'src/github/pull-request.ts',
    'src/github/place.ts',
  ],
  json: true,
  samples: [
    '{"message":"API rate limit exceeded","errors":[{"message":"x"},"y"],"documentation_url":"z"}',
    '{"errors":[{"type":"RATE_LIMITED","message":"slow down"}],"data":null}',
    `<!-- cuda-image-check 1 key=${'0a'.repeat(32)} run=12.1 state=open -->\nbody`,
    JSON.stringify({
      pull_request: { number: 7 },
      issue: { number: 8, pull_request: {} },
      merge_group: { head_ref: `refs/heads/gh-readonly-queue/main/pr-104-${'a'.repeat(40)}` },
      workflow_run: { pull_requests: [{ number: 9, base: { repo: { id: 1 } } }] },
      repository: { id: 1 },
    }),
    '{"cuda":"12.8","gpu":["a","b"]}',
  ],
  pieces: [
    ...[
      '{',
      '}',
      '"message":',
      '"errors":',
      '[',
      ']',
      ',',
      '"type":',
      '"number":',
      '1',
      'null',
      '"toString":1',
    ],
    ...[
      '<!-- cuda-image-check 1 key=',
      '0a'.repeat(32),
      ' run=',
      '1.1',
      ' state=open',
      ' -->',
      '\n',
    ],
  ],
  read: (text) => {
    let data: unknown = text;
    try {
      data = JSON.parse(text);
    } catch {
      // A proxy's page.
    }
    const header = text.slice(0, 20);
    const headers = { 'retry-after': header, 'x-ratelimit-remaining': '0', date: header };
    const results = [200, 403, 404, 422, 429, 502].map((status) =>
      resultOf({ kind: 'answered', status, headers, data }),
    );
    const troubles = results.flatMap((result) => (result.ok ? [] : [result.trouble]));
    const events = [
      'pull_request',
      'issue_comment',
      'merge_group',
      'workflow_run',
      'push',
      'x',
    ].map((name) => pullRequestOf({ name, payload: data, ref: header }));
    const env = { GITHUB_REPOSITORY: text, GITHUB_RUN_ID: text || '1', GITHUB_SHA: text || 'a' };
    const place = stepPlace({ ...env, GITHUB_ACTION: text }, text);
    if (!('missing' in place)) {
      holds(/^[0-9a-f]{64}$/.test(placeKey(place)), 'a key is digits');
      const marker = { key: placeKey(place), run: place.run, state: 'open' as const };
      holds(same(readMarker(`${markerLine(marker)}\n${text}`), marker), 'a marker reads back');
    }
    return [troubles, events, readMarker(text), place];
  },
  growth: { factor: 60, beside: 5_000 },
};

export const DOCUMENTS: readonly Parser[] = [facts, json, fleet, waivers, event, github, git];
