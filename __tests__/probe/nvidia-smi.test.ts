import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import { buildSimulated, FOUR_GPUS, fault, ONE_GPU, type Simulated } from './simulated.js';
import { itNeeding, needsProgram } from './tools.js';

const NEEDS = [
  { met: process.arch === 'x64', missing: 'needs an x86-64 machine' },
  needsProgram('x86_64-linux-gnu-gcc', 'apt-get install gcc binutils'),
];

describe('the simulated nvidia-smi', () => {
  let simulated: Simulated;
  beforeAll(() => {
    if (NEEDS.every(({ met }) => met)) simulated = buildSimulated('x86_64');
  }, 120_000);
  afterAll(() => simulated?.[Symbol.dispose]());

  const smi = (conf: string, ...args: string[]): { status: number | null; stdout: string } => {
    const { status, stdout } = spawnSync(join(simulated.libraries, 'nvidia-smi'), args, {
      encoding: 'utf8',
      env: { SIMULATED_NVIDIA_CONF: simulated.describe(conf) },
      timeout: 5000,
    });
    return { status, stdout };
  };

  itNeeding(NEEDS, 'gives the log as XML that a parser reads', () => {
    const { status, stdout } = smi(FOUR_GPUS.replace('NVIDIA L4', 'A & <B>'), '-q', '-x');
    expect(status).toBe(0);
    const { nvidia_smi_log: log } = new XMLParser({
      parseTagValue: false,
      ignoreAttributes: false,
    }).parse(stdout);
    expect(log).toMatchObject({
      driver_version: '570.124.06',
      cuda_version: '12.8',
      attached_gpus: '4',
    });
    expect(log.timestamp).toMatch(
      /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d 20\d\d$/,
    );
    expect(new Date(`${log.timestamp} UTC`).getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(log.gpu).toHaveLength(4);
    expect(log.gpu[0]).toMatchObject({
      '@_id': '00000000:01:00.0',
      product_name: 'A & <B> (simulated)',
      uuid: 'GPU-00000000-1111-2222-3333-444444444444',
      fb_memory_usage: { total: '23034 MiB' },
      mig_mode: { current_mig: 'Disabled' },
    });
  });

  itNeeding(NEEDS, 'answers queries as CSV, with and without header and units', () => {
    const fields = '--query-gpu=index,name,driver_version,compute_cap,memory.total';
    expect(smi(ONE_GPU, fields, '--format=csv,noheader,nounits').stdout).toBe(
      '0, NVIDIA A100-SXM4-80GB (simulated), 535.104.05, 8.0, 81920\n',
    );
    expect(smi(ONE_GPU, fields, '--format=csv').stdout).toBe(
      'index, name, driver_version, compute_cap, memory.total [MiB]\n' +
        '0, NVIDIA A100-SXM4-80GB (simulated), 535.104.05, 8.0, 81920 MiB\n',
    );
    expect(smi(ONE_GPU, '--query-gpu=nonsense', '--format=csv')).toEqual({
      status: 2,
      stdout: 'Field "nonsense" is not a valid field to query.\n\n',
    });
    expect(smi(FOUR_GPUS, '--query-gpu=index', '--format=csv,noheader', '-i', '2').stdout).toBe(
      '2\n',
    );
  });

  itNeeding(NEEDS, 'lists GPUs and draws the table', () => {
    expect(smi(ONE_GPU, '-L').stdout).toBe(
      'GPU 0: NVIDIA A100-SXM4-80GB (simulated) (UUID: GPU-00000000-0000-0000-0000-000000000000)\n',
    );
    const rows = smi(ONE_GPU)
      .stdout.split('\n')
      .filter((row) => /^[|+]/.test(row));
    expect(rows.find((row) => row.includes('Driver Version'))).toMatch(
      /^\| NVIDIA-SMI 535\.104\.05 +Driver Version: 535\.104\.05 +CUDA Version: 12\.2 +\|$/,
    );
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([89]));
  });

  itNeeding(NEEDS, 'fails as the real one does', () => {
    const withCode = (code: number) => smi(ONE_GPU + fault({ call: 'nvmlInit_v2', code }));
    expect(withCode(9)).toEqual({
      status: 9,
      stdout: expect.stringMatching(
        /^NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver\./,
      ),
    });
    expect(withCode(18)).toEqual({
      status: 18,
      stdout:
        'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.104\n',
    });
    expect(withCode(999)).toEqual({
      status: 255,
      stdout: 'Failed to initialize NVML: Unknown Error\n',
    });
    expect(smi('driver = 1\ncuda = 12.0\n')).toEqual({
      status: 6,
      stdout: 'No devices were found\n',
    });
  });

  itNeeding(NEEDS, 'refuses a description that it does not understand', () => {
    for (const [conf, problem] of [
      ['', 'missing: driver or cuda'],
      ['driver = 1\ncuda = twelve\n', 'line 2: unknown key or wrong value: cuda'],
      [`${ONE_GPU}colour = red\n`, 'line 7: unknown key or wrong value: colour'],
      [
        `${ONE_GPU}[fault]\ncall = cuInit\ncodes = 3\n`,
        'line 9: unknown key or wrong value: codes',
      ],
      [`${ONE_GPU}[fault]\ncode = 3\n`, 'a [fault] lacks: call'],
      [`${ONE_GPU}[gpus]\n`, 'unknown section'],
      [`${ONE_GPU}[gpu]\nname = x\n`, 'a [gpu] lacks: name or compute-capability'],
    ] as const) {
      const { status, stdout } = smi(conf);
      expect(stdout).toContain(problem);
      expect(status).toBe(255);
    }
  });
});
