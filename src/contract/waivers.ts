import type { Waiver } from '../core/waiver.js';
import { type PatternProblem, waiversSchema } from './waivers-schema.js';
import { type Place, readYamlFile } from './yaml-file.js';

export type ParsedWaivers =
  | { readonly ok: true; readonly waivers: readonly (Waiver & Place)[] }
  /** One line for each mistake: `FILE:LINE:COLUMN: PATH: found …, expected …`. */
  | { readonly ok: false; readonly problems: readonly string[] };

const KEYS = {
  '': ['schema', 'waivers'],
  waivers: ['finding', 'image', 'profile', 'reason', 'until'],
};

/**
 * Reads a waiver file (YAML or JSON), with every mistake at once and where it stands. Pure; never throws.
 * @param file what the problems call it
 */
export function parseWaivers(
  text: string,
  file: string,
  patternProblem: PatternProblem,
): ParsedWaivers {
  const read = readYamlFile(text, file, { schema: waiversSchema(patternProblem), keys: KEYS });
  if (!read.ok) return read;
  return {
    ok: true,
    waivers: read.value.waivers.map((waiver, at) => ({
      ...waiver,
      ...read.placeOf(['waivers', at]),
    })),
  };
}
