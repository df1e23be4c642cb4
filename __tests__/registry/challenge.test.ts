import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseChallenges } from '../../src/registry/challenge.js';

const plain = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe('parseChallenges', () => {
  it.each([
    ['', []],
    ['Basic realm="Registry Realm"', [['basic', { realm: 'Registry Realm' }]]],
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
      [
        [
          'bearer',
          {
            realm: 'https://auth.docker.io/token',
            service: 'registry.docker.io',
            scope: 'repository:a/b:pull,push',
          },
        ],
      ],
    ],
    // Azure offers both, in one header or in two that are joined.
    [
      'Bearer realm="https://x.azurecr.io/oauth2/token",service="x.azurecr.io", Basic realm="x"',
      [
        ['bearer', { realm: 'https://x.azurecr.io/oauth2/token', service: 'x.azurecr.io' }],
        ['basic', { realm: 'x' }],
      ],
    ],
    [
      'Negotiate YWJj==, Basic realm=x',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    ['bearer REALM = "a\\"b" , , service=s', [['bearer', { realm: 'a"b', service: 's' }]]],
    ['Bearer realm="a",realm="b"', [['bearer', { realm: 'a' }]]],
    ['Bearer realm="unclosed', [['bearer', {}]]],
    ['realm="no scheme"', [['realm', {}]]],
  ])('%j', (header, expected) => {
    expect(plain(header)).toEqual(expected);
  });

  it('never throws, and ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (header) => {
        expect(parseChallenges(header).length).toBeLessThanOrEqual(header.length);
      }),
    );
  });

  it('reads back what the grammar allows', () => {
    const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
    const challenge = fc.record({
      scheme: token,
      parameters: fc.uniqueArray(fc.tuple(token, fc.string({ maxLength: 40 })), {
        minLength: 1,
        maxLength: 4,
        selector: ([name]) => name.toLowerCase(),
      }),
    });
    const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
    fc.assert(
      fc.property(fc.array(challenge, { minLength: 1, maxLength: 4 }), (challenges) => {
        const header = challenges
          .map(
            ({ scheme, parameters }) =>
              `${scheme} ${parameters.map(([name, value]) => `${name}=${quoted(value)}`).join(', ')}`,
          )
          .join(', ');
        expect(plain(header)).toEqual(
          challenges.map(({ scheme, parameters }) => [
            scheme.toLowerCase(),
            Object.fromEntries(parameters.map(([name, value]) => [name.toLowerCase(), value])),
          ]),
        );
      }),
    );
  });

  it('reads megabytes in linear time', () => {
    const before = performance.now();
    parseChallenges(`Bearer ${'a="b\\"c", '.repeat(100_000)}`);
    parseChallenges(`Bearer realm="${'\\"'.repeat(500_000)}`);
    parseChallenges(`${'a '.repeat(500_000)}`);
    expect(performance.now() - before).toBeLessThan(3000);
  });
});
