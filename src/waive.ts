import { inWords } from './assess.js';
import { parseWaivers } from './contract/waivers.js';
import { judgeWaivers, type Waiver, type Waiving } from './core/waiver.js';
import { matchesPattern, whyNoPattern } from './image/pattern.js';
import { driverVersion, imageCuda } from './report/readings.js';
import type { IdleWaiver, ImageReport, ReportedFinding, ReportedWaivers } from './report/report.js';
import type { WaiverFile } from './waiver-file.js';

/** Reads the text of a waiver file, see `parseWaivers`. */
export const parseWaiverFile = (text: string, file: string) =>
  parseWaivers(text, file, whyNoPattern);

/**
 * Judged images with what is waived of them marked, and the verdict that counts; an expired waiver becomes a finding beside the one that it was
 * for. Pure: the day is in the file's record.
 */
export function waive(
  images: readonly ImageReport[],
  file: WaiverFile,
): { readonly images: ImageReport[]; readonly waivers: ReportedWaivers } {
  const { waivers, path, today } = file;
  const judged = judgeWaivers(
    images.map(({ reference, digest, profile, findings, verdict, facts }) => ({
      isNamedBy: (pattern) => matchesPattern(pattern, reference, digest),
      profile,
      findings,
      verdict,
      bothKnown: driverVersion(facts) !== undefined && imageCuda(facts) !== undefined,
    })),
    waivers,
    today,
  );
  return {
    images: images.map((image, at) => {
      const { findings = [], countsAs } = judged.images[at] ?? {};
      return {
        ...image,
        ...(countsAs === undefined ? {} : { countsAs }),
        findings: image.findings.flatMap((finding, index) =>
          marked(finding, findings[index], file),
        ),
      };
    }),
    waivers: {
      file: path,
      on: today,
      idle: judged.idle.flatMap(({ waiver, because }): IdleWaiver[] => {
        const one = waivers[waiver];
        return one === undefined ? [] : [{ ...one, because }];
      }),
    },
  };
}

function marked(
  finding: ReportedFinding,
  waiving: Waiving | undefined,
  { waivers, path }: WaiverFile,
): ReportedFinding[] {
  const waiver = waiving && waivers[waiving.waiver];
  if (waiver === undefined) return [finding];
  const { reason, until, line } = waiver;
  return waiving?.expired === true
    ? [finding, expired(finding, waiver, `${path}:${line}`)]
    : [{ ...finding, waived: { reason, until, file: path, line } }];
}

/** As grave as what counts again because of it. */
const expired = (
  { id, severity }: ReportedFinding,
  { image, profile, reason, until }: Waiver,
  from: string,
): ReportedFinding =>
  inWords({
    id: 'waiver-expired',
    severity,
    data: { clause: id, text: until, notes: [`Its reason was: ${reason}`] },
    evidence: [
      { what: 'waived image', value: image, from },
      ...(profile === undefined ? [] : [{ what: 'waived profile', value: profile, from }]),
      { what: 'last day of the waiver', value: until, from },
    ],
  });
