import type { Finding } from '../core/finding.js';

export interface Message {
  /** One line with both numbers in it. */
  readonly title: string;
  /** One or two sentences: why it fails. */
  readonly why: string;
  /** In order of effort, each a line that can be pasted, or says what to change. */
  readonly fixes: readonly string[];
}

export type Words = (finding: Finding) => Message;
