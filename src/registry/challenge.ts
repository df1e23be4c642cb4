/** One challenge of a `WWW-Authenticate` header; the names of its parameters are in lower case. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const SPACE = /[ \t]*/y;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y;
/** The other form of credentials, one token without a name. */
const TOKEN68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;

/**
 * The challenges of a `WWW-Authenticate` header, several schemes in one header included. What is not in the grammar ends the
 * reading; the challenges before it count. Pure; never throws.
 * https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  let current: { scheme: string; parameters: Map<string, string> } | undefined;
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match[1] ?? match[0];
  };
  const skip = () => {
    do take(SPACE);
    while (header[at] === ',' && ++at > 0);
  };
  for (;;) {
    skip();
    const name = take(TOKEN);
    if (name === undefined) return challenges;
    const afterName = at;
    take(SPACE);
    if (header[at] === '=' && current !== undefined) {
      at += 1;
      take(SPACE);
      const quoted = take(QUOTED);
      const value = quoted === undefined ? take(TOKEN) : quoted.replace(/\\([\s\S])/g, '$1');
      if (value === undefined) return challenges;
      // A parameter stands once; of two the first counts.
      const key = name.toLowerCase();
      if (!current.parameters.has(key)) current.parameters.set(key, value);
      continue;
    }
    current = { scheme: name.toLowerCase(), parameters: new Map() };
    challenges.push(current);
    // Not `name=value` but `scheme token68`, such as Negotiate's.
    if (at > afterName) take(TOKEN68);
  }
}
