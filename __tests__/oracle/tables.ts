/**
 * Small tables, typed in by hand from NVIDIA's public documents, for a re-statement of the rules that shares nothing with the
 * engine. They are samples: enough releases for both sides of every boundary.
 */

/** Driver release -> the CUDA version of its branch. https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/ (driver tables) */
export const DRIVERS: readonly (readonly [driver: string, cuda: string])[] = [
  ['384.81', '9.0'],
  ['390.46', '9.1'],
  ['396.26', '9.2'],
  ['396.37', '9.2'],
  ['410.48', '10.0'],
  ['418.39', '10.1'],
  ['418.87.00', '10.1'],
  ['440.33.01', '10.2'],
  ['450.36.06', '11.0'],
  ['450.51.06', '11.0'],
  ['450.80.02', '11.0'],
  ['450.248.02', '11.0'],
  ['455.23.05', '11.1'],
  ['455.32.00', '11.1'],
  ['460.32.03', '11.2'],
  ['460.106.00', '11.2'],
  ['465.19.01', '11.3'],
  ['470.42.01', '11.4'],
  ['470.57.02', '11.4'],
  ['470.256.02', '11.4'],
  ['495.46', '11.5'],
  ['510.39.01', '11.6'],
  ['510.47.03', '11.6'],
  ['515.43.04', '11.7'],
  ['515.105.01', '11.7'],
  ['520.61.05', '11.8'],
  ['525.60.13', '12.0'],
  ['525.85.12', '12.0'],
  ['525.147.05', '12.0'],
  ['530.30.02', '12.1'],
  ['535.54.03', '12.2'],
  ['535.104.05', '12.2'],
  ['535.309.01', '12.2'],
  ['545.23.06', '12.3'],
  ['545.23.08', '12.3'],
  ['550.54.14', '12.4'],
  ['550.54.15', '12.4'],
  ['550.163.01', '12.4'],
  ['555.42.02', '12.5'],
  ['555.42.06', '12.5'],
  ['560.28.03', '12.6'],
  ['560.35.05', '12.6'],
  ['565.57.01', '12.7'],
  ['570.86.10', '12.8'],
  ['570.124.06', '12.8'],
  ['570.211.01', '12.8'],
  ['575.51.03', '12.9'],
  ['575.57.08', '12.9'],
  ['580.65.06', '13.0'],
  ['580.82.07', '13.0'],
  ['580.178.04', '13.0'],
  ['590.44.01', '13.1'],
  ['590.48.01', '13.1'],
  ['595.45.04', '13.2'],
  ['595.71.05', '13.2'],
  ['610.43.02', '13.3'],
  ['615.71.09', '13.4'],
];

/** Toolkit -> lowest driver with full function. Same tables; rows whose figure NVIDIA did not publish are left out. */
export const TOOLKITS: readonly (readonly [toolkit: string, driver: string])[] = [
  ['9.0.176', '384.81'],
  ['9.1.85', '390.46'],
  ['9.2.88', '396.26'],
  ['9.2.148', '396.37'],
  ['10.0.130', '410.48'],
  ['10.1.243', '418.39'],
  ['10.2.89', '440.33'],
  ['11.0.3', '450.51.06'],
  ['11.1.0', '455.23'],
  ['11.1.1', '455.32'],
  ['11.2.2', '460.32.03'],
  ['11.3.1', '465.19.01'],
  ['11.4.0', '470.42.01'],
  ['11.4.2', '470.57.02'],
  ['11.5.2', '495.29.05'],
  ['11.6.0', '510.39.01'],
  ['11.6.2', '510.47.03'],
  ['11.7.0', '515.43.04'],
  ['11.8.0', '520.61.05'],
  ['12.0.0', '525.60.13'],
  ['12.0.1', '525.85.12'],
  ['12.1.1', '530.30.02'],
  ['12.2.0', '535.54.03'],
  ['12.2.2', '535.104.05'],
  ['12.3.0', '545.23.06'],
  ['12.3.1', '545.23.08'],
  ['12.4.0', '550.54.14'],
  ['12.4.1', '550.54.15'],
  ['12.5.0', '555.42.02'],
  ['12.5.1', '555.42.06'],
  ['12.6.0', '560.28.03'],
  ['12.6.3', '560.35.05'],
  ['12.8.0', '570.26'],
  ['12.8.1', '570.124.06'],
  ['12.9.0', '575.51.03'],
  ['12.9.1', '575.57.08'],
  ['13.0.0', '580.65.06'],
  ['13.0.1', '580.82.07'],
  ['13.1.0', '590.44.01'],
  ['13.1.1', '590.48.01'],
  ['13.2.0', '595.45.04'],
  ['13.2.2', '595.71.05'],
  ['13.3.0', '610.43.02'],
];

/** https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html */
export const FLOORS: Readonly<Record<number, string>> = {
  11: '450.80.02',
  12: '525.60.13',
  13: '580.65.06',
};

/** CUDA version of a driver -> newest PTX ISA that it compiles. https://docs.nvidia.com/cuda/parallel-thread-execution/#release-notes */
export const PTX_ISA: Readonly<Record<string, string>> = {
  '9.0': '6.0',
  '9.1': '6.1',
  '9.2': '6.2',
  '10.0': '6.3',
  '10.1': '6.4',
  '10.2': '6.5',
  '11.0': '7.0',
  '11.1': '7.1',
  '11.2': '7.2',
  '11.3': '7.3',
  '11.4': '7.4',
  '11.5': '7.5',
  '11.6': '7.6',
  '11.7': '7.7',
  '11.8': '7.8',
  '12.0': '8.0',
  '12.1': '8.1',
  '12.2': '8.2',
  '12.3': '8.3',
  '12.4': '8.4',
  '12.5': '8.5',
  '12.6': '8.5',
  '12.7': '8.6',
  '12.8': '8.7',
  '12.9': '8.8',
  '13.0': '9.0',
  '13.1': '9.1',
  '13.2': '9.2',
  '13.3': '9.3',
  '13.4': '9.4',
};

type GpuClass = 'data-center' | 'geforce' | 'workstation';

export interface OracleGpu {
  readonly name: string;
  readonly cc: string;
  readonly class: GpuClass;
  /** First and last driver branch. https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html */
  readonly first: number;
  readonly last: number;
  /** What NVIDIA_REQUIRE_CUDA may call it. */
  readonly brands: readonly string[];
}

const tesla = ['tesla'];
/** Boards since Ampere are of the NVML brand NVIDIA, which libnvidia-container calls unknown. */
const dataCenter = ['unknown', 'nvidia'];
const never = Number.POSITIVE_INFINITY;

export const GPUS: readonly OracleGpu[] = [
  gpu('Tesla K80', '3.7', 'data-center', 340, 470, tesla),
  gpu('Tesla M40', '5.2', 'data-center', 340, 580, tesla),
  gpu('Tesla P100-PCIE-16GB', '6.0', 'data-center', 361, 580, tesla),
  gpu('NVIDIA GeForce GTX 1080 Ti', '6.1', 'geforce', 361, 580, ['geforce']),
  gpu('Tesla V100-SXM2-16GB', '7.0', 'data-center', 384, 580, tesla),
  gpu('Tesla T4', '7.5', 'data-center', 410, never, tesla),
  gpu('NVIDIA GeForce RTX 2080 Ti', '7.5', 'geforce', 410, never, ['geforce']),
  gpu('NVIDIA A100-SXM4-80GB', '8.0', 'data-center', 450, never, dataCenter),
  gpu('NVIDIA A10', '8.6', 'data-center', 455, never, dataCenter),
  gpu('NVIDIA GeForce RTX 3090', '8.6', 'geforce', 455, never, ['geforce']),
  gpu('NVIDIA RTX A6000', '8.6', 'workstation', 455, never, ['unknown', 'nvidiartx']),
  gpu('NVIDIA L4', '8.9', 'data-center', 520, never, dataCenter),
  gpu('NVIDIA GeForce RTX 4090', '8.9', 'geforce', 520, never, ['geforce']),
  gpu('NVIDIA H100 80GB HBM3', '9.0', 'data-center', 520, never, dataCenter),
  gpu('NVIDIA B200', '10.0', 'data-center', 570, never, dataCenter),
  gpu('NVIDIA B300 SXM6 AC', '10.3', 'data-center', 575, never, dataCenter),
  gpu('NVIDIA GeForce RTX 5090', '12.0', 'geforce', 570, never, ['geforce']),
];

function gpu(
  name: string,
  cc: string,
  gpuClass: GpuClass,
  first: number,
  last: number,
  brands: readonly string[],
): OracleGpu {
  return { name, cc, class: gpuClass, first, last, brands };
}

/** Which devices run an f target. https://docs.nvidia.com/cuda/cuda-programming-guide/05-appendices/compute-capabilities.html */
export const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  '100': ['10.0', '10.3'],
  '103': ['10.3'],
  '120': ['12.0', '12.1'],
  '121': ['12.1'],
};

/** Columns of https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html: in it a package serves every older column. */
export const FORWARD_BASES: readonly number[] = [535, 570, 580, 590, 595, 610, 615];

/** cuda-compat packages: CUDA version -> a driver that they were made from. Same page. */
export const COMPAT: Readonly<Record<string, string>> = {
  '12.3': '545.23.08',
  '12.4': '550.54.15',
  '12.5': '555.42.06',
  '12.6': '560.35.05',
  '12.8': '570.124.06',
  '12.9': '575.57.08',
  '13.0': '580.82.07',
  '13.1': '590.44.01',
  '13.2': '595.45.04',
  '13.3': '610.43.02',
};
