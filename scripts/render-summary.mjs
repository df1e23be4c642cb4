#!/usr/bin/env node
// Renders a Markdown file the way the job page shows it, for the eye: node scripts/render-summary.mjs FILE.md OUT.png [--dark] [--width N]
// It draws what GitHub draws: GFM, its allow-list of HTML, Mermaid charts with the site's settings. Fails when a chart cannot be drawn.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import MarkdownIt from 'markdown-it';
import { browserPath, launch } from './browser.mjs';

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

const markdown = new MarkdownIt({ html: true, linkify: true, breaks: false });
// GitHub looks for links by scheme, and in `www.` hosts.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true });

const css = readFileSync(new URL('./render-summary.css', import.meta.url), 'utf8');
const page = `<!doctype html><html lang="en" data-theme="${values.dark ? 'dark' : 'light'}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"><style>${css}</style></head>
<body><article class="markdown-body"></article></body></html>`;

const executable = browserPath();
if (executable === undefined)
  throw new Error('no Chromium on PATH: install one or name it in CHROMIUM');
const browser = await launch(executable);
let undrawn = [];
try {
  const tab = await browser.newPage({
    viewport: { width: Number(values.width), height: Number(values.height ?? 600) },
    deviceScaleFactor: 1,
    offline: true,
  });
  await tab.setContent(page);
  const html = markdown.render(readFileSync(source, 'utf8'));
  const removed = await tab.evaluate(showSanitised, { html, open: values.open });
  undrawn = await charts(tab);
  if (removed.length > 0) process.stderr.write(`the sanitiser removed: ${removed.join(', ')}\n`);
  await tab.screenshot({ path: target, fullPage: values.height === undefined });
} finally {
  await browser.close();
}
if (undrawn.length > 0) {
  process.stderr.write(`charts that Mermaid did not draw: ${undrawn.join('; ')}\n`);
  process.exitCode = 1;
}

/** Draws the blocks of Mermaid as the site does: strict, in the theme of the page. Returns what went wrong. */
async function charts(tab) {
  if ((await tab.locator('code.language-mermaid').count()) === 0) return [];
  const path = createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js');
  await tab.addScriptTag({ content: readFileSync(path, 'utf8') });
  return tab.evaluate(async (dark) => {
    const { mermaid } = globalThis;
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: 'strict',
      theme: dark ? 'dark' : 'default',
    });
    const problems = [];
    const blocks = [...document.querySelectorAll('code.language-mermaid')];
    // A chart in a closed fold has no size to be drawn in.
    const closed = [...document.querySelectorAll('details:not([open])')];
    for (const fold of closed) fold.open = true;
    for (const [at, block] of blocks.entries()) {
      try {
        const { svg } = await mermaid.render(`chart-${at}`, block.textContent);
        const drawn = document.createElement('div');
        drawn.className = 'chart';
        drawn.innerHTML = svg;
        block.parentElement.replaceWith(drawn);
      } catch (error) {
        problems.push(String(error));
      }
    }
    for (const fold of closed) fold.open = false;
    return problems;
  }, values.dark);
}

/** Runs in the page. Keeps what GitHub's sanitiser keeps of HTML, before anything of it is part of the document. */
function showSanitised({ html, open }) {
  const kept = new Set(
    `a b blockquote br code del details div em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre s samp span strike strong sub summary sup table
    tbody td th thead tr tt ul var`.split(/\s+/),
  );
  const dropped = new Set(['script', 'style', 'iframe', 'object', 'template', 'svg', 'math']);
  const attributes = new Set(['href', 'src', 'alt', 'title', 'open', 'align', 'start', 'colspan']);
  const removed = [];
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const element of [...parsed.body.querySelectorAll('*')]) {
    const name = element.localName;
    if (!kept.has(name)) {
      removed.push(`<${name}>`);
      if (dropped.has(name)) element.remove();
      else element.replaceWith(...element.childNodes);
      continue;
    }
    for (const { name: attribute, value } of [...element.attributes]) {
      const unsafe =
        ['href', 'src'].includes(attribute) && !/^(?:https?:|mailto:|#|\/)/i.test(value);
      const alignment = attribute === 'style' && /^text-align:(?:left|right|center)$/.test(value);
      if ((attributes.has(attribute) && !unsafe) || alignment) continue;
      const chart = attribute === 'class' && value === 'language-mermaid';
      if (chart) continue;
      if (attribute !== 'class') removed.push(`${name}[${attribute}]`);
      element.removeAttribute(attribute);
    }
    if (open && name === 'details') element.open = true;
  }
  document.querySelector('article').append(...parsed.body.childNodes);
  return removed;
}
