import type { Entry } from './entry.js';

const RUNTIME_CODES = 'https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html';
const DRIVER_CODES = 'https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html';

/** One result of the driver and the runtime API, and what it means. */
export interface ResultCode extends Omit<Entry, 'pattern' | 'needles' | 'id' | 'source'> {
  readonly code: number;
  /** The runtime's number in CUDA 10.0 and earlier, where it was another. */
  readonly oldCode?: number;
  /** Names in the driver and the runtime API. */
  readonly names: readonly string[];
  /** The name as a language with types of its own spells it, where it is not the API's name without the prefix. */
  readonly bindingName?: string;
  /** What cudaGetErrorString and cuGetErrorString say, as the source of an expression. */
  readonly message: string;
  readonly messageNeedles: readonly string[];
  /** False where the number stands for other things too, so that only name and message count. */
  readonly byNumber?: boolean;
  /** True where `Error NNN:` alone means this: no other program has errors of such numbers. */
  readonly bareError?: boolean;
}

/**
 * A result in the wording of every binding: by name (`CUDA_ERROR_NO_DEVICE`, `cudaErrorNoDevice`, Rust's `Err` value: `NoDevice`),
 * by message, or by number behind a word that says what the number is (`Error 803:`, `CUDA failure 803`, `(803 vs. 0)`,
 * `code=803(`, `(code 803, `, `[803] Call to`, `error #803`, `Driver API error = 0803`); in hexadecimal too: `cuInit ret: 0x323`.
 */
export function byResultCode(result: ResultCode): Entry[] {
  const {
    code,
    oldCode,
    names,
    bindingName,
    message,
    messageNeedles,
    byNumber,
    bareError,
    ...rest
  } = result;
  const bindings =
    bindingName === undefined ? [...new Set(names.map(bindingNameOf))] : [bindingName];
  const named: Entry = {
    ...rest,
    id: `cuda/${code}`,
    data: { code },
    needles: [...[...names, ...bindings].map((name) => name.toLowerCase()), ...messageNeedles],
    pattern: new RegExp(
      [
        ...names.map((name) => `\\b${name}\\b`),
        ...bindings.map(
          (name) =>
            `(?:\\bErr\\W{1,3} value: |CudaE\\w{1,12}(?:::|: |\\())(?:\\w{1,12}::|Error)?${name}\\b`,
        ),
        message,
      ].join('|'),
      'i',
    ),
    source: names[0]?.startsWith('CUDA_') === true ? DRIVER_CODES : RUNTIME_CODES,
  };
  if (byNumber === false) return [named];
  const numbered: Entry = {
    ...named,
    id: `cuda/${code}/number`,
    needles: [
      String(code),
      // `0x64` and `0x00000064`
      `x${code.toString(16)}`,
      `0${code.toString(16)}`,
      ...(oldCode === undefined ? [] : [String(oldCode)]),
    ],
    beside: [
      'cuda',
      'cuinit',
      'cudevice',
      'cuctx',
      'cumodule',
      'cumem',
      'culaunch',
      'custream',
      'cuevent',
      'culibrary',
      'curesult',
      ' vs. 0',
      '(error',
      'init failure',
      'unknown error',
      'driver api error',
      `error ${code}`,
    ],
    pattern: new RegExp(callForm(code), 'i'),
    says: `cuInit(0) failed with error ${code}`,
  };
  // An entry of its own: one expression of all forms is too large to be proven linear.
  const otherwise: Entry = {
    ...numbered,
    id: `cuda/${code}/other/number`,
    pattern: new RegExp(
      [...numberForms(code, bareError === true), ...oldNumberForms(oldCode)].join('|'),
      'i',
    ),
    says: `cuInit: ${code}`,
  };
  const returned: Entry = {
    ...named,
    id: `cuda/${code}/returned/number`,
    needles: [String(code)],
    beside: ['cuda', 'cuinit', 'cudevice', 'curesult', 'cuerror', "'cu", '"cu', '`cu', ' cu'],
    pattern: new RegExp(returnedForms(code).join('|'), 'i'),
    says: `return value ${code} from 'cuInit'`,
  };
  return [named, numbered, otherwise, returned];
}

/** Further forms, in an entry of their own: one expression of them all is more than the test of linear time can decide. */
function returnedForms(code: number): string[] {
  const number = `0{0,2}${code}\\b(?!\\.\\d|:\\d|%)`;
  return [
    `\\b(?:CUresult|CuError|CudaError)(?: error)?[ :=(]{1,3}${number}`,
    `\\bCuda Error in \\w{2,60}: ${code}\\b`,
    `\\bcu(?:Init|DeviceGet\\w{0,20}|daGetDeviceCount)(?:\\(\\w{0,10}\\))? ?(?:=>?|->) ?${number}`,
    `\\breturn value ${code} (?:from|of|in) ['"\`]?cu[a-z]`,
    `\\bcuda(?:Error)?_t[ :=(]{1,3}${number}`,
  ];
}

const numberOf = (code: number): string => `(?:0{0,2}${code}|0x0{0,6}${code.toString(16)})\\b`;

/**
 * A call, a word that says that it failed, and the number. Exit codes are no results: `apt-get install cuda-toolkit` that exits
 * with code 100 has nothing to do with a GPU.
 */
function callForm(code: number): string {
  const unit = '\\.\\d|:\\d|%| ?(?:[mun]?s|[KMG]i?B|elements|errors)\\b';
  return `(?:CUDA|cu(?:Init|Device|Ctx|Module|Mem|Launch|Stream|Event|Library))[^\\n]{0,80}?(?:(?:err(?:or)?(?: ?code| number)?|failure|failed(?: with)?|returned|return (?:value|code))[ :=(#[]{1,4}(?:(?:code|error|status|ret|rc|err)[ =:]{1,3})?|(?:(?<!exit )status|result|\\brc|\\bret|\\) ?(?:=>?|->))[ :=(]{1,3})${numberOf(code)}(?!${unit})`;
}

function numberForms(code: number, bareError: boolean): string[] {
  const number = numberOf(code);
  // Not the first part of a version, a time or a share.
  const alone = `${number}(?!\\.\\d|:\\d|%)`;
  return [
    `\\b(?:CUresult|cudaError_t|cudaError_enum)[ :=(]{1,3}${alone}`,
    `\\b(?:cuInit|cu(?:da)?(?:GetDeviceCount|DeviceGetCount))(?:\\(\\w{0,8}\\))?(?: ?(?:=>?|->) ?|: ?)${number}(?= ?(?:$|[,;.()\\]]))`,
    `\\bcode ?= ?${code} ?\\(`,
    `\\(code ${code}, (?:CUDA_)?ERROR`,
    `Driver API error = ${alone}`,
    `\\(${code} vs\\. 0\\)`,
    `CudaAPIError: \\[${code}\\]|\\[${code}\\] Call to cu`,
    // Without an end of line of its own in ollama: what was logged next follows at once.
    `\\b(?:cuda driver library|cudart|nvcuda|cuda) (?:init|device memory info lookup) failure:? ${code}(?!\\d)`,
    `cuda[^\\n]{0,40}failed to get device context ${code}(?!\\d)`,
    `\\(error ${code}\\)`,
    `UNKNOWN ERROR \\(${code}\\)`,
    ...(bareError ? [`\\bError ${code}:`] : []),
  ];
}

/** Only where the runtime itself speaks: the driver's numbers never changed. */
function oldNumberForms(code: number | undefined): string[] {
  if (code === undefined) return [];
  return [
    `cuda runtime error \\(${code}\\)`,
    `cudaSuccess \\(${code} vs\\. 0\\)`,
    `cudaGetDeviceCount returned ${code}\\b`,
  ];
}

/** `NoDevice` of `cudaErrorNoDevice` and `CUDA_ERROR_NO_DEVICE`. */
const bindingNameOf = (name: string): string =>
  name
    .replace(/^(?:cudaError|CUDA_ERROR_)/, '')
    .replace(/([A-Z])([A-Z]*)(?:_|$)/g, (_whole, first: string, others: string) =>
      name.startsWith('CUDA_') ? first + others.toLowerCase() : first + others,
    );
