import type { ImageFacts, ImageFramework, ProbeFacts } from './facts.js';
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

/**
 * The frameworks in the image that a probe with GPUs did not test, and why. A build without CUDA has nothing to prove; of one that
 * no test exists for, nothing is said.
 */
export function untestedFrameworks(
  image: ImageFacts | undefined,
  probe: ProbeFacts | undefined,
): readonly Unchecked[] {
  if (probe?.started !== true) return [];
  const tested = new Set((probe.frameworks ?? []).map(({ name }) => name));
  const missed = (image?.frameworks ?? []).filter((framework) => {
    const name = TESTED_AS.get(framework.name);
    return name !== undefined && !tested.has(name) && framework.cuda !== null;
  });
  if (missed.length === 0) return [];
  const names = [...new Set(missed.map(labelOf))].join(', ');
  return [{ what: "the frameworks' own tests", why: `${names}: ${reason(image, probe)}` }];
}

const labelOf = ({ name, version }: ImageFramework): string =>
  version === undefined ? name : `${name} ${version}`;

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
