// Writes docs/findings/README.md from the catalogue; with --print it prints what the file should be.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const source = readFileSync(join(root, 'src/core/catalogue.ts'), 'utf8');

/** The rows of CATALOGUE, in order: the file holds nothing else of this shape. */
const rows = [
  ...source.matchAll(
    /^ {2}'?([a-z0-9-]+)'?: \{\s*blame: '(\w+)',\s*verdict: '(\w+)',\s*meaning:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"),?\s*\}/gm,
  ),
].map(([, id, blame, verdict, single, double]) => ({
  id,
  blame,
  verdict,
  meaning: (single ?? double ?? '').replaceAll(/\\(.)/g, '$1').replaceAll('|', '\\|'),
}));

const heading = {
  image: 'The image’s author has to act',
  runner: 'The machine’s owner has to act',
  pair: 'Either side can change: the image is fine elsewhere, the runner is fine with other images',
  registry: 'Neither: pull, login, network',
  workflow: 'How the container was asked for',
  none: 'Nobody yet',
};

const text = `# Findings

One page per cause. The id stands in the report, the outputs and the annotations, and never changes. \`fails\`: this image does not work on this runner.
\`unknown\`: nothing was proven about the pair, fix this first. \`works\`: a note on a pair that works.
${Object.entries(heading)
  .map(([blame, title]) => {
    const lines = rows
      .filter((row) => row.blame === blame)
      .map(({ id, verdict, meaning }) => `| [${id}](${id}.md) | ${verdict} | ${meaning} |`);
    return `\n## ${title}\n\n| finding | verdict | meaning |\n|---|---|---|\n${lines.join('\n')}\n`;
  })
  .join('')}`;

const file = join(root, 'docs/findings/README.md');
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(file, text);
