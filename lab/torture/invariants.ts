import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SECRETS } from './bench.js';
import type { Acted } from './row.js';
import { filesBelow } from './state.js';

/** Highest resident memory of the action, whatever an image prints, in MiB. Node alone has about 60. */
const MOST_MIB = 220;
/** Longest log and report, whatever an image prints, in bytes. */
const MOST_LOG = 1024 * 1024;
const MOST_REPORT = 4 * 1024 * 1024;

/** Workflow commands that are the action's own: annotations. */
const OWN_COMMAND = /^::(?:error|warning|notice|debug) title=[^:]*::/;
const COMMAND = /^\s*(?:::[\w-]+[ :]|##\[)/;

const ESC = '\u001b';
/** Colours are ours; everything else that acts on a terminal is not. */
const COLOURS = new RegExp(`${ESC}\\[[\\d;]*m`, 'g');

let validator: ((document: unknown) => string[]) | undefined;

/** The differences of a document from the released JSON Schema of the report. */
export const reportMistakes = (root: string, document: unknown): string[] => {
  if (validator === undefined) {
    const schema = JSON.parse(readFileSync(join(root, 'schema', 'report@1.json'), 'utf8'));
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const valid = ajv.compile(schema);
    validator = (given) =>
      valid(given) ? [] : [`the report is not valid: ${ajv.errorsText(valid.errors)}`];
  }
  return validator(document);
};

/** What a control character in a text is, with some of the text around it; undefined when there is none that acts. */
const controlIn = (text: string): string | undefined => {
  const found = /[^\P{Cc}\n\t]/u.exec(text);
  return found === null
    ? undefined
    : JSON.stringify(text.slice(Math.max(found.index - 20, 0), found.index + 20));
};

/**
 * What must hold of every run, whatever was done to it: no workflow command, terminal sequence or secret in what it wrote, a valid
 * report, bounded memory, nothing in the runner's files that it did not mean to write, no temporary file.
 * @param report whether there must be one; `whole` for one that may be absent but not broken
 */
export const invariants = async (
  root: string,
  run: Acted,
  { report = 'needed' as 'needed' | 'whole', limitSeconds = 60 } = {},
): Promise<string[]> => {
  const problems: string[] = [];
  const { log, summary, reportText } = run;
  if (run.timedOut) problems.push(`the step did not end within ${limitSeconds} s`);
  if (run.report === null) problems.push('the report is no JSON');
  else if (run.report === undefined) {
    if (report === 'needed') problems.push('there is no report');
  } else problems.push(...reportMistakes(root, run.report));
  for (const line of log.split(/\r\n|[\n\r]/)) {
    if (COMMAND.test(line.replace(COLOURS, '')) && !OWN_COMMAND.test(line))
      problems.push(`a workflow command in the log: ${line.slice(0, 120)}`);
    if (/^\s+at .*(?:node:|\.js:\d+)/.test(line))
      problems.push(`a stack trace in the log: ${line}`);
  }
  const control = controlIn(log.replace(COLOURS, ''));
  if (control !== undefined) problems.push(`a control character in the log: ${control}`);
  const onPage = controlIn(summary);
  if (onPage !== undefined) problems.push(`a control character in the summary: ${onPage}`);
  if (/<(?:script|img|iframe|svg|style)\b/i.test(summary))
    problems.push('live HTML in the summary');
  for (const [name, value] of Object.entries(SECRETS)) {
    if ([log, summary, reportText].some((text) => text.includes(value)))
      problems.push(`the value of ${name} is in the log, the summary or the report`);
  }
  if (run.peakMiB > MOST_MIB) problems.push(`${Math.round(run.peakMiB)} MiB of memory`);
  if (log.length > MOST_LOG) problems.push(`a log of ${log.length} characters`);
  if (reportText.length > MOST_REPORT) problems.push(`a report of ${reportText.length} characters`);
  problems.push(...(await filesLeft(run)));
  return problems;
};

const EXPECTED_FILE =
  /^(?:bin\/docker|at-[a-z-]+|row\/.*|work\/_temp\/(?:_github_workflow\/event\.json|_runner_file_commands\/\w+_[0-9a-f-]+|cuda-image-check-[0-9a-f-]+\.json))$/;

/** Files of a run that should not be there, and runner files that were written to without need. */
const filesLeft = async ({ folder }: Acted): Promise<string[]> => {
  const names = await filesBelow(folder);
  const written = await Promise.all(
    names
      .filter((name) => /\/(?:set_env|add_path)_/.test(name))
      .map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
  return [
    ...names.filter((name) => !EXPECTED_FILE.test(name)).map((name) => `file left: ${name}`),
    ...written.filter(({ text }) => text !== '').map(({ name }) => `${name} was written to`),
  ];
};
