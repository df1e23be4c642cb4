import { CATALOGUE } from './core/catalogue.js';
import { diagnose, ladder } from './core/diagnose.js';
import type { Facts, ImageFacts } from './core/facts.js';
import type { Finding, Judgement } from './core/finding.js';
import { parseReference, repository } from './image/reference.js';
import { recogniseFacts } from './recognise/recognise.js';
import { WORDS } from './report/messages/index.js';
import type { Basis, ImageReport, ReportedFinding } from './report/report.js';

const DOCS = 'https://github.com/cuda-image-check/cuda-image-check/blob/main/docs/findings';

const ELSEWHERE = {
  what: 'driver, GPUs and container toolkit of the machine that asked',
  why: 'the engine runs containers on another machine or in a virtual one: what the probe saw there counts instead',
};

/**
 * From facts to the image's part of the report: recognise, diagnose, put into words. Pure.
 * @param profile of the fleet file, where the host is one of those
 */
export function assess(facts: Facts, basis: Basis, profile?: string): ImageReport {
  const judged = diagnose(facts, recogniseFacts(facts));
  const judgement = facts.failure?.cancelled ? interrupted(judged) : judged;
  return {
    reference: facts.image?.reference ?? '(unnamed image)',
    ...(facts.image?.digest === undefined ? {} : { digest: facts.image.digest }),
    ...(profile === undefined ? {} : { profile }),
    verdict: judgement.verdict,
    basis,
    primary: judgement.primary,
    blame: judgement.primary === null ? null : CATALOGUE[judgement.primary].blame,
    findings: judgement.findings.map((finding) => inWords(finding, facts.image)),
    versions: ladder(facts),
    unchecked: [...(facts.host?.engine?.remote ? [ELSEWHERE] : []), ...judgement.unchecked],
    facts,
  };
}

/** Of a cancelled run only a proven failure counts: that nothing else was found says nothing. */
function interrupted(judgement: Judgement): Judgement {
  if (judgement.verdict === 'fails') return judgement;
  return {
    verdict: 'unknown',
    primary: null,
    findings: [],
    unchecked: [{ what: 'the image', why: 'the run was cancelled' }, ...judgement.unchecked],
  };
}

/**
 * A finding with its sentences, as the report and the explanation show it.
 * @param image what stands in the commands in place of IMAGE and REGISTRY
 */
export function inWords(finding: Finding, image?: ImageFacts): ReportedFinding {
  const message = WORDS[finding.id](finding);
  return {
    id: finding.id,
    severity: finding.severity,
    blame: CATALOGUE[finding.id].blame,
    title: message.title,
    why: message.why,
    fixes: message.fixes.map(filling(image)),
    evidence: [...finding.evidence],
    data: finding.data,
    docs: `${DOCS}/${finding.id}.md`,
  };
}

/** Puts the image, its repository and its registry where a command names them; a reference that is not a valid one stays out of commands. */
function filling(image: ImageFacts | undefined): (fix: string) => string {
  const parsed = image?.reference === undefined ? undefined : parseReference(image.reference);
  if (parsed?.ok !== true) return (fix) => fix;
  const { raw, domain } = parsed.reference;
  const pinned =
    image?.digest === undefined ? raw : `${repository(parsed.reference)}@${image.digest}`;
  // The address that Docker Hub answers at is not its name.
  const server = domain === 'docker.io' ? 'registry-1.docker.io' : domain;
  return (fix) =>
    fix
      .replace(/(?<=https:\/\/)REGISTRY(?=\/v2\/)/g, () => server)
      .replace(/(?<=\s)IMAGE@sha256:…/g, () => pinned)
      .replace(/(?<=\s)IMAGE(?=[\s`]|$)/g, () => raw)
      .replace(/(?<=docker:\/\/)REPOSITORY(?=[\s`]|$)/g, () => repository(parsed.reference))
      .replace(/(?<=[\s/])REGISTRY(?=[\s`/]|$)/g, () => domain);
}
