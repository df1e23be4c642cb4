import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ajvDraft04 from 'ajv-draft-04';
import fc from 'fast-check';
import { sarif } from '../../../src/report/formats/sarif.js';
import { driverTooOld, EXAMPLES, hugeReport } from '../examples.js';
import { hostileText, withTexts } from '../hostile.js';
import { report } from '../reports.js';

/** The schema of the OASIS committee (errata 1 changes no rule of it), as this package ships it. */
const schemaPath = join(
  process.cwd(),
  'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
);
const Ajv = ajvDraft04.default;
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  validateFormats: false,
  unicodeRegExp: false,
});
const valid = ajv.compile(JSON.parse(readFileSync(schemaPath, 'utf8')));

const expectValid = (text: string) => {
  const log = JSON.parse(text);
  valid(log);
  expect(valid.errors ?? []).toEqual([]);
  return log;
};

describe('SARIF', () => {
  it('is held to the official schema', () => {
    expect(valid({ version: '2.1.0', runs: [{}] })).toBe(false);
  });

  it.each(Object.entries(EXAMPLES))('%s is valid, a result a finding', (_, make) => {
    const one = make();
    const [run] = expectValid(sarif(one)).runs;
    expect(run.results).toHaveLength(one.images.flatMap(({ findings }) => findings).length);
    for (const { ruleId, ruleIndex } of run.results)
      expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
  });

  it('is valid whatever comes from outside, and no link is written by it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(EXAMPLES)),
        hostileText().map((text) => `${text}é`),
        (make, text) => {
          const log = expectValid(sarif(withTexts(make(), text, text)));
          for (const { message } of log.runs[0].results) {
            expect(message.text).not.toContain('](');
            expect(message.text.replace(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('suppresses what is waived, and notes waivers that did nothing', () => {
    const [run] = expectValid(sarif(EXAMPLES['waived']?.() ?? report([]))).runs;
    expect(run.results).toMatchObject([
      {
        ruleId: 'driver-too-old',
        level: 'error',
        suppressions: [
          {
            kind: 'external',
            status: 'accepted',
            justification: expect.stringMatching(/^waived until 2027-01-31 .*: The A100 hosts/),
          },
        ],
      },
    ]);
    const notes = run.invocations[0].toolExecutionNotifications;
    expect(notes.map(({ level }: { level: string }) => level)).toEqual(['note', 'note']);
    expect(notes[0].locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: '.github/gpu-waivers.yml' },
      region: { startLine: 7 },
    });
    const [bare] = expectValid(sarif(report([driverTooOld()]))).runs[0].results;
    expect(bare.suppressions).toBeUndefined();
  });

  it('is on the line that names the image where that is known', () => {
    const source = {
      file: 'deploy/my images/Dockerfile',
      line: 3,
      column: 6,
      endLine: 3,
      endColumn: 38,
      kind: 'dockerfile',
    };
    const [result] = expectValid(sarif(report([{ ...driverTooOld(), source }]))).runs[0].results;
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'deploy/my%20images/Dockerfile', uriBaseId: '%SRCROOT%' },
      region: { startLine: 3, startColumn: 6, endLine: 3, endColumn: 38 },
    });
    const [bare] = JSON.parse(sarif(report([driverTooOld()]))).runs[0].results;
    expect(bare.locations).toEqual([
      {
        logicalLocations: [
          { fullyQualifiedName: 'nvcr.io/nvidia/pytorch:25.09-py3', kind: 'resource' },
        ],
      },
    ]);
  });

  it('keeps the fingerprint when words and numbers change', () => {
    const print = (text: string) => JSON.parse(text).runs[0].results[0].partialFingerprints;
    const image = driverTooOld();
    const later = {
      ...image,
      findings: image.findings.map((one) => ({ ...one, title: 'other', why: 'words' })),
    };
    expect(print(sarif(report([later])))).toEqual(print(sarif(report([image]))));
    expect(print(sarif(report([driverTooOld('other/image:1')])))).not.toEqual(
      print(sarif(report([image]))),
    );
  });

  it('tells of an image about which nothing could be said', () => {
    const unknown = EXAMPLES['not-known']?.() ?? report([]);
    const [run] = expectValid(sarif(unknown)).runs;
    expect(run.invocations[0].toolExecutionNotifications[0].message.text).toMatch(
      /^Could not tell whether .* Not known: Driver there\?$/,
    );
  });

  it('of 300 images is valid', () => {
    expect(expectValid(sarif(hugeReport())).runs[0].results).toHaveLength(3000);
  });
});
