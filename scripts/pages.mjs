// Draws every golden page in a headless Chromium (npm run pages [-- --sheets] [NAME...]): the job summaries as GitHub draws them, light and
// wide and dark and narrow, and the HTML pages (light, dark, narrow, printed), which axe must find nothing wrong with and which must fetch
// and run nothing. Pictures: .lab/pages; with --sheets the narrow ones side by side as well, for the eye.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserPath, launch } from './browser.mjs';
import { contactSheets } from './contact-sheet.mjs';
import { openJobPage } from './github-page.mjs';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const golden = join(root, '__tests__/report/golden');
const pictures = join(root, '.lab/pages');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const HTML_LOOKS = [
  ['light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 400, height: 900 } }],
];
const MARKDOWN_LOOKS = [
  ['light', { dark: false, width: 1012 }],
  ['dark', { dark: true, width: 400 }],
];

const options = process.argv.slice(2);
const asked = options.filter((one) => one !== '--sheets');
const pages = readdirSync(golden).filter(
  (name) => asked.length === 0 || asked.some((one) => name === one || name.startsWith(`${one}.`)),
);
const executable = browserPath();
if (executable === undefined) {
  process.stderr.write(
    'NOTHING WAS CHECKED: no Chromium on PATH: install one or name it in CHROMIUM\n',
  );
  process.exit(1);
}
if (!pages.some((page) => /\.(?:html|md)$/.test(page))) {
  process.stderr.write(`NOTHING WAS CHECKED: no golden page is named ${asked.join(', ')}\n`);
  process.exit(3);
}
mkdirSync(pictures, { recursive: true });
const all = [];
const told = (name, look, problems) => {
  all.push(...problems.map((text) => `${name} (${look}): ${text}`));
  process.stdout.write(`${name} ${look}: ${problems.length} problems\n`);
};

const browser = await launch(executable);
try {
  for (const [look, setting] of HTML_LOOKS) {
    // One tab for all: its process has compiled axe by the second page.
    const tab = await browser.newPage({ ...setting, offline: true });
    for (const name of pages.filter((page) => page.endsWith('.html')))
      told(name, look, await htmlPage(tab, name, look, setting));
    await tab.close();
  }
  for (const [look, setting] of MARKDOWN_LOOKS) {
    const { tab, draw } = await openJobPage(browser, setting);
    for (const name of pages.filter((page) => page.endsWith('.md'))) {
      const problems = await draw(readFileSync(join(golden, name), 'utf8'));
      await tab.screenshot({ path: join(pictures, `${name}.${look}.png`), fullPage: true });
      told(name, look, problems);
    }
    await tab.close();
  }
  if (options.includes('--sheets'))
    for (const path of await contactSheets(
      browser,
      pages
        .filter((page) => /\.(?:html|md)$/.test(page))
        .map((name) => ({ name, path: join(pictures, `${name}.dark.png`) })),
      (number) => join(pictures, `sheet-${String(number).padStart(2, '0')}.png`),
    ))
      process.stdout.write(`${path}\n`);
} finally {
  await browser.close();
}

for (const problem of all) process.stderr.write(`${problem}\n`);
process.exitCode = all.length === 0 ? 0 : 1;

async function htmlPage(tab, name, look, { viewport }) {
  const problems = [];
  const fetches = (request) => problems.push(`fetches ${request.url()}`);
  const says = (message) => problems.push(message.text());
  // A new document, so that no page inherits what the one before it declared.
  await tab.goto('about:blank');
  tab.on('request', fetches).on('console', says);
  await tab.setContent(readFileSync(join(golden, name), 'utf8'));
  await tab.screenshot({ path: join(pictures, `${name}.${look}.png`), fullPage: true });
  await tab.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
  });
  // By the debugger, which the page's own policy does not bind.
  await tab.evaluate(AXE);
  const violations = await tab.evaluate(
    async () => (await globalThis.axe.run({ resultTypes: ['violations'] })).violations,
  );
  for (const { id, help, nodes } of violations) problems.push(`${id}: ${help}: ${nodes[0]?.html}`);
  const tooWide = await tab.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (tooWide > 0) problems.push(`the page is ${tooWide} px wider than its window`);
  if (look === 'light') {
    await tab.emulateMedia({ media: 'print' });
    await tab.setViewportSize({ width: 794, height: 1123 });
    await tab.screenshot({ path: join(pictures, `${name}.print.png`), fullPage: true });
    await tab.emulateMedia({ media: null });
    await tab.setViewportSize(viewport);
  }
  tab.off('request', fetches).off('console', says);
  return problems;
}
