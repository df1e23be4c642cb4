import { FACTS_SCHEMA, type Facts, type HostFacts, type ImageFacts } from './core/facts.js';
import type { GpuRequest } from './engine/engine.js';
import type { ImageReference } from './image/reference.js';
import type { Progress } from './platform/ports.js';
import type { RegistryReader } from './registry/reader.js';
import { type WaiverFile, withWaivers } from './waiver-file.js';

export interface ForetellPorts {
  readonly registry: () => Promise<Pick<RegistryReader, 'read'>>;
  readonly progress: Progress;
}

/** Options that change what the container stack reads of the image, and so what it would refuse. */
const CHANGES_REQUIREMENTS = /^(?:--env=|-e)?(?:NVIDIA|CUDA)_|^--runtime/;

/**
 * What the registry tells of an image that is not on the machine, where it is certain from that to fail there; undefined where it is
 * not, and where the registry does not answer: then the engine's own pull has the word.
 * @param host the machine, or in a scan the runner that the image is judged for
 */
export async function foretell(
  reference: ImageReference,
  request: {
    readonly gpus: GpuRequest | undefined;
    readonly containerOptions: readonly string[];
    readonly waiverFile?: WaiverFile | undefined;
  },
  host: HostFacts | undefined,
  { registry, progress }: ForetellPorts,
): Promise<ImageFacts | undefined> {
  if (
    host === undefined ||
    request.containerOptions.some((word) => CHANGES_REQUIREMENTS.test(word))
  )
    return undefined;
  const [{ assess, diagnose, isCertainFailure }, reader] = await Promise.all([
    import(/* webpackIgnore: true */ './work.js'),
    registry(),
  ]);
  progress(`${reference.raw}: asking the registry before the pull`, 'passing');
  const answer = await reader.read(reference, host.platform);
  if (!answer.ok) return undefined;
  const facts: Facts = { schema: FACTS_SCHEMA, host, image: answer.facts };
  const judgement = diagnose(facts, []);
  const all = request.gpus === undefined || request.gpus.kind === 'all';
  if (!isCertainFailure(judgement, all)) return undefined;
  // Whoever accepts this failure has accepted no other, and only the check itself finds those.
  const { images } = await withWaivers([assess(facts, 'prediction')], request.waiverFile);
  if (images.some(({ findings }) => findings.some(({ waived }) => waived !== undefined)))
    return undefined;
  progress(`${reference.raw}: certain to fail here, not pulled`);
  return answer.facts;
}
