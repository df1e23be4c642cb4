import { isFrom, labelOf } from './environments.js';
import type { ImageFacts, ImageFramework, ProbeFacts, ProbeFramework } from './facts.js';
import type { Unchecked } from './finding.js';
import { PYTHON } from './framework-test.js';

/** What the probe's own test knows, by the names of its packages: see probe/frameworks.py. */
const TESTED_AS: ReadonlyMap<string, string> = new Map([
  ['torch', 'torch'],
  ['tensorflow', 'tensorflow'],
  ['tensorflow-gpu', 'tensorflow'],
  ['jax', 'jax'],
  ['cupy', 'cupy'],
  ['onnxruntime', 'onnxruntime'],
  ['onnxruntime-gpu', 'onnxruntime'],
  ['onnxruntime-training', 'onnxruntime'],
  ['paddlepaddle', 'paddle'],
  ['paddlepaddle-gpu', 'paddle'],
  ['triton', 'triton'],
  ['tensorrt', 'tensorrt'],
  ['flash-attn', 'flash_attn'],
  ['xformers', 'xformers'],
  ['bitsandbytes', 'bitsandbytes'],
  ['vllm', 'vllm'],
]);

const WHAT = "the frameworks' own tests";

/**
 * The frameworks in the image that a probe with GPUs did not test, and why. A build without CUDA has nothing to prove; of one that
 * no test exists for, nothing is said.
 */
export function untestedFrameworks(
  image: ImageFacts | undefined,
  probe: ProbeFacts | undefined,
): readonly Unchecked[] {
  if (probe?.started !== true) return [];
  const all = image?.frameworks ?? [];
  const tests = probe.frameworks ?? [];
  const ran = tests.filter(({ untested }) => untested !== true);
  const missed = all.filter((one) => one.cuda !== null && isTestable(one) && !has(ran, one, all));
  const rows: Unchecked[] = [];
  const take = (taken: readonly ImageFramework[], why: string) => {
    if (taken.length === 0) return;
    rows.push({ what: WHAT, why: `${[...new Set(taken.map(placedLabel))].join(', ')}: ${why}` });
    for (const one of taken) missed.splice(missed.indexOf(one), 1);
  };
  for (const { name, interpreter, packages } of tests) {
    if (name !== PYTHON || packages === undefined) continue;
    const its = missed.filter((one) => packages.includes(one.name));
    take(its, `${interpreter ?? 'their Python'} does not start`);
  }
  const late = tests.filter(({ untested }) => untested === true);
  take(
    missed.filter((one) => has(late, one, all)),
    'what is on PATH had used the time for tests',
  );
  take([...missed], reason(image, probe));
  return rows;
}

const isTestable = ({ name }: ImageFramework): boolean => TESTED_AS.has(name);

/** Whether one of the tests is this framework's: of several of that name, the one in the folder that the test imported from. */
function has(
  tests: readonly ProbeFramework[],
  framework: ImageFramework,
  all: readonly ImageFramework[],
): boolean {
  const name = TESTED_AS.get(framework.name);
  const named = all.filter((one) => TESTED_AS.get(one.name) === name);
  return tests.some((test) => {
    if (test.name !== name) return false;
    // An editable installation runs from elsewhere than its metadata lies.
    return isFrom(framework, test) || named.every((one) => !isFrom(one, test));
  });
}

/** With its folder where another of the name may be meant. */
const placedLabel = (one: ImageFramework): string =>
  one.onPath === false && one.path !== undefined ? `${labelOf(one)} in ${one.path}` : labelOf(one);

/** The test comes after all steps that use the driver, and only where those came to an end. */
function reason(image: ImageFacts | undefined, probe: ProbeFacts): string {
  const { init, gpus = [], frameworks = [], complete } = probe;
  if (init !== undefined && init.code !== 0) return 'CUDA did not come up in the container';
  if (gpus.some(({ kernel }) => kernel?.timedOut === true))
    return 'a GPU hangs, on which a test would hang as well';
  if (complete !== true) return 'the probe did not come to it';
  if (frameworks.some(({ name }) => name === PYTHON)) return 'a Python of the image does not start';
  return image?.files?.complete === true && (image.interpreters ?? []).length === 0
    ? 'the image has no Python to run it'
    : 'no Python that was found imports it';
}
