import { describe, expect, it } from '@jest/globals';
import { matchesPattern, whyNoPattern } from '../../src/image/pattern.js';

const D1 = `sha256:${'1'.repeat(64)}`;
const D2 = `sha256:${'2'.repeat(64)}`;

describe('matchesPattern', () => {
  it.each([
    ['ghcr.io/acme/train', 'ghcr.io/acme/train', true],
    ['ghcr.io/acme/train', 'ghcr.io/acme/train:v1', true],
    ['ghcr.io/acme/train', `ghcr.io/acme/train@${D1}`, true],
    ['ghcr.io/acme/train', 'ghcr.io/acme/trainer', false],
    ['ghcr.io/acme/train:v1.*', 'ghcr.io/acme/train:v1.2', true],
    ['ghcr.io/acme/train:v1.*', `ghcr.io/acme/train:v1.2@${D1}`, true],
    ['ghcr.io/acme/train:v1.*', 'ghcr.io/acme/train:v2.0', false],
    ['ghcr.io/acme/train:*', `ghcr.io/acme/train@${D1}`, false],
    ['ghcr.io/acme/*', 'ghcr.io/acme/train:v1', true],
    ['ghcr.io/acme/*', 'ghcr.io/acme/team/train', false],
    ['ghcr.io/acme/**', 'ghcr.io/acme/team/train', true],
    ['nvidia/cuda:12.?.*', 'nvidia/cuda:12.8.1-base-ubuntu22.04', true],
    ['nvidia/cuda', 'docker.io/nvidia/cuda:1', true],
    ['docker.io/nvidia/cuda', 'nvidia/cuda:1', true],
    ['index.docker.io/nvidia/cuda', 'nvidia/cuda:1', true],
    ['nvidia/*', 'nvcr.io/nvidia/pytorch:25.03-py3', false],
    ['ubuntu:latest', 'ubuntu', true],
    ['ubuntu:latest', 'docker.io/library/ubuntu:latest', true],
    ['docker.io/ubuntu', 'ubuntu:24.04', true],
    ['library/ubuntu', 'ubuntu', true],
    ['ubuntu:22.04', 'ubuntu', false],
    ['*', 'ubuntu', true],
    ['**', 'registry.example.com:5000/a/b/c:1', true],
    ['registry.example.com:5000/**', 'registry.example.com:5000/a/b/c:1', true],
    ['localhost:5000/a:1', 'localhost:5000/a:1', true],
    [`ghcr.io/acme/train@${D1}`, `ghcr.io/acme/train@${D1}`, true],
    [`ghcr.io/acme/train@${D1}`, `ghcr.io/acme/train@${D2}`, false],
    ['from a facts file*', 'from a facts file: opaque text', true],
  ])('%s names %s: %j', (pattern, reference, expected) => {
    expect(matchesPattern(pattern, reference)).toBe(expected);
  });

  it('takes the digest that was told for a reference without one', () => {
    const pattern = `ghcr.io/acme/train@${D1}`;
    expect(matchesPattern(pattern, 'ghcr.io/acme/train:v1', D1)).toBe(true);
    expect(matchesPattern(pattern, 'ghcr.io/acme/train:v1', D2)).toBe(false);
    expect(matchesPattern(pattern, 'ghcr.io/acme/train:v1')).toBe(false);
    expect(matchesPattern(`ghcr.io/acme/train:v1@${D1}`, 'ghcr.io/acme/train:v2', D1)).toBe(false);
  });
});

describe('whyNoPattern', () => {
  it.each([
    'ghcr.io/acme/train',
    '**',
    '*',
    '*.example.com/**',
    'a/b:v?.*',
    `a@${D1}`,
    '**/train:v*',
    'localhost:5000/*',
  ])('takes %s', (pattern) => expect(whyNoPattern(pattern)).toBeUndefined());

  it.each([
    ['ghcr.io/Acme/train', /lower case/],
    ['https://ghcr.io/acme', /URL/],
    ['a b', /white space/],
    ['a:', /tag after ":" is empty/],
    ['a@sha256:12*', /digest is written whole/],
    ['a@sha256:12', /digest/],
    ['/x', /host|slashes|name/],
    ['{a,b}', /name/],
  ])('says what is wrong with %s', (pattern, expected) => {
    expect(whyNoPattern(pattern)).toMatch(expected);
  });
});
