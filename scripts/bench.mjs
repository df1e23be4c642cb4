// Prints the figures that the project promises: `npm run bench`. Variants of a comparison run interleaved, so that a busy moment
// hits all of them; ratios are of medians. The lab part brings the lab up and takes it down (root, Debian).
// --runs N: runs of each variant (15 for starts, at least 7); --no-lab: without the lab part.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reader } from './bench-reader.mjs';
import { againstPull, registries } from './bench-registry.mjs';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '15' },
    'no-lab': { type: 'boolean', default: false },
  },
});
const RUNS = Math.max(7, Number(values.runs));

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const dist = (name) => join(root, 'dist', name);

let missed = 0;
function figure(name, value, unit, limit) {
  const met = limit === undefined || value <= limit;
  if (!met) missed += 1;
  const shown = `${unit === 'x' ? value.toFixed(2) : Math.round(value)} ${unit}`;
  const wanted = limit === undefined ? '' : `  (limit ${limit} ${unit}${met ? '' : ', MISSED'})`;
  process.stdout.write(`  ${name.padEnd(58)} ${shown.padStart(10)}${wanted}\n`);
}

/** Milliseconds of each variant, run one after the other in rounds; a variant that ends in another way than it should stops the bench. */
function interleaved(variants, runs) {
  const times = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round < runs; round += 1) {
    for (const [name, { command, args, env, exits }] of Object.entries(variants)) {
      const before = process.hrtime.bigint();
      const { status, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
      times[name].push(Number(process.hrtime.bigint() - before) / 1e6);
      if (status !== exits)
        throw new Error(`${name}: exit ${status}, expected ${exits}: ${stderr}`);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

function sizes() {
  process.stdout.write('Size\n');
  figure('dist/index.js', statSync(dist('index.js')).size / 1024, 'KiB', 2048);
  for (const name of [
    'index.js',
    'work.js',
    'changed.js',
    'parsers.js',
    'tar.js',
    'core.js',
    'github.js',
  ]) {
    if (name !== 'index.js')
      figure(`dist/${name}, loaded when needed`, statSync(dist(name)).size / 1024, 'KiB');
  }
  for (const machine of ['x64', 'arm64']) {
    const name = `cuda-image-probe-linux-${machine}`;
    figure(name, statSync(dist(join('probe', name))).size / 1024, 'KiB', 160);
  }
}

function starts() {
  process.stdout.write(
    `\nStart (Node ${process.versions.node}, ${RUNS} interleaved runs, medians)\n`,
  );
  const node = (args, exits = 0) => ({
    command: process.execPath,
    args,
    env: { PATH: process.env.PATH },
    exits,
  });
  const times = interleaved(
    {
      bare: node(['-e', '0']),
      help: node([dist('cli.js'), '--help']),
      inputs: node([dist('index.js')], 3),
      post: node([dist('post.js')]),
    },
    RUNS,
  );
  figure('node -e 0', times.bare, 'ms');
  figure('cli.js --help, against it', times.help / times.bare, 'x', 2);
  figure('index.js parsing (missing) inputs, against it', times.inputs / times.bare, 'x', 3.2);
  figure('post.js with nothing to do, against it', times.post / times.bare, 'x');
}

/** Judging recorded facts, as `predict --facts` does, on made-up fleets. */
async function predictions() {
  const { assess, diagnose } = await import(dist('work.js'));
  const images = Array.from({ length: 1000 }, (_, index) => ({
    reference: `registry.example/image:${index}`,
    platform: 'linux/amd64',
    env: {
      CUDA_VERSION: `${11 + (index % 3)}.${index % 9}.0`,
      NVIDIA_REQUIRE_CUDA: `cuda>=${11 + (index % 3)}.${index % 9}`,
    },
    deviceCode: [
      {
        path: '/a.so',
        cubins: [`sm_${[70, 80, 90][index % 3]}`],
        ptx: [{ target: 'compute_90', isa: '8.0' }],
      },
    ],
  }));
  const drivers = ['470.82.01', '525.60.13', '535.104.05', '550.54.15', '570.124.06', '580.65.06'];
  const gpus = ['Tesla T4', 'NVIDIA A100-SXM4-80GB', 'NVIDIA L4', 'NVIDIA H100 80GB HBM3'];
  const hosts = Array.from({ length: 100 }, (_, index) => ({
    platform: 'linux/amd64',
    driver: { version: drivers[index % drivers.length] },
    gpus: [{ index: 0, name: gpus[index % gpus.length] }],
    engine: { name: 'docker', gpuMode: 'legacy' },
  }));
  const facts = images.flatMap((image) =>
    hosts.map((host) => ({ schema: 'cuda-image-check/facts@1', host, image })),
  );
  const counts = { works: 0, fails: 0, unknown: 0 };
  // Time of the processor, which a busy machine does not stretch.
  const timed = (judge) => {
    const before = process.cpuUsage();
    for (const one of facts) counts[judge(one).verdict] += 1;
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  process.stdout.write('\nPrediction, 1,000 images x 100 hosts, processor time\n');
  figure(
    'engine',
    timed((one) => diagnose(one, [])),
    'ms',
    2000,
  );
  process.stdout.write(
    `  (works ${counts.works}, fails ${counts.fails}, unknown ${counts.unknown})\n`,
  );
  figure(
    'engine, recognition and words',
    timed((one) => assess(one, 'prediction')),
    'ms',
  );
}

/** Finding the images of a repository: 5,000 files, of which 600 can name one, and a change that touches nine images in three of them. */
async function discovery() {
  const { askedFor } = await import(dist('changed.js'));
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const env = { PATH: process.env.PATH, HOME: folder };
  const git = (...args) =>
    spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a', ...args], { cwd: folder, env });
  const write = (path, lines) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${lines.join('\n')}\n`);
  };
  const each = (number, lines) => Array.from({ length: number }, (_, at) => lines(at)).flat();
  const deployment = (name, tag) => [
    'apiVersion: apps/v1',
    'kind: Deployment',
    `metadata: {name: d${name}}`,
    'spec:',
    '  template:',
    '    spec:',
    '      containers:',
    ...each(3, (at) => [
      `        - name: c${at}`,
      `          image: ghcr.io/acme/app${at}:${tag}`,
      '          env: [{name: A, value: b}]',
    ]),
  ];
  const shell = {
    run: (program, args, { input, onStdout } = {}) =>
      new Promise((resolve) => {
        const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
        const chunks = [];
        child.stdout.on('data', (chunk) => (onStdout ?? ((one) => chunks.push(one)))(chunk));
        child.stdin.end(input);
        child.on('close', (code) =>
          resolve({
            kind: 'exited',
            code,
            command: program,
            stdout: `${Buffer.concat(chunks)}`,
            stderr: '',
          }),
        );
      }),
  };
  const world = {
    shell,
    files: { readText: (path) => readFile(path, 'utf8').catch(() => undefined) },
    workspace: folder,
    event: async () => undefined,
  };
  const timed = async (base, images) => {
    const times = [];
    for (let round = 0; round < 7; round += 1) {
      const before = process.hrtime.bigint();
      const answer = await askedFor(base, world);
      times.push(Number(process.hrtime.bigint() - before) / 1e6);
      const found = answer.asked.found.changes.length;
      if (found !== images) throw new Error(`${found} images were found, not ${images}`);
    }
    return median(times);
  };
  try {
    git('init', '--quiet');
    for (let at = 0; at < 4400; at += 1)
      write(
        `src/${at % 40}/${at}.py`,
        each(200, () => 'x = 1'),
      );
    for (let at = 0; at < 400; at += 1) write(`deploy/${at}.yaml`, deployment(at, 1));
    for (let at = 0; at < 150; at += 1)
      write(`docker/${at}/Dockerfile`, [
        'ARG V=12.4.1',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the Dockerfile
        'FROM nvidia/cuda:${V}-base AS b',
        ...each(10, () => ['RUN make x \\', '  && make y']),
        'FROM b',
      ]);
    for (let at = 0; at < 50; at += 1)
      write(`.github/workflows/${at}.yml`, [
        'on: push',
        'jobs:',
        ...each(5, (job) => [
          `  j${job}:`,
          '    container: nvidia/cuda:12.4.1-base',
          '    steps:',
          '      - run: |',
          `          docker run --rm img:${job}`,
        ]),
      ]);
    git('add', '--all');
    git('commit', '--quiet', '--message=x');
    for (let at = 0; at < 3; at += 1) write(`deploy/${at}.yaml`, deployment(at, 2));
    process.stdout.write('\nImages that a repository of 5,000 files names (7 runs, medians)\n');
    figure('all 1,850 of them, in 600 files', await timed('', 1850), 'ms', 1500);
    figure('the 9 that a change touches, in 3 files', await timed('HEAD', 9), 'ms', 500);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Highest resident memory of a process in MiB, asked while it runs. */
async function peakMemory(args, env) {
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  let peak = 0;
  const before = process.hrtime.bigint();
  const timer = setInterval(() => {
    try {
      const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      peak = Math.max(peak, Number(kib ?? 0) / 1024);
    } catch {
      // It has ended between two looks.
    }
  }, 10);
  const code = await new Promise((resolve) => child.on('exit', resolve));
  clearInterval(timer);
  return { peak, code, ms: Number(process.hrtime.bigint() - before) / 1e6 };
}

const TEN = Array.from({ length: 10 }, (_, index) => `bench-${index}`);

async function lab() {
  const run = (...args) =>
    spawnSync(process.execPath, [join(root, 'lab', 'start.mjs'), ...args], {
      encoding: 'utf8',
      cwd: root,
    });
  const up = run('up', 'works-one-gpu');
  if (up.status !== 0) {
    process.stdout.write(
      `\nThe lab did not come up, so the figures of a whole check are missing:\n${up.stdout}${up.stderr}`,
    );
    missed += 1;
    return;
  }
  try {
    const told = Object.fromEntries(
      [...run('env', 'works-one-gpu').stdout.matchAll(/^export (\w+)='(.*)'$/gm)].map(
        ([, name, value]) => [name, value],
      ),
    );
    const { IMAGE: image, ...machine } = told;
    const env = { ...machine, HOME: process.env.HOME };
    const docker = (...args) => spawnSync('docker', args, { env, encoding: 'utf8' });
    await againstPull(dist('cli.js'), figure, image, env);
    const probe = dist('probe/cuda-image-probe-linux-x64');
    // The lab's engine has no bridge network, so that it leaves none behind; a container without any network skips work that
    // every engine of a user does. `none` is the cheapest network that does it, and what the check itself uses.
    const byHand = (...network) => [
      'run',
      '--rm',
      ...network,
      '--gpus',
      'all',
      '--volume',
      `${probe}:/cuda-image-probe:ro`,
      '--entrypoint',
      '/cuda-image-probe',
      image,
      '--nonce',
      '0123456789abcdef',
    ];
    const runs = Math.max(7, Math.min(RUNS, 11));
    const probes = Array.from({ length: runs }, () =>
      Number(/"step":"end".*?"ms":([\d.]+)/.exec(docker(...byHand()).stdout)?.[1]),
    );
    const times = interleaved(
      {
        byHand: { command: 'docker', args: byHand('--network', 'none'), env, exits: 0 },
        bare: { command: 'docker', args: byHand(), env, exits: 0 },
        cli: { command: process.execPath, args: [dist('cli.js'), 'check', image], env, exits: 0 },
        action: {
          command: process.execPath,
          args: [dist('index.js')],
          env: { ...env, INPUT_IMAGES: image },
          exits: 0,
        },
      },
      runs,
    );
    process.stdout.write(
      `\nA whole check in the lab (real engine, simulated driver, image present, ${runs} interleaved runs, medians)\n`,
    );
    figure('by hand: docker run --rm --network none --gpus all, probe', times.byHand, 'ms');
    figure('the same without any network, as only the lab has it', times.bare, 'ms');
    figure('check, command line, against it', times.cli / times.byHand, 'x', 1.25);
    figure('check, action, against it', times.action / times.byHand, 'x', 1.25);
    figure('the probe itself', median(probes), 'ms', 30);
    for (const name of TEN) docker('tag', image, name);
    const ten = await peakMemory([dist('cli.js'), 'check', ...TEN, '--json'], env);
    const [one] = TEN;
    const single = await peakMemory([dist('cli.js'), 'check', one, '--json'], env);
    if (ten.code !== 0 || single.code !== 0)
      throw new Error(`ten images: exit ${ten.code}, one: ${single.code}`);
    figure('ten images, against ten times one', ten.ms / (10 * single.ms), 'x');
    figure('ten images, highest memory', ten.peak, 'MiB', 150);
    const left = docker('ps', '--all', '--quiet').stdout.trim();
    if (left !== '') throw new Error(`containers were left behind: ${left}`);
  } finally {
    run('down');
  }
}

sizes();
starts();
await predictions();
await registries(dist('cli.js'), figure);
await discovery();
reader(root, figure);
if (!values['no-lab']) await lab();
process.exitCode = missed > 0 ? 1 : 0;
