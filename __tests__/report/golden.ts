import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';

const FOLDER = join(process.cwd(), '__tests__/report/golden');

/**
 * Compares a page with its golden file. `UPDATE_GOLDEN=1 npm test -- __tests__/report` writes the files, outside CI only; a missing file
 * is a failure, so that a new page is looked at before it counts.
 */
export function expectGolden(name: string, page: string): void {
  const path = join(FOLDER, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    if (process.env['CI']) throw new Error('golden files are not written under CI');
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, page);
    return;
  }
  if (!existsSync(path))
    throw new Error(`${path} is missing: look at the page, then write it with UPDATE_GOLDEN=1`);
  expect(page).toBe(readFileSync(path, 'utf8'));
}

export const goldenFiles = (): string[] => readdirSync(FOLDER).sort();
