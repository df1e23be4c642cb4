/**
 * Brings one line of any log to a plain form: no terminal colours, no collector's prefix, plain quotes, single spaces.
 * Every expression here has bounded repetitions or always matches what it scans, so the work is linear in the line.
 */
export function normaliseLine(line: string): PlainLine {
  let text = line;
  if (HAS_CONTROL.test(text)) text = text.replace(ANSI, '').replace(CONTROL, ' ');
  if (text.includes('[')) text = text.replace(BARE_COLOUR, '');
  if (text.includes('\\')) text = withoutEscapes(text);
  if (text.includes('&')) text = text.replace(HTML_ENTITY, (whole) => HTML[whole] ?? whole);
  if (HAS_TYPOGRAPHY.test(text)) text = plainTypography(text);
  if (HAS_WIDE_SPACE.test(text)) text = text.replace(/\s+/g, ' ');
  text = text.trim();
  const plain = withoutPrefixes(text);
  return { text: plain, prefixed: plain !== text };
}

export interface PlainLine {
  readonly text: string;
  /** A collector's prefix was removed, so the line is a record of its own and not the rest of another. */
  readonly prefixed: boolean;
}

/** Removes what log collectors put before a line: CI, compose, Kubernetes, journald, the kernel, BuildKit. */
function withoutPrefixes(line: string): string {
  let text = line;
  for (let round = 0; round < 4; round += 1) {
    const before = text;
    for (const prefix of PREFIXES) text = text.replace(prefix, '');
    if (text === before) break;
  }
  return text;
}

/** Undoes the quoting of Go, JSON and Python that wraps an error in another error, `\\\"` and `\u003e` and `\n`. */
function withoutEscapes(text: string): string {
  const quoted = /\\["']/.test(text);
  let plain = text
    .replace(/\\{1,32}u([0-9a-fA-F]{4})/g, (_whole, hex: string) => fromHex(hex))
    .replace(/\\{1,32}(["'`])/g, '$1')
    .replace(/\\x1b\[[0-9;]{0,20}m/gi, '');
  // A backslash before n or t is a line break only inside a quoted text; elsewhere it may be part of a Windows path.
  if (quoted || !/[A-Za-z]:\\/.test(plain))
    plain = plain.replace(/\\{1,32}[nrt](?![a-z]{0,20}\.dll)/g, ' ');
  return plain;
}

const fromHex = (hex: string): string => {
  const code = Number.parseInt(hex, 16);
  return code < 32 ? ' ' : String.fromCharCode(code);
};

const plainTypography = (text: string): string =>
  text
    .replace(/[“”„‟«»「」『』＂]/g, '"')
    .replace(/[‘’‚‛‹›´]/g, "'")
    .replace(/[‐‑‒–—―]/g, '-')
    .replace(/：/g, ': ')
    .replace(/[\u00a0\u2000-\u200b\u202f\u3000\ufeff]/g, ' ');

const HTML: Readonly<Record<string, string>> = {
  '&gt;': '>',
  '&lt;': '<',
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&amp;': '&',
  '&nbsp;': ' ',
};
const HTML_ENTITY = /&(?:gt|lt|quot|amp|nbsp|#34|#39);/g;
const HAS_WIDE_SPACE = /\s\s|[\t\v\f]/;
const HAS_TYPOGRAPHY = /[\u00a0\u00ab\u00b4\u00bb\u2000-\u203a\u3000-\u300f\ufeff\uff02\uff1a]/;
// biome's own rule wants control characters written as escapes built at run time; they are the very thing looked for here.
const ESC = String.fromCharCode(27);
const BEL = String.fromCharCode(7);
const HAS_CONTROL = new RegExp(
  `[${String.fromCharCode(0)}-${String.fromCharCode(8)}${ESC}${String.fromCharCode(127)}]`,
);
const CONTROL = new RegExp(HAS_CONTROL.source, 'g');
const ANSI = new RegExp(
  `${ESC}(?:\\[[0-?]{0,40}[ -/]{0,8}[@-~]|\\][^${BEL}${ESC}]{0,400}(?:${BEL}|${ESC}\\\\)?|[@-Z\\\\-_])`,
  'g',
);
/** Colour codes whose escape character a web page or copy has lost: `[36;1m`, `^[[31m`. */
const BARE_COLOUR = /(?:\^\[|\u241b)?\[(?:\d{1,3};){0,5}\d{1,3}m/g;

const PREFIXES: readonly RegExp[] = [
  /^(?:\d{4}-\d\d-\d\d[T ])\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)? /,
  /^(?:stdout|stderr) [FP] /,
  /^(?:##\[[a-z]{1,12}\]|::(?:error|warning|notice|debug)[^:]{0,200}::)/,
  /^[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d [\w.-]{1,64} [\w./@-]{1,64}(?:\[\d{1,8}\])?: /,
  /^\[ {0,8}\d{1,8}\.\d{3,6}\] ?/,
  /^#\d{1,4} (?:\d{1,6}\.\d{1,4} )?/,
  /^[\w.-]{1,60} {0,30}\| /,
  /^> /,
  /^[EWIF]\d{4} \d\d:\d\d:\d\d\.\d{3,6} {1,8}\d{1,8} [\w.-]{1,60}:\d{1,6}\] /,
];
