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
    const [cuda] = inside;
    const tag = reference === undefined ? undefined : tagIn(reference);
    if (cuda === undefined || tag === undefined) return undefined;
    const named = cudaInTag(tag);
    if (named === undefined ? !MOVING.test(tag.name) : inside.some((one) => agrees(named, one))) {
      return undefined;
    }
    const versions = [...new Set(inside.map(({ raw }) => raw))];
    return {
      details: () => ({
        data: dataOf({
          image: reference,
          cuda: cuda.raw,
          text: named?.raw,
          notes: versions,
        }),
        evidence: [
          { what: 'tag of the image', value: tag.name, from: 'image reference' },
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
    (text) => parseCudaVersion(text) ?? [],
  ),
  ...image.frameworks.flatMap((one) => one.cuda ?? []),
  ...runtimesOf(image.facts),
];

interface Tag {
  readonly repository: string;
  readonly name: string;
}

/**
 * The tag that a reference names; undefined with a digest, which pins what no tag can change, for the id of a local image, and for
 * what is no reference at all: in facts that somebody wrote it is any text.
 */
function tagIn(reference: string): Tag | undefined {
  const match = IMAGE_ID.test(reference) ? null : REFERENCE.exec(reference);
  const repository = match?.[1];
  return repository === undefined ? undefined : { repository, name: match?.[2] ?? 'latest' };
}

/** What `docker images` prints, and what `image inspect` calls the content. */
const IMAGE_ID = /^(?:sha256:)?[0-9a-f]{7,64}$/;

/** Source: https://pkg.go.dev/github.com/distribution/reference */
const REFERENCE =
  /^((?:[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(\w[\w.-]{0,127}))?$/;

const MOVING = /^(?:latest|nightly|main|master|edge|dev|stable)(?:-[a-z]+)*$/;

/** `cu118`, `cu1281`, `cuda11.8`, `cuda-12`, `cuda121`; of NVIDIA's CUDA images, the number that the tag begins with. */
function cudaInTag({ repository, name }: Tag): CudaVersion | undefined {
  const leading = /(?:^|\/)nvidia\/cuda$/.test(repository)
    ? /^(\d+\.\d+(?:\.\d+)?)(?:-|$)/.exec(name)?.[1]
    : undefined;
  const dotted =
    leading ?? /(?<![a-z0-9])cuda[-_.]?v?(\d{1,2}(?:\.\d{1,2}){0,2})(?![\d.])/i.exec(name)?.[1];
  if (dotted !== undefined) return plausible(dotted);
  const digits = /(?<![a-z0-9])cu(?:da[-_]?)?(\d{2})(\d?)(\d?)(?!\d)/i.exec(name);
  return digits === null ? undefined : plausible(digits.slice(1).filter(Boolean).join('.'));
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
