// Draws every golden page in a headless Chromium (npm run pages [NAME...]): the job summaries as GitHub draws them, light and wide and
// dark and narrow, and the HTML pages (light, dark, narrow, printed), which axe must find nothing wrong with and which must fetch and run
// nothing. Pictures: .lab/pages.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserPath, launch } from './browser.mjs';
import { drawSummary } from './github-page.mjs';

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

const asked = process.argv.slice(2);
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
  for (const name of pages.filter((page) => page.endsWith('.html')))
    for (const [look, options] of HTML_LOOKS) told(name, look, await htmlPage(name, look, options));
  for (const name of pages.filter((page) => page.endsWith('.md')))
    for (const [look, options] of MARKDOWN_LOOKS) {
      const markdown = readFileSync(join(golden, name), 'utf8');
      const { tab, problems } = await drawSummary(browser, markdown, options);
      await tab.screenshot({ path: join(pictures, `${name}.${look}.png`), fullPage: true });
      await tab.close();
      told(name, look, problems);
    }
} finally {
  await browser.close();
}

for (const problem of all) process.stderr.write(`${problem}\n`);
process.exitCode = all.length === 0 ? 0 : 1;

async function htmlPage(name, look, options) {
  const tab = await browser.newPage({ ...options, offline: true });
  const problems = [];
  tab.on('request', (request) => problems.push(`fetches ${request.url()}`));
  tab.on('console', (message) => problems.push(message.text()));
  await tab.setContent(readFileSync(join(golden, name), 'utf8'));
  await tab.screenshot({ path: join(pictures, `${name}.${look}.png`), fullPage: true });
  await tab.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
  });
  // By the debugger, which the page's own policy does not bind.
  await tab.evaluate(AXE);
  const violations = await tab.evaluate(async () => (await globalThis.axe.run()).violations);
  for (const { id, help, nodes } of violations) problems.push(`${id}: ${help}: ${nodes[0]?.html}`);
  const tooWide = await tab.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (tooWide > 0) problems.push(`the page is ${tooWide} px wider than its window`);
  if (look === 'light') {
    await tab.emulateMedia({ media: 'print' });
    await tab.setViewportSize({ width: 794, height: 1123 });
    await tab.screenshot({ path: join(pictures, `${name}.print.png`), fullPage: true });
  }
  await tab.close();
  return problems;
}
