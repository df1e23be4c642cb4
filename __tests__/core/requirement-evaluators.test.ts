import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  evaluateRequirement,
  isTrueForGo,
  parseRequirement,
  type RequirementHost,
  type RequirementOutcome,
  requirementsOf,
} from '../../src/core/requirement.js';
import { evaluateRequirementOnTegra } from '../../src/core/requirement-tegra.js';

type Row = [
  requirement: string,
  cuda: string,
  driver: string,
  arch: string | null,
  brand: string | null,
  legacy: string,
  csv: string,
];

const recorded = JSON.parse(
  readFileSync(new URL('../recorded/requirements.json', import.meta.url), 'utf8'),
) as { requirements: Row[]; implied: [string, string | null][]; disabled: [string, boolean][] };
const rows = recorded.requirements;
const numbers = (text: string) => text.split('.').map(Number);

const hostOf = ([, cuda, driver, arch, brand]: Row): RequirementHost => ({
  cuda: numbers(cuda),
  driver: numbers(driver),
  arch: arch === null ? 'any' : numbers(arch),
  brands: brand === null ? 'any' : [brand.toLowerCase()],
});

const answerOf = ({ truth, invalid }: RequirementOutcome) => (invalid ? 'invalid' : truth);

/** The requirements that we answer in another way than was recorded. */
const differing = (wanted: (row: Row) => string, answer: (row: Row) => string) =>
  rows
    .map((row) => ({
      requirement: row[0],
      host: row.slice(1, 5),
      wanted: wanted(row),
      got: answer(row),
    }))
    .filter(({ wanted, got }) => wanted !== got);

describe('requirements as NVIDIA’s own evaluators answered them', () => {
  it('holds enough of every answer', () => {
    for (const column of [5, 6] as const) {
      for (const answer of ['met', 'unmet', 'invalid']) {
        expect(rows.filter((row) => row[column] === answer).length).toBeGreaterThan(100);
      }
    }
  });

  it('is what the legacy mode answers', () => {
    const answer = (row: Row) =>
      answerOf(evaluateRequirement(parseRequirement('X', row[0]), hostOf(row)));
    expect(differing((row) => row[5], answer)).toEqual([]);
  });

  it('is what the csv mode answers', () => {
    const answer = (row: Row) => {
      const arch = numbers(row[3] ?? '8.7');
      const host = { cuda: numbers(row[1]), arch };
      return answerOf(evaluateRequirementOnTegra(parseRequirement('X', row[0]), host));
    };
    expect(differing((row) => row[6], answer)).toEqual([]);
  });

  it('is never contradicted where facts of the host are missing', () => {
    const facts = ['cuda', 'driver', 'arch', 'brands'] as const;
    const contradictions = facts.flatMap((missing) =>
      rows.filter((row) => {
        const { [missing]: _, ...host } = hostOf(row);
        const { truth } = evaluateRequirement(parseRequirement('X', row[0]), host);
        return truth !== 'unknown' && (truth === 'met') !== (row[5] === 'met');
      }),
    );
    expect(contradictions).toEqual([]);
  });

  it.each(recorded.implied)('implies by CUDA_VERSION %j: %j', (version, implied) => {
    const [requirement] = requirementsOf({ CUDA_VERSION: version });
    const valid = requirement?.terms.every(({ factors }) =>
      factors.every(({ kind }) => kind === 'factor'),
    );
    expect(valid ? requirement?.raw : null).toBe(implied);
  });

  it.each(recorded.disabled)(
    'is switched off by NVIDIA_DISABLE_REQUIRE=%j: %s',
    (value, disabled) => {
      expect(isTrueForGo(value)).toBe(disabled);
    },
  );
});
