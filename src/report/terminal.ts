import picocolors from 'picocolors';
import type { Severity } from '../core/catalogue.js';
import { isChangeReport } from './changes.js';
import { columns, hanging, pad, wrap } from './columns.js';
import { byReason, bySide } from './fact-rows.js';
import { type Fix, parseFix } from './fix.js';
import { cureOf, inDetail, matrix } from './fleet.js';
import {
  basisWords,
  firstFixes,
  headline,
  imageName,
  next,
  reason,
  sideWords,
  speaker,
  verdictWords,
  worstFirst,
} from './headline.js';
import { RUNG_HEADS, rungs } from './ladder.js';
import { diagnosisPath, QUESTIONS, type Step } from './path.js';
import { isSimulated, type StepState } from './readings.js';
import type { Explanation, ImageReport, Report, ReportedFinding } from './report.js';
import { changeLines } from './terminal-changes.js';
import { terminalBlock, terminalLine, withoutCommands } from './untrusted.js';
import { idleWords, type Standing, standing, waivedWords, whyPassed } from './waived.js';

export interface TerminalOptions {
  /** Colours are written only when this is true. */
  readonly colour: boolean;
  /** Columns of the terminal; at least 40 are used. */
  readonly width: number;
}

type Colours = ReturnType<typeof picocolors.createColors>;

interface Page {
  readonly colours: Colours;
  readonly width: number;
}

const MARKS: Readonly<Record<Standing, string>> = {
  works: '✓',
  fails: '✗',
  unknown: '?',
  waived: '~',
};

/** The report for a terminal or a job log: verdict and next command first. Ends with a line feed. */
export function terminal(report: Report, options: TerminalOptions): string {
  const page = pageOf(options);
  if (isChangeReport(report)) {
    return finish(
      changeLines(report, {
        verdictLine: (verdict, text) => verdictLine(page, verdict, text),
        nextLines: (fixes) => nextLines(page, fixes),
        imagePart: (image) => imagePart(page, image, true),
        hanging: (prefix, text) => hanging(prefix, text, page.width),
      }).concat(idlePart(page, report)),
    );
  }
  const images = worstFirst(report.images);
  const several = images.length > 1;
  const { standing: stands, claim, reason: why, about, next: todo } = headline(report);
  const passes = whyPassed(report);
  const image = about === undefined ? '' : ` (${terminalLine(about)})`;
  return finish([
    ...verdictLine(page, stands, `${claim}: ${terminalLine(why)}${image}`),
    ...nextLines(page, todo),
    ...(images.some(({ facts }) => isSimulated(facts))
      ? [
          '',
          ...wrap('The driver and the GPUs of this run are simulated.', page.width).map(
            page.colours.yellow,
          ),
        ]
      : []),
    ...fleetPart(page, images),
    ...inDetail(images).flatMap((one) => ['', ...imagePart(page, one, several)]),
    ...idlePart(page, report),
    ...(passes === undefined ? [] : ['', ...wrap(passes.replaceAll('`', ''), page.width)]),
  ]);
}

/** What a pasted text shows, most likely cause first. Ends with a line feed. */
export function explanationText(explanation: Explanation, options: TerminalOptions): string {
  const page = pageOf(options);
  const [first, ...others] = explanation.findings;
  if (first === undefined) return finish(['No cause was found in this text.']);
  return finish([
    ...hanging('', terminalLine(first.title), page.width).map(page.colours.bold),
    ...nextLines(page, firstFixes(first)),
    '',
    ...findingPart(page, first),
    ...(others.length === 0 ? [] : ['', page.colours.bold('Less likely, or a consequence:')]),
    ...others.flatMap((finding) => ['', ...findingPart(page, finding)]),
  ]);
}

const pageOf = ({ colour, width }: TerminalOptions): Page => ({
  colours: picocolors.createColors(colour),
  width: Math.max(40, Math.floor(width)),
});

const finish = (lines: readonly string[]): string =>
  `${lines.map((line) => withoutCommands(line).trimEnd()).join('\n')}\n`;

function verdictLine({ colours, width }: Page, stands: Standing, text: string): string[] {
  const paint = colourOf(colours, stands);
  return hanging(`${MARKS[stands]} `, text, width).map((line) => paint(colours.bold(line)));
}

const colourOf = (colours: Colours, stands: Standing) =>
  ({
    works: colours.green,
    fails: colours.red,
    unknown: colours.yellow,
    waived: colours.yellow,
  })[stands];

function nextLines(page: Page, fixes: readonly Fix[]): string[] {
  return fixes.flatMap((fix, at) => fixLines(page, fix, at === 0 ? '  Next: ' : '  Or:   '));
}

/** A command has a line of its own, never wrapped, so that it can be copied whole. */
function fixLines({ colours, width }: Page, fix: Fix, prefix: string): string[] {
  if (fix.kind === 'advice') return hanging(prefix, terminalLine(fix.text, 1200), width);
  const room = ' '.repeat(prefix.length);
  const command = terminalBlock(fix.text, 2000).map((line) => room + colours.cyan(line));
  if (fix.lead !== '') return [...hanging(prefix, `${terminalLine(fix.lead)}:`, width), ...command];
  return command.map((line, at) => (at === 0 ? prefix + line.slice(prefix.length) : line));
}

/** Each image with what becomes of it on each runner, where the report is about a fleet. */
function fleetPart(page: Page, images: readonly ImageReport[]): string[] {
  const { colours, width } = page;
  return matrix(images).flatMap(({ reference, cells }) => {
    const shown = cells.map(({ profile, image }) => ({
      profile: terminalLine(profile, 60),
      image,
    }));
    const room = Math.max(...shown.map(({ profile }) => columns(profile)));
    return [
      '',
      ...hanging('', terminalLine(reference), width).map(colours.bold),
      ...shown.flatMap(({ profile, image }) => {
        const paint = colourOf(colours, standing(image));
        const words = [verdictWords(image), image.primary ?? ''].filter(Boolean);
        const cure = cureOf(image);
        const told = `${words.join(': ')}${cure === '' ? '' : `; ${terminalLine(cure, 300)}`}`;
        const mark = MARKS[standing(image)];
        return hanging(`  ${mark} ${pad(profile, room)}  `, told, width).map((line, at) =>
          at === 0 ? line.replace(mark, () => paint(mark)) : line,
        );
      }),
    ];
  });
}

function imagePart(page: Page, image: ImageReport, several: boolean): string[] {
  const { colours, width } = page;
  const title = several
    ? verdictLine(
        page,
        standing(image),
        `${terminalLine(imageName(image))}: ${verdictWords(image)}`,
      )
    : [colours.bold(terminalLine(imageName(image)))];
  // The page's first lines have said it already about the only image.
  const why = several ? hanging('  ', terminalLine(reason(image)), width) : [];
  const todo = several && image.verdict !== 'works' ? nextLines(page, next(image)) : [];
  const side = sideWords(image);
  return [
    ...title,
    ...why,
    ...todo,
    ...(side === undefined ? [] : hanging('  Whose side: ', side, width)),
    ...hanging('  Done: ', basisWords(image.basis, image), width),
    '',
    ...pathLines(page, diagnosisPath(image)),
    ...ladderLines(page, image),
    ...image.findings.flatMap((finding) => ['', ...findingPart(page, finding)]),
    ...uncheckedPart(page, image),
    ...engineWords(page, image),
  ];
}

const STATE_MARKS: Readonly<Record<StepState, string>> = {
  passed: '✓',
  failed: '✗',
  unknown: '?',
  'not-reached': '-',
  none: '-',
};

function pathLines({ colours, width }: Page, all: readonly Step[]): string[] {
  const shown = all.filter(({ state }) => state !== 'none');
  const room = Math.max(0, ...shown.map(({ id }) => columns(QUESTIONS[id])));
  return shown.flatMap(({ id, state, text }) => {
    const paint = {
      passed: colours.green,
      failed: colours.red,
      unknown: colours.yellow,
      'not-reached': colours.dim,
      none: colours.dim,
    }[state];
    const words =
      text === ''
        ? state === 'not-reached'
          ? 'not reached'
          : state === 'unknown'
            ? 'not known'
            : ''
        : terminalLine(text);
    const lines = hanging(`  ${STATE_MARKS[state]} ${pad(QUESTIONS[id], room)}  `, words, width);
    return lines.map((line, at) =>
      at === 0 ? line.replace(STATE_MARKS[state], () => paint(STATE_MARKS[state])) : line,
    );
  });
}

/** Aligned columns, those of which no rung has anything left out; a line a rung where the terminal is too narrow for them. */
function ladderLines({ colours, width }: Page, image: ImageReport): string[] {
  const rows = rungs(image).map(({ name, driver, driverFull, cuda, cudaFull }) =>
    [name, driver, driverFull, cuda, cudaFull].map((text) => terminalLine(text, 40)),
  );
  if (rows.length === 0) return [];
  const used = RUNG_HEADS.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== ''));
  const all = [RUNG_HEADS.map((head) => head), ...rows];
  const rooms = used.map((at) => Math.max(...all.map((row) => columns(row[at] ?? ''))));
  const line = (row: readonly string[]) =>
    `  ${used.map((at, place) => pad(row[at] ?? '', rooms[place] ?? 0)).join('  ')}`;
  if (rooms.reduce((sum, room) => sum + room + 2, 0) > width)
    return ['', ...rows.flatMap((row) => hanging('  ', narrowRung(row), width))];
  return ['', ...all.map((row, at) => (at === 0 ? colours.dim(line(row)) : line(row)))];
}

const narrowRung = ([name = '', driver = '', , cuda = '']: readonly string[]): string =>
  `${name}: ${[driver && `driver ${driver}`, cuda && `CUDA ${cuda}`].filter(Boolean).join(', ')}`;

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  notice: 'note',
};

function findingPart(page: Page, finding: ReportedFinding): string[] {
  const { colours, width } = page;
  const { severity, waived } = finding;
  const paint =
    waived === undefined
      ? { error: colours.red, warning: colours.yellow, notice: colours.blue }[severity]
      : colours.yellow;
  const kind = `${waived === undefined ? '' : 'waived '}${SEVERITY_WORDS[severity]}`;
  return [
    ...hanging(`  ${kind}: `, terminalLine(finding.title), width).map(paint),
    ...(waived === undefined
      ? []
      : hanging('    ', terminalLine(waivedWords(waived), 1200), width).map(colours.bold)),
    ...hanging('    ', terminalLine(finding.why, 1200), width),
    ...(finding.fixes.length === 0
      ? []
      : [
          '    Do this:',
          ...finding.fixes.flatMap((fix, at) => fixLines(page, parseFix(fix), `      ${at + 1}. `)),
        ]),
    ...evidenceLines(page, finding),
    `    ${colours.dim(`${finding.id}  ${terminalLine(finding.docs)}`)}`,
  ];
}

const SIDES = { runner: 'runner', container: 'container', elsewhere: '' } as const;

function evidenceLines({ width, colours }: Page, { evidence }: ReportedFinding): string[] {
  if (evidence.length === 0) return [];
  const rows = bySide(evidence).map(({ side, what, value, from }) => ({
    side: SIDES[side],
    what: terminalLine(what, 60),
    value: terminalLine(value, 500),
    from: terminalLine(from, 120),
  }));
  const sideRoom = Math.max(...rows.map(({ side }) => columns(side)));
  const widest = Math.max(...rows.map(({ what }) => columns(what)));
  const whatRoom = Math.min(widest, Math.floor(width / 3));
  return [
    '    Seen:',
    ...rows.flatMap(({ side, what, value, from }) => {
      const where = `      ${sideRoom === 0 ? '' : `${pad(side, sideRoom)}  `}`;
      const seen = `${value} ${colours.dim(`(${from})`)}`;
      if (columns(what) <= whatRoom)
        return hanging(`${where}${pad(what, whatRoom)}  `, seen, width);
      return [where + what, ...hanging(pad('', columns(where) + 2), seen, width)];
    }),
  ];
}

function uncheckedPart({ colours, width }: Page, { unchecked }: ImageReport): string[] {
  if (unchecked.length === 0) return [];
  return [
    '',
    colours.bold('  Not checked:'),
    ...byReason(unchecked).flatMap(({ whats, why }) =>
      hanging('    - ', `${terminalLine(whats.join(', '), 600)}: ${terminalLine(why, 400)}`, width),
    ),
  ];
}

const MOST_IDLE = 50;

/** The waivers that did nothing in this run. */
function idlePart({ colours, width }: Page, { waivers }: Report): string[] {
  if (waivers === undefined || waivers.idle.length === 0) return [];
  return [
    '',
    colours.bold('Waivers that did nothing in this run:'),
    ...waivers.idle
      .slice(0, MOST_IDLE)
      .flatMap((one) =>
        hanging(
          '  - ',
          terminalLine(`${waivers.file}:${one.line}: ${idleWords(one, waivers.on)}`),
          width,
        ),
      ),
    ...(waivers.idle.length > MOST_IDLE
      ? [`  … and ${waivers.idle.length - MOST_IDLE} more in the report`]
      : []),
  ];
}

/** Characters of the engine's words on a terminal, where they are the only thing known, and where a finding explains them. */
const WORDS_WHOLE = 65_536;
const WORDS_EXPLAINED = 2000;

function engineWords({ colours }: Page, image: ImageReport): string[] {
  const {
    facts: { failure },
    primary,
  } = image;
  if (failure === undefined || failure.text.trim() === '') return [];
  const alone = primary === null || primary === 'unrecognised';
  const exit = failure.exitCode === undefined ? '' : ` (exit code ${failure.exitCode})`;
  return [
    '',
    colours.bold(`  ${speaker(image)}${exit}:`),
    ...(failure.command === undefined ? [] : [`  $ ${terminalLine(failure.command, 600)}`]),
    ...terminalBlock(failure.text, alone ? WORDS_WHOLE : WORDS_EXPLAINED).map(
      (line) => `  | ${line}`,
    ),
  ];
}
