import { dataOf } from '../evidence.js';
import { runtimesOf } from '../image-view.js';
import { known } from '../known.js';
import { defineImageRule, type ImageSide } from '../rule.js';
import { type CudaVersion, parseCudaVersion } from '../version.js';

/**
 * The image's tag names another CUDA version than anything in the image is of; or it moves (`latest`) and names none, so that the
 * next pull may bring another CUDA. A note: what is inside is what was judged.
 * Sources: tag rules of the publishers (`knowledge/images.json`): `cu118`, `cuda11.8`, `12.8.1-base-ubuntu22.04` of nvidia/cuda
 */
export const imageTagMisleading = defineImageRule({
  id: 'image-tag-misleading',
  severity: 'notice',
  checks: 'tag of the image',
  needs: ({ image, cuda }) => {
    const inside = cuda.known ? versionsInside(image, cuda.value) : NONE;
    return { inside: known(inside, 'image'), reference: known(image.facts.reference, 'image') };
  },
  test: ({ inside, reference }) => {
    if (reference === undefined || inside.length === 0) return undefined;
    const tag = tagIn(reference);
    const named = tag === undefined ? undefined : cudaInTag(tag.repository, tag.name);
    if (named === undefined ? !isMoving(tag) : inside.some((one) => agrees(named, one))) {
      return undefined;
    }
    const [cuda] = inside;
    const versions = [...new Set(inside.map(({ raw }) => raw))];
    return {
      details: () => ({
        data: dataOf({
          image: reference,
          cuda: cuda?.raw,
          text: named?.raw,
          notes: versions,
        }),
        evidence: [
          { what: 'tag of the image', value: tag?.name ?? 'latest', from: 'image reference' },
          {
            what: 'CUDA version in the image',
            value: versions.join(', '),
            from: 'image',
          },
        ],
      }),
    };
  },
});

const NONE: readonly CudaVersion[] = [];

/** Everything that has a CUDA version: the tag may mean any of it. */
const versionsInside = (image: ImageSide['image'], cuda: CudaVersion): readonly CudaVersion[] => [
  cuda,
  ...[image.facts.cuda, image.facts.env?.['CUDA_VERSION']].flatMap(
    (text) => parseCudaVersion(text ?? '') ?? [],
  ),
  ...image.frameworks.flatMap((one) => one.cuda ?? []),
  ...runtimesOf(image.facts),
];

interface Tag {
  readonly repository: string;
  readonly name: string;
}

/** The tag that a reference names; undefined with a digest, which pins what no tag can change. */
function tagIn(reference: string): Tag | undefined {
  if (reference.includes('@')) return undefined;
  const [, repository, name] = /^([^\s]+?)(?::([\w][\w.-]{0,127}))?$/.exec(reference) ?? [];
  return repository === undefined ? undefined : { repository, name: name ?? 'latest' };
}

const MOVING = /^(?:latest|nightly|main|master|edge|dev|stable)(?:-[a-z]+)*$/;

const isMoving = (tag: Tag | undefined): boolean => tag !== undefined && MOVING.test(tag.name);

/** `cu118`, `cu1281`, `cuda11.8`, `cuda-12`, `cuda121`; of NVIDIA's CUDA images, the number that the tag begins with. */
function cudaInTag(repository: string, tag: string): CudaVersion | undefined {
  if (/(?:^|\/)nvidia\/cuda$/.test(repository)) {
    const [, leading] = /^(\d+\.\d+(?:\.\d+)?)(?:-|$)/.exec(tag) ?? [];
    if (leading !== undefined) return plausible(leading);
  }
  const [, dotted] =
    /(?<![a-z0-9])cuda[-_.]?v?(\d{1,2}(?:\.\d{1,2}){0,2})(?![\d.])/i.exec(tag) ?? [];
  if (dotted !== undefined) return plausible(dotted);
  const [, major, minor, update] =
    /(?<![a-z0-9])cu(?:da[-_]?)?(\d{2})(\d)(\d)?(?!\d)/i.exec(tag) ?? [];
  if (major !== undefined) {
    return plausible([major, minor, update].filter((part) => part !== undefined).join('.'));
  }
  const [, alone] = /(?<![a-z0-9])cu(\d{2})(?!\d)/i.exec(tag) ?? [];
  return alone === undefined ? undefined : plausible(alone);
}

/** Other numbers than those of CUDA follow these letters, too. */
function plausible(text: string): CudaVersion | undefined {
  const cuda = parseCudaVersion(text);
  return cuda !== undefined && cuda.major >= 7 && cuda.major <= 29 ? cuda : undefined;
}

/** As far as the tag goes: `cuda12` agrees with every 12.x. */
const agrees = (named: CudaVersion, inside: CudaVersion): boolean =>
  named.major === inside.major &&
  (named.parts.length < 2 || inside.parts.length < 2 || named.minor === inside.minor);
