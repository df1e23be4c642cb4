import type { Trouble } from '../github/trouble.js';
import { annotationText, line } from './untrusted.js';

/** What a step writes outside of its own run. */
export type Feedback = 'comment' | 'check-run';

const NAMES: Readonly<Record<Feedback, string>> = {
  comment: 'pull-request comment',
  'check-run': 'check run',
};
const PERMISSIONS: Readonly<Record<Feedback, string>> = {
  comment: 'pull-requests: write',
  'check-run': 'checks: write',
};

export interface FeedbackNotice {
  readonly level: 'notice';
  readonly title: string;
  readonly message: string;
}

const MAX_MESSAGE = 1_500;
const UNAFFECTED = "The step's result and its report are what they would be without.";

const notice = (what: Feedback, title: string, sentences: readonly string[]): FeedbackNotice => ({
  level: 'notice',
  title: `${title} ${NAMES[what]}`,
  message: annotationText([...sentences, UNAFFECTED].join(' '), MAX_MESSAGE),
});

/** Nothing could be written, for a reason that the run itself has. */
export const notPossible = (what: Feedback, why: string): FeedbackNotice =>
  notice(what, 'No', [`${NAMES[what]} left out: ${line(why, 400)}.`]);

/**
 * GitHub did not take it: what it said, and what to do.
 * @param fromFork the pull request comes from another repository.
 */
export function notWritten(
  what: Feedback,
  trouble: Trouble,
  { fromFork }: { readonly fromFork: boolean },
): FeedbackNotice {
  return notice(what, 'No', [`${said(trouble)}.`, ...remedies(what, trouble, fromFork)]);
}

/** The check run stands, without all of its annotations. */
export const notWhole = (trouble: Trouble, shown: number): FeedbackNotice =>
  notice('check-run', 'Not all annotations in the', [
    `${shown} annotations are there; then ${said(trouble)}.`,
  ]);

/** The comment stands, and is not folded or unfolded. */
export const notFolded = (trouble: Trouble): FeedbackNotice =>
  notice('comment', 'Not hidden or shown again: the', [
    `The comment is written, but ${said(trouble)}.`,
  ]);

function said(trouble: Trouble): string {
  const words = line(trouble.message, 400).replace(/\.$/, '');
  const quote = words === '' ? '' : `: ${words}`;
  switch (trouble.kind) {
    case 'unreachable':
      return `GitHub could not be reached${quote}`;
    case 'limited':
      return `GitHub asks to wait ${Math.ceil(trouble.waitMs / 1000)} s before the next request, which is longer than a job should for this${quote}`;
    case 'unauthorized':
      return `GitHub does not know the token (401)${quote}`;
    case 'forbidden':
      return `the token may not write it (403)${quote}`;
    case 'not-found':
      return `GitHub finds no such place, or none that the token may see (404)${quote}`;
    case 'refused':
      return `GitHub refused it (422)${quote}`;
    case 'server':
      return `GitHub failed (${trouble.status})${quote}`;
    case 'odd':
      return `GitHub answered with status ${trouble.status}${quote}`;
  }
}

function remedies(what: Feedback, { kind, message }: Trouble, fromFork: boolean): string[] {
  const permission = `"permissions: { ${PERMISSIONS[what]} }"`;
  switch (kind) {
    case 'forbidden':
      if (/\blocked\b/i.test(message)) return ['To fix: unlock the conversation.'];
      if (fromFork)
        return [
          'The runs of a pull request from a fork get a token that can only read.',
          'To fix: nothing where that is right; otherwise see docs/recipes/pull-request-comment.md on forks.',
        ];
      if (/GitHub App/i.test(message))
        return [
          'A personal token cannot make check runs. To fix: leave out the input token, or give the token of a GitHub App.',
        ];
      return [
        `To fix: give the job ${permission}; where it is in a reusable workflow, the job that calls that too.`,
      ];
    case 'not-found':
      return [
        `To fix: give the job ${permission}, and see that the input token, where it is given, belongs to somebody who sees this repository.`,
      ];
    case 'unauthorized':
      return [
        'To fix: leave out the input token, or renew what it holds. The token of a job ends with the job, at the latest after 24 hours.',
      ];
    case 'limited':
      return ['To fix: run fewer jobs of this kind at once, or use comment: on-failure.'];
    case 'server':
    case 'unreachable':
      return [
        'To fix: run the job again; see https://www.githubstatus.com, and on a runner of your own whether it reaches GITHUB_API_URL, with https_proxy where there is a proxy.',
      ];
    default:
      return [];
  }
}
