import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diagnose } from '../../src/core/diagnose.js';
import type { HostFacts } from '../../src/core/facts.js';
import type { Finding } from '../../src/core/finding.js';
import {
  evaluateRequirement,
  isTrueForGo,
  parseRequirement,
  type RequirementHost,
  requirementsOf,
} from '../../src/core/requirement.js';
import { evaluateRequirementOnTegra } from '../../src/core/requirement-tegra.js';
import { facts, host, verdict } from './pair.js';

const parts = (text: string) => text.split('.').map(Number);

function outcome(
  value: string,
  on: { cuda?: string; driver?: string; arch?: string; brands?: string[] },
) {
  const given: RequirementHost = {
    ...(on.cuda === undefined ? {} : { cuda: parts(on.cuda) }),
    ...(on.driver === undefined ? {} : { driver: parts(on.driver) }),
    ...(on.arch === undefined ? {} : { arch: parts(on.arch) }),
    ...(on.brands === undefined ? {} : { brands: on.brands }),
  };
  const { truth, clause, invalid } = evaluateRequirement(
    parseRequirement('NVIDIA_REQUIRE_CUDA', value),
    given,
  );
  return invalid ? `${truth} invalid ${clause}` : `${truth} ${clause}`;
}

describe('the grammar of NVIDIA_REQUIRE_*', () => {
  it.each<[string, Parameters<typeof outcome>[1], string]>([
    // the worked examples of the comparison
    ['driver>=525,driver<526', { driver: '525.147.05' }, 'met driver>=525,driver<526'],
    ['cuda>=12.10', { cuda: '12.2' }, 'unmet cuda>=12.10'],
    ['cuda>=12.4.0', { cuda: '12.4' }, 'met cuda>=12.4.0'],
    ['cuda>=12.4.1', { cuda: '12.4' }, 'unmet cuda>=12.4.1'],
    ['driver<=470', { driver: '470.256.02' }, 'unmet driver<=470'],
    ['driver=470', { driver: '470.256.02' }, 'unmet driver=470'],
    ['driver!=470', { driver: '470.256.02' }, 'met driver!=470'],
    ['driver>470', { driver: '470.256.02' }, 'met driver>470'],
    ['driver>470', { driver: '470.0' }, 'unmet driver>470'],
    ['driver<471', { driver: '471' }, 'unmet driver<471'],
    // OR of terms, AND of factors, the first term is the one that is told
    [
      'cuda>=12.8 brand=tesla,driver>=470,driver<471',
      { cuda: '12.4', driver: '470.82.01', brands: ['tesla'] },
      'met brand=tesla,driver>=470,driver<471',
    ],
    [
      'cuda>=12.8 brand=tesla,driver>=470,driver<471',
      { cuda: '12.4', driver: '470.82.01', brands: ['geforce'] },
      'unmet cuda>=12.8',
    ],
    [
      'cuda>=12.8 brand=tesla,driver>=470,driver<471',
      { cuda: '12.4', driver: '525.60.13', brands: ['tesla'] },
      'unmet cuda>=12.8',
    ],
    ['arch>=7.0', { arch: '6.1' }, 'unmet arch>=7.0'],
    ['arch>=7.0', { arch: '10.0' }, 'met arch>=7.0'],
    ['CUDA>=12.3', { cuda: '12.2' }, 'unmet CUDA>=12.3'],
    ['Brand=TESLA', { brands: ['tesla'] }, 'met Brand=TESLA'],
    ['brand!=geforce', { brands: ['geforce'] }, 'unmet brand!=geforce'],
    // empty parts are skipped
    ['', {}, 'met '],
    ['  ,,  ', {}, 'met ,,'],
    ['cuda>=9.0,', { cuda: '9.0' }, 'met cuda>=9.0,'],
    // faults matter only when they are reached
    ['cuda==12.4', { cuda: '12.4' }, 'unmet invalid cuda==12.4'],
    ['gpu>=1', {}, 'unmet invalid gpu>=1'],
    ['cuda>=latest', { cuda: '12.4' }, 'unmet invalid cuda>=latest'],
    ['brand>tesla', { brands: ['tesla'] }, 'unmet invalid brand>tesla'],
    ['cuda>=12.4 nonsense', { cuda: '12.4' }, 'met cuda>=12.4'],
    ['cuda>=12.8 nonsense', { cuda: '12.4' }, 'unmet invalid nonsense'],
    ['cuda>=12.8,nonsense', { cuda: '12.4' }, 'unmet cuda>=12.8,nonsense'],
    // what is not known neither satisfies nor breaks it
    ['cuda>=12.8', {}, 'unknown cuda>=12.8'],
    ['cuda>=12.8 driver>=470', { driver: '525.60.13' }, 'met driver>=470'],
    ['cuda>=12.8 driver>=570', { driver: '525.60.13' }, 'unknown cuda>=12.8'],
    ['brand=tesla,driver>=570', { driver: '525.60.13' }, 'unmet brand=tesla,driver>=570'],
    ['cuda>=12.8 nonsense', {}, 'unknown nonsense'],
  ])('%j on %j: %s', (value, on, expected) => {
    expect(outcome(value, on)).toBe(expected);
  });

  it('reads any text without failing', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(
          fc.constantFrom('cuda', 'driver', 'arch'),
          fc.constantFrom('12.4', '535.104.05'),
        ),
        (text, on) => {
          expect(['met', 'unmet', 'unknown']).toContain(outcome(text, on).split(' ')[0]);
        },
      ),
    );
  });

  it('holds for a host exactly when one of its terms does', () => {
    const number = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('>=', '<', '=', '!=', '>', '<='), number), {
          minLength: 1,
          maxLength: 5,
        }),
        number,
        (terms, have) => {
          const value = terms.map(([operator, wanted]) => `cuda${operator}${wanted}.0`).join(' ');
          const holds = terms.some(
            ([operator, wanted]) =>
              ({
                '>=': have >= wanted,
                '<': have < wanted,
                '=': have === wanted,
                '!=': have !== wanted,
                '>': have > wanted,
                '<=': have <= wanted,
              })[operator],
          );
          expect(outcome(value, { cuda: `${have}.0` }).startsWith(holds ? 'met' : 'unmet')).toBe(
            true,
          );
        },
      ),
    );
  });

  it('is read more narrowly on Tegra: no driver, no brand, keys as written', () => {
    const on: RequirementHost = { cuda: [12, 6], driver: [540, 4], arch: [8, 7] };
    const truth = (value: string) =>
      evaluateRequirementOnTegra(parseRequirement('NVIDIA_REQUIRE_CUDA', value), on).truth;
    expect(truth('cuda>=12.6')).toBe('met');
    expect(truth('cuda>=12.8')).toBe('unmet');
    expect(truth('CUDA>=12.8')).toBe('met');
    expect(truth('cuda>=12.8 driver>=500')).toBe('unmet');
    expect(truth('cuda>=12.8 brand=tesla')).toBe('unmet');
    expect(truth('cuda>=12.8 arch>=8.0')).toBe('met');
    expect(truth('cuda>=12.8 Arch>=8.0')).toBe('unmet');
    // a fault is one wherever it stands, and a leading zero is one
    expect(truth('cuda>=12.6 driver>=470.57.02')).toBe('unmet');
    expect(truth('cuda>=12.6 nonsense')).toBe('unmet');
    // a driver that has no version is below every one
    expect(truth('driver<500')).toBe('met');
  });
});

describe('the requirements of an environment', () => {
  const read = (env: Record<string, string>) =>
    requirementsOf(env).map((one) => `${one.variable}: ${one.raw}`);
  it('are all NVIDIA_REQUIRE_* but those of JetPack', () => {
    const env = {
      NVIDIA_REQUIRE_DRIVER: 'driver>=418',
      NVIDIA_REQUIRE_CUDA: 'cuda>=9.0',
      NVIDIA_REQUIRE_JETPACK_HOST_MOUNTS: 'x',
    };
    expect(read(env)).toEqual([
      'NVIDIA_REQUIRE_CUDA: cuda>=9.0',
      'NVIDIA_REQUIRE_DRIVER: driver>=418',
    ]);
  });
  it('are implied by CUDA_VERSION where none is declared', () => {
    expect(read({ CUDA_VERSION: '12.8.1' })).toEqual(['CUDA_VERSION: cuda>=12.8']);
    expect(read({ CUDA_VERSION: '12.8.1', NVIDIA_REQUIRE_CUDA: '' })).toEqual([
      'NVIDIA_REQUIRE_CUDA: ',
      'CUDA_VERSION: cuda>=12.8',
    ]);
    expect(read({ CUDA_VERSION: '8', NVIDIA_REQUIRE_CUDA: 'cuda>=8.0' })).toEqual([
      'NVIDIA_REQUIRE_CUDA: cuda>=8.0',
    ]);
    expect(read({ CUDA_VERSION: '12' })).toEqual(['CUDA_VERSION: cuda>=12.0']);
    expect(read({})).toEqual([]);
  });
  it.each(['12.8.1.012', '12.02', 'latest'])(
    'are refused where one is implied by %s, which the toolkit cannot read',
    (version) => {
      const [implied] = requirementsOf({ CUDA_VERSION: version, NVIDIA_REQUIRE_CUDA: '' }).slice(
        -1,
      );
      const any: RequirementHost = { cuda: [99], driver: [999], arch: [99], brands: ['unknown'] };
      expect(implied).toBeDefined();
      if (implied === undefined) return;
      const refused = { truth: 'unmet', clause: version, invalid: true };
      expect(evaluateRequirement(implied, any)).toEqual(refused);
      expect(evaluateRequirementOnTegra(implied, any)).toEqual(refused);
    },
  );
  it.each(['1', 't', 'T', 'true', 'TRUE', 'True'])('are switched off by %s', (value) => {
    expect(isTrueForGo(value)).toBe(true);
  });
  it.each(['', '0', 'yes', 'on', 'tRUE', '2'])('are not switched off by %j', (value) => {
    expect(isTrueForGo(value)).toBe(false);
  });
});

describe('an unmet requirement', () => {
  const RTX4090 = 'NVIDIA GeForce RTX 4090';
  const mode = (gpuMode: string): HostFacts => ({ engine: { name: 'docker', gpuMode } });
  const env = {
    CUDA_VERSION: '12.9.1',
    NVIDIA_REQUIRE_CUDA:
      'cuda>=12.9 brand=tesla,driver>=570,driver<571 brand=unknown,driver>=570,driver<571',
  };

  it.each<[string, string, HostFacts, Record<string, string>, string]>([
    ['570.211.01', RTX4090, mode('legacy'), env, 'fails requirement-unmet'],
    ['570.211.01', RTX4090, mode('cdi'), env, 'works requirement-too-strict'],
    ['570.211.01', RTX4090, mode('jit-cdi'), env, 'works requirement-too-strict'],
    ['570.211.01', RTX4090, { engine: { name: 'podman' } }, env, 'works requirement-too-strict'],
    [
      '570.211.01',
      RTX4090,
      { engine: { name: 'docker', version: '28.2.2' } },
      env,
      'fails requirement-unmet',
    ],
    [
      '570.211.01',
      RTX4090,
      { engine: { name: 'docker', version: '29.4.0' } },
      env,
      'works minor-version-compatibility',
    ],
    ['570.211.01', RTX4090, {}, env, 'works minor-version-compatibility'],
    [
      '570.211.01',
      RTX4090,
      mode('legacy'),
      { ...env, NVIDIA_DISABLE_REQUIRE: 'true' },
      'works requirement-too-strict',
    ],
    [
      '570.211.01',
      RTX4090,
      { ...mode('legacy'), containerToolkit: { disableRequire: true } },
      env,
      'works requirement-too-strict',
    ],
    [
      '570.211.01',
      RTX4090,
      { ...mode('csv'), containerToolkit: { disableRequire: true } },
      env,
      'fails requirement-unmet',
    ],
    // an emptied requirement leaves the one that CUDA_VERSION implies, and NGC's has four numbers
    [
      '575.57.08',
      RTX4090,
      mode('legacy'),
      { CUDA_VERSION: '12.8.1.012', NVIDIA_REQUIRE_CUDA: '' },
      'fails requirement-unmet',
    ],
    [
      '575.57.08',
      RTX4090,
      mode('legacy'),
      { CUDA_VERSION: '12.8.1.012', NVIDIA_REQUIRE_CUDA: 'cuda>=9.0' },
      'works -',
    ],
    [
      '570.211.01',
      RTX4090,
      mode('legacy'),
      { ...env, NVIDIA_DISABLE_REQUIRE: 'yes' },
      'fails requirement-unmet',
    ],
    [
      '570.211.01',
      'NVIDIA H100 80GB HBM3',
      mode('legacy'),
      env,
      'works minor-version-compatibility',
    ],
    ['570.211.01', 'Tesla T4', mode('legacy'), env, 'works minor-version-compatibility'],
    ['575.57.08', RTX4090, mode('legacy'), env, 'works -'],
    ['470.82.01', 'NVIDIA GeForce RTX 3090', mode('legacy'), env, 'fails requirement-unmet'],
    ['470.82.01', 'NVIDIA GeForce RTX 3090', mode('cdi'), env, 'fails driver-too-old'],
    // a second variable counts too
    [
      '575.57.08',
      RTX4090,
      mode('legacy'),
      { ...env, NVIDIA_REQUIRE_ARCH: 'arch>=9.0' },
      'fails requirement-unmet',
    ],
    // the requirement that old images imply
    ['550.54.15', RTX4090, mode('legacy'), { CUDA_VERSION: '12.9.1' }, 'fails requirement-unmet'],
    ['550.54.15', RTX4090, mode('cdi'), { CUDA_VERSION: '12.9.1' }, 'works requirement-too-strict'],
    // laxer than CUDA needs
    [
      '470.82.01',
      'NVIDIA GeForce RTX 3090',
      mode('legacy'),
      { CUDA_VERSION: '12.9.1', NVIDIA_REQUIRE_CUDA: 'cuda>=9.0' },
      'fails driver-too-old',
    ],
    // an invalid expression is an error of the hook
    [
      '575.57.08',
      RTX4090,
      mode('legacy'),
      { CUDA_VERSION: '12.9.1', NVIDIA_REQUIRE_CUDA: 'cuda==12.9' },
      'fails requirement-unmet',
    ],
  ])('driver %s, %s, %j, %j: %s', (driver, gpu, rest, environment, expected) => {
    expect(verdict(facts(host(driver, [gpu], rest), { env: environment }))).toBe(expected);
  });

  it('is refused when one of several GPUs fails it', () => {
    const gpus = ['NVIDIA H100 80GB HBM3', RTX4090];
    expect(verdict(facts(host('570.211.01', gpus, mode('legacy')), { env }))).toBe(
      'fails requirement-unmet',
    );
  });

  it('counts arch and brand as satisfied where no GPU is visible', () => {
    const given = { CUDA_VERSION: '12.9.1', NVIDIA_REQUIRE_CUDA: 'cuda>=12.9 arch>=9.0' };
    expect(verdict(facts(host('570.211.01', [], mode('legacy')), { env: given }))).toBe(
      'works minor-version-compatibility',
    );
  });

  it('is overruled by a container that started', () => {
    const probe = {
      started: true,
      libcuda: { origin: 'host' },
      init: { code: 0 },
      runtime: { code: 0 },
    };
    expect(verdict(facts(host('570.211.01', [RTX4090], mode('legacy')), { env }, { probe }))).toBe(
      'works requirement-too-strict',
    );
  });

  it('leaves the lead to forward compatibility, which makes it work', () => {
    const image = {
      cuda: '13.0.1',
      compatDriver: { version: '580.82.07' },
      env: { NVIDIA_REQUIRE_CUDA: 'cuda>=13.0' },
    };
    const pair = facts(host('535.104.05', ['NVIDIA A100-SXM4-80GB'], mode('cdi')), image);
    expect(diagnose(pair, []).findings.map((one) => one.id)).toEqual([
      'forward-compatibility-in-use',
      'requirement-too-strict',
    ]);
  });

  it('refuses before anything in the image could fail', () => {
    const image = { env, libc: { family: 'musl' } };
    expect(verdict(facts(host('570.211.01', [RTX4090], mode('legacy')), image))).toBe(
      'fails requirement-unmet',
    );
  });

  it('is refused whatever it says when there are more than 32', () => {
    const many = Object.fromEntries(
      Array.from({ length: 33 }, (_, index) => [`NVIDIA_REQUIRE_${index}`, 'cuda>=9.0']),
    );
    expect(
      verdict(facts(host('615.23', [RTX4090], mode('legacy')), { cuda: '12.9', env: many })),
    ).toBe('fails requirement-unmet');
  });

  it('names the clause that decides, and what cannot be told', () => {
    const [finding] = diagnose(
      facts(host('570.211.01', [RTX4090], mode('legacy')), { env }),
      [],
    ).findings;
    expect(finding?.data).toMatchObject({
      variable: 'NVIDIA_REQUIRE_CUDA',
      clause: 'cuda>=12.9',
      enforcement: 'enforced',
    });
    const { unchecked } = diagnose(facts(host('570.211.01', [RTX4090]), { env }), []);
    expect(unchecked).toContainEqual({
      what: 'declared requirements (NVIDIA_REQUIRE_*)',
      why: 'NVIDIA_REQUIRE_CUDA "cuda>=12.9" is not met, and how the engine brings GPUs into a container is not known',
    });
  });

  it.each([
    ['cuda>=12.9', '575.51.03'],
    ['driver>=575.51', '575.51'],
    ['brand=tesla,cuda>=12.9', undefined],
    ['driver>=575.51,driver<576', undefined],
  ])('names the driver that would meet %s only where a driver alone can: %s', (clause, minimum) => {
    const [finding] = diagnose(
      facts(host('570.211.01', [RTX4090], mode('legacy')), {
        cuda: '12.8',
        env: { NVIDIA_REQUIRE_CUDA: clause },
      }),
      [],
    ).findings;
    expect(finding?.id).toBe('requirement-unmet');
    expect(finding?.data.needsDriver).toBe(minimum);
  });
});

describe('what helps against an unmet requirement', () => {
  const legacy: HostFacts = { engine: { name: 'docker', gpuMode: 'legacy' } };
  const RTX3090 = 'NVIDIA GeForce RTX 3090';
  const A100 = 'NVIDIA A100-SXM4-80GB';
  const env = { CUDA_VERSION: '12.8.1', NVIDIA_REQUIRE_CUDA: 'cuda>=12.8' };
  const refused = (clause: string | undefined): Finding => ({
    id: 'requirement-unmet',
    severity: 'error',
    evidence: [{ what: 'log line 1', value: 'requirement error', from: 'engine' }],
    data: clause === undefined ? {} : { clause },
  });

  it('is one driver that meets it and runs CUDA: a driver too old for both is told once', () => {
    const { findings } = diagnose(facts(host('470.82.01', [RTX3090], legacy), { env }), []);
    expect(findings.map(({ id }) => id)).toEqual(['requirement-unmet']);
    expect(findings[0]?.data).toMatchObject({
      needsDriver: '570.26',
      cudaNeedsDriver: '525.60.13',
    });
  });

  it('is the driver of CUDA where the requirement asks for less', () => {
    const lax = { CUDA_VERSION: '12.8.1', NVIDIA_REQUIRE_CUDA: 'cuda>=11.5' };
    const { findings } = diagnose(facts(host('470.82.01', [RTX3090], legacy), { env: lax }), []);
    expect(findings.map(({ id }) => id)).toEqual(['requirement-unmet']);
    expect(findings[0]?.data.needsDriver).toBe('525.60.13');
  });

  it('is two things where no driver meets the clause, and no library in the image is one of them', () => {
    const arch = { CUDA_VERSION: '12.8.1', NVIDIA_REQUIRE_CUDA: 'arch>=9.0' };
    const { findings } = diagnose(facts(host('470.82.01', [A100], legacy), { env: arch }), []);
    expect(findings.map(({ id }) => id)).toEqual(['requirement-unmet', 'driver-too-old']);
    expect(findings[1]?.data.compatPackage).toBeUndefined();
    const met = { ...arch, NVIDIA_REQUIRE_CUDA: 'arch>=8.0' };
    const open = diagnose(facts(host('470.82.01', [A100], legacy), { env: met }), []);
    expect(open.findings[0]?.data.compatPackage).toBe('cuda-compat-12-8');
  });

  it('is known where only the engine said that it is unmet', () => {
    const unheard = facts(host('535.104.05', ['Unheard-of'], legacy), {
      env: { ...env, NVIDIA_REQUIRE_CUDA: 'cuda>=12.8 brand=tesla,driver>=535,driver<536' },
    });
    expect(diagnose(unheard, []).findings.map(({ id }) => id)).not.toContain('requirement-unmet');
    const [finding] = diagnose(unheard, [refused('cuda >= 12.8')]).findings;
    expect(finding?.data).toMatchObject({
      needsDriver: '570.26',
      variable: 'NVIDIA_REQUIRE_CUDA',
      enforcement: 'enforced',
      enforcementWhy: 'the container was refused over it',
    });
    const [silent] = diagnose(unheard, [refused(undefined)]).findings;
    expect(silent?.id).toBe('requirement-unmet');
    expect(silent?.data.needsDriver).toBeUndefined();
  });

  it('is known without the image’s environment, too', () => {
    const pair = facts(host('470.82.01', [RTX3090], legacy), { cuda: '12.8.1' });
    const [finding, ...others] = diagnose(pair, [refused('cuda>=12.8')]).findings;
    expect(finding?.data.needsDriver).toBe('570.26');
    expect(others).toEqual([]);
  });

  it('is no reading of a text where the container started', () => {
    const probe = { started: true, libcuda: { origin: 'host' }, init: { code: 0 } };
    const pair = facts(host('570.211.01', [RTX3090], legacy), { env }, { probe });
    const [finding] = diagnose(pair, [refused('cuda>=12.8')]).findings;
    expect(finding?.data.needsDriver).toBeUndefined();
  });
});
