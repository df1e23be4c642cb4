import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import { createTables } from '../../src/core/tables.js';
import {
  createKnowledge,
  type Knowledge,
  type Row,
  type Table,
} from '../../src/knowledge/index.js';
import { facts, host } from '../core/pair.js';

const knowledge = createKnowledge();
const tables = createTables(knowledge);

const all = (given: Knowledge): [string, Table<Row>][] =>
  Object.entries(given).flatMap(([name, value]): [string, Table<Row>][] =>
    typeof value === 'object' ? [[name, value]] : [],
  );

interface Addition {
  readonly file: string;
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
  readonly sources: readonly string[];
}

describe('what was added since the research', () => {
  const { additions } = JSON.parse(readFileSync('scripts/knowledge-additions.json', 'utf8')) as {
    additions: readonly Addition[];
  };

  it.each(additions.map((one) => [JSON.stringify(one.row).slice(0, 60), one] as const))(
    '%s… is in its table, so that deriving it anew loses nothing',
    (_name, { file, table, row, sources }) => {
      const tables = JSON.parse(readFileSync(`src/knowledge/${file}.json`, 'utf8'));
      const rows: readonly Row[] = tables[table];
      const s = sources.map((source) => tables.sources.indexOf(source));
      expect(s).not.toContain(-1);
      expect(rows).toContainEqual({ ...row, s: expect.arrayContaining(s) });
    },
  );
});

describe('the tables', () => {
  it.each(all(knowledge))(
    '%s: each row has a public source, the whole a date',
    (_name, { rows, sources, asOf }) => {
      expect(rows.length).toBeGreaterThan(0);
      expect(asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
      for (const row of rows) {
        expect(row.s.length).toBeGreaterThan(0);
        for (const number of row.s) expect(sources[number]).toMatch(/\S{8}/);
      }
    },
  );
  it('know the newest toolkit and driver branch of their day', () => {
    expect(knowledge.toolkits.rows.at(-1)).toMatchObject({
      version: '13.4.2',
      label: 'CUDA 13.4 Update 1',
      branch: 615,
    });
    expect(knowledge.toolkits.rows.some((row) => row.version === '13.4.1')).toBe(true);
    expect(tables.newestBranch()).toBe(615);
    expect(tables.newestCuda().raw).toBe('13.4');
  });
  it('agree with themselves: a branch reads the PTX of the CUDA version that it reports', () => {
    for (const { branch, cuda, sure } of knowledge.drivers.rows) {
      const row = knowledge.ptx.rows.find((one) => one.cuda === cuda);
      expect({ branch, found: row !== undefined }).toEqual({ branch, found: true });
      if (sure) expect(row?.branch).toBeLessThanOrEqual(branch);
    }
  });
  it('hold no machine path and no name that only this project would know', () => {
    expect(JSON.stringify(all(knowledge))).not.toMatch(/\/work\/|\/tmp\//);
  });
});

describe('what is newer than the tables', () => {
  const judge = (driver: string, cuda: string) => {
    const { verdict, primary, findings } = diagnose(facts(host(driver), { cuda }), []);
    return [verdict, primary, findings[0]?.data.beyondTables];
  };
  it('is judged by rule and marked', () => {
    expect(judge('615.71.09', '13.7.1')).toEqual(['works', 'minor-version-compatibility', true]);
    expect(judge('640.10', '13.4.1')).toEqual(['works', null, undefined]);
    expect(judge('640.10', '14.1')).toEqual(['works', null, undefined]);
  });
  it('is told where only a newer table could decide', () => {
    const { unchecked } = diagnose(facts(host('640.10'), { cuda: '14.1' }), []);
    expect(unchecked).toContainEqual({
      what: 'driver against the CUDA version',
      why: 'the driver is newer than the tables, and so is the CUDA version',
    });
  });
});

describe("what the article that this project grew from says, against NVIDIA's tables", () => {
  it.each([
    ['525.147.05', '12.1.0'],
    ['525.147.05', '12.9.1'],
    ['525.60.13', '12.1.1'],
  ])('CUDA 12 runs on driver %s: %s', (driver, cuda) => {
    expect(diagnose(facts(host(driver), { cuda }), [])).toMatchObject({
      verdict: 'works',
      primary: 'minor-version-compatibility',
    });
  });
  it('PyTorch 2.9 comes as cu126, cu128, cu129 and cu130', () => {
    expect(
      tables
        .torchBuilds('2.9.0')
        .map((build) => build.variant)
        .sort(),
    ).toEqual(['cu126', 'cu128', 'cu129', 'cu130']);
  });
  it('CUDA 12.1 still makes code for Maxwell to Turing, 11.8 already for Ada and Hopper', () => {
    const makesCodeFor = (cuda: string) => (cc: string) => {
      const row = knowledge.architectures.rows.find((one) => one.cc === cc);
      const number = (text: string) =>
        Number(text.split('.')[0]) * 100 + Number(text.split('.')[1]);
      return (
        row !== undefined &&
        number(row.firstToolkit) <= number(cuda) &&
        (row.lastToolkit === null || number(cuda) <= number(row.lastToolkit))
      );
    };
    expect(['5.0', '5.2', '6.0', '6.1', '7.0', '7.5'].every(makesCodeFor('12.1'))).toBe(true);
    expect(['8.9', '9.0'].every(makesCodeFor('11.8'))).toBe(true);
    expect(['10.0', '12.0'].some(makesCodeFor('12.6'))).toBe(false);
  });
});

describe('published tags', () => {
  it('are those of one flavour, newest CUDA first', () => {
    const tags = tables.tagsLike('nvidia/cuda', 'base-ubuntu22.04');
    expect(tags.length).toBeGreaterThan(3);
    expect(tags.every((row) => row.tag.endsWith('-base-ubuntu22.04'))).toBe(true);
    const minors = tags.map((row) => row.cuda.major * 100 + row.cuda.minor);
    expect(minors).toEqual([...minors].sort((a, b) => b - a));
    expect(tables.tagsLike('no/such', 'base')).toEqual([]);
  });
  it('of an image itself are no fix for it', () => {
    const reference = 'docker.io/nvidia/cuda:13.0.1-base-ubuntu24.04@sha256:0';
    const [finding] = diagnose(
      facts(host('535.104.05'), { reference, cuda: '13.0.1' }),
      [],
    ).findings;
    expect(finding?.data.variants).toHaveLength(3);
    const served = diagnose(
      facts(host('580.95.05', ['NVIDIA H100']), {
        reference,
        cuda: '13.0.1',
        deviceCode: [{ cubins: ['sm_80'] }],
      }),
      [],
    );
    expect(served.findings[0]?.data.variants).not.toContain('nvidia/cuda:13.0.1-base-ubuntu24.04');
  });
});
