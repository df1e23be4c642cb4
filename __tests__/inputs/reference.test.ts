import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonical, parseReference } from '../../src/image/reference.js';

const SHA = 'a'.repeat(64);

const parsed = (text: string) => {
  const result = parseReference(text);
  if (!result.ok) throw new Error(`${text}: ${result.why}`);
  return result.reference;
};

describe('parseReference', () => {
  // After reference_test.go and normalize_test.go of https://github.com/distribution/reference
  it.each([
    ['busybox', 'docker.io', 'library/busybox', undefined, undefined],
    ['busybox:1.36', 'docker.io', 'library/busybox', '1.36', undefined],
    [
      'nvidia/cuda:12.8.1-base-ubuntu24.04',
      'docker.io',
      'nvidia/cuda',
      '12.8.1-base-ubuntu24.04',
      undefined,
    ],
    ['index.docker.io/busybox', 'docker.io', 'library/busybox', undefined, undefined],
    ['nvcr.io/nvidia/pytorch:25.03-py3', 'nvcr.io', 'nvidia/pytorch', '25.03-py3', undefined],
    ['localhost/a', 'localhost', 'a', undefined, undefined],
    ['localhost:5000/a/b:t', 'localhost:5000', 'a/b', 't', undefined],
    ['127.0.0.1:5000/a', '127.0.0.1:5000', 'a', undefined, undefined],
    ['[::1]:5000/a:b', '[::1]:5000', 'a', 'b', undefined],
    ['[2001:db8::1]/a', '[2001:db8::1]', 'a', undefined, undefined],
    [`a/b:t@sha256:${SHA}`, 'docker.io', 'a/b', 't', `sha256:${SHA}`],
    [`test.example/a@sha256:${SHA}`, 'test.example', 'a', undefined, `sha256:${SHA}`],
    ['UPPER/a', 'UPPER', 'a', undefined, undefined],
    ['a__b-c--d/e.f', 'docker.io', 'a__b-c--d/e.f', undefined, undefined],
    ['xn--n3h.com/myimage:xn--n3h.com', 'xn--n3h.com', 'myimage', 'xn--n3h.com', undefined],
    [`a:${'t'.repeat(128)}`, 'docker.io', 'library/a', 't'.repeat(128), undefined],
  ])('reads %s', (text, domain, path, tag, digest) => {
    const reference = parsed(text);
    expect(reference.raw).toBe(text);
    expect([reference.domain, reference.path, reference.tag, reference.digest]).toEqual([
      domain,
      path,
      tag,
      digest,
    ]);
  });

  it.each([
    ['', /empty/],
    ['-v', /begins with "-"/],
    ['--privileged', /begins with "-"/],
    ['a b', /white space/],
    ['a\u0000b', /ASCII/],
    ['имя', /ASCII/],
    ['café:1', /ASCII/],
    ['https://nvcr.io/a', /URL/],
    ['docker://busybox', /URL/],
    [SHA, /64 hexadecimal/],
    ['Busybox', /lower case/],
    ['nvcr.io/NVIDIA/cuda', /lower case/],
    ['a:', /tag after ":" is empty/],
    ['a:-x', /tag/],
    [`a:${'t'.repeat(129)}`, /tag/],
    ['a@sha256:abc', /digest/],
    [`a@sha256:${'a'.repeat(63)}`, /64 hexadecimal digits/],
    [`a@sha256:${'A'.repeat(64)}`, /lower case/],
    [`a@md5:${'a'.repeat(32)}`, /algorithm/],
    ['a//b', /empty part/],
    ['/a', /empty part/],
    ['a/', /empty part/],
    ['a..b', /joined by/],
    ['a___b', /joined by/],
    ['_a', /joined by/],
    ['[fe80::1%eth0]:5000/a', /registry host/],
    ['example.com:abc/a', /registry host/],
    ['nvcr.io/', /repository name is missing/],
    ['a'.repeat(300), /255/],
    ['a'.repeat(3000), /3000 characters/],
  ])('refuses %j', (text, why) => {
    const result = parseReference(text);
    expect(result.ok ? 'accepted' : result.why).toMatch(why);
  });

  const component = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:[._]|__|-{1,3})[a-z0-9]{1,8}){0,2}$/);
  const domain = fc.oneof(
    fc.constantFrom(
      'docker.io',
      'nvcr.io',
      'localhost',
      'localhost:5000',
      '[::1]:5000',
      '10.0.0.1',
    ),
    fc.stringMatching(/^[a-z0-9]{1,10}\.[a-z]{2,4}(?::[0-9]{1,5})?$/),
  );
  const tag = fc.stringMatching(/^[A-Za-z0-9_][\w.-]{0,20}$/);

  it('finds the parts that a reference was made of', () => {
    fc.assert(
      fc.property(
        domain,
        fc.array(component, { minLength: 2, maxLength: 4 }),
        fc.option(tag, { nil: undefined }),
        fc.boolean(),
        (host, components, label, pinned) => {
          const path = components.join('/');
          const digest = pinned ? `sha256:${SHA}` : undefined;
          const text = `${host}/${path}${label === undefined ? '' : `:${label}`}${digest === undefined ? '' : `@${digest}`}`;
          const reference = parsed(text);
          expect([reference.domain, reference.path, reference.tag, reference.digest]).toEqual([
            host,
            path,
            label,
            digest,
          ]);
        },
      ),
    );
  });

  it('reads its own full form as the same image', () => {
    fc.assert(
      fc.property(fc.array(component, { minLength: 1, maxLength: 3 }), tag, (components, label) => {
        const first = parsed(`familiar/${components.join('/')}:${label}`);
        const second = parsed(canonical(first));
        expect({ ...second, raw: '' }).toEqual({ ...first, raw: '' });
      }),
    );
  });

  it('answers any text, and what it accepts has no white space, no leading hyphen and at most 255 characters of path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const result = parseReference(text);
        if (!result.ok) {
          expect(result.why).not.toBe('');
          return;
        }
        expect(result.reference.raw).toMatch(/^[^\s-]\S*$/);
        expect(result.reference.path.length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 500 },
    );
  });
});
