import { type Pair, pair, SOURCES } from './pair.js';

const { toolkits, minor } = SOURCES;

const row = (
  driver: string,
  cuda: string,
  verdict: 'works' | 'fails',
  primary: 'minor-version-compatibility' | 'driver-too-old' | null,
  gpu: 'a100' | 'v100' | 't4' | 'rtx4090' | 'p100' | 'h100' | 'rtx5090' | 'k80' = 't4',
): Pair =>
  pair(
    `driver ${driver}, CUDA ${cuda}`,
    { driver, cuda, gpu },
    verdict,
    primary,
    primary === null ? toolkits : minor,
  );

/** Before CUDA 11 the row of the toolkit is the only floor. */
const EXACT: Pair[] = [
  row('384.81', '9.0.176', 'works', null, 'v100'),
  row('384.81', '9.1.85', 'fails', 'driver-too-old', 'v100'),
  row('390.46', '9.1.85', 'works', null, 'v100'),
  row('390.157', '9.2.88', 'fails', 'driver-too-old', 'v100'),
  row('396.26', '9.2.88', 'works', null, 'v100'),
  row('396.26', '9.2.148', 'fails', 'driver-too-old', 'v100'),
  row('396.37', '9.2.148', 'works', null, 'v100'),
  row('396.37', '10.0.130', 'fails', 'driver-too-old', 'v100'),
  row('410.48', '10.0.130', 'works', null),
  row('410.48', '10.1.243', 'fails', 'driver-too-old'),
  row('418.39', '10.1.243', 'works', null),
  row('418.197.02', '10.2.89', 'fails', 'driver-too-old'),
  row('440.33.01', '10.2.89', 'works', null),
];

const CUDA_11: Pair[] = [
  row('440.33.01', '11.0.3', 'fails', 'driver-too-old'),
  row('450.51.06', '11.0.3', 'works', null),
  row('450.51.06', '11.1.1', 'fails', 'driver-too-old'),
  row('450.66', '11.2.2', 'fails', 'driver-too-old'),
  row('450.80.02', '11.1.1', 'works', 'minor-version-compatibility'),
  row('450.80.02', '11.8.0', 'works', 'minor-version-compatibility'),
  row('450.80.02', '11.0.3', 'works', null),
  row('418.197.02', '11.8.0', 'fails', 'driver-too-old'),
  row('455.23.05', '11.1.0', 'works', null),
  row('455.32.00', '11.1.1', 'works', null),
  row('470.57.02', '11.6.2', 'works', 'minor-version-compatibility'),
  row('470.256.02', '11.4.4', 'works', null),
  row('515.105.01', '11.8.0', 'works', 'minor-version-compatibility'),
  row('520.61.05', '11.8.0', 'works', null),
];

const CUDA_12: Pair[] = [
  row('520.61.05', '12.0.0', 'fails', 'driver-too-old'),
  row('515.105.01', '12.1.1', 'fails', 'driver-too-old'),
  row('525.53', '12.0.0', 'fails', 'driver-too-old'),
  row('525.60.13', '12.0.0', 'works', null),
  row('525.60.13', '12.0.1', 'works', 'minor-version-compatibility'),
  row('525.60.13', '12.9.1', 'works', 'minor-version-compatibility'),
  row('525.147.05', '12.1.1', 'works', 'minor-version-compatibility'),
  row('525.147.05', '12.0.1', 'works', null),
  row('525.147.05', '12.8.1', 'works', 'minor-version-compatibility'),
  row('530.30.02', '12.1.1', 'works', null),
  row('470.256.02', '12.2.2', 'fails', 'driver-too-old'),
  row('535.54.03', '12.2.2', 'works', 'minor-version-compatibility'),
  row('535.104.05', '12.2.2', 'works', null),
  row('535.104.05', '12.4.1', 'works', 'minor-version-compatibility'),
  row('550.54.14', '12.4.1', 'works', 'minor-version-compatibility'),
  row('550.54.15', '12.4.1', 'works', null),
  row('550.163.01', '12.6.3', 'works', 'minor-version-compatibility'),
  row('560.35.05', '12.6.3', 'works', null),
  row('565.57.01', '12.6.3', 'works', null),
  row('565.57.01', '12.8.0', 'works', 'minor-version-compatibility'),
  row('570.86.10', '12.8.0', 'works', null, 'rtx5090'),
  row('570.86.10', '12.8.1', 'works', 'minor-version-compatibility', 'rtx5090'),
  row('570.211.01', '12.9.1', 'works', 'minor-version-compatibility', 'a100'),
  row('575.57.08', '12.9.1', 'works', null),
];

const CUDA_13: Pair[] = [
  row('535.309.01', '13.0.1', 'fails', 'driver-too-old'),
  row('570.211.01', '13.0.0', 'fails', 'driver-too-old'),
  row('575.64.05', '13.0.0', 'fails', 'driver-too-old', 'rtx4090'),
  row('580.65.06', '13.0.0', 'works', null),
  row('580.65.06', '13.0.2', 'works', 'minor-version-compatibility'),
  row('580.95.05', '13.0.2', 'works', null),
  row('580.65.06', '13.3.0', 'works', 'minor-version-compatibility'),
  row('580.178.04', '13.1.1', 'works', 'minor-version-compatibility', 'h100'),
  row('590.44.01', '13.1.0', 'works', null),
  row('590.48.01', '13.2.0', 'works', 'minor-version-compatibility'),
  row('595.45.04', '13.2.0', 'works', null),
  row('610.43.02', '13.3.1', 'works', null),
  row('610.43.02', '13.4.1', 'works', 'minor-version-compatibility'),
  row('615.71.09', '13.4.2', 'works', null),
];

/** A newer driver runs everything older: the upper ends that NVIDIA prints are no limits. */
const BACKWARD: Pair[] = [
  row('580.65.06', '9.0.176', 'works', null),
  row('580.65.06', '11.8.0', 'works', null),
  row('580.65.06', '12.8.1', 'works', null),
  row('615.71.09', '10.2.89', 'works', null),
  row('550.54.15', '11.0.3', 'works', null),
  row('470.256.02', '10.1.243', 'works', null, 'k80'),
];

/** Newer than everything known: judged by rule. */
const NEWER: Pair[] = [
  pair(
    'a driver of the future, CUDA 13.0',
    { driver: '640.10.01', gpu: 't4', cuda: '13.0.0' },
    'works',
    null,
    minor,
  ),
  pair(
    'a driver of the future, CUDA 12.4',
    { driver: '700.01', gpu: 'h100', cuda: '12.4.1' },
    'works',
    null,
    minor,
  ),
  pair(
    'a toolkit of the future, same major',
    { driver: '580.65.06', gpu: 'h100', cuda: '13.7.0' },
    'works',
    'minor-version-compatibility',
    minor,
  ),
  pair(
    'a toolkit of the future, next major',
    { driver: '580.65.06', driverCuda: '13.0', gpu: 'h100', cuda: '14.0.0' },
    'fails',
    'driver-too-old',
    minor,
  ),
];

/** Every way of writing a CUDA version. */
const SPELLED: Pair[] = [
  pair(
    'CUDA as two numbers',
    { driver: '535.104.05', gpu: 't4', cuda: '12.8' },
    'works',
    'minor-version-compatibility',
    minor,
  ),
  pair(
    'CUDA as four numbers, like NGC',
    { driver: '535.104.05', gpu: 't4', cuda: '12.8.1.012' },
    'works',
    'minor-version-compatibility',
    minor,
  ),
  pair(
    'CUDA as a number of the API',
    { driver: '535.104.05', gpu: 't4', cuda: '12080' },
    'works',
    'minor-version-compatibility',
    minor,
  ),
  pair(
    'CUDA from the environment',
    { driver: '470.256.02', gpu: 't4', mode: 'cdi', env: { CUDA_VERSION: '12.4.1' } },
    'fails',
    'driver-too-old',
    minor,
  ),
  pair(
    'CUDA from the framework',
    {
      driver: '470.256.02',
      gpu: 't4',
      image: { frameworks: [{ name: 'torch', version: '2.6.0', cuda: '12.4' }] },
    },
    'fails',
    'driver-too-old',
    minor,
  ),
  pair(
    'the CUDA version of the driver is 10 and not 2',
    { driver: '550.163.01', driverCuda: '12.4', gpu: 't4', cuda: '12.10' },
    'works',
    'minor-version-compatibility',
    minor,
  ),
];

export const DRIVER_PAIRS: readonly Pair[] = [
  ...EXACT,
  ...CUDA_11,
  ...CUDA_12,
  ...CUDA_13,
  ...BACKWARD,
  ...NEWER,
  ...SPELLED,
];
