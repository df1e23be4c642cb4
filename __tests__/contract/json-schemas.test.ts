import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { z } from 'zod';
import { parseFacts } from '../../src/contract/facts.js';
import { jsonSchemas } from '../../src/contract/json-schemas.js';
import {
  EXPLANATION_SCHEMA,
  type explanationSchema,
  REPORT_SCHEMA,
  type reportSchema,
} from '../../src/contract/report.js';
import { FACTS_SCHEMA } from '../../src/core/facts.js';
import * as written from '../../src/report/report.js';
import type { Extends, Paths, Writable } from './agreement.js';

type ReportRead = z.infer<typeof reportSchema>;
type ExplanationRead = z.infer<typeof explanationSchema>;
/** Do not compile when what is written is not what the schema promises, field for field. */
const agreement: [
  Extends<Writable<written.Report>, ReportRead>,
  Extends<Writable<written.Explanation>, ExplanationRead>,
  Extends<Paths<written.Report>, Paths<ReportRead>>,
  Extends<Paths<ReportRead>, Paths<written.Report>>,
] = [true, true, true, true];

const schemas = jsonSchemas();
const validator = (name: string) => new Ajv2020({ strict: false }).compile(schemas[name] as object);

describe('the published JSON Schemas', () => {
  it.each(Object.keys(schemas))('schema/%s is what the code derives', (name) => {
    const published = readFileSync(`schema/${name}`, 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(schemas[name])));
  });

  it('name the documents that the report writes', () => {
    expect([REPORT_SCHEMA, EXPLANATION_SCHEMA]).toEqual([
      written.REPORT_SCHEMA,
      written.EXPLANATION_SCHEMA,
    ]);
    expect(agreement).not.toContain(false);
  });

  it('accept and refuse facts as the reader does', () => {
    const validate = validator('facts@1.json');
    const documents: [unknown, boolean][] = [
      [{ schema: FACTS_SCHEMA }, true],
      [{ schema: FACTS_SCHEMA, later: 1, host: { gpus: [{ name: 'Tesla T4', more: [] }] } }, true],
      [{ schema: FACTS_SCHEMA, image: { frameworks: [{ name: 'torch', cuda: null }] } }, true],
      [{ schema: 'cuda-image-check/facts@2' }, false],
      [{ schema: FACTS_SCHEMA, host: { driver: { version: 535 } } }, false],
      [{ schema: FACTS_SCHEMA, host: { driver: { version: 'banana' } } }, false],
      [{ schema: FACTS_SCHEMA, image: { libraries: [{}] } }, false],
    ];
    for (const [document, valid] of documents) {
      expect([document, validate(document)]).toEqual([document, valid]);
      expect([document, parseFacts(JSON.stringify(document), 'f').ok]).toEqual([document, valid]);
    }
  });

  it('describe a report and an explanation', () => {
    const finding = {
      id: 'driver-too-old',
      severity: 'error',
      blame: 'pair',
      title: 'Driver 470.82.01 is too old for CUDA 13.0',
      why: 'Because.',
      fixes: ['Update the driver'],
      evidence: [{ what: 'host driver', value: '470.82.01', from: 'nvidia-smi' }],
      data: { driver: '470.82.01', later: true },
      docs: 'https://example.com/driver-too-old.md',
    };
    const report = {
      schema: REPORT_SCHEMA,
      passed: false,
      images: [
        {
          reference: 'x',
          verdict: 'fails',
          basis: 'prediction',
          primary: 'driver-too-old',
          blame: 'pair',
          findings: [finding],
          unchecked: [{ what: 'device code', why: 'the image was not pulled' }],
          facts: { schema: FACTS_SCHEMA },
        },
      ],
    };
    const validReport = validator('report@1.json');
    expect([validReport(report), validReport.errors]).toEqual([true, null]);
    expect(validReport({ ...report, passed: 'no' })).toBe(false);
    const validExplanation = validator('explanation@1.json');
    expect(validExplanation({ schema: EXPLANATION_SCHEMA, findings: [finding] })).toBe(true);
    expect(validExplanation({ schema: EXPLANATION_SCHEMA, findings: [{}] })).toBe(false);
  });
});
