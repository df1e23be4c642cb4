import { type Against, againstOf, type WorkflowEvent } from './changes/event.js';
import { type FoundImages, findImages } from './changes/find.js';
import { type GitProblem, openRepository } from './changes/git.js';
import type { Change, Placed } from './changes/pair.js';
import type { Verdict } from './core/catalogue.js';
import { compare, hasNoCuda } from './core/comparison.js';
import { decide, type FailOn } from './core/policy.js';
import type { FoundReference } from './discover/found.js';
import { canonical, type ImageReference } from './image/reference.js';
import { AUTO, type InputMistake, MAX_IMAGES } from './inputs.js';
import type { Files, Shell } from './platform/ports.js';
import { isBad } from './report/changes.js';
import {
  type ChangedImage,
  type ImageReport,
  type ImageSource,
  REPORT_SCHEMA,
  type Report,
} from './report/report.js';
import { type WaiverFile, withWaivers } from './waiver-file.js';

/** The judgements of one image, one for each machine that it was judged on. */
export interface JudgedOn {
  readonly profile: string;
  readonly image: ImageReport;
}

/** The images that the run is about. */
export interface Asked {
  readonly found: FoundImages;
  /** What the changed places name now, each once, in the order of the places. */
  readonly after: readonly ImageReference[];
  /** What they named before, each once. */
  readonly before: readonly ImageReference[];
}

export interface ChangedWorld {
  readonly shell: Shell;
  readonly files: Files;
  /** The folder of the repository. */
  readonly workspace: string;
  /** The event of the workflow run; undefined outside of one. */
  readonly event: () => Promise<WorkflowEvent | undefined>;
}

/**
 * Finds the images of the repository that the event, or the difference from `base`, touches.
 * @param base a commit or branch; empty: as the event says, and all images where there is none.
 */
export async function askedFor(
  base: string,
  { shell, files, workspace, event }: ChangedWorld,
): Promise<{ ok: true; asked: Asked } | { ok: false; mistake: InputMistake }> {
  const opened = await openRepository(shell, workspace);
  if (!opened.ok) return { ok: false, mistake: mistakeOf(opened.problem) };
  const repository = opened.value;
  const against = base === '' ? await fromEvent(event) : given(base);
  const found = await findImages(against, {
    repository,
    readText: (path) => files.readText(`${repository.root}/${path}`),
  });
  if (!found.ok) return { ok: false, mistake: mistakeOf(found.problem) };
  const { changes } = found.value;
  const after = distinct(changes.map((change) => imageOf(change.after)));
  if (after.length > MAX_IMAGES) {
    return {
      ok: false,
      mistake: {
        input: 'images',
        value: AUTO,
        why: `the files name ${after.length} images, too many for one step`,
        allowed: `up to ${MAX_IMAGES} images`,
        fix: 'compare with a base, or name the images',
      },
    };
  }
  return {
    ok: true,
    asked: {
      found: found.value,
      after,
      before: distinct(
        changes.flatMap(({ before, after }) =>
          imageOf(after) === undefined ? [] : [imageOf(before)],
        ),
      ),
    },
  };
}

const mistakeOf = ({ why, fix }: GitProblem): InputMistake => ({
  input: 'images',
  value: AUTO,
  why,
  allowed: 'a clone of the repository that reaches back to what it is compared with',
  fix,
});

async function fromEvent(event: ChangedWorld['event']): Promise<Against> {
  const known = await event();
  return known === undefined ? { kind: 'nothing', because: 'no base was given' } : againstOf(known);
}

const given = (base: string): Against => ({ kind: 'common', base, because: base });

const imageOf = (placed: Placed | undefined): ImageReference | undefined =>
  placed?.reference.outcome.ok ? placed.reference.outcome.image : undefined;

/** Each image once, whatever ways it is written in. */
function distinct(images: readonly (ImageReference | undefined)[]): ImageReference[] {
  const found = new Map<string, ImageReference>();
  for (const image of images) {
    if (image !== undefined && !found.has(canonical(image))) found.set(canonical(image), image);
  }
  return [...found.values()];
}

/** The judgements of what the places name now, held against the waivers; what they named before stays as it was found. */
export async function waiveJudged(
  judged: ReadonlyMap<string, readonly JudgedOn[]>,
  after: readonly ImageReference[],
  file: WaiverFile | undefined,
): Promise<{
  readonly judged: ReadonlyMap<string, readonly JudgedOn[]>;
  readonly told: Pick<Report, 'waivers'>;
}> {
  const names = after.map(canonical);
  const all = names.flatMap((name) => judged.get(name) ?? []);
  const { images, ...told } = await withWaivers(
    all.map(({ image }) => image),
    file,
  );
  const waived = new Map(all.map((one, at) => [one, images[at] ?? one.image]));
  return {
    judged: new Map(
      [...judged].map(([name, ons]) => [
        name,
        ons.map((on) => ({ ...on, image: waived.get(on) ?? on.image })),
      ]),
    ),
    told,
  };
}

/**
 * The report about changed images: each with its place, before against after on every machine. Pure.
 * @param judged by `canonical` reference; an image that is absent was not judged.
 */
export function reportChanges(
  { found }: Asked,
  judged: ReadonlyMap<string, readonly JudgedOn[]>,
  failOn: FailOn,
): { readonly report: Report; readonly exitCode: 0 | 1 | 2 } {
  const on = (placed: Placed | undefined): readonly JudgedOn[] => {
    const image = imageOf(placed);
    return image === undefined ? [] : (judged.get(canonical(image)) ?? []);
  };
  const images: ChangedImage[] = [];
  const reports = new Map<ImageReport, ImageReport>();
  for (const change of found.changes) {
    const place = placeOf(change);
    if (change.after !== undefined && imageOf(change.after) === undefined) continue;
    const was = new Map(on(change.before).map(({ profile, image }) => [profile, image]));
    const is = on(change.after);
    for (const { image } of is) {
      if (!reports.has(image)) reports.set(image, { ...image, source: place });
    }
    images.push({
      source: place,
      ...written('before', change.before),
      ...written('after', change.after),
      // As its judgement names it, which may be another spelling of the same image.
      ...(is[0] === undefined ? {} : { after: is[0].image.reference }),
      profiles: is.map(({ profile, image }) => {
        const before = was.get(profile);
        return {
          profile,
          ...(before === undefined ? {} : { before: before.verdict }),
          after: image.verdict,
          ...compare(before, { ...image, noCuda: hasNoCuda(image.facts) }),
          cause: image.primary,
          ...(image.countsAs === undefined ? {} : { countsAs: image.countsAs }),
        };
      }),
    });
  }
  const counted: Verdict[] = images.flatMap(({ profiles }) =>
    profiles.flatMap((change) => (isBad(change) ? [change.countsAs ?? change.after] : [])),
  );
  // Nobody can tell what a file that the change touches and that cannot be read does to its images.
  const untold: Verdict[] = found.base === null ? [] : found.problems.map(() => 'unknown');
  const policy = decide([...counted, ...untold], failOn);
  return {
    report: {
      schema: REPORT_SCHEMA,
      passed: policy.passed,
      images: [...reports.values()],
      changes: {
        base: found.base,
        because: found.because,
        files: found.files,
        images,
        unresolved: found.changes.flatMap((change) => unresolvedOf(change)),
        problems: found.problems.map((problem) => ({ ...problem })),
      },
    },
    exitCode: policy.exitCode,
  };
}

const placeOf = ({ at, after, before }: Change): ImageSource => ({
  file: at.file,
  ...at.range,
  kind: (after ?? before)?.reference.kind ?? 'dockerfile',
});

const written = <Key extends 'before' | 'after'>(
  key: Key,
  placed: Placed | undefined,
): Partial<Record<Key, string>> =>
  placed === undefined ? {} : ({ [key]: wordsOf(placed.reference) } as Record<Key, string>);

const wordsOf = ({ outcome, raw }: FoundReference): string =>
  outcome.ok ? outcome.image.raw : raw;

function unresolvedOf(change: Change) {
  const outcome = change.after?.reference.outcome;
  return change.after === undefined || outcome === undefined || outcome.ok
    ? []
    : [
        {
          source: placeOf(change),
          text: change.after.reference.raw,
          why: outcome.why,
        },
      ];
}
