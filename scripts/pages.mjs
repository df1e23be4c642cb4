// Draws every golden page in a headless Chromium (npm run pages [NAME...]): the job summaries as GitHub draws them, light and wide and
// dark and narrow, and the HTML pages, which axe must find nothing wrong with and which must fetch and run nothing. Pictures: .lab/pages.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserPath, launch } from './browser.mjs';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const golden = join(root, '__tests__/report/golden');
const pictures = join(root, '.lab/pages');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const asked = process.argv.slice(2);
const pages = readdirSync(golden).filter(
  (name) => asked.length === 0 || asked.some((one) => name.startsWith(`${one}.`)),
);
const executable = browserPath();
if (executable === undefined) {
  process.stderr.write(
    'NOTHING WAS CHECKED: no Chromium on PATH: install one or name it in CHROMIUM\n',
  );
  process.exit(1);
}
mkdirSync(pictures, { recursive: true });
const problems = [];

const browser = await launch(executable);
try {
  for (const name of pages.filter((page) => page.endsWith('.html'))) {
    for (const colorScheme of ['light', 'dark']) {
      const tab = await browser.newPage({ colorScheme, offline: true });
      const complaints = [];
      tab.on('request', (request) => complaints.push(`fetches ${request.url()}`));
      tab.on('console', (message) => complaints.push(message.text()));
      await tab.setContent(readFileSync(join(golden, name), 'utf8'));
      await tab.evaluate(() => {
        for (const fold of document.querySelectorAll('details')) fold.open = true;
      });
      // By the debugger, which the page's own policy does not bind.
      await tab.evaluate(AXE);
      const violations = await tab.evaluate(async () => (await globalThis.axe.run()).violations);
      for (const { id, help, nodes } of violations)
        complaints.push(`${id}: ${help}: ${nodes[0]?.html}`);
      problems.push(...complaints.map((text) => `${name} (${colorScheme}): ${text}`));
      await tab.screenshot({ path: join(pictures, `${name}.${colorScheme}.png`), fullPage: true });
      await tab.close();
      process.stdout.write(`${name} ${colorScheme}: ${complaints.length} complaints\n`);
    }
  }
} finally {
  await browser.close();
}

for (const name of pages.filter((page) => page.endsWith('.md'))) {
  for (const [look, ...options] of [
    ['light', '--width', '1012'],
    ['dark', '--width', '400', '--dark'],
  ]) {
    const target = join(pictures, `${name}.${look}.png`);
    const script = join(root, 'scripts/render-summary.mjs');
    try {
      execFileSync(process.execPath, [script, join(golden, name), target, ...options]);
      process.stdout.write(`${name} ${look}\n`);
    } catch (error) {
      problems.push(`${name} (${look}): ${error.stderr ?? error}`);
    }
  }
}

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
