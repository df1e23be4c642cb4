import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { recognise } from '../../src/recognise/recognise.js';
import { createTables } from '../../src/recognise/recogniser.js';

const FOLDER = new URL('../recorded/ordinary/', import.meta.url);
const LOGS = readdirSync(FOLDER).filter((name) => name.endsWith('.log'));
const TABLES = createTables();

it('has at least 60 ordinary logs to be quiet about', () => {
  expect(LOGS.length).toBeGreaterThanOrEqual(60);
});

it.each(LOGS)('finds nothing in %s', (name) => {
  const text = readFileSync(new URL(name, FOLDER), 'utf8');
  const found = recognise(text, undefined, TABLES);
  expect(
    found.map((finding) => [finding.id, ...finding.evidence.map((each) => each.value)]),
  ).toEqual([]);
});
