import { expect, it } from '@jest/globals';
import { recognise } from '../../src/recognise/recognise.js';
import { createTables } from '../../src/recognise/recogniser.js';
import { SIBLINGS } from './siblings.js';

it('leads with the right finding for the words of other releases and engines', () => {
  const tables = createTables();
  const misses = SIBLINGS.flatMap(([expected, text]) => {
    const found = recognise(text, undefined, tables).map((finding) => finding.id);
    return expected.split('|').includes(found[0] ?? 'unrecognised')
      ? []
      : [`${expected} but ${found.join(', ') || 'nothing'}: ${text.slice(0, 160)}`];
  });
  expect(misses).toEqual([]);
});
