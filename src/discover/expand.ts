import type { Origin } from './found.js';

/** What is known about a variable: its value as the files have it, or why they do not say. */
export type Variable =
  | { readonly value: string; readonly origins: readonly Origin[] }
  /** Not set by the files, so that a fallback of the reference counts; without one, this is why nothing can be said. */
  | { readonly unset: string }
  /** Set, but not by the files: neither value nor fallback can be told. */
  | { readonly dynamic: string };

export type Expanded =
  | { readonly ok: true; readonly text: string; readonly origins: readonly Origin[] }
  | { readonly ok: false; readonly why: string };

export interface ExpandOptions {
  readonly variable: (name: string) => Variable;
  /** How a dollar sign is written that is none: `\$` in a Dockerfile and a shell, `$$` in Compose. */
  readonly literal: '\\$' | '$$';
  /** Quotes are taken away, and what single ones hold is left as it is: the words of a Dockerfile. */
  readonly quotes?: boolean;
}

/** Fallbacks within fallbacks: nobody writes more than two. */
const MAX_DEPTH = 16;
/** Longer than any image reference; variables made of variables could double their length with every line. */
const MAX_LENGTH = 4096;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /:?[-+?]/y;

/**
 * Replaces variables as Docker, Compose and a POSIX shell agree to: `$V`, `${V}`, `${V:-x}`, `${V-x}`, `${V:+x}`, `${V+x}`, `${V:?x}`, `${V?x}`.
 * https://docs.docker.com/reference/dockerfile/#environment-replacement
 * https://docs.docker.com/reference/compose-file/interpolation/
 * A form beyond these (`${V#prefix}`) and a variable without a value are reasons, not empty texts. Linear in the text; pure.
 */
export function expand(text: string, options: ExpandOptions): Expanded {
  const walked = walk({ ...options, text }, 0, false, 0);
  return walked.why === undefined
    ? { ok: true, text: walked.text, origins: [...walked.origins] }
    : { ok: false, why: walked.why };
}

interface Source extends ExpandOptions {
  readonly text: string;
}

/** A part of the text, evaluated. With a reason it has no value, but still an end: a fallback that does not count may hold anything. */
interface Walked {
  readonly text: string;
  readonly origins: ReadonlySet<Origin>;
  /** Offset behind it. */
  readonly end: number;
  readonly why?: string;
}

/** Up to the end, or with `inner` up to the brace that closes the fallback. */
function walk(source: Source, start: number, inner: boolean, depth: number): Walked {
  const { text, literal, quotes = false } = source;
  const origins = new Set<Origin>();
  let out = '';
  let why = depth > MAX_DEPTH ? `its variables nest deeper than ${MAX_DEPTH}` : undefined;
  let at = start;
  while (at < text.length && !(inner && text.charAt(at) === '}')) {
    const character = text.charAt(at);
    if (text.startsWith(literal, at)) {
      out += '$';
      at += literal.length;
    } else if (character === '\\' && literal === '\\$' && at + 1 < text.length) {
      out += text.charAt(at + 1);
      at += 2;
    } else if (quotes && character === "'") {
      const close = text.indexOf("'", at + 1);
      const stop = close === -1 ? text.length : close;
      out += text.slice(at + 1, stop);
      at = stop + 1;
    } else if (character !== '$') {
      if (!(quotes && character === '"')) out += character;
      at += 1;
    } else {
      const one = variableAt(source, at, depth);
      why ??= one.why;
      out += one.text;
      for (const origin of one.origins) origins.add(origin);
      at = one.end;
    }
    if (out.length > MAX_LENGTH) {
      why ??= `with its variables it has more than ${MAX_LENGTH} characters`;
      out = '';
    }
  }
  if (inner && at >= text.length) why ??= 'a "${" in it is not closed';
  return { text: out, origins, end: at, ...(why === undefined ? {} : { why }) };
}

const NO_ORIGINS: ReadonlySet<Origin> = new Set();

function variableAt(source: Source, at: number, depth: number): Walked {
  const { text } = source;
  const broken = (why: string, end: number): Walked => ({
    text: '',
    origins: NO_ORIGINS,
    end,
    why,
  });
  const braced = text.charAt(at + 1) === '{';
  const from = at + (braced ? 2 : 1);
  const name = matchAt(NAME, text, from);
  if (name === undefined) return broken(`"${text.slice(at, at + 20)}" names no variable`, from);
  const after = from + name.length;
  const variable = source.variable(name);
  if (!braced) return settled(variable, after);
  if (text.charAt(after) === '}') return settled(variable, after + 1);
  const operator = matchAt(OPERATOR, text, after);
  if (operator === undefined || depth >= MAX_DEPTH) {
    return broken(`only a shell can evaluate "${text.slice(at, at + 60)}"`, after);
  }
  const fallback = walk(source, after + operator.length, true, depth + 1);
  const end = fallback.end + 1;
  if (fallback.end >= text.length) return { ...fallback, end };
  if ('dynamic' in variable) return broken(variable.dynamic, end);
  const has = 'value' in variable && (variable.value !== '' || !operator.startsWith(':'));
  const kind = operator.at(-1);
  if (kind === '+') {
    return has ? { ...fallback, end } : { text: '', origins: NO_ORIGINS, end };
  }
  if (has) return settled(variable, end);
  if (kind === '-') return { ...fallback, end };
  return broken('unset' in variable ? variable.unset : `${name} is empty`, end);
}

function settled(variable: Variable, end: number): Walked {
  if ('value' in variable) {
    return { text: variable.value, origins: new Set(variable.origins), end };
  }
  const why = 'unset' in variable ? variable.unset : variable.dynamic;
  return { text: '', origins: NO_ORIGINS, end, why };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
