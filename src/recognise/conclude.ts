import { CATALOGUE, type FindingId, type Severity } from '../core/catalogue.js';
import type { Facts } from '../core/facts.js';
import type { Evidence, Finding, FindingData } from '../core/finding.js';
import { type Context, createContext, type Match } from './context.js';
import { DECISIONS } from './decisions.js';
import { RANK_ORDER } from './entry.js';

interface Candidate {
  readonly finding: FindingId;
  readonly rank: number;
  readonly line: number;
  readonly match: Match;
  readonly data: FindingData;
}

const CONSEQUENCE = RANK_ORDER.indexOf('consequence');
const HINT = RANK_ORDER.indexOf('hint');
const EVIDENCE_KEPT = 4;

/** From everything that matched to findings: ambiguous texts decided, root causes before consequences, one finding an id. */
export function conclude(matches: ReadonlyMap<string, Match>, facts: Facts | undefined): Finding[] {
  const context = createContext(matches, facts);
  const candidates = [...matches.values()]
    .flatMap((match) => candidate(match, context))
    .sort((a, b) => a.rank - b.rank || a.line - b.line);
  const causes = candidates.filter((each) => each.rank < CONSEQUENCE);
  return merge(causes.length > 0 ? causes : candidates, facts);
}

function candidate(match: Match, context: Context): Candidate[] {
  const { entry } = match;
  if (entry.rank === 'hint') return [];
  const outcome = entry.decide === undefined ? {} : DECISIONS[entry.decide](context, match);
  if (outcome === null) return [];
  const finding = outcome.finding ?? entry.finding;
  const rank = RANK_ORDER.indexOf(outcome.rank ?? entry.rank);
  if (finding === null || rank >= HINT) return [];
  const data = { ...match.data, ...outcome.data };
  return [{ finding, rank, line: match.lines[0]?.number ?? 0, match, data }];
}

function merge(candidates: readonly Candidate[], facts: Facts | undefined): Finding[] {
  const byId = new Map<FindingId, { data: FindingData; evidence: Evidence[] }>();
  for (const { finding, match, data } of candidates) {
    const known = byId.get(finding) ?? { data: {}, evidence: [] };
    known.data = { ...data, ...known.data };
    for (const line of match.lines) {
      const evidence = { what: `log line ${line.number}`, value: line.text, from: 'text' };
      if (known.evidence.every((other) => other.what !== evidence.what))
        known.evidence.push(evidence);
    }
    byId.set(finding, known);
  }
  return [...byId].map(([id, { data, evidence }]) => ({
    id,
    severity: severityOf(id),
    evidence: evidence.slice(0, EVIDENCE_KEPT),
    data: { ...fromFacts(facts), ...data },
  }));
}

const severityOf = (id: FindingId): Severity =>
  CATALOGUE[id].verdict === 'works' ? 'notice' : 'error';

/** Numbers and names of the runner and the image, so that the words of a finding can say them. */
function fromFacts(facts: Facts | undefined): FindingData {
  if (facts === undefined) return {};
  const { host, image } = facts;
  const gpus = host?.gpus?.flatMap((gpu, position) =>
    gpu.name === undefined
      ? []
      : [
          `${gpu.index ?? position}: ${gpu.name}${gpu.computeCapability === undefined ? '' : ` (${gpu.computeCapability})`}`,
        ],
  );
  return {
    ...(host?.driver?.version === undefined ? {} : { driver: host.driver.version }),
    ...(host?.driver?.cuda === undefined ? {} : { driverCuda: host.driver.cuda }),
    ...(image?.cuda === undefined ? {} : { cuda: image.cuda }),
    ...(gpus === undefined || gpus.length === 0 ? {} : { gpus }),
    ...(image?.reference === undefined ? {} : { image: image.reference }),
    ...(image?.platform === undefined ? {} : { platform: image.platform }),
    ...(host?.platform === undefined ? {} : { hostPlatform: host.platform }),
    ...(host?.engine?.name === undefined ? {} : { engine: host.engine.name }),
    ...(host?.containerToolkit?.version === undefined
      ? {}
      : { toolkit: host.containerToolkit.version }),
  };
}
