// Cuts GitHub's published OpenAPI description to the calls that the action makes: `npm run derive:github-api -- FILE`, where FILE is
// `generated/api.github.com.json` of the package @octokit/openapi (MIT), which has 385 MB and is no dependency for that reason. What is left
// is what the tests hold every request and response against; text for readers and examples are left out.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CALLS = {
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}': ['patch', 'delete'],
  '/repos/{owner}/{repo}/check-runs': ['post'],
  '/repos/{owner}/{repo}/check-runs/{check_run_id}': ['patch'],
};
/** Error bodies that the description names for other calls only. */
const ALSO = ['#/components/schemas/basic-error'];
const NOT_CHECKED = new Set([
  'description',
  'summary',
  'example',
  'examples',
  'externalDocs',
  'tags',
]);

/** Maps of names to schemas, in which `description` is a property as any other. */
const NAMED = new Set(['properties', 'patternProperties', 'schemas']);

function bare(value, under) {
  if (Array.isArray(value)) return value.map((one) => bare(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => NAMED.has(under) || !(NOT_CHECKED.has(key) || key.startsWith('x-')))
      .map(([key, inner]) => [key, bare(inner, key)]),
  );
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('which file? See the first lines of this script');
const whole = JSON.parse(readFileSync(file, 'utf8'));
const at = (reference) =>
  reference
    .slice(2)
    .split('/')
    .reduce((inner, key) => inner[key], whole);

const components = {};
const take = (value) => {
  for (const [, reference] of JSON.stringify(value).matchAll(/"\$ref":"(#\/[^"]+)"/g))
    include(reference);
};
function include(reference) {
  const [, , kind, name] = reference.split('/');
  components[kind] ??= {};
  if (name in components[kind]) return;
  components[kind][name] = bare(at(reference));
  take(components[kind][name]);
}

const paths = Object.fromEntries(
  Object.entries(CALLS).map(([path, methods]) => [
    path,
    Object.fromEntries(methods.map((method) => [method, bare(whole.paths[path][method])])),
  ]),
);
take(paths);
for (const reference of ALSO) include(reference);

const cut = {
  openapi: whole.openapi,
  info: {
    title: `${whole.info.title}, cut to the calls of cuda-image-check`,
    version: whole.info.version,
    license: whole.info.license,
  },
  paths,
  components,
};
const target = join(fileURLToPath(import.meta.url), '../../__tests__/recorded/github-api.json');
writeFileSync(target, `${JSON.stringify(cut, null, 1)}\n`);
process.stdout.write(`${target}: ${JSON.stringify(cut).length} bytes\n`);
