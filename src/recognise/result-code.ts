import type { Entry } from './entry.js';

const CODES = 'https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html';
const DRIVER_CODES = 'https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html';

interface ResultCode extends Omit<Entry, 'pattern' | 'needles' | 'id' | 'source'> {
  readonly code: number;
  /** Names in the driver and the runtime API. */
  readonly names: readonly string[];
  /** What cudaGetErrorString and cuGetErrorString say, as the source of an expression. */
  readonly message: string;
  readonly messageNeedles: readonly string[];
  /** False where the number stands for other things too, so that only name and message count. */
  readonly byNumber?: boolean;
  /** True where `Error NNN:` alone means this: no other program has errors of such numbers. */
  readonly bareError?: boolean;
}

/**
 * The ways in which programs print a CUDA result: by name, by message, or by number behind a word that says what the number is
 * (`Error 803:`, `CUDA failure 803`, `(803 vs. 0)`, `cuInit err: 803`, `error code 803`, `[[ … (error 803) ]]`, `returned 803`).
 */
export function byResultCode(result: ResultCode): Entry[] {
  const { code, names, message, messageNeedles, byNumber, bareError, ...rest } = result;
  const source = names[0]?.startsWith('CUDA_') === true ? DRIVER_CODES : CODES;
  const named: Entry = {
    ...rest,
    id: `cuda/${code}`,
    data: { code },
    needles: [...names.map((name) => name.toLowerCase()), ...messageNeedles],
    pattern: new RegExp([...names.map((name) => `\\b${name}\\b`), message].join('|'), 'i'),
    source,
  };
  if (byNumber === false) return [named];
  const numbers = [
    `(?:CUDA|cuda\\w{2,40}|cuInit|cuDevice\\w{1,40}|CUresult)[^\\n]{0,60}?(?:err(?:or)?(?: ?code| number)?|failure|failed(?: with)?|returned)[ :=(]{1,4}(?:code |error |status )?${code}\\b(?!\\.\\d|:)`,
    `(?:cuInit\\(?0?\\)?|cudaGet\\w{3,30}|cudaInit\\w{0,20})[^\\n]{0,30}(?:status|result|rc|ret|=>?|->)[ :=(]{0,3}${code}\\b(?![.\\d])`,
    `\\(${code} vs\\. 0\\)`,
    `CudaAPIError: \\[${code}\\]|\\[${code}\\] Call to cu`,
    `\\binit failure: ${code}\\b`,
    `cuda[^\\n]{0,60}device context ${code}\\b`,
    `\\(error ${code}\\)`,
    `UNKNOWN ERROR \\(${code}\\)`,
    ...(bareError === true ? [`\\bError ${code}:`] : []),
  ];
  const numbered: Entry = {
    ...named,
    id: `cuda/${code}/number`,
    needles: [String(code)],
    beside: [
      'cuda',
      'cuinit',
      'cudevice',
      'curesult',
      ' vs. 0',
      '(error',
      'init failure',
      'unknown error',
      `error ${code}`,
    ],
    pattern: new RegExp(numbers.join('|'), 'i'),
    says: `cuInit(0) failed with error ${code}`,
  };
  return [named, numbered];
}
