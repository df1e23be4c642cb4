/**
 * The one place where text from outside (image, engine, probe, references, facts files) is made harmless, one function per place
 * that it can end up in. Words of our own go through it as well, because they quote such text.
 */

/** Longest text shown in a sentence, in characters. */
const INLINE_LIMIT = 600;
/** Longest text shown as a value: a reference of 255 characters and its digest still fit. */
const CODE_LIMIT = 360;
/** Longest text shown as a block. */
const BLOCK_LIMIT = 16_384;

const ESC = '\\u001b';
// Terminal sequences: strings (OSC, DCS, SOS, PM, APC) with their end, CSI, and the short ones. A sequence without its end stays, so that
// it cannot swallow what follows.
const SEQUENCES = new RegExp(
  [
    `${ESC}[\\]PX^_][^\\u0007\\u001b\\u009c]*(?:\\u0007|${ESC}\\\\|\\u009c)`,
    `(?:${ESC}\\[|\\u009b)[0-?]*[ -/]*[@-~]`,
    `${ESC}[ -/]*[0-Z\\\\^-~]`,
  ].join('|'),
  'g',
);
const LINE_ENDS = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
// Directions that reorder what a reader sees, tag characters, lone surrogates and the byte order mark.
const INVISIBLE =
  /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;
const MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * The text with nothing in it that acts on a terminal or deceives the eye: terminal sequences removed, control characters shown as their
 * pictures, characters that reorder or hide text replaced by U+FFFD. Line feeds and tabs stay; other line ends become line feeds.
 */
export function visible(text: string): string {
  return text
    .replace(SEQUENCES, '')
    .replace(LINE_ENDS, '\n')
    .replace(/\p{Cc}/gu, picture)
    .replace(INVISIBLE, '\ufffd')
    .replace(MARKS, '$1');
}

function picture(control: string): string {
  const unit = control.charCodeAt(0);
  if (control === '\n' || control === '\t') return control;
  if (unit > 0x7f) return '\ufffd';
  return unit === 0x7f ? '\u2421' : String.fromCharCode(0x2400 + unit);
}

/** `visible` text on one line, at most `limit` characters: line ends become ⏎, runs of white space one space. */
export function line(text: string, limit: number = INLINE_LIMIT): string {
  const one = visible(head(text, limit * 4 + 1024))
    .trim()
    .replace(/[^\S\n]*\n\s*/g, ' ⏎ ')
    .replace(/\s+/g, ' ');
  return clip(one, limit);
}

/** At most `limit` UTF-16 units with an ellipsis where something was cut; surrogate pairs stay whole. */
export function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${head(text, limit - 1)}…`;
}

/** Like `clip`, but keeps both ends: registry and tag of a long image reference, folder and name of a path. */
export function clipMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const front = Math.ceil((limit - 1) / 2);
  return `${head(text, front)}…${tail(text, limit - 1 - front)}`;
}

function head(text: string, limit: number): string {
  const cut = text.slice(0, Math.max(limit, 0));
  return cut.length < text.length && isHighSurrogate(cut.charCodeAt(cut.length - 1))
    ? cut.slice(0, -1)
    : cut;
}

function tail(text: string, limit: number): string {
  const cut = limit <= 0 ? '' : text.slice(-limit);
  return cut.length < text.length && isLowSurrogate(cut.charCodeAt(0)) ? cut.slice(1) : cut;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

const ZERO_WIDTH = '&#8203;';

/**
 * Plain text inside a Markdown sentence, heading or table cell. Nothing in it is markup, a link, a mention, an issue reference, an emoji
 * code or mathematics, also where GitHub looks for those after Markdown was parsed.
 */
export function inline(text: string, limit: number = INLINE_LIMIT): string {
  return inlineMarkup(line(text, limit));
}

function inlineMarkup(text: string): string {
  return (
    text
      .replace(/[\\`*_[\]|~]/g, '\\$&')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      // Before the replacements that write entities with a number sign.
      .replace(/#(?=\w)/g, `&#35;${ZERO_WIDTH}`)
      // The form that GitHub's documentation gives for a dollar sign that is no mathematics.
      .replace(/\$/g, '<span>$</span>')
      .replace(/@(?=\w)/g, `@${ZERO_WIDTH}`)
      .replace(/\bGH-(?=\d)/gi, `$&${ZERO_WIDTH}`)
      .replace(/:(?=\/\/|[\w+\\-]+:)/g, `:${ZERO_WIDTH}`)
      .replace(/\b(?:www|mailto|xmpp)(?=[.:])/gi, `$&${ZERO_WIDTH}`)
      // What opens a heading, a list or a table row when it comes first.
      .replace(/^[#+=:-]/, (first) => `&#${first.charCodeAt(0)};`)
      .replace(/^\d{1,9}(?=[.)](?:\s|$))/, `$&${ZERO_WIDTH}`)
  );
}

/** A value inside a Markdown sentence, heading or table cell, shown as code. */
export function code(text: string, limit: number = CODE_LIMIT): string {
  const whole = line(text, BLOCK_LIMIT);
  // A reference or a path says most at its ends, a list of clauses at its start.
  const value = whole.includes(' ') ? clip(whole, limit) : clipMiddle(whole, limit);
  // Backticks, pipes and backslashes need one escape in a table and another outside; as entities they mean the same everywhere.
  if (value === '' || /[`|\\]/.test(value)) return `<code>${entities(value)}</code>`;
  return `\`${value}\``;
}

/** Our own sentence that may quote outside text: what stands between backticks is code, everything else is plain text. */
export function sentence(text: string, limit: number = INLINE_LIMIT): string {
  return line(text, limit)
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.length > 2 && part.startsWith('`') && part.endsWith('`')
        ? code(part.slice(1, -1), limit)
        : inlineMarkup(part),
    )
    .join('');
}

/** Text between HTML tags or in a quoted attribute; safe as well where Markdown reads the line. */
export function html(text: string, limit: number = INLINE_LIMIT): string {
  return entities(line(text, limit));
}

function entities(text: string): string {
  return text
    .replace(/[!"#$%&'()*+:;<=>?@[\\\]^_`{|}~]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/&#64;(?=\w)/g, `&#64;${ZERO_WIDTH}`);
}

/**
 * Text inside a quoted label of a Mermaid chart: every ASCII punctuation mark becomes a character code, so that none can end the
 * label, start Markdown or an icon, or stand for HTML.
 */
export function mermaid(text: string, limit: number = INLINE_LIMIT): string {
  return line(text, limit).replace(
    /[!-/:-@[-`{-~]/g,
    (character) => `#${character.charCodeAt(0)};`,
  );
}

/**
 * A fenced block that holds the text whole, up to `limit` characters: the fence is longer than any run of backticks inside. A cut is
 * marked in the block's last line.
 * @param language an info string of our own, never outside text.
 * @param indent columns before each line, for a block inside a list item.
 */
export function fence(text: string, language = '', limit = BLOCK_LIMIT, indent = 0): string {
  const shown = block(text, limit);
  const longest = Math.max(2, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return [`${ticks}${language}`, ...shown.split('\n'), ticks]
    .map((row) => ' '.repeat(indent) + row)
    .join('\n');
}

/** `visible` text of several lines, without empty lines at its ends, cut after `limit` characters with a last line that says so. */
export function block(text: string, limit: number = BLOCK_LIMIT): string {
  const kept = head(text, limit);
  const shown = visible(kept).replace(/^\n+|\s+$/g, '');
  const left = text.length - kept.length;
  return left === 0 ? shown : `${shown}\n… cut here: ${left} more characters`;
}

/**
 * Text of one line for a terminal or a job log. The runner takes `::name::` at the start of a line and `##[name]` anywhere for a command
 * (actions/runner, ActionCommand.cs), so neither is left.
 */
export function terminalLine(text: string, limit: number = INLINE_LIMIT): string {
  return withoutCommands(line(text, limit));
}

/** Text of several lines for a terminal or a job log, see `terminalLine`. */
export function terminalBlock(text: string, limit: number = BLOCK_LIMIT): string[] {
  return block(text, limit).replace(/\t/g, '    ').split('\n').map(withoutCommands);
}

// White space and colours at the start of a line, then the first half of a command's mark.
const COMMAND_START = new RegExp(`^((?:\\s|${ESC}\\[\\d+m)*):(?=:)`);

/** A finished line of a terminal page: wrapping may have moved a command to its start. */
export function withoutCommands(text: string): string {
  return text.replace(/##(?=\[)/g, '# #').replace(COMMAND_START, '$1: ');
}

/**
 * Message of an annotation: several lines are kept. It is not escaped for the runner, because `@actions/core` does that.
 * @param limit UTF-16 units, which is what the runner counts.
 */
export function annotationText(text: string, limit: number): string {
  return clip(visible(head(text, limit * 4)).trim(), limit);
}

/** Title of an annotation: one line. */
export function annotationTitle(text: string, limit: number): string {
  return line(text, limit);
}

/** Value of one line of an output. */
export function outputLine(text: string): string {
  return line(text, 4096);
}
