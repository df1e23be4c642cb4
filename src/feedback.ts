import type { WorkflowEvent } from './changes/event.js';
import { createCaller } from './github/caller.js';
import { checkRunName, writeCheckRun } from './github/check-run.js';
import { writeComment } from './github/comment.js';
import { placeName, type StepPlace, stepPlace } from './github/place.js';
import { headOf, isFromFork, pullRequestOf } from './github/pull-request.js';
import type { Inputs } from './inputs.js';
import type { Clock, GitHubApi, Publisher } from './platform/ports.js';
import { checkRunContent } from './report/check-run.js';
import { commentBody, resolvedBody } from './report/comment.js';
import {
  type Feedback,
  type FeedbackNotice,
  notFolded,
  notPossible,
  notWhole,
  notWritten,
} from './report/feedback.js';
import type { Report } from './report/report.js';
import { terminalLine } from './report/untrusted.js';

export interface FeedbackWorld {
  readonly publisher: Pick<Publisher, 'annotate' | 'progress'>;
  readonly github: (token: string, cancelled: AbortSignal) => GitHubApi;
  readonly token: string;
  /** The `matrix` context as JSON. */
  readonly matrix: string;
  readonly event: () => Promise<WorkflowEvent | undefined>;
  readonly runUrl: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Writes the comment and the check run that were asked for. Whatever happens is a notice at most: the step's result is the report's, and both are published
 * before.
 */
export async function giveFeedback(
  report: Report,
  wanted: Pick<Inputs, 'comment' | 'checkRun'>,
  world: FeedbackWorld,
): Promise<void> {
  const asked: Feedback[] = [
    ...(wanted.comment === 'never' ? [] : ['comment' as const]),
    ...(wanted.checkRun === false ? [] : ['check-run' as const]),
  ];
  // A server, or a proxy before it, may put what it was sent into its answer.
  const hidden = (text: string) =>
    world.token === '' ? text : text.replaceAll(world.token, '***');
  const tell = (line: string) => world.publisher.progress(hidden(terminalLine(line)));
  const cancelled = () => tell(`${asked.join(', ')} left out: the run was cancelled`);
  // What fails once the run was cancelled fails for that reason.
  const say = async (notice: FeedbackNotice) =>
    world.signal.aborted
      ? cancelled()
      : world.publisher.annotate({ ...notice, message: hidden(notice.message) });
  const left = (why: string) => Promise.all(asked.map((what) => say(notPossible(what, why))));
  if (world.signal.aborted) {
    // A run that a newer one replaced must not overwrite what that one says.
    cancelled();
    return;
  }
  try {
    const place = stepPlace(world.env, world.matrix);
    const event = await world.event();
    if ('missing' in place || event === undefined) {
      const name = 'missing' in place ? place.missing : 'GITHUB_EVENT_NAME';
      await left(`${name} is not set, as it is in a workflow run`);
      return;
    }
    if (world.token === '') {
      await left(
        'the input token is empty, as is a secret in a run for a fork; without the input the token of the job is used',
      );
      return;
    }
    const api = world.github(world.token, world.signal);
    const caller = createCaller(world.clock, world.signal);
    const step = { report, place, event, api, caller, runUrl: world.runUrl, say, tell };
    if (wanted.comment !== 'never') await comment(wanted.comment, step);
    if (wanted.checkRun !== false && !world.signal.aborted) await checkRun(wanted.checkRun, step);
  } catch (error) {
    await left(error instanceof Error ? error.message : String(error));
  }
}

interface Step {
  readonly report: Report;
  readonly place: StepPlace;
  readonly event: WorkflowEvent;
  readonly api: GitHubApi;
  readonly caller: ReturnType<typeof createCaller>;
  readonly runUrl: string | undefined;
  readonly say: (notice: FeedbackNotice) => Promise<void>;
  readonly tell: (line: string) => void;
}

async function comment(
  mode: Exclude<Inputs['comment'], 'never'>,
  { report, place, event, api, caller, runUrl, say, tell }: Step,
): Promise<void> {
  const { passed } = report;
  const number = pullRequestOf(event);
  if (!number.told) {
    // A workflow also runs where there is no pull request; that is worth a word only where something would have been written.
    if (mode === 'always' || !passed) await say(notPossible('comment', number.why));
    return;
  }
  const head = headOf(event, place.sha);
  const where = {
    step: placeName(place),
    sha: head.told ? head.value : '',
    runUrl,
  };
  const body = { open: commentBody, resolved: resolvedBody };
  const outcome = await writeComment(
    {
      mode,
      passed,
      place,
      number: number.value,
      body: (state, maxBytes) => body[state](report, where, maxBytes),
    },
    api,
    caller,
  );
  if (outcome.kind === 'failed')
    await say(notWritten('comment', outcome.trouble, { fromFork: isFromFork(event) }));
  if (outcome.kind === 'overtaken') tell('Comment left as it is: a later run of this job wrote it');
  if (outcome.kind === 'written') {
    tell(`Comment: ${outcome.url}`);
    if (outcome.folded !== undefined) await say(notFolded(outcome.folded));
  }
}

async function checkRun(
  given: true | string,
  { report, place, event, api, caller, runUrl, say, tell }: Step,
): Promise<void> {
  const head = headOf(event, place.sha);
  if (!head.told) {
    await say(notPossible('check-run', head.why));
    return;
  }
  const name = checkRunName(given, place);
  const where = { step: placeName(place), sha: head.value, runUrl };
  const outcome = await writeCheckRun(
    checkRunContent(report, where),
    { name, place, headSha: head.value, detailsUrl: runUrl },
    api,
    caller,
  );
  if (outcome.kind === 'written') {
    tell(`Check run "${name}": ${outcome.url}`);
    return;
  }
  await say(
    outcome.shown === undefined
      ? notWritten('check-run', outcome.trouble, { fromFork: isFromFork(event) })
      : notWhole(outcome.trouble, outcome.shown),
  );
}
