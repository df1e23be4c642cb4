#!/usr/bin/env node
// Renders a Markdown file the way the job page shows it, for the eye: node scripts/render-summary.mjs FILE.md OUT.png [--dark] [--width N]
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import MarkdownIt from 'markdown-it';
import { chromium } from 'playwright-core';

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
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>${css}</style></head>
<body><article class="markdown-body"></article></body></html>`;

const browser = await chromium.launch({
  executablePath: browserPath(),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const tab = await browser.newPage({
    viewport: { width: Number(values.width), height: Number(values.height ?? 600) },
    deviceScaleFactor: 1,
    offline: true,
  });
  await tab.setContent(page);
  const html = markdown.render(readFileSync(source, 'utf8'));
  const removed = await tab.evaluate(showSanitised, { html, open: values.open });
  if (removed.length > 0) process.stderr.write(`the sanitiser removed: ${removed.join(', ')}\n`);
  await tab.screenshot({ path: target, fullPage: values.height === undefined });
} finally {
  await browser.close();
}

function browserPath() {
  const named = process.env['CHROMIUM'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const found = names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
  if (found === undefined)
    throw new Error('no Chromium on PATH: install one or name it in CHROMIUM');
  return found;
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
      if (attribute !== 'class') removed.push(`${name}[${attribute}]`);
      element.removeAttribute(attribute);
    }
    if (open && name === 'details') element.open = true;
  }
  document.querySelector('article').append(...parsed.body.childNodes);
  return removed;
}
