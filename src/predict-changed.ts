import type { JudgedOn } from './changed.js';
import { canonical } from './image/reference.js';
import type { JudgeChanges } from './job.js';
import { type PredictRequest, predictImages } from './predict-images.js';
import type { RegistryPorts } from './registry/reader.js';

/** The only machine there is, where options describe it. */
const GIVEN = 'the given runner';

/** Judges images before and after a change from what their registries tell, for each kind of runner: a few KB an image. */
export const predictChanged =
  (request: Omit<PredictRequest, 'images'>, ports: RegistryPorts): JudgeChanges =>
  async ({ after, before }) => {
    const images = [
      ...new Map([...after, ...before].map((image) => [canonical(image), image])).entries(),
    ];
    const { report } = await predictImages(
      { ...request, images: images.map(([, image]) => image), waiverFile: undefined },
      ports,
    );
    const { profiles } = request;
    const judgedOn = (at: number): JudgedOn[] =>
      report.images.slice(at * profiles.length, (at + 1) * profiles.length).map((image, index) => ({
        profile: request.named ? (profiles[index]?.name ?? '') : GIVEN,
        image,
      }));
    return {
      judged: new Map(images.map(([name], at) => [name, judgedOn(at)])),
      cleanUp: async () => [],
    };
  };
