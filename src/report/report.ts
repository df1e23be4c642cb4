import type { Blame, FindingId, Severity, Verdict } from '../core/catalogue.js';
import type { Facts } from '../core/facts.js';
import type { Evidence, FindingData, Unchecked } from '../core/finding.js';

export const REPORT_SCHEMA = 'cuda-image-check/report@1';
export const EXPLANATION_SCHEMA = 'cuda-image-check/explanation@1';

/** How much was proven: by the image running, by reading its files, by tables, or by a text that somebody pasted. */
export type Basis = 'probe' | 'scan' | 'prediction' | 'text';

export interface Report {
  schema: typeof REPORT_SCHEMA;
  passed: boolean;
  images: ImageReport[];
}

export interface ImageReport {
  reference: string;
  digest?: string;
  verdict: Verdict;
  basis: Basis;
  primary: FindingId | null;
  blame: Blame | null;
  findings: ReportedFinding[];
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
}

export interface Explanation {
  schema: typeof EXPLANATION_SCHEMA;
  findings: ReportedFinding[];
}
