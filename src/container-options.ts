/**
 * Options of the real job that the check's container may take over. An allowed list: what is not on it could give an
 * untrusted image more than the check's own container has (mounts, devices, capabilities, the host's namespaces).
 */
interface AllowedOption {
  readonly short?: string;
  readonly value: RegExp;
  /** What a value looks like, for messages. */
  readonly example: string;
}

const SIZE = /^\d+(?:\.\d+)?[bkmgt]?b?$/i;

const ALLOWED: Readonly<Record<string, AllowedOption>> = {
  '--shm-size': { value: SIZE, example: '8g' },
  '--ipc': { value: /^(?:none|private|shareable|host)$/, example: 'host' },
  '--ulimit': { value: /^[a-z]+=-?\d+(?::-?\d+)?$/, example: 'memlock=-1' },
  '--memory': { short: '-m', value: SIZE, example: '32g' },
  '--memory-swap': { value: /^(?:-1|\d+(?:\.\d+)?[bkmgt]?b?)$/i, example: '-1' },
  '--pids-limit': { value: /^-?\d+$/, example: '4096' },
  '--cpus': { value: /^\d+(?:\.\d+)?$/, example: '4' },
  '--cpuset-cpus': { value: /^[\d,-]+$/, example: '0-3' },
  '--env': { short: '-e', value: /^[A-Za-z_]\w*(?:=[\s\S]*)?$/, example: 'NCCL_DEBUG=INFO' },
  '--user': { short: '-u', value: /^[\w.-]+(?::[\w.-]+)?$/, example: '1000:1000' },
  '--group-add': { value: /^[\w.-]+$/, example: 'video' },
  '--runtime': { value: /^[A-Za-z][\w.-]*$/, example: 'nvidia' },
  '--security-opt': { value: /^label=[\w:.-]+$/, example: 'label=disable' },
};

export const ALLOWED_OPTIONS: readonly string[] = Object.keys(ALLOWED);

export type ParsedOptions =
  | { readonly ok: true; readonly words: readonly string[] }
  | { readonly ok: false; readonly problems: readonly OptionProblem[] };

export interface OptionProblem {
  readonly value: string;
  readonly allowed: string;
}

/** Splits and checks `container-options`, written as for `docker run`. Pure; names every option that is refused. */
export function parseContainerOptions(text: string): ParsedOptions {
  const split = splitWords(text);
  if (split === undefined) {
    const value = withoutAssigned(text);
    return { ok: false, problems: [{ value, allowed: 'text whose quotes are all closed' }] };
  }
  const words: string[] = [];
  const problems: OptionProblem[] = [];
  for (let at = 0; at < split.length; at += 1) {
    const word = split[at] ?? '';
    const equals = word.indexOf('=');
    const written = word.startsWith('--') && equals !== -1 ? word.slice(0, equals) : word;
    const name = longName(written);
    const option = name === undefined ? undefined : ALLOWED[name];
    if (name === undefined || option === undefined) {
      problems.push({ value: withoutAssigned(word), allowed: ALLOWED_OPTIONS.join(', ') });
      // Its value, so that it is not taken for an option of its own.
      if (equals === -1 && split[at + 1]?.startsWith('-') === false) at += 1;
      continue;
    }
    if (written === word) at += 1;
    const value = written === word ? split[at] : word.slice(equals + 1);
    if (value === undefined || !option.value.test(value)) {
      problems.push({
        value:
          value === undefined
            ? name
            : `${name} ${name === '--env' ? withoutAssigned(value) : value}`,
        allowed: `a value such as ${name} ${option.example}`,
      });
    } else {
      words.push(`${name}=${value}`);
    }
  }
  return problems.length === 0 ? { ok: true, words } : { ok: false, problems };
}

/** A variable's value can be a password: of `-eNAME=VALUE` and `NAME=VALUE` only the name is told. */
const withoutAssigned = (text: string): string =>
  text.replace(/((?:^|\s)["']?(?:-e|--env[= ])?\s?["']?[A-Za-z_][\w-]*=)[\s\S]+/, '$1***');

const longName = (written: string): string | undefined =>
  Object.hasOwn(ALLOWED, written)
    ? written
    : ALLOWED_OPTIONS.find((name) => ALLOWED[name]?.short === written);

/**
 * Words as a POSIX shell splits them: white space, single quotes, double quotes, backslash; nothing is expanded.
 * @returns undefined where a quote is not closed
 */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1);
      if (end === -1) return undefined;
      word = (word ?? '') + text.slice(at + 1, end);
      at = end;
    } else if (character === '"') {
      word ??= '';
      for (at += 1; text.charAt(at) !== '"'; at += 1) {
        if (at >= text.length) return undefined;
        if (text.charAt(at) === '\\' && /["\\$`]/.test(text.charAt(at + 1))) at += 1;
        word += text.charAt(at);
      }
    } else if (character === '\\' && at + 1 < text.length) {
      at += 1;
      word = (word ?? '') + text.charAt(at);
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}
