import { join } from 'node:path';
import { type InputMistake, type InputName, type Inputs, parseInputs } from './inputs.js';
import {
  type JobInputs,
  type JobWorld,
  mistakesAround,
  mistakeText,
  runChanged,
  runInputs,
  WRONG_USE,
  WrongUse,
} from './job.js';
import { chooseMode, type Plan } from './mode.js';
import type { GitHubApi, Publisher } from './platform/ports.js';
import { predictChanges, predictImages, REGISTRY_CONCURRENCY } from './predict-images.js';
import type { Report } from './report/report.js';
import { annotationText, terminalLine } from './report/untrusted.js';
import { ENGINE_STATE, RUN_STATE } from './sweep.js';
import { readWaivers } from './waiver-file.js';

export interface ActionWorld
  extends Omit<JobWorld, 'progress' | 'recorded' | 'hasPostStep' | 'whileWaiting'> {
  readonly publisher: Publisher;
  readonly readInput: (name: InputName) => string | undefined;
  /** The runner's files that are unset or cannot be used, see `workflowFiles`. */
  readonly workflowFiles: {
    readonly unset: readonly string[];
    readonly unusable: readonly { variable: string; path: string; why: string }[];
  };
  /** Folder for the report when the input names none. */
  readonly temporary: string;
  readonly workflowUrl: () => Promise<string | undefined>;
  readonly github: (token: string, cancelled: AbortSignal) => GitHubApi;
  readonly colour: boolean;
}

/** The action's story: inputs, check, report, clean-up. Returns the exit code. */
export async function run(world: ActionWorld): Promise<number> {
  const { publisher } = world;
  const parsed = parseInputs(world.readInput);
  const mistakes: InputMistake[] = [
    ...(parsed.ok ? [] : parsed.mistakes),
    ...world.workflowFiles.unusable.map(({ variable, path, why }) => ({
      input: variable,
      value: path,
      why,
      allowed: 'a file that the runner made and that can be written',
      fix: 'leave the variable to the runner, or unset it to go without',
    })),
  ];
  const given = parsed.ok ? parsed.inputs.report : '';
  const reportPath =
    given === '' ? join(world.temporary, `cuda-image-check-${world.runId}.json`) : given;
  const plan = parsed.ok ? await chooseMode(parsed.inputs, world) : undefined;
  if (plan?.kind === 'refused') mistakes.push(...plan.mistakes);
  if (parsed.ok) {
    const engine = plan?.kind === 'predict' ? undefined : parsed.inputs.engine;
    mistakes.push(
      ...(await mistakesAround(
        { engine },
        { report: reportPath, ...parsed.inputs.formats },
        world,
      )),
    );
  }
  const waivers = parsed.ok ? await readWaivers(parsed.inputs.waivers, world) : undefined;
  if (waivers?.ok === false) mistakes.push(...waivers.mistakes);
  if (!parsed.ok || plan === undefined || plan.kind === 'refused' || mistakes.length > 0) {
    return refuse(mistakes, publisher);
  }
  const inputs = { ...parsed.inputs, waiverFile: waivers?.ok ? waivers.file : undefined };
  if (world.workflowFiles.unset.length > 0) {
    publisher.progress(
      `${world.workflowFiles.unset.join(', ')} not set: this is no runner, and what would go there is left out`,
    );
  }
  try {
    if (plan.kind === 'predict') return await predicted(inputs, plan, reportPath, world);
    const request =
      plan.kind === 'scan' ? { ...inputs, gpus: undefined, runner: plan.runner } : inputs;
    const { report, exitCode, cleanUp } = await runInputs(request, {
      ...world,
      progress: (line) => publisher.progress(line),
      recorded: record(),
      // Which of them is to be cleaned up after, it knows by this file.
      hasPostStep: !world.workflowFiles.unset.includes('GITHUB_STATE'),
      whileWaiting: () => void publisher.prepare(),
    });
    const cleaning = cleanUp();
    await publish(report, reportPath, inputs, world, plan.said);
    for (const message of await cleaning) {
      await publisher.annotate({
        level: 'warning',
        title: 'Container not removed',
        message: annotationText(message, MAX_MISTAKE),
      });
    }
    return exitCode;
  } catch (error) {
    if (error instanceof WrongUse) return refuse([error.mistake], publisher);
    throw error;
  }

  /** A run that its post step does not know of is cleaned up after all the same, only later: by the next one. */
  async function record(): Promise<void> {
    try {
      await publisher.saveState(RUN_STATE, world.runId);
      await publisher.saveState(ENGINE_STATE, inputs.engine);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      await publisher.annotate({
        level: 'warning',
        title: 'Run not recorded',
        message: annotationText(
          `GITHUB_STATE: ${why}\nIf this run is ended early, its container stays until a later run on this machine removes it. To fix: make room on the runner's disk.`,
          MAX_MISTAKE,
        ),
      });
    }
  }
}

/** No engine and no GPU: what the registries tell, for each of the runners. */
async function predicted(
  inputs: Inputs & Pick<JobInputs, 'waiverFile'>,
  { profiles, named, said }: Plan & { kind: 'predict' },
  reportPath: string,
  world: ActionWorld,
): Promise<number> {
  const progress = (line: string) => world.publisher.progress(terminalLine(line, MAX_MISTAKE));
  const request = { ...inputs, profiles, named, concurrency: REGISTRY_CONCURRENCY };
  const ports = { ...world, progress };
  const { report, exitCode } = inputs.auto
    ? await runChanged(inputs, ports, predictChanges(request, ports))
    : await predictImages(request, ports);
  await publish(report, reportPath, inputs, world, said);
  return exitCode;
}

async function refuse(mistakes: readonly InputMistake[], publisher: Publisher): Promise<number> {
  for (const mistake of mistakes) {
    await publisher.annotate({
      level: 'error',
      title: `Input ${mistake.input}`,
      message: annotationText(mistakeText(mistake), MAX_MISTAKE),
    });
  }
  return WRONG_USE;
}

/** Longest message of one mistake; the runner cuts an annotation at 4,096. */
const MAX_MISTAKE = 1_000;
/** Columns of the job log: wider than any browser window needs wrapping for. */
const LOG_COLUMNS = 120;

async function publish(
  report: Report,
  reportPath: string,
  inputs: Inputs,
  world: ActionWorld,
  said?: string,
): Promise<void> {
  const { publisher, files, colour } = world;
  const [work, url] = await Promise.all([
    import(/* webpackIgnore: true */ './work.js'),
    world.workflowUrl(),
  ]);
  const { summary, annotations, outputs, terminal, writeFormats, giveFeedback } = work;
  // Each place by itself: a full disk under one of them must not hide the verdict in the others.
  const notWritten: string[] = [];
  const attempt = async (what: string, write: () => Promise<void>): Promise<boolean> => {
    try {
      await write();
      return true;
    } catch (error) {
      notWritten.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  };
  const isThere = await attempt(`the report ${reportPath}`, () =>
    files.writeText(reportPath, reportText(report)),
  );
  const place = isThere ? { reportPath } : {};
  await attempt('a report in another format', () => writeFormats(report, inputs.formats, files));
  if (said !== undefined) publisher.progress(said);
  publisher.progress(terminal(report, { colour, width: LOG_COLUMNS }));
  const footer = [said, url && `[Workflow run](${url})`].filter(Boolean).join(' ');
  await attempt('the job summary', () => publisher.summary(summary(report, { ...place, footer })));
  for (const [name, value] of Object.entries(outputs(report, isThere ? reportPath : ''))) {
    await attempt(`the output ${name}`, () => publisher.output(name, value));
  }
  if (inputs.annotations) {
    for (const annotation of annotations(report, place)) await publisher.annotate(annotation);
  }
  if (notWritten.length > 0) {
    await publisher.annotate({
      level: 'warning',
      title: 'Result not written everywhere',
      message: annotationText(
        `${notWritten.join('\n')}\nThe verdict stands as the log shows it. To fix: make room on the runner's disk, or name other places by report, sarif, junit, html and markdown.`,
        MAX_MISTAKE * 3,
      ),
    });
  }
  if (inputs.comment === 'never' && inputs.checkRun === false) return;
  await giveFeedback(report, inputs, {
    ...world,
    token: world.readInput('token') ?? '',
    matrix: world.readInput('matrix') ?? '',
    runUrl: url,
  });
}

/** The report as the file holds it. */
export const reportText = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;
