import { describe, expect, it } from '@jest/globals';
import { explainText } from '../../src/explain.js';
import { createTables } from '../../src/recognise/recogniser.js';
import { CUDA_RESULTS, WORDINGS } from './phrasings/cuda-results.js';
import { PHRASINGS } from './phrasings/index.js';

const TABLES = createTables();

async function first(text: string): Promise<string | undefined> {
  const explanation = await explainText([new TextEncoder().encode(text)], undefined, TABLES);
  return explanation.findings[0]?.id;
}

/*
 * The words of programs as their sources print them, not taken from reports: they show that the tables know a failure in any
 * program's wording, and they are no measure of how many unseen texts are right.
 */
describe('a CUDA result means the same in every wording', () => {
  it.each(WORDINGS.map((wording) => [wording.program, wording] as const))(
    '%s',
    async (_program, wording) => {
      const wrong: string[] = [];
      for (const result of CUDA_RESULTS) {
        const text = wording.print(result);
        if (text === undefined) continue;
        const found = await first(text);
        if (found !== result.finding) wrong.push(`${text}: ${found} instead of ${result.finding}`);
      }
      expect(wrong).toEqual([]);
    },
  );
});

describe('a failure is known in the words of other versions', () => {
  it.each(PHRASINGS.map((phrasing) => [phrasing.text, phrasing] as const))(
    '%s',
    async (_text, { ids, text }) => {
      expect(ids).toContain(await first(text));
    },
  );
});
