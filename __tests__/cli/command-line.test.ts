import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import { recogniseFacts } from '../../src/recognise/recognise.js';
import type { FakeImage } from '../fakes/docker.js';
import { probeOutput } from '../fakes/world.js';
import { call, FILES } from './call.js';

describe('help and version', () => {
  it.each([['--help'], ['-h'], ['help'], ['check', '--help']])(
    '%s prints the help',
    async (...args) => {
      const { code, stdout } = await call(args);
      expect(code).toBe(0);
      expect(stdout).toContain('Exit codes:');
    },
  );

  it('no argument is wrong use', async () => {
    expect(await call([])).toMatchObject({ code: 3, stdout: '' });
  });

  it('--version is that of the package', async () => {
    expect(await call(['--version'])).toMatchObject({ code: 0, stdout: '1.2.3\n' });
  });
});

describe('wrong use', () => {
  it.each([
    [['chekc', 'a'], /there is no such command.*check, scan, predict, fleet, explain/],
    [['check'], /images.*there is no image/],
    [['check', '--frobnicate', 'a'], /--frobnicate.*takes no such option/],
    [['check', '-v'], /-v.*takes no such option/],
    [['check', '--', '-v'], /begins with "-"/],
    [['check', 'a', '--timeout'], /--timeout.*needs a value/],
    [['check', 'UPPER', '--engine', 'x'], /UPPER.*\n.*engine/],
    [['check', 'a', '--annotations', 'true'], /takes no such option/],
    [['check', 'a', '--driver', '535'], /takes no such option/],
    [['scan'], /images.*there is no image/],
    [['scan', 'a', '--gpus', 'all'], /takes no such option/],
    [['scan', 'a', '--driver', 'new', '--gpu', 'Foo 9'], /--driver.*\n.*Foo 9.*no table/],
    [['scan', 'a', '--compute-capability', '80'], /--compute-capability.*"80"/],
    [['predict'], /there is no image/],
    [['predict', '--facts', 'works.json', '--fail-on', 'x'], /fail-on/],
    [['explain', 'a', 'b'], /several files/],
    [['explain', 'none.txt'], /cannot be read/],
    [['explain', 'log.txt', '--facts', 'none.json'], /none\.json/],
    [['check', 'a\u001b[2Jb'], /a␛|ASCII/],
  ])('%j', async (args, text) => {
    const { code, stdout, stderr, shell } = await call(args);
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(text);
    expect(stderr).not.toContain('\u001b');
    expect(shell.calls).toEqual([]);
  });
});

describe('--container-options', () => {
  it('takes the next word, which begins with a hyphen', async () => {
    const args = ['check', 'UPPER', '--container-options', '--ulimit memlock=-1', '--engine', 'x'];
    const { stderr } = await call(args);
    expect(stderr).toMatch(/UPPER.*\n.*engine/);
    expect(stderr).not.toContain('container-options');
  });

  it('without a value is told so', async () => {
    expect((await call(['check', 'a', '--container-options'])).stderr).toMatch(/needs a value/);
  });
});

describe('predict', () => {
  it.each([
    [['works.json'], 0, ['works']],
    [['fails.json'], 1, ['fails']],
    [['unknown.json'], 2, ['unknown']],
    [['works.json', 'fails.json', 'unknown.json'], 1, ['works', 'fails', 'unknown']],
    [['unknown.json', 'works.json'], 2, ['unknown', 'works']],
  ])('%j', async (files, exitCode, verdicts) => {
    const args = files.flatMap((file) => ['--facts', file]);
    const { code, stdout, stderr } = await call(['predict', ...args, '--json']);
    expect(code).toBe(exitCode);
    expect(stderr).toBe('');
    const { images, schema } = JSON.parse(stdout);
    expect(schema).toBe('cuda-image-check/report@1');
    expect(images.map((image: { verdict: string }) => image.verdict)).toEqual(verdicts);
    expect(images.every((image: { basis: string }) => image.basis === 'prediction')).toBe(true);
  });

  it('takes several files after one --facts', async () => {
    const { stdout } = await call(['predict', '--facts', 'fails.json', 'works.json', '--json']);
    expect(
      JSON.parse(stdout).images.map((image: { reference: string }) => image.reference),
    ).toEqual(['fails', 'works']);
  });

  it('exits 0 for a verdict that fail-on does not name', async () => {
    expect((await call(['predict', '--facts', 'fails.json', '--fail-on', 'never'])).code).toBe(0);
    expect((await call(['predict', '--facts', 'unknown.json', '--fail-on=fails'])).code).toBe(0);
  });

  it('does not lose the good files for a bad one', async () => {
    const { code, stdout, stderr } = await call([
      'predict',
      '--facts',
      'works.json',
      '--facts',
      'bad.json',
      '--facts',
      'gone.json',
      '--json',
    ]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/bad\.json/);
    expect(stderr).toMatch(/gone\.json/);
    const report = JSON.parse(stdout);
    expect(report.passed).toBe(false);
    expect(report.images).toHaveLength(1);
  });

  it('writes the same document to a file, and a page for people beside it', async () => {
    const { files, stdout } = await call([
      'predict',
      '--facts',
      'fails.json',
      '--json=out/report.json',
    ]);
    const [path = ''] = [...files.contents.keys()].filter((name) => name.endsWith('report.json'));
    expect(JSON.parse(String(files.contents.get(path))).images).toHaveLength(1);
    expect(stdout).toContain('fails');
    expect(stdout).not.toContain('"schema"');
    expect(stdout).not.toContain('\u001b');
  });

  it('is coloured on a terminal alone', async () => {
    expect(
      (await call(['predict', '--facts', 'fails.json'], { isTerminal: true })).stdout,
    ).toContain('\u001b[');
  });

  it('reads its own report as facts', async () => {
    const { files } = await call(['predict', '--facts', 'works.json', '--json=report.json']);
    const [path = ''] = [...files.contents.keys()].filter((name) => name.endsWith('report.json'));
    expect(String(files.contents.get(path))).toContain('cuda-image-check/facts@1');
  });
});

describe('explain', () => {
  it('reads a file, or standard input', async () => {
    for (const args of [['log.txt'], ['-'], []]) {
      const { code, stdout } = await call(['explain', ...args, '--json'], {
        stdin: FILES['log.txt'],
      });
      expect(code).toBe(0);
      const explanation = JSON.parse(stdout);
      expect(explanation.schema).toBe('cuda-image-check/explanation@1');
      expect(explanation.findings[0].id).toBe('container-toolkit-missing');
    }
  });

  it('exits 0 for a text that nothing recognises', async () => {
    const { code, stdout } = await call(['explain', '--json'], { stdin: 'all is well\n' });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).findings.map(({ id }: { id: string }) => id)).toEqual([
      'unrecognised',
    ]);
  });

  it('prints a page for people', async () => {
    const { stdout } = await call(['explain', 'log.txt', '--facts', 'works.json']);
    expect(stdout).toContain('container-toolkit-missing');
  });
});

describe('check', () => {
  const images = {
    'x:1': { run: ({ nonce }: { nonce: string }) => ({ stdout: probeOutput(nonce) }) },
  };

  it('prints the document and nothing else with --json', async () => {
    const { code, stdout, stderr, docker } = await call(['check', 'x:1', '--json'], { images });
    expect(code).toBe(2);
    expect(JSON.parse(stdout).images[0].basis).toBe('probe');
    expect(stderr).toContain('starting the probe');
    expect(docker.containers.size).toBe(0);
  });

  it('writes every format, of a prediction too', async () => {
    const names = ['sarif', 'junit', 'html', 'markdown'];
    const { code, files } = await call([
      'predict',
      '--facts',
      'fails.json',
      ...names.map((name) => `--${name}=/out/report.${name}`),
    ]);
    expect(code).toBe(1);
    const starts = names.map((name) => `${files.contents.get(`/out/report.${name}`)}`.slice(0, 4));
    expect(starts).toEqual(['{\n  ', '<?xm', '<!do', '## ❌']);
  });

  it('refuses a place that cannot be written before anything runs', async () => {
    const { code, stderr, shell } = await call(['check', 'x:1', '--json=/ro/r.json'], {
      images,
      readOnly: ['/ro'],
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/\/ro\/r\.json.*EROFS/);
    expect(shell.calls).toEqual([]);
  });
});

describe('scan', () => {
  const walk = { step: 'files', files: 3, folders: 1, complete: true };
  const image = (...documents: object[]): FakeImage => ({
    env: ['CUDA_VERSION=12.8.1'],
    run: ({ nonce }) => ({
      stdout: probeOutput(
        nonce,
        {
          step: 'libcuda',
          origin: 'absent',
          error: 'libcuda.so.1: cannot open shared object file',
        },
        { step: 'nvml', error: 'libnvidia-ml.so.1: cannot open shared object file' },
        ...documents,
        walk,
      ),
    }),
  });
  const code = { step: 'code', path: '/app/libx.so', cubins: ['sm_80'] };
  const cpu = { step: 'package', name: 'torch', version: '2.9.0+cpu', cuda: null };
  const images = { 'x:1': image(code), 'cpu:1': image(cpu) };

  const scan = async (...args: string[]) => {
    const { code: exit, stdout, ...rest } = await call(['scan', ...args, '--json'], { images });
    const [first] = JSON.parse(stdout).images;
    return { exit, report: first, ...rest };
  };

  it('reads the files in a container without GPUs, and knows nothing of a runner', async () => {
    const { exit, report, shell, stderr } = await scan('x:1');
    expect(exit).toBe(2);
    expect(report).toMatchObject({
      basis: 'scan',
      verdict: 'unknown',
      primary: null,
      findings: [],
      facts: {
        image: {
          deviceCode: [{ path: '/app/libx.so', cubins: ['sm_80'] }],
          files: { complete: true },
        },
        probe: { requestedGpus: 0 },
      },
    });
    expect(report.facts.host).toBeUndefined();
    expect(report.facts.failure).toBeUndefined();
    expect(stderr).toContain('reading its files');
    const created = shell.calls.find((line) => line.startsWith('docker create'));
    expect(created).not.toContain('--gpus');
    expect(created).toContain('--env=NVIDIA_VISIBLE_DEVICES=');
  });

  it.each([
    [['--driver', '570.124.06', '--gpu', 'NVIDIA A100-SXM4-80GB'], 0, 'works', null],
    [['--driver', '470.82.01', '--gpu', 'A100'], 1, 'fails', 'driver-too-old'],
    [['--driver', '570.124.06', '--gpu', 'H100'], 1, 'fails', 'no-kernel-for-gpu'],
    [['--driver', '570.124.06', '--compute-capability', '9.0'], 1, 'fails', 'no-kernel-for-gpu'],
    [['--gpu', 'H100'], 1, 'fails', 'no-kernel-for-gpu'],
  ])('judges against %j', async (args, exit, verdict, primary) => {
    const scanned = await scan('x:1', ...args);
    expect(scanned.exit).toBe(exit);
    expect(scanned.report).toMatchObject({ basis: 'scan', verdict, primary });
  });

  it('tells a failure that no runner can mend without one', async () => {
    const { exit, report } = await scan('cpu:1');
    expect(exit).toBe(1);
    expect(report).toMatchObject({ verdict: 'fails', primary: 'framework-cpu-only' });
  });

  it('is judged the same again from its own report', async () => {
    for (const args of [['x:1'], ['x:1', '--driver', '570.124.06', '--gpu', 'H100'], ['cpu:1']]) {
      const { report } = await scan(...args);
      const again = diagnose(report.facts, recogniseFacts(report.facts));
      expect(again).toMatchObject({ verdict: report.verdict, primary: report.primary });
      expect(again.unchecked).toEqual(report.unchecked);
    }
  });

  it('prints a page that says what it is', async () => {
    const { stdout } = await call(['scan', 'x:1'], { images });
    expect(stdout).toContain("scan: the image's files were read; nothing ran on a GPU");
    expect(stdout).not.toContain('libcuda');
  });
});
