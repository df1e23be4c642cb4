import type { FindingId, Verdict } from '../../src/core/catalogue.js';
import { type GpuName, type Pair, pair, type Sketch, SOURCES } from './pair.js';

const { requirements, requireVariables, cdi } = SOURCES;

/** nvidia/cuda:12.8.1, the first clauses of its value. */
const CUDA_128 =
  'cuda>=12.8 brand=unknown,driver>=470,driver<471 brand=grid,driver>=470,driver<471 brand=tesla,driver>=470,driver<471 brand=nvidia,driver>=470,driver<471 brand=unknown,driver>=535,driver<536 brand=tesla,driver>=535,driver<536 brand=nvidia,driver>=535,driver<536 brand=unknown,driver>=550,driver<551 brand=tesla,driver>=550,driver<551 brand=nvidia,driver>=550,driver<551';

/** nvidia/cuda:12.1.0, where GeForce is still named. */
const CUDA_121 =
  'cuda>=12.1 brand=tesla,driver>=470,driver<471 brand=unknown,driver>=525,driver<526 brand=nvidia,driver>=525,driver<526 brand=geforce,driver>=525,driver<526 brand=geforcertx,driver>=525,driver<526';

const CASE: Sketch = {
  driver: '550.163.01',
  driverCuda: '12.4',
  gpu: 'rtx4090',
  mode: 'legacy',
  cuda: '12.4.1',
};

/** One requirement on driver 550.163.01 (CUDA 12.4) and an RTX 4090 (8.9, brand geforce), enforced. */
const legacy = (require: string, met: boolean, sketch: Sketch = {}): Pair =>
  pair(
    `${require || '(empty)'}: ${met ? 'met' : 'not met'}`,
    { ...CASE, require, ...sketch },
    met ? 'works' : 'fails',
    met ? null : 'requirement-unmet',
    requirements,
  );

const GRAMMAR: Pair[] = [
  legacy('cuda>=12.4', true),
  legacy('cuda>=12.5', false),
  legacy('cuda>12.4', false),
  legacy('cuda>=12.10', false),
  legacy('cuda=12.4', true),
  legacy('cuda>=12.4.0', true),
  legacy('cuda>=12.4.1', false),
  legacy('cuda<13', true),
  legacy('cuda!=12.4', false),
  legacy('CUDA>=12.4', true),
  legacy('CUDA>=12.8', false),
  legacy('cuda==12.4', false),
  legacy('driver>=550', true),
  legacy('driver>=550.163.01', true),
  legacy('driver>=550.163.02', false),
  legacy('driver<550', false),
  legacy('driver<=550', false),
  legacy('driver=550', false),
  legacy('driver<551', true),
  legacy('driver>=550,driver<551', true),
  legacy('arch>=8.9', true),
  legacy('arch>=9.0', false),
  legacy('arch<9.0,cuda>=12.0', true),
  legacy('brand=geforce', true),
  legacy('brand=GeForce', true),
  legacy('brand=tesla', false),
  legacy('brand!=geforce', false),
  legacy('cuda>=12.8 driver>=550', true),
  legacy('cuda>=12.8 brand=tesla,driver>=550,driver<551', false),
  legacy('cuda>=12.8 brand=geforce,driver>=550,driver<551', true),
  legacy('colour=green', false),
  legacy('cuda>=12.0 colour=green', true),
  legacy('cuda>=12.8 colour=green', false),
];

const gate = (
  name: string,
  sketch: Sketch,
  verdict: Verdict,
  primary: FindingId | null,
  source: string = requirements,
): Pair => pair(name, sketch, verdict, primary, source);

const official = (
  gpu: GpuName,
  driver: string,
  mode: string,
  require: string,
  cuda: string,
): Sketch => ({
  gpu,
  driver,
  mode,
  require,
  cuda,
});

const OFFICIAL: Pair[] = [
  gate(
    '12.8 image, RTX 4090 on 535, legacy: refused although CUDA would run',
    official('rtx4090', '535.104.05', 'legacy', CUDA_128, '12.8.1'),
    'fails',
    'requirement-unmet',
  ),
  gate(
    '12.8 image, RTX 4090 on 535, CDI: started and runs',
    official('rtx4090', '535.104.05', 'cdi', CUDA_128, '12.8.1'),
    'works',
    'requirement-too-strict',
    cdi,
  ),
  gate(
    '12.8 image, RTX 4090 on 535, jit-cdi',
    official('rtx4090', '535.104.05', 'jit-cdi', CUDA_128, '12.8.1'),
    'works',
    'requirement-too-strict',
    cdi,
  ),
  gate(
    '12.8 image, A100 on 535, legacy: named branch',
    official('a100', '535.309.01', 'legacy', CUDA_128, '12.8.1'),
    'works',
    'minor-version-compatibility',
  ),
  gate(
    '12.8 image, T4 on 535, legacy: named branch',
    official('t4', '535.309.01', 'legacy', CUDA_128, '12.8.1'),
    'works',
    'minor-version-compatibility',
  ),
  gate(
    '12.8 image, A100 on 545, legacy: branch not named',
    official('a100', '545.23.08', 'legacy', CUDA_128, '12.8.1'),
    'fails',
    'requirement-unmet',
  ),
  gate(
    '12.8 image, A100 on 570, legacy',
    official('a100', '570.124.06', 'legacy', CUDA_128, '12.8.1'),
    'works',
    null,
  ),
  gate(
    '12.8 image, RTX 4090 on 580, legacy',
    official('rtx4090', '580.82.07', 'legacy', CUDA_128, '12.8.1'),
    'works',
    null,
  ),
  gate(
    '12.8 image, T4 on 470, CDI: not refused, but too old',
    official('t4', '470.256.02', 'cdi', CUDA_128, '12.8.1'),
    'fails',
    'driver-too-old',
  ),
  gate(
    '12.8 image, T4 on 460, legacy: refused and too old',
    official('t4', '460.106.00', 'legacy', CUDA_128, '12.8.1'),
    'fails',
    'requirement-unmet',
  ),
  gate(
    '12.1 image, RTX 3090 on 525, legacy: GeForce named',
    official('rtx3090', '525.147.05', 'legacy', CUDA_121, '12.1.1'),
    'works',
    'minor-version-compatibility',
  ),
  gate(
    '12.1 image, RTX 3090 on 515, legacy',
    official('rtx3090', '515.105.01', 'legacy', CUDA_121, '12.1.1'),
    'fails',
    'requirement-unmet',
  ),
  gate(
    'NGC image asks for cuda>=9.0 only: the gate is laxer than CUDA',
    official('t4', '470.256.02', 'legacy', 'cuda>=9.0', '12.8.1'),
    'fails',
    'driver-too-old',
  ),
];

const VARIABLES: Pair[] = [
  gate(
    'disabled with 1',
    { ...CASE, cuda: '12.8.1', require: 'cuda>=12.8', env: { NVIDIA_DISABLE_REQUIRE: '1' } },
    'works',
    'requirement-too-strict',
    requireVariables,
  ),
  gate(
    'disabled with True',
    { ...CASE, cuda: '12.8.1', require: 'cuda>=12.8', env: { NVIDIA_DISABLE_REQUIRE: 'True' } },
    'works',
    'requirement-too-strict',
    requireVariables,
  ),
  gate(
    '"yes" does not disable',
    { ...CASE, cuda: '12.8.1', require: 'cuda>=12.8', env: { NVIDIA_DISABLE_REQUIRE: 'yes' } },
    'fails',
    'requirement-unmet',
    requireVariables,
  ),
  gate(
    '"false" does not disable',
    { ...CASE, cuda: '12.8.1', require: 'cuda>=12.8', env: { NVIDIA_DISABLE_REQUIRE: 'false' } },
    'fails',
    'requirement-unmet',
    requireVariables,
  ),
  gate(
    'several variables must all hold',
    { ...CASE, require: 'cuda>=12.0', env: { NVIDIA_REQUIRE_ARCH: 'arch>=9.0' } },
    'fails',
    'requirement-unmet',
    requireVariables,
  ),
  gate(
    'several variables that hold',
    {
      ...CASE,
      require: 'cuda>=12.0',
      env: { NVIDIA_REQUIRE_ARCH: 'arch>=7.0', NVIDIA_REQUIRE_ANYTHING: 'driver>=470' },
    },
    'works',
    null,
    requireVariables,
  ),
  gate(
    'JETPACK variables are not requirements',
    { ...CASE, require: 'cuda>=9.0', env: { NVIDIA_REQUIRE_JETPACK_HOST_MOUNTS: '' } },
    'works',
    null,
    requireVariables,
  ),
  gate(
    'CUDA_VERSION without a requirement implies one',
    { ...CASE, cuda: '12.8.1', env: { CUDA_VERSION: '12.8.1' } },
    'fails',
    'requirement-unmet',
    requireVariables,
  ),
  gate(
    'an empty requirement brings the implied one back',
    { ...CASE, cuda: '12.8.1', require: '', env: { CUDA_VERSION: '12.8.1' } },
    'fails',
    'requirement-unmet',
    requireVariables,
  ),
  gate(
    'CUDA_VERSION beside a requirement implies nothing',
    { ...CASE, cuda: '12.8.1', require: 'cuda>=9.0', env: { CUDA_VERSION: '12.8.1.012' } },
    'works',
    'minor-version-compatibility',
    requireVariables,
  ),
  gate(
    'the implied requirement is not enforced under CDI',
    { ...CASE, mode: 'cdi', cuda: '12.8.1', env: { CUDA_VERSION: '12.8.1' } },
    'works',
    'requirement-too-strict',
    requireVariables,
  ),
  gate(
    'an empty requirement without CUDA_VERSION asks nothing',
    { ...CASE, require: '' },
    'works',
    null,
    requireVariables,
  ),
  gate(
    'one GPU of two fails the requirement',
    { ...CASE, gpu: ['h100', 'a100'], require: 'arch>=9.0' },
    'fails',
    'requirement-unmet',
  ),
  gate(
    'the driver reports CUDA that its branch does not: the report counts',
    {
      driver: '430.26',
      driverCuda: '10.2',
      gpu: 't4',
      mode: 'legacy',
      cuda: '10.1.243',
      require: 'cuda>=10.2',
    },
    'works',
    null,
  ),
];

const WITH_OTHERS: Pair[] = [
  gate(
    'container started: the gate was open',
    {
      ...CASE,
      cuda: '12.8.1',
      require: 'cuda>=12.8',
      probe: {
        started: true,
        libcuda: { origin: 'host', cuda: '12.4' },
        init: { code: 0 },
        runtime: { code: 0, version: '12.8' },
      },
    },
    'works',
    'requirement-too-strict',
    'https://github.com/NVIDIA/libnvidia-container/blob/main/src/cli/configure.c',
  ),
  gate(
    'not enforced, and no kernel',
    { ...CASE, mode: 'cdi', cuda: '12.8.1', require: 'cuda>=12.8', cubins: ['sm_80'], gpu: 'h100' },
    'fails',
    'no-kernel-for-gpu',
    SOURCES.cubin,
  ),
  gate(
    'enforced, and no kernel: refused first',
    { ...CASE, cuda: '12.8.1', require: 'cuda>=12.8', cubins: ['sm_80'], gpu: 'h100' },
    'fails',
    'requirement-unmet',
  ),
];

export const REQUIREMENT_PAIRS: readonly Pair[] = [
  ...GRAMMAR,
  ...OFFICIAL,
  ...VARIABLES,
  ...WITH_OTHERS,
];
