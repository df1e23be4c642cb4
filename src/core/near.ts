/** Letters to add, take away or change to make one text the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const LONGEST = 80;
const SHORTEST_WORD = 3;

/** 1 for a word that is among these, a half for one that looks like one of them. */
function likeness(word: string, known: ReadonlySet<string>): number {
  if (word.length < SHORTEST_WORD) return 0;
  if (known.has(word)) return 1;
  const near = [...known].some(
    (other) => other[0] === word[0] && distance(word, other) <= word.length / 2,
  );
  return near ? 0.5 : 0;
}

/** Of some names, those that a mistyped one was probably meant to be, nearest first. Pure. */
export function nearest(text: string, names: readonly string[], most = 3): string[] {
  const words = (name: string) => new Set(name.toLowerCase().split(/[^a-z0-9]+/));
  const given = text.slice(0, LONGEST).toLowerCase();
  const asked = words(given);
  const ranked = names.map((name) => {
    const known = words(name);
    const shared = [...asked].reduce((sum, word) => sum + likeness(word, known), 0);
    const letters = distance(given, name.toLowerCase());
    return { name, shared, letters, near: letters <= Math.max(2, given.length / 3) };
  });
  return ranked
    .filter(({ shared, near }) => shared > 0 || near)
    .sort((a, b) => b.shared - a.shared || a.letters - b.letters)
    .slice(0, most)
    .map(({ name }) => name);
}
