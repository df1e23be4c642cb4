import { Composer, type CST, type Document, Lexer, LineCounter, Parser } from 'yaml';

/** Levels of maps and lists; nobody writes more. */
export const MAX_NESTING = 100;

export interface ComposedYaml {
  /** Contents with their syntax errors; empty where the text nests too deep. */
  readonly documents: readonly Document.Parsed[];
  readonly tooDeep: boolean;
  readonly counter: LineCounter;
}

/**
 * The documents of a YAML text that anybody may have written: linear in the text, and in bounded depth. The composer of `yaml` recurses, and
 * some thousand levels (`- - - …` as well as brackets) end the process within V8's regular expressions, which nothing can catch; so
 * its parser comes first, which has a stack of its own that is watched. Keys are not compared with each other: the library does that in quadratic time.
 * Never throws; pure.
 */
export function composeYaml(text: string): ComposedYaml {
  const counter = new LineCounter();
  const tokens = tokensOf(text, counter);
  if (tokens === undefined || tokens.some(nestsTooDeep)) {
    return { documents: [], tooDeep: true, counter };
  }
  // Not 'warn': the library's warnings go past us to standard error, with words of the text.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  return { documents: [...composer.compose(tokens)], tooDeep: false, counter };
}

/**
 * The value of a YAML text of one document.
 * @throws Error where the text is none, nests too deep, or its aliases lead to too much
 */
export function yamlValue(text: string): unknown {
  const { documents, tooDeep } = composeYaml(text);
  const [document, ...more] = documents;
  if (tooDeep) throw new Error(`it nests deeper than ${MAX_NESTING} levels`);
  if (more.length > 0) throw new Error('it holds several documents');
  const [fault] = document?.errors ?? [];
  if (fault !== undefined) throw fault;
  return document?.toJS({ maxAliasCount: MAX_ALIASES });
}

/** What aliases may add up to, as the library counts it. */
export const MAX_ALIASES = 100;

/** A level is a map or list, and what is in it. */
const MAX_OPEN = 4 * MAX_NESTING;

/** `Parser.parse`, ended where too much is open: what closes it recurses (`: : : …`), and takes quadratic time. */
function tokensOf(text: string, counter: LineCounter): CST.Token[] | undefined {
  const parser = new Parser(counter.addNewLine);
  const tokens: CST.Token[] = [];
  counter.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_OPEN) return undefined;
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function nestsTooDeep(token: unknown): boolean {
  const open: { token: unknown; depth: number }[] = [{ token, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token: one, depth } = next;
    if (typeof one !== 'object' || one === null) continue;
    if (depth > MAX_NESTING) return true;
    const { items, value, key } = one as { items?: unknown; value?: unknown; key?: unknown };
    const inner = 'type' in one ? depth + 1 : depth;
    if (Array.isArray(items)) for (const item of items) open.push({ token: item, depth: inner });
    open.push({ token: value, depth: inner }, { token: key, depth: inner });
  }
  return false;
}
