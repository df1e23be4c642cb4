import type { Entry } from './entry.js';

/** One result of NVML, and what it means when a call that every program needs gives it. */
export interface NvmlResult extends Omit<Entry, 'pattern' | 'needles' | 'id' | 'source'> {
  readonly code: number;
  /** The name without `NVML_ERROR_`. */
  readonly name: string;
  /** What nvmlErrorString says, as the source of an expression. */
  readonly message: string;
  /** True where only NVML's start decides: programs ask for more than a driver has, and go on without it. */
  readonly onlyAtStart?: boolean;
  /** True where no other library of Rust has an error of that name, so that it counts without NVML beside it. */
  readonly unmistakable?: boolean;
}

/** What the bindings call the place where NVML starts. */
const START =
  '(?:nvml_?init|nvml[^\\n]{0,30}(?:init|load)|init(?:iali[sz]\\w{0,6})?[^\\n]{0,20}(?:nvml|nvidia management library))';

/**
 * A result in the wording of the C library, go-nvml (`ERROR_IN_USE`), pynvml (`NVMLError_InUse`) and nvml-wrapper (`InUse`): by
 * name, by message, or by number behind a call of NVML.
 */
export function byNvmlResult(result: NvmlResult): Entry[] {
  const { code, name, message, onlyAtStart, unmistakable, ...rest } = result;
  const camel = name
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
  const number = `${code}\\b(?!\\.\\d|:\\d|%| ?(?:ms|us|s|MiB|GPUs?|devices)\\b)`;
  const anywhere =
    onlyAtStart === true
      ? []
      : [`\\bNVML_ERROR_${name}\\b`, `\\bnvml[^\\n]{0,80}(?:\\bERROR_${name}\\b|[ :'"]${message})`];
  // Ollama asks NVML beside CUDA: its 999 there is CUDA's state, not the container's devices.
  const vram = code === 999 ? '' : '(?:vram )?';
  const nvmlFirst = code === 999 ? [] : [`\\bnvml(?:Error::|[^\\n]{0,60}[ :(])${camel}\\b`];
  const named: Entry = {
    ...rest,
    id: `nvml/result-${code}`,
    data: { code },
    needles: [
      'nvml',
      'nvidia management library',
      'device handle',
      ...(unmistakable === true ? [camel.toLowerCase()] : []),
    ],
    pattern: new RegExp(
      [
        ...anywhere,
        ...(onlyAtStart === true ? [] : [`device handle[^\\n]{0,80}\\bERROR_${name}\\b`]),
        `${START}[^\\n]{0,80}(?:ERROR_${name}\\b|[ :'"(]${message})`,
        // What begins the line ended a Python program.
        ...(onlyAtStart === true
          ? [`^(?:\\w{1,12}\\.){0,3}NVMLError_${camel}: `]
          : [`\\bNVMLError_${camel}\\b`, ...nvmlFirst]),
        ...(unmistakable === true ? [`\\bErr\\W{1,3} value: ${camel}\\b`] : []),
      ].join('|'),
      'i',
    ),
    source: 'https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceEnumvs.html',
  };
  // An entry of its own: one expression of all forms is too large to be proven linear.
  const numbered: Entry = {
    ...named,
    id: `nvml/result-${code}/number`,
    pattern: new RegExp(
      [
        ...(onlyAtStart === true
          ? []
          : [
              `\\bnvmlDevice\\w{2,40}(?:\\([^)\\n]{0,20}\\))? ?(?:failed|error)[ :=(]{1,4}(?:with )?(?:(?:error code|code|error|ret)[ :=]{1,3})?${number}`,
              `\\bNVML error[ :=(]{1,3}(?:code ?)?${number}`,
              `\\bnvmlReturn_t[ :=(]{1,3}${number}`,
            ]),
        `\\bnvmlInit\\w{0,12}(?:\\(\\w{0,8}\\))?:? ?(?:failed|failure|returned|error|ret|rc|->|=)[ :=(,]{0,3}(?:with )?(?:(?:error code|code|error|ret|rc)[ :=(]{1,3})?${number}`,
        `\\bNVML ${vram}init(?:iali[sz]ation)? (?:failed|failure|error)[ :=(]{1,3}(?:code ?)?${number}`,
      ].join('|'),
      'i',
    ),
    needles: ['nvml'],
    says: `nvmlInit_v2 returned ${code}`,
  };
  return [named, numbered];
}
