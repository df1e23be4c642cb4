import { join } from 'node:path';
import { type InputMistake, type InputName, parseInputs } from './inputs.js';
import {
  type JobWorld,
  mistakesAround,
  mistakeText,
  runInputs,
  WRONG_USE,
  WrongUse,
} from './job.js';
import type { Publisher } from './platform/ports.js';
import type { Report } from './report/report.js';
import { annotationText } from './report/untrusted.js';
import { ENGINE_STATE, RUN_STATE } from './sweep.js';

export interface ActionWorld extends Omit<JobWorld, 'progress' | 'recorded' | 'whileWaiting'> {
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
  if (parsed.ok) mistakes.push(...(await mistakesAround(parsed.inputs, reportPath, world)));
  if (!parsed.ok || mistakes.length > 0) return refuse(mistakes, publisher);
  const { inputs } = parsed;
  if (world.workflowFiles.unset.length > 0) {
    publisher.progress(
      `${world.workflowFiles.unset.join(', ')} not set: this is no runner, and what would go there is left out`,
    );
  }
  try {
    const { report, exitCode, cleanUp } = await runInputs(inputs, {
      ...world,
      progress: (line) => publisher.progress(line),
      recorded: record(),
      whileWaiting: () => void publisher.prepare(),
    });
    const cleaning = cleanUp();
    await publish(report, reportPath, inputs.annotations, world);
    for (const message of await cleaning) {
      await publisher.annotate({ level: 'warning', title: 'Container not removed', message });
    }
    return exitCode;
  } catch (error) {
    if (error instanceof WrongUse) return refuse([error.mistake], publisher);
    throw error;
  }

  async function record(): Promise<void> {
    await publisher.saveState(RUN_STATE, world.runId);
    await publisher.saveState(ENGINE_STATE, inputs.engine);
  }
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
  annotate: boolean,
  { publisher, files, colour, workflowUrl }: ActionWorld,
): Promise<void> {
  const [{ summary, annotations, outputs, terminal }, url] = await Promise.all([
    import(/* webpackIgnore: true */ './work.js'),
    workflowUrl(),
  ]);
  await files.writeText(reportPath, reportText(report));
  publisher.progress(terminal(report, { colour, width: LOG_COLUMNS }));
  await publisher.summary(
    summary(report, {
      reportPath,
      ...(url === undefined ? {} : { footer: `[Workflow run](${url})` }),
    }),
  );
  for (const [name, value] of Object.entries(outputs(report, reportPath))) {
    await publisher.output(name, value);
  }
  if (annotate) {
    for (const annotation of annotations(report, { reportPath }))
      await publisher.annotate(annotation);
  }
}

/** The report as the file holds it. */
export const reportText = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;
