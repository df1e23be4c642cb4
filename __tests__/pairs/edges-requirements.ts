import type { FindingId, Verdict } from '../../src/core/catalogue.js';
import { edge, named } from './edge.js';
import { type Pair, type Sketch, SOURCES } from './pair.js';

const { requirements, requireVariables, cdi } = SOURCES;
const UNMET = 'requirement-unmet';
const STRICT = 'requirement-too-strict';
const MINOR = 'minor-version-compatibility';
const OLD = 'driver-too-old';

const gate = (
  sketch: Sketch,
  verdict: Verdict,
  primary: FindingId | null,
  source: string = requirements,
): Pair =>
  edge(
    {
      driver: '535.183.01',
      driverCuda: '12.2',
      gpus: named('RTX 4090'),
      mode: 'legacy',
      cuda: '12.4.1',
      ...sketch,
    },
    verdict,
    primary,
    source,
  );

/** nvidia/cuda:12.4.1, with the branches that matter here; GeForce is named. */
const OFFICIAL_124 =
  'cuda>=12.4 brand=tesla,driver>=470,driver<471 brand=unknown,driver>=470,driver<471 brand=nvidia,driver>=470,driver<471 brand=nvidiartx,driver>=470,driver<471 brand=geforce,driver>=470,driver<471 brand=geforcertx,driver>=470,driver<471 brand=quadro,driver>=470,driver<471 brand=quadrortx,driver>=470,driver<471 brand=titan,driver>=470,driver<471 brand=titanrtx,driver>=470,driver<471 brand=tesla,driver>=525,driver<526 brand=unknown,driver>=525,driver<526 brand=nvidia,driver>=525,driver<526 brand=nvidiartx,driver>=525,driver<526 brand=geforce,driver>=525,driver<526 brand=geforcertx,driver>=525,driver<526 brand=quadro,driver>=525,driver<526 brand=quadrortx,driver>=525,driver<526 brand=titan,driver>=525,driver<526 brand=titanrtx,driver>=525,driver<526 brand=tesla,driver>=535,driver<536 brand=unknown,driver>=535,driver<536 brand=nvidia,driver>=535,driver<536 brand=nvidiartx,driver>=535,driver<536 brand=geforce,driver>=535,driver<536 brand=geforcertx,driver>=535,driver<536 brand=quadro,driver>=535,driver<536 brand=quadrortx,driver>=535,driver<536 brand=titan,driver>=535,driver<536 brand=titanrtx,driver>=535,driver<536';
/** nvidia/cuda:12.6.3, likewise; GeForce is named no more. */
const OFFICIAL_126 =
  'cuda>=12.6 brand=unknown,driver>=470,driver<471 brand=grid,driver>=470,driver<471 brand=tesla,driver>=470,driver<471 brand=nvidia,driver>=470,driver<471 brand=quadro,driver>=470,driver<471 brand=quadrortx,driver>=470,driver<471 brand=nvidiartx,driver>=470,driver<471 brand=vapps,driver>=470,driver<471 brand=vpc,driver>=470,driver<471 brand=vcs,driver>=470,driver<471 brand=vws,driver>=470,driver<471 brand=cloudgaming,driver>=470,driver<471 brand=unknown,driver>=535,driver<536 brand=grid,driver>=535,driver<536 brand=tesla,driver>=535,driver<536 brand=nvidia,driver>=535,driver<536 brand=quadro,driver>=535,driver<536 brand=quadrortx,driver>=535,driver<536 brand=nvidiartx,driver>=535,driver<536 brand=unknown,driver>=550,driver<551 brand=tesla,driver>=550,driver<551 brand=nvidia,driver>=550,driver<551 brand=nvidiartx,driver>=550,driver<551';

const REQUIREMENTS: Pair[] = [
  gate({ require: OFFICIAL_124 }, 'works', MINOR),
  gate({ require: OFFICIAL_124, driver: '530.41.03', driverCuda: '12.1' }, 'fails', UNMET),
  gate({ require: OFFICIAL_124, driver: '545.29.06', driverCuda: '12.3' }, 'fails', UNMET),
  gate(
    { require: OFFICIAL_124, driver: '545.29.06', driverCuda: '12.3', mode: 'cdi' },
    'works',
    STRICT,
    cdi,
  ),
  gate(
    { require: OFFICIAL_124, driver: '545.29.06', driverCuda: '12.3', mode: 'jit-cdi' },
    'works',
    STRICT,
    cdi,
  ),
  gate({ require: OFFICIAL_124, driver: '550.54.15', driverCuda: '12.4' }, 'works', null),
  gate(
    { require: OFFICIAL_124, driver: '470.256.02', driverCuda: '11.4', gpus: named('RTX 3090') },
    'fails',
    OLD,
  ),
  gate(
    {
      require: OFFICIAL_124,
      driver: '470.256.02',
      driverCuda: '11.4',
      gpus: named('RTX 3090'),
      mode: 'cdi',
    },
    'fails',
    OLD,
  ),
  gate({ require: OFFICIAL_126, cuda: '12.6.3' }, 'fails', UNMET),
  gate({ require: OFFICIAL_126, cuda: '12.6.3', mode: 'cdi' }, 'works', STRICT, cdi),
  gate({ require: OFFICIAL_126, cuda: '12.6.3', gpus: named('Tesla T4') }, 'works', MINOR),
  gate({ require: OFFICIAL_126, cuda: '12.6.3', gpus: named('A100') }, 'works', MINOR),
  gate({ require: OFFICIAL_126, cuda: '12.6.3', gpus: named('H100') }, 'works', MINOR),
  gate({ require: OFFICIAL_126, cuda: '12.6.3', gpus: named('RTX A6000') }, 'works', MINOR),
  gate(
    {
      require: OFFICIAL_126,
      cuda: '12.6.3',
      gpus: named('A100'),
      driver: '545.23.08',
      driverCuda: '12.3',
    },
    'fails',
    UNMET,
  ),
  gate(
    {
      require: OFFICIAL_126,
      cuda: '12.6.3',
      gpus: named('A100'),
      driver: '560.35.05',
      driverCuda: '12.6',
    },
    'works',
    null,
  ),
  gate(
    {
      require: OFFICIAL_126,
      cuda: '12.6.3',
      gpus: named('A100'),
      driver: '580.82.07',
      driverCuda: '13.0',
    },
    'works',
    null,
  ),
  gate(
    { require: OFFICIAL_126, cuda: '12.6.3', env: { NVIDIA_DISABLE_REQUIRE: '1' } },
    'works',
    STRICT,
  ),
  gate(
    { require: OFFICIAL_126, cuda: '12.6.3', env: { NVIDIA_DISABLE_REQUIRE: 'true' } },
    'works',
    STRICT,
  ),
  gate(
    { require: OFFICIAL_126, cuda: '12.6.3', env: { NVIDIA_DISABLE_REQUIRE: 'T' } },
    'works',
    STRICT,
  ),
  gate(
    { require: OFFICIAL_126, cuda: '12.6.3', env: { NVIDIA_DISABLE_REQUIRE: 'yes' } },
    'fails',
    UNMET,
  ),
  gate(
    { require: OFFICIAL_126, cuda: '12.6.3', env: { NVIDIA_DISABLE_REQUIRE: '0' } },
    'fails',
    UNMET,
  ),
  gate(
    { require: OFFICIAL_126, cuda: '12.6.3', env: { NVIDIA_DISABLE_REQUIRE: '' } },
    'fails',
    UNMET,
  ),
  gate(
    { require: OFFICIAL_126, cuda: '12.6.3', env: { NVIDIA_DISABLE_REQUIRE: 'tRUE' } },
    'fails',
    UNMET,
  ),
  gate({ require: 'cuda>=9.0', cuda: '12.2.2' }, 'works', null),
  gate({ require: 'cuda>=9.0', cuda: '13.0.1' }, 'fails', OLD),
  gate({ require: 'cuda>=9.0', cuda: '12.4.1' }, 'works', MINOR),
  gate({ require: 'cuda>=12.2.0', cuda: '12.2.2' }, 'works', null),
  gate({ require: 'cuda>=12.2.1', cuda: '12.2.2' }, 'fails', UNMET),
  gate({ require: 'cuda>=12.10', cuda: '12.2.2' }, 'fails', UNMET),
  gate({ require: 'cuda>=12.2,driver<536', cuda: '12.2.2' }, 'works', null),
  gate({ require: 'cuda>=12.2,driver<535', cuda: '12.2.2' }, 'fails', UNMET),
  gate({ require: 'cuda>=12.2,arch>=9.0', cuda: '12.2.2' }, 'fails', UNMET),
  gate({ require: 'cuda>=12.2,arch>=9.0', cuda: '12.2.2', mode: 'cdi' }, 'works', STRICT, cdi),
  gate(
    { require: 'arch>=7.0', cuda: '12.2.2', gpus: named('GTX 1070 Ti', 'Tesla P4') },
    'fails',
    UNMET,
  ),
  gate(
    { require: 'arch>=7.0', cuda: '12.2.2', gpus: named('RTX 4090', 'GTX 1070 Ti') },
    'fails',
    UNMET,
  ),
  gate({ require: 'brand=tesla', cuda: '12.2.2', gpus: named('Tesla T4') }, 'works', null),
  gate({ require: 'brand=tesla', cuda: '12.2.2', gpus: named('RTX 4090') }, 'fails', UNMET),
  gate({ require: 'brand!=geforce', cuda: '12.2.2', gpus: named('RTX 4090') }, 'fails', UNMET),
  gate({ require: 'brand=titan', cuda: '12.2.2', gpus: named('NVIDIA TITAN RTX') }, 'works', null),
  gate({ require: 'brand=quadro', cuda: '12.2.2', gpus: named('Quadro P4000') }, 'works', null),
  gate({ require: 'driver=535', cuda: '12.2.2' }, 'fails', UNMET),
  gate({ require: 'driver<=535', cuda: '12.2.2' }, 'fails', UNMET),
  gate({ require: 'driver=535.183.01', cuda: '12.2.2' }, 'works', null),
  gate({ require: 'driver>=535.183.1', cuda: '12.2.2' }, 'works', null),
  gate({ require: 'cuda=12.2.0', cuda: '12.2.2' }, 'works', null),
  gate({ require: 'cuda>=12.4 driver>=535', cuda: '12.4.1' }, 'works', MINOR),
  gate({ require: 'CUDA>=12.4', cuda: '12.4.1' }, 'fails', UNMET),
  gate({ require: 'cuda>=12.4 bogus', cuda: '12.4.1' }, 'fails', UNMET),
  gate({ require: 'cuda>=12.0 bogus', cuda: '12.4.1' }, 'works', MINOR),
  gate({ require: 'bogus', cuda: '12.2.2' }, 'fails', UNMET),
  gate({ require: 'cuda>=twelve', cuda: '12.2.2' }, 'fails', UNMET),
  gate({ require: 'cuda==12.2', cuda: '12.2.2' }, 'fails', UNMET),
  gate({ require: ',,  ,', cuda: '12.2.2' }, 'works', null),
  gate({ require: '', cuda: '12.2.2' }, 'works', null),
  gate(
    {
      env: { NVIDIA_REQUIRE_CUDA: 'cuda>=12.2', NVIDIA_REQUIRE_ARCH: 'arch>=9.0' },
      cuda: '12.2.2',
    },
    'fails',
    UNMET,
  ),
  gate(
    {
      env: { NVIDIA_REQUIRE_CUDA: 'cuda>=12.2', NVIDIA_REQUIRE_DRIVER: 'driver>=535' },
      cuda: '12.2.2',
    },
    'works',
    null,
  ),
  gate(
    {
      env: { NVIDIA_REQUIRE_CUDA: 'cuda>=12.2', NVIDIA_REQUIRE_JETPACK_HOST_MOUNTS: 'base-only' },
      cuda: '12.2.2',
    },
    'works',
    null,
  ),
  gate({ env: { CUDA_VERSION: '12.4.1' }, cuda: '12.4.1' }, 'fails', UNMET, requireVariables),
  gate(
    { env: { CUDA_VERSION: '12.4.1' }, cuda: '12.4.1', mode: 'cdi' },
    'works',
    STRICT,
    requireVariables,
  ),
  gate(
    { env: { CUDA_VERSION: '12.4.1', NVIDIA_DISABLE_REQUIRE: '1' }, cuda: '12.4.1' },
    'works',
    STRICT,
    requireVariables,
  ),
  gate({ env: { CUDA_VERSION: '12.2.2' }, cuda: '12.2.2' }, 'works', null, requireVariables),
  gate(
    { env: { CUDA_VERSION: '12.4.1', NVIDIA_REQUIRE_CUDA: '' }, cuda: '12.4.1' },
    'fails',
    UNMET,
    requireVariables,
  ),
  gate(
    { env: { CUDA_VERSION: '12.4.1', NVIDIA_REQUIRE_CUDA: 'cuda>=12.0' }, cuda: '12.4.1' },
    'works',
    MINOR,
    requireVariables,
  ),
  gate(
    {
      require: 'cuda>=12.8',
      cuda: '12.8.1',
      driver: '470.256.02',
      driverCuda: '11.4',
      gpus: named('A100'),
      mode: 'cdi',
    },
    'fails',
    OLD,
  ),
  gate(
    { require: 'cuda>=13.0', cuda: '13.0.1', env: { NVIDIA_DISABLE_REQUIRE: 'true' } },
    'fails',
    OLD,
  ),
  gate(
    {
      require: 'cuda>=12.0 brand=tesla,driver>=384,driver<385',
      cuda: '10.0',
      driver: '390.87',
      driverCuda: '9.1',
      gpus: named('V100'),
    },
    'fails',
    UNMET,
  ),
  gate(
    { require: 'cuda>=12.9', cuda: '12.9.1', driver: '570.211.01', driverCuda: '12.8' },
    'fails',
    UNMET,
  ),
  gate(
    {
      require: 'cuda>=12.9',
      cuda: '12.9.1',
      driver: '570.211.01',
      driverCuda: '12.8',
      mode: 'cdi',
    },
    'works',
    STRICT,
  ),
  gate(
    { require: OFFICIAL_126, cuda: '12.6.3', gpus: named('A100'), compat: '560.35.05' },
    'works',
    'forward-compatibility-in-use',
  ),
  gate(
    { require: OFFICIAL_124, cuda: '12.4.1', compat: '550.54.15' },
    'fails',
    'forward-compatibility-unsupported',
  ),
];

export const EDGES_REQUIREMENTS: Pair[] = REQUIREMENTS;
