/**
 * Whether a pattern names the whole text: `*` is any number of characters within a part between slashes, `**` any number of any, `?` one
 * that is no slash. Takes time in the product of both lengths, whatever the pattern. Pure.
 */
export function globMatches(pattern: string, text: string): boolean {
  const tokens = pattern.match(/\*{2,}|[\s\S]/g) ?? [];
  // Which prefixes of the text the tokens so far can be.
  let can = Array.from({ length: text.length + 1 }, (_, at) => at === 0);
  for (const token of tokens) {
    const next = can.map(() => false);
    for (let at = 0; at <= text.length; at += 1) {
      const before = text[at - 1];
      if (token.startsWith('*')) {
        const grows = at > 0 && (token.length > 1 || before !== '/') && next[at - 1] === true;
        next[at] = can[at] === true || grows;
      } else if (at > 0 && can[at - 1] === true) {
        next[at] = token === '?' ? before !== '/' : token === before;
      }
    }
    can = next;
  }
  return can[text.length] === true;
}
