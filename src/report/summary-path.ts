import { table } from './markdown.js';
import { QUESTIONS, type Step } from './path.js';
import type { StepState } from './readings.js';
import { inline } from './untrusted.js';

export const STATE_MARKS: Readonly<Record<StepState, string>> = {
  passed: '✅',
  failed: '❌',
  unknown: '❔',
  'not-reached': '–',
  none: '–',
};

const STATE_WORDS: Readonly<Record<StepState, string>> = {
  passed: 'yes',
  failed: 'no',
  unknown: 'not known',
  'not-reached': 'not reached',
  none: 'nothing to look at',
};

/**
 * The steps as a table, the cause marked; those with nothing to look at are left out.
 * @param about heads the column of what was seen, Markdown.
 */
export function pathTable(path: readonly Step[], about: string): string {
  return table(
    ['', 'Step', about],
    path
      .filter(({ state }) => state !== 'none')
      .map((step) => [STATE_MARKS[step.state], question(step), seen(step)]),
  );
}

const question = ({ id, cause }: Step): string =>
  cause ? `**${QUESTIONS[id]}** ◀` : QUESTIONS[id];

const seen = ({ state, text }: Step): string =>
  text === '' ? STATE_WORDS[state] : inline(text, 200);
