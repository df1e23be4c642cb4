import type { Verdict } from '../core/catalogue.js';
import { isBlocking } from '../core/waiver.js';
import type {
  IdleWaiver,
  ImageReport,
  Report,
  ReportedFinding,
  ReportedWaivers,
} from './report.js';
import { clip } from './untrusted.js';

/** The verdict that counts for the policy. */
export const counted = ({
  verdict,
  countsAs,
}: Pick<ImageReport, 'verdict' | 'countsAs'>): Verdict => countsAs ?? verdict;

/** The image does not work, or nobody can tell, and that is accepted: nothing is left that counts. */
export const isWaived = ({
  verdict,
  countsAs,
}: Pick<ImageReport, 'verdict' | 'countsAs'>): boolean =>
  verdict !== 'works' && countsAs === 'works';

/** How an image stands: its verdict, or that the verdict is waived. */
export type Standing = Verdict | 'waived';

export const standing = (image: Pick<ImageReport, 'verdict' | 'countsAs'>): Standing =>
  isWaived(image) ? 'waived' : image.verdict;

/** The findings of an image that stand in the way, the leading one first; those that count before those that are waived. */
export function blockingFindings({ findings }: ImageReport): readonly ReportedFinding[] {
  const blocking = findings.filter(
    (finding) => finding.id !== 'waiver-expired' && isBlocking(finding),
  );
  return [
    ...blocking.filter(({ waived }) => waived === undefined),
    ...blocking.filter(({ waived }) => waived !== undefined),
  ];
}

/** The first day on which what is waived of an image counts again is the day after this one. */
export const waivedUntil = (image: ImageReport): string | undefined =>
  blockingFindings(image)
    .flatMap(({ waived }) => (waived === undefined ? [] : [waived.until]))
    .sort()[0];

/** `waived until 2027-01-31 (.github/gpu-waivers.yml:3): reason` */
export const waivedWords = (waived: NonNullable<ReportedFinding['waived']>): string =>
  `waived until ${waived.until} (${waived.file}:${waived.line}): ${clip(waived.reason, 500)}`;

/** Why a report passes although not all is well; nothing where it does not, or where all is. */
export function whyPassed({ passed, images }: Report): string | undefined {
  if (!passed || images.length === 0) return undefined;
  if (images.every((image) => image.verdict === 'works')) return undefined;
  return images.every((image) => counted(image) === 'works')
    ? 'The check passes: what does not work is waived.'
    : 'The check passes all the same: `fail-on` names none of the verdicts above.';
}

const IDLE_WORDS: Readonly<Record<IdleWaiver['because'], string>> = {
  image: 'no image of this run has such a name',
  profile: 'such images were not judged for such a runner',
  finding: 'the finding is not there: it can go',
  'other-waiver': 'another waiver of the same finding holds longer: it can go',
};

/** `driver-too-old for ghcr.io/team/train:*, until 2027-01-31: the finding is not there: it can go` */
export function idleWords(waiver: IdleWaiver, on: string): string {
  const { finding, image, profile, until, because } = waiver;
  const where = profile === undefined ? image : `${image} on ${profile}`;
  const ended = until < on ? `expired on ${until}` : `until ${until}`;
  return `${finding} for ${where}, ${ended}: ${IDLE_WORDS[because]}`;
}

/** Waivers that somebody should take out: what they are for was judged, and they did nothing. */
export const staleWaivers = (waivers: ReportedWaivers | undefined): readonly IdleWaiver[] =>
  (waivers?.idle ?? []).filter(
    ({ because, until }) =>
      because === 'finding' || because === 'other-waiver' || until < (waivers?.on ?? ''),
  );
