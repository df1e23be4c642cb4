import type { Evidence, Unchecked } from '../../core/finding.js';
import { byReason, bySide, factRows, gpuRows } from '../fact-rows.js';
import { type Fix, parseFix } from '../fix.js';
import {
  basisWords,
  headline,
  imageName,
  reason,
  sideWords,
  verdictWords,
  worstFirst,
} from '../headline.js';
import { RUNG_HEADS, rungs } from '../ladder.js';
import { diagnosisPath, QUESTIONS, type Step } from '../path.js';
import { isSimulated, type StepState } from '../readings.js';
import type { ImageReport, Report, ReportedFinding } from '../report.js';
import { block, html, visible } from '../untrusted.js';
import { idleWords, type Standing, standing, waivedWords, whyPassed } from '../waived.js';
import { STYLE } from './html-style.js';

/** SHA-256 of the style sheet, which the page's own policy admits alone; a test holds it to the text. */
export const STYLE_HASH = 'sha256-nOF/tm//xcw9taIAsXsu0i/T4qhqwYYwfePxfDoZUA0=';

/**
 * The report as one HTML page: no script, no network, nothing beside it. It can be read by a screen reader, printed with its folds
 * open, and follows the reader's light or dark scheme. Text from outside is text everywhere. Ends with a line feed.
 */
export function htmlPage(report: Report): string {
  const images = worstFirst(report.images);
  const { standing: stands, claim, reason: why, about, next: todo } = headline(report);
  const [worst] = images;
  const title = `${worst === undefined ? claim : verdictWords(worst)}: CUDA image check`;
  const image = about === undefined ? '' : ` (<code>${html(about, 360)}</code>)`;
  return `${[
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${html(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1><span class="${CLASSES[stands]}">${MARKS[stands]} ${html(claim)}</span>: ${html(why)}${image}</h1>`,
    `<div class="next">${todo.map((one, at) => `<div><strong>${at === 0 ? 'Next' : 'Or'}:</strong> ${fix(one)}</div>`).join('')}</div>`,
    images.some(({ facts }) => isSimulated(facts))
      ? '<p><strong>Simulated GPUs:</strong> the driver and the GPUs of this run are simulated. It proves nothing about a real GPU.</p>'
      : '',
    images.length > 1 ? overview(images) : '',
    ...images.map((one, at) => section(one, at, images.length > 1)),
    idle(report),
    '</main>',
    `<footer>${whyPassed(report)?.replaceAll(/`([^`]+)`/g, '<code>$1</code>') ?? `The check ${report.passed ? 'passes' : 'does not pass'} by its <code>fail-on</code>.`} Written by cuda-image-check.</footer>`,
    '</body>',
    '</html>',
  ]
    .filter(Boolean)
    .join('\n')}\n`;
}

const MARKS: Readonly<Record<Standing, string>> = {
  works: '✓',
  fails: '✗',
  unknown: '?',
  waived: '~',
};

/** What is waived has the colour of what needs a look. */
const CLASSES: Readonly<Record<Standing, string>> = {
  works: 'works',
  fails: 'fails',
  unknown: 'unknown',
  waived: 'unknown',
};

/** Mark and verdict of an image. */
const verdictLabel = (image: ImageReport): string =>
  `<span class="${CLASSES[standing(image)]}">${MARKS[standing(image)]} ${verdictWords(image)}</span>`;

const STATE_MARKS: Readonly<Record<StepState, string>> = {
  passed: '✓',
  failed: '✗',
  unknown: '?',
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

/** @param named the caption is shown, not only told to a screen reader */
function table(
  caption: string,
  heads: readonly string[],
  rows: readonly string[],
  named = true,
): string {
  const columns = heads.map((head) => `<th scope="col">${head}</th>`).join('');
  const shown = named ? `<caption>${html(caption)}</caption>` : '';
  // Wide tables scroll by themselves; whoever has no mouse must be able to get there. No landmark: a page has dozens of them.
  return `<div class="scroll" role="group" aria-label="${html(caption)}" tabindex="0"><table>${shown}<thead><tr>${columns}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const row = (cells: readonly string[], name = ''): string =>
  `<tr${name === '' ? '' : ` class="${name}"`}>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;

const code = (text: string, limit = 360): string =>
  text === '' ? '' : `<code>${html(text, limit)}</code>`;

const fold = (summary: string, body: string): string =>
  `<details><summary>${html(summary)}</summary>${body}</details>`;

function overview(images: readonly ImageReport[]): string {
  const rows = images.map((image, at) =>
    row([
      verdictLabel(image),
      `<a href="#image-${at + 1}"><code>${html(imageName(image), 360)}</code></a>`,
      html(reason(image), 300),
    ]),
  );
  return `<h2>Images</h2>${table('Images, worst first', ['Verdict', 'Image', 'Why'], rows)}`;
}

function section(image: ImageReport, at: number, several: boolean): string {
  const path = diagnosisPath(image);
  const side = sideWords(image);
  return [
    `<section id="image-${at + 1}" aria-labelledby="title-${at + 1}">`,
    `<h2 id="title-${at + 1}">${verdictLabel(image)}: <code>${html(imageName(image), 360)}</code></h2>`,
    // That of the only image is the page's heading.
    several ? `<p>${html(reason(image))}</p>` : '',
    `<ul>${side === undefined ? '' : `<li><strong>Whose side:</strong> ${html(side)}</li>`}<li><strong>What was done:</strong> ${html(basisWords(image.basis, image))}</li></ul>`,
    steps(path),
    ladder(image),
    ...image.findings.map(finding),
    gpus(image),
    facts(image),
    unchecked(image.unchecked),
    engineWords(image),
    '</section>',
  ]
    .filter(Boolean)
    .join('\n');
}

const steps = (path: readonly Step[]): string =>
  table(
    'The way to the answer',
    ['Answer', 'Step', 'Seen'],
    path
      .filter(({ state }) => state !== 'none')
      .map(({ id, state, text, cause }) =>
        row(
          [
            `<span class="mark">${STATE_MARKS[state]}</span> ${STATE_WORDS[state]}${cause ? ', the cause' : ''}`,
            QUESTIONS[id],
            html(text, 300),
          ],
          cause ? 'failed cause' : state,
        ),
      ),
  );

function ladder(image: ImageReport): string {
  const rows = rungs(image).map(({ name, driver, driverFull, cuda, cudaFull }) =>
    row([name, driver, driverFull, cuda, cudaFull].map((text) => html(text, 60))),
  );
  return rows.length === 0 ? '' : table('Versions of both sides', RUNG_HEADS, rows);
}

const SEVERITY_WORDS = { error: 'Error', warning: 'Warning', notice: 'Note' } as const;
const DOCS_URL = /^https:\/\/[\w./-]+$/;

function finding({
  id,
  severity,
  title,
  why,
  fixes,
  evidence,
  docs,
  waived,
}: ReportedFinding): string {
  const more = DOCS_URL.test(docs) ? ` <a href="${docs}">About ${html(id)}</a>` : '';
  return [
    `<h3>${SEVERITY_WORDS[severity]}${waived === undefined ? '' : ', waived'}: ${html(title)}</h3>`,
    waived === undefined ? '' : `<p class="unknown">${html(waivedWords(waived), 1200)}</p>`,
    `<p>${html(why, 1200)}${more}</p>`,
    fixes.length === 0
      ? ''
      : `<p><strong>Do this${fixes.length > 1 ? ', least effort first' : ''}</strong></p><ol>${fixes.map((text) => `<li>${fix(parseFix(text))}</li>`).join('')}</ol>`,
    evidence.length === 0 ? '' : seen(evidence),
  ]
    .filter(Boolean)
    .join('\n');
}

function fix(one: Fix): string {
  if (one.kind === 'advice') return html(one.text, 1200);
  const lead = one.lead === '' ? '' : `${html(one.lead, 600)}:`;
  return `${lead}<pre>${text(block(one.text, 2000))}</pre>`;
}

const SIDES = { runner: 'runner', container: 'image or container', elsewhere: '' } as const;

const seen = (evidence: readonly Evidence[]): string =>
  table(
    'What was seen',
    ['Where', 'What', 'Value', 'From'],
    bySide(evidence).map(({ side, what, value, from }) =>
      row([SIDES[side], html(what, 120), code(value, 500), html(from, 160)]),
    ),
  );

function gpus({ facts: all }: ImageReport): string {
  const rows = gpuRows(all).map((gpu) =>
    row([
      html(gpu.index),
      html(gpu.name, 120),
      html(gpu.computeCapability),
      html(gpu.memory),
      html(gpu.kernel || 'not seen by the probe', 200),
      html(gpu.milliseconds),
      code(gpu.uuid),
    ]),
  );
  const heads = ['GPU', 'Name', 'Compute capability', 'Memory', 'Test kernel', 'Time', 'UUID'];
  return rows.length === 0 ? '' : fold(`GPUs (${rows.length})`, table('GPUs', heads, rows, false));
}

function facts({ facts: all }: ImageReport): string {
  const rows = factRows(all).map(({ side, name, value }) =>
    row([side, html(name, 160), code(value, 400)]),
  );
  return rows.length === 0
    ? ''
    : fold(`Facts (${rows.length})`, table('Facts', ['Where', 'What', 'Value'], rows, false));
}

function unchecked(all: readonly Unchecked[]): string {
  const rows = byReason(all).map(({ whats, why }) =>
    row([whats.map((what) => html(what, 160)).join('<br>'), html(why, 400)]),
  );
  return rows.length === 0
    ? ''
    : fold(`Not checked (${all.length})`, table('Not checked', ['What', 'Why not'], rows, false));
}

/** The waivers that did nothing in this run. */
function idle({ waivers }: Report): string {
  if (waivers === undefined || waivers.idle.length === 0) return '';
  const rows = waivers.idle.map((one) =>
    row([code(`${waivers.file}:${one.line}`), html(idleWords(one, waivers.on))]),
  );
  return fold(
    `Waivers that did nothing in this run (${rows.length})`,
    table('Waivers that did nothing', ['Where', 'What'], rows),
  );
}

function engineWords({ facts: { failure } }: ImageReport): string {
  if (failure === undefined || failure.text.trim() === '') return '';
  const exit = failure.exitCode === undefined ? '' : `, exit code ${failure.exitCode}`;
  const command = failure.command === undefined ? '' : `<p>${code(failure.command, 600)}</p>`;
  return fold(
    `The engine's own words${exit}`,
    `${command}<pre tabindex="0">${text(block(failure.text, 65_536))}</pre>`,
  );
}

/** Lines of text between tags. */
const text = (shown: string): string =>
  visible(shown).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
