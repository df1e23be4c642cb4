import type { Verdict } from '../core/catalogue.js';
import type { Outcome } from '../core/comparison.js';
import type { Fix } from './fix.js';
import { headline, next, reason, VERDICT_WORDS, worstFirst } from './headline.js';
import type {
  ChangedImage,
  Changes,
  ImageReport,
  ImageSource,
  ProfileChange,
  Report,
} from './report.js';
import { type Standing, waivedUntil } from './waived.js';

/** A report about the images that a change touches. */
export type ChangeReport = Report & { readonly changes: Changes };

export const isChangeReport = (report: Report): report is ChangeReport =>
  report.changes !== undefined;

export interface ChangeHeadline {
  /** What was found; `works` where nothing got worse. */
  readonly verdict: Verdict;
  readonly standing: Standing;
  readonly claim: string;
  readonly next: readonly Fix[];
}

/** One transition of one place, with every machine that it holds for. */
export interface Transition {
  readonly image: ChangedImage;
  readonly profiles: readonly string[];
  readonly change: ProfileChange;
}

const RANK: Readonly<Record<Outcome, number>> = { worse: 0, new: 1, same: 2, better: 3 };
const WORTH: Readonly<Record<Verdict, number>> = { fails: 0, unknown: 1, works: 2 };

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  worse: 'worse',
  new: 'new',
  same: 'the same',
  better: 'better',
};

/**
 * Whether somebody has to look: the image got worse, or fails and is new, or nothing could be told about it. That nothing could be told before either
 * (a registry that is down) makes it no safer.
 */
export const isBad = (change: ProfileChange): boolean =>
  change.countsAs !== 'works' && wouldBeBad(change);

/** Somebody would have to look, and it is accepted until a day. */
export const isWaivedChange = (change: ProfileChange): boolean =>
  change.countsAs === 'works' && wouldBeBad(change);

const wouldBeBad = ({ outcome, after, note }: ProfileChange): boolean =>
  outcome === 'worse' ||
  (outcome === 'new' && after === 'fails') ||
  (after === 'unknown' && note !== 'no-cuda');

/** All transitions, worst first; machines on which the same happened are one. */
export function transitions({ changes }: ChangeReport): readonly Transition[] {
  const all = changes.images.flatMap((image) => {
    const groups = new Map<string, { profiles: string[]; change: ProfileChange }>();
    for (const change of image.profiles) {
      const { profile, outcome, note, before, after, countsAs, cause } = change;
      const shown = after === 'works' ? null : cause;
      const key = JSON.stringify([outcome, note, before, after, countsAs, shown]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { profiles: [profile], change });
      else group.profiles.push(profile);
    }
    return [...groups.values()].map((group) => ({ image, ...group }));
  });
  const rank = ({ change }: Transition) =>
    (isBad(change) ? 0 : isWaivedChange(change) ? 50 : 100) +
    RANK[change.outcome] * 10 +
    WORTH[change.after];
  return all.sort((a, b) => rank(a) - rank(b));
}

/** The judgements that somebody has to look at, worst first. */
export const badImages = (report: ChangeReport): readonly ImageReport[] => imagesOf(report, isBad);

/** The judgements that somebody would have to look at and that are waived, worst first. */
export const waivedImages = (report: ChangeReport): readonly ImageReport[] =>
  imagesOf(report, isWaivedChange);

function imagesOf(
  report: ChangeReport,
  choose: (change: ProfileChange) => boolean,
): readonly ImageReport[] {
  const bad = report.changes.images.flatMap(({ after, profiles }) =>
    profiles.filter(choose).map((change) => ({ after, change })),
  );
  return worstFirst(
    report.images.filter((image) =>
      bad.some(
        ({ after, change }) =>
          image.reference === after &&
          image.verdict === change.after &&
          image.primary === change.cause &&
          (image.profile === undefined || image.profile === change.profile),
      ),
    ),
  );
}

/** What a reader must know first. */
export function changeHeadline(report: ChangeReport): ChangeHeadline {
  const { changes } = report;
  const bad = badImages(report);
  const [worst] = bad;
  if (worst !== undefined) {
    return {
      verdict: worst.verdict,
      standing: worst.verdict,
      claim: `${badWords(changes)}: ${reason(worst)}`,
      next: next(worst),
    };
  }
  const [problem] = changes.base === null ? [] : changes.problems;
  if (problem !== undefined) {
    const place = `${problem.file}:${problem.line}`;
    return {
      verdict: 'unknown',
      standing: 'unknown',
      claim: `${VERDICT_WORDS.unknown}: ${place} cannot be read: ${problem.why}`,
      next: [{ kind: 'advice', text: `mend ${place}, column ${problem.column}.` }],
    };
  }
  const [waived] = waivedImages(report);
  if (waived !== undefined) {
    return {
      verdict: waived.verdict,
      standing: 'waived',
      claim: `${badWords(changes, isWaivedChange)}, waived until ${waivedUntil(waived)}: ${reason(waived)}`,
      next: next(waived),
    };
  }
  return { verdict: 'works', standing: 'works', claim: goodWords(report), next: [] };
}

function badWords(
  { images, base }: Changes,
  isMeant: (change: ProfileChange) => boolean = isBad,
): string {
  const worse = images.filter(({ profiles }) =>
    profiles.some((change) => change.outcome === 'worse' && isMeant(change)),
  );
  const bad = images.filter(({ profiles }) => profiles.some(isMeant));
  const of = `of ${count(images.length, base === null ? 'image' : 'changed image')}`;
  if (
    bad.every(({ profiles }) => profiles.filter(isMeant).every(({ after }) => after === 'unknown'))
  ) {
    return `${VERDICT_WORDS.unknown} for ${bad.length} ${of}`;
  }
  if (worse.length === bad.length) return `${bad.length} ${of} got worse`;
  const what = worse.length === 0 ? 'do not work' : 'got worse or do not work';
  return `${bad.length} ${of} ${bad.length === 1 ? what.replace('do not', 'does not') : what}`;
}

function goodWords(report: ChangeReport): string {
  const { base, images } = report.changes;
  if (images.length === 0) return base === null ? 'no file names an image' : 'no image changed';
  if (base === null) return `${headline(report).claim}`;
  const judged = images.filter(({ profiles }) => profiles.length > 0);
  const better = judged.filter(({ profiles }) => profiles.some((one) => one.outcome === 'better'));
  const kinds = [
    better.length === 0 ? '' : `${better.length} better`,
    images.length === judged.length ? '' : `${images.length - judged.length} removed`,
  ].filter(Boolean);
  return `nothing got worse: ${count(images.length, 'image')} changed${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}`;
}

export const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`;

/** `Dockerfile:12` */
export const placeWords = ({ file, line }: Pick<ImageSource, 'file' | 'line'>): string =>
  `${file}:${line}`;

/** What was compared with what, in one line. */
export function comparedWords({ base, because, files }: Changes): string {
  return base === null
    ? `Every image of the repository: ${because}; ${count(files, 'file')} read`
    : `Compared with ${base.slice(0, 12)}, ${because}; ${count(files, 'changed file')} read`;
}

/** A verdict before and after, and what to know beside it. */
export function transitionWords(transition: ProfileChange): string {
  const { before, after, cause, note } = transition;
  const now = `${VERDICT_WORDS[after]}${isWaivedChange(transition) ? ', waived' : ''}${cause === null || after === 'works' ? '' : `: ${cause}`}`;
  const change = before === undefined ? now : `${VERDICT_WORDS[before]} → ${now}`;
  if (note === 'no-cuda') return 'nothing in it says CUDA: not judged';
  if (note === 'other-cause') return `${change} (another cause than before)`;
  return note === 'new-warning' ? `${change} (with a warning that was not there)` : change;
}
