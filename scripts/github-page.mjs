// A Markdown file as GitHub's job page shows it, drawn in a headless browser: GFM, the site's allow-list of HTML, Mermaid with the site's
// settings. For scripts/render-summary.mjs and scripts/pages.mjs.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import MarkdownIt from 'markdown-it';

const CSS = readFileSync(new URL('./render-summary.css', import.meta.url), 'utf8');

/** HTML of the Markdown before the sanitiser, in the attributes that GitHub's renderer (cmark-gfm) uses: `align` and `lang`, no style and no class. */
function gfm() {
  const markdown = new MarkdownIt({ html: true, linkify: true, breaks: false });
  // GitHub looks for links by scheme, and in `www.` hosts.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true });
  const { rules } = markdown.renderer;
  for (const cell of ['th_open', 'td_open'])
    rules[cell] = (tokens, at, options, _env, self) => {
      const style = tokens[at].attrGet('style');
      if (style !== null) tokens[at].attrs = [['align', style.replace(/^text-align:/, '')]];
      return self.renderToken(tokens, at, options);
    };
  rules.fence = (tokens, at) => {
    const { info, content } = tokens[at];
    const lang = markdown.utils.escapeHtml(info.trim().split(/\s+/, 1)[0] ?? '');
    return `<pre${lang === '' ? '' : ` lang="${lang}"`}><code>${markdown.utils.escapeHtml(content)}</code></pre>\n`;
  };
  return markdown;
}

const MERMAID = createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js');

/**
 * Opens a tab that draws one Markdown file after the other: the library for charts weighs megabytes and is loaded once.
 * @param look `dark`, `width` and `height` of the window, `open`: every fold unfolded
 * @returns the tab, and `draw(markdown)`, which answers with what is wrong: what the sanitiser took away, charts that Mermaid did not draw,
 *   a page wider than its window
 */
export async function openJobPage(browser, { dark, width, height = 600, open = false }) {
  const tab = await browser.newPage({
    viewport: { width, height },
    deviceScaleFactor: 1,
    offline: true,
  });
  await tab.setContent(
    `<!doctype html><html lang="en" data-theme="${dark ? 'dark' : 'light'}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"><style>${CSS}</style></head>
<body><article class="markdown-body"></article></body></html>`,
  );
  const markdown = gfm();
  let loaded = false;
  const draw = async (text) => {
    const html = markdown.render(text);
    const { removed, charts } = await tab.evaluate(showSanitised, { html, open });
    if (charts > 0 && !loaded) {
      await loadMermaid(tab, dark);
      loaded = true;
    }
    const undrawn = charts === 0 ? [] : await tab.evaluate(drawCharts);
    const tooWide = await tab.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    return [
      ...(removed.length > 0 ? [`the sanitiser removed ${removed.join(', ')}`] : []),
      ...undrawn.map((problem) => `a chart that Mermaid did not draw: ${problem}`),
      ...(tooWide > 0 ? [`the page is ${tooWide} px wider than its window`] : []),
    ];
  };
  return { tab, draw };
}

/** Mermaid as the site sets it up: strict, in the theme of the page. */
async function loadMermaid(tab, dark) {
  await tab.addScriptTag({ content: readFileSync(MERMAID, 'utf8') });
  await tab.evaluate(
    (theme) =>
      globalThis.mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme }),
    dark ? 'dark' : 'default',
  );
}

/** Runs in the page. Draws its blocks of Mermaid; returns what went wrong. */
async function drawCharts() {
  const problems = [];
  // A chart in a closed fold has no size to be drawn in.
  const closed = [...document.querySelectorAll('details:not([open])')];
  for (const fold of closed) fold.open = true;
  for (const [at, block] of [...document.querySelectorAll('pre[lang=mermaid]')].entries()) {
    try {
      const { svg } = await globalThis.mermaid.render(`chart-${at}`, block.textContent);
      const drawn = document.createElement('div');
      drawn.className = 'chart';
      drawn.innerHTML = svg;
      block.replaceWith(drawn);
    } catch (error) {
      problems.push(String(error));
    }
  }
  for (const fold of closed) fold.open = false;
  return problems;
}

/**
 * Runs in the page. Keeps what GitHub's sanitiser keeps of HTML (the allow-list of html-pipeline's SanitizationFilter: no style, no class),
 * before anything of it takes the place of what the page showed. Returns what it took away, and how many charts are to be drawn.
 */
function showSanitised({ html, open }) {
  const words = (text) => new Set(text.trim().split(/\s+/));
  const kept =
    words(`a abbr b bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i
    img ins kbd li mark ol p picture pre q rp rt ruby s samp small source span strike strong sub summary sup table tbody td tfoot th thead
    time tr tt ul var wbr`);
  const dropped = words(
    'script style iframe object template svg math title textarea noembed noframes plaintext xmp',
  );
  const attributes =
    words(`abbr align alt border cellpadding cellspacing cite clear colspan datetime dir headers height hspace label lang
    longdesc open rowspan span start summary title type valign value vspace width`);
  const links = { a: 'href', img: 'src' };
  const removed = [];
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const element of [...parsed.head.children, ...parsed.body.querySelectorAll('*')]) {
    const name = element.localName;
    if (!kept.has(name)) {
      removed.push(`<${name}>`);
      if (dropped.has(name)) element.remove();
      else element.replaceWith(...element.childNodes);
      continue;
    }
    for (const { name: attribute, value } of [...element.attributes]) {
      const link = links[name] === attribute && /^(?:https?:|mailto:|#|\/)/i.test(value);
      if (link || attributes.has(attribute)) continue;
      removed.push(`${name}[${attribute}]`);
      element.removeAttribute(attribute);
    }
    if (open && name === 'details') element.open = true;
  }
  const article = document.querySelector('article');
  article.replaceChildren(...parsed.body.childNodes);
  return { removed, charts: article.querySelectorAll('pre[lang=mermaid]').length };
}
