import { CATALOGUE } from './core/catalogue.js';
import { diagnose, ladder } from './core/diagnose.js';
import type { Facts } from './core/facts.js';
import type { Finding, Judgement } from './core/finding.js';
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
    findings: judgement.findings.map(inWords),
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

/** A finding with its sentences, as the report and the explanation show it. */
export function inWords(finding: Finding): ReportedFinding {
  const message = WORDS[finding.id](finding);
  return {
    id: finding.id,
    severity: finding.severity,
    blame: CATALOGUE[finding.id].blame,
    title: message.title,
    why: message.why,
    fixes: [...message.fixes],
    evidence: [...finding.evidence],
    data: finding.data,
    docs: `${DOCS}/${finding.id}.md`,
  };
}
