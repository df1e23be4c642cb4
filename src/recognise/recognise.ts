import type { Facts } from '../core/facts.js';
import type { Finding } from '../core/finding.js';
import { withoutScannedGpus } from '../core/scan.js';
import { createRecogniser, createTables, type Tables } from './recogniser.js';
import { recogniseStep } from './steps.js';

/** Findings that a text shows, most likely cause first; empty when nothing in it is known. `facts` decide what the text alone leaves open. */
export function recognise(text: string, facts?: Facts, tables?: Tables): Finding[] {
  const recogniser = createRecogniser(facts, tables);
  recogniser.push(new TextEncoder().encode(text));
  return recogniser.end();
}

/** Everything that the texts inside a facts document show: the engine's failure text and the probe's and frameworks' errors. */
export function recogniseFacts(facts: Facts, given?: Tables): Finding[] {
  const texts = textsOf(facts);
  if (texts.length === 0) return [];
  const tables = given ?? createTables();
  const findings: Finding[] = [];
  for (const { from, text } of texts) {
    const step = from === ENGINE ? recogniseStep(facts) : [];
    for (const finding of step.length > 0 ? step : recognise(text, facts, tables)) {
      if (findings.some((other) => other.id === finding.id)) continue;
      findings.push({ ...finding, evidence: finding.evidence.map((each) => ({ ...each, from })) });
    }
  }
  return findings;
}

const ENGINE = 'engine';

interface Source {
  readonly from: string;
  readonly text: string;
}

/** In the order of what comes first in the life of a container, because the first failure causes the later ones. */
function textsOf(facts: Facts): Source[] {
  const { failure, probe } = withoutScannedGpus(facts);
  const sources: Source[] = [];
  const add = (from: string, text: string | null | undefined) => {
    if (text !== undefined && text !== null && text.trim() !== '') sources.push({ from, text });
  };
  add(ENGINE, failure?.text);
  add('probe libcuda', probe?.libcuda?.error);
  add('probe cuInit', probe?.init?.error);
  add('probe NVML', probe?.nvml?.error);
  add('probe libcudart', probe?.runtime?.error);
  for (const gpu of probe?.gpus ?? []) add(`probe GPU ${gpu.index}`, gpu.kernel?.error);
  for (const framework of probe?.frameworks ?? []) {
    add(framework.name, framework.error);
    for (const device of framework.devices ?? [])
      add(`${framework.name} GPU ${device.index}`, device.error);
  }
  return sources;
}
