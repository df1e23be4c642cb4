/** One word of a command, quotes removed. */
export interface Word {
  /** Dollar signs and backslashes that stand for themselves have a backslash before them, so that `expand` leaves them alone. */
  readonly text: string;
  /** Offsets in the script, quotes included. */
  readonly start: number;
  readonly end: number;
}

/** Command substitutions within each other; a deeper one is read as text. */
const MAX_DEPTH = 30;
const BLANK = /[ \t\r]/;
const SEPARATOR = /[;&|\n()`]/;

/** What a command substitution leaves in a word: a variable that nothing sets. */
export const SUBSTITUTED = '$__output_of_a_command';

interface Scan {
  readonly script: string;
  at: number;
  readonly commands: Word[][];
  /** Delimiters of here-documents whose text begins after this line. */
  heredocs: { delimiter: string; tabs: boolean }[];
}

/**
 * The simple commands of a POSIX shell script as lists of words: quotes, line continuations, comments, here-documents, command
 * substitutions (whose commands are in the answer too) and workflow expressions (`${{ … }}`, kept whole) are understood; keywords are
 * words. Nothing is expanded. Linear in the script, never throws, pure.
 */
export function commandsOf(script: string): readonly (readonly Word[])[] {
  const scan: Scan = { script, at: 0, commands: [], heredocs: [] };
  while (scan.at < script.length) {
    readCommands(scan, '', 0);
    // An unmatched end of a substitution.
    scan.at += 1;
  }
  return scan.commands;
}

/** Commands up to the end of the script or to `close`, which is left unread. */
function readCommands(scan: Scan, close: ')' | '`' | '', depth: number): void {
  let command: Word[] = [];
  const finish = () => {
    if (command.length > 0) scan.commands.push(command);
    command = [];
  };
  const { script } = scan;
  while (scan.at < script.length) {
    const character = script.charAt(scan.at);
    if (close !== '' && character === close) break;
    if (BLANK.test(character)) scan.at += 1;
    else if (script.startsWith('\\\n', scan.at)) scan.at += 2;
    else if (script.startsWith('\\\r\n', scan.at)) scan.at += 3;
    else if (character === '#') scan.at = endOfLine(script, scan.at);
    else if (character === '\n') {
      finish();
      scan.at += 1;
      skipHeredocs(scan);
    } else if (SEPARATOR.test(character)) {
      finish();
      scan.at += 1;
    } else if (character === '<' || character === '>') readRedirection(scan);
    else {
      const word = readWord(scan, close, depth);
      // In `2>&1` the number belongs to the redirection.
      const redirects = /^\d+$/.test(word.text) && /[<>]/.test(script.charAt(scan.at));
      if (!redirects) command.push(word);
    }
  }
  finish();
}

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
};

/** Steps over `>`, `2>&1`'s end, `<<EOF`; the target is left to be read, as a word that no option takes, so it is skipped here. */
function readRedirection(scan: Scan): void {
  const { script } = scan;
  const heredoc = /<<(-?)[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|\\?([\w.-]+))/y;
  heredoc.lastIndex = scan.at;
  const found = script.startsWith('<<<', scan.at) ? null : heredoc.exec(script);
  if (found !== null) {
    scan.heredocs.push({
      delimiter: found[2] ?? found[3] ?? found[4] ?? '',
      tabs: found[1] === '-',
    });
    scan.at = heredoc.lastIndex;
    return;
  }
  while (/[<>&|]/.test(script.charAt(scan.at)) && scan.at < script.length) scan.at += 1;
  while (BLANK.test(script.charAt(scan.at))) scan.at += 1;
  if (scan.at < script.length && !/[\s;&|()<>`]/.test(script.charAt(scan.at)))
    readWord(scan, '', MAX_DEPTH);
}

function skipHeredocs(scan: Scan): void {
  const { script } = scan;
  for (const { delimiter, tabs } of scan.heredocs) {
    for (let closed = false; !closed && scan.at < script.length; ) {
      const end = endOfLine(script, scan.at);
      const line = script.slice(scan.at, end).replace(/\r$/, '');
      closed = (tabs ? line.replace(/^\t+/, '') : line) === delimiter;
      scan.at = end + 1;
    }
  }
  scan.heredocs = [];
}

function readWord(scan: Scan, close: ')' | '`' | '', depth: number): Word {
  const { script } = scan;
  const start = scan.at;
  const parts: string[] = [];
  let quoted = false;
  while (scan.at < script.length) {
    const character = script.charAt(scan.at);
    if (character === '"') {
      quoted = !quoted;
      scan.at += 1;
    } else if (character === "'" && !quoted) {
      const end = script.indexOf("'", scan.at + 1);
      const stop = end === -1 ? script.length : end;
      parts.push(script.slice(scan.at + 1, stop).replace(/[\\$]/g, '\\$&'));
      scan.at = stop + 1;
    } else if (character === '\\') {
      const next = script.charAt(scan.at + 1);
      if (next === '\r' && script.charAt(scan.at + 2) === '\n') scan.at += 3;
      else {
        if (next !== '\n' && next !== '') parts.push(`\\${next}`);
        scan.at += 2;
      }
    } else if (script.startsWith('${{', scan.at)) {
      const end = script.indexOf('}}', scan.at);
      const stop = end === -1 ? script.length : end + 2;
      parts.push(script.slice(scan.at, stop));
      scan.at = stop;
    } else if (script.startsWith('$(', scan.at) && depth < MAX_DEPTH) {
      scan.at += 2;
      readCommands(scan, ')', depth + 1);
      scan.at += 1;
      parts.push(SUBSTITUTED);
    } else if (character === '`' && close !== '`' && depth < MAX_DEPTH) {
      scan.at += 1;
      readCommands(scan, '`', depth + 1);
      scan.at += 1;
      parts.push(SUBSTITUTED);
    } else if (
      !quoted &&
      (BLANK.test(character) || SEPARATOR.test(character) || /[<>]/.test(character))
    ) {
      break;
    } else {
      parts.push(character);
      scan.at += 1;
    }
  }
  return { text: parts.join(''), start, end: Math.min(scan.at, script.length) };
}
