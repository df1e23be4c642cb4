import { capabilityOfName, plainName } from '../../../src/core/gpu-names.js';
import { nearest } from '../../../src/core/near.js';
import {
  evaluateRequirement,
  parseRequirement,
  type RequirementHost,
  requirementsOf,
} from '../../../src/core/requirement.js';
import { evaluateRequirementOnTegra } from '../../../src/core/requirement-tegra.js';
import { flavourOf } from '../../../src/core/tables.js';
import { parseComputeCapability, parseTarget } from '../../../src/core/target.js';
import {
  compareDotted,
  parseCudaVersion,
  parseDotted,
  parseDriverVersion,
  parsePtxIsa,
} from '../../../src/core/version.js';
import { holds, type Parser } from '../parser.js';

const HOSTS: readonly RequirementHost[] = [
  {},
  { cuda: [12, 2], driver: [535, 104, 5], arch: [8, 0], brands: ['nvidia', 'tesla'] },
  { cuda: [13, 0], driver: [580, 65, 6], arch: 'any', brands: 'any' },
];

const requirements: Parser = {
  name: 'requirements of an image (NVIDIA_REQUIRE_*)',
  files: ['src/core/requirement.ts', 'src/core/requirement-tegra.ts'],
  samples: [
    'cuda>=12.4 brand=tesla,driver>=470,driver<471 brand=unknown,driver>=535,driver<536 brand=nvidiartx,driver>=535,driver<536',
    'cuda>=9.0',
    'driver>=450.80.02,arch!=3.0 brand!=geforce',
    'cuda>=11.0,driver<=535.104.05',
  ],
  pieces: [
    ...['cuda', 'driver', 'arch', 'brand', 'CUDA', 'tegra', '>=', '<=', '!=', '=', '<', '>', '=='],
    ...[' ', ',', '  ', ',,', '12.4', '535.104.05', '8.0', 'tesla', 'unknown', '1.', '.1'],
  ],
  read: (text) => {
    const requirement = parseRequirement('NVIDIA_REQUIRE_CUDA', text);
    for (const term of requirement.terms) {
      holds(text.includes(term.raw), 'a term stands in the text');
      holds(term.factors.length > 0 || /^,+$/.test(term.raw), 'a term has factors, or is commas');
    }
    const outcomes = HOSTS.flatMap((host) => [
      evaluateRequirement(requirement, host),
      evaluateRequirementOnTegra(requirement, host),
    ]);
    const [nothingKnown] = outcomes;
    const isFaulty = requirement.terms.some(({ factors }) =>
      factors.some((factor) => factor.kind === 'invalid' || factor.parts === undefined),
    );
    holds(
      nothingKnown?.truth !== 'unmet' || isFaulty,
      'a host of which nothing is known fails no requirement but a faulty one',
    );
    const again = parseRequirement('x', requirement.terms.map(({ raw }) => raw).join(' '));
    holds(again.terms.length === requirement.terms.length, 'terms read again are the same');
    return [
      requirement,
      outcomes,
      requirementsOf({ NVIDIA_REQUIRE_CUDA: text }),
      requirementsOf({ CUDA_VERSION: text }),
    ];
  },
  growth: { factor: 60, beside: 2_000 },
};

const versions: Parser = {
  name: 'versions of drivers, CUDA and PTX',
  files: ['src/core/version.ts'],
  samples: [
    '535.104.05',
    '535',
    '535.x',
    '12.8.1.012',
    '12080',
    '13',
    '8.7',
    '470.82',
    '450.80.02',
  ],
  pieces: ['5', '35', '104', '.', '.x', '.X', '..', '0', '12', '12080', ' ', '\t', '+', 'e', '١'],
  read: (text) => {
    const [driver, cuda, isa] = [
      parseDriverVersion(text),
      parseCudaVersion(text),
      parsePtxIsa(text),
    ];
    if (driver !== undefined) {
      holds(driver.branch >= 100 && driver.branch <= 9999, 'a branch has three or four digits');
      const again = parseDriverVersion(driver.parts.join('.'));
      holds(compareDotted(again?.parts ?? [], driver.parts) === 0, 'a driver reads back the same');
    }
    if (cuda !== undefined) {
      const again = parseCudaVersion(`${cuda.major}.${cuda.minor}`);
      holds(again?.major === cuda.major && again.minor === cuda.minor, 'CUDA reads back the same');
    }
    const dotted = parseDotted(text);
    holds(dotted === undefined || dotted.every(Number.isSafeInteger), 'parts are whole numbers');
    return [driver, cuda, isa, dotted];
  },
  growth: { factor: 4, beside: 200 },
};

const targets: Parser = {
  name: 'targets and compute capabilities',
  files: ['src/core/target.ts'],
  samples: ['sm_90a', 'sm_100f', 'compute_120', 'sm_86', '8.0', '10.3'],
  pieces: ['sm_', 'compute_', 'lto_', '9', '90', '100', 'a', 'f', '.', '8.0', ' ', '\n'],
  read: (text) => {
    const target = parseTarget(text);
    if (target !== undefined) {
      const { kind, major, minor, variant } = target;
      const written = `${kind === 'cubin' ? 'sm' : 'compute'}_${major}${minor}${variant}`;
      const again = parseTarget(written);
      holds(
        again?.major === major && again.minor === minor && again.variant === variant,
        'a target reads back the same',
      );
    }
    return [target, parseComputeCapability(text)];
  },
  growth: { factor: 4, beside: 200 },
};

const gpuNames: Parser = {
  name: 'names of GPUs',
  files: ['src/core/gpu-names.ts', 'src/core/near.ts'],
  samples: [
    'NVIDIA A100-SXM4-80GB',
    'NVIDIA H100 80GB HBM3 MIG 1g.10gb',
    'NVIDIA GeForce RTX 4090',
    'GRID A100D-40C',
    'Tesla V100-SXM2-16GB',
    'NVIDIA L4 (simulated)',
    'Orin (nvgpu)',
  ],
  pieces: [
    ...['NVIDIA', 'Tesla', 'GeForce', 'RTX', 'GRID', 'MIG', 'A100', 'H100', '4090', 'L4', 'Quadro'],
    ...[
      'SXM4',
      'PCIe',
      '80GB',
      '(simulated)',
      '-',
      ' ',
      '-8Q',
      '-40C',
      '1g.10gb',
      'Ti',
      'Laptop GPU',
    ],
  ],
  read: (text) => [capabilityOfName(text), plainName(text), nearest(text, NAMES), flavourOf(text)],
  growth: { factor: 3, beside: 500 },
  // Every word is compared with the words of all names.
  microseconds: 60,
};

const NAMES = ['NVIDIA A100-SXM4-80GB', 'NVIDIA H100 80GB HBM3', 'NVIDIA L4', 'Tesla T4'];

export const CORE: readonly Parser[] = [requirements, versions, targets, gpuNames];
