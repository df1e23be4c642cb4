#!/usr/bin/env node
// Renders a Markdown file the way the job page shows it, for the eye: node scripts/render-summary.mjs FILE.md OUT.png [--dark] [--width N]
// Fails when a chart cannot be drawn, or the site would take something away.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { browserPath, launch } from './browser.mjs';
import { openJobPage } from './github-page.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dark: { type: 'boolean', default: false },
    width: { type: 'string', default: '1012' },
    open: { type: 'boolean', default: false },
    height: { type: 'string' },
  },
});
const [source, target] = positionals;
if (source === undefined || target === undefined) {
  process.stderr.write(
    'usage: render-summary.mjs FILE.md OUT.png [--dark] [--width N] [--height N] [--open]\n',
  );
  process.exit(3);
}

const executable = browserPath();
if (executable === undefined)
  throw new Error('no Chromium on PATH: install one or name it in CHROMIUM');
const browser = await launch(executable);
try {
  const { tab, draw } = await openJobPage(browser, {
    dark: values.dark,
    width: Number(values.width),
    open: values.open,
    ...(values.height === undefined ? {} : { height: Number(values.height) }),
  });
  const problems = await draw(readFileSync(source, 'utf8'));
  await tab.screenshot({ path: target, fullPage: values.height === undefined });
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await browser.close();
}
