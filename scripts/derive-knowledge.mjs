/**
 * Derives `src/knowledge/*.json` from a folder of researched facts: `node scripts/derive-knowledge.mjs FACTS-FOLDER [OUT-FOLDER]`.
 * Only what a rule or a fix needs is kept. Each row keeps its source as an index into the file's `sources`, and each file its date.
 * docs/knowledge.md says how to add a release by hand.
 *
 * knowledge-additions.json beside this script holds the rows that were found after the research, or that mend it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [folder, out = path.join(import.meta.dirname, '..', 'src', 'knowledge')] =
  process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node scripts/derive-knowledge.mjs FACTS-FOLDER [OUT-FOLDER]\n');
  process.exit(2);
}

const read = (name) => JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));

const dateOf = (about) => /\d{4}-\d{2}-\d{2}/.exec(about.as_of ?? about.collected)[0];

/** Gives each distinct source one number, in order of first use. */
function sourceTable() {
  const sources = [];
  const numbers = new Map();
  const numberOf = (source) => {
    if (!numbers.has(source)) {
      numbers.set(source, sources.length);
      sources.push(source);
    }
    return numbers.get(source);
  };
  const cite = (source) => {
    const list = (Array.isArray(source) ? source : [source]).filter(Boolean);
    if (list.length === 0) throw new Error('a row without a source');
    return list.map(numberOf);
  };
  return { sources, cite };
}

const { additions } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'knowledge-additions.json'), 'utf8'),
);

/** Positive where the first version is the later one. */
function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  const at = left.findIndex((number, index) => number !== (right[index] ?? 0));
  return at < 0 ? 0 : left[at] - (right[at] ?? 0);
}

/** The rows of a table with what was added to it: in place of the row with the same key, or before the first with a later one. */
function withAdditions(file, table, rows, sources) {
  const all = [...rows];
  for (const { key, row, sources: own } of additions.filter(
    (one) => one.file === file && one.table === table,
  )) {
    if (own.length === 0) throw new Error(`an addition to ${file} without a source`);
    for (const source of own) if (!sources.includes(source)) sources.push(source);
    const s = own.map((source) => sources.indexOf(source));
    const at = all.findIndex((one) => key.every((name) => one[name] === row[name]));
    if (at >= 0) {
      all[at] = { ...row, s: [...all[at].s, ...s] };
      continue;
    }
    const later = all.findIndex((one) => compareVersions(one[key[0]], row[key[0]]) > 0);
    all.splice(later < 0 ? all.length : later, 0, { ...row, s });
  }
  return all;
}

/** One row a line: small, and a diff shows the row that changed. */
function write(name, asOf, sources, tables) {
  const lines = [`{ "asOf": ${JSON.stringify(asOf)},`];
  const added = Object.entries(tables).map(([key, rows]) => [
    key,
    Array.isArray(rows) ? withAdditions(name, key, rows, sources) : rows,
  ]);
  for (const [key, rows] of [...added, ['sources', sources]]) {
    const body = Array.isArray(rows)
      ? `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]`
      : JSON.stringify(rows);
    lines.push(`${JSON.stringify(key)}: ${body},`);
  }
  const last = lines.length - 1;
  lines[last] = lines[last].slice(0, -1);
  writeFileSync(path.join(out, `${name}.json`), `${lines.join('\n')}\n}\n`);
}

function toolkits() {
  const facts = read('cuda-toolkits');
  const { sources, cite } = sourceTable();
  write('toolkits', dateOf(facts._about), sources, {
    toolkits: facts.toolkits.map((row) => ({
      version: row.version,
      cuda: row.cuda,
      label: row.label,
      linux: row.linux_driver_min_full,
      windows: row.windows_driver_min_full,
      packaged: row.linux_driver_packaged,
      branch: row.corresponding_driver_branch,
      s: cite(row.source),
    })),
    minorVersion: facts.minor_version_compatibility.map((row) => ({
      major: row.cuda_major,
      linux: row.linux_driver_min,
      windows: row.windows_driver_min,
      s: cite(row.source),
    })),
    ptx: facts.ptx_isa_by_driver_branch.map((row) => ({
      cuda: row.cuda,
      isa: row.ptx_isa,
      branch: row.driver_branch,
      s: cite(row.source),
    })),
  });
}

function drivers() {
  const facts = read('driver-branches');
  const { sources, cite } = sourceTable();
  write('drivers', dateOf(facts._about), sources, {
    branches: facts.branches.map((row) => ({
      branch: row.branch,
      type: row.type,
      cuda: row.cuda_version_reported,
      // Branch 430 printed both 10.1 and 10.2: there only the driver itself can tell.
      sure: row.cuda_version_verified,
      first: row.first_known_linux_version,
      last: row.last_known_linux_version,
      status: row.status_2026_11,
      s: cite(row.source ?? row.sources),
    })),
    jetson: jetsonDrivers(facts.rules.find((rule) => rule.id === 'jetson')).map((row) => ({
      ...row,
      s: cite(facts.rules.find((rule) => rule.id === 'jetson').source),
    })),
  });
}

/** `Orin prints 540.4.0 with CUDA 12.6`: numbers of their own, apart from the branches of desktop and server drivers. */
const jetsonDrivers = (rule) =>
  [...rule.rule.matchAll(/prints (\d+)[\d.]* with CUDA (\d+\.\d+)/g)].map(([, branch, cuda]) => ({
    branch: Number(branch),
    cuda,
  }));

/** `12.0 and later` → the note about a target is not part of its name. */
const targetName = (text) => text.split(' ')[0].replace(',', '');

function gpus() {
  const facts = read('gpu-architectures');
  const { sources, cite } = sourceTable();
  write('gpus', dateOf(facts._about), sources, {
    architectures: facts.architectures.map((row) => ({
      cc: row.compute_capability,
      name: row.architecture,
      firstToolkit: row.first_toolkit,
      lastToolkit: row.last_toolkit,
      firstBranch: row.first_driver_branch,
      lastBranch: row.last_driver_branch,
      firstIsa: row.first_ptx_isa,
      open: openModules(row.open_kernel_modules),
      embedded: isEmbedded(row),
      targets: row.targets.map(targetName),
      s: cite(row.source),
    })),
    families: facts.family_compatibility.map((row) => ({
      target: row.sm,
      runsOn: row.runs_on,
      s: cite(row.source),
    })),
    names: facts.gpus.map((row) => ({
      name: row.name,
      cc: row.compute_capability,
      segment: row.segment,
      s: cite(row.source),
    })),
  });
}

/** What the host's kernel modules must be: the words of the table say more than the rule needs. */
function openModules(text) {
  if (text.startsWith('not supported')) return 'unsupported';
  if (text.startsWith('required') || text.startsWith('presumably required')) return 'required';
  return text.startsWith('supported') ? 'supported' : 'other';
}

const isEmbedded = (row) =>
  /Tegra|Jetson|Xavier|Orin|Thor|Embedded/i.test(
    [...row.chips, ...(row.example_gpus ?? []), row.note ?? ''].join(' '),
  ) && !['3.0', '3.5', '3.7'].includes(row.compute_capability);

function forwardCompatibility() {
  const facts = read('cuda-forward-compat');
  const { sources, cite } = sourceTable();
  const accepted = new Map();
  const accept = (cuda, branches, source) => {
    const row = accepted.get(cuda) ?? { branches: new Set(), sources: new Set() };
    for (const branch of branches) row.branches.add(branch);
    for (const number of cite(source)) row.sources.add(number);
    accepted.set(cuda, row);
  };
  for (const row of facts.packages) accept(row.cuda, row.supported_base_branches, row.source);
  const notes = facts.elf_notes.filter((row) => row.driver_branches !== null);
  for (const row of notes) accept(row.cuda, row.driver_branches, row.source);
  for (const row of facts.image_allowances) accept(row.cuda, row.branches, row.source);
  write('forward-compatibility', dateOf(facts._about), sources, {
    packages: [...accepted]
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .map(([cuda, row]) => ({
        cuda,
        branches: [...row.branches].sort((a, b) => a - b),
        s: [...row.sources].sort((a, b) => a - b).slice(0, 3),
      })),
    notes: notes.map((row) => ({
      library: row.library,
      cuda: row.cuda,
      branches: row.driver_branches,
      s: cite(row.source),
    })),
    classes: facts.gpu_classes.map((row) => ({
      class: row.class,
      entitled: row.entitled,
      s: cite(row.source),
    })),
  });
}

/** `0.3.3 ... 0.6.6` and `current jax[cuda12] (0.7.1 ... 0.10.x)` → the first release that a row speaks of. */
const firstRelease = (text) => /\d+(\.\d+)+/.exec(text)?.[0] ?? null;

function frameworks() {
  const torch = read('pytorch-builds');
  const others = read('framework-builds');
  const { sources, cite } = sourceTable();
  const minimum = new Map();
  for (const row of others.rows) {
    const capability = /^\d+\.\d+$/.exec(row.min_compute_capability ?? '')?.[0];
    if (capability === undefined || !MINIMUM_FOR_ALL_RELEASES.has(row.framework)) continue;
    minimum.set(row.framework, { name: row.framework, cc: capability, s: cite(row.source) });
  }
  write('frameworks', dateOf(others._about), sources, {
    torch: torch.rows.flatMap((row) =>
      row.variants.map((variant) => ({
        release: row.torch,
        patches: row.releases,
        variant: variant.variant,
        cuda: variant.cuda,
        default: variant.variant === row.pypi_default,
        sass: variant.sass,
        ptx: variant.ptx,
        cudnn: variant.cudnn,
        s: cite(variant.source ?? row.source),
      })),
    ),
    tensorflow: others.rows
      .filter((row) => row.framework === 'TensorFlow')
      .map((row) => ({
        release: row.version,
        cuda: row.cuda,
        cudnn: row.cudnn,
        sass: row.sass,
        ptx: row.ptx,
        sure: row.arch_verified,
        s: cite([row.arch_source, row.source].flat()),
      })),
    torchArm: [...torch._about.aarch64.text.matchAll(/(\d+\.[\dx]+) -> ((?:sm_\d+(?:, )?)+)/g)].map(
      ([, cuda, targets]) => ({
        since: /From (\d+\.\d+)/.exec(torch._about.aarch64.text)[1],
        cuda,
        sass: targets.split(', ').filter(Boolean),
        s: cite(torch._about.aarch64.source),
      }),
    ),
    // An ONNX Runtime build runs with any minor release of its CUDA major, so the major is enough.
    onnxruntime: others.rows
      .filter((row) => row.framework === 'ONNX Runtime GPU' && firstRelease(row.version) !== null)
      .filter((row) => !row.version.includes('recent'))
      .map((row) => ({
        release: row.version,
        cudaMajor: Number.parseInt(row.cuda, 10),
        cudnn: /^\d+(\.\d+)*/.exec(row.cudnn ?? '')?.[0] ?? null,
        s: cite(row.source),
      })),
    minimum: [...minimum.values()],
  });
}

/** Frameworks whose stated lowest compute capability holds for all releases of the data. */
const MINIMUM_FOR_ALL_RELEASES = new Set(['vLLM', 'flash-attn']);

function images() {
  const facts = read('images');
  const { sources, cite } = sourceTable();
  const rows = facts.rows.filter((row) => row.cuda !== null && !row.image.includes('<'));
  const repositories = new Map();
  for (const row of rows) {
    const colon = row.image.lastIndexOf(':');
    if (colon < 0) continue;
    const repository = row.image.slice(0, colon);
    const tags = repositories.get(repository) ?? [];
    const framework = row.framework_version ?? null;
    const base = requiredBase(row, repository);
    const tag = [row.image.slice(colon + 1), row.cuda, framework, cite(row.source)[0]];
    tags.push(base === undefined ? tag : [...tag, base]);
    repositories.set(repository, tags);
  }
  write('images', dateOf(facts._about), sources, {
    requirements: baseRequirements(cite),
    repositories: [...repositories].map(([repository, tags]) => ({ repository, tags })),
  });
}

const CUDA_IMAGES = new Set(['nvidia/cuda', 'nvcr.io/nvidia/cuda']);
const minorOf = (cuda) => cuda.split('.').slice(0, 2).join('.');

/** The CUDA version whose official base image a tag has its NVIDIA_REQUIRE_CUDA from; undefined where that is not known. */
function requiredBase({ cuda, nvidia_require_cuda_ref: ref }, repository) {
  if (ref !== undefined && ref !== null) return /\d+\.\d+/.exec(ref)[0];
  return CUDA_IMAGES.has(repository) ? minorOf(cuda) : undefined;
}

/** NVIDIA_REQUIRE_CUDA of the official x86_64 images, a row for each minor release: of its newest patch release the value that allows least. */
function baseRequirements(cite) {
  const rows = new Map();
  const newer = (a, b) => a.localeCompare(b, 'en', { numeric: true }) > 0;
  for (const row of read('nvidia-require').image_values) {
    if (!row.arch.includes('x86_64')) continue;
    const minor = minorOf(row.cuda_version);
    const best = rows.get(minor);
    const stricter =
      best === undefined ||
      newer(row.cuda_version, best.cuda_version) ||
      (row.cuda_version === best.cuda_version && row.value.length < best.value.length);
    if (stricter) rows.set(minor, row);
  }
  return [...rows].map(([cuda, row]) => ({
    cuda,
    brands: row.or_brands,
    branches: row.or_branches,
    others: row.other_or_terms,
    s: cite(row.source),
  }));
}

function resultCodes() {
  const facts = read('cuda-result-codes');
  const { sources, cite } = sourceTable();
  write('result-codes', dateOf(facts._about), sources, {
    driver: facts.codes.map((row) => ({
      code: row.code,
      name: row.curesult,
      meaning: row.meaning,
      s: cite(row.source),
    })),
    runtime: facts.runtime_only_codes.map((row) => ({
      code: row.code,
      name: row.cudaerror,
      meaning: row.meaning,
      s: cite(row.source),
    })),
  });
}

toolkits();
drivers();
gpus();
forwardCompatibility();
frameworks();
images();
resultCodes();
