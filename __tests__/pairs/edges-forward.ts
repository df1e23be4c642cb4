import { edge, named } from './edge.js';
import { type Pair, SOURCES } from './pair.js';

const { forward, compatHook } = SOURCES;
const IN_USE = 'forward-compatibility-in-use';
const UNSUPPORTED = 'forward-compatibility-unsupported';
const MINOR = 'minor-version-compatibility';

const CLASSES: Pair[] = [
  ...[
    'A100',
    'Tesla T4',
    'NVIDIA L4',
    'L40S',
    'NVIDIA A10G',
    'H100',
    'H200',
    'GH200',
    'A30',
    'A40',
    'Tesla V100-SXM2-16GB',
    'Tesla P100-PCIE-16GB',
  ].map((name) =>
    edge(
      {
        driver: '535.183.01',
        gpus: named(name),
        mode: 'legacy',
        cuda: '12.6.3',
        compat: '560.35.05',
      },
      'works',
      IN_USE,
      forward,
    ),
  ),
  ...[
    'RTX 3090',
    'NVIDIA GeForce RTX 4090',
    'RTX A6000',
    'NVIDIA RTX 6000 Ada Generation',
    'GTX 1080 Ti',
    'NVIDIA TITAN RTX',
    'NVIDIA TITAN V',
    'Quadro RTX 5000',
    'NVIDIA T1000',
  ].map((name) =>
    edge(
      {
        driver: '535.183.01',
        gpus: named(name),
        mode: 'legacy',
        cuda: '12.6.3',
        compat: '560.35.05',
      },
      'fails',
      UNSUPPORTED,
      forward,
    ),
  ),
  edge(
    { driver: '570.133.20', gpus: named('B200'), mode: 'cdi', cuda: '13.0.1', compat: '580.82.07' },
    'works',
    IN_USE,
    forward,
  ),
  edge(
    {
      driver: '570.133.20',
      gpus: named('NVIDIA RTX PRO 6000 Blackwell Server Edition'),
      mode: 'cdi',
      cuda: '13.0.1',
      compat: '580.82.07',
    },
    'works',
    IN_USE,
    forward,
  ),
  edge(
    {
      driver: '570.133.20',
      gpus: named('NVIDIA RTX PRO 6000 Blackwell Workstation Edition'),
      mode: 'cdi',
      cuda: '13.0.1',
      compat: '580.82.07',
    },
    'fails',
    UNSUPPORTED,
    forward,
  ),
  edge(
    {
      driver: '580.95.05',
      gpus: named('NVIDIA GB10'),
      mode: 'cdi',
      cuda: '13.1.0',
      compat: '590.44.01',
    },
    'fails',
    UNSUPPORTED,
    forward,
  ),
];

/** Package, host branch: not the published cell, or the library's own note. */
const cell = (
  driver: string,
  compat: string,
  cuda: string,
  mode: string,
  verdict: 'works' | 'fails',
  primary: Parameters<typeof edge>[2],
  why = '',
): Pair =>
  edge(
    { driver, gpu: 'a100', mode, cuda, compat },
    verdict,
    primary,
    mode === 'legacy' ? forward : compatHook,
    why,
  );

const CELLS: Pair[] = [
  cell('535.309.01', '545.23.08', '12.3.2', 'cdi', 'works', IN_USE),
  cell('535.309.01', '550.54.15', '12.4.1', 'jit-cdi', 'works', IN_USE),
  cell('535.309.01', '555.42.06', '12.5.1', 'legacy', 'works', IN_USE),
  cell('535.309.01', '575.57.08', '12.9.1', 'cdi', 'works', IN_USE),
  cell('535.309.01', '590.44.01', '13.1.0', 'cdi', 'works', IN_USE),
  cell('535.309.01', '595.45.04', '13.2.0', 'cdi', 'works', IN_USE),
  cell('535.309.01', '610.43.02', '13.3.0', 'legacy', 'works', IN_USE),
  cell('535.309.01', '615.23', '13.4.1', 'legacy', 'works', IN_USE),
  cell('570.211.01', '590.44.01', '13.1.0', 'cdi', 'works', IN_USE),
  cell('580.65.06', '590.44.01', '13.1.0', 'legacy', 'works', IN_USE),
  cell('580.65.06', '615.23', '13.4.1', 'cdi', 'works', IN_USE),
  cell('590.48.01', '610.43.02', '13.3.0', 'cdi', 'works', IN_USE),
  cell('595.71.05', '615.23', '13.4.1', 'legacy', 'works', IN_USE),
  cell('610.43.02', '615.23', '13.4.1', 'legacy', 'works', IN_USE),
  // notes of the library
  cell('550.163.01', '575.57.08', '12.9.1', 'cdi', 'works', IN_USE, 'ELF note allows 550'),
  cell('550.163.01', '575.57.08', '12.9.1', 'legacy', 'works', IN_USE, 'ELF note allows 550'),
  cell('560.35.05', '575.57.08', '12.9.1', 'cdi', 'works', IN_USE, 'ELF note allows 560'),
  cell('565.57.01', '575.57.08', '12.9.1', 'legacy', 'works', IN_USE, 'ELF note allows 565'),
  cell(
    '525.147.05',
    '575.57.08',
    '12.9.1',
    'cdi',
    'works',
    MINOR,
    'ELF note lacks 525: the hook leaves it',
  ),
  cell('545.23.08', '575.57.08', '12.9.1', 'cdi', 'works', MINOR, 'ELF note lacks 545'),
  cell(
    '525.147.05',
    '575.57.08',
    '12.9.1',
    'legacy',
    'fails',
    UNSUPPORTED,
    'ELF note lacks 525, legacy looks at the major only',
  ),
  cell('560.35.05', '590.44.01', '13.1.0', 'cdi', 'fails', 'driver-too-old', 'ELF note lacks 560'),
  cell('560.35.05', '590.44.01', '13.1.0', 'legacy', 'fails', UNSUPPORTED, 'ELF note lacks 560'),
  cell(
    '575.51.03',
    '575.57.08',
    '12.9.1',
    'cdi',
    'works',
    IN_USE,
    'same branch in the note, newer than the host',
  ),
  cell('575.51.03', '575.57.08', '12.9.1', 'legacy', 'works', MINOR, 'same major is dropped'),
  cell('575.57.08', '575.57.08', '12.9.1', 'cdi', 'works', null, 'equal is not above'),
  cell('575.64.05', '575.57.08', '12.9.1', 'cdi', 'works', null),
  cell('570.86.15', '570.124.06', '12.8.1', 'legacy', 'works', MINOR),
  cell('570.86.15', '570.124.06', '12.8.1', 'cdi', 'works', MINOR),
  cell('580.82.07', '570.124.06', '12.8.1', 'cdi', 'works', null),
  cell('580.82.07', '570.124.06', '12.8.1', 'jit-cdi', 'works', null),
  cell('580.82.07', '570.124.06', '12.8.1', 'legacy', 'works', null),
  cell('615.71.09', '610.43.02', '13.3.0', 'legacy', 'works', null),
  cell('615.71.09', '535.104.05', '12.2.2', 'cdi', 'works', null),
];

export const EDGES_FORWARD: Pair[] = [...CLASSES, ...CELLS];
