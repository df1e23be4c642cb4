import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/**
 * The simulated hook's evaluator of NVIDIA_REQUIRE_*, compiled and asked. It is apart from the product's on purpose, so that the two
 * check each other. The cases are worked out by hand from src/cli/dsl.c of https://github.com/NVIDIA/libnvidia-container.
 */
const MAIN = `
#include <stdio.h>
#include "requirement.h"
int main(int argc, char **argv) {
  char message[256];
  requirement_facts facts = {argv[1], argv[2], argv[3], argv[4]};
  (void)argc;
  puts(requirement_met(argv[5], &facts, message, sizeof message) ? "met" : message);
}`;

const HOOK = join(process.cwd(), 'lab', 'hook');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'requirement-'));
  writeFileSync(join(folder, 'main.c'), MAIN);
  execFileSync('gcc', [
    ...['-std=gnu17', '-Wall', '-Wextra', '-Werror', '-I', HOOK],
    ...['-o', join(folder, 'ask'), join(folder, 'main.c'), join(HOOK, 'requirement.c')],
  ]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ask = (requirement: string, host: Partial<Record<string, string>> = {}): string => {
  const { cuda = '12.2', driver = '535.104.05', arch = '8.0', brand = 'Unknown' } = host;
  const args = [cuda, driver, arch, brand, requirement];
  return execFileSync(join(folder, 'ask'), args, { encoding: 'utf8' }).trim();
};

const UNMET_VERSION =
  ', please update your driver to a newer version, or use an earlier cuda container';

describe('the simulated hook and NVIDIA_REQUIRE_*', () => {
  it.each([
    ['cuda>=12.2'],
    ['cuda>=11.8'],
    ['CUDA>=12.0'],
    ['cuda>=12.2.0'],
    ['driver>=535,driver<536'],
    ['cuda>=12.4 brand=tesla,driver>=535 brand=unknown,driver>=535,driver<536'],
    ['arch>=7.0'],
    ['brand!=geforce'],
    [''],
  ])('%s is met', (requirement) => {
    expect(ask(requirement)).toBe('met');
  });

  it.each([
    ['cuda>=12.10', `unsatisfied condition: cuda>=12.10${UNMET_VERSION}`],
    ['cuda>=12.2.1', `unsatisfied condition: cuda>=12.2.1${UNMET_VERSION}`],
    ['cuda>=12.4 brand=tesla,driver>=535', `unsatisfied condition: cuda>=12.4${UNMET_VERSION}`],
    ['driver<=535', 'unsatisfied condition: driver<=535'],
    ['driver=535', 'unsatisfied condition: driver=535'],
    ['arch>=9.0', 'unsatisfied condition: arch>=9.0'],
    ['brand=geforce', 'unsatisfied condition: brand=geforce'],
    ['cuda==12.2', 'invalid expression'],
    ['cuda', 'invalid expression'],
    ['colour=red', 'invalid expression'],
    ['cuda>=twelve', 'invalid expression'],
    ['brand>=tesla', 'invalid expression'],
  ])('%s is refused', (requirement, words) => {
    expect(ask(requirement)).toBe(`requirement error: ${words}`);
  });

  it('counts what the host cannot tell as satisfied', () => {
    expect(ask('cuda>=99', { cuda: '' })).toBe('met');
    expect(ask('brand=tesla', { brand: '' })).toBe('met');
  });

  it('stops at the first term that holds', () => {
    expect(ask('cuda>=12.2 nonsense')).toBe('met');
    expect(ask('cuda>=12.9 nonsense')).toBe('requirement error: invalid expression');
  });
});
