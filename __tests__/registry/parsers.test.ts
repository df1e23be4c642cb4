import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cacheFolder } from '../../src/registry/cache.js';
import { digestOf, isDigest, matches } from '../../src/registry/digest.js';
import { endpointsOf, readDaemonConfig } from '../../src/registry/endpoints.js';
import { networkWords, registryWords } from '../../src/registry/failure.js';
import { retryAfterMs } from '../../src/registry/http.js';
import { rateLimit } from '../../src/registry/reader.js';
import { createFakeFiles } from '../fakes/files.js';

describe('retryAfterMs', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['0', 0],
    [' 12 ', 12_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['2026', 2_026_000],
    ['', undefined],
    ['Thu, 99 Foo 2026', undefined],
  ])('%j is %j', (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });

  it('is a time or nothing for any text', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const ms = retryAfterMs(value, now);
        expect(ms === undefined || ms >= 0).toBe(true);
      }),
    );
  });
});

describe('rateLimit', () => {
  it.each([
    [{}, undefined],
    [{ 'ratelimit-limit': '100;w=21600' }, { limit: 100, windowSeconds: 21_600 }],
    [
      { 'ratelimit-limit': '100', 'ratelimit-remaining': ' 0 ; w=60' },
      { limit: 100, remaining: 0, windowSeconds: 60 },
    ],
    [{ 'ratelimit-remaining': 'many' }, undefined],
  ])('of %j is %j', (headers, expected) => {
    expect(rateLimit(new Headers(headers))).toEqual(expected);
  });
});

describe('digests', () => {
  it.each([
    [`sha256:${'a'.repeat(64)}`, true],
    [`sha512:${'a'.repeat(128)}`, true],
    [`sha256:${'a'.repeat(63)}`, false],
    [`sha256:${'A'.repeat(64)}`, false],
    [`md5:${'a'.repeat(32)}`, false],
    ['sha256:../../x', false],
    [`__proto__:${'a'.repeat(64)}`, false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    expect(isDigest(text)).toBe(expected);
  });

  it('match their bytes and no others', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (one, other) => {
        for (const algorithm of ['sha256', 'sha384', 'sha512']) {
          expect(matches(one, digestOf(one, algorithm))).toBe(true);
          expect(matches(other, digestOf(one, algorithm))).toBe(Buffer.compare(one, other) === 0);
        }
      }),
    );
  });
});

describe('endpointsOf', () => {
  const daemon = { mirrors: ['https://m.example/hub/'], insecure: ['plain.example:5000'] };
  it.each([
    ['ghcr.io', ['https://ghcr.io']],
    ['127.0.0.1:5000', ['http://127.0.0.1:5000']],
    ['localhost', ['http://localhost']],
    ['[::1]:5000', ['http://[::1]:5000']],
    ['127.0.0.1.example', ['https://127.0.0.1.example']],
    ['localhost.example:5000', ['https://localhost.example:5000']],
    ['plain.example:5000', ['http://plain.example:5000']],
    ['docker.io', ['https://m.example/hub', 'https://registry-1.docker.io']],
  ])('%s', (domain, origins) => {
    expect(endpointsOf(domain, daemon).map(({ origin }) => origin)).toEqual(origins);
  });

  it.each(['', '{', 'null', '[]', '{"registry-mirrors":["no address",7]}'])(
    'a daemon.json of %j has no mirrors',
    async (text) => {
      const files = createFakeFiles({ '/etc/docker/daemon.json': text });
      expect(await readDaemonConfig(files)).toEqual({ mirrors: [], insecure: [] });
    },
  );
});

describe('words of failures', () => {
  it.each([
    ['ENOTFOUND', /no such host/, false],
    ['EAI_AGAIN', /server misbehaving/, true],
    ['ECONNREFUSED', /connection refused/, false],
    ['ECONNRESET', /reset by peer/, true],
    ['UND_ERR_CONNECT_TIMEOUT', /i\/o timeout/, true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /x509/, false],
    ['SOMETHING', /dial tcp/, false],
  ])('%s', (code, words, passing) => {
    const cause = Object.assign(new AggregateError([Object.assign(new Error('x'), { code })]), {});
    const told = networkWords(new TypeError('fetch failed', { cause }));
    expect(told?.words).toMatch(words);
    expect(told?.passing).toBe(passing);
  });

  it('a fault of ours is none of the network', () => {
    expect(networkWords(new RangeError('ours'))).toBeUndefined();
  });

  it.each([
    ['{"errors":[{"code":"DENIED","message":"no\\n access"}]}', 'DENIED: no access'],
    ['{"details":"incorrect username or password"}', 'incorrect username or password'],
    ['{"errors":[null,7,{}]}', ''],
    ['<html>', ''],
    ['null', ''],
  ])('%s', (body, words) => {
    expect(registryWords(Buffer.from(body))).toBe(words);
  });

  it('of any body are short', () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        expect(registryWords(Buffer.from(`{"errors":${body}}`)).length).toBeLessThanOrEqual(600);
      }),
    );
  });
});

it('the cache is where the user, the runner or the home has it', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/c/cuda-image-check/registry');
  expect(cacheFolder({ RUNNER_TOOL_CACHE: '/t', HOME: '/h' })).toMatch(/^\/t\//);
  expect(cacheFolder({ HOME: '/h' })).toMatch(/^\/h\/\.cache\//);
  expect(cacheFolder({ HOME: '' })).toBeUndefined();
});
