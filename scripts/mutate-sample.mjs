// Mutation score of src/core from a seeded sample: `npm run mutate:sample -- --sample 600 --seed 7`.
//
// The mutants are Stryker's own (its instrumenter makes them), and so is the way to switch one on. What differs is how tests run: Jest
// sets up every test file anew for each mutant, which takes hours here. This loads the compiled modules anew (so that no cache of one
// mutant reaches the next) and runs the tests that cover the mutant until one fails. Instrumenter, Babel and `expect` are those that
// Stryker, babel-jest and Jest bring.
//
// --sample N: so many mutants (all without it); --seed S: which ones; --only PART: of files whose path contains it;
// --minutes N: begin no more after that time and score those that were run, which is a sample too; --workers N (2);
// --timeout S: seconds until a mutant counts as timed out (60: a busy machine must not kill any); --json FILE.
import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runInThisContext, Script } from 'node:vm';

const self = fileURLToPath(import.meta.url);
const root = join(self, '..', '..');
const TESTS = ['core', 'knowledge', 'pairs'];
/** Data and types without behaviour of their own, as in stryker.config.json. */
const NOT_MUTATED = ['catalogue.ts', 'facts.ts', 'finding.ts'].map((name) => `src/core/${name}`);

const filesUnder = (folder, end) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((name) => name.endsWith(end))
    .sort();

/** Mulberry32, as the generator of pairs has it. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function sampled(items, size, seed) {
  const next = random(seed);
  const pool = [...items];
  for (let index = pool.length - 1; index > 0; index -= 1) {
    const other = Math.floor(next() * (index + 1));
    [pool[index], pool[other]] = [pool[other], pool[index]];
  }
  return pool.slice(0, size);
}

/** Instruments src/core and compiles it, what it needs and its tests to CommonJS: path -> code. */
async function compile() {
  const { Instrumenter } = await import('@stryker-mutator/instrumenter');
  const { default: babel } = await import('@babel/core');
  const quiet = () => false;
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet, isDebugEnabled: quiet };
  const read = (name) => readFileSync(join(root, name), 'utf8');
  const mutated = filesUnder('src/core', '.ts').filter((name) => !NOT_MUTATED.includes(name));
  const { files, mutants } = await new Instrumenter(logger).instrument(
    mutated.map((name) => ({ name, mutate: true, content: read(name) })),
    { plugins: null, ignorers: [], excludedMutations: [] },
  );
  const sources = new Map(files.map(({ name, content }) => [name, content]));
  for (const folder of ['src', '__tests__']) {
    for (const name of filesUnder(folder, '.ts'))
      if (!sources.has(name)) sources.set(name, read(name));
  }
  const code = {};
  for (const [name, source] of sources) {
    const out = babel.transformSync(source, {
      filename: join(root, name),
      babelrc: false,
      configFile: false,
      presets: [['@babel/preset-typescript', { onlyRemoveTypeImports: true }]],
      plugins: ['@babel/plugin-transform-modules-commonjs'],
    });
    code[name] = out.code;
  }
  return { code, mutants };
}

/**
 * Makes sessions: each loads test files, when asked for one, with modules of its own and returns their tests. Jest's `describe`, `it`
 * and `each` as far as these tests use them.
 */
function loader(code, expect) {
  const outside = createRequire(self);
  const scripts = new Map();
  const json = new Map();
  const script = (name) => {
    const known = scripts.get(name);
    if (known !== undefined) return known;
    const made = new Script(`(function (exports, require) {${code[name]}\n})`, { filename: name });
    scripts.set(name, made);
    return made;
  };
  return ({ named }) => {
    let tests = [];
    const names = [];
    const titled = (title, row) =>
      named ? `${title} ${JSON.stringify(row)?.slice(0, 80)}` : title;
    const each = (declare) => (rows) => (title, body) => {
      for (const row of rows)
        declare(titled(title, row), () => body(...(Array.isArray(row) ? row : [row])));
    };
    const describe = (name, body) => {
      names.push(name);
      body();
      names.pop();
    };
    const it = (name, body) => tests.push({ name: [...names, name].join(' > '), body });
    describe.each = each(describe);
    it.each = each(it);
    const jest = { describe, it, expect };
    const modules = new Map();
    const load = (name) => {
      const known = modules.get(name);
      if (known !== undefined) return known;
      if (name.endsWith('.json')) {
        if (!json.has(name))
          json.set(name, {
            __esModule: true,
            default: JSON.parse(readFileSync(join(root, name), 'utf8')),
          });
        return json.get(name);
      }
      const exports = {};
      modules.set(name, exports);
      script(name).runInThisContext()(exports, (wanted) => {
        if (wanted === '@jest/globals') return jest;
        if (!wanted.startsWith('.')) return outside(wanted);
        return load(join(dirname(name), wanted).replace(/\.js$/, '.ts'));
      });
      return exports;
    };
    const loaded = new Map();
    return (file) => {
      if (!loaded.has(file)) {
        tests = [];
        load(file);
        loaded.set(file, tests);
      }
      return loaded.get(file);
    };
  };
}

/** A process that runs mutants one after the other, as told by messages. */
async function worker() {
  const { expect } = await import('expect');
  const fc = createRequire(self)('fast-check');
  // As under Stryker: a property only has to fail, not to find the smallest example.
  fc.configureGlobal({ endOnFailure: true, numRuns: 25 });
  const { code, files, seconds } = JSON.parse(readFileSync(process.env.MUTATE_WORK, 'utf8'));
  const open = loader(code, expect);
  const stryker = { activeMutant: undefined, currentTestId: undefined, mutantCoverage: undefined };
  globalThis.__stryker__ = stryker;
  const passes = ({ body }) => {
    const result = body();
    if (typeof result?.then === 'function') throw new Error('a test that waits cannot run here');
  };
  // The limit of vm ends loops without end, which only run inside of it.
  const limited = (work) => {
    globalThis.__work = work;
    return runInThisContext('__work()', { timeout: seconds * 1000 });
  };

  const baseline = () => {
    stryker.mutantCoverage = { static: {}, perTest: {} };
    const testsOf = open({ named: true });
    const tests = files.flatMap((file) =>
      testsOf(file).map((test, place) => ({ ...test, file, place })),
    );
    const times = tests.map((test, index) => {
      stryker.currentTestId = String(index);
      const before = process.hrtime.bigint();
      try {
        passes(test);
      } catch (error) {
        throw new Error(`${test.name} fails without any mutant: ${error}`);
      }
      return Number(process.hrtime.bigint() - before) / 1e6;
    });
    const { static: atLoad, perTest } = stryker.mutantCoverage;
    stryker.currentTestId = undefined;
    return {
      names: tests.map(({ name }) => name),
      places: tests.map(({ file, place }) => [file, place]),
      times,
      atLoad: Object.keys(atLoad),
      covered: Object.values(perTest).map((ids) => Object.keys(ids)),
      order: Object.keys(perTest).map(Number),
    };
  };

  const run = ({ id, order }) => {
    stryker.activeMutant = id;
    let failed;
    try {
      limited(() => {
        const testsOf = open({ named: false });
        for (const [index, file, place] of order) {
          try {
            passes(testsOf(file)[place]);
          } catch (error) {
            if (error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
            failed = index;
            return;
          }
        }
      });
    } catch (error) {
      if (error?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      return { id, status: 'timeout' };
    }
    return failed === undefined ? { id, status: 'survived' } : { id, status: 'killed', by: failed };
  };

  process.on('message', (message) => {
    process.send(message.kind === 'baseline' ? baseline() : run(message));
  });
  process.send({ ready: true });
}

function start(work) {
  const child = fork(self, [], {
    env: { ...process.env, MUTATE_WORK: work },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const answer = () =>
    new Promise((resolve) => {
      const onMessage = (message) => {
        child.off('exit', onExit);
        resolve(message);
      };
      const onExit = () => {
        child.off('message', onMessage);
        resolve(undefined);
      };
      child.once('message', onMessage);
      child.once('exit', onExit);
    });
  const ready = answer();
  return {
    child,
    ask: async (message) => {
      await ready;
      const answered = answer();
      child.send(message);
      return answered;
    },
  };
}

/** Wilson's interval of 95 %, in per cent. */
function interval(hits, all) {
  const z = 1.96;
  const p = hits / all;
  const middle = (p + (z * z) / (2 * all)) / (1 + (z * z) / all);
  const half =
    (z * Math.sqrt((p * (1 - p)) / all + (z * z) / (4 * all * all))) / (1 + (z * z) / all);
  return [middle - half, middle + half].map((bound) => (bound * 100).toFixed(1));
}

async function main() {
  const { values } = parseArgs({
    options: {
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      minutes: { type: 'string', default: 'Infinity' },
      workers: { type: 'string', default: '2' },
      timeout: { type: 'string', default: '60' },
      json: { type: 'string' },
    },
  });
  const { code, mutants: every } = await compile();
  const files = TESTS.flatMap((folder) => filesUnder(`__tests__/${folder}`, '.test.ts'));
  const folder = mkdtempSync(join(tmpdir(), 'mutate-'));
  const work = join(folder, 'work.json');
  writeFileSync(work, JSON.stringify({ code, files, seconds: Number(values.timeout) }));
  try {
    const first = start(work);
    const base = await first.ask({ kind: 'baseline' });
    if (base === undefined) throw new Error('the tests do not pass without any mutant');
    const byMutant = new Map();
    base.covered.forEach((ids, place) => {
      for (const id of ids) {
        if (!byMutant.has(id)) byMutant.set(id, []);
        byMutant.get(id).push(base.order[place]);
      }
    });
    const atLoad = new Set(base.atLoad);
    const all = base.names.map((_, index) => index);
    const mutants = every.filter(({ fileName }) => fileName.includes(values.only));
    const chosen = sampled(mutants, Number(values.sample ?? mutants.length), Number(values.seed));
    process.stdout.write(
      `${base.names.length} tests, ${chosen.length} of ${mutants.length} mutants\n`,
    );
    const kills = new Map();
    // Tests that killed before go first, then the quick ones.
    const rank = (index) => base.times[index] / (1 + 20 * (kills.get(index) ?? 0));
    const orderOf = (id) =>
      [...(atLoad.has(id) ? all : (byMutant.get(id) ?? []))].sort((a, b) => rank(a) - rank(b));
    const results = [];
    const queue = [...chosen];
    const end = Date.now() + Number(values.minutes) * 60_000;
    const next = () => (Date.now() < end ? queue.shift() : undefined);
    const serve = async (given) => {
      let runner = given;
      for (let mutant = next(); mutant !== undefined; mutant = next()) {
        const order = orderOf(mutant.id);
        let result = { status: 'no coverage' };
        if (order.length > 0) {
          result = await runner.ask({
            kind: 'mutant',
            id: mutant.id,
            order: order.map((index) => [index, ...base.places[index]]),
          });
          if (result === undefined) {
            result = { status: 'crashed' };
            runner = start(work);
          }
        }
        if (result.by !== undefined) kills.set(result.by, (kills.get(result.by) ?? 0) + 1);
        results.push({ mutant, ...result });
        if (results.length % 50 === 0)
          process.stderr.write(`${results.length} of ${chosen.length}\n`);
      }
      runner.child.kill();
    };
    const more = Array.from({ length: Math.max(0, Number(values.workers) - 1) }, () => start(work));
    await Promise.all([first, ...more].map(serve));
    report(results, base.names, values.json);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(results, names, json) {
  const count = (...statuses) => results.filter(({ status }) => statuses.includes(status)).length;
  const detected = count('killed', 'timeout', 'crashed');
  const open = results
    .filter(({ status }) => status === 'survived' || status === 'no coverage')
    .map(({ mutant, status }) => {
      const { start, end } = mutant.location;
      const lines = readFileSync(join(root, mutant.fileName), 'utf8').split('\n');
      const original =
        start.line === end.line
          ? lines[start.line].slice(start.column, end.column)
          : `${lines[start.line].slice(start.column)} …`;
      return {
        where: `${relative('.', mutant.fileName)}:${start.line + 1}`,
        status,
        kind: mutant.mutatorName,
        original,
        replacement: mutant.replacement,
      };
    })
    .sort((a, b) => (a.where < b.where ? -1 : 1));
  for (const { where, status, kind, original, replacement } of open)
    process.stdout.write(
      `${status === 'survived' ? '' : `${status}: `}${where} ${kind}: ${original} -> ${replacement.replace(/\s+/g, ' ').slice(0, 100)}\n`,
    );
  const [low, high] = interval(detected, results.length);
  process.stdout.write(
    `killed ${count('killed')}, timed out ${count('timeout')}, crashed ${count('crashed')}, survived ${count('survived')}, no coverage ${count('no coverage')}\n` +
      `score ${((detected / results.length) * 100).toFixed(1)} % of ${results.length} (95 %: ${low} to ${high})\n`,
  );
  if (json !== undefined)
    writeFileSync(
      json,
      `${JSON.stringify({ open, killedBy: results.filter(({ by }) => by !== undefined).map(({ mutant, by }) => [mutant.id, names[by] ?? by]) }, null, 2)}\n`,
    );
}

await (process.send === undefined ? main() : worker());
