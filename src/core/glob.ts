/**
 * Whether a pattern names the whole text: `*` is any number of characters within a part between slashes, `**` any number of any, `?` one
 * that is no slash. All ways to match are followed at once, as bits of one number: the time grows with the text and, 64 at a time, with
 * the pattern, whatever they are. Pure.
 */
export function globMatches(pattern: string, text: string): boolean {
  const tokens: readonly string[] = pattern.match(/\*{2,}|[\s\S]/g) ?? [];
  /** Bit `n` of each: what the token after the first `n` is. */
  const where = (is: (token: string) => boolean): bigint =>
    tokens.reduce((bits, token, at) => (is(token) ? bits | (1n << BigInt(at)) : bits), 0n);
  const star = where((token) => token.startsWith('*'));
  const across = where((token) => token.length > 1);
  const any = where((token) => token === '?');
  const literal = new Map<string, bigint>();
  tokens.forEach((token, at) => {
    if (token === '?' || token.startsWith('*')) return;
    literal.set(token, (literal.get(token) ?? 0n) | (1n << BigInt(at)));
  });
  /** A star may also be nothing; no two follow each other. */
  const withEmptyStars = (bits: bigint): bigint => bits | ((bits & star) << 1n);
  /** Bit `n`: the text so far can be the first `n` tokens. */
  let can = withEmptyStars(1n);
  for (let at = 0; at < text.length && can !== 0n; at += 1) {
    const character = text.charAt(at);
    const isSlash = character === '/';
    const one = (literal.get(character) ?? 0n) | (isSlash ? 0n : any);
    can = withEmptyStars(((can & one) << 1n) | (can & (isSlash ? across : star)));
  }
  return ((can >> BigInt(tokens.length)) & 1n) === 1n;
}
