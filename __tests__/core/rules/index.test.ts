import { describe, expect, it } from '@jest/globals';
import { CATALOGUE, type FindingId, type Severity } from '../../../src/core/catalogue.js';
import { EXPLAINS, RULES } from '../../../src/core/rules/index.js';

describe('the rules', () => {
  it('each say in words what they check', () => {
    for (const { checks } of RULES) expect(checks).toMatch(/^[A-Za-z_-]+( |$)/);
  });

  it('are each of one finding', () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  // The catalogue has the verdict of an error that decides; a note or a warning of these never does.
  it('are as severe as their finding is meant: what may work is no error', () => {
    const ids = (severity: Severity) =>
      RULES.flatMap((rule) => (rule.severity === severity ? rule.id : [])).sort();
    expect(ids('warning')).toEqual(['runtime-compiler-too-old']);
    expect(ids('notice')).toEqual([
      'binary-compatible-kernels',
      'forward-compatibility-in-use',
      'image-tag-misleading',
      'minor-version-compatibility',
      'ptx-compiled-at-first-use',
      'requirement-too-strict',
    ]);
  });

  it('fold findings of the catalogue alone, and none under itself', () => {
    for (const [id, folded] of Object.entries(EXPLAINS)) {
      expect(CATALOGUE).toHaveProperty([id]);
      expect(folded.length).toBeGreaterThan(0);
      for (const one of folded) expect(CATALOGUE).toHaveProperty([one]);
      expect(folded).not.toContain(id as FindingId);
    }
  });
});
