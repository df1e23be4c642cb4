import { createKnowledge, type Knowledge } from '../knowledge/index.js';
import { CATALOGUE, type FindingId, type Severity } from './catalogue.js';
import { type WithoutBeside, withoutBeside } from './environments.js';
import { labels } from './evidence.js';
import type { Facts, ImageFacts, ProbeFacts } from './facts.js';
import type { Evidence, Finding, FindingData, Judgement, Unchecked } from './finding.js';
import type { GpuView } from './host-view.js';
import { type Ladder, ladderOf } from './ladder.js';
import { observe } from './observed.js';
import { hasStarted, type Refusal } from './requirement-gate.js';
import type { Details, Hit, Rule } from './rule.js';
import { EXPLAINS, RULES } from './rules/index.js';
import { isScan, withoutScannedGpus } from './scan.js';
import { createSituation, createViews, gpusOf, type Situation, type Views } from './situation.js';
import { createTables, type Tables } from './tables.js';
import { untestedFrameworks } from './untested.js';
import { verdictOf } from './verdict.js';

/** Judges pairs with one set of tables; hosts and images that come again are parsed once. */
export interface Engine {
  diagnose(facts: Facts, recognised: readonly Finding[]): Judgement;
  /** Both sides' versions and what would do, see `Ladder`. */
  ladder(facts: Facts): Ladder;
}

export function createEngine(knowledge: Knowledge): Engine {
  const tables = createTables(knowledge);
  const views = createViews(tables);
  const images = new WeakMap<ImageFacts, WithoutBeside>();
  const judged = (given: Facts) => {
    const facts = withoutScannedGpus(given);
    if (facts.image === undefined) return { facts, leftOut: [] };
    const known = images.get(facts.image);
    const { image, unchecked } = known ?? withoutBeside(facts.image);
    if (known === undefined) images.set(facts.image, { image, unchecked });
    const leftOut: readonly Unchecked[] = unchecked;
    return image === facts.image ? { facts, leftOut } : { facts: { ...facts, image }, leftOut };
  };
  return {
    diagnose: (given, recognised) => {
      const { facts, leftOut } = judged(given);
      return asked(judge(facts, believed(given, recognised), tables, views, leftOut), facts);
    },
    ladder: (given) => ladderOf(createSituation(judged(given).facts, views, tables)),
  };
}

const standardEngine = createEngine(createKnowledge());

/**
 * Judges one image on one runner from facts alone: pure, no clock, no IO.
 * @param recognised what was recognised in the texts of these facts (`src/recognise`), most likely first.
 */
export function diagnose(facts: Facts, recognised: readonly Finding[]): Judgement {
  return standardEngine.diagnose(facts, recognised);
}

/** What the image needs, what the runner's driver gives and what would do: pure, from facts and tables alone. */
export function ladder(facts: Facts): Ladder {
  return standardEngine.ladder(facts);
}

/**
 * Where it is recorded that GPUs were asked for, nobody forgot to: what should have injected them did not. Told last, so that
 * whatever explains the missing request explains the missing injection as well.
 */
function asked(judgement: Judgement, { probe }: Facts): Judgement {
  if (probe?.requestedGpus === undefined) return judgement;
  const { primary, findings } = judgement;
  if (!findings.some(({ id }) => id === 'gpu-not-requested')) return judgement;
  return {
    ...judgement,
    primary: primary === 'gpu-not-requested' ? 'container-toolkit-misconfigured' : primary,
    findings: findings.map((finding) =>
      finding.id === 'gpu-not-requested'
        ? {
            ...finding,
            id: 'container-toolkit-misconfigured',
            data: { ...finding.data, nothingInjected: true },
          }
        : finding,
    ),
  };
}

/** A finding on its way to the judgement. */
interface Candidate {
  readonly id: FindingId;
  readonly severity: Severity;
  /** Asked for only where the finding is shown, or tells what another one explains. */
  readonly details: () => Details;
  /** The GPUs concerned; absent: all. */
  readonly gpus: readonly GpuView[] | undefined;
  readonly source: 'text' | 'probe' | 'rule';
  /** Stands in the way of `works`. */
  readonly blocking: boolean;
}

/**
 * Nothing refused a container that ran, or that was started without GPUs: what sounds like a refusal is something that the image
 * printed.
 */
const believed = ({ probe }: Facts, recognised: readonly Finding[]): readonly Finding[] =>
  hasStarted(probe) || isScan(probe)
    ? recognised.filter(({ id }) => id !== 'requirement-unmet')
    : recognised;

function judge(
  facts: Facts,
  texts: readonly Finding[],
  tables: Tables,
  views: Views,
  leftOut: readonly Unchecked[],
): Judgement {
  const situation = createSituation(facts, views, tables, refusalIn(texts));
  const unchecked = [...outOfSight(situation), ...leftOut];
  const seen = [...fromTexts(situation, texts), ...fromProbe(situation)];
  const candidates = merge(seen, fromRules(situation, unchecked));
  const blocking = withPartial(
    candidates.filter((one) => one.blocking),
    situation,
  );
  const primary = leading(blocking, facts.probe);
  const bothKnown = situation.host.driver.known && situation.cuda.known;
  const verdict = verdictOf(primary?.id, bothKnown);
  const notes = candidates.filter((one) => !one.blocking);
  if (primary !== undefined) {
    const others = folded(blocking, primary);
    const rest = notes.filter(
      (one) => CATALOGUE[one.id].verdict !== 'works' || one.source !== 'rule' || BESIDE.has(one.id),
    );
    return judgement(verdict, primary.id, [primary, ...others, ...rest], unchecked);
  }
  const told = [...unchecked, ...leftOpen(situation)];
  if (verdict === 'unknown') {
    // What is wrong beside the image's main purpose is so on every runner.
    const warnings = notes.filter(({ severity }) => severity === 'warning');
    return judgement('unknown', null, warnings, told);
  }
  const lead = notes.find(({ id }) => CATALOGUE[id].verdict === 'works' && !BESIDE.has(id));
  const ordered = lead === undefined ? notes : [lead, ...notes.filter((one) => one !== lead)];
  return judgement(verdict, lead?.id ?? null, ordered, told);
}

function refusalIn(recognised: readonly Finding[]): Refusal | undefined {
  const refused = recognised.find(({ id }) => id === 'requirement-unmet');
  return refused && { clause: refused.data.clause };
}

/** Notes about something else than the pair: they never lead, and stand beside any verdict. */
const BESIDE: ReadonlySet<FindingId> = new Set(['image-tag-misleading']);

function judgement(
  verdict: Judgement['verdict'],
  primary: FindingId | null,
  candidates: readonly Candidate[],
  unchecked: readonly Unchecked[],
): Judgement {
  return { verdict, primary, findings: candidates.map(shown), unchecked: merged(unchecked) };
}

function shown({ id, severity, details }: Candidate): Finding {
  const { evidence, data } = details();
  return { id, severity, evidence, data };
}

function fromTexts(situation: Situation, recognised: readonly Finding[]): Candidate[] {
  const { facts } = situation;
  if (recognised.length > 0) {
    const failed = failedDevices(situation);
    return recognised.map((finding) => {
      if (failed === undefined || !OF_ONE_GPU.has(finding.id)) return candidateOf(finding, 'text');
      // A text speaks of the runner's GPUs as a whole.
      const data = { ...finding.data, gpus: labels([...failed]) };
      return { ...candidateOf({ ...finding, data }, 'text'), gpus: failed };
    });
  }
  if (facts.failure === undefined) return [];
  const { text, stage, exitCode } = facts.failure;
  const data: FindingData = {
    text,
    ...(stage === undefined ? {} : { step: stage }),
    ...(exitCode === undefined ? {} : { code: exitCode }),
  };
  const evidence = [{ what: 'failure', value: text, from: facts.failure.command ?? 'engine' }];
  return [candidateOf({ id: 'unrecognised', severity: 'error', evidence, data }, 'text')];
}

/** Causes that can differ from GPU to GPU, so that a text about one says nothing about the others. */
const OF_ONE_GPU: ReadonlySet<FindingId> = new Set(['no-kernel-for-gpu', 'ptx-too-new']);

/** The GPUs on which a framework failed while it computed on others; undefined when it made no difference. */
function failedDevices(situation: Situation): readonly GpuView[] | undefined {
  const { probe, seen } = situation;
  const devices = (probe?.frameworks ?? []).flatMap((framework) => framework.devices ?? []);
  const tested = new Set(devices.flatMap(({ index }) => situation.gpuInContainer(index) ?? []));
  const failed = gpusOf(situation).filter((gpu) => tested.has(gpu) && !seen.computedOn(gpu));
  return !seen.computed || failed.length === 0 ? undefined : failed;
}

const candidateOf = (finding: Finding, source: Candidate['source']): Candidate => ({
  id: finding.id,
  severity: finding.severity,
  details: () => finding,
  gpus: undefined,
  source,
  blocking: finding.severity !== 'warning' && CATALOGUE[finding.id].verdict !== 'works',
});

function fromProbe(situation: Situation): Candidate[] {
  return observe(situation).map(({ gpus, ...finding }) => ({
    ...candidateOf(finding, 'probe'),
    gpus,
  }));
}

function fromRules(situation: Situation, unchecked: Unchecked[]): Candidate[] {
  const found: Candidate[] = [];
  for (const rule of RULES) {
    const outcome = rule.run(situation);
    if (outcome.kind === 'hit') found.push(fromHit(rule, outcome.hit));
    if (outcome.kind !== 'unchecked') continue;
    for (const why of outcome.reasons) unchecked.push({ what: rule.checks, why });
  }
  return found;
}

function fromHit({ id, severity }: Rule, { details, gpus, overruledBy, warning }: Hit): Candidate {
  const told = warning === true ? 'warning' : severity;
  return {
    id,
    severity: overruledBy === undefined ? told : 'notice',
    details: overruledBy === undefined ? details : () => overruled(details(), overruledBy),
    gpus,
    source: 'rule',
    blocking: overruledBy === undefined && warning !== true && CATALOGUE[id].verdict !== 'works',
  };
}

const overruled = ({ data, evidence }: Details, overruledBy: string): Details => ({
  data: { ...data, overruledBy },
  evidence,
});

/** The same cause from several sources is one finding: the first leads, the others add what it does not have. */
function merge(seen: readonly Candidate[], fromTables: readonly Candidate[]): readonly Candidate[] {
  if (seen.length === 0) return fromTables;
  const byId = new Map<FindingId, Candidate>();
  for (const one of [...seen, ...fromTables]) {
    const first = byId.get(one.id);
    byId.set(one.id, first === undefined ? one : joined(first, one));
  }
  return [...byId.values()];
}

function joined(first: Candidate, second: Candidate): Candidate {
  // Something seen and a table that was overruled contradict each other no more: the seen one stands.
  const seen = first.blocking || !second.blocking ? first : second;
  const gpus = first.gpus ?? second.gpus;
  return {
    ...seen,
    gpus,
    details: () => {
      const one = first.details();
      const other = second.details();
      return {
        evidence: distinct([...one.evidence, ...other.evidence]),
        data: {
          ...other.data,
          ...one.data,
          ...(gpus === undefined || gpus.length === 0 ? {} : { gpus: labels([...gpus]) }),
        },
      };
    },
  };
}

/** A cause that holds on some GPUs only, while the others work, is led by `gpu-partly-covered`. */
function withPartial(blocking: readonly Candidate[], situation: Situation): readonly Candidate[] {
  const all = gpusOf(situation);
  if (all.length < 2 || blocking.length === 0) return blocking;
  if (blocking.some((one) => one.gpus === undefined || one.gpus.length === 0)) return blocking;
  const concerned = new Set(blocking.flatMap((one) => one.gpus ?? []));
  if (concerned.size >= all.length) return blocking;
  const working = all.filter((gpu) => !concerned.has(gpu));
  const finding: Finding = {
    id: 'gpu-partly-covered',
    severity: 'error',
    evidence: [
      ...[...concerned].map((gpu) => ofRules('GPU that cannot be used', gpu)),
      ...working.map((gpu) => ofRules('GPU that works', gpu)),
    ],
    data: {
      gpus: labels([...concerned]),
      notes: blocking.map((one) => one.id),
      device: working.map((gpu) => String(gpu.index)).join(','),
      seen: working.length,
      expected: all.length,
    },
  };
  return [candidateOf(finding, 'rule'), ...blocking];
}

const ofRules = (what: string, { label }: GpuView): Evidence => ({
  what,
  value: label,
  from: 'rules',
});

/** Signs that something failed without a cause of their own: a rule that explains the failure goes before them. */
const SIGNS: ReadonlySet<FindingId> = new Set([
  'unrecognised',
  'gpu-not-requested',
  'framework-cpu-fallback',
  'gpu-count-mismatch',
]);

/**
 * What was seen to fail leads, then the rules in their order; but a cause goes before what it explains. Where the engine
 * says that memory ran out, that is known from outside of the image, whose own words until then may be about anything.
 */
function leading(
  blocking: readonly Candidate[],
  probe: ProbeFacts | undefined,
): Candidate | undefined {
  const noise = probe?.outOfMemory === true ? 'text' : undefined;
  const partial = blocking.find((one) => one.id === 'gpu-partly-covered');
  const seen = blocking.find(
    ({ id, source }) => source !== 'rule' && source !== noise && !SIGNS.has(id),
  );
  const rule = blocking.find((one) => one.source === 'rule');
  const first = partial ?? seen ?? rule ?? blocking[0];
  if (first === undefined) return undefined;
  const cause = blocking.find((one) => explains(one, first));
  return cause ?? first;
}

/** An expression that is invalid by today's grammar is no sign of an old toolkit. */
const INVALID_EXPLAINS: readonly FindingId[] = ['container-toolkit-outdated'];

function explains(cause: Candidate, other: Candidate): boolean {
  const { id, details } = cause;
  if (EXPLAINS[id]?.includes(other.id)) return true;
  if (id !== 'requirement-unmet') return false;
  if (INVALID_EXPLAINS.includes(other.id)) return details().data.invalid === true;
  if (other.id !== 'driver-too-old') return false;
  // The driver that the requirement asks for is one that CUDA runs on as well.
  const { needsDriver, cudaNeedsDriver } = details().data;
  return needsDriver !== undefined && cudaNeedsDriver !== undefined;
}

function folded(blocking: readonly Candidate[], primary: Candidate): readonly Candidate[] {
  const others = blocking.filter((one) => one !== primary);
  return others.filter((one) => !blocking.some((cause) => explains(cause, one)));
}

/** What the check could not look at, whatever it found elsewhere. */
function outOfSight(situation: Situation): Unchecked[] {
  const unseen: Unchecked[] = [];
  if (situation.foreignHost) unseen.push({ what: 'facts of the host', why: FOREIGN_HOST });
  if (isMigTested(situation)) unseen.push({ what: 'instances of MIG', why: ONE_INSTANCE });
  unseen.push(...situation.image.unread);
  const { code, files } = situation.image;
  if (!code.known && files.length > 0)
    unseen.push({ what: 'device code against the GPU', why: code.why });
  unseen.push(...untestedFrameworks(situation.image.facts, situation.probe));
  return unseen;
}

const FOREIGN_HOST =
  'the container ran on another machine than the one that they were read on: driver and GPUs are those that the probe saw';

/** Source: https://docs.nvidia.com/datacenter/tesla/mig-user-guide/ (CUDA visible devices) */
const ONE_INSTANCE =
  'CUDA shows a process one instance of MIG only: that one was tested, the others were not';

function isMigTested(situation: Situation): boolean {
  const tested = situation.probe?.gpus ?? [];
  if (tested.length === 0) return false;
  const runner = situation.runnerGpus();
  return (
    tested.some((gpu) => gpu.mig === true || /^MIG-/i.test(gpu.uuid ?? '')) ||
    (runner.known && runner.value.some((gpu) => gpu.mig))
  );
}

/** What even a pair without any finding leaves open. */
function leftOpen(situation: Situation): readonly Unchecked[] {
  const services = situation
    .needs()
    .flatMap(({ service }) => (service.kind === 'unknown' ? [service.why] : []));
  return [
    ...services.map((why) => ({ what: 'driver against the CUDA version', why })),
    ...situation.coverages().flatMap(({ coverage, gpu }) =>
      coverage.kind === 'ptx-unjudged'
        ? [
            {
              what: 'PTX against the driver',
              why: `no table says whether this driver compiles PTX ISA ${coverage.isa}, all that there is for ${gpu.label}`,
            },
          ]
        : [],
    ),
    ...situation.coverages().flatMap(({ coverage, gpu, set }) =>
      set.partial === true && (coverage.kind === 'none' || coverage.kind === 'ptx-too-new')
        ? [
            {
              what: 'device code against the GPU',
              why: `what was read of ${set.owner} has nothing for ${gpu.label}, and it was not read whole`,
            },
          ]
        : [],
    ),
  ];
}

/** One row for each thing, with all its reasons: several rules check the same thing and miss different facts. */
function merged(items: readonly Unchecked[]): readonly Unchecked[] {
  const rows: { what: string; whys: string[] }[] = [];
  for (const { what, why } of items) {
    const row = rows.find((one) => one.what === what);
    if (row === undefined) rows.push({ what, whys: [why] });
    else if (!row.whys.includes(why)) row.whys.push(why);
  }
  return rows.map(({ what, whys }) => ({ what, why: whys.join('; ') }));
}

function distinct<T extends object>(items: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = JSON.stringify(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
