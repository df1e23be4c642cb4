import type { FoundReference } from '../discover/found.js';
import type { Range } from '../discover/lines.js';
import { canonical } from '../image/reference.js';

/** A reference with the file that it stands in. */
export interface Placed {
  readonly file: string;
  readonly reference: FoundReference;
}

/** One place whose image is another than before, or that was not there. */
export interface Change {
  readonly before: Placed | undefined;
  /** Undefined where the place is gone. */
  readonly after: Placed | undefined;
  /** The line that made the difference: the reference itself, or the default, anchor or `.env` line that it takes its value from. */
  readonly at: { readonly file: string; readonly range: Range };
}

/**
 * What changed between two versions of one file. A reference counts when its resolved value at its place differs, wherever the text that
 * made the difference stands; one that only moved does not. Places are told apart by their path in the document, and where that only counts
 * (`#1`) by value and repository first, so that an inserted stage does not make all those after it look changed. Pure.
 */
export function changesOf(before: readonly Placed[], after: readonly Placed[]): readonly Change[] {
  const old = new Set(before);
  const fresh = new Set(after);
  const pairs: { before: Placed; after: Placed }[] = [];
  const match = (key: (placed: Placed) => string | undefined) => {
    const waiting = new Map<string, Placed[]>();
    for (const placed of old) {
      const name = key(placed);
      if (name === undefined) continue;
      const others = waiting.get(name);
      if (others === undefined) waiting.set(name, [placed]);
      else others.push(placed);
    }
    for (const placed of fresh) {
      const name = key(placed);
      const partner = name === undefined ? undefined : waiting.get(name)?.shift();
      if (partner === undefined) continue;
      pairs.push({ before: partner, after: placed });
      old.delete(partner);
      fresh.delete(placed);
    }
  };
  const path = ({ reference }: Placed) => reference.path;
  const isNamed = ({ reference }: Placed) => !reference.path.includes('#');
  match((one) => `${path(one)}\0${imageText(one)}`);
  match((one) => (isNamed(one) ? path(one) : undefined));
  match(imageText);
  match((one) => `${path(one)}\0${repositoryOf(one)}`);
  match(repositoryOf);
  match(path);
  return [
    ...pairs
      .filter((pair) => imageText(pair.before) !== imageText(pair.after))
      .map((pair) => ({ ...pair, at: differing(pair.before, pair.after) })),
    ...[...fresh].map((one) => ({ before: undefined, after: one, at: own(one) })),
    ...[...old].map((one) => ({ before: one, after: undefined, at: own(one) })),
  ].sort((a, b) => position(a) - position(b));
}

const position = ({ at }: Change): number => at.range.line * 1e6 + at.range.column;

const own = ({ file, reference }: Placed) => ({ file, range: reference.range });

/** What is compared: the image in full, or as much as is known of one that is not resolved. */
function imageText({ reference: { outcome, raw, origins } }: Placed): string {
  if (outcome.ok) return canonical(outcome.image);
  return `?${raw}\0${outcome.why.replace(/ \(line \d+\)/, '')}\0${origins.map(({ text }) => text).join('\0')}`;
}

const repositoryOf = ({ reference: { outcome, raw } }: Placed): string =>
  outcome.ok ? `${outcome.image.domain}/${outcome.image.path}` : `?${raw.split(/[:@]/)[0]}`;

function differing(before: Placed, after: Placed): Change['at'] {
  if (before.reference.raw !== after.reference.raw) return own(after);
  const known = new Set(before.reference.origins.map(({ text }) => text));
  const origin = after.reference.origins.find(({ text }) => !known.has(text));
  return origin === undefined
    ? own(after)
    : { file: origin.file ?? after.file, range: origin.range };
}
