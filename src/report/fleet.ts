import { headline, listed } from './phrases.js';
import type { ImageReport } from './report.js';

/** One image on all kinds of runners. */
export interface FleetRow {
  readonly reference: string;
  readonly cells: readonly { readonly profile: string; readonly image: ImageReport }[];
}

/** The table image x profile, the image that fails on most runners first. Empty for a report that is not about a fleet. */
export function matrix(images: readonly ImageReport[]): FleetRow[] {
  const rows = new Map<string, { profile: string; image: ImageReport }[]>();
  for (const image of images) {
    if (image.profile === undefined) continue;
    const cells = rows.get(image.reference) ?? [];
    cells.push({ profile: image.profile, image });
    rows.set(image.reference, cells);
  }
  const count = ({ cells }: FleetRow, verdict: ImageReport['verdict']) =>
    cells.filter(({ image }) => image.verdict === verdict).length;
  return [...rows]
    .map(([reference, cells]) => ({ reference, cells }))
    .sort(
      (a, b) => count(b, 'fails') - count(a, 'fails') || count(b, 'unknown') - count(a, 'unknown'),
    );
}

/** The driver and the image that would change a verdict, in a few words; empty where nothing has to change. */
export function cureOf(image: ImageReport): string {
  if (image.verdict === 'works') return '';
  const finding = image.findings.find(({ id }) => id === image.primary);
  if (finding === undefined) return '';
  const { needsDriver, needsDriverMinor, newestCuda, variants = [] } = finding.data;
  const driver = needsDriverMinor ?? needsDriver;
  const cures = [
    ...(driver === undefined ? [] : [`driver ${driver} or newer`]),
    ...(variants[0] !== undefined
      ? [variants[0]]
      : newestCuda === undefined
        ? []
        : [`an image for CUDA ${newestCuda} or older`]),
  ];
  return cures.length > 0 ? `needs ${cures.join(', or ')}` : headline(finding.title);
}

const MOST_NAMED = 4;

function told({ primary, findings }: ImageReport) {
  const lead = findings.find(({ id }) => id === primary);
  return [primary, lead?.title, lead?.fixes];
}

/**
 * The images that a page tells about below its table. In a fleet those that work have been told, and an image of which the same cause
 * and the same fixes are told for several runners is told once, with the names of all of them.
 */
export function inDetail(images: readonly ImageReport[]): ImageReport[] {
  const groups = new Map<string, ImageReport[]>();
  const kept = images.filter(
    ({ profile, verdict }) => profile === undefined || verdict !== 'works',
  );
  for (const [at, image] of kept.entries()) {
    const key =
      image.profile === undefined
        ? `${at}`
        : JSON.stringify([image.reference, image.verdict, image.countsAs, told(image)]);
    groups.set(key, [...(groups.get(key) ?? []), image]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const profiles = group.flatMap(({ profile }) => (profile === undefined ? [] : [profile]));
    return profiles.length < 2 ? [first] : [{ ...first, profile: listed(profiles, MOST_NAMED) }];
  });
}
