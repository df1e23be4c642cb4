import { CATALOGUE, type FindingId, type Severity, type Verdict } from './catalogue.js';
import { globMatches } from './glob.js';

/** A finding that somebody accepts for some images until a day. */
export interface Waiver {
  readonly finding: FindingId;
  /** Pattern of image references, see `src/image/pattern.ts`. */
  readonly image: string;
  /** Pattern of names of runner profiles; absent: every runner. */
  readonly profile?: string;
  readonly reason: string;
  /** The last day on which it holds, in UTC: `2027-01-31`. */
  readonly until: string;
}

/** What is looked at of one judged image. */
export interface Waivable {
  /** Whether a pattern of image references names it. */
  readonly isNamedBy: (pattern: string) => boolean;
  readonly profile?: string | undefined;
  readonly findings: readonly WaivableFinding[];
  readonly verdict: Verdict;
  /** The driver version and the image's CUDA version are known: without a finding the pair would work. */
  readonly bothKnown: boolean;
}

interface WaivableFinding {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly data: { readonly overruledBy?: string };
}

/** The waiver that a finding has: its place in the list, and whether its day has passed. */
export interface Waiving {
  readonly waiver: number;
  readonly expired: boolean;
}

export interface WaivedImage {
  /** In the order of the findings; undefined for one without a waiver. */
  readonly findings: readonly (Waiving | undefined)[];
  /** The verdict that counts, where waivers make it another one. */
  readonly countsAs?: Verdict;
}

/** Why a waiver did nothing: no image of this run has the name, the runner is another one, the finding is not there, or another waiver says it. */
export type Idle = 'image' | 'profile' | 'finding' | 'other-waiver';

export interface Waived {
  /** In the order of the images. */
  readonly images: readonly WaivedImage[];
  readonly idle: readonly { readonly waiver: number; readonly because: Idle }[];
}

/**
 * Holds waivers against judged images. Of several waivers of one finding that one counts which holds longest. Pure.
 * @param today in UTC, `2026-11-29`
 */
export function judgeWaivers(
  images: readonly Waivable[],
  waivers: readonly Waiver[],
  today: string,
): Waived {
  // How far each waiver came with the image that it came farthest with.
  const reached = waivers.map((): Idle | 'used' => 'image');
  const judged = images.map((image): WaivedImage => {
    const here = waivers.flatMap((waiver, at) => {
      if (!image.isNamedBy(waiver.image)) return [];
      const isHere = runsOn(waiver, image.profile);
      reached[at] = farther(reached[at] ?? 'image', isHere ? 'finding' : 'profile');
      return isHere ? [{ waiver, at }] : [];
    });
    const findings = image.findings.map(({ id }): Waiving | undefined => {
      const all = here.filter(({ waiver }) => waiver.finding === id);
      const longest = all.reduce<(typeof all)[number] | undefined>(
        (best, one) => (best === undefined || one.waiver.until > best.waiver.until ? one : best),
        undefined,
      );
      for (const { at } of all) reached[at] = farther(reached[at] ?? 'image', 'other-waiver');
      if (longest === undefined) return undefined;
      reached[longest.at] = 'used';
      return { waiver: longest.at, expired: longest.waiver.until < today };
    });
    const countsAs = verdictBeside(image, findings);
    return { findings, ...(countsAs === image.verdict ? {} : { countsAs }) };
  });
  return {
    images: judged,
    idle: reached.flatMap((because, waiver) => (because === 'used' ? [] : [{ waiver, because }])),
  };
}

const ORDER: readonly (Idle | 'used')[] = ['image', 'profile', 'finding', 'other-waiver', 'used'];
const farther = <T extends Idle | 'used'>(a: T, b: T): T =>
  ORDER.indexOf(a) < ORDER.indexOf(b) ? b : a;

const runsOn = ({ profile }: Waiver, name: string | undefined): boolean =>
  profile === undefined || (name !== undefined && globMatches(profile, name));

/**
 * The verdict without what is waived. What nobody could tell stays untold: a waiver takes away a cause, and adds no knowledge. Only one
 * for the very finding that made the verdict `unknown` accepts that.
 */
function verdictBeside(
  { findings, verdict, bothKnown }: Waivable,
  waivings: readonly (Waiving | undefined)[],
): Verdict {
  const blocking = findings
    .map((finding, at) => ({ finding, waived: waivings[at]?.expired === false }))
    .filter(({ finding }) => isBlocking(finding));
  if (!blocking.some(({ waived }) => waived)) return verdict;
  const leadsTo = (leads: Verdict, waived: boolean) =>
    blocking.some((one) => one.waived === waived && CATALOGUE[one.finding.id].verdict === leads);
  if (leadsTo('fails', false)) return 'fails';
  if (leadsTo('unknown', false)) return 'unknown';
  return bothKnown || leadsTo('unknown', true) ? 'works' : 'unknown';
}

/** Whether a finding stands in the way of `works`, as the judgement had it. */
export const isBlocking = ({ id, severity, data }: WaivableFinding): boolean =>
  severity !== 'warning' && data.overruledBy === undefined && CATALOGUE[id].verdict !== 'works';
