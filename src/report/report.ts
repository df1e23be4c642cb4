import type { Blame, FindingId, Severity, Verdict } from '../core/catalogue.js';
import type { Comparison } from '../core/comparison.js';
import type { Facts } from '../core/facts.js';
import type { Evidence, FindingData, Unchecked } from '../core/finding.js';
import type { Ladder } from '../core/ladder.js';
import type { Idle, Waiver } from '../core/waiver.js';

export const REPORT_SCHEMA = 'cuda-image-check/report@1';
export const EXPLANATION_SCHEMA = 'cuda-image-check/explanation@1';

/**
 * How much was proven: by the image running, by reading its files, by tables, or by a text that somebody pasted. What a running image
 * says is its own word: the schema tells what the runner says beside it.
 */
export type Basis = 'probe' | 'scan' | 'prediction' | 'text';

export interface Report {
  schema: typeof REPORT_SCHEMA;
  passed: boolean;
  images: ImageReport[];
  /** Where the run was about the images that a change touches. */
  changes?: Changes;
  /** Where the run had a waiver file. */
  waivers?: ReportedWaivers;
}

/** The waivers of a run; what they waive is told with each finding. */
export interface ReportedWaivers {
  file: string;
  /** The day on which they were judged, in UTC: `2026-11-29`. */
  on: string;
  /** Those that did nothing in this run. */
  idle: IdleWaiver[];
}

export interface IdleWaiver extends Waiver {
  line: number;
  column: number;
  because: Idle;
}

export interface ImageReport {
  reference: string;
  /** The line that chose the image, where it was found in a file. */
  source?: ImageSource;
  digest?: string;
  /** The profile of the fleet file that it was judged for. */
  profile?: string;
  /** What was found, whatever is waived of it. */
  verdict: Verdict;
  /** The verdict that counts for `fail-on`, where waivers make it another one: `works` where nothing is left that counts. */
  countsAs?: Verdict;
  basis: Basis;
  primary: FindingId | null;
  blame: Blame | null;
  findings: ReportedFinding[];
  /** What the image needs, what the driver gives and what would do; absent in reports of earlier releases. */
  versions?: Ladder;
  unchecked: Unchecked[];
  facts: Facts;
}

export interface ReportedFinding {
  id: FindingId;
  severity: Severity;
  blame: Blame;
  title: string;
  why: string;
  fixes: string[];
  evidence: Evidence[];
  data: FindingData;
  docs: string;
  /** Somebody accepts it until that day, which is the last one. */
  waived?: { reason: string; until: string; file: string; line: number };
}

/** A place in a file of the repository: lines and columns from 1, columns in UTF-16 units, the end behind the last character. */
export interface ImageSource {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  kind: string;
}

/** The images that a change touches, before against after. */
export interface Changes {
  /** The commit that was compared with; null where every image of the repository counts. */
  base: string | null;
  /** What that commit is, or why there is none. */
  because: string;
  /** Files that were read. */
  files: number;
  images: ChangedImage[];
  /** Images that the files alone do not tell. */
  unresolved: { source: ImageSource; text: string; why: string }[];
  /** Files that could not be read. */
  problems: { file: string; line: number; column: number; why: string }[];
}

export interface ChangedImage {
  source: ImageSource;
  /** What the place named before; absent where it is new. */
  before?: string;
  /** What it names now; absent where it is gone. */
  after?: string;
  profiles: ProfileChange[];
}

/** What the change does on one machine. */
export interface ProfileChange extends Comparison {
  profile: string;
  /** Absent where there was no image before, or it was not judged. */
  before?: Verdict;
  after: Verdict;
  /** The leading finding now. */
  cause: FindingId | null;
  /** As `countsAs` of the image. */
  countsAs?: Verdict;
}

export interface Explanation {
  schema: typeof EXPLANATION_SCHEMA;
  findings: ReportedFinding[];
}
