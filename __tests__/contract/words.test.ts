import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CATALOGUE, FINDING_IDS, type FindingId } from '../../src/core/catalogue.js';
import type { FindingData } from '../../src/core/finding.js';
import { WORDS } from '../../src/report/messages/index.js';
import type { Message } from '../../src/report/words.js';

type Complete = { [K in keyof FindingData]-?: NonNullable<FindingData[K]> };

const FULL: Complete = {
  driver: '535.104.05',
  driverCuda: '12.2',
  cuda: '13.0',
  needsDriver: '590.44.01',
  cudaNeedsDriver: '525.60.13',
  needsDriverMinor: '580.65.06',
  newestCuda: '12.9',
  gpus: ['0: NVIDIA A100-SXM4-80GB (8.0)', '1: Tesla T4 (7.5)'],
  computeCapability: '8.0',
  targets: ['sm_90', 'compute_90'],
  ptxIsa: '9.0',
  driverPtxIsa: '8.2',
  library: 'libcudnn.so.9',
  path: '/usr/local/cuda/lib64/libcudnn.so.9',
  files: ['/opt/lib/libkernels.so'],
  variable: 'NVIDIA_REQUIRE_CUDA',
  clause: 'cuda>=13.0',
  framework: 'torch',
  frameworkVersion: '2.9.0',
  frameworkCuda: '12.8',
  compatDriver: '580.65.06',
  platform: 'linux/arm64',
  hostPlatform: 'linux/amd64',
  image: 'example.com/image:tag',
  registry: 'example.com',
  code: 46,
  expected: 8,
  seen: 7,
  bytes: 67108864,
  limit: 'memlock',
  toolkit: '1.17.8',
  engine: 'docker',
  device: 'nvidia.com/gpu=0',
  step: 'init',
  text: 'first line\nthe last words of another tool',
  variants: ['pytorch/pytorch:2.9.0-cuda12.6-cudnn9-runtime'],
  notes: ['A note of the rule.'],
  newestCudaFull: '12.2',
  compatPackage: 'cuda-compat-13-0',
  compatBranches: ['535', '570'],
  architecture: 'Ampere',
  firstDriver: '450',
  lastDriver: '580',
  firstCuda: '11.0',
  lastCuda: '12.9',
  owner: 'torch 2.9.0',
  derivedFrom: 'official builds of PyTorch 2.9, cu128',
  overruledBy: 'a framework computed on the GPU',
  enforcement: 'enforced',
  enforcementWhy: 'the container toolkit injects GPUs in legacy mode',
  invalid: false,
  beyondTables: true,
  hostServes: true,
  driverOf: 'jetson',
  noDriver: false,
  nothingInjected: true,
  kernelModule: 'proprietary',
};

/** Where nothing was seen that speaks against the tables. */
const { overruledBy: _seen, ...TABLES } = FULL;

function render(id: FindingId, data: FindingData): Message {
  const severity = CATALOGUE[id].verdict === 'works' ? 'notice' : 'error';
  return WORDS[id]({ id, severity, evidence: [], data });
}

function faults(id: FindingId, message: Message): string[] {
  const found: string[] = [];
  const { title, why, fixes } = message;
  const all = [title, why, ...fixes];
  if (title.length > 120) found.push(`title of ${title.length} characters`);
  if (title.length < 15) found.push('title says nothing');
  if (/[.]$/.test(title)) found.push('title ends in a full stop');
  if (/\n/.test([title, ...fixes].join(''))) found.push('a line break');
  if (!/[.!?:)…]$/.test(why.trimEnd())) found.push('why is no sentence');
  if (all.some((text) => /\bundefined\b|\[object|NaN|(?<!\/dev\/)\bnull\b/.test(text)))
    found.push('undefined');
  if (all.some((text) => / {2}|^\s|\s$/.test(text))) found.push('spaces');
  if (all.some((text) => / [,;:]( |$)| \.$| \(\)|[^.]\.\.(?![./])/.test(text)))
    found.push('a gap where a value is missing');
  const article = /^(?:the|an?|this|it|its|image|driver|no|some|none|there|here)\b/;
  if (article.test(title) || article.test(why)) found.push('a sentence starts small');
  if (fixes.length === 0) found.push('no fix');
  if (new Set(fixes).size !== fixes.length) found.push('a fix twice');
  return found.map((fault) => `${id}: ${fault}: ${JSON.stringify(message)}`);
}

describe('the words of a finding', () => {
  it.each(FINDING_IDS)('%s reads well with nothing known', (id) => {
    expect(faults(id, render(id, {}))).toEqual([]);
  });

  it.each(FINDING_IDS)('%s reads well with everything known', (id) => {
    expect(faults(id, render(id, FULL))).toEqual([]);
    expect(faults(id, render(id, TABLES))).toEqual([]);
    expect(faults(id, render(id, { ...FULL, gpus: FULL.gpus.slice(0, 1) }))).toEqual([]);
  });

  it.each(FINDING_IDS)('%s reads well whichever fields are known', (id) => {
    const anyFields = fc.record(
      Object.fromEntries(
        Object.entries(FULL).map(([key, value]) => [key, fc.constant(value)]),
      ) as Record<keyof Complete, fc.Arbitrary<never>>,
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyFields, (data) => {
        expect(faults(id, render(id, data))).toEqual([]);
      }),
      { numRuns: 60, seed: 20261123 },
    );
  });

  it.each(FINDING_IDS)('%s stays short whatever a log put into it', (id) => {
    const long = 'word '.repeat(2000).trim();
    const data = Object.fromEntries(
      Object.entries(FULL).map(([key, value]) => [
        key,
        Array.isArray(value) ? Array(100).fill(long) : typeof value === 'string' ? long : value,
      ]),
    ) as unknown as FindingData;
    const message = render(id, data);
    expect(message.title.length).toBeLessThanOrEqual(120);
    expect(message.title).not.toContain('\n');
  });

  it('names both numbers where both are known', () => {
    const title = (id: FindingId, data: FindingData) => render(id, data).title;
    expect(title('driver-too-old', { ...TABLES, needsDriverMinor: '580' })).toBe(
      'Driver 535.104.05 is too old for CUDA 13.0, which needs 580 or newer',
    );
    expect(title('ptx-too-new', { ...TABLES, gpus: ['0: NVIDIA H100 (9.0)'] })).toBe(
      'PTX ISA 9.0 in the image is newer than driver 535.104.05 can compile, which knows up to 8.2',
    );
    expect(title('requirement-unmet', TABLES)).toBe(
      'The image requires cuda>=13.0, the runner has driver 535.104.05 (CUDA 12.2)',
    );
    expect(title('gpu-partly-covered', TABLES)).toBe(
      'The image works on 7 of the 8 GPUs of this runner',
    );
    expect(title('framework-cuda-mismatch', TABLES)).toBe(
      'PyTorch 2.9.0 was built for CUDA 12.8, the image has CUDA 13.0',
    );
  });

  it('gives a command for the driver branch that is needed', () => {
    const fixes = (needsDriverMinor: string) =>
      render('driver-too-old', { needsDriverMinor }).fixes.join('\n');
    expect(fixes('525.60.13')).toContain('install -y cuda-drivers-525 && sudo reboot');
    expect(fixes('590.44.01')).toContain('install -y nvidia-driver-pinning-590 cuda-drivers');
  });

  it('tells a "no" of the tables that was seen to be wrong as a note', () => {
    const message = render('driver-too-old', { ...TABLES, overruledBy: 'the runtime accepted it' });
    expect(message.title).toBe(
      'By the tables, not here: Driver 535.104.05 is too old for CUDA 13.0, which needs 580.65.06 or newer',
    );
    expect(message.why).toMatch(/^It was seen to work: the runtime accepted it\./);
    expect(message.fixes[0]).toBe('Nothing has to be done');
  });
});
