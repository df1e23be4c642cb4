import type { Blame, Verdict } from '../core/catalogue.js';
import { type Fix, parseFix } from './fix.js';
import { driverVersion, imageCuda, isSimulated, kernelPassed } from './readings.js';
import type { Basis, ImageReport, Report, ReportedFinding } from './report.js';
import {
  blockingFindings,
  counted,
  isWaived,
  type Standing,
  standing,
  waivedUntil,
} from './waived.js';

/** What a reader must know from two lines: the verdict with its reason, and what to do next. Texts may hold outside text. */
export interface Headline {
  readonly verdict: Verdict;
  /** How the images stand: the verdict, or that it is waived. */
  readonly standing: Standing;
  /** `fails`, `fails, waived until 2027-01-31`, or `fails for 2 of 10 images`. */
  readonly claim: string;
  readonly reason: string;
  /** The image that the reason is about, when the report has several. */
  readonly about?: string;
  /** The fix of least effort and, where that is advice and the one after it has a command, that one too. */
  readonly next: readonly Fix[];
}

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  works: 'works',
  fails: 'fails',
  unknown: 'could not tell',
};

const BLAME_WORDS: Readonly<Record<Blame, string>> = {
  image: 'the image: who builds it has to act',
  runner: "the runner: the machine's owner has to act",
  pair: 'neither alone: the image works elsewhere and the runner works with other images, so either can change',
  registry: 'neither: the registry, the login or the network is in the way',
  workflow: 'the workflow: how the container was asked for',
  none: 'not known',
};

/** The verdict in words, and whether it is waived. */
export const verdictWords = (image: Pick<ImageReport, 'verdict' | 'countsAs'>): string =>
  `${VERDICT_WORDS[image.verdict]}${isWaived(image) ? ', waived' : ''}`;

const RANK: Readonly<Record<Verdict, number>> = { fails: 0, unknown: 1, works: 2 };

/** The image as pages name it, with the runner that it was judged for. */
export const imageName = ({ reference, profile }: ImageReport): string =>
  profile === undefined ? reference : `${reference} on ${profile}`;

/** Worst verdict that counts first, then those that are waived; images of the same verdict keep their order. */
export function worstFirst(images: readonly ImageReport[]): ImageReport[] {
  return [...images].sort(
    (a, b) => RANK[counted(a)] - RANK[counted(b)] || RANK[a.verdict] - RANK[b.verdict],
  );
}

/** The report's first two lines, as data. */
export function headline(report: Report): Headline {
  const images = worstFirst(report.images);
  const worst = images[0];
  if (worst === undefined)
    return {
      verdict: 'unknown',
      standing: 'unknown',
      claim: VERDICT_WORDS.unknown,
      reason: 'no image was checked',
      next: [{ kind: 'advice', text: 'name at least one image.' }],
    };
  return {
    verdict: worst.verdict,
    standing: standing(worst),
    claim: claim(images, worst),
    reason: reason(worst),
    ...(images.length > 1 && worst.verdict !== 'works' ? { about: imageName(worst) } : {}),
    next: next(worst),
  };
}

function claim(images: readonly ImageReport[], worst: ImageReport): string {
  if (images.length === 1) return claimOfOne(worst);
  const several = images.some(({ profile }) => profile !== undefined)
    ? 'pairs of image and runner'
    : 'images';
  const all = `${images.length} ${several}`;
  if (worst.verdict === 'works') return `${VERDICT_WORDS.works} for all ${all}`;
  const of = (which: readonly ImageReport[], verdict: (image: ImageReport) => Verdict) => {
    const parts = (['fails', 'unknown'] as const).flatMap((one) => {
      const number = which.filter((image) => verdict(image) === one).length;
      return number === 0 ? [] : [`${VERDICT_WORDS[one]} for ${number}`];
    });
    return [`${parts[0]} of ${all}`, ...parts.slice(1)].join(', ');
  };
  const waived = images.filter(isWaived);
  if (isWaived(worst)) {
    const until = waived.flatMap((image) => waivedUntil(image) ?? []).sort()[0];
    return `${of(waived, ({ verdict }) => verdict)}, waived until ${until}`;
  }
  const counting = of(images, counted);
  return waived.length === 0 ? counting : `${counting}, waived for ${waived.length}`;
}

function claimOfOne(image: ImageReport): string {
  const words = VERDICT_WORDS[image.verdict];
  if (isWaived(image)) return `${words}, waived until ${waivedUntil(image)}`;
  return isUntoldBeside(image)
    ? `${words} (waived until ${waivedUntil(image)}), otherwise ${VERDICT_WORDS.unknown}`
    : words;
}

/** What was found is waived, and beside it nothing can be said. */
export const isUntoldBeside = (image: ImageReport): boolean =>
  image.countsAs === 'unknown' && blockingFindings(image)[0]?.waived !== undefined;

/** Why this verdict, in one line; of what is waived only where nothing else counts. */
export function reason(image: ImageReport): string {
  if (image.verdict === 'works') return proof(image);
  if (isUntoldBeside(image)) return missing(image).reason;
  const finding = leadingFinding(image);
  if (finding === undefined) return missing(image).reason;
  const ended = image.findings.find(
    ({ id, data }) => id === 'waiver-expired' && data.clause === finding.id,
  );
  return ended === undefined
    ? finding.title
    : `${finding.title} (its waiver ended on ${ended.data.text})`;
}

/** What a verdict needs and these facts do not have, when no finding says more. */
function missing({ basis, facts, unchecked }: ImageReport): { reason: string; next: Fix } {
  if (facts.failure?.cancelled)
    return {
      reason: 'the run was cancelled before the image was checked',
      next: { kind: 'advice', text: 'run it again.' },
    };
  if (driverVersion(facts) === undefined)
    return {
      reason:
        basis === 'scan'
          ? "the image's files were read, and nothing is known of the runner's driver"
          : 'the driver version is not known',
      next:
        basis === 'probe'
          ? {
              kind: 'command',
              lead: "see why the runner does not tell its driver's version",
              text: 'nvidia-smi',
            }
          : basis === 'scan'
            ? {
                kind: 'advice',
                text: 'name the runner: `--driver` and `--gpu`, or run the check where its GPUs are.',
              }
            : {
                kind: 'advice',
                text: 'give the driver version (host.driver.version in the facts).',
              },
    };
  if (imageCuda(facts) === undefined)
    return {
      reason: "the image's CUDA version is not known",
      next: {
        kind: 'advice',
        text: 'state it: `ENV CUDA_VERSION` in the image, or image.cuda in the facts.',
      },
    };
  const [first] = unchecked;
  return first === undefined
    ? {
        reason: 'not enough is known about this pair',
        next: { kind: 'advice', text: 'run the check on a runner with a GPU.' },
      }
    : {
        reason: `${first.what} could not be checked: ${first.why}`,
        next: { kind: 'advice', text: `find out about ${first.what}: ${first.why}` },
      };
}

/** The leading finding, if any; where it is waived and another one still counts, that one. */
export function leadingFinding(image: ImageReport): ReportedFinding | undefined {
  const primary = image.findings.find(({ id }) => id === image.primary);
  if (primary?.waived === undefined || image.verdict === 'works') return primary;
  const [first] = blockingFindings(image);
  return first?.waived === undefined ? (first ?? primary) : primary;
}

/** What to do next about this image, see `Headline.next`. */
export function next(image: ImageReport): Fix[] {
  const finding = leadingFinding(image);
  if (image.verdict === 'works') {
    const note = finding === undefined ? '.' : `; note: ${finding.title}`;
    return [{ kind: 'advice', text: `nothing has to be done${note}` }];
  }
  if (finding === undefined || isUntoldBeside(image)) return [missing(image).next];
  const { waived } = finding;
  return waived === undefined
    ? firstFixes(finding)
    : [{ kind: 'advice', text: `nothing until ${waived.until}, by its waiver: ${waived.reason}` }];
}

/** The first fix and, where that is advice and the second one has a command, that one too. */
export function firstFixes({ fixes, docs }: ReportedFinding): Fix[] {
  const [first, second] = fixes.slice(0, 2).map(parseFix);
  if (first === undefined) return [{ kind: 'advice', text: `read ${docs}` }];
  return first.kind === 'advice' && second?.kind === 'command' ? [first, second] : [first];
}

/** What a working verdict rests on, with both numbers. */
function proof({ basis, facts }: ImageReport): string {
  const cuda = imageCuda(facts);
  const driver = driverVersion(facts);
  const pair = `${cuda === undefined ? 'the image' : `CUDA ${cuda}`} on driver ${driver ?? 'of this runner'}`;
  const gpus = facts.probe?.gpus ?? [];
  const right = gpus.filter(kernelPassed).length;
  if (basis === 'probe' && right > 0) {
    const kind = isSimulated(facts) ? 'simulated GPU' : 'GPU';
    const all = right === gpus.length;
    const where =
      all && right === 1
        ? `on the ${kind}`
        : `on ${all ? everyOf(right) : `${right} of ${gpus.length}`} ${kind}s`;
    return `${pair}: the test kernel gave the right result ${where}`;
  }
  if (basis === 'scan' && facts.image?.files !== undefined) {
    return `${pair} fits by the image's files; nothing ran on a GPU`;
  }
  return `${pair} fits by the version tables; nothing ran`;
}

const everyOf = (count: number): string => (count === 2 ? 'both' : `all ${count}`);

/** Who has to act; nothing for a pair that works or when it is not known. */
export const sideWords = ({ verdict, blame }: ImageReport): string | undefined =>
  verdict === 'works' || blame === null ? undefined : BLAME_WORDS[blame];

/** How much was proven, as a sentence. */
export function basisWords(basis: Basis, image: ImageReport): string {
  const gpus = isSimulated(image.facts) ? 'simulated GPUs' : 'GPUs';
  switch (basis) {
    case 'probe':
      return ranWords(image, gpus);
    case 'scan':
      return scanWords(image);
    case 'prediction':
      if (askedRegistry(image)) return 'the registry was asked for the image and did not give it';
      return 'prediction from version tables and image metadata; nothing ran';
    case 'text':
      return 'a text that was given; nothing ran';
  }
}

function scanWords({ facts: { image, failure } }: ImageReport): string {
  const files = image?.files;
  if (files === undefined) {
    return failure === undefined
      ? "scan: the image's files were not read; nothing ran on a GPU"
      : "scan: the image's files could not be read; nothing ran on a GPU";
  }
  const part = files.complete === false ? ' in part' : '';
  return `scan: the image's files were read${part}; nothing ran on a GPU`;
}

/** Whether what failed was the registry's answer to this program, and no engine was asked. */
export const askedRegistry = ({ basis, facts: { failure } }: ImageReport): boolean =>
  basis === 'prediction' && /^(?:GET|HEAD|POST) "/.test(failure?.command ?? '');

/** Whose words a failure is told in, at the start of a line. */
export const speaker = (image: ImageReport): string =>
  askedRegistry(image) ? "The registry's own words" : "The engine's own words";

function ranWords({ verdict, facts: { probe, failure } }: ImageReport, gpus: string): string {
  if (probe?.complete === true) {
    // Whoever controls the linker that starts the probe can write what the probe would: docs/security.md.
    const whose =
      verdict === 'works' ? "; results from inside the container are the image's own report" : '';
    return `the image ran on this runner with its ${gpus}${whose}`;
  }
  if (probe?.started === true) return 'the image started on this runner; the probe did not end';
  return failure?.stage === 'pull'
    ? 'the engine was asked for the image; it could not be pulled'
    : 'the engine was asked to run the image; the container did not start';
}
