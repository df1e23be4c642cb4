import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseFleet, withProfile } from '../../src/contract/fleet.js';
import type { fleetSchema } from '../../src/contract/fleet-schema.js';
import { jsonSchemas } from '../../src/contract/json-schemas.js';
import type { RunnerProfile } from '../../src/core/profile.js';
import { gpuProblem } from '../../src/runners.js';
import type { Extends, Paths } from './agreement.js';

const read = (text: string) => parseFleet(text, 'fleet.yml', gpuProblem);

const FLEET = `# Ours.
profiles:
  # The big ones.
  - name: h100 # eight each
    labels: [self-hosted, h100]
    driver: 550.54.15
    gpus:
      - name: NVIDIA H100 80GB HBM3 # SXM
        count: 8

  - driver: "470.82"
    name: old
    gpus: [{computeCapability: "7.5"}]
`;

/** Do not compile when the schema and the type that is made of it have not the same fields. */
type Read = ReturnType<typeof fleetSchema.parse>['profiles'][number];
const agreement: [
  Extends<Paths<Read>, Paths<RunnerProfile>>,
  Extends<Paths<RunnerProfile>, Paths<Read>>,
] = [true, true];
void agreement;

describe('parseFleet', () => {
  it('reads profiles', () => {
    expect(read(FLEET)).toEqual({
      ok: true,
      profiles: [
        {
          name: 'h100',
          labels: ['self-hosted', 'h100'],
          driver: '550.54.15',
          gpus: [{ name: 'NVIDIA H100 80GB HBM3', count: 8 }],
        },
        { name: 'old', driver: '470.82', gpus: [{ computeCapability: '7.5' }] },
      ],
    });
  });

  it('tells every mistake at once, with the line and column of each', () => {
    const parsed = read(`profiles:
  - name: a b
    drivr: 550.54.15
    driver: 535.10
    gpus:
      - nmae: T4
      - name: T4
        count: 0
  - name: x
`);
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      'fleet.yml:2:11: profiles[0].name: found "a b", expected a name of letters, digits, ".", "_" and "-", up to 63 of them. Rename it',
      expect.stringMatching(
        /^fleet\.yml:3:12: profiles\[0\]\.drivr: found "550\.54\.15", expected one of name, .*Did you mean driver\?$/,
      ),
      expect.stringMatching(
        /^fleet\.yml:4:13: profiles\[0\]\.driver: found the number 535\.10, .*\("535\.10"\)/,
      ),
      expect.stringMatching(/^fleet\.yml:6:9: profiles\[0\]\.gpus\[0\]: .*computeCapability/),
      expect.stringMatching(/^fleet\.yml:6:15: .*nmae.*Did you mean name\?/),
      expect.stringMatching(/^fleet\.yml:8:16: profiles\[0\]\.gpus\[1\]\.count: /),
      expect.stringMatching(/^fleet\.yml:9:5: profiles\[1\]\.driver: found nothing/),
    ]);
  });

  it.each([
    ['', /fleet\.yml:1:1: /],
    ['profiles: []', /fleet\.yml:1:1[01]?: profiles: /],
    ['profiles: {', /fleet\.yml:\d+:\d+: not YAML/],
    ['profiles:\n\t- x', /fleet\.yml:2:1: not YAML/],
    ['a: 1\na: 2', /fleet\.yml:2:1: not YAML: the key "a" comes twice/],
    [
      'profiles:\n  - {name: a, driver: "1.2"}\n  - {name: a, driver: "1.2"}',
      /3:12: .*profiles\[0\]/,
    ],
    [
      'profiles:\n  - {name: a, driver: "550.54", gpus: [{name: "NVIDIA H1000"}]}',
      /2:47: .*gpus\[0\]\.name: found "NVIDIA H1000".*Near: .*H100/,
    ],
    ['schema: cuda-image-check/gpu-fleet@2\nprofiles: [{name: a, driver: "1.2"}]', /1:9: schema/],
    [`profiles: ${'['.repeat(50_000)}`, /nested more than 100 deep/],
    [`profiles: ${'x'.repeat(1_100_000)}`, /at most 1048576/],
  ])('of %j says where and what', (text, expected) => {
    const parsed = read(text);
    expect(parsed.ok ? '' : parsed.problems.join('\n')).toMatch(expected);
  });

  const profile = (...fields: string[]) =>
    `profiles:\n  - name: a\n${fields.map((field) => `    ${field}\n`).join('')}`;

  it.each([
    [
      '',
      '1:1: (document): found null, expected a map. For example: profiles: [{ name: h100, driver: "550.54.15" }]',
    ],
    [
      '- name: a\n',
      '1:1: (document): found a list of 1, expected a map. For example: profiles: [{ name: h100, driver: "550.54.15" }]',
    ],
    [
      'profiles: []\n',
      '1:1: profiles: found a list of 0, expected at least one entry. For example: profiles: [{ name: h100, driver: "550.54.15" }]',
    ],
    [
      'profiles: {h100: {driver: "550"}}\n',
      '1:1: profiles: found an object, expected a list. For example: profiles: [{ name: h100, driver: "550.54.15" }]',
    ],
    [
      'profiles:\n  -\n',
      '2:4: profiles[0]: found null, expected a map. For example: { name: h100, driver: "550.54.15" }',
    ],
    [
      profile(),
      '2:5: profiles[0].driver: found nothing, expected text. For example: driver: "550.54.15"',
    ],
    [
      profile('driver: 550.40'),
      '3:13: profiles[0].driver: found the number 550.40, expected text. Put it in quotes ("550.40"): as a number, 12.10 would read as 12.1',
    ],
    [
      profile('driver: "550"', 'gpus: L4'),
      '4:11: profiles[0].gpus: found "L4", expected a list. For example: gpus: [{ name: NVIDIA L4 }]',
    ],
    [
      profile('driver: "550"', 'gpus: [L4]'),
      '4:12: profiles[0].gpus[0]: found "L4", expected a map. For example: { name: NVIDIA L4 }',
    ],
    [
      profile('driver: "550"', 'gpus: [{computeCapability: 9.0}]'),
      '4:32: profiles[0].gpus[0].computeCapability: found the number 9.0, expected text. Put it in quotes ("9.0"): as a number, 12.10 would read as 12.1',
    ],
    [
      profile('driver: "550"', 'engine: docker'),
      '4:13: profiles[0].engine: found "docker", expected a map. For example: engine: { name: docker, gpuMode: cdi }',
    ],
    [
      profile('driver: "550"', 'engine: {gpuMode: CDI}'),
      '4:23: profiles[0].engine.gpuMode: found "CDI", expected one of "legacy", "cdi", "jit-cdi", "csv". Correct it or leave the field out',
    ],
    [
      `schema: cuda-image-check/gpu-fleet@2\n${profile('driver: "550"')}`,
      '1:9: schema: found "cuda-image-check/gpu-fleet@2", expected "cuda-image-check/gpu-fleet@1". Correct it or leave the field out',
    ],
    [
      `${profile('driver: "550"')}---\nprofiles: []\n`,
      '4:1: not YAML: it holds several documents. Mend it first',
    ],
  ])('of %j says what would be right', (text, expected) => {
    const parsed = read(text);
    expect(parsed.ok ? [] : parsed.problems).toEqual([`fleet.yml:${expected}`]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), (text, json) => {
        read(text);
        read(`profiles:\n  - ${json}`);
        read(`{"profiles":${json}}`);
      }),
    );
  });

  it('is kept from a billion laughs', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let at = 0; at < 9; at += 1) {
      const name = String.fromCharCode(98 + at);
      const before = `*${String.fromCharCode(97 + at)}`;
      bomb.push(`${name}: &${name} [${Array(9).fill(before).join(',')}]`);
    }
    expect(read(bomb.join('\n')).ok).toBe(false);
  });

  it('agrees with the published schema', () => {
    const validate = new Ajv2020({ strict: false }).compile(
      jsonSchemas()['gpu-fleet@1.json'] as object,
    );
    for (const [text, valid] of [
      [FLEET, true],
      ['profiles: [{name: a, driver: 535.10}]', false],
      ['profiles: [{name: a}]', false],
      ['profiles: [{name: a, driver: "550.54", x: 1}]', false],
      ['profiles: []', false],
    ] as const) {
      expect([text, validate(parse(text))]).toEqual([text, valid]);
      expect([text, read(text).ok]).toEqual([text, valid]);
    }
  });
});

describe('withProfile', () => {
  const H100: RunnerProfile = {
    name: 'h100',
    driver: '570.124.06',
    gpus: [{ name: 'NVIDIA H100 80GB HBM3', count: 8, memoryMiB: 81559 }],
  };

  it('brings a profile up to date, and leaves comments, order and labels', () => {
    expect(withProfile(FLEET, H100)).toBe(
      FLEET.replace('550.54.15', '570.124.06').replace(
        '        count: 8\n',
        '        count: 8\n        memoryMiB: 81559\n',
      ),
    );
  });

  it('changes nothing where nothing changed', () => {
    const once = withProfile(FLEET, H100);
    expect(withProfile(once, H100)).toBe(once);
  });

  it('replaces GPUs of other kinds, and a value that is gone', () => {
    const text = withProfile(FLEET, {
      name: 'h100',
      driver: '550.54.15',
      gpus: [
        { name: 'NVIDIA L4', count: 1 },
        { name: 'Tesla T4', count: 1 },
      ],
    });
    expect(read(text)).toMatchObject({
      profiles: [
        {
          labels: ['self-hosted', 'h100'],
          gpus: [
            { name: 'NVIDIA L4', count: 1 },
            { name: 'Tesla T4', count: 1 },
          ],
        },
        { name: 'old' },
      ],
    });
  });

  it('adds a profile, to a file or to none', () => {
    const added = withProfile(FLEET, { name: 'new', driver: '580.65' });
    expect(added.startsWith('# Ours.\n')).toBe(true);
    expect(read(added)).toMatchObject({
      profiles: [{ name: 'h100' }, { name: 'old' }, { name: 'new', driver: '580.65' }],
    });
    const first = withProfile(undefined, H100);
    expect(first).toContain('yaml-language-server: $schema=');
    expect(read(first)).toEqual({ ok: true, profiles: [H100] });
  });

  it('writes what it reads, whatever the profile', () => {
    const version = fc.constantFrom('470.82', '535.104.05', '570.10', '580.65.06');
    const profile = fc.record(
      {
        name: fc.constantFrom('h100', 'old', 'new', 'on', '0x1', '1e3'),
        driver: version,
        kernelModule: fc.constantFrom('open', 'proprietary'),
        gpus: fc.array(
          fc.record({
            name: fc.constantFrom('NVIDIA L4', 'Tesla T4'),
            count: fc.integer({ min: 1, max: 8 }),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        containerToolkit: fc.record({ version: fc.constantFrom('1.17', '1.10', '1.17.8') }),
      },
      { requiredKeys: ['name', 'driver'] },
    );
    fc.assert(
      fc.property(fc.array(profile, { minLength: 1, maxLength: 4 }), (profiles) => {
        let text: string | undefined = FLEET;
        for (const one of profiles) {
          text = withProfile(text, one);
          const parsed = read(text);
          expect(
            parsed.ok ? parsed.profiles.find(({ name }) => name === one.name) : parsed,
          ).toMatchObject(one);
        }
      }),
      { numRuns: 60 },
    );
  });
});
