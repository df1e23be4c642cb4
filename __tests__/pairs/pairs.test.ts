import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { assess } from '../../src/assess.js';
import { parseFacts } from '../../src/contract/facts.js';
import { REPORT_SCHEMA } from '../../src/contract/report.js';
import { CASE_PAIRS } from './cases.js';
import { CODE_PAIRS } from './code.js';
import { CONTAINER_PAIRS } from './containers.js';
import { DRIVER_PAIRS } from './drivers.js';
import { EDGES_CODE } from './edges-code.js';
import { EDGES_COMPAT } from './edges-compat.js';
import { EDGES_CONTAINER } from './edges-container.js';
import { EDGES_DRIVERS } from './edges-drivers.js';
import { EDGES_FAILURE } from './edges-failure.js';
import { EDGES_FORWARD } from './edges-forward.js';
import { EDGES_FRAMEWORKS } from './edges-frameworks.js';
import { EDGES_GPUS } from './edges-gpus.js';
import { EDGES_MORE } from './edges-more.js';
import { EDGES_PROBE } from './edges-probe.js';
import { EDGES_REQUIREMENTS } from './edges-requirements.js';
import { FORWARD_PAIRS } from './forward.js';
import { REQUIREMENT_PAIRS } from './requirements.js';
import { RUNNER_PAIRS } from './runners.js';
import { SEEN_PAIRS } from './seen.js';

const TOPICS = {
  'drivers and toolkits': DRIVER_PAIRS,
  'GPUs, kernel modules and Windows drivers': RUNNER_PAIRS,
  'forward compatibility': FORWARD_PAIRS,
  'device code': CODE_PAIRS,
  requirements: REQUIREMENT_PAIRS,
  'containers and frameworks': CONTAINER_PAIRS,
  'what was seen, and what is unknown': SEEN_PAIRS,
  'public reports': CASE_PAIRS,
  'edges: GPUs and code': EDGES_CODE,
  'edges: which libcuda wins': EDGES_COMPAT,
  'edges: capabilities, platforms, C libraries, probes': EDGES_CONTAINER,
  'edges: both sides of each minimum': EDGES_DRIVERS,
  'edges: failed starts': EDGES_FAILURE,
  'edges: cells and notes of the packages': EDGES_FORWARD,
  'edges: official builds': EDGES_FRAMEWORKS,
  'edges: branches and GPUs': EDGES_GPUS,
  'edges: cuDNN, Windows, Jetson, aarch64': EDGES_MORE,
  'edges: what the probe saw': EDGES_PROBE,
  'edges: clauses': EDGES_REQUIREMENTS,
};
const ALL = Object.values(TOPICS).flat();

const validator = (name: string) =>
  new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(`schema/${name}`, 'utf8')));
const validFacts = validator('facts@1.json');
const validReport = validator('report@1.json');

describe('the table of pairs', () => {
  it('has at least 150 pairs, each with a public source, and none twice', () => {
    expect(ALL.length).toBeGreaterThanOrEqual(150);
    for (const { source } of ALL) expect(source).toMatch(/^https:\/\/[a-z.]+\.(com|org)\//);
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  });
});

describe.each(Object.entries(TOPICS))('%s', (_topic, pairs) => {
  it.each(pairs.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const read = parseFacts(JSON.stringify(one.facts), 'pair.json');
    expect(read).toEqual({ ok: true, facts: [one.facts] });
    expect([validFacts(one.facts), validFacts.errors]).toEqual([true, null]);

    const report = assess(one.facts, 'prediction');
    expect([report.verdict, report.primary]).toEqual([one.verdict, one.primary]);

    const whole = { schema: REPORT_SCHEMA, passed: report.verdict === 'works', images: [report] };
    const written: unknown = JSON.parse(JSON.stringify(whole));
    expect([validReport(written), validReport.errors]).toEqual([true, null]);
    expect(parseFacts(JSON.stringify(whole), 'report.json')).toEqual({
      ok: true,
      facts: [one.facts],
    });
  });
});
