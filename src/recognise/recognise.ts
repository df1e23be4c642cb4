import type { Facts, ProbeFramework } from '../core/facts.js';
import type { Finding, FindingData } from '../core/finding.js';
import { failedTests, isBeside, pythonEvidence } from '../core/framework-test.js';
import { withoutScannedGpus } from '../core/scan.js';
import { createRecogniser, sharedTables, type Tables } from './recogniser.js';
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
  const failed = failedTests(facts);
  if (texts.length === 0 && failed.length === 0) return [];
  const tables = given ?? sharedTables();
  const findings: Finding[] = [];
  const add = (finding: Finding): void => {
    const at = findings.findIndex((other) => other.id === finding.id);
    if (at < 0) findings.push(finding);
    // What leaves the image usable must not hide the same cause where it does not.
    else if (findings[at]?.severity === 'warning') findings[at] = finding;
  };
  for (const { from, text } of texts) {
    const step = from === ENGINE ? recogniseStep(facts) : [];
    const found = step.length > 0 ? step : recognise(text, facts, tables);
    for (const finding of found) add(heardFrom(from, finding));
  }
  for (const framework of failed) {
    for (const finding of recogniseFramework(framework, facts, tables)) add(finding);
  }
  return findings;
}

const heardFrom = (from: string, finding: Finding): Finding => ({
  ...finding,
  evidence: finding.evidence.map((each) => ({ ...each, from })),
});

/**
 * Why a framework's own test failed. What it warned of on the way is asked only when its errors say nothing: frameworks warn
 * of much that does no harm.
 */
function recogniseFramework(framework: ProbeFramework, facts: Facts, tables: Tables): Finding[] {
  const recogniseAll = (texts: readonly Source[]) =>
    texts.flatMap(({ from, text }) =>
      recognise(text, facts, tables).map((finding) => heardFrom(from, finding)),
    );
  const { name, version, warnings = [] } = framework;
  const errors = errorsOf(framework);
  const said = recogniseAll(errors);
  const found =
    said.length > 0 ? said : recogniseAll(warnings.map((text) => ({ from: name, text })));
  const data: FindingData = {
    framework: name,
    ...(version === undefined ? {} : { frameworkVersion: version }),
  };
  const all = found.length > 0 ? found : unknownFailure(framework, errors);
  return all.map((finding) => ({
    ...finding,
    evidence: [...finding.evidence, ...pythonEvidence(framework)],
    data: { ...data, ...finding.data },
    ...(isBeside(framework, facts) ? { severity: 'warning' as const } : {}),
  }));
}

function errorsOf({ name, error, devices = [], nccl }: ProbeFramework): Source[] {
  const texts: [string, string | null | undefined][] = [
    [name, error],
    ...devices.map((one): [string, string | null | undefined] => [
      `${name} GPU ${one.index}`,
      one.error,
    ]),
    [`${name} NCCL`, nccl?.error],
  ];
  return texts.flatMap(([from, text]) =>
    text !== undefined && text !== null && text.trim() !== '' ? [{ from, text }] : [],
  );
}

/** An error or a crash that no rule knows; one that hung or was killed is told as such by what was observed. */
function unknownFailure(framework: ProbeFramework, errors: readonly Source[]): Finding[] {
  const { name, signal, stage, warnings = [] } = framework;
  if (framework.timedOut === true || signal === 'SIGKILL') return [];
  const crash = signal === undefined ? [] : [...warnings, `${name} was ended by ${signal}`];
  const text = [...errors.map((one) => one.text), ...crash].join('\n');
  if (text === '') return [];
  const from = errors[0]?.from ?? name;
  return [
    {
      id: 'unrecognised',
      severity: 'error',
      evidence: [{ what: `test of ${name}`, value: text, from }],
      data: { text, ...(stage === undefined ? {} : { step: `${stage} of ${name}` }) },
    },
  ];
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
  return sources;
}
