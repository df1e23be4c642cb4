import { mapBounded } from './bounded.js';
import type { Verdict } from './core/catalogue.js';
import { FACTS_SCHEMA } from './core/facts.js';
import { decide, type PolicyResult } from './core/policy.js';
import { hostOf, type RunnerProfile } from './core/profile.js';
import { canonical, type ImageReference } from './image/reference.js';
import type { JudgeChanges } from './job.js';
import type { RegistryPorts } from './registry/reader.js';
import { REPORT_SCHEMA, type Report } from './report/report.js';
import { counted } from './report/waived.js';
import { type WaiverFile, withWaivers } from './waiver-file.js';

export interface PredictRequest {
  readonly images: readonly ImageReference[];
  readonly profiles: readonly RunnerProfile[];
  /** The profiles have names that a reader knows: those of a fleet file. */
  readonly named: boolean;
  readonly concurrency: number;
  readonly failOn: readonly Verdict[];
  readonly waiverFile?: WaiverFile | undefined;
}

/** Images asked for at once: a registry takes more than an engine pulls. */
export const REGISTRY_CONCURRENCY = 16;

/**
 * Judges images from what their registries tell, for each kind of runner: no engine, no GPU, a few KB an image. The report has one
 * entry for each image and profile, images in the order of the request. An image that cannot be read does not lose the others.
 */
export async function predictImages(
  request: PredictRequest,
  ports: RegistryPorts,
): Promise<{ report: Report; exitCode: PolicyResult['exitCode'] }> {
  const [{ assess }, { createRegistryReader }] = await Promise.all([
    import(/* webpackIgnore: true */ './work.js'),
    import(/* webpackIgnore: true */ './registry.js'),
  ]);
  const reader = createRegistryReader(ports);
  // One object for each profile and image: what is parsed of them is kept with them.
  const hosts = request.profiles.map((profile) => ({ profile, host: hostOf(profile) }));
  const perImage = await mapBounded(request.images, request.concurrency, async (reference) => {
    const platforms = [...new Set(request.profiles.map(({ platform }) => platform))];
    const answers = new Map(
      await Promise.all(
        platforms.map(
          async (platform) => [platform, await reader.read(reference, platform)] as const,
        ),
      ),
    );
    return hosts.flatMap(({ profile, host }) => {
      const answer = answers.get(profile.platform);
      if (answer === undefined) return [];
      const { facts: image } = answer;
      return assess(
        { schema: FACTS_SCHEMA, host, image, ...(answer.ok ? {} : { failure: answer.failure }) },
        'prediction',
        request.named ? profile.name : undefined,
      );
    });
  });
  await reader.settled();
  const images = perImage.flat();
  const { requests, bytes } = reader.traffic;
  ports.progress(
    `${request.images.length} ${request.images.length === 1 ? 'image' : 'images'}: ${requests} requests, ${(bytes / 1024).toFixed(1)} KiB`,
  );
  const judged = await withWaivers(images, request.waiverFile);
  const policy = decide(judged.images.map(counted), request.failOn);
  const { aborted } = ports.signal;
  return {
    report: { schema: REPORT_SCHEMA, passed: policy.passed && !aborted, ...judged },
    exitCode: aborted ? 2 : policy.exitCode,
  };
}

/** Judges images before and after a change for each kind of runner, each image once. */
export function predictChanges(
  request: Omit<PredictRequest, 'images'>,
  ports: RegistryPorts,
): JudgeChanges {
  return async ({ after, before }) => {
    const images = [...new Map([...after, ...before].map((one) => [canonical(one), one])).values()];
    const { report } = await predictImages({ ...request, images, waiverFile: undefined }, ports);
    const each = request.profiles.length;
    return {
      judged: new Map(
        images.map((image, at) => [
          canonical(image),
          report.images
            .slice(at * each, (at + 1) * each)
            .map((judged) => ({ profile: judged.profile ?? 'the given runner', image: judged })),
        ]),
      ),
      cleanUp: async () => [],
    };
  };
}
