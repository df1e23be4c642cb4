import { expand, type Variable } from './expand.js';
import {
  type FoundReference,
  type Origin,
  outcomeOf,
  type ReferenceKind,
  unresolved,
} from './found.js';
import type { Range } from './lines.js';
import { type Row, rowsOf } from './matrix.js';
import { imagesOfScript } from './run-line.js';
import type { Word } from './shell-words.js';
import {
  isMap,
  isScalar,
  locate,
  rangeOf,
  TooMuch,
  textOf,
  type Value,
  type YamlFile,
} from './yaml.js';

/** What an expression of a job or step can be resolved from. */
interface Scope {
  readonly kind: ReferenceKind;
  readonly file: YamlFile;
  readonly rows: readonly Row[];
  /** `env` maps, the innermost first. */
  readonly env: readonly Value[];
  readonly found: FoundReference[];
}

const DOCKER = 'docker://';

/**
 * The images of a workflow: `container`, `services`, steps that use `docker://`, and the `docker run` lines of scripts. Expressions are
 * resolved where the file has their values (`matrix`, `env`).
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
 * @throws TooMuch
 */
export function readWorkflow(file: YamlFile): readonly FoundReference[] {
  const found: FoundReference[] = [];
  for (const document of file.documents) {
    for (const { key: name, value: job } of file.entries(file.get(document, 'jobs'))) {
      const scope: Scope = {
        kind: 'workflow',
        file,
        rows: rowsOf(file.get(job, 'strategy', 'matrix'), file),
        env: maps(file.get(job, 'env'), file.get(document, 'env')),
        found,
      };
      readContainer(file.get(job, 'container'), `jobs.${name}.container`, scope);
      for (const { key, value } of file.entries(file.get(job, 'services'))) {
        readContainer(value, `jobs.${name}.services.${key}`, scope);
      }
      readSteps(file.get(job, 'steps'), `jobs.${name}.steps`, scope);
    }
  }
  return found;
}

/**
 * The images of an action's metadata: `docker://` in `runs.image`, and the steps of a composite action. A Dockerfile named there is found
 * by its own name.
 * https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax
 * @throws TooMuch
 */
export function readAction(file: YamlFile): readonly FoundReference[] {
  const found: FoundReference[] = [];
  for (const document of file.documents) {
    const scope: Scope = { kind: 'action', file, rows: [new Map()], env: [], found };
    readUses(file.get(document, 'runs', 'image'), 'runs.image', scope);
    readSteps(file.get(document, 'runs', 'steps'), 'runs.steps', scope);
  }
  return found;
}

const maps = (...values: readonly (Value | undefined)[]): readonly Value[] =>
  values.filter((value) => isMap(value));

function readContainer(container: Value | undefined, path: string, scope: Scope): void {
  const image = isMap(container) ? scope.file.get(container, 'image') : container;
  if (isScalar(image)) readText(image, path, scope);
}

function readSteps(steps: Value | undefined, path: string, scope: Scope): void {
  for (const [at, step] of scope.file.items(steps).entries()) {
    const name = textOf(scope.file.get(step, 'id')) ?? textOf(scope.file.get(step, 'name'));
    const place = `${path}.${name ?? `#${at}`}`;
    readUses(scope.file.get(step, 'uses'), `${place}.uses`, scope);
    const env = [...maps(scope.file.get(step, 'env')), ...scope.env];
    const shell = textOf(scope.file.get(step, 'shell')) ?? '';
    if (!OTHER_SHELLS.test(shell)) {
      readScript(scope.file.get(step, 'run'), `${place}.run`, { ...scope, env });
    }
  }
}

/** Languages whose scripts have no command lines. */
const OTHER_SHELLS = /^(?:python|node|perl|ruby|Rscript)/;

function readUses(uses: Value | undefined, path: string, scope: Scope): void {
  const raw = textOf(uses);
  if (uses === undefined || raw === undefined || !raw.startsWith(DOCKER)) return;
  const range = rangeOf(uses, scope.file);
  readEach(
    {
      raw: raw.slice(DOCKER.length),
      path,
      range: { ...range, column: range.column + DOCKER.length },
    },
    scope,
    (row) => resolve(raw.slice(DOCKER.length), row, scope),
  );
}

function readText(value: Value, path: string, scope: Scope): void {
  const raw = textOf(value);
  if (raw === undefined) return;
  readEach({ raw, path, range: rangeOf(value, scope.file) }, scope, (row) =>
    resolve(raw, row, scope),
  );
}

function readScript(run: Value | undefined, path: string, scope: Scope): void {
  const script = textOf(run);
  if (run === undefined || script === undefined) return;
  const assigned = new Set(
    [...script.matchAll(/(?:^|[\s;&|(])([A-Za-z_]\w*)\+?=/g)].map(([, name]) => name),
  );
  const place = placer(run, script, scope.file);
  for (const [at, { word, why }] of imagesOfScript(script).entries()) {
    const target = {
      raw: script.slice(word.start, word.end),
      path: `${path} #${at}`,
      range: place(word),
    };
    if (why !== undefined) add(target, { ok: false, why }, scope);
    else readEach(target, scope, (row) => resolveWord(word, row, assigned, scope));
  }
}

interface Target {
  readonly raw: string;
  readonly path: string;
  readonly range: Range;
}

type Resolved =
  | {
      readonly ok: true;
      readonly text: string;
      readonly origins: readonly Origin[];
      /** The values of the matrix that are in it. */
      readonly matrix: readonly Value[];
    }
  | { readonly ok: false; readonly why: string };

/** One reference for each different answer of the matrix's rows; one that a single value of the matrix chose stands at that value. */
function readEach(target: Target, scope: Scope, evaluate: (row: Row) => Resolved): void {
  const seen = new Set<string>();
  for (const row of scope.rows) {
    const resolved = evaluate(row);
    const key = resolved.ok ? `=${resolved.text}` : resolved.why;
    if (seen.has(key)) continue;
    const [value, ...more] = resolved.ok ? new Set(resolved.matrix) : [];
    const own = value !== undefined && more.length === 0 ? rangeOf(value, scope.file) : undefined;
    const path =
      resolved.ok && value !== undefined ? `${target.path} matrix #${seen.size}` : target.path;
    seen.add(key);
    add({ ...target, path, range: own ?? target.range }, resolved, scope);
  }
}

/** Images of one file; each is evaluated for up to 256 jobs of a matrix. */
const MAX_REFERENCES = 2_000;

function add(
  { raw, path, range }: Target,
  resolved: Resolved | { readonly ok: false; readonly why: string },
  { kind, found }: Scope,
): void {
  // An empty container or service is none: that is how a matrix switches it off.
  if (resolved.ok && resolved.text === '') return;
  if (found.length >= MAX_REFERENCES) {
    throw new TooMuch(`it names more than ${MAX_REFERENCES} images`);
  }
  found.push({
    kind,
    path,
    raw,
    range,
    origins: resolved.ok ? resolved.origins : [],
    outcome: resolved.ok ? outcomeOf(resolved.text) : unresolved(resolved.why),
  });
}

/** A text with its expressions replaced, as one job of the matrix sees it. */
function resolve(text: string, row: Row, scope: Scope, depth = 0): Resolved {
  let out = '';
  const origins: Origin[] = [];
  const matrix: Value[] = [];
  let at = 0;
  for (let open = text.indexOf('${{'); open !== -1; open = text.indexOf('${{', at)) {
    const close = text.indexOf('}}', open);
    if (close === -1) return { ok: false, why: 'a "${{" in it is not closed' };
    const expression = text.slice(open + 3, close).trim();
    const one = evaluate(expression, row, scope, depth);
    if (!one.ok) return one;
    out += text.slice(at, open) + one.text;
    if (out.length > MAX_TEXT) return { ok: false, why: 'with its expressions it is too long' };
    origins.push(...one.origins);
    matrix.push(...one.matrix);
    at = close + 2;
  }
  return { ok: true, text: out + text.slice(at), origins, matrix };
}

/** Longer than any image reference. */
const MAX_TEXT = 4096;
/** `env` values that use `env` values. */
const MAX_DEPTH = 5;
const CONTEXT = /^(matrix|env)\.([\w-]+(?:\.[\w-]+)*)$/;

function evaluate(expression: string, row: Row, scope: Scope, depth: number): Resolved {
  const [, context, path = ''] = CONTEXT.exec(expression) ?? [];
  const unknown: Resolved = {
    ok: false,
    why: `only the running workflow knows \${{ ${expression.slice(0, 80)} }}`,
  };
  if (context === 'env') return environment(path, row, scope, depth) ?? unknown;
  if (context !== 'matrix') return unknown;
  const [key = '', ...inner] = path.split('.');
  const value = row.get(key);
  const leaf = value === undefined ? undefined : scope.file.get(value, ...inner);
  // `container: ${{ matrix.container }}` may stand for the map of a container.
  const scalar = isMap(leaf) ? scope.file.get(leaf, 'image') : leaf;
  const text = isScalar(scalar) ? jobText(scalar) : undefined;
  if (text === undefined || !isScalar(scalar)) {
    // A row that `include` made may lack the key, which then is empty.
    return row.size > 0 && !row.has(key)
      ? { ok: true, text: '', origins: [], matrix: [] }
      : unknown;
  }
  if (text.includes('${{')) return unknown;
  return { ok: true, text, origins: [], matrix: [scalar] };
}

/** A scalar as an expression gives it: the number `12.10` is `12.1`. */
const jobText = (value: Value): string | undefined =>
  isScalar(value) && typeof value.value === 'number' ? String(value.value) : textOf(value);

function environment(name: string, row: Row, scope: Scope, depth: number): Resolved | undefined {
  if (depth >= MAX_DEPTH) return undefined;
  const value = scope.env.map((env) => scope.file.get(env, name)).find((one) => one !== undefined);
  const text = value === undefined ? undefined : jobText(value);
  if (value === undefined || text === undefined) return undefined;
  const resolved = resolve(text, row, scope, depth + 1);
  const origin = { range: rangeOf(value, scope.file), text };
  return resolved.ok ? { ...resolved, origins: [origin, ...resolved.origins] } : resolved;
}

/** A word of a script: its expressions first, as GitHub does before the shell sees the script, then the shell's variables. */
function resolveWord(
  word: Word,
  row: Row,
  assigned: ReadonlySet<string | undefined>,
  scope: Scope,
): Resolved {
  const first = resolve(word.text, row, scope);
  if (!first.ok) return first;
  const matrix: Value[] = [...first.matrix];
  const expanded = expand(first.text, {
    literal: '\\$',
    variable: (name): Variable => {
      const known = assigned.has(name) ? undefined : environment(name, row, scope, 0);
      if (known === undefined) return { dynamic: shellReason(name) };
      if (!known.ok) return { dynamic: known.why };
      matrix.push(...known.matrix);
      return { value: known.text, origins: known.origins };
    },
  });
  return expanded.ok
    ? { ok: true, text: expanded.text, origins: [...first.origins, ...expanded.origins], matrix }
    : expanded;
}

const shellReason = (name: string): string =>
  name.startsWith('__')
    ? 'it is the output of a command'
    : `the script's variable ${name} gets its value while the job runs`;

/** Places of words in a script's scalar: exact in a literal block, else found by their text, else the scalar itself. */
function placer(run: Value, script: string, file: YamlFile): (word: Word) => Range {
  const exact = locate(run, file);
  const whole = rangeOf(run, file);
  const [from = 0, to = 0] = run.range ?? [];
  let cursor: number | undefined = from;
  return ({ start, end }) => {
    const raw = script.slice(start, end);
    const quotes = /^(["']).*\1$/s.test(raw) && raw.length > 1 ? 1 : 0;
    const first = exact(start);
    if (first !== undefined) {
      // A word that nothing closes takes the line's end along, which a file may lack.
      const last = Math.min(exact(end) ?? first + raw.length, file.text.length);
      return file.lines.range(first + quotes, last - quotes);
    }
    if (cursor === undefined) return whole;
    const at = file.text.slice(cursor, to).indexOf(raw);
    cursor = at === -1 ? undefined : cursor + at + raw.length;
    return cursor === undefined
      ? whole
      : file.lines.range(cursor - raw.length + quotes, cursor - quotes);
  };
}
